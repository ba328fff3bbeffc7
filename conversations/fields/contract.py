"""What every kind of field offers: ``read``, ``find``, ``show`` and ``options``, one file a kind.

A kind never raises for any text a customer can write; only ``facts.Missing`` passes through, raised by
``Context.register`` where a row has not been looked up yet.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from itertools import chain
from typing import Protocol

from conversations.desk.model import FormField, Register
from conversations.places.geodesy import Point
from conversations.state import Json, Language, Option

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer: a JSON value, and what of the text was not used for it (it goes to the notes)."""

    value: Json
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Not an answer: the msgid of a plain sentence that says what is missing, with an example.

    ``options``: what it may mean; the question is put again with them, and they come back as ``Context.shown``.
    ``told``: the sentence is what was asked for.
    """

    problem: str
    values: Mapping[str, str] = field(default_factory=dict)
    told: bool = False
    options: tuple[Option, ...] = ()


def no_rows(register: str, key: str) -> Row | None:
    """The look-up of a desk without registers."""
    return None


def none_near(register: str, point: Point, within_m: int) -> Row | None:
    """The same by place."""
    return None


def nothing_said(text: str) -> Mapping[str, int]:
    """What is said of a desk whose choices name no lists of words."""
    return {}


@dataclass(frozen=True, slots=True)
class Context:
    """What a kind may know besides the field and the text.

    ``register`` answers a row by (register, key), None where there is none, or raises ``facts.Missing``; ``nearest``
    so the row nearest to a point, at most so many metres off.
    ``registers`` are the desk's. ``shown`` are the options as the customer saw them (``Asked.options``);
    empty: as the field has them now. ``known`` is what the field already holds, when it is asked anew
    to be made precise. ``sender`` is the address that writes: for "the same number". ``now`` is aware, in
    UTC (None: no time of day is understood), and ``zone`` is the desk's. ``said`` answers which phrases with lists a
    text says (``danger.Detector.said``).
    """

    language: Language
    register: Callable[[str, str], Row | None] = no_rows
    registers: Mapping[str, Register] = field(default_factory=dict)
    shown: tuple[Option, ...] = ()
    known: Json = None
    sender: str = ""
    now: datetime | None = None
    zone: tzinfo = UTC
    nearest: Callable[[str, Point, int], Row | None] = none_near
    said: Callable[[str], Mapping[str, int]] = nothing_said


class Kind(Protocol):
    """The four functions of a kind; a kind is a module."""

    def read(self, field: FormField, text: str, context: Context) -> Taken | Refused:
        """The text answers this very question."""

    def find(self, field: FormField, text: str, context: Context) -> Taken | None:
        """The answer in a free text that was not asked for; None rather than a guess."""

    def show(self, field: FormField, value: Json, context: Context) -> str:
        """The value as it is read back: one line, at most ``field.max_shown`` characters; "" for none of this field."""

    def options(self, field: FormField, context: Context) -> tuple[Option, ...]:
        """The numbered choices to show with the question, if it has any."""


def register_words(field: FormField, context: Context) -> tuple[str, ...]:
    """What people call a row of the field's register, in all languages of the desk."""
    register = context.registers.get(field.register_ or "")
    listed = chain.from_iterable(register.words.values()) if register else ()
    return tuple(dict.fromkeys(word.lower() for word in listed))


def no_options(field: FormField, context: Context) -> tuple[Option, ...]:
    """The options of a kind that offers none."""
    return ()


def shortened(text: str, most: int) -> str:
    """One line of at most ``most`` characters, with typewriter marks and no pictures: those cost a text its GSM-7.

    What is cut ends in three dots.
    """
    typed = text.translate(_TYPEWRITER)
    if _MAY_BE_PICTURE.search(typed):
        typed = "".join(" " if unicodedata.category(letter) in _PICTURES else letter for letter in typed)
    line = " ".join(typed.split())
    return line if len(line) <= most else line[: max(most - 3, 0)].rstrip() + "..."[:most]


def localized(texts: Mapping[Language, str], language: Language) -> str:
    """The text in the language, or in the first that the desk has (``desk check`` demands all of them)."""
    return texts.get(language) or next(iter(texts.values()), "")


# All but ASCII and the letters of European languages.
_MAY_BE_PICTURE = re.compile("[^\x00-\x7fÀ-ɏ]")
_PICTURES = frozenset({"So", "Sk", "Cf", "Cs", "Co", "Cn"})
_TYPEWRITER = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "’": "'",
        "‘": "'",
        "´": "'",
        "`": "'",
        "–": "-",
        "—": "-",
        "…": "...",
    }
)
