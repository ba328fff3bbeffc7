"""The form that Twilio posts: read strictly, believed when signed, and only where it can be read one way.

Twilio's signature runs names and values together without a mark between them. One signed form can therefore
be cut into other forms that are signed as well: `Body=hei`, `From=+47…` is also `Body=heiFrom+47…`; and a
person who may choose the text of a message could write a whole second form into it, of any sender, if he ever
saw the signature. Parameters that we do not know must be accepted (Twilio adds some without notice), so those
cuts are found by what they leave behind: wherever the cut is made, the true names and values must still stand
in some value. A form with such a value is refused. An honest text that looks like one is refused too; it is
fetched a little later from the provider's list, so it is late and not lost. What cannot be found is a cut
that gives the end of a text to a new name ("Dalen" in "linja henger. Dalen"): it shortens that text and
forges nothing else.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from channels.contract import Forged, Malformed
from channels.sms.twilio.account import Account
from channels.sms.twilio.signature import is_signed, spellings

FORM_TYPE: Final = "application/x-www-form-urlencoded"
FIELDS_AT_MOST: Final = 1000

_CHARSETS: Final = ("", "utf-8", "utf8", "us-ascii")
_BROKEN_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,63}")
_CUT_ELSEWHERE: Final = re.compile(
    r"(?:Account|Message|Sms)Sid(?:AC|SM|MM)|NumMedia[0-9]|NumSegments[0-9]|MessageStatus[a-z]"
    r"|To\+[0-9]|From(?:[+0-9A-Z]|$)"
)


class SignedForm:
    """The parameters of a request that the account's provider has signed."""

    def __init__(self, account: Account, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """Raises Forged or Malformed. The signature is judged before anything that the form says."""
        pairs = _pairs(headers.get("Content-Type", ""), body)
        urls = [base + path for base in spellings(account.public_url.rstrip("/"))]
        if not is_signed(_secrets(account), urls, pairs, headers.get("X-Twilio-Signature")):
            raise Forged("no signature of this account's")
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            if not _NAME.fullmatch(name):
                raise Malformed("a parameter has no proper name")
            if _CUT_ELSEWHERE.search(value):
                raise Malformed("a value holds a part of another form")
            self._values.setdefault(name, []).append(value)

    def one(self, name: str, pattern: re.Pattern[str]) -> str:
        """The value of a parameter that must be there once."""
        if name not in self._values:
            raise Malformed(f"{name} is missing")
        return self.at_most_one(name, pattern)

    def at_most_one(self, name: str, pattern: re.Pattern[str], default: str = "") -> str:
        """The value of a parameter that may be missing."""
        values = self._values.get(name, [default])
        if len(values) > 1:
            raise Malformed(f"{name} is doubled")
        if not pattern.fullmatch(values[0]):
            raise Malformed(f"{name} is not what Twilio sends")
        return values[0]


def _pairs(content_type: str, body: bytes) -> list[tuple[str, str]]:
    kind, _, parameters = content_type.partition(";")
    if kind.strip().lower() != FORM_TYPE:
        # A JSON or multipart webhook is signed in another way, which we never asked for.
        raise Forged("not a form")
    charset = re.search(r"charset\s*=\s*\"?([^\s;\"]*)", parameters, re.IGNORECASE)
    if charset and charset[1].lower() not in _CHARSETS:
        raise Malformed("a form in another charset than UTF-8", 415)
    if body.count(b"&") >= FIELDS_AT_MOST:
        raise Malformed("too many parameters", 413)
    if _BROKEN_ESCAPE.search(body):
        raise Malformed("a broken %-escape", 400)
    text = body.decode("utf-8", "surrogateescape")
    return parse_qsl(text, keep_blank_values=True, errors="surrogateescape")


def _secrets(account: Account) -> list[tuple[str, str]]:
    return [
        *((token, "sha1") for token in account.auth_tokens),
        *((key, "sha256") for key in account.shared_keys),
    ]
