"""Numbers on things: «mast 1042», «mastenr. 1042», «stolpe nr 1042», «NS-0204».

A register's keys are written in capitals, letters and digits joined by a hyphen: «ns 0204» is looked up as NS-0204.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from conversations.places.lexicon import UNITS, either


@dataclass(frozen=True, slots=True)
class ObjectNumber:
    """A number as a register's key, the thing's name as typed if it was named, and where it stands in the line."""

    key: str
    word: str
    start: int
    end: int


def find_numbers(line: str, words: tuple[str, ...], fewest_digits: int = 3) -> list[ObjectNumber]:
    """Numbers after one of the words that name such a thing, in any of its endings."""
    if not words:
        return []
    matches = _named(words).finditer(line)
    return [
        ObjectNumber(as_key(match["key"]), _thing(match["word"].lower(), words), match.start(), match.end())
        for match in matches
        if sum(map(str.isdecimal, match["key"])) >= fewest_digits
    ]


def find_marked(line: str) -> ObjectNumber | None:
    """A number with letters before it that stands alone and is no road: only a register can tell what it is."""
    match = _MARKED.search(line)
    return ObjectNumber(as_key(match[0]), "", match.start(), match.end()) if match else None


def read_number(line: str) -> ObjectNumber | None:
    """The number that a whole answer is."""
    match = _WHOLE.fullmatch(line)
    return ObjectNumber(as_key(match["key"]), "", match.start("key"), match.end("key")) if match else None


def find_bare(line: str) -> list[str]:
    """The numbers of a line that count nothing and belong to no other word: «4471 läcker», but not «4471 kr»."""
    return _BARE.findall(line)


def as_key(typed: str) -> str:
    """
    >>> as_key("ns 0204")
    'NS-0204'
    """
    letters, digits = re.fullmatch(r"([^\W\d_]*)[ -]*(.*)", typed.upper(), re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{letters}-{digits}" if letters else digits


def _thing(word: str, words: tuple[str, ...]) -> str:
    """«mastenummer», «mast nr» as «mast»."""
    named = _NUMBER_WORD.sub("", word)
    return named[:-1] if named not in words and named[:-1] in words else named


@lru_cache(maxsize=256)
def _named(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w-])(?P<word>{either(words)})(?:a|en|et|n|e|er|s)?(?:e?nr|e?nummer)?[.:]?"
        rf"(?: ?(?:med )?(?:nr|nummer|no|number|num|id)\b[.:]?)? ?#?(?<![0-9])(?P<key>{_KEY}){_NO_AMOUNT}",
        re.IGNORECASE,
    )


_NUMBER_WORD = re.compile(r" ?(?:nr|nummer|no|number)\.?$")
_KEY = r"(?:(?!nr|no)[a-zæøåäö]{1,4}[ -]?)?[0-9]{1,7}(?:-[0-9]{1,4})?"
_NO_AMOUNT = rf"(?![\w-])(?![.:,][0-9])(?! ?(?:%|(?:{either(UNITS)})(?!\w)))"
_MARKED = re.compile(
    r"(?<![\w-])(?!(?i:e|rv|fv|kv|kl|nr|no|se|tlf|id)[ -]?[0-9])(?:[A-ZÆØÅ]{2,4}[ -]?|[a-zæøå]{2,4}-?)[0-9]{3,6}"
    + _NO_AMOUNT
)
_BARE = re.compile(rf"(?<![\w.,:/+-])(?<![0-9] )[0-9]{{3,7}}(?! ?[0-9]){_NO_AMOUNT}")
_WHOLE = re.compile(
    r"(?:(?:nr|nummer|no|number|#)\.? ?)?(?P<key>(?:(?!nr|no)[a-z]{1,4}[ -]?)?[0-9]{2,7})[ .!]*", re.IGNORECASE
)
