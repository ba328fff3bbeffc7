"""Numbers in a text, in figures or in words, with what each may mean: "48 210", "1,5", "1.234", "2½", "ti tusen"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from conversations.fields.figures import LONGEST
from conversations.fields.number_words import number_words, read_number_words, times
from conversations.state import Language

BEYOND = 10**15
"""Numbers from here on are none: a float holds fifteen figures."""
_POINT: dict[Language, str] = {"nb": ",", "sv": ",", "en": "."}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it is said.

    ``readings``: what it may mean; ``is_clear``: the first of them that the field allows.
    """

    readings: tuple[Decimal, ...]
    start: int
    end: int
    is_clear: bool = True
    in_words: bool = False


def numerals(line: str, language: Language) -> list[Numeral]:
    """The numbers of a line in figures; where there are none, those in words."""
    line = _APOSTROPHE.sub(" ", line)
    return list(_in_figures(line[:LONGEST], language)) or list(_in_words(line[:LONGEST]))


def written(number: Decimal, language: Language) -> str:
    """A number as the language writes it, so that it is read as the same: 1 234,5; 1,234.5."""
    whole, _, decimals = format(abs(number), "f").partition(".")
    decimals = decimals.rstrip("0")
    if language == "en":
        # "1.234" would be read as either: a fourth decimal says that these are decimals.
        decimals += "0" if len(decimals) == 3 else ""
    grouped = f"{int(whole):,}".replace(",", " " if _POINT[language] == "," else ",")
    return f"{'-' if number < 0 else ''}{grouped}{_POINT[language] if decimals else ''}{decimals}"


def _in_figures(line: str, language: Language) -> Iterator[Numeral]:
    for match in _NUMERAL.finditer(line):
        sign = -1 if match["sign"] else 1
        half = Decimal("0.5") if match["half"] or match["alone"] else Decimal(0)
        more = _MORE.match(line, match.end())
        factor, end = (times(more[1]), more.end()) if more else (1, match.end())
        meant, is_clear = _readings(match["figures"] or "0", language)
        numbers = tuple(sign * (each + half) * factor for each in meant)
        if numbers and all(abs(number) < BEYOND for number in numbers):
            yield Numeral(numbers, match.start(), end if factor > 1 else match.end(), is_clear)


def _in_words(line: str) -> Iterator[Numeral]:
    words = list(_WORD.finditer(line))
    for first, last in number_words([word[0] for word in words]):
        number = read_number_words([word[0] for word in words[first:last]])
        if number is not None:
            minus = first > 0 and words[first - 1][0].lower() == "minus"
            start = words[first - minus].start()
            yield Numeral((-number if minus else number,), start, words[last - 1].end(), in_words=True)


def _readings(figures: str, language: Language) -> tuple[tuple[Decimal, ...], bool]:
    """What figures with separators may mean, and whether the first is meant wherever it can be.

    One separator before three figures is for thousands or for decimals: a comma is one of the two in each language,
    a full stop is used for both in all of them.
    """
    typed = figures.replace(" ", "")
    signs = [sign for sign in typed if sign in ".,"]
    if len(signs) > 1:
        return _with_thousands(typed, signs[0], signs[-1]), True
    decimal = _number(typed.replace(",", "."))
    if " " in figures or not _GROUPED.fullmatch(typed):
        return decimal, True
    thousands = _number(typed.replace(signs[0], ""))
    if signs[0] == "," and _POINT[language] == ",":
        return decimal + thousands, True
    return thousands + decimal, signs[0] == ","


def _with_thousands(typed: str, separator: str, last: str) -> tuple[Decimal, ...]:
    """Several separators: all of one kind, or a last one of the other kind for the decimals."""
    whole, _, decimals = typed.rpartition(last) if last != separator else (typed, "", "")
    is_grouped = _GROUPED.fullmatch(whole) and set(whole) & {".", ","} == {separator}
    return _number(f"{whole.replace(separator, '')}.{decimals}") if is_grouped else ()


def _number(figures: str) -> tuple[Decimal, ...]:
    return (Decimal(figures),) if len(figures) <= len(str(BEYOND)) else ()


# As thousands are written in Switzerland, and with some keyboards: 48'210.
_APOSTROPHE = re.compile(r"(?<=[0-9])['’´`](?=[0-9]{3}(?![0-9]))")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")
# Not a part of a word, a date, a time or a range: "A-500", "12.11.2025" has too many stops, "12:30", "40-50".
_NUMERAL = re.compile(
    r"(?<![\w/:])(?<![\w.,]-)(?<![0-9][.,-])(?:(?P<sign>-|minus )(?=[0-9]))?"
    r"(?:(?P<alone>½)|(?P<figures>[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)*)"
    r"(?![0-9]|[.,:/-][0-9]|'[0-9])(?P<half> ?½| 1/2| (?:og|och|and) (?:(?:en|et|ett|a) )?hal[fv]t?\b)?)",
    re.IGNORECASE,
)
_MORE = re.compile(r" ?([^\W\d_]+)\.?")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
