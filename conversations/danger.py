"""Danger in a customer's words: does a text open a danger case, ask "Er det fare nå?", or neither.

Rules of the game, for each sentence:

1. What a ``calm`` phrase fits counts for nothing: "ingen fare", "brannalarm", "Fire Street".
2. In what is left a ``strong`` phrase is worth 2, a ``weak`` one 1.
3. An ``aside`` (another time, or only supposed: "i fjor", "what if") takes 2 from what stands near it, and 1 if a
   comma is between; a ``doubt`` ("i går", "if") takes 1. A ``now`` ("fortsatt", "again") gives 1 of it back.
4. 2 opens, 1 asks; the worst sentence counts. What is found only across the end of a sentence ("It's the pole
   outside. It has come down.") asks.

Near is within fourteen words. How phrases are written: ``conversations.danger_syntax``. They come from the
catalogues (``locale/danger.*.txt``) and from the desk; all languages are looked for in every text.

With the same lists a desk says what its choices are called («<line> + <low>»); what is calm says none of them either.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from conversations.danger_match import Row, Terms, Vocabulary, all_of, around, within
from conversations.danger_syntax import Phrases, fold, problem, problems
from conversations.remembered import remembered

__all__ = ["LONGEST", "Detector", "Phrases", "Verdict", "compile_phrases", "problem", "problems"]

LONGEST = 10_000
"""Characters of a text that are read."""

_WORD = re.compile(r"[a-z0-9]+|\.\.+|[.!?\n,;:()]")
_ENDS = frozenset(".!?\n")


class Verdict(StrEnum):
    """What a text asks of the gateway."""

    OPEN = "open"
    ASK = "ask"
    NONE = "none"


_VERDICTS = (Verdict.NONE, Verdict.ASK, Verdict.OPEN)
_NONE, _ASKS, _OPENS = range(3)


def compile_phrases(phrases: Phrases, choices: Iterable[str] = ()) -> "Detector":
    """Makes ready to judge; once per desk. Raises ValueError that lists every problem of the phrases.

    ``choices``: phrases of choices that name lists.
    """
    choices = tuple(choices)
    if found := problems(phrases, choices):
        raise ValueError("\n".join(found))
    return Detector(phrases, choices)


class Detector:
    """Phrases made ready; the same text always has the same verdict. ``compile_phrases`` makes one."""

    def __init__(self, phrases: Phrases, choices: Iterable[str] = ()) -> None:
        terms = Terms(phrases.words)
        self._alarming = terms.index(phrases.strong + phrases.weak)
        self._strong = terms.index(phrases.strong)
        self._weak = terms.index(phrases.weak)
        self._calm = terms.index(phrases.calm)
        self._aside = terms.index(phrases.aside)
        self._doubt = terms.index(phrases.doubt)
        self._now = terms.index(phrases.now)
        self._comma = terms.index([","])
        self._choices = terms.index(choices)
        self._vocabulary = Vocabulary(terms.members)
        self.said = remembered(self._said)
        # What is judged is read once more for the choices that it says.
        self._read = lru_cache(4)(self._read_anew)

    def judge(self, text: str) -> Verdict:
        """The verdict on a text as the customer wrote it; any text has one."""
        words, terms = self._read(text)
        if not self._alarming.possible(all_of(terms)):
            return Verdict.NONE
        sentences = [Row(terms[begin : end + 1]) for begin, end in _sentences(words)]
        worth = max(map(self._worth, sentences))
        if worth < _OPENS and len(sentences) > 1:
            worth = max(worth, min(_ASKS, self._worth(Row(terms))))
        return _VERDICTS[worth]

    def _said(self, text: str) -> Mapping[str, int]:
        """The phrases of choices that a text says, each with the places of its words: a bit for each word."""
        words, terms = self._read(text)
        said: dict[str, int] = {}
        for begin, end in _sentences(words) if self._choices.possible(all_of(terms)) else ():
            row = Row(terms[begin : end + 1])
            for phrase, cover in row.fitting(self._choices, ~row.cover(self._calm)):
                said[phrase.written] = said.get(phrase.written, 0) | cover << begin
        return said

    def _read_anew(self, text: str) -> tuple[list[str], list[int]]:
        folded = fold(text[:LONGEST])
        words = [".", *_WORD.findall(folded), "."]
        return words, self._vocabulary.terms_of(words, folded)

    def _worth(self, row: Row) -> int:
        if not self._alarming.possible(row.terms):
            return _NONE
        free = ~row.cover(self._calm)
        hits = [(_OPENS, cover) for cover in row.covers(self._strong, free)]
        hits += [(_ASKS, cover) for cover in row.covers(self._weak, free)]
        if not hits:
            return _NONE
        aside = row.cover(self._aside, free)
        now = row.cover(self._now, free & ~aside)
        doubt = row.cover(self._doubt, free & ~now) | aside
        aside = within(aside, walls=row.cover(self._comma))
        doubt, now = around(around(doubt)), around(around(now))
        return max(_tempered(worth, cover & aside, cover & doubt, cover & now) for worth, cover in hits)


def _sentences(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    return pairwise(number for number, word in enumerate(words) if word in _ENDS)


def _tempered(worth: int, aside: int, doubt: int, now: int) -> int:
    less = 2 if aside else int(bool(doubt))
    return max(_NONE, min(worth, worth - less + bool(now)))
