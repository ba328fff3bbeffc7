"""Phrases of a desk in a customer's words, with the syntax of ``conversations.danger_syntax`` but for its lists.

A phrase that a negation stands shortly before is not said: "ikke lav linje".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from conversations.danger_syntax import fold, parts_of
from conversations.remembered import remembered
from conversations.words import is_unknown

LONGEST = 2_000
"""Characters of a text that are read."""
NEAR = 7
"""Words between the two sides of a ``+``, at the most."""
# Without English "no", which is folded as Norwegian "noe" (some) is.
_NOT = "ikke ikkje itj itte ingen inga uten inte ej utan not isnt arent without"
_NEGATES = 3
_TOKEN = re.compile(r"[a-z0-9]+|[.!?\n;:]+")

NEGATIONS = frozenset(map(fold, _NOT.split()))
"""Words that deny what follows them, folded."""

MOST_OF_UNKNOWN = 4
"""Words of a text that says «vet ikke» and no more."""

Sentences = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Each side of the ``+`` as a row of words, with what is no plain word as a pattern; ``needs``: the plain ones.

    ``denies``: it has a negation of its own («ikke + strøm»), so that one before a part takes nothing from it.
    """

    parts: tuple[tuple["str | re.Pattern[str]", ...], ...]
    needs: frozenset[str]
    denies: bool


@remembered
def sentences_of(text: str) -> Sentences:
    """The words of a text as they are compared, sentence by sentence: once for all phrases."""
    sentences: list[list[str]] = [[]]
    for token in _TOKEN.findall(fold(text[:LONGEST])):
        if token[0].isalnum():
            sentences[-1].append(token)
        else:
            sentences.append([])
    return tuple(tuple(sentence) for sentence in sentences if sentence)


def folded_words(text: str) -> list[str]:
    """All the words of a text as they are compared."""
    return list(chain.from_iterable(sentences_of(text)))


@lru_cache(maxsize=4096)
def as_phrase(label: str) -> str:
    """A label as a phrase: its words, folded."""
    return " ".join(folded_words(label))


def said(phrases: tuple[str, ...], text: str | Sentences) -> int:
    """How many words of the text one of the phrases covers, the most of them; 0 where none is said."""
    sentences = sentences_of(text) if isinstance(text, str) else text
    book = _book(phrases)
    return max((_covered(book, sentence) for sentence in sentences), default=0)


def _covered(book: "_Book", sentence: Sequence[str]) -> int:
    return max((_length(phrase, sentence) for phrase in book.likely(frozenset(sentence))), default=0)


def _length(phrase: _Phrase, sentence: Sequence[str]) -> int:
    """The words that the phrase covers where each side of its ``+`` is near the first one; 0 if it does not fit."""
    places = [
        [at for at in range(len(sentence)) if _stands(part, sentence, at, phrase.denies)] for part in phrase.parts
    ]
    for first in places[0] if places else ():
        if all(any(abs(at - first) <= NEAR for at in others) for others in places[1:]):
            return sum(map(len, phrase.parts))
    return 0


def _stands(part: Sequence["str | re.Pattern[str]"], sentence: Sequence[str], at: int, denies: bool) -> bool:
    if at + len(part) > len(sentence):
        return False
    fits = all(_fits(written, sentence[at + number]) for number, written in enumerate(part))
    return fits and (denies or NEGATIONS.isdisjoint(sentence[max(at - _NEGATES, 0) : at]))


def _fits(written: "str | re.Pattern[str]", word: str) -> bool:
    return written == word if isinstance(written, str) else written.fullmatch(word) is not None


@dataclass(frozen=True, slots=True)
class _Book:
    """Phrases by one of the plain words that they need: the others need not be looked at."""

    by_word: Mapping[str, Sequence[_Phrase]]
    without: Sequence[_Phrase]

    def likely(self, words: frozenset[str]) -> Iterator[_Phrase]:
        yield from self.without
        for word in words:
            for phrase in self.by_word.get(word, ()):
                if phrase.needs <= words:
                    yield phrase


@lru_cache(maxsize=1024)
def _book(phrases: tuple[str, ...]) -> _Book:
    by_word: dict[str, list[_Phrase]] = {}
    without = []
    for phrase in map(_compiled, phrases):
        if phrase.needs:
            by_word.setdefault(max(phrase.needs, key=len), []).append(phrase)
        else:
            without.append(phrase)
    return _Book(by_word, without)


def _compiled(phrase: str) -> _Phrase:
    written = parts_of(phrase)
    parts = tuple(tuple(map(_word, part)) for part in written)
    denies = any(not NEGATIONS.isdisjoint(word.split("|")) for word in chain.from_iterable(written))
    needs = frozenset(word for word in chain.from_iterable(parts) if isinstance(word, str))
    return _Phrase(parts if all(parts) else (), needs, denies)


def _word(written: str) -> "str | re.Pattern[str]":
    if written.isalnum():
        return written
    if written == "_":
        return re.compile("[a-z0-9]+")
    choices = (".*".join(map(re.escape, choice.split("*"))) for choice in written.split("|"))
    return re.compile("|".join(choices))


def says_unknown(text: str) -> bool:
    """Nothing but that its writer does not know."""
    return is_unknown(text) and len(folded_words(text)) <= MOST_OF_UNKNOWN
