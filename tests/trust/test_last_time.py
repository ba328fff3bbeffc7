"""What somebody answered last time is told to that person alone: to no other number, nor to who only has this one."""

from datetime import timedelta

import pytest

from storage.tables import AddressHolder, CaseParty, CaseValue, Contact
from tests.trust.conftest import opened_gate

ASKED = "Hvilken referanse skal stå på fakturaen? Svar HOPP OVER hvis det ikke trengs."
OFFERED = f"{ASKED} Forrige gang: PO 4411. Svar 1 for samme."
ORDER = ("jeg vil bestille to nye lisenser", "Lisenser", "Revisor Hansen AS")


@pytest.fixture
def desk(store_place):
    with opened_gate(store_place, "software") as gate:
        yield gate


def ordered(desk, phone):
    """An order with a reference, sent by a number that is proved."""
    desk.prove(phone)
    desk.news(phone)
    asked(desk, phone)
    desk.say(phone, "PO 4411")
    desk.say(phone, "send")


def asked(desk, phone):
    """What a new order's question for the reference says."""
    texts = [desk.say(phone, body)[-1] for body in ORDER]
    return texts[-1]


def test_the_same_proved_number_is_offered_it(desk):
    phone = desk.phone()
    ordered(desk, phone)
    assert asked(desk, phone) == OFFERED
    desk.say(phone, "1")
    desk.say(phone, "send")
    newest = desk.cases(phone)[-1]
    [row] = desk.rows(CaseValue, case_id=newest.id, field="reference")
    assert (row.value, row.words, row.source, row.confirmed) == ('"PO 4411"', "PO 4411", "prefilled", True)


def test_another_number_never_is(desk):
    victim, other, unproved = desk.phone(), desk.phone(), desk.phone()
    ordered(desk, victim)
    desk.prove(other)
    desk.news(other)
    for phone in (other, unproved):
        assert asked(desk, phone) == ASKED
        for body in ("1", "samme som sist"):
            assert not any("4411" in text for text in desk.say(phone, body))
    assert not any("4411" in text for phone in (other, unproved) for text in desk.sent[phone])


def test_who_only_has_the_number_is_not_told(desk):
    victim = desk.phone()
    ordered(desk, victim)
    desk.say(victim, "logg ut")
    assert asked(desk, victim) == ASKED
    desk.say(victim, "1")
    desk.say(victim, "send")
    first, second = (desk.rows(CaseValue, case_id=case.id, field="reference") for case in desk.cases(victim))
    assert (first[0].value, second[0].value) == ('"PO 4411"', '"1"')


def test_trust_that_has_ended_with_its_time_tells_nothing(desk):
    victim = desk.phone()
    ordered(desk, victim)
    desk.clock.now += timedelta(days=91)
    assert asked(desk, victim) == ASKED


def test_the_next_person_who_has_the_number_is_not_told(desk):
    victim = desk.phone()
    ordered(desk, victim)
    desk.clock.now += timedelta(days=366)
    desk.prove(victim)
    desk.news(victim)
    assert asked(desk, victim) == ASKED


def test_of_several_who_hold_the_number_nobody_is_told(desk):
    victim = desk.phone()
    ordered(desk, victim)
    [held] = [row for row in desk.rows(AddressHolder) if row.contact in {one.contact for one in desk.rows(CaseParty)}]

    def moved_in(work):
        with work.session() as session:
            session.add(Contact(id="c" * 36, tenant=held.tenant, created_at=work.now))
            session.flush()
            again = held.model_dump() | {"id": "h" * 36, "contact": "c" * 36}
            session.add(AddressHolder(**again))

    desk.do(moved_in)
    assert asked(desk, victim) == ASKED
