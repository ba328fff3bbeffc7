"""What the worker makes of a provider's word: a row for every failure, and for each class where it differs."""

from datetime import UTC, datetime

import pytest

from channels.contract import SEND_ERRORS, Failure, Receipt, SendError
from conversations.effects import DeliveryClass
from gateway.jobs.outcomes import Decision, after_failure, after_receipt, backoff
from storage.settling import Outcome

DANGER, CODE, ANSWER, COMMENT, REMINDER = DeliveryClass
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def decided(failure: Failure, delivery_class=ANSWER, attempt=1, retry_after_s=None) -> Decision:
    return after_failure(SendError(failure, retry_after_s), delivery_class, attempt, NOW)


def seconds(moment: datetime | None) -> float:
    assert moment is not None
    return (moment - NOW).total_seconds()


KINDS = {
    Failure.UNREACHABLE: "repeat",
    Failure.AMBIGUOUS: "doubtful",
    Failure.THROTTLED: "repeat",
    Failure.CARRIER_TROUBLE: "repeat",
    Failure.HANDSET_UNREACHABLE: "refused",
    Failure.EXPIRED: "refused",
    Failure.INVALID_NUMBER: "refused",
    Failure.UNALLOCATED: "refused",
    Failure.LANDLINE: "refused",
    Failure.OPTED_OUT: "refused",
    Failure.BLOCKED: "refused",
    Failure.BLOCKED_COUNTRY: "refused",
    Failure.CONTENT_REFUSED: "refused",
    Failure.REFUSED: "refused",
    Failure.CREDENTIALS: "repeat",
    Failure.MISCONFIGURED: "repeat",
}


@pytest.mark.parametrize("failure", Failure)
def test_each_failure_of_a_send_has_its_consequence(failure):
    handling, decision = SEND_ERRORS[failure], decided(failure)
    assert decision.outcome.kind == KINDS[failure]
    assert decision.alarms == handling.alarms
    assert (decision.hold_until is not None) == handling.pauses_sender
    assert (decision.outcome.opts_out, decision.outcome.ends_epoch) == (handling.opts_out, handling.ends_epoch)


@pytest.mark.parametrize(
    ("delivery_class", "attempt", "kind"),
    [
        (DANGER, 1, "repeat"),
        (DANGER, 3, "repeat"),
        (DANGER, 4, "doubtful"),
        (CODE, 1, "doubtful"),
        (REMINDER, 1, "doubtful"),
    ],
)
def test_of_what_may_have_gone_only_danger_is_repeated_and_that_not_for_ever(delivery_class, attempt, kind):
    assert decided(Failure.AMBIGUOUS, delivery_class, attempt).outcome.kind == kind


@pytest.mark.parametrize(("delivery_class", "longest_s"), [(DANGER, 5), (CODE, 15), (ANSWER, 300), (REMINDER, 300)])
def test_each_further_try_waits_twice_as_long_up_to_a_limit(delivery_class, longest_s):
    for attempt in range(1, 30):
        usual = min(2 ** (attempt - 1), longest_s)
        assert usual * 0.75 <= backoff(delivery_class, attempt).total_seconds() <= usual * 1.25


def test_the_providers_wish_is_heeded_within_reason():
    assert 30 <= seconds(decided(Failure.THROTTLED, retry_after_s=30).outcome.again_at) <= 31
    assert seconds(decided(Failure.THROTTLED, retry_after_s=3600).outcome.again_at) == 60


def test_other_texts_of_the_sender_wait_a_little_and_until_an_operator_can_have_mended_something():
    assert seconds(decided(Failure.UNREACHABLE, attempt=9).hold_until) == 5
    assert seconds(decided(Failure.CREDENTIALS).hold_until) == 60
    assert seconds(decided(Failure.CREDENTIALS).outcome.again_at) == 60


def test_a_carriers_trouble_is_tried_five_times_and_the_networks_as_long_as_it_takes():
    assert [decided(Failure.CARRIER_TROUBLE, attempt=n).outcome.kind for n in (4, 5)] == ["repeat", "refused"]
    assert decided(Failure.UNREACHABLE, attempt=500).outcome.kind == "repeat"


@pytest.mark.parametrize(
    ("state", "kind"), [("accepted", "accepted"), ("sent", "accepted"), ("delivered", "delivered")]
)
def test_a_receipt_that_is_no_failure(state, kind):
    assert after_receipt(Receipt("SM1", state), ANSWER, 1, NOW) == Outcome(kind, "SM1")


@pytest.mark.parametrize(
    ("failure", "delivery_class", "attempt", "kind"),
    [
        (Failure.CARRIER_TROUBLE, ANSWER, 1, "repeat"),
        (Failure.CARRIER_TROUBLE, DANGER, 4, "repeat"),
        (Failure.CARRIER_TROUBLE, DANGER, 5, "refused"),
        (Failure.CARRIER_TROUBLE, CODE, 1, "refused"),
        (Failure.HANDSET_UNREACHABLE, ANSWER, 1, "refused"),
        (Failure.AMBIGUOUS, ANSWER, 1, "refused"),
    ],
)
def test_a_receipt_that_is_a_failure(failure, delivery_class, attempt, kind):
    outcome = after_receipt(Receipt("SM1", "failed", failure, "30008"), delivery_class, attempt, NOW)
    assert (outcome.kind, outcome.failure) == (kind, failure)
    assert (outcome.again_at is not None) == (kind == "repeat")


def test_a_number_that_belongs_to_nobody_is_told_by_a_receipt_too():
    outcome = after_receipt(Receipt("SM1", "failed", Failure.UNALLOCATED, "30005"), ANSWER, 1, NOW)
    assert outcome.ends_epoch
