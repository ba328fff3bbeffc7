"""Whose account at Twilio this is: its id, its secrets, its numbers, and where each side finds the other."""

import re
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

DEFAULT_API_URL: Final = "https://api.twilio.com"
ACCOUNT_SID: Final = re.compile(r"AC[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Account:
    """One account of an operator's. Raises ValueError when it cannot be right; the words name no secret.

    - `auth_tokens`: the first is used for calls; a webhook signed with any of them is taken, so that a token
      can be rotated (Twilio signs with the primary one; it changes at once when the secondary is promoted).
    - `shared_keys`: secrets of webhooks that Twilio signs with HMAC-SHA256 instead. Which hash a secret is
      for stands here; the request's `X-Twilio-Webhooks-Signature-Settings` is never read, so a caller
      chooses nothing.
    - `numbers`: the senders that we answer on; a message to any other is refused.
    - `public_url`: where Twilio finds us, as `https://sms.example.no`, or with a path before ours; without
      connection overrides (`#rc=5`). Signatures cover it, so it is never taken from a request's Host.
    - `api_url`: where we find Twilio; a region's (`https://api.dublin.ie1.twilio.com`) or a stand-in's.
    """

    account_sid: str
    auth_tokens: tuple[str, ...] = field(repr=False)
    numbers: Set[str] = field(repr=False)
    public_url: str
    api_url: str = DEFAULT_API_URL
    shared_keys: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if not ACCOUNT_SID.fullmatch(self.account_sid):
            raise ValueError("the account's id is not AC and 32 hexadecimal digits")
        if not self.auth_tokens or not all((*self.auth_tokens, *self.shared_keys)):
            raise ValueError("an auth token is missing or empty")
        for name, url in (("public", self.public_url), ("API", self.api_url)):
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
                raise ValueError(f"the {name} address is not http(s)://host[:port][/path]")
