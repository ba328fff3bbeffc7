"""Cases as caseworkers see them, on both databases: who sees what, and what a case shows."""

from dataclasses import replace

import pytest

from storage.attention import attention, find_message, one_message
from storage.case_views import Absent, Ambiguous, Filter, Named, find_case, list_cases, whole_case
from storage.scope import masked
from tests.storage.case_rows import THEIR_NUMBER, Rows, opened_store


@pytest.fixture
def rows(store_place):
    with opened_store(store_place) as store:
        yield Rows(store).begin()


def other_tenant(rows):
    return Rows(rows.store, tenant="fjern", desk="heat", our_number="+4759440999").begin()


def listed(rows, scope=None, **wanted):
    with rows.store.read() as session:
        return list_cases(scope or rows.scope(), session, Filter(**wanted))


def numbers(rows, scope=None, **wanted):
    return [case.number for case in listed(rows, scope, **wanted).cases]


def whole(rows, case, scope=None):
    with rows.store.read() as session:
        return whole_case(scope or rows.scope(), session, Named(case))


def waiting(rows, scope=None):
    with rows.store.read() as session:
        return attention(scope or rows.scope(), session, rows.store.now())


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("+4790012345", "+47*****345"),
        ("+46701", "+46701"),
        ("eva@post.no", "e***@post.no"),
        ("Posten", "Posten"),
        ("", ""),
    ],
)
def test_a_masked_address_shows_country_or_domain_and_little_more(address, shown):
    assert masked(address) == shown


def test_the_newest_case_is_listed_first_and_pages_follow_without_a_gap(rows):
    for _ in range(5):
        rows.case()
    first = listed(rows, limit=2)
    second = listed(rows, limit=2, after=first.next)
    third = listed(rows, limit=2, after=second.next)
    shown = [case.number for page in (first, second, third) for case in page.cases]
    assert shown == [f"IN-{n:08}" for n in (5, 4, 3, 2, 1)]
    assert third.next is None


def test_a_list_is_filtered(rows):
    rows.case(status="done", open=False)
    rows.case(status="received", desk="heat")
    assert numbers(rows, open=True) == ["IN-00000002"]
    assert numbers(rows, open=False) == ["IN-00000001"]
    assert numbers(rows, status="done") == ["IN-00000001"]
    assert numbers(rows, desk="heat") == ["IN-00000002"]
    assert numbers(rows, desk="heat", status="done") == []


@pytest.mark.parametrize(
    "words", ["Måløy", "MÅLØY", "måløy", "Ma\u030aløy", "100 %", "furunes_veien", "IN-00000001", "in-0"]
)
def test_words_are_found_in_number_and_answers_whatever_their_case(rows, words):
    case = rows.case()
    rows.value(case, "place", "Furunes_veien 12, Måløy, 100 % sikkert")
    rows.case(number="K-1")
    assert numbers(rows, q=words) == ["IN-00000001"]


def test_marks_of_a_pattern_are_ordinary_letters_in_a_search(rows):
    rows.value(rows.case(), "place", "Havnegata 4")
    assert numbers(rows, q="%%") == numbers(rows, q="H_v") == []


def test_nothing_of_another_tenant_or_desk_is_seen(rows):
    other = other_tenant(rows)
    theirs = other.case()
    message = other.message("Det lekker")
    other.alert(theirs)
    for scope in (rows.scope(), other.scope(desks=frozenset({"grid"}))):
        assert numbers(rows, scope) == []
        seen = waiting(rows, scope)
        assert (seen.alerts, seen.cases, seen.messages, seen.senders) == ((), (), (), ())
        with rows.store.read() as session:
            for named in (theirs, "IN-00000001"):
                with pytest.raises(Absent):
                    find_case(scope, session, Named(named))
            with pytest.raises(Absent):
                find_message(scope, session, message)
    assert numbers(rows, other.scope(desks=frozenset({"heat"}))) == ["IN-00000001"]


def test_a_number_that_two_desks_have_asks_for_the_desk(rows):
    rows.case(number="IN-1")
    theirs = rows.case(number="IN-1", desk="heat")
    with rows.store.read() as session:
        with pytest.raises(Ambiguous):
            find_case(rows.scope(), session, Named("IN-1"))
        assert find_case(rows.scope(), session, Named("IN-1", "heat")).id == theirs
        assert find_case(rows.scope(desks=frozenset({"heat"})), session, Named("IN-1")).id == theirs


def test_a_case_shows_all_that_belongs_to_it(rows):
    case = rows.case(attention="asked_for_a_person")
    rows.value(case, "hazard", "low_line", shown="Lav linje", words="lav")
    rows.value(case, "code_word", "sealed-id", shown="•••", words="•••", sealed=True)
    rows.party(case, "reporter", contact=rows.ids["contact"])
    rows.party(case, "on_site", name="Per", numbers="+4798765432")
    rows.customer_comment(case, "Nå gnistrer det")
    rows.delivery(rows.message("Takk", direction="out", disposition=None), "delivered")
    rows.alert(case)
    seen = whole(rows, "IN-00000001")
    assert seen == whole(rows, case)
    assert (seen.unread, seen.attention, seen.revision) == (1, "asked_for_a_person", 1)
    assert (seen.reporter.address, seen.reporter.name, seen.reporter.proved) == ("+47*****345", "Eva Hagen", True)
    assert {value.field: value.value for value in seen.values} == {"hazard": "low_line", "code_word": None}
    assert [(party.name, party.numbers) for party in seen.parties] == [("Eva Hagen", None), ("Per", "+47*****432")]
    assert [(one.text, one.evidence) for one in seen.comments] == [("Nå gnistrer det", "wrote")]
    assert [(one.text, [sent.state for sent in one.deliveries]) for one in seen.messages] == [
        ("Nå gnistrer det", []),
        ("Takk", ["delivered"]),
    ]
    assert [alert.acknowledged_at for alert in seen.alerts] == [None]


def test_full_numbers_are_shown_to_who_may_see_them(rows):
    case = rows.case()
    rows.party(case, "on_site", name="Per", numbers="+4798765432")
    rows.delivery(rows.message("Takk", direction="out", disposition=None), "sent")
    seen = whole(rows, case, rows.scope(full_numbers=True))
    assert seen.reporter.address == THEIR_NUMBER
    assert seen.parties[0].numbers == "+4798765432"
    assert THEIR_NUMBER not in repr(whole(rows, case))


def test_who_acknowledged_from_an_on_call_phone_is_masked_as_every_number_is(rows):
    case, now = rows.case(), rows.store.now()
    rows.alert(case, acknowledged_at=now, acknowledged_by="+4799990002")
    assert [one.acknowledged_by for one in whole(rows, case).alerts] == ["+47*****002"]
    assert [one.acknowledged_by for one in whole(rows, case, rows.scope(full_numbers=True)).alerts] == ["+4799990002"]


def test_attention_lists_what_waits_for_a_person_oldest_first(rows):
    quiet, loud = rows.case(), rows.case()
    now = rows.store.now()
    waits = rows.case(attention="asked_for_a_person", attention_at=now)
    rows.alert(quiet, acknowledged_at=now, acknowledged_by="somebody")
    alert = rows.alert(loud)
    for disposition in ("to_person", "failed"):
        rows.message(disposition, disposition=disposition)
    for calm in ("turn", "waiting", "late"):
        rows.message(calm, disposition=calm)
    rows.message("seen", disposition="to_person", handled_at=now)
    rows.hold_sender()
    seen = waiting(rows)
    assert [one.id for one in seen.alerts] == [alert]
    assert [one.id for one in seen.cases] == [waits]
    assert [one.text for one in seen.messages] == ["to_person", "failed"]
    assert [(one.address, one.held_because) for one in seen.senders] == [("+4759440000", "credentials")]
    assert not seen.more


def test_a_message_without_a_conversation_is_seen_by_who_sees_all_desks(rows):
    message = rows.message("Hvem er dette?", conversation=None, disposition="to_person")
    assert [one.id for one in waiting(rows).messages] == [message]
    assert not waiting(rows, rows.scope(desks=frozenset({"grid"}))).messages
    with rows.store.read() as session:
        assert one_message(rows.scope(), session, message).text == "Hvem er dette?"


def test_a_scope_without_full_numbers_is_what_one_gets(rows):
    assert replace(rows.scope()).full_numbers is False
