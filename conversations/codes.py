"""One-time codes as text and numbers: found in what a person writes, masked for keeping, how long and how many.

They are drawn, kept (as a keyed MAC) and compared in storage. What each code may be used for is bound there.
"""

import re
import unicodedata
from datetime import datetime, timedelta

from conversations.desk.model import Identity
from conversations.facts import CodeCounts
from conversations.limits import Allowed, Refused, code_limit
from conversations.state import LiveChallenge
from conversations.typed import bare

TOLD_SO = timedelta(hours=1)
TRIES = 5
"""Per challenge; a resend does not give new ones."""

DIGITS = 6
LONG_DIGITS = 8
LONG_PURPOSES = frozenset({"approve", "change_contact", "erase", "export"})


def digits_for(purpose: str) -> int:
    """6; 8 for approvals, changes of number or mailbox, and what the law lets a person ask about their data."""
    return LONG_DIGITS if purpose in LONG_PURPOSES else DIGITS


def may_send(counts: CodeCounts, destination: str, identity: Identity) -> Allowed | Refused:
    """Whether a code, or one more, may go to this number or mailbox now."""
    return code_limit(counts, destination, identity) or Allowed()


def awaited(live: LiveChallenge | None, now: datetime) -> LiveChallenge | None:
    """The code that is awaited still; for an hour after its end a late one is told so, and then it is forgotten."""
    over = live is not None and live.expires_at is not None and live.expires_at + TOLD_SO <= now
    return None if over else live


def find_code(text: str, digits: int) -> str | None:
    """The one number of so many digits in the text: «123 456», "koden er 123456"; None for none or for two.

    A longer number and one with a plus before it (a phone's) hold no code.
    """
    found = {code for code in map(_digits, _RUN.findall(_plain(text))) if len(code) == digits}
    return found.pop() if len(found) == 1 else None


def mask_code(text: str, digits: int, *, mistyped: bool = True) -> str:
    """The text to be kept, with stars for the digits of all that may be a code; its length does not change.

    `mistyped`: a message that is nothing but a number is masked also with a digit too few or too many.
    """
    plain = _plain(text)
    slack = 1 if mistyped and _RUN.fullmatch(plain.strip(" \t\r\n.,!?:;\"'")) else 0
    runs = [run.span() for run in _RUN.finditer(plain) if abs(len(_digits(run[0])) - digits) <= slack]
    alone = [group.span() for group in _GROUP.finditer(plain) if len(group[0]) == digits]
    hidden = {at for start, end in (*runs, *alone) for at in range(start, end) if plain[at].isdecimal()}
    return "".join("*" if at in hidden else letter for at, letter in enumerate(text))


def names_code(text: str) -> bool:
    """Whether a text with a number in it offers that as a code: «481206», "koden er 481206", not «målernr 481206»."""
    return not says_more(text) or mentions_code(text)


def mentions_code(text: str) -> bool:
    """Whether a code is spoken of: «hvor er koden?»."""
    return any(word in _CODE_NAMES for word in _words_beside(text))


def says_more(text: str) -> bool:
    """Whether a text that brings a code says anything besides."""
    return any(word not in _BESIDE_CODE for word in _words_beside(text))


def _words_beside(text: str) -> list[str]:
    return bare(_SEPARATORS.sub(" ", _plain(text))).split()


def _plain(text: str) -> str:
    """The same text, letter for letter, with full-width, Arabic-Indic and other digits as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(letter)) if letter.isdecimal() else letter for letter in text)


def _digits(run: str) -> str:
    return re.sub(r"[^0-9]", "", run)


_SEPARATORS = re.compile(r"[0-9*.,:;!?()\"'-]+")
_CODE_NAMES = frozenset(
    bare(word) for word in ("kode", "koden", "engangskode", "kod", "koden", "engångskod", "code", "pin", "otp")
)
_BESIDE_CODE = _CODE_NAMES | frozenset(
    bare(word)
    for words in (
        "hei her er det var min min jeg fikk denne takk ja ok og mvh",
        "hej här är det var min mitt jag fick denna tack ja och",
        "hi here is it it's the my i got this thanks yes and",
    )
    for word in words.split()
)
_RUN = re.compile(r"(?<![\w+-])(?<![0-9][.,:/])[0-9]+(?:[ \u00a0\u2009-][0-9]+)*(?![\w-])(?![.,:/][0-9])")
_GROUP = re.compile(r"(?<![0-9])[0-9]+(?![0-9])")
