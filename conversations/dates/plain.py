"""A text in plain words: " D-1 evening kl halv n10 " for "i går kveld klokka halv ti".

Numbers stay as they are typed. ``_`` is any other word, ``#`` a number that is part of something else ("12B"), ``~`` a
word that says nothing here, ``,`` a mark within a sentence, ``-`` a dash and ``|`` what ends it.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, takewhile

from conversations.danger_syntax import fold
from conversations.dates.lexicon import ENTRIES, NO_SLIPS, OFTEN_MISTYPED
from conversations.remembered import remembered
from conversations.typed import composed

LONGEST = 2_000
"""Characters of a text that are read."""


@remembered
def plainly(text: str) -> str:
    """The text in plain words, a blank around each."""
    words = chain.from_iterable(map(_plain_of, _runs(composed(text[:LONGEST]))))
    return f" {' '.join(words)} "


def _runs(text: str) -> Iterator[list[str]]:
    """The tokens, with words that follow one another in one list, folded."""
    run: list[str] = []
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "word":
            run.append(fold(_DOT.sub("", match[0])))
            continue
        if run:
            yield run
            run = []
        if match.lastgroup == "number":
            yield [_number(match)]
        elif match.lastgroup == "end":
            yield ["|"]
        elif match.lastgroup == "mark":
            yield ["-" if match[0] in "-–—" else ","]
    if run:
        yield run


def _number(match: "re.Match[str]") -> str:
    """The number as typed; with letters glued to it that are no words about time it is part of something else."""
    text = match.string
    before = _GLUED_BEFORE.search(text, max(match.start() - _LONGEST_GLUED, 0), match.start())
    after = _GLUED_AFTER.match(text, match.end())
    glued = [fold(part[1]) for part in (before, after) if part]
    return match[0] if _FORMS.keys() >= {(word,) for word in glued} else "#"


def _plain_of(run: Sequence[str]) -> Iterator[str]:
    """The longest phrases of the lexicon, from the left; a word that is in none may be a misspelled one."""
    if run[0][0] in "0123456789#|,-":
        yield run[0]
        return
    words = [word if word in _VOCABULARY else _meant(word) for word in run]
    at = 0
    while at < len(words):
        length = next((n for n in range(_MOST_WORDS, 0, -1) if tuple(words[at : at + n]) in _FORMS), 1)
        yield _FORMS.get(tuple(words[at : at + length]), "_")
        at += length


def _meant(word: str) -> str:
    """The one frequent word that this is a slip of the thumb for, else the word itself."""
    if not _SHORTEST_TYPO <= len(word) <= _LONGEST_TYPO or word in _NO_SLIPS:
        return word
    keys = (word, *_one_letter_less(word))
    near = {known for key in keys for known in _MISTYPED.get(key, ()) if _is_one_slip(word, known)}
    return min(near, key=lambda known: (len(known), known)) if len({_FORMS[known,] for known in near}) == 1 else word


def _is_one_slip(typed: str, word: str) -> bool:
    """One letter too many, too few or another, or two that changed places; the first one is right."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(typed, word, strict=False))
    start = len(list(alike))
    left, right = typed[start:], word[start:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return start > 0 and (left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped)


def _one_letter_less(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def _is_name(word: str, plain: str) -> bool:
    """The names of days and months, if they are long enough to be like nothing else."""
    name = _NAME.match(plain)
    return name is not None and len(word) >= (7 if name["day"] else 5)


def _by_slip(words: Sequence[str]) -> dict[str, set[str]]:
    """Each word under itself and under what is left of it without one letter."""
    found: dict[str, set[str]] = {}
    for word in words:
        for key in (word, *_one_letter_less(word)):
            found.setdefault(key, set()).add(word)
    return found


_NAME = re.compile(r"(?P<day>D[-+]?[0-9])|wdp?[0-9]|m[0-9]")
_SHORTEST_TYPO = 4
_LONGEST_TYPO = 16
_LONGEST_GLUED = 20
_DOT = re.compile(r"[.\s]+")
# A dot after a short word is an abbreviation's, unless a sentence begins after it.
_TOKEN = re.compile(
    r"(?P<number>[0-9]{1,2}(?::[ea]|[dt]e|th|st|nd|rd)(?!\w)|[0-9]+(?:[.:/,-][0-9]+)*\.?)"
    r"|(?P<word>[ap]\. ?m\b\.?|[^\W\d_]+(?:['’`´][^\W\d_]+)*(?:(?<![^\W\d_]{5})\.(?!\s*(?:$|\n|[A-ZÆØÅÄÖ])))?)"
    r"|(?P<glue>(?<=\w)-(?=\w))|(?P<end>[.!?;\n]+)|(?P<mark>[^\w\s])"
)
_GLUED_BEFORE = re.compile(r"([^\W\d_]+)-?$")
_GLUED_AFTER = re.compile(r"-?([^\W\d_]+)")
_FORMS = {tuple(fold(form).split()): plain for form, plain in ENTRIES.items()}
_MOST_WORDS = max(map(len, _FORMS))
_VOCABULARY = frozenset(chain.from_iterable(_FORMS))
_NO_SLIPS = frozenset(map(fold, NO_SLIPS))
_FREQUENT = (
    *map(fold, OFTEN_MISTYPED),
    *(words[0] for words, plain in _FORMS.items() if len(words) == 1 and _is_name(words[0], plain)),
)
_MISTYPED = _by_slip(_FREQUENT)
