import pytest

from channels import contract
from channels.contract import SEND_ERRORS, Failure, Handling, Inbound, Outbound, SendError
from channels.sms import twilio
from tests.channels.twilio_posts import ACCOUNT


def test_every_failure_has_its_handling():
    assert set(SEND_ERRORS) == set(Failure)


def test_nobody_can_change_the_table():
    with pytest.raises(TypeError):
        SEND_ERRORS[Failure.REFUSED] = Handling("retry")  # type: ignore[index]


def test_only_what_may_have_gone_is_unknown():
    assert [failure for failure in Failure if SEND_ERRORS[failure].outcome == "unknown"] == [Failure.AMBIGUOUS]


@pytest.mark.parametrize("failure", Failure)
def test_what_is_held_waits_for_an_operator(failure):
    handling = SEND_ERRORS[failure]
    if handling.outcome == "hold":
        assert handling.alarms
        assert handling.pauses_sender
    if handling.ends_epoch or handling.opts_out:
        assert handling.outcome == "final"


def test_no_number_and_no_text_stands_in_what_a_log_would_show():
    inbound = Inbound("sms", "AC", "SM", "+4790000001", "+4759440000", "hemmelig", 1, 0)
    outbound = Outbound("d1", "+4759440000", "+4790000001", "hemmelig", "https://x/hemmelig")
    shown = f"{inbound!r} {outbound!r} {SendError(Failure.REFUSED, provider_code='21211')}"
    assert "+4790000001" not in shown
    assert "hemmelig" not in shown


def test_twilio_is_a_provider_as_the_contract_says() -> None:
    # It is mypy that tests this.
    receiver: contract.Receiver = twilio.Receiver(ACCOUNT)
    sender: contract.Sender = twilio.Sender(ACCOUNT)
    sender.close()
    assert callable(receiver.parse_receipt)
