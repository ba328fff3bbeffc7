"""How one side shows the other who it is: a header with a token, or with an HMAC-SHA256 of what is sent.

A header is written as it looks, with a mark where the proof stands: `Authorization: Bearer {token}`,
`X-Signature: sha256={hmac}` (hexadecimal, in small letters), `X-Signature: {hmac-base64}`. What the HMAC is of
is written likewise: `{body}`, or with the seconds since 1970 of another header: `{timestamp}.{body}`.
"""

import base64
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from channels.contract import Forged

TOLERANCE: Final = timedelta(minutes=5)

_HEADER: Final = re.compile(r"([A-Za-z0-9-]{1,64}): ?([ -z|~]*)\{(token|hmac|hmac-base64)\}([ -z|~]*)")
_NAME: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_SIGNED: Final = re.compile(r"([^{}]*)(?:\{timestamp\}([^{}]*))?\{body\}([^{}]*)")
_SECONDS: Final = re.compile(r"[0-9]{10}")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The host's clock: the other side has no other to agree with."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Proof:
    """A header, as written, and what an HMAC in it is of. Raises ValueError where it cannot be read."""

    header: str
    signed: str = "{body}"
    timestamp_header: str = "X-Timestamp"

    def __post_init__(self) -> None:
        if not _HEADER.fullmatch(self.header):
            raise ValueError("must be NAME: VALUE with {token}, {hmac} or {hmac-base64} in the value")
        if not _SIGNED.fullmatch(self.signed):
            raise ValueError("must have {body} once, and at most one {timestamp}, before it")
        if not _NAME.fullmatch(self.timestamp_header):
            raise ValueError("must be the name of a header")

    def headers(self, secret: str, body: bytes, now: datetime) -> dict[str, str]:
        """What a request with this body bears."""
        timestamp = str(int(now.timestamp())) if self._is_timed else ""
        name, value = self._header(secret, timestamp, body)
        return {name: value} | ({self.timestamp_header: timestamp} if timestamp else {})

    def demand(self, secrets: tuple[str, ...], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Raises Forged where no secret made the header, or where it is older or newer than five minutes."""
        timestamp = headers.get(self.timestamp_header, "") if self._is_timed else ""
        if self._is_timed and not _is_near(timestamp, now):
            raise Forged("not signed within five minutes")
        results = []
        for secret in secrets:
            name, wanted = self._header(secret, timestamp, body)
            given = headers.get(name, "").encode("utf-8", "surrogateescape")
            results.append(hmac.compare_digest(wanted.encode(), given))
        if not any(results):
            raise Forged("no proof of this account's")

    @property
    def _is_timed(self) -> bool:
        return "{timestamp}" in self.signed and "{hmac" in self.header

    def _header(self, secret: str, timestamp: str, body: bytes) -> tuple[str, str]:
        found = _HEADER.fullmatch(self.header)
        assert found is not None
        name, before, kind, after = found.groups()
        return name, f"{before}{self._value(kind, secret, timestamp, body)}{after}"

    def _value(self, kind: str, secret: str, timestamp: str, body: bytes) -> str:
        if kind == "token":
            return secret
        before, _, after = self.signed.replace("{timestamp}", timestamp).partition("{body}")
        digest = hmac.digest(secret.encode(), before.encode() + body + after.encode(), "sha256")
        return digest.hex() if kind == "hmac" else base64.b64encode(digest).decode()


def _is_near(timestamp: str, now: datetime) -> bool:
    if not _SECONDS.fullmatch(timestamp):
        return False
    return abs(now - datetime.fromtimestamp(int(timestamp), UTC)) <= TOLERANCE
