"""What becomes of a text that was to be sent, on both databases."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, get_args

import pytest

from conversations.effects import DeliveryClass
from conversations.inputs import HAPPENED, CodeNotSent
from storage import tables
from storage.settling import MOVES, Kind, Outcome, forget_receipts, take_receipt, take_receipt_by_provider_id
from tests.storage.outbox_rows import EVA, NOON, OLA, Outbox, opened_outbox

DANGER, CODE, ANSWER, COMMENT, REMINDER = DeliveryClass
HEAT = "+4759440001"
STATES = ("due", "sending", "sent", "delivered", "failed", "unknown", "replaced", "expired", "withheld")


@pytest.fixture
def outbox(store_place) -> Iterator[Outbox]:
    with opened_outbox(store_place) as opened:
        yield opened


def receipt(outbox, delivery, kind, provider_id="SM1", **more):
    outcome = Outcome(kind, provider_id, **more)
    return outbox.write(lambda work: take_receipt(work, outbox.dice, delivery, outcome))


def receipt_by_provider_id(outbox, kind, provider_id, account="AC1", **more):
    outcome = Outcome(kind, provider_id, **more)
    return outbox.write(lambda work: take_receipt_by_provider_id(work, outbox.dice, account, outcome))


def claimed_code(outbox, conversation=None):
    """A code on its way; returns the claim."""
    sender = outbox.add_sender()
    outbox.put(sender, EVA, CODE, "Koden er ••••••", parts="[]", sealed="k1:x", conversation=conversation, about="ch")
    return outbox.claim_one()


@pytest.mark.parametrize("kind", get_args(Kind))
def test_states_only_move_forward(outbox, kind):
    sender = outbox.add_sender()
    claims = {}
    for number, state in enumerate(STATES):
        outbox.put(sender, f"+479000000{number}")
        claims[state] = outbox.claim_one()
    for state, claimed in claims.items():
        outbox.change(tables.Delivery, claimed.delivery, state=state)
        moved = outbox.settle(claimed, kind)
        assert moved == (state in MOVES[kind]), state
        assert outbox.state(claimed.delivery) == MOVES[kind].get(state, state)


def test_what_is_over_never_moves():
    over = {"delivered", "failed", "replaced", "expired", "withheld"}
    assert not [kind for kind, moves in MOVES.items() if over & moves.keys()]


def test_a_sent_text_has_the_providers_id_and_no_lease(outbox):
    outbox.put(outbox.add_sender())
    claimed = outbox.claim_one()
    outbox.pass_time(2)
    assert outbox.settle(claimed, provider_id="SM1")
    row = outbox.delivery(claimed.delivery)
    assert (row.state, row.provider_id, row.lease_until) == ("sent", "SM1", None)
    assert row.settled_at == NOON + timedelta(seconds=2)


def test_only_the_attempt_that_was_claimed_is_settled(outbox):
    outbox.put(outbox.add_sender())
    first = outbox.claim_one()
    outbox.settle(first, "repeat", again_at=outbox.now)
    second = outbox.claim_one()
    assert not outbox.settle(first, "refused", failure="refused")
    assert outbox.state(second.delivery) == "sending"
    assert outbox.settle(second)


def test_a_code_leaves_no_trace_once_it_is_settled(outbox):
    claimed = claimed_code(outbox)
    outbox.settle(claimed)
    row = outbox.delivery(claimed.delivery)
    message = outbox.get(tables.MessageRow, row.message)
    assert (row.sealed, message.parts, message.text) == (None, None, "Koden er ••••••")


@pytest.mark.parametrize("kind", ["doubtful", "repeat"])
def test_a_code_is_kept_sealed_while_it_may_have_to_be_sent_or_looked_for(outbox, kind):
    claimed = claimed_code(outbox)
    outbox.settle(claimed, kind, again_at=outbox.now)
    assert outbox.delivery(claimed.delivery).sealed == "k1:x"


@pytest.mark.parametrize("kind", ["refused", "expired"])
def test_a_code_that_did_not_go_is_told_to_its_conversation(outbox, kind):
    conversation = outbox.add_conversation()
    claimed = claimed_code(outbox, conversation)
    if kind == "expired":
        outbox.settle(claimed, "repeat", again_at=outbox.now)
        outbox.change(tables.Delivery, claimed.delivery, last_moment=outbox.now)
        assert outbox.claim() is None
    else:
        outbox.settle(claimed, "refused", failure="invalid_number")
    [told] = outbox.rows(tables.PendingInput)
    assert HAPPENED.validate_json(told.payload) == CodeNotSent("ch")
    assert (told.conversation, told.due_at, told.taken_at) == (conversation, NOON, None)


def test_an_unknown_text_is_looked_up_after_a_minute(outbox):
    outbox.put(outbox.add_sender())
    claimed = outbox.claim_one()
    outbox.settle(claimed, "doubtful", failure="ambiguous")
    row = outbox.delivery(claimed.delivery)
    assert (row.state, row.check_at, row.failure) == ("unknown", NOON + timedelta(seconds=60), "ambiguous")


def test_a_failure_for_good_is_shown_on_the_open_cases_of_its_conversation(outbox):
    conversation = outbox.add_conversation()
    is_open, seen_to, closed = (
        outbox.add_case(conversation),
        outbox.add_case(conversation, attention="handed_over"),
        outbox.add_case(conversation, open=False),
    )
    outbox.put(outbox.add_sender(), conversation=conversation)
    outbox.settle(outbox.claim_one(), "refused", failure="landline")
    found = {case.id: case.attention for case in outbox.rows(tables.Case)}
    assert found == {is_open: "not_delivered", seen_to: "handed_over", closed: None}


@pytest.mark.parametrize("kind", ["refused", "expired"])
def test_a_comment_that_did_not_arrive_is_shown_on_its_own_case_even_if_closed(outbox, kind):
    conversation = outbox.add_conversation()
    other, closed = outbox.add_case(conversation), outbox.add_case(conversation, open=False)
    comment = outbox.add_comment(closed)
    outbox.put(outbox.add_sender(), EVA, COMMENT, conversation=conversation, about=comment)
    claimed = outbox.claim_one()
    if kind == "expired":
        outbox.settle(claimed, "repeat", again_at=outbox.now)
        outbox.change(tables.Delivery, claimed.delivery, last_moment=outbox.now)
        assert outbox.claim() is None
    else:
        outbox.settle(claimed, "refused", failure="landline")
    found = {case.id: case.attention for case in outbox.rows(tables.Case)}
    assert found == {other: None, closed: "not_delivered"}


@pytest.mark.parametrize(("numbers_told", "goes_on"), [(1, True), (2, False)])
def test_an_alert_that_cannot_arrive_goes_on_to_the_next_number_in_the_first_round(outbox, numbers_told, goes_on):
    conversation = outbox.add_conversation()
    later = NOON + timedelta(minutes=5)
    alert = outbox.add_alert(outbox.add_case(conversation), step=numbers_told, next_at=later)
    outbox.put(outbox.add_sender(), "+4799990001", DANGER, about=alert)
    outbox.settle(outbox.claim_one(), "refused", failure="landline")
    assert outbox.get(tables.Alert, alert).next_at == (NOON if goes_on else later)


def test_the_carriers_opt_out_is_kept_and_what_waits_is_withheld(outbox):
    conversation = outbox.add_conversation()
    address = outbox.get(tables.Conversation, conversation).address
    sender = outbox.add_sender()
    outbox.put(sender, conversation=conversation)
    claimed = outbox.claim_one()
    texts = [(EVA, ANSWER, "x"), (EVA, DANGER, "x")]
    waiting, danger = outbox.put_many(sender, texts, conversation=conversation)
    outbox.settle(claimed, "refused", failure="opted_out", opts_out=True)
    [standing] = outbox.rows(tables.OptedOut)
    assert (standing.address, standing.opted_by, standing.ended_at) == (address, "carrier", None)
    assert (outbox.state(waiting), outbox.state(danger)) == ("withheld", "due")


def test_the_carriers_opt_out_withholds_what_waits_from_another_number_of_ours_as_well(outbox):
    conversation = outbox.add_conversation()
    address = outbox.get(tables.Conversation, conversation).address
    heat = tables.Front(id="h" * 36, tenant="nordlys", desk="heat", channel="sms", address=HEAT)
    outbox.add([heat])
    row: dict[str, Any] = {"tenant": "nordlys", "front": heat.id, "their_address": EVA, "state": "{}", "heard_at": NOON}
    outbox.add([tables.Conversation(id="c" * 36, address=address, **row)])
    outbox.add([tables.Conversation(id="d" * 36, address=outbox.add_address(OLA), **row | {"their_address": OLA})])
    outbox.put(outbox.add_sender(), conversation=conversation)
    claimed, elsewhere = outbox.claim_one(), outbox.add_sender(HEAT)
    hers, danger = outbox.put_many(elsewhere, [(EVA, ANSWER, "x"), (EVA, DANGER, "x")], conversation="c" * 36)
    his = outbox.put(elsewhere, OLA, conversation="d" * 36)
    outbox.settle(claimed, "refused", failure="opted_out", opts_out=True)
    assert [outbox.state(one) for one in (hers, danger, his)] == ["withheld", "due", "due"]


def test_the_carriers_opt_out_stands_above_ours(outbox):
    address = outbox.add_address(EVA)
    row = tables.OptedOut(id="o" * 36, tenant="nordlys", address=address, opted_by="local", at=NOON)
    outbox.add([row])
    outbox.put(outbox.add_sender())
    outbox.settle(outbox.claim_one(), "refused", failure="opted_out", opts_out=True)
    assert [standing.opted_by for standing in outbox.rows(tables.OptedOut)] == ["carrier"]


def test_a_number_that_belongs_to_nobody_begins_a_new_epoch(outbox):
    address = outbox.add_address(EVA)
    outbox.put(outbox.add_sender())
    outbox.settle(outbox.claim_one(), "refused", failure="unallocated", ends_epoch=True)
    assert outbox.get(tables.Address, address).epoch == 2


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        (["accepted", "delivered"], "delivered"),
        (["delivered", "accepted"], "delivered"),
        (["delivered", "delivered", "accepted", "accepted"], "delivered"),
        (["accepted", "refused"], "failed"),
        (["refused", "accepted"], "failed"),
        (["refused", "delivered"], "failed"),
        (["delivered", "refused"], "delivered"),
    ],
)
@pytest.mark.parametrize("settled_after", [0, 1, 9])
def test_receipts_in_any_order_and_before_our_own_commit(outbox, kinds, state, settled_after):
    outbox.put(outbox.add_sender())
    claimed = outbox.claim_one()
    for number, kind in enumerate(kinds):
        if number == settled_after:
            outbox.settle(claimed, provider_id="SM1")
        receipt(outbox, claimed.delivery, kind)
    if settled_after == 9:
        outbox.settle(claimed, provider_id="SM1")
    row = outbox.delivery(claimed.delivery)
    assert (row.state, row.provider_id) == (state, "SM1")


def test_a_receipt_settles_an_unknown_text(outbox):
    outbox.put(outbox.add_sender())
    claimed = outbox.claim_one()
    outbox.settle(claimed, "doubtful")
    assert receipt(outbox, claimed.delivery, "accepted")
    assert outbox.state(claimed.delivery) == "sent"


def test_a_receipt_for_an_earlier_copy_is_old_news(outbox):
    outbox.put(outbox.add_sender())
    claimed = outbox.claim_one()
    outbox.settle(claimed, provider_id="SM1")
    receipt(outbox, claimed.delivery, "repeat", "SM1", failure="carrier_trouble", again_at=outbox.now)
    again = outbox.claim_one()
    assert not receipt(outbox, again.delivery, "refused", "SM1")
    assert outbox.state(again.delivery) == "sending"
    outbox.settle(again, provider_id="SM2")
    assert not receipt(outbox, again.delivery, "refused", "SM1")
    assert not receipt(outbox, again.delivery, "repeat", "SM1", again_at=outbox.now)
    assert receipt(outbox, again.delivery, "delivered", "SM1")
    assert outbox.state(again.delivery) == "delivered"


def test_a_receipt_that_it_must_be_repeated_stands_though_the_worker_hears_of_the_sending_later(outbox):
    outbox.put(outbox.add_sender())
    claimed = outbox.claim_one()
    receipt(outbox, claimed.delivery, "repeat", "SM1", failure="carrier_trouble", again_at=outbox.now)
    assert not outbox.settle(claimed, provider_id="SM1")
    assert outbox.claim_one().attempt == 2


def test_a_receipt_of_the_first_copy_of_danger_stops_further_copies(outbox):
    outbox.put(outbox.add_sender(), delivery_class=DANGER)
    claimed = outbox.claim_one()
    outbox.settle(claimed, "repeat", failure="ambiguous", again_at=outbox.now + timedelta(seconds=1))
    receipt(outbox, claimed.delivery, "accepted", "SM1")
    outbox.pass_time(1)
    assert outbox.claim() is None


def test_a_receipt_for_a_text_that_was_never_tried_changes_nothing(outbox):
    delivery = outbox.put(outbox.add_sender())
    assert not receipt(outbox, delivery, "delivered")
    assert outbox.state(delivery) == "due"


def test_a_receipt_for_no_delivery_of_ours_changes_nothing(outbox):
    assert not receipt(outbox, "0" * 36, "delivered")


def test_an_id_of_another_providers_account_is_another_text(outbox):
    outbox.put(outbox.add_sender())
    claimed = outbox.claim_one()
    assert not receipt_by_provider_id(outbox, "refused", "1", account="generic", failure="refused")
    outbox.settle(claimed, provider_id="1")
    assert not receipt_by_provider_id(outbox, "delivered", "1", account="generic")
    assert (outbox.state(claimed.delivery), len(outbox.rows(tables.UnknownReceipt))) == ("sent", 2)
    assert receipt_by_provider_id(outbox, "delivered", "1")


def test_a_receipt_by_an_id_that_we_do_not_know_yet_is_joined_when_we_do(outbox):
    outbox.put(outbox.add_sender())
    claimed = outbox.claim_one()
    assert not receipt_by_provider_id(outbox, "accepted", "SM1")
    assert not receipt_by_provider_id(outbox, "delivered", "SM1")
    outbox.settle(claimed, provider_id="SM1")
    assert outbox.state(claimed.delivery) == "delivered"
    assert outbox.rows(tables.UnknownReceipt) == []
    assert not receipt_by_provider_id(outbox, "accepted", "SM1")


def test_a_receipt_that_came_too_early_says_as_much_as_one_in_its_order(outbox):
    address = outbox.add_address(EVA)
    outbox.put(outbox.add_sender())
    claimed = outbox.claim_one()
    receipt_by_provider_id(outbox, "refused", "SM1", failure="opted_out", opts_out=True, ends_epoch=True)
    assert outbox.rows(tables.OptedOut) == []
    outbox.settle(claimed, provider_id="SM1")
    assert (outbox.state(claimed.delivery), outbox.delivery(claimed.delivery).failure) == ("failed", "opted_out")
    assert [(row.address, row.opted_by) for row in outbox.rows(tables.OptedOut)] == [(address, "carrier")]
    assert outbox.get(tables.Address, address).epoch == 2


def test_it_is_joined_too_where_a_receipt_with_our_id_tells_it_first(outbox):
    outbox.put(outbox.add_sender())
    claimed = outbox.claim_one()
    receipt_by_provider_id(outbox, "delivered", "SM1")
    receipt(outbox, claimed.delivery, "accepted", "SM1")
    assert outbox.state(claimed.delivery) == "delivered"


def test_a_receipt_that_nobody_knows_is_dropped_after_a_day(outbox):
    receipt_by_provider_id(outbox, "delivered", "SM9")
    outbox.pass_time(23 * 3600)
    assert outbox.write(forget_receipts) == 0
    outbox.pass_time(2 * 3600)
    assert outbox.write(forget_receipts) == 1
