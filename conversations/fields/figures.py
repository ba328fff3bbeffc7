"""Figures as people type them: 0 to 9 whatever the keyboard, groups with blanks, hyphens or full stops between."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from conversations.typed import bare, one_line

LONGEST = 2_000
"""Characters of a text in which figures are looked for; what is beyond is left over."""
_AROUND = (
    "og och and eller or samt er är is it's it det den this dette detta mitt min my mine i på on at til till to "
    "nr nummer nummeret numret number no jeg jag eg har have ha we vi hei hej hi hello takk tack thanks please svar "
    "her här here fra från from bruk"
)


@dataclass(frozen=True, slots=True)
class Row:
    """Groups of figures that stand together: only the figures, and where in the line they begin and end."""

    figures: str
    start: int
    end: int


def plain_line(text: str) -> str:
    """One line with figures as 0 to 9, and with typewriter hyphens."""
    line = one_line(text)
    if line.isascii():
        return line
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in line.translate(_HYPHENS))


def rows(line: str) -> list[Row]:
    """Every row of figures, as long as it goes."""
    return [_row(row.start(), tuple(_GROUP.finditer(row[0]))) for row in _ROW.finditer(line[:LONGEST])]


def rows_of(line: str, count: int) -> Iterator[Row]:
    """Every row of so many figures, also where further groups stand beside it."""
    for row in _ROW.finditer(line[:LONGEST]):
        groups = tuple(_GROUP.finditer(row[0]))
        for first in range(len(groups)):
            length = 0
            for last in range(first, len(groups)):
                length += len(groups[last][0])
                if length == count:
                    yield _row(row.start(), groups[first : last + 1])
                if length >= count:
                    break


def without(line: str, spans: Sequence[tuple[int, int]], also: Collection[str] = ()) -> str:
    """What is left of a line beside an answer, but for parts that are only words that go with one: "mitt nummer er".

    ``also``: further such words, as ``bare`` writes them.
    """
    parts, at = [], 0
    for start, end in (*sorted(spans), (len(line), len(line))):
        part = line[at:start].strip(' ,.:;/<>"-')
        if any(word not in _GOES_WITH and word not in also for word in _WORD.findall(bare(part))):
            parts.append(part)
        at = max(at, end)
    return ", ".join(parts)


def _row(offset: int, groups: Sequence[re.Match[str]]) -> Row:
    figures = "".join(group[0] for group in groups)
    return Row(figures, offset + groups[0].start(), offset + groups[-1].end())


_ROW = re.compile(r"(?<![0-9])[0-9]+(?:[ .-][0-9]+)*")
_GROUP = re.compile(r"[0-9]+")
_WORD = re.compile(r"\w[\w'-]*")
_HYPHENS = str.maketrans("–—‐‑−", "-----")
_GOES_WITH = frozenset(map(bare, _AROUND.split()))
