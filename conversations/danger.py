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
"""

import re
from enum import StrEnum
from itertools import pairwise

from conversations.danger_match import Row, Terms, Vocabulary, all_of, around, within
from conversations.danger_syntax import Phrases, fold, problem, problems

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


def compile_phrases(phrases: Phrases) -> "Detector":
    """Makes ready to judge; once per desk. Raises ValueError that lists every problem of the phrases."""
    if found := problems(phrases):
        raise ValueError("\n".join(found))
    return Detector(phrases)


class Detector:
    """Phrases made ready; the same text always has the same verdict. ``compile_phrases`` makes one."""

    def __init__(self, phrases: Phrases) -> None:
        terms = Terms(phrases.words)
        self._alarming = terms.index(phrases.strong + phrases.weak)
        self._strong = terms.index(phrases.strong)
        self._weak = terms.index(phrases.weak)
        self._calm = terms.index(phrases.calm)
        self._aside = terms.index(phrases.aside)
        self._doubt = terms.index(phrases.doubt)
        self._now = terms.index(phrases.now)
        self._comma = terms.index([","])
        self._vocabulary = Vocabulary(terms.members)

    def judge(self, text: str) -> Verdict:
        """The verdict on a text as the customer wrote it; any text has one."""
        folded = fold(text[:LONGEST])
        words = [".", *_WORD.findall(folded), "."]
        terms = self._vocabulary.terms_of(words, folded)
        if not self._alarming.possible(all_of(terms)):
            return Verdict.NONE
        ends = [number for number, word in enumerate(words) if word in _ENDS]
        sentences = [Row(terms[begin : end + 1]) for begin, end in pairwise(ends)]
        worth = max(map(self._worth, sentences))
        if worth < _OPENS and len(sentences) > 1:
            worth = max(worth, min(_ASKS, self._worth(Row(terms))))
        return _VERDICTS[worth]

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


def _tempered(worth: int, aside: int, doubt: int, now: int) -> int:
    less = 2 if aside else int(bool(doubt))
    return max(_NONE, min(worth, worth - less + bool(now)))
