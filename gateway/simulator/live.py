"""A stage for transcripts on a running gateway: its signed webhook, the carrier's stand-in, and the API."""

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from gateway.clock import MovableClock
from gateway.simulator.transcript import CaseSeen, Mismatch

HEARD_WITHIN_S = 10.0
NEWEST = 100
"""Cases of the desk among which a phone's newest is looked for."""
_CASE = re.compile(r"\b[A-Z]{1,4}-[0-9]+\b")


@dataclass
class Live:
    """A running gateway in development, as phones and a caseworker meet it.

    ``gateway`` and ``carrier`` are base URLs, ``token`` one of the API; ``number`` is that of ``desk``.
    """

    gateway: str
    carrier: str
    token: str
    desk: str
    number: str
    clock: MovableClock
    heard_within_s: float = HEARD_WITHIN_S
    cases: list[str] = field(default_factory=list)
    _after: int = 0
    _waiting: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))

    def __post_init__(self) -> None:
        self._after = self._messages(0)["next"]

    def text(self, sender: str, body: str) -> None:
        """A phone texts the desk's number. Raises Mismatch where the gateway does not take it."""
        posted = self._call(f"{self.carrier}/control/text", {"sender": sender, "to": self.number, "body": body})
        if posted["status"] != 200:
            raise Mismatch(f"the gateway answered {posted['status']}")

    def heard(self, number: str) -> str | None:
        """The next text that a phone received; waits a while for it."""
        deadline = time.monotonic() + self.heard_within_s
        while not self._waiting[number] and time.monotonic() < deadline:
            self.listen(min(1.0, self.heard_within_s))
        return self._waiting[number].popleft() if self._waiting[number] else None

    def listen(self, wait_s: float) -> list[tuple[str, str, int]]:
        """What has been sent since the last look: (phone, text, segments)."""
        found = self._messages(wait_s)
        self._after = found["next"]
        new = [(one["to"], one["body"], one["segments"]) for one in found["messages"]]
        for number, body, _ in new:
            self._waiting[number].append(body)
            self.cases.extend(case for case in _CASE.findall(body) if case not in self.cases)
        return new

    def comment(self, author: str, case_number: str, words: str) -> None:
        """A caseworker (the token's) comments on a case."""
        case = urllib.parse.quote(case_number, safe="")
        self.api("POST", f"/cases/{case}/comments", {"text": words, "public": True, "author": author})

    def move_clock(self, by: timedelta) -> None:
        """Move the clock of the gateway's data folder."""
        self.clock.move(by)

    def case(self, number: str) -> CaseSeen | None:
        """A case as the API shows it."""
        try:
            seen = self.api("GET", f"/cases/{urllib.parse.quote(number, safe='')}")
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise
        values = {one["field"]: one["shown"] for one in seen["values"]}
        comments = tuple(one["text"] for one in seen["comments"])
        return CaseSeen(seen["form"], seen["status"], values, comments)

    def newest_case(self, phone: str) -> str | None:
        """The number of the case that this phone reported last, among the desk's newest."""
        for one in self.api("GET", f"/cases?{urllib.parse.urlencode({'desk': self.desk, 'limit': NEWEST})}")["cases"]:
            if self.api("GET", f"/cases/{one['id']}")["reporter"]["address"] == phone:
                return str(one["number"])
        return None

    def api(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """A call of the API. Raises HTTPError as the gateway answers."""
        return self._call(f"{self.gateway}/api/v1{path}", body, method, {"Authorization": f"Bearer {self.token}"})

    def _messages(self, wait_s: float) -> Any:
        query = urllib.parse.urlencode({"after": self._after, "wait_s": wait_s, "direction": "outbound-api"})
        return self._call(f"{self.carrier}/control/messages?{query}", None, "GET")

    def _call(
        self, url: str, body: dict[str, Any] | None, method: str = "POST", headers: dict[str, str] | None = None
    ) -> Any:
        data = None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **(headers or {})}
        request = urllib.request.Request(url, data, sent, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")
