"""What caseworkers do to cases, on both databases: each act with what it leaves behind, or nothing at all."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest
from sqlmodel import select

from conversations.inputs import HAPPENED, Commented, StatusChanged
from gateway.clock import system_clock
from storage import case_work
from storage.alert_work import acknowledge
from storage.case_views import Absent, Named, whole_case
from storage.case_work import Moved, NewComment, NewStatus, NoSuchStatus, UsedForAnother
from storage.tables import Audit, Case, Comment, Delivery, MessageRow, PendingInput
from storage.work import Store
from tests.storage.case_rows import DICE, KEYS, ON_CALL, Rows, create_tables, opened_store


@pytest.fixture
def rows(store_place):
    with opened_store(store_place) as store:
        yield Rows(store).begin()


def comment(rows, case, scope=None, desk=None, **new):
    wanted = replace(NewComment("Vi kommer", public=True), **new)
    return rows.store.write(
        lambda work: case_work.comment(work, scope or rows.scope(), DICE, Named(case, desk), wanted)
    ).result()


def change(rows, case, status, revision=1, scope=None):
    return rows.store.write(
        lambda work: case_work.change_status(
            work, scope or rows.scope(), DICE, rows.fronts(), Named(case), NewStatus(status, revision)
        )
    ).result()


def every(rows, table):
    with rows.store.read() as session:
        return list(session.exec(select(table).order_by(table.id)))


def told(rows):
    return [HAPPENED.validate_json(row.payload) for row in every(rows, PendingInput)]


def whole(rows, case):
    with rows.store.read() as session:
        return whole_case(rows.scope(), session, Named(case))


def test_a_public_comment_is_told_to_the_conversation_that_reported(rows):
    case = rows.case()
    made = comment(rows, "IN-00000001", text="Vi er på vei 🚗")
    assert told(rows) == [Commented(made.id, case, "IN-00000001", "Kari Lie", "Vi er på vei 🚗")]
    [row] = every(rows, PendingInput)
    assert (row.conversation, row.kind, row.about, row.due_at) == (
        rows.ids["conversation"],
        "commented",
        case,
        made.at,
    )
    [seen] = whole(rows, case).comments
    assert (seen.text, seen.public, seen.author_name, seen.evidence) == ("Vi er på vei 🚗", True, "Kari Lie", "token")


def test_an_internal_comment_is_told_to_nobody_and_answers_nothing(rows):
    case = rows.case(attention="asked_for_a_person")
    rows.customer_comment(case, "Hallo?")
    comment(rows, case, public=False)
    assert told(rows) == []
    assert (whole(rows, case).attention, whole(rows, case).unread) == ("asked_for_a_person", 1)


def test_a_public_comment_answers_what_waited(rows):
    case = rows.case(attention="asked_for_a_person", attention_at=rows.store.now())
    rows.customer_comment(case, "Hallo?")
    waited = rows.message("Hallo??", disposition="to_person")
    read = rows.message("Takk", disposition="turn")
    comment(rows, case)
    assert (whole(rows, case).attention, whole(rows, case).unread) == (None, 0)
    handled = {row.id: row.handled_at is not None for row in every(rows, MessageRow)}
    assert (handled[waited], handled[read]) == (True, False)


def test_every_act_is_audited_without_a_word_of_it(rows):
    case = rows.case()
    message = rows.message("Hallo?", disposition="to_person")
    comment(rows, case, text="Hemmelig")
    change(rows, case, "closed")
    rows.store.write(lambda work: case_work.handle_message(work, rows.scope(), DICE, message)).result()
    audits = every(rows, Audit)
    assert [(row.act, row.about, row.actor_kind, row.actor_id, row.evidence) for row in audits] == [
        (act, about, "caseworker", rows.ids["caseworker"], "token")
        for act, about in (("commented", case), ("status_changed", case))
    ]
    assert all("Hemmelig" not in (row.detail or "") and row.seal is None for row in audits)


def test_a_message_that_nobody_saw_to_is_handled_once(rows):
    message = rows.message("Hallo?", disposition="to_person")
    first, second = (
        rows.store.write(lambda work: case_work.handle_message(work, rows.scope(), DICE, message)).result()
        for _ in range(2)
    )
    assert first.handled_at == second.handled_at is not None
    assert [(row.act, row.about) for row in every(rows, Audit)] == [("message_handled", message)]


def test_the_same_key_makes_one_comment_even_at_once(rows):
    case = rows.case()
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: comment(rows, case, key="my-key"), range(8)))
    assert len({one.id for one in made}) == 1
    assert len(every(rows, Comment)) == len(told(rows)) == len(every(rows, Audit)) == 1


@pytest.mark.parametrize("other", [{"text": "Noe annet"}, {"public": False}])
def test_a_key_used_for_another_comment_is_refused(rows, other):
    case = rows.case()
    comment(rows, case, key="my-key")
    with pytest.raises(UsedForAnother):
        comment(rows, case, key="my-key", **other)
    with pytest.raises(UsedForAnother):
        comment(rows, rows.case(), key="my-key")
    assert len(every(rows, Comment)) == 1


def test_a_key_belongs_to_its_caseworker(rows):
    case = rows.case()
    other = Rows(rows.store, tenant="fjern", desk="heat", our_number="+4759440999").begin()
    first, second = comment(rows, case, key="k"), comment(other, other.case(), key="k")
    assert first.id != second.id


def test_a_repeated_key_is_answered_although_the_case_has_moved_on(rows):
    case = rows.case()
    made = comment(rows, case, key="k", revision=1)
    change(rows, case, "in_progress")
    assert comment(rows, case, key="k", revision=1).id == made.id


def test_a_status_is_told_where_the_desk_says_so(rows):
    case = rows.case()
    seen = change(rows, case, "in_progress")
    assert (seen.status, seen.open, seen.revision) == ("in_progress", True, 2)
    assert told(rows) == [StatusChanged(case, "IN-00000001", "in_progress")]


def test_a_silent_status_is_told_to_nobody(rows):
    change(rows, rows.case(), "reported")
    assert told(rows) == []


def test_closing_and_opening_again_reach_the_conversation_even_where_silent(rows):
    case = rows.case(status="in_progress", attention="new_comment")
    closed = change(rows, case, "closed")
    assert (closed.open, closed.closed_at is None, closed.attention) == (False, False, None)
    opened = change(rows, case, "reported", revision=2)
    assert (opened.open, opened.closed_at) == (True, None)
    assert [one.status for one in told(rows)] == ["closed", "reported"]


def test_the_status_it_has_already_is_no_change_and_no_conflict(rows):
    case = rows.case(revision=7)
    assert change(rows, case, "received", revision=3).revision == 7
    assert told(rows) == every(rows, Audit) == []


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda rows, case: change(rows, case, "closed", revision=4), Moved),
        (lambda rows, case: comment(rows, case, revision=4), Moved),
        (lambda rows, case: change(rows, case, "burnt", revision=5), NoSuchStatus),
        (lambda rows, case: change(rows, rows.case(desk="gone"), "closed"), NoSuchStatus),
        (lambda rows, case: change(rows, case, "closed", scope=rows.scope(tenant="fjern")), Absent),
        (lambda rows, case: comment(rows, case, scope=rows.scope(tenant="fjern")), Absent),
        (lambda rows, case: comment(rows, case, scope=rows.scope(desks=frozenset({"heat"}))), Absent),
        (lambda rows, case: comment(rows, case, desk="heat"), Absent),
        (lambda rows, case: comment(rows, "IN-9"), Absent),
    ],
)
def test_an_act_that_is_refused_changes_nothing(rows, act, error):
    case = rows.case(revision=5, attention="new_comment")
    with pytest.raises(error):
        act(rows, case)
    assert told(rows) == every(rows, Audit) == every(rows, Comment) == []
    assert every(rows, Case)[0].model_dump()["revision"] == 5
    assert whole(rows, case).attention == "new_comment"


def test_a_conflict_tells_the_present_revision(rows):
    with pytest.raises(Moved) as conflict:
        change(rows, rows.case(revision=5), "closed", revision=4)
    assert conflict.value.revision == 5


def test_of_many_who_change_one_revision_one_does(rows):
    case = rows.case()

    def one(status):
        try:
            return change(rows, case, status).status
        except Moved:
            return None

    with ThreadPoolExecutor(6) as threads:
        done = [status for status in threads.map(one, ["in_progress", "reported", "closed"] * 2) if status]
    assert len(set(done)) == 1
    assert whole(rows, case).revision == 2


def test_the_detail_of_an_audit_is_json(rows):
    comment(rows, rows.case())
    [row] = every(rows, Audit)
    assert json.loads(row.detail)["public"] is True


def test_an_alert_is_acknowledged_once_and_all_who_wait_for_it_are_told(rows):
    case = rows.case()
    alert = rows.alert(case)
    with ThreadPoolExecutor(4) as threads:
        seen = list(threads.map(lambda _: acknowledged(rows, alert), range(4)))
    assert {(one.acknowledged_by, one.next_at) for one in seen} == {(rows.ids["caseworker"], None)}
    assert [(one.kind, one.case_number) for one in told(rows)] == [("alert_acknowledged", "IN-00000001")]
    sent = [(row.recipient, row.delivery_class) for row in every(rows, Delivery)]
    assert sent == [(number, 2) for number in ON_CALL]
    assert {row.text for row in every(rows, MessageRow)} == {"IN-00000001 er kvittert av en annen på vakt."}
    assert [(row.act, row.about) for row in every(rows, Audit)] == [("alert_acknowledged", alert)]


def test_an_alert_of_another_scope_is_absent(rows):
    alert = rows.alert(rows.case())
    for scope in (rows.scope(tenant="fjern"), rows.scope(desks=frozenset({"heat"}))):
        with pytest.raises(Absent):
            acknowledged(rows, alert, scope)
    assert told(rows) == []


def test_closing_a_case_stops_its_alerts_without_telling_the_reporter_that_they_were_seen(rows):
    case = rows.case(urgency="danger")
    rows.alert(case)
    closed = change(rows, case, "closed")
    assert [one.acknowledged_by for one in closed.alerts] == [rows.ids["caseworker"]]
    assert [one.kind for one in told(rows)] == ["status_changed"]
    assert [row.recipient for row in every(rows, Delivery)] == list(ON_CALL)
    assert [row.act for row in every(rows, Audit)] == ["alert_acknowledged", "status_changed"]


def acknowledged(rows, alert, scope=None):
    return rows.store.write(lambda work: acknowledge(work, scope or rows.scope(), DICE, rows.fronts(), alert)).result()


@pytest.fixture
def two(store_place):
    """The same rows by two processes' stores."""
    url = store_place.create(create_tables)
    stores = [Store(url, KEYS, system_clock) for _ in range(2)]
    rows = Rows(stores[0]).begin()
    yield [replace(rows, store=store) for store in stores]
    for store in stores:
        store.close()
    store_place.drop(url)


def both(two, act):
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(act, two))


def test_the_same_key_in_two_processes_makes_one_comment(two):
    for round_ in range(12):
        case = two[0].case()
        first, second = both(two, partial(comment, case=case, key=f"key {round_}"))
        assert first.id == second.id
    assert len(every(two[0], Comment)) == len(told(two[0])) == 12


def test_of_two_processes_that_move_a_case_on_one_does(two):
    def move(rows, case):
        try:
            return change(rows, case, "in_progress" if rows is two[0] else "done").status
        except Moved:
            return None

    for _ in range(12):
        case = two[0].case()
        assert both(two, partial(move, case=case)).count(None) == 1
        assert whole(two[0], case).revision == 2
