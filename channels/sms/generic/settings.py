"""What an operator says of such a provider, and the account that this makes. docs/configuration.md explains it."""

import re
from collections.abc import Callable, Mapping, Set
from itertools import pairwise
from typing import Any, Final, get_args

from pydantic import BaseModel, Field, SecretStr

from channels.contract import Failure, Halves, Provider, ReceiptState
from channels.sms.generic import account as names
from channels.sms.generic.account import Account, State
from channels.sms.generic.proof import Proof
from channels.sms.generic.receiver import Receiver
from channels.sms.generic.sender import Sender
from channels.sms.generic.tree import PATH
from channels.web_address import url_fault

SHORTEST_SECRET: Final = 16

_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_VISIBLE: Final = re.compile(r"[!-~]+")
_NAME: Final = re.compile(r"[a-z0-9-]{1,40}")
_STATES: Final[Mapping[str, ReceiptState]] = {state: state for state in get_args(ReceiptState)}


class GenericSettings(BaseModel):
    """The settings as they are given."""

    generic_sms_url: str | None = Field(
        default=None,
        description="Where a text to be sent is posted, `https://…`. Given, the provider `generic` serves, and "
        "both secrets below are demanded.",
    )
    generic_sms_api_secret: SecretStr | None = Field(
        default=None, description="The token, or the key of the HMAC, that goes with what we post to it."
    )
    generic_sms_api_header: str = Field(
        default="Authorization: Bearer {token}",
        description="The header in which it goes, as it looks, with `{token}`, `{hmac}` (SHA-256, hexadecimal) or "
        "`{hmac-base64}`.",
    )
    generic_sms_webhook_secret: SecretStr | None = Field(
        default=None,
        description="The token, or the key of the HMAC, that goes with what it posts to us. Several, with commas "
        "between, while it is replaced.",
    )
    generic_sms_webhook_header: str = Field(
        default="X-Signature: sha256={hmac}", description="The header in which it comes, written likewise."
    )
    generic_sms_signed: str = Field(
        default="{body}",
        description="What an HMAC is of, both ways: the raw body, or with the time, such as `{timestamp}.{body}`. "
        "With it, what is more than five minutes off is refused.",
    )
    generic_sms_timestamp_header: str = Field(
        default="X-Timestamp", description="The header with that time, in seconds since 1970."
    )
    generic_sms_numbers: str | None = Field(
        default=None,
        description="The numbers of the desks that this provider serves, with commas between. Without it: those "
        "that no other provider serves.",
    )
    generic_sms_plus: bool = Field(default=True, description="`0`: it writes numbers without their plus.")
    generic_sms_account: str = Field(
        default="generic",
        description="What stands on its messages. Its ids are unique within this: change it with the provider.",
    )
    generic_sms_text_fields: str | None = Field(
        default=None,
        description="Where things stand in a text that it posts, where that differs from `id=id, from=from, to=to, "
        "text=text`; `received_at`, `segments` and `media` are read where they are named. `message.id` is a name "
        "within `message`, `messages.0.id` is in a list of one.",
    )
    generic_sms_receipt_fields: str | None = Field(
        default=None, description="The same in a receipt: `id=id, state=state, code=code`."
    )
    generic_sms_send_fields: str | None = Field(
        default=None,
        description="The same in what we post: `to=to, from=from, text=text, status_url=status_url, "
        "reference=reference`; `valid_for_s` where it is named. A name without a place, such as `reference=`, is "
        "left out.",
    )
    generic_sms_answer_fields: str | None = Field(
        default=None, description="The same in its answer: `id=id, code=code`, the code being that of an error."
    )
    generic_sms_states: str | None = Field(
        default=None,
        description="What its states in receipts mean, beside `accepted`, `queued`, `sent`, `delivered`, `failed`, "
        "`undelivered`, `rejected` and `expired`: each `accepted`, `sent`, `delivered`, `failed`, or the failure's "
        "name, such as `no_route=invalid_number`.",
    )
    generic_sms_errors: str | None = Field(
        default=None,
        description="What its error codes mean, and `http…` statuses, such as `21=opted_out, http409=throttled`. "
        "Without: 429 is `throttled`, 401 and 403 `credentials`, 402, 404 and 405 `misconfigured`, 408 and 5xx "
        "`ambiguous`, all else `refused`.",
    )


def _pairs(given: str | None) -> dict[str, str]:
    """`a=b, c=d`. Raises ValueError."""
    found: dict[str, str] = {}
    for part in (given or "").split(","):
        name, equals, value = (each.strip() for each in part.partition("="))
        if not (name or equals):
            continue
        if not name or not equals or name in found:
            raise ValueError("must be NAME=VALUE, NAME=VALUE, each name once")
        found[name] = value
    return found


def _fields(given: str | None, defaults: Mapping[str, str], further: Set[str], must: Set[str]) -> Mapping[str, str]:
    """Places by our names for them, the defaults below. Raises ValueError."""
    told = _pairs(given)
    if told.keys() - defaults.keys() - further:
        raise ValueError(f"knows only {', '.join([*defaults, *sorted(further)])}")
    if any(value and not PATH.fullmatch(value) for value in told.values()):
        raise ValueError("a place must be names with dots between, such as message.id")
    found = {name: path for name, path in {**defaults, **told}.items() if path}
    if must - found.keys():
        raise ValueError(f"must have a place for {', '.join(sorted(must - found.keys()))}")
    places = sorted(f"{path}." for path in found.values())
    if any(later.startswith(earlier) for earlier, later in pairwise(places)):
        raise ValueError("has two things at one place, or one within the other")
    return found


def _failures(given: str | None) -> dict[str, Failure]:
    try:
        return {code: Failure(value) for code, value in _pairs(given).items()}
    except ValueError as error:
        told = str(error) if "NAME=VALUE" in str(error) else f"a code means one of: {', '.join(Failure)}"
        raise ValueError(told) from None


def _states(given: str | None) -> Mapping[str, State]:
    told: dict[str, State] = {}
    for word, value in _pairs(given).items():
        if value in _STATES:
            told[word.lower()] = (_STATES[value], None)
        elif value in list(Failure):
            told[word.lower()] = ("failed", Failure(value))
        else:
            raise ValueError(f"a state means one of: {', '.join([*_STATES, *Failure])}")
    return {**names.STATES, **told}


def _numbers(settings: GenericSettings) -> Set[str] | None:
    if settings.generic_sms_numbers is None:
        return None
    numbers = [number.strip() for number in settings.generic_sms_numbers.split(",")]
    if not all(_E164.fullmatch(number) for number in numbers):
        raise ValueError("must be numbers such as +4759440000, with commas between")
    return frozenset(numbers)


def _secrets(given: SecretStr | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.get_secret_value().split(",")) if given else ()


def _secret_fault(given: SecretStr | None, is_development: bool) -> str | None:
    parts = _secrets(given)
    if all(_VISIBLE.fullmatch(part) and (is_development or len(part) >= SHORTEST_SECRET) for part in parts):
        return None
    return f"must be at least {SHORTEST_SECRET} visible ASCII characters"


def _url_fault(settings: GenericSettings, is_development: bool) -> str | None:
    url = settings.generic_sms_url
    return None if url is None else url_fault(url, is_development, may_have_query=True)


def _name(settings: GenericSettings) -> str:
    if not _NAME.fullmatch(settings.generic_sms_account):
        raise ValueError("must be 1 to 40 of a-z, 0-9 and -")
    return settings.generic_sms_account


# What is made of a setting that has to be read; each raises ValueError in words that show no value.
READERS: Final[Mapping[str, Callable[[GenericSettings], Any]]] = {
    "generic_sms_api_header": lambda given: Proof(given.generic_sms_api_header),
    "generic_sms_webhook_header": lambda given: Proof(given.generic_sms_webhook_header),
    "generic_sms_signed": lambda given: Proof("X: {hmac}", given.generic_sms_signed),
    "generic_sms_timestamp_header": lambda given: Proof("X: {hmac}", "{body}", given.generic_sms_timestamp_header),
    "generic_sms_numbers": _numbers,
    "generic_sms_account": _name,
    "generic_sms_text_fields": lambda given: _fields(
        given.generic_sms_text_fields,
        names.TEXT_FIELDS,
        {"received_at", "segments", "media"},
        must=names.TEXT_FIELDS.keys(),
    ),
    "generic_sms_receipt_fields": lambda given: _fields(
        given.generic_sms_receipt_fields, names.RECEIPT_FIELDS, set(), must={"id", "state"}
    ),
    "generic_sms_send_fields": lambda given: _fields(
        given.generic_sms_send_fields, names.SEND_FIELDS, {"valid_for_s"}, must={"to", "text"}
    ),
    "generic_sms_answer_fields": lambda given: _fields(
        given.generic_sms_answer_fields, names.ANSWER_FIELDS, set(), must={"id"}
    ),
    "generic_sms_states": lambda given: _states(given.generic_sms_states),
    "generic_sms_errors": lambda given: _failures(given.generic_sms_errors),
}


def _fault_of(reader: Callable[[GenericSettings], Any]) -> Callable[[GenericSettings, bool], str | None]:
    def check(settings: GenericSettings, _is_development: bool) -> str | None:
        try:
            reader(settings)
        except ValueError as error:
            return str(error)
        return None

    return check


def account_of(settings: GenericSettings, numbers: Set[str]) -> Account:
    """The account that settings without a fault make."""
    read = {name.removeprefix("generic_sms_"): reader(settings) for name, reader in READERS.items()}
    signed, timestamp_header = settings.generic_sms_signed, settings.generic_sms_timestamp_header
    return Account(
        name=read["account"],
        url=settings.generic_sms_url or "",
        numbers=numbers,
        api_secret=_secrets(settings.generic_sms_api_secret)[0],
        webhook_secrets=_secrets(settings.generic_sms_webhook_secret),
        api_proof=Proof(settings.generic_sms_api_header, signed, timestamp_header),
        webhook_proof=Proof(settings.generic_sms_webhook_header, signed, timestamp_header),
        has_plus=settings.generic_sms_plus,
        text_fields=read["text_fields"],
        receipt_fields=read["receipt_fields"],
        send_fields=read["send_fields"],
        answer_fields=read["answer_fields"],
        states=read["states"],
        errors=read["errors"],
    )


def _halves(settings: GenericSettings, numbers: Set[str], _public_url: str) -> Halves:
    account = account_of(settings, numbers)
    return Halves(account.name, lambda: Receiver(account), lambda threads: Sender(account, threads))


PROVIDER: Final = Provider(
    demands=("generic_sms_url", "generic_sms_api_secret", "generic_sms_webhook_secret"),
    checks={
        "generic_sms_url": _url_fault,
        "generic_sms_api_secret": lambda given, is_dev: _secret_fault(given.generic_sms_api_secret, is_dev),
        "generic_sms_webhook_secret": lambda given, is_dev: _secret_fault(given.generic_sms_webhook_secret, is_dev),
        **{name: _fault_of(reader) for name, reader in READERS.items()},
    },
    numbers=_numbers,
    halves=_halves,
    answer=("application/json", "{}"),
)
