"""Places by name, after a preposition: «ved Furuneset», "at the bridge in Måløy", «i nærheten av skolen på Nes».

A name has a capital, or ends as places do; a landmark is a word we know. "I går", "på jobb" and "ved siden av"
are neither, and a sentence's first word is no name for its capital.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, pairwise

from conversations.language import WORDS
from conversations.places.lexicon import (
    BETWEEN,
    COMMON_NOUNS,
    ENGLISH_STREETS,
    LANDMARKS,
    LEAD_TO_NAMES,
    NAME_ENDS,
    NAME_PARTS,
    NO_PLACES,
    PLACE_ENDS,
    PLAIN_PLACES,
    PREPOSITIONS_IN,
    PREPOSITIONS_NEAR,
    SMALL_WORDS,
    STREET_ENDS,
    either,
)
from conversations.places.street import streets_alone


@dataclass(frozen=True, slots=True)
class Named:
    """A place's name as typed; the span takes its preposition in. ``near``: it says where more than in what."""

    name: str
    start: int
    end: int
    near: bool


def find_name(line: str) -> Named | None:
    """The one place that the line names; what a thing is near to before what it is in; None for two."""
    found = list(_names(line))
    near = [named for named in found if named.near]
    kept = near or found
    return kept[0] if len({named.name.lower() for named in kept}) == 1 else None


def may_be_name(line: str) -> bool:
    """Whether a short answer to "where" may be a place that nobody knows: «furuneset», «bak låven», «hytta til Hansen».

    It holds nothing but words that say nothing else, or one that is a place, has a capital or follows a preposition.
    """
    words = _WORD.findall(line)
    unknown = [word for word in words if _says_nothing_else(word.lower())]
    if any(_KNOWN.fullmatch(word) for word in words) or (unknown and len(unknown) == len(words)):
        return True
    return any(
        word in unknown and (before.lower() in _LEADS or (word[0].isupper() and not _shouted(line)))
        for before, word in pairwise(words)
    )


def _says_nothing_else(word: str) -> bool:
    return word not in _OF_SENTENCES and not word.isdecimal()


def _names(line: str) -> Iterable[Named]:
    end = 0
    for match in _PREPOSITION.finditer(line):
        if match.start() < end:
            continue
        name = _between(line, match) if match["between"] else _chain(line, match.end())
        if name is not None:
            start = match.start() if match["between"] else match.end()
            end = name
            yield Named(line[start:end].strip(), match.start(), end, match["near"] is not None)
    for start, stop in streets_alone(line):
        if stop > end:
            yield Named(line[start:stop], start, stop, near=True)


def _between(line: str, match: re.Match[str]) -> int | None:
    """The end of «X og Y»."""
    first = _one_name(line, match.end())
    joined = _AND.match(line, first) if first else None
    return _one_name(line, joined.end()) if joined else None


def _chain(line: str, at: int) -> int | None:
    """The end of a name and of those it lies in: «skolen» på «Raudeberg»."""
    end = _one_name(line, at)
    while end is not None and (inner := _INNER.match(line, end)):
        further = _one_name(line, inner.end())
        if further is None:
            break
        end = further
    return end


def _one_name(line: str, at: int) -> int | None:
    landmark = _LANDMARK.match(line, at)
    if landmark:
        return landmark.end()
    proper = _PROPER.match(line, at)
    if proper and not _shouted(line) and _is_place(proper[0]):
        return proper.end()
    small = _SMALL.match(line, at) or _SMALL_ENGLISH.match(line, at)
    return small.end() if small and _is_place(small[0]) else None


def _is_place(name: str) -> bool:
    return name.split()[0].lower() not in _NO_NAMES


def _shouted(line: str) -> bool:
    """All in capitals: they tell nothing."""
    return line.isupper()


_NO_NAMES = NO_PLACES | COMMON_NOUNS
_OF_SENTENCES = SMALL_WORDS.union(*WORDS.values())
_LEADS = frozenset(chain(PREPOSITIONS_NEAR, PREPOSITIONS_IN, BETWEEN, LEAD_TO_NAMES, NAME_PARTS))
_L = r"[^\W\d_]"
_WORD = re.compile(r"\w[\w'-]*")
_KNOWN = re.compile(
    rf"(?:{either((*LANDMARKS, *PLAIN_PLACES))})|{_L}{{3,30}}(?:{either((*PLACE_ENDS, *NAME_ENDS, *STREET_ENDS))})",
    re.IGNORECASE,
)
_CAPITAL = rf"(?=(?-i:[A-ZÆØÅÄÖ])){_L}[\w'-]+"
_PREPOSITION = re.compile(
    rf"(?<![\w/-])(?:(?P<near>{either(PREPOSITIONS_NEAR)})|(?P<between>{either(BETWEEN)})|{either(PREPOSITIONS_IN)})"
    r"(?:(?<=/) ?| )",
    re.IGNORECASE,
)
_INNER = re.compile(rf" (?:{either((*PREPOSITIONS_IN, 'ved', 'vid', 'of', 'at', 'til'))}) ", re.IGNORECASE)
_AND = re.compile(r" (?:og|och|and) ", re.IGNORECASE)
_LANDMARK = re.compile(
    rf"(?:the |den |det )?(?:(?:gamle|nye|gamla|nya|old|new|store|lille|stora|lilla) )?(?:{_L}+ )??"
    rf"(?:{either(LANDMARKS)})(?![\w-])",
    re.IGNORECASE,
)
_PROPER = re.compile(rf"(?:the )?{_CAPITAL}(?: {_CAPITAL}){{0,2}}", re.IGNORECASE)
_SMALL_ENGLISH = re.compile(rf"{_L}{{3,}}(?: {_L}{{3,}})? (?:{either(ENGLISH_STREETS)})(?![\w-])", re.IGNORECASE)
_SMALL = re.compile(rf"{_L}{{3,30}}(?:{either((*PLACE_ENDS, *STREET_ENDS))})(?![\w-])", re.IGNORECASE)
