"""Reads what such a provider posts: believed when it proves itself, then strictly, by the names in the settings."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from channels.contract import SENDER, Inbound, Malformed, Receipt
from channels.sms.generic import tree
from channels.sms.generic.account import Account, loggable
from channels.sms.generic.proof import Clock, utc_now
from channels.sms.segments import count
from channels.storable import storable

CHANNEL: Final = "sms"
SEGMENTS_AT_MOST: Final = 10
MEDIA_AT_MOST: Final = 10
# Older than this, a text did not just come: it waited for us, and may be no answer to what we asked meanwhile.
JUST_NOW: Final = timedelta(minutes=5)

_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_WITHOUT_PLUS: Final = re.compile(r"[1-9][0-9]{6,14}")
_EPOCH: Final = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
_JSON: Final = re.compile(r"application/(?:[a-z0-9.+-]+\+)?json")
_CHARSETS: Final = ("utf-8", "utf8", "us-ascii")


class Receiver:
    """The half that reads, as `channels.contract.Receiver` asks."""

    def __init__(self, account: Account, now: Clock = utc_now) -> None:
        self._account = account
        self._now = now

    def verify_and_parse(self, path: str, headers: Mapping[str, str], body: bytes) -> Inbound:
        """The text in this request. Fields that the settings do not name are passed over."""
        said, fields = self._read(headers, body), self._account.text_fields
        recipient = self._number(tree.demanded(said, fields["to"], tree.ANYTHING))
        if recipient not in self._account.numbers:
            raise Malformed(f"{fields['to']} is none of our numbers")
        sender = self._number(tree.demanded(said, fields["from"], tree.ANYTHING))
        if not SENDER.fullmatch(sender):
            raise Malformed(f"{fields['from']} is no sender")
        text = tree.demanded(said, fields["text"], tree.ANYTHING)
        segments = self._figure(said, "segments")
        return Inbound(
            channel=CHANNEL,
            account=self._account.name,
            provider_id=tree.demanded(said, fields["id"], tree.ID),
            sender=storable(sender),
            recipient=recipient,
            text=storable(text),
            segments=min(max(count(text).segments, 1) if segments is None else segments, SEGMENTS_AT_MOST),
            media_count=min(self._figure(said, "media") or 0, MEDIA_AT_MOST),
            sent_at=self._waited_since(said),
        )

    def parse_receipt(self, path: str, headers: Mapping[str, str], body: bytes) -> Receipt:
        """What became of a text. A state that the settings do not know is refused."""
        said, fields = self._read(headers, body), self._account.receipt_fields
        provider_id = tree.demanded(said, fields["id"], tree.ID)
        state = self._account.states.get(tree.demanded(said, fields["state"], tree.ANYTHING).lower())
        if state is None:
            raise Malformed(f"{fields['state']} is none that the settings know")
        code = tree.string_at(said, fields["code"], tree.ANYTHING) if "code" in fields else None
        return self._account.receipt(provider_id, state, loggable(code))

    def _read(self, headers: Mapping[str, str], body: bytes) -> Any:
        self._account.webhook_proof.demand(self._account.webhook_secrets, headers, body, self._now())
        _demand_json(headers.get("Content-Type", ""))
        try:
            return tree.read(body)
        except tree.NotJson as error:
            raise Malformed(f"no JSON: {error}", 400) from None

    def _number(self, given: str) -> str:
        is_bare = not self._account.has_plus and _WITHOUT_PLUS.fullmatch(given)
        return f"+{given}" if is_bare else given

    def _figure(self, said: Any, name: str) -> int | None:
        path = self._account.text_fields.get(name)
        found = tree.string_at(said, path, _NUMBER) if path else None
        return None if found is None else int(found)

    def _waited_since(self, said: Any) -> datetime | None:
        path = self._account.text_fields.get("received_at")
        given = tree.string_at(said, path, tree.ANYTHING) if path else None
        if given is None:
            return None
        at = _time(given)
        if at is None:
            raise Malformed(f"{path} is no time")
        return at if self._now() - at > JUST_NOW else None


def _demand_json(content_type: str) -> None:
    kind, _, parameters = content_type.partition(";")
    if not _JSON.fullmatch(kind.strip().lower()):
        raise Malformed("not application/json", 415)
    charset = re.search(r"charset\s*=\s*\"?([^\s;\"]*)", parameters, re.IGNORECASE)
    if charset and charset[1].lower() not in _CHARSETS:
        raise Malformed("JSON in another charset than UTF-8", 415)


def _time(given: str) -> datetime | None:
    """Seconds or milliseconds since 1970, or ISO 8601 with its zone; None: none of these."""
    if _EPOCH.fullmatch(given):
        return datetime.fromtimestamp(int(given[:10]), UTC)
    try:
        found = datetime.fromisoformat(given)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
