"""Finds danger phrases among the words of a text, in time that grows with its length and hardly with what it says.

A *term* is what can stand in one place of a phrase: a word, a choice of words, a list of words. It is one bit. A
word of a text has the bits of the terms that it fits; a term has, in a sentence, the bits of the places where it
fits. Words in order, words near one another and words left out of account are then shifts, ands and ors.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conversations.danger_syntax import parts_of, word_lists

LONGEST_WORD = 40
"""Letters of a word that are compared with a starred one."""

_ANY = 1
_EVERYWHERE = -1
_STEM = 3
_STEM_OF_SECOND = 2
_SAME_AS = {".": "!\n", ",": (*";:()", "..", "...")}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as the terms on each side of its ``+``; ``needs`` has all of them."""

    written: str
    parts: tuple[tuple[int, ...], ...]
    needs: int


class Index:
    """Phrases by their first term: where that fits nowhere, they need not be looked at."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._by_first: dict[int, list[Phrase]] = {}
        for phrase in phrases:
            self._by_first.setdefault(phrase.parts[0][0], []).append(phrase)
        self._firsts = all_of(self._by_first)

    def possible(self, terms: int) -> list[Phrase]:
        """The phrases whose every term is among these."""
        found = []
        firsts = self._firsts & terms
        while firsts:
            first = firsts & -firsts
            found += [phrase for phrase in self._by_first[first] if phrase.needs & terms == phrase.needs]
            firsts ^= first
        return found


class Row:
    """The words of one sentence, given as the terms that each of them fits."""

    def __init__(self, words: Sequence[int]) -> None:
        self._alike: dict[int, int] = {}
        for number, terms in enumerate(words):
            if terms:
                self._alike[terms] = self._alike.get(terms, 0) | 1 << number
        self._places = {_ANY: _EVERYWHERE}
        self.terms = all_of(self._alike)

    def fitting(self, index: Index, free: int = _EVERYWHERE) -> list[tuple[Phrase, int]]:
        """The phrases that fit, each with the places of its words; it may have free places only."""
        return [(phrase, cover) for phrase in index.possible(self.terms) if (cover := self._cover(phrase, free))]

    def covers(self, index: Index, free: int = _EVERYWHERE) -> list[int]:
        """The places of the words of each phrase that fits."""
        return [cover for _, cover in self.fitting(index, free)]

    def cover(self, index: Index, free: int = _EVERYWHERE) -> int:
        """The places of the words of all phrases that fit."""
        return all_of(self.covers(index, free))

    def _cover(self, phrase: Phrase, free: int) -> int:
        first, *others = (self._cover_of_part(part, free) for part in phrase.parts)
        if not others:
            return first
        near, far_side = around(first), 0
        for other in others:
            if not (other := other & near):
                return 0
            far_side |= other
            near |= around(other)
        cover = far_side | first & around(far_side)
        # "tråd" (a wire) is compared as "träd" (a tree) is: one word is not both.
        return cover if cover.bit_count() >= len(phrase.parts) else 0

    def _cover_of_part(self, part: tuple[int, ...], free: int) -> int:
        # Forward: where each word fits after those before it. Back: where those after it do, too.
        reached = [self._free_places(part[0], free)]
        for term in part[1:]:
            fits = self._free_places(term, free)
            here = reached[-1] << 1 & fits
            if term != _ANY:
                # A group of up to three words fits its list in each of its places.
                here |= here << 1 & fits
                here |= here << 1 & fits
            reached.append(here)
        cover = back = reached.pop()
        while reached:
            fits = reached.pop()
            back = back >> 1 & fits
            back |= back >> 1 & fits
            back |= back >> 1 & fits
            cover |= back
        return cover

    def _free_places(self, term: int, free: int) -> int:
        places = self._places_of(term)
        if term != _ANY and (left_out := places & ~free):
            # Of a group that is left out in part nothing is left: "on fire" in "on Fire Street".
            free &= ~(left_out << 1 | left_out >> 1)
        return places & free

    def _places_of(self, term: int) -> int:
        places = self._places.get(term)
        if places is None:
            places = all_of(places for terms, places in self._alike.items() if terms & term)
            self._places[term] = places
        return places


class Terms:
    """Gives the terms of phrases their bits, and notes in ``members`` which words and word groups fit which."""

    def __init__(self, lists: Iterable[str]) -> None:
        self._lists = word_lists(lists)
        self._bits = {"_": _ANY}
        self.members: dict[str, int] = {}

    def index(self, phrases: Iterable[str]) -> Index:
        """These phrases; one that is written twice, once."""
        return Index(map(self._phrase, dict.fromkeys(phrases)))

    def _phrase(self, written: str) -> Phrase:
        parts = tuple(tuple(map(self._bit, part)) for part in parts_of(written))
        return Phrase(written, parts, all_of(map(all_of, parts)) & ~_ANY)

    def _bit(self, term: str) -> int:
        if term not in self._bits:
            bit = self._bits[term] = 1 << len(self._bits)
            for choice in term.split("|"):
                for member in self._lists[choice[1:-1]] if choice.startswith("<") else [choice]:
                    self.members[member] = self.members.get(member, 0) | bit
        return self._bits[term]


_Pieces = Sequence[str]
"""A word cut at its stars: ``linj*`` is ``linj`` and nothing."""


class Vocabulary:
    """The words and word groups of phrases, each with the terms that it fits."""

    def __init__(self, members: Mapping[str, int]) -> None:
        self._exact: dict[str, int] = {}
        self._begins: dict[str, list[tuple[_Pieces, int]]] = {}
        self._groups: dict[str, dict[str, list[tuple[list[_Pieces], int]]]] = {}
        inner: list[tuple[_Pieces, int]] = []
        for member, terms in members.items():
            first, *others = member.split()
            pieces = first.split("*")
            if others:
                seconds = self._groups.setdefault(first, {}).setdefault(others[0][:_STEM_OF_SECOND], [])
                seconds.append(([word.split("*") for word in others], terms))
            elif len(pieces) == 1:
                self._exact[first] = terms
            elif len(pieces[0]) >= _STEM:
                self._begins.setdefault(first[:_STEM], []).append((pieces, terms))
            else:
                inner.append((pieces, terms))
        self._inner = _by_needle(inner)
        for mark, same in _SAME_AS.items():
            self._exact |= dict.fromkeys(same, self._exact.get(mark, 0))

    def terms_of(self, words: Sequence[str], text: str) -> list[int]:
        """The terms that each of the words of a text fits, alone or in a group."""
        exact, begins, groups = self._exact, self._begins, self._groups
        found = [exact.get(word, 0) for word in words]
        for number, word in enumerate(words):
            for pieces, terms in begins.get(word[:_STEM], ()):
                if word.startswith(pieces[0]) and _fits(pieces, word):
                    found[number] |= terms
            if word in groups:
                self._add_groups(number, words, found)
        for needle in self._inner:
            if needle in text:
                self._add_inner(needle, words, found)
        return found

    def _add_groups(self, number: int, words: Sequence[str], found: list[int]) -> None:
        second = words[number + 1] if number + 1 < len(words) else ""
        for others, terms in self._groups[words[number]].get(second[:_STEM_OF_SECOND], ()):
            end = number + 1 + len(others)
            if end <= len(words) and all(map(_fits, others, words[number + 1 : end])):
                for place in range(number, end):
                    found[place] |= terms

    def _add_inner(self, needle: str, words: Sequence[str], found: list[int]) -> None:
        for number, word in enumerate(words):
            if needle in word:
                for pieces, terms in self._inner[needle]:
                    if _fits(pieces, word):
                        found[number] |= terms


def around(places: int) -> int:
    """These places and seven on either side."""
    places |= places << 1 | places >> 1
    places |= places << 2 | places >> 2
    return places | places << 4 | places >> 4


def within(places: int, walls: int) -> int:
    """These places and fourteen on either side, up to the next wall."""
    for _ in range(14):
        places |= (places << 1 | places >> 1) & ~walls
    return places


def all_of(bits: Iterable[int]) -> int:
    """The bits of all of these."""
    union = 0
    for each in bits:
        union |= each
    return union


def _by_needle(starred: Sequence[tuple[_Pieces, int]]) -> dict[str, list[tuple[_Pieces, int]]]:
    """Words by the shortest piece that is in several of them: a text without it has none of them."""
    longest = [max(pieces, key=len) for pieces, _ in starred]
    needles = [piece for piece in set(longest) if not any(other in piece and other != piece for other in longest)]
    return {
        needle: [word for word, piece in zip(starred, longest, strict=True) if needle in piece] for needle in needles
    }


def _fits(pieces: _Pieces, word: str) -> bool:
    """Whether a word begins with the first piece, ends with the last, and has the others between, in this order."""
    if len(pieces) == 1:
        return word == pieces[0]
    first, *inner, last = pieces
    word = word[:LONGEST_WORD]
    at, end = len(first), len(word) - len(last)
    if at > end or not word.startswith(first) or not word.endswith(last):
        return False
    for piece in inner:
        found = word.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
