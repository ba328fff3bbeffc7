"""Requests as Twilio makes them, signed by the vendor's own code, and changed as a test wants them."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from channels.sms.twilio import Account
from channels.sms.twilio.signature import signature

PAYLOADS = Path(__file__).parents[1] / "payloads" / "twilio"

OURS = "+4759440000"
THEIRS = "+4790000001"
TOKEN = "the auth token"
PATH = "/sms/twilio"
SID = f"SM{0xABC:032x}"
ACCOUNT = Account(
    account_sid=f"AC{0x123:032x}",
    auth_tokens=(TOKEN,),
    numbers=frozenset({OURS, "+4759440001"}),
    public_url="https://sms.example.no",
)

Pairs = list[tuple[str, str]]


def payload(name: str) -> list[dict[str, Any]]:
    """A table of cases."""
    table: list[dict[str, Any]] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return table


def case_name(case: Mapping[str, Any]) -> str:
    """How pytest shows it, with the row of TRUST 2.1 that it tests."""
    return f"{case['row']} {case['name']}"


def changed(base: str, changes: Mapping[str, str | list[str] | None]) -> Pairs:
    """One of the two real forms with parameters replaced, doubled (a list) or taken out (null)."""
    form: dict[str, list[str]] = {
        name: [value.replace("{sid}", SID).replace("{account}", ACCOUNT.account_sid)]
        for name, value in payload("forms")[0][base].items()
    }
    for name, change in changes.items():
        if change is None:
            del form[name]
        else:
            form[name] = [change] if isinstance(change, str) else change
    return [(name, value) for name, values in form.items() for value in values]


def encoded(form: Pairs) -> bytes:
    """The body."""
    return urlencode(form, encoding="utf-8", errors="surrogateescape").encode()


def headers(form: Iterable[tuple[str, str]], url: str = "", token: str = TOKEN) -> dict[str, str]:
    """The headers of a request with this form to this address."""
    signed = signature(token, "sha1", url or ACCOUNT.public_url + PATH, form).decode()
    return {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "X-Twilio-Signature": signed}


def vendor_signature(form: Mapping[str, str], url: str = "") -> str:
    """The same by the vendor's code, which takes no parameter twice."""
    made: str = RequestValidator(TOKEN).compute_signature(url or ACCOUNT.public_url + PATH, form)
    return made
