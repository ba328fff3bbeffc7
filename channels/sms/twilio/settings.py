"""What an operator says of Twilio, under the vendor's own names, and the account that this makes."""

from collections.abc import Set
from typing import Final

from pydantic import BaseModel, Field, SecretStr

from channels.contract import Halves, Provider
from channels.sms.twilio.account import ACCOUNT_SID, DEFAULT_API_URL, Account
from channels.sms.twilio.receiver import Receiver
from channels.sms.twilio.sender import Sender
from channels.web_address import url_fault

SHORTEST_TOKEN: Final = 32


class TwilioSettings(BaseModel):
    """The settings as they are given."""

    twilio_account_sid: str | None = Field(
        default=None,
        validation_alias="TWILIO_ACCOUNT_SID",
        description="The account at Twilio: `AC` and 32 hexadecimal digits. `gateway serve` and `gateway work` "
        "demand it, unless another provider is set.",
    )
    twilio_auth_token: SecretStr | None = Field(
        default=None,
        validation_alias="TWILIO_AUTH_TOKEN",
        description="The account's auth token. Several, with commas between, while it is rotated: the first "
        "calls, a webhook may be signed with any.",
    )
    twilio_api_url: str = Field(
        default=DEFAULT_API_URL,
        description="Where we find Twilio: another for its other regions, or for a stand-in on this machine. "
        "Production demands `https://`.",
    )

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """The account's tokens, the one that calls first."""
        given = self.twilio_auth_token.get_secret_value() if self.twilio_auth_token else ""
        return tuple(token.strip() for token in given.split(",") if token.strip())


def _account_fault(settings: TwilioSettings, _is_development: bool) -> str | None:
    sid = settings.twilio_account_sid
    return None if sid is None or ACCOUNT_SID.fullmatch(sid) else "must be AC and 32 hexadecimal digits"


def _token_fault(settings: TwilioSettings, is_development: bool) -> str | None:
    if settings.twilio_auth_token is None:
        return None
    tokens = settings.auth_tokens
    if not tokens or (any(len(token) < SHORTEST_TOKEN for token in tokens) and not is_development):
        return "is no auth token: those have 32 hexadecimal digits"
    return None


def _api_fault(settings: TwilioSettings, is_development: bool) -> str | None:
    return url_fault(settings.twilio_api_url, is_development)


def _halves(settings: TwilioSettings, numbers: Set[str], public_url: str) -> Halves:
    account = Account(
        account_sid=settings.twilio_account_sid or "",
        auth_tokens=settings.auth_tokens,
        numbers=numbers,
        public_url=public_url,
        api_url=settings.twilio_api_url,
    )
    return Halves(account.account_sid, lambda: Receiver(account), lambda threads: Sender(account, threads))


PROVIDER: Final = Provider(
    demands=("twilio_account_sid", "twilio_auth_token"),
    checks={
        "twilio_account_sid": _account_fault,
        "twilio_auth_token": _token_fault,
        "twilio_api_url": _api_fault,
    },
    numbers=lambda _settings: None,
    halves=_halves,
    answer=("text/xml", "<Response/>"),
)
