"""Finds phrases among the words of a text, in time that grows with its length and never with what it says.

A *term* is what can stand in one place of a phrase: a word, a choice of words, a list of words. It is a bit. A word
of a text has the bits of the terms that it fits; a term has, for a sentence, the bits of the places where it fits.
Words in order, words near one another and words left out of account are then shifts, ands and ors.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conversations.danger_syntax import parts_of, word_lists

LONGEST_WORD = 40
"""Letters of a word that are compared."""
_ANY = 1
_STEM = 3
_STEM_OF_FOLLOWER = 2
_EVERYWHERE = -1


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as the terms on each side of its ``+``; ``needs`` is all of them."""

    written: str
    parts: tuple[tuple[int, ...], ...]
    needs: int


Index = Sequence[tuple[int, Sequence[Phrase]]]
"""Phrases by their first term: where that fits nowhere, the others need not be looked at."""


def possible(index: Index, terms: int) -> list[Phrase]:
    """The phrases whose every term is among these."""
    found = [phrases for first, phrases in index if first & terms]
    return [phrase for phrases in found for phrase in phrases if phrase.needs & terms == phrase.needs]


def all_of(bits: Iterable[int]) -> int:
    """The bits of all of these."""
    union = 0
    for each in bits:
        union |= each
    return union


class Row:
    """The words of one sentence."""

    def __init__(self, terms_of_words: Iterable[int]) -> None:
        self._alike: dict[int, int] = {}
        for number, terms in enumerate(terms_of_words):
            if terms:
                self._alike[terms] = self._alike.get(terms, 0) | 1 << number
        self._places = {_ANY: _EVERYWHERE}
        self.terms = all_of(self._alike)

    def covers(self, index: Index, free: int = _EVERYWHERE) -> list[int]:
        """For each phrase that fits, the places of its words; only free places count."""
        return [cover for phrase in possible(index, self.terms) if (cover := self._cover(phrase, free))]

    def cover(self, index: Index, free: int = _EVERYWHERE) -> int:
        """The places of the words that any of the phrases fits."""
        return all_of(self.covers(index, free))

    def _cover(self, phrase: Phrase, free: int) -> int:
        first, *others = (self._cover_of_part(part, free) for part in phrase.parts)
        if not others:
            return first
        near = around(first)
        union = 0
        for other in others:
            if not other & near:
                return 0
            union |= other & near
        return union | first & around(union)

    def _cover_of_part(self, part: tuple[int, ...], free: int) -> int:
        # Forward: where each word fits after those before it. Back: where those after it do, too.
        reached = [self._free_places_of(part[0], free)]
        for term in part[1:]:
            fits = self._free_places_of(term, free)
            here = reached[-1] << 1 & fits
            if term != _ANY:
                # A group of words in a list fits its term in each of its places.
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

    def _free_places_of(self, term: int, free: int) -> int:
        places = self._places_of(term)
        if left_out := places & ~free if term != _ANY else 0:
            # Of a group of words that is left out in part, nothing is left: "on Fire Street".
            left_out |= left_out << 1 | left_out >> 1
        return places & free & ~left_out

    def _places_of(self, term: int) -> int:
        places = self._places.get(term)
        if places is None:
            places = all_of(alike for terms, alike in self._alike.items() if terms & term)
            self._places[term] = places
        return places


def around(places: int) -> int:
    """These places and seven on either side."""
    places |= places << 1 | places >> 1
    places |= places << 2 | places >> 2
    return places | places << 4 | places >> 4


class Terms:
    """Gives the terms of phrases their bits, and notes which words and word groups fit which."""

    def __init__(self, lists: Iterable[str]) -> None:
        self._lists = word_lists(lists)
        self._bits = {"_": _ANY}
        self.members: dict[str, int] = {}

    def index(self, phrases: Iterable[str]) -> Index:
        """These phrases by their first term; one that is written twice, once."""
        found: dict[int, list[Phrase]] = {}
        for phrase in map(self._phrase, dict.fromkeys(phrases)):
            found.setdefault(phrase.parts[0][0], []).append(phrase)
        return tuple(found.items())

    def _members(self, term: str) -> list[str]:
        members: list[str] = []
        for choice in term.split("|"):
            members += self._lists[choice[1:-1]] if choice.startswith("<") else [choice]
        return members

    def _phrase(self, written: str) -> Phrase:
        parts = tuple(tuple(map(self._bit, part)) for part in parts_of(written))
        return Phrase(written, parts, all_of(map(all_of, parts)) & ~_ANY)

    def _bit(self, term: str) -> int:
        if term not in self._bits:
            bit = self._bits[term] = 1 << len(self._bits)
            for member in self._members(term):
                self.members[member] = self.members.get(member, 0) | bit
        return self._bits[term]


_Followers = dict[str, list[tuple[list[list[str]], int]]]
"""The words after the first of word groups, by what the second word begins with."""


class Vocabulary:
    """The words and word groups of phrases, each with the terms that it fits."""

    def __init__(self, members: Mapping[str, int]) -> None:
        self._exact: dict[str, int] = {}
        self._starred: dict[str, list[tuple[str, list[str], int]]] = {}
        self._groups: dict[str, _Followers] = {}
        inner: list[tuple[list[str], int]] = []
        for member, terms in members.items():
            first, *others = member.split()
            pieces = first.split("*")
            if others:
                followers = self._groups.setdefault(first, {}).setdefault(others[0][:_STEM_OF_FOLLOWER], [])
                followers.append(([word.split("*") for word in others], terms))
            elif len(pieces) == 1:
                self._exact[first] = terms
            elif len(pieces[0]) >= _STEM:
                self._starred.setdefault(pieces[0][:_STEM], []).append((pieces[0], pieces, terms))
            else:
                inner.append((pieces, terms))
        self._exact["!"] = self._exact["\n"] = self._exact.get(".", 0)
        needles = _least([max(pieces, key=len) for pieces, _ in inner])
        self._inner = {
            needle: [(pieces, terms) for pieces, terms in inner if needle in max(pieces, key=len)] for needle in needles
        }

    def terms_of(self, words: Sequence[str], text: str) -> list[int]:
        """The terms that each of the words of a text fits, alone or in a group."""
        exact, starred, groups = self._exact, self._starred, self._groups
        found = [exact.get(word, 0) for word in words]
        for number, word in enumerate(words):
            for first, pieces, terms in starred.get(word[:_STEM], ()):
                if word.startswith(first) and _fits(pieces, word):
                    found[number] |= terms
            if followers := groups.get(word):
                self._add_groups(followers, number, words, found)
        for needle in self._inner:
            if needle in text:
                self._add_inner(needle, words, found)
        return found

    def _add_inner(self, needle: str, words: Sequence[str], found: list[int]) -> None:
        for number, word in enumerate(words):
            if needle in word:
                for pieces, terms in self._inner[needle]:
                    if _fits(pieces, word):
                        found[number] |= terms

    def _add_groups(self, followers: _Followers, number: int, words: Sequence[str], found: list[int]) -> None:
        for others, terms in followers.get(words[number + 1][:_STEM_OF_FOLLOWER], ()):
            end = number + 1 + len(others)
            if end <= len(words) and all(map(_fits, others, words[number + 1 : end])):
                for place in range(number, end):
                    found[place] |= terms


def _least(pieces: Iterable[str]) -> list[str]:
    """Those in which no other one is: a text that has none of these has none of all."""
    return [piece for piece in set(pieces) if not any(other in piece and other != piece for other in pieces)]


def _fits(pieces: Sequence[str], word: str) -> bool:
    """Whether a word begins with the first piece, ends with the last, and has the others between, in this order."""
    if len(pieces) == 1:
        return word == pieces[0]
    first, *inner, last = pieces
    at = len(first)
    word = word[:LONGEST_WORD]
    if len(word) < at + len(last) or not word.startswith(first) or not word.endswith(last):
        return False
    for piece in inner:
        at = word.find(piece, at, len(word) - len(last)) + len(piece)
        if at < len(piece):
            return False
    return True
