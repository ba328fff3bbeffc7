"""Calls such a provider: one POST of JSON for each text. It lists nothing, so what is not known stays unknown
until its receipt comes."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from channels.contract import CannotList, Failure, Inbound, Listed, Malformed, Outbound, SendError, Sent
from channels.sms.generic import tree
from channels.sms.generic.account import Account, loggable
from channels.sms.generic.proof import Clock, utc_now
from channels.storable import storable


class Sender:
    """The half that calls, as `channels.contract.Sender` asks. One per process; any thread may use it."""

    def __init__(
        self, account: Account, threads: int = 8, connect_s: float = 3.0, answer_s: float = 10.0, now: Clock = utc_now
    ) -> None:
        from channels.bounded_http import BoundedHttp

        self._account = account
        self._now = now
        self._http = BoundedHttp(threads, connect_s, answer_s)
        self.slowest_s = self._http.slowest_s

    def send(self, message: Outbound) -> Sent:
        """Hand one text to the provider. A 2xx that names no id is ambiguous: it may have been taken."""
        account = self._account
        body = json.dumps(self._document(message), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
        headers |= account.api_proof.headers(account.api_secret, body, self._now())
        answer = self._http.exchange("POST", account.url, body, headers)
        if not 200 <= answer.status < 300:
            code = loggable(_said(answer.text, account.answer_fields.get("code"), tree.ANYTHING))
            failure = account.failure_of_call(answer.status, code)
            raise SendError(failure, answer.retry_after_s, code or f"http{answer.status}")
        provider_id = _said(answer.text, account.answer_fields["id"], tree.ID)
        if provider_id is None:
            raise SendError(Failure.AMBIGUOUS, provider_code="no id")
        return Sent(provider_id)

    def list_sent(self, recipient: str, since: datetime) -> Sequence[Listed]:
        """Raises CannotList."""
        raise CannotList

    def list_received(self, since: datetime) -> Sequence[Inbound]:
        """Raises CannotList."""
        raise CannotList

    def close(self) -> None:
        """Let the connections go; a later call opens new ones."""
        self._http.close()

    def _document(self, message: Outbound) -> Any:
        values = {
            "to": self._number(message.recipient),
            "from": self._number(message.sender),
            "text": storable(message.text),
            "status_url": message.status_url or None,
            "reference": message.delivery,
            "valid_for_s": message.valid_for_s,
        }
        fields = self._account.send_fields
        return tree.planted(
            {fields[name]: value for name, value in values.items() if name in fields and value is not None}
        )

    def _number(self, number: str) -> str:
        return number if self._account.has_plus else number.removeprefix("+")


def _said(text: str, path: str | None, pattern: re.Pattern[str]) -> str | None:
    """What the answer says there; None: nothing that can be read."""
    if path is None:
        return None
    try:
        return tree.string_at(tree.read(text), path, pattern)
    except (tree.NotJson, Malformed):
        return None
