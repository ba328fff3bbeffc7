"""Reads what Twilio posts: texts from people, and what became of ours.

Sources, Twilio docs: "Twilio's request to your incoming message Webhook URL", "Track the Message Status of
Outbound Messages", "How to Track Opt-Out, Opt-In and Help Messages Using the OptOutType Parameter".
"""

import re
from collections.abc import Mapping
from typing import Final

from channels.contract import SENDER, Failure, Inbound, Keyword, Malformed, Receipt, ReceiptState
from channels.sms.twilio.account import Account
from channels.sms.twilio.codes import failure_of_receipt
from channels.sms.twilio.form import SignedForm
from channels.storable import storable

CHANNEL: Final = "sms"
SEGMENTS_AT_MOST: Final = 10
MEDIA_AT_MOST: Final = 10

MESSAGE_SID: Final = re.compile(r"(?:SM|MM)[0-9a-f]{32}")
ANYTHING: Final = re.compile(r".*", re.DOTALL)
_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_NUMBER_OR_NOTHING: Final = re.compile(r"[0-9]{0,6}")
_STATUS: Final = re.compile(r"[a-z_]{1,32}")
_KEYWORD: Final = re.compile(r"(?:STOP|START|HELP)?", re.IGNORECASE)

_KEYWORDS: Final[Mapping[str, Keyword]] = {"": "", "STOP": "stop", "START": "start", "HELP": "help"}

# In the order of a message's life. Twilio adds states: one that is not here is refused, and the list tells.
STATES: Final[Mapping[str, ReceiptState]] = {
    "accepted": "accepted",
    "scheduled": "accepted",
    "queued": "accepted",
    "sending": "accepted",
    "sent": "sent",
    "partially_delivered": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}


class Receiver:
    """The half that reads, as `channels.contract.Receiver` asks."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def verify_and_parse(self, path: str, headers: Mapping[str, str], body: bytes) -> Inbound:
        """The text in this request.

        Parameters that we do not know are accepted, as Twilio adds some without notice; one that we know and
        that is missing, doubled or odd is not. Twilio's OptOutType comes only from a Messaging Service with
        Advanced Opt-Out: without it, Twilio blocks us after STOP as well and does not say so here.
        """
        form = SignedForm(self._account, path, headers, body)
        provider_id = form.one("MessageSid", MESSAGE_SID)
        self._demand_ours(form)
        recipient = form.one("To", ANYTHING)
        if recipient not in self._account.numbers:
            raise Malformed("To is none of our numbers")
        return Inbound(
            channel=CHANNEL,
            account=self._account.account_sid,
            provider_id=provider_id,
            sender=storable(form.one("From", SENDER)),
            recipient=recipient,
            text=storable(form.one("Body", ANYTHING)),
            segments=min(int(form.one("NumSegments", _NUMBER)), SEGMENTS_AT_MOST),
            media_count=min(int(form.one("NumMedia", _NUMBER)), MEDIA_AT_MOST),
            keyword=_KEYWORDS[form.at_most_one("OptOutType", _KEYWORD).upper()],
        )

    def parse_receipt(self, path: str, headers: Mapping[str, str], body: bytes) -> Receipt:
        """What became of a text. A failure with no code, or with one unknown to us, is REFUSED."""
        form = SignedForm(self._account, path, headers, body)
        provider_id = form.one("MessageSid", MESSAGE_SID)
        self._demand_ours(form)
        state = STATES.get(form.one("MessageStatus", _STATUS))
        if state is None:
            raise Malformed("MessageStatus is none that we know")
        code = form.at_most_one("ErrorCode", _NUMBER_OR_NOTHING).lstrip("0")
        error: Failure | None = failure_of_receipt(code) if state == "failed" else None
        return Receipt(provider_id, state, error, code or None)

    def _demand_ours(self, form: SignedForm) -> None:
        if form.one("AccountSid", ANYTHING) != self._account.account_sid:
            # The token may be shared with a sub-account, whose messages are not ours.
            raise Malformed("AccountSid is not ours")
