"""Alerts of one place: one goes on for all, and what is done to one is done to that one; on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from conversations.effects import AcknowledgeAlert, AddToAlert, OpenCase, PlaceAlert, RaiseAlert
from conversations.facts import AlertAt, AlertsSent, StandingAlert
from conversations.inputs import HAPPENED, Actor, AlertAcknowledged
from conversations.places.spot import Spot
from storage import facts
from storage.alert_work import stop_all_of
from storage.alerts import escalate, number_failed
from storage.due import has_alerts
from storage.facts.asker import Asker
from storage.scope import Scope
from storage.tables import Alert, Case, MessageRow, PendingInput
from storage.turns import hold
from storage.work import Again
from tests.storage.turn_rows import DUTY, EVA, NOON, OLA, opened_grid

FIRST, SECOND, THIRD = "a" * 36, "b" * 36, "c" * 36
MAST = Spot("masts 1042", "furunesveien 6700", (61.94038, 5.10436))
SCOPE = Scope("nordlys", frozenset(), Actor("caseworker", "kari", "token"), "Kari")


@pytest.fixture
def grid(store_place):
    with opened_grid(store_place) as grid:
        yield grid


def report(grid, alert, their, spot=MAST, into=None, text="FARE"):
    case = alert[0].upper() * 36
    raised = RaiseAlert(alert, case, f"471{'abc'.index(alert[0])}", (text,), DUTY, 300, spot, into)
    opened = () if grid.rows(Case, id=case) else (OpenCase(case, "danger", "IN", "reported", "danger"),)
    grid.do(*opened, raised, their=their)


def both(grid):
    report(grid, FIRST, EVA)
    report(grid, SECOND, OLA, into=FIRST, text="Meldt av 2")


def ask(grid, query, their=EVA):
    def job(work):
        held = hold(work, grid.front, their)
        assert held is not None
        return facts.answer(Asker(work, grid.front, held), query)

    return grid.write(job)


def texts(grid, to):
    return [row.text for row in grid.rows(MessageRow, their_address=to, direction="out")]


def acknowledge(grid, alert, number=DUTY[0]):
    grid.do(AcknowledgeAlert(alert, Actor("on_call", number, "on_call"), NOON), their=number)


def told(grid):
    inputs = [HAPPENED.validate_json(row.payload) for row in grid.rows(PendingInput)]
    return sorted(one.case_number for one in inputs if isinstance(one, AlertAcknowledged))


def standing(grid):
    return {row.id[0] for row in grid.rows(Alert) if row.acknowledged_at is None}


def test_a_further_report_is_told_to_those_alerted_and_rings_nobody_else(grid):
    both(grid)
    grid.clock.pass_time(minutes=5)
    assert grid.write(lambda work: escalate(work, grid.dice)) == [(FIRST, 2)]
    assert (texts(grid, DUTY[0]), texts(grid, DUTY[1])) == (["FARE", "Meldt av 2"], ["FARE"])
    with grid.store.read() as session:
        assert not has_alerts(session, grid.clock.now)
    grid.write(lambda work: number_failed(work, SECOND))
    assert grid.row(Alert, id=SECOND).step == 0


@pytest.mark.parametrize("alert", [FIRST, SECOND])
def test_an_acknowledgement_is_told_to_each_reporter(grid, alert):
    both(grid)
    acknowledge(grid, alert)
    acknowledge(grid, FIRST)
    assert told(grid) == ["IN-00000001", "IN-00000002"]
    assert standing(grid) == set()


def test_more_danger_by_any_reporter_raises_the_one_that_goes_on(grid):
    both(grid)
    acknowledge(grid, FIRST)
    grid.clock.pass_time(minutes=30)
    grid.do(AddToAlert(SECOND, ("Nå brenner det",), again=True), their=OLA)
    assert standing(grid) == {"a", "b"}
    assert grid.row(Alert, id=FIRST).next_at == grid.clock.now + timedelta(minutes=5)
    assert texts(grid, DUTY[0])[-1] == "Nå brenner det"


def test_many_reports_ring_three_times_a_minute(grid):
    report(grid, FIRST, EVA)
    for last in range(5):
        raised = RaiseAlert(str(last) * 36, "A" * 36, "4719", (f"nr {last}",), DUTY, 300, MAST, FIRST)
        grid.do(raised, their=f"+479002223{last}")
    assert texts(grid, DUTY[0]) == ["FARE", "nr 0", "nr 1"]


def test_the_place_turns_out_to_be_another(grid):
    both(grid)
    report(grid, SECOND, OLA, spot=None)
    assert (grid.row(Alert, id=SECOND).merged_into, grid.row(Alert, id=SECOND).thing) == (None, None)
    acknowledge(grid, FIRST)
    assert (told(grid), standing(grid)) == (["IN-00000001"], {"b"})


def test_the_word_of_one_that_was_merged_later_counts_as_well(grid):
    report(grid, FIRST, EVA)
    report(grid, SECOND, OLA, spot=None)
    report(grid, SECOND, OLA, into=FIRST)
    grid.do(their=DUTY[0])
    sent = {one.word: one.alert for one in ask(grid, AlertsSent(), DUTY[0])}
    assert sent == {"4710": FIRST, "4711": SECOND}
    acknowledge(grid, sent["4711"])
    assert (told(grid), standing(grid)) == (["IN-00000001", "IN-00000002"], set())


def test_the_one_that_goes_on_is_no_later_than_the_other_would_have_been(grid):
    report(grid, FIRST, EVA, spot=None)
    grid.clock.pass_time(minutes=4)
    report(grid, SECOND, OLA)
    report(grid, FIRST, EVA, into=SECOND)
    assert grid.row(Alert, id=SECOND).next_at == NOON + timedelta(minutes=5)
    report(grid, THIRD, "+4790011122", into=SECOND)
    assert grid.row(Alert, id=SECOND).next_at == NOON + timedelta(minutes=5)


def test_nothing_is_merged_into_an_alert_that_was_acknowledged_meanwhile(grid):
    report(grid, FIRST, EVA)
    acknowledge(grid, FIRST)
    with pytest.raises(Again):
        report(grid, SECOND, OLA, into=FIRST)
    assert [row.id for row in grid.rows(Case)] == ["A" * 36]


@pytest.mark.parametrize(
    ("spot", "is_there"),
    [
        (MAST, True),
        (Spot(thing="masts 1042"), True),
        (Spot(street="furunesveien 6700"), True),
        (Spot(point=(61.9390, 5.1045)), True),
        (Spot(point=(61.9385, 5.1045)), False),
        (Spot(street="furunesveien 6700", point=(61.9385, 5.1045)), False),
        (Spot(thing="masts 1043"), False),
        (Spot(street="furunesveien 6710"), False),
        (Spot(), False),
    ],
)
def test_the_alert_of_a_place(grid, spot, is_there):
    report(grid, FIRST, EVA)
    assert ask(grid, AlertAt(spot), EVA) == (StandingAlert(FIRST, "A" * 36, "4710", 1) if is_there else None)


def test_only_a_standing_alert_of_the_own_tenant_and_desk_is_there(grid):
    both(grid)
    assert ask(grid, AlertAt(MAST)) == StandingAlert(FIRST, "A" * 36, "4710", 2)
    assert ask(grid, AlertAt(MAST, FIRST)) is None
    front = grid.front
    grid.fronts = {("sms", front.address): replace(front, tenant="another")}
    assert ask(grid, AlertAt(MAST)) is None
    grid.fronts = {("sms", front.address): front}
    acknowledge(grid, FIRST)
    assert ask(grid, AlertAt(MAST)) is None
    assert ask(grid, AlertAt(MAST, SECOND)) == StandingAlert(FIRST, "A" * 36, "4710", 2)


def test_an_alert_follows_its_place(grid):
    report(grid, FIRST, EVA)
    grid.do(PlaceAlert(FIRST, Spot("masts 1190")))
    assert ask(grid, AlertAt(MAST)) is None
    grid.do(PlaceAlert(FIRST, None))
    assert ask(grid, AlertAt(Spot("masts 1190"))) is None


@pytest.mark.parametrize("order", ["AB", "BA"])
def test_the_alert_goes_on_until_the_last_case_of_its_place_is_closed(grid, order):
    both(grid)
    close(grid, order[0])
    assert "a" in standing(grid)
    close(grid, order[1])
    assert (standing(grid), told(grid)) == (set(), [])


def close(grid, letter):
    def job(work):
        with work.session() as session:
            case = session.get(Case, letter * 36)
            case.open = False
            session.add(case)
            session.flush()
            stop_all_of(work, session, SCOPE, grid.dice, grid.fronts, case)

    grid.write(job)
