"""Which of the numbered options a customer means by a number, an ordinal or a number word.

Digits are read against the options as they were shown. "2 stolper" is no answer 2; "2, og det haster" is.
"""

import re
import unicodedata
from dataclasses import dataclass

from conversations.typed import bare, composed, typings

_WORDS = (
    "en ett ein eitt én one første fyrste første första first 1st",
    "to två tvo two andre andra second 2nd",
    "tre three tredje third 3rd",
    "fire fyra four fjerde fjärde fourth 4th",
    "fem five femte fifth 5th",
    "seks sex six sjette sjätte sixth 6th",
    "sju syv seven sjuende syvende sjunde seventh 7th",
    "åtte åtta eight åttende åttonde eighth 8th",
    "ni nio nine niende nionde ninth 9th",
)
_LAST = ("siste", "sista", "last")
_AROUND = (
    "nr no num nummer number alternativ alternativet alt option svar svaret valg val choice "
    "den det the er är is it it's that's i jeg eg jag tar velger vel väljer vil ha vill blir blei "
    "tack takk please take choose pick"
)
_AND = "og och and eller or både begge både both nr"
_LEADING = re.compile(
    r"\s*(?:(?:nr|no|nummer|number|alternativ|option|svar)\b\.?\s*)?([0-9]{1,2})"
    r"\s*(?:[,;:)\-–]+\s*|\.\s+(?=(?-i:[A-ZÆØÅÄÖ]))|\n)([^0-9\s].*)",
    re.S | re.I,
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The number meant, from 1, and what of the text came after it. ``in_words``: not typed as digits."""

    number: int
    rest: str = ""
    in_words: bool = False


def read_number(text: str, count: int) -> Chosen | None:
    """The number that the text says among ``count`` options; it may be too high. None: no number is said."""
    line = _plain_digits(composed(text)).replace("#", " ")
    words = bare(line).split(" ")
    core = [word for word in words if word not in _AROUND_IT] or words[-1:]
    if len(core) == 2 and core[1] == "one":
        core = core[:1]
    if len(core) == 1:
        return _chosen(core[0], count)
    led = _LEADING.fullmatch(line)
    return Chosen(int(led[1]), led[2].strip()) if led else None


def numbers_in(text: str) -> list[int]:
    """The numbers of a text that is nothing but small numbers: «1 og 3», "1, 2"."""
    words = bare(_plain_digits(composed(text)).replace("/", " ")).split(" ")
    said = [word for word in words if word not in _JOINING]
    return [int(word) for word in said] if said and all(_SMALL.fullmatch(word) for word in said) else []


def _chosen(word: str, count: int) -> Chosen | None:
    if re.fullmatch("[0-9]{1,3}", word):
        return Chosen(int(word))
    number = count if word in _LASTS else _NUMBERS.get(word)
    return None if number is None else Chosen(number, in_words=True)


def _plain_digits(text: str) -> str:
    """Full-width, Arabic-Indic and other decimal digits as 0 to 9."""
    return text if text.isascii() else "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)


_SMALL = re.compile("[0-9]{1,2}")
_NUMBERS = {typed: n for n, words in enumerate(_WORDS, 1) for word in words.split() for typed in typings(word)}
_LASTS = frozenset(_LAST)
_AROUND_IT = frozenset(map(bare, _AROUND.split()))
_JOINING = frozenset(map(bare, _AND.split()))
