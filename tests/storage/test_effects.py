"""Each effect of a turn, and the rows that it becomes; read by a Session on both databases."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast, get_args
from zoneinfo import ZoneInfo

import pytest

from conversations.effects import (
    AcceptCode,
    AcknowledgeAlert,
    AddComment,
    AddToAlert,
    ChangeStatus,
    DeliveryClass,
    Effect,
    EndTrust,
    HandOver,
    LeaveDraft,
    OpenCase,
    OptIn,
    OptOut,
    ParkDraft,
    RaiseAlert,
    ReadComments,
    Say,
    SendCode,
    SetTimer,
    SetValues,
)
from conversations.inputs import HAPPENED, Actor, AlertAcknowledged, DangerUnanswered, GivenBack
from conversations.state import Answer, Asked, Draft, Source, State, thaw_draft
from conversations.text import Mark
from storage.apply import EFFECTS
from storage.outgoing import last_moment
from storage.parts import thaw_parts
from storage.scene import Held
from storage.tables import (
    Address,
    AddressHolder,
    Alert,
    AlertSent,
    Audit,
    Case,
    CaseParty,
    CaseValue,
    Challenge,
    Comment,
    Conversation,
    Counter,
    Delivery,
    DraftRow,
    MessageRow,
    OptedOut,
    PendingInput,
)
from storage.turns import hold, keep_draft
from storage.work import Again
from tests.storage.turn_rows import DUTY, EVA, GRID, NOON, OLA, opened_grid

CASE, ALERT, CHALLENGE = (letter * 36 for letter in "cal")
OPENED = OpenCase(CASE, "danger", "IN", "reported", "danger")
NUMBER = Mark("case_number", CASE)
RAISED = RaiseAlert(ALERT, CASE, "4711", ("FARE ", NUMBER, ". Svar 4711."), DUTY, 300)


@pytest.fixture
def grid(store_place):
    with opened_grid(store_place) as grid:
        yield grid


def acts(grid):
    return [(row.act, row.about) for row in grid.rows(Audit)]


def say(grid, *text, **more):
    return Say(grid.dice.new_id(), text or ("Takk.",), **more)


def texts(grid, to):
    return [row.text for row in grid.rows(MessageRow, their_address=to, direction="out")]


def recorded(grid, text="hei"):
    """A message of Eva's on record, as comments refer to it."""
    received = grid.receive(text)
    return received.message


def test_every_effect_has_its_rows():
    assert set(EFFECTS) == set(get_args(Effect))


def test_a_case_is_numbered_from_its_series(grid):
    grid.do(OPENED, replace(OPENED, case="d" * 36), replace(OPENED, case="e" * 36, form="general", series="K"))
    assert [row.number for row in grid.rows(Case)] == ["IN-00000001", "IN-00000002", "K-001"]
    assert {row.series: row.last for row in grid.rows(Counter)}["IN"] == 2
    case = grid.row(Case, id=CASE)
    held = grid.row(Conversation)
    assert (case.form, case.status, case.urgency, case.open, case.revision) == ("danger", "reported", "danger", True, 1)
    assert (case.conversation, case.address, case.epoch, case.desk_version) == (held.id, held.address, 1, 1)
    assert (case.opened_at, case.sent_at, case.closed_at) == (NOON, None, None)
    assert grid.row(Case, number="K-001").sent_at == NOON
    assert [act for act, _ in acts(grid)] == ["case_opened", "case_opened", "case_opened", "case_sent"]
    assert {row.actor_id for row in grid.rows(Audit)} == {held.address}


def test_a_number_is_given_back_where_the_turn_is_undone(grid):
    with pytest.raises(LookupError):
        grid.do(OPENED, SetValues(CASE, {"x": Answer(1, "1", NOON, source=cast("Source", "nobody"))}, {}))
    grid.do(OPENED)
    assert grid.row(Case).number == "IN-00000001"


def test_a_desk_without_that_series_names_the_case_by_its_id(grid):
    grid.do(replace(OPENED, series=""))
    assert grid.row(Case).number == CASE[-8:].upper()


def test_the_number_stands_in_the_text(grid):
    answer = say(grid, "Sak ", NUMBER, " er meldt.")
    grid.do(OPENED, answer)
    assert grid.row(MessageRow).text == "Sak IN-00000001 er meldt."
    assert grid.row(MessageRow).parts is None
    grid.do(say(grid, "Mer om ", NUMBER))
    assert texts(grid, EVA)[-1] == "Mer om IN-00000001"


def test_a_mark_that_nobody_can_fill_is_a_fault(grid):
    for text in (("Sak ", Mark("case_number", "none")), ("Se ", Mark("page_link", "none"))):
        with pytest.raises(ValueError, match="mark"):
            grid.do(say(grid, *text))
    assert grid.rows(MessageRow) == []


@pytest.mark.parametrize(
    ("delivery_class", "hours"),
    [(DeliveryClass.DANGER, None), (DeliveryClass.ANSWER, 6), (DeliveryClass.COMMENT, 72), (DeliveryClass.REMINDER, 7)],
)
def test_an_answer_is_of_use_for_as_long_as_its_class_says(grid, delivery_class, hours):
    grid.do(say(grid, delivery_class=delivery_class))
    delivery = grid.row(Delivery)
    assert delivery.last_moment == (None if hours is None else NOON + timedelta(hours=hours))
    assert delivery.delivery_class == delivery_class


@pytest.mark.parametrize(("hour", "day"), [(6, 22), (18, 22), (19, 23), (21, 23)])
def test_a_reminder_is_of_use_until_reminders_stop_for_the_day(hour, day):
    now, oslo = datetime(2026, 11, 22, hour, 30, tzinfo=UTC), ZoneInfo("Europe/Oslo")
    assert last_moment(DeliveryClass.REMINDER, now, oslo) == datetime(2026, 11, day, 20, tzinfo=oslo)


@pytest.mark.parametrize("withheld", ["brake", "opted_out", "no_return_address"])
def test_a_withheld_answer_is_kept_and_not_sent(grid, withheld):
    assert not grid.do(say(grid, withheld=withheld))
    delivery = grid.row(Delivery)
    assert (delivery.state, delivery.failure, delivery.settled_at) == ("withheld", withheld, NOON)
    assert grid.row(MessageRow).reason == withheld


def asked(message):
    return State(asked=Asked("field:where", message, NOON))


def replaced(grid, first, second, state=None):
    """Whether the second answer took the first one's place."""
    grid.do(first, state=asked(first.message))
    grid.do(second, state=state or asked(second.message))
    return [row.state for row in grid.rows(Delivery)] == ["replaced", "due"]


def test_an_answer_takes_the_place_of_one_that_waits(grid):
    assert replaced(grid, say(grid, replaceable=True), say(grid, replaces=True))
    assert grid.row(Conversation).asked_delivery == grid.rows(Delivery)[1].id


def test_one_that_may_not_be_replaced_is_sent(grid):
    assert not replaced(grid, say(grid), say(grid, replaces=True))


def test_one_that_replaces_nothing_is_sent_beside_it(grid):
    assert not replaced(grid, say(grid, replaceable=True), say(grid))


def test_one_that_is_withheld_takes_no_place(grid):
    second = say(grid, replaces=True, withheld="brake")
    assert not replaced(grid, say(grid, replaceable=True), second)


def test_a_question_that_still_stands_is_not_replaced(grid):
    first = say(grid, replaceable=True)
    assert not replaced(grid, first, say(grid, replaces=True), asked(first.message))
    assert grid.row(Conversation).asked_delivery == grid.rows(Delivery)[0].id


def test_a_question_under_a_digression_is_replaced_as_it_will_be_put_again(grid):
    first, second = say(grid, replaceable=True), say(grid, replaces=True)
    state = State(asked=asked(first.message).asked, digression=Asked("cases", second.message, NOON))
    assert replaced(grid, first, second, state)


def test_one_that_was_claimed_is_not_replaced(grid):
    first = say(grid, replaceable=True)
    grid.do(first, state=asked(first.message))
    grid.write(lambda work: work.cursor.execute("UPDATE delivery SET claimed_at = created_at"))
    grid.do(say(grid, replaces=True))
    assert [row.state for row in grid.rows(Delivery)] == ["due", "due"]


def test_answers_are_written_on_the_case_each_over_its_last(grid):
    answer = Answer({"place": "Måløy"}, "i Måløy", NOON, "m1", "said", confirmed=True)
    grid.do(OPENED, SetValues(CASE, {"where": answer}, {"where": "Måløy"}))
    grid.do(SetValues(CASE, {"where": replace(answer, value=None, source="default", sealed=True)}, {}))
    row = grid.row(CaseValue)
    assert (json.loads(row.value), row.shown, row.words, row.source) == (None, "i Måløy", "i Måløy", "default")
    assert (row.confirmed, row.sealed, row.message, row.at, row.tenant) == (True, True, "m1", NOON, "nordlys")


@pytest.mark.parametrize(("status", "is_open"), [("received", True), ("closed", False)])
def test_a_case_moves_on(grid, status, is_open):
    grid.do(OPENED)
    grid.clock.pass_time(minutes=1)
    grid.do(ChangeStatus(CASE, status))
    # It stands where somebody has moved it meanwhile: the customer's word sets nothing back.
    grid.do(ChangeStatus(CASE, "received"))
    case, now = grid.row(Case), grid.clock.now
    assert (case.status, case.open, case.revision, case.sent_at) == (status, is_open, 2, now)
    assert case.closed_at == (None if is_open else now)
    assert [act for act, _ in acts(grid)] == ["case_opened", "status_changed", "case_sent"]


def test_a_case_that_the_machine_moves_on_was_not_sent_by_the_customer(grid):
    grid.do(OPENED)
    grid.do(ChangeStatus(CASE, "received"), told=GivenBack(CASE))
    assert grid.row(Case).sent_at is None
    assert grid.rows(Audit)[-1].actor_kind == "system"


def test_a_comment_has_no_text_of_its_own_and_draws_attention(grid):
    message = recorded(grid)
    actor = Actor("customer", EVA, "wrote")
    grid.do(OPENED, AddComment("k" * 36, CASE, message, actor))
    row = grid.row(Comment)
    assert (row.case_id, row.message, row.text, row.public, row.at) == (CASE, message, None, True, NOON)
    assert (row.author_kind, row.author_id, row.evidence) == ("customer", grid.row(Address).id, "wrote")
    assert (grid.row(Case).attention, grid.row(Case).attention_at) == ("comment", NOON)
    assert grid.rows(Audit)[-1].act == "commented"


def test_comments_that_were_read_are_unread_no_longer(grid):
    grid.do(OPENED)

    def comments(work):
        with work.session() as session:
            for n, (kind, public) in enumerate([("caseworker", True), ("caseworker", False), ("customer", True)]):
                session.add(
                    Comment(
                        id=f"k{n}",
                        tenant="nordlys",
                        case_id=CASE,
                        author_kind=kind,
                        author_id="x",
                        evidence="token",
                        public=public,
                        text="hei",
                        at=NOON,
                    )
                )

    grid.write(comments)
    grid.do(ReadComments(CASE))
    assert [row.read_at for row in grid.rows(Comment)] == [NOON, None, None]


def test_a_case_handed_over_says_why(grid):
    grid.do(OPENED)
    grid.do(HandOver(CASE, "asked_for_a_person"))
    assert (grid.row(Case).attention, grid.row(Case).attention_at) == ("asked_for_a_person", NOON)
    assert json.loads(grid.rows(Audit)[-1].detail) == {"reason": "asked_for_a_person"}


def test_an_effect_names_no_other_tenants_case(grid):
    grid.do(OPENED)
    grid.write(lambda work: work.cursor.execute("INSERT INTO tenant (id, name) VALUES ('another', 'x')"))
    grid.fronts = {("sms", GRID): replace(grid.front, tenant="another")}
    grid.do(HandOver(CASE, "x"), ChangeStatus(CASE, "closed"), ReadComments(CASE), AddToAlert(ALERT, ("x",), True))
    assert (grid.row(Case).attention, grid.row(Case).status) == (None, "reported")


def test_an_alert_goes_to_the_first_number_with_its_word(grid):
    assert grid.do(OPENED, RAISED)
    alert = grid.row(Alert)
    assert (alert.case_id, alert.word, alert.step, alert.desk) == (CASE, "4711", 1, "grid")
    assert (alert.raised_at, alert.next_at) == (NOON, NOON + timedelta(minutes=5))
    assert json.loads(alert.numbers) == list(DUTY)
    assert thaw_parts(alert.parts) == ("FARE IN-00000001. Svar 4711.",)
    delivery = grid.row(Delivery)
    assert (delivery.recipient, delivery.delivery_class, delivery.about) == (DUTY[0], DeliveryClass.DANGER, ALERT)
    assert (delivery.conversation, delivery.last_moment) == (None, None)
    assert [(row.alert, row.number) for row in grid.rows(AlertSent)] == [(ALERT, DUTY[0])]
    assert acts(grid)[-1] == ("alert_raised", ALERT)


def alert_both(grid):
    grid.do(OPENED, RAISED)
    grid.write(
        lambda work: work.cursor.execute(
            f"INSERT INTO alert_sent (alert, number, at) VALUES ('{ALERT}', '{DUTY[1]}', '2026-11-22 12:01:00')"
        )
    )


def test_more_is_told_to_those_who_were_alerted(grid):
    alert_both(grid)
    grid.do(AddToAlert(ALERT, ("Mer: ", NUMBER)))
    assert [texts(grid, number)[-1] for number in DUTY] == ["Mer: IN-00000001"] * 2
    assert grid.row(Alert).acknowledged_at is None


def acknowledge(grid, actor=DUTY[1]):
    return grid.do(AcknowledgeAlert(ALERT, Actor("on_call", actor, "on_call"), NOON, ("Sett: ", NUMBER)), their=actor)


def test_an_alert_is_acknowledged_once_and_all_who_wait_are_told(grid):
    alert_both(grid)
    acknowledge(grid)
    acknowledge(grid, DUTY[0])
    alert = grid.row(Alert)
    assert (alert.acknowledged_at, alert.acknowledged_by) == (NOON, DUTY[1])
    pending = grid.row(PendingInput)
    assert pending.conversation == grid.row(Conversation, their_address=EVA).id
    assert HAPPENED.validate_json(pending.payload) == AlertAcknowledged(ALERT, CASE, "IN-00000001", NOON)
    assert (pending.kind, pending.due_at, pending.taken_at) == ("alert_acknowledged", NOON, None)
    assert texts(grid, DUTY[0])[-1] == "Sett: IN-00000001"
    assert "Sett: IN-00000001" not in texts(grid, DUTY[1])
    note = grid.row(Audit, act="alert_acknowledged")
    assert (note.actor_kind, note.evidence) == ("on_call", "on_call")


def test_an_acknowledged_alert_is_raised_anew_from_the_first_number(grid):
    alert_both(grid)
    acknowledge(grid)
    grid.clock.pass_time(minutes=30)
    grid.do(AddToAlert(ALERT, ("Nå brenner det",), again=True))
    alert = grid.row(Alert)
    assert (alert.acknowledged_at, alert.acknowledged_by, alert.step) == (None, None, 1)
    assert alert.next_at == grid.clock.now + timedelta(minutes=5)
    assert [texts(grid, number)[-1] for number in DUTY] == ["Nå brenner det"] * 2


def test_a_desk_without_numbers_on_call_alerts_nobody(grid):
    assert not grid.do(OPENED, AddToAlert("none", ("Mer",), again=True))
    assert grid.rows(Delivery) == []


def test_a_timer_is_told_to_its_own_conversation(grid):
    due = NOON + timedelta(minutes=5)
    grid.do(SetTimer(due, DangerUnanswered("q")))
    pending = grid.row(PendingInput)
    assert (pending.conversation, pending.due_at) == (grid.row(Conversation).id, due)
    assert HAPPENED.validate_json(pending.payload) == DangerUnanswered("q")


def test_who_wants_no_texts_gets_none_but_danger(grid):
    grid.do(say(grid), say(grid, delivery_class=DeliveryClass.DANGER))
    grid.do(say(grid), their=OLA)
    grid.do(OptOut("local"), say(grid, "Du får ingen flere."))
    grid.do(OptOut("carrier"))
    grid.do(OptOut("local"))
    assert [row.state for row in grid.rows(Delivery)] == ["withheld", "due", "due", "withheld"]
    row = grid.row(OptedOut)
    assert (row.opted_by, row.at, row.ended_at) == ("carrier", NOON, None)
    held = grid.write(lambda work: hold(work, grid.front, EVA))
    assert held.opted_by == "carrier"


def test_who_opts_in_again_may_opt_out_again(grid):
    for effect in (OptOut("local"), OptIn(), OptIn(), OptOut("local")):
        grid.do(effect)
    assert [row.ended_at for row in grid.rows(OptedOut)] == [NOON, None]
    assert [act for act, _ in acts(grid)] == ["opted_out", "opted_in", "opted_out"]


def accepted(grid, contact="p" * 36):
    challenge = grid.dice.new_id()
    sent = SendCode(
        grid.dice.new_id(), challenge, "prove_address", ("Kode ", Mark("code", challenge)), 6, NOON + timedelta(hours=1)
    )
    grid.do(sent)
    grid.do(AcceptCode(challenge, contact, NOON + timedelta(days=90)))
    return challenge


def test_a_proved_address_is_the_reporter_of_what_it_reported(grid):
    grid.do(OPENED)
    accepted(grid)
    grid.do(replace(OPENED, case="d" * 36))
    assert {(row.case_id, row.role, row.contact) for row in grid.rows(CaseParty)} == {
        (CASE, "reporter", "p" * 36),
        ("d" * 36, "reporter", "p" * 36),
    }


def test_of_several_who_hold_an_address_nobody_is_named_the_reporter(grid):
    accepted(grid)
    accepted(grid, "q" * 36)
    grid.do(OPENED)
    assert grid.rows(CaseParty) == []
    assert len(grid.rows(AddressHolder)) == 2


def test_a_contact_who_proves_the_address_again_holds_it_once(grid):
    accepted(grid)
    grid.clock.pass_time(days=10)
    grid.do()
    second = accepted(grid)
    holder = grid.row(AddressHolder)
    assert (holder.challenge, holder.proved_at) == (second, grid.clock.now)


def test_a_challenge_serves_once(grid):
    challenge = accepted(grid)
    with pytest.raises(Again):
        grid.do(AcceptCode(challenge, "p" * 36, NOON))


def test_signing_out_ends_trust_and_the_open_challenge(grid):
    accepted(grid)
    grid.receive("KODE")
    grid.receive("LOGG UT")
    grid.do(EndTrust())
    assert grid.row(AddressHolder).trusted_until == NOON
    assert acts(grid)[-1] == ("trust_ended", grid.row(Address).id)


@pytest.mark.parametrize("word", ["LOGG UT", "AVBRYT"])
def test_a_code_that_is_on_its_way_is_void_after(grid, word):
    grid.receive("KODE")
    grid.receive(word)
    challenge = grid.row(Challenge)
    assert (challenge.ended_at, challenge.mac) == (NOON, None)
    assert grid.row(Conversation).challenge is None


DRAFT = Draft("f" * 36, "danger", 1, NOON, code="AB12")


def test_a_draft_is_kept_beside_its_conversation(grid):
    grid.do(draft=DRAFT)
    row = grid.row(DraftRow)
    assert (row.desk, row.form, row.desk_version, row.code) == ("grid", "danger", 1, "AB12")
    assert (row.standing, row.revision, thaw_draft(row.content)) == ("active", 1, DRAFT)
    later = replace(DRAFT, answers={"where": Answer("x", "x", NOON)})
    grid.do(draft=later)
    grid.do(draft=later)
    row = grid.row(DraftRow)
    assert (row.revision, thaw_draft(row.content)) == (2, later)
    assert grid.write(lambda work: hold(work, grid.front, EVA)).draft == DRAFT.id


def test_a_draft_that_somebody_else_wrote_meanwhile_is_not_overwritten(grid):
    grid.do(draft=DRAFT)

    def job(work):
        held = hold(work, grid.front, EVA)
        work.cursor.execute("UPDATE draft SET revision = 2")
        return held

    held: Held = grid.write(job)
    with pytest.raises(Again):
        grid.write(lambda work: keep_draft(work, grid.front, held, "grid", replace(DRAFT, skipped=("where",))))
    assert thaw_draft(grid.row(DraftRow).content) == DRAFT


@pytest.mark.parametrize("standing", ["sent", "dropped"])
def test_a_draft_that_is_left_is_active_no_longer(grid, standing):
    grid.do(draft=DRAFT)
    grid.do(LeaveDraft(DRAFT.id, standing))
    assert grid.row(DraftRow).standing == standing
    assert grid.row(Conversation).draft is None


def test_a_parked_draft_is_taken_up_again(grid):
    grid.do(draft=DRAFT)
    parked = replace(DRAFT, code="5QF7M", skipped=("where",))
    grid.do(ParkDraft(parked))
    row = grid.row(DraftRow)
    assert (row.standing, row.code, thaw_draft(row.content)) == ("parked", "5QF7M", parked)
    assert grid.row(Conversation).draft is None
    grid.do(draft=DRAFT)
    assert (grid.row(DraftRow).standing, grid.row(Conversation).draft) == ("active", DRAFT.id)


def test_a_draft_is_parked_in_the_turn_that_began_it(grid):
    grid.do(ParkDraft(replace(DRAFT, code="5QF7M")))
    assert grid.row(DraftRow).standing == "parked"


def test_the_code_of_another_draft_is_not_given_twice(grid):
    grid.do(ParkDraft(replace(DRAFT, code="5QF7M")))
    with pytest.raises(Again):
        grid.do(ParkDraft(replace(DRAFT, id=CASE, code="5QF7M")))
    assert len(grid.rows(DraftRow)) == 1


def test_a_message_that_tells_of_no_message_leaves_the_sequence(grid):
    grid.do()
    grid.do(told=GivenBack("x"))
    conversation = grid.row(Conversation)
    assert (conversation.sequence, conversation.revision) == (1, 2)
