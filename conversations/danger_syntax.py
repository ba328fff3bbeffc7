"""How danger phrases are written, read and checked; ``conversations.danger`` says what they mean.

A phrase is not a regular expression. It is built from words:

    røyk fra               these words, one after the other; ``_`` stands for any one word
    stå*  *brann  bran*vei words that begin so, end so, begin and end so; ``*kabel*`` has it in it
    falt|fallen            either word
    <line>                 any word or word group that ``words`` lists: ``line: linje, *kabel*, power line``
    <line> + <fell>        both in one sentence, at most seven words apart, in any order; a third so near to either
    . kan dere   . brand . ``.`` is where a sentence begins or ends, ``?`` where it ends as a question

Words are compared folded: lower case; æ ä å as a and ø ö as o, also typed ae, aa, oe; a doubled consonant as one,
because people in a hurry write "brener"; a vowel drawn out is one; hyphens and apostrophes are left out. So words
of two languages may fall together ("hiss" and "his", "löst" and "lost", "små" and "sma"): mind it in long lists.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from itertools import chain

MOST_WORDS = 8
MOST_PARTS = 3


@dataclass(frozen=True)
class Phrases:
    """What to look for, all languages together; lines of ``words`` with the same name add up."""

    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    calm: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    doubt: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def __add__(self, other: "Phrases") -> "Phrases":
        """These and those: the general phrases and a desk's own."""
        return Phrases(**{kind: getattr(self, kind) + getattr(other, kind) for kind in KINDS})


KINDS = tuple(field.name for field in fields(Phrases))


def read_phrases(text: str) -> Phrases:
    """Phrases from the text of a file: a line each under ``[strong]``, ``[words]`` …; ``#`` begins a comment.

    Raises ValueError for a line under no heading and for an unknown heading.
    """
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    kind = ""
    for number, written in enumerate(text.splitlines(), 1):
        line = written.partition("#")[0].strip()
        if line.startswith("["):
            kind = line.strip("[]")
        if line and kind not in found:
            raise ValueError(f"line {number}: {line!r} is under no heading of {', '.join(KINDS)}")
        if line and not line.startswith("["):
            found[kind].append(line)
    return Phrases(**{kind: tuple(lines) for kind, lines in found.items()})


def problem(phrase: str) -> str | None:
    """What is wrong with the form of a phrase, for whoever wrote it; None if nothing is."""
    parts = parts_of(phrase)
    if not all(parts):
        return "a phrase has words, and so has each side of a +"
    if len(parts) > MOST_PARTS or sum(map(len, parts)) > MOST_WORDS:
        return f"at most {MOST_WORDS} words, and {MOST_PARTS - 1} times +"
    if any("_" in (part[0], part[-1]) for part in parts):
        return "_ stands between two words"
    choices = chain.from_iterable(word.split("|") for word in chain.from_iterable(parts))
    return next(filter(None, map(_problem_of_choice, choices)), None)


def problems(phrases: Phrases, choices: Iterable[str] = ()) -> list[str]:
    """Everything that is wrong with them, names that no list has included; empty if nothing is."""
    lists = word_lists(phrases.words)
    found = [f"choices: {each!r}: {fault}" for each in choices if (fault := problem(each) or unknown_list(each, lists))]
    for kind in KINDS:
        for line in getattr(phrases, kind):
            for phrase in members_of(line) if kind == "words" else (line,):
                fault = problem(phrase) or unknown_list(phrase, lists)
                if kind == "words":
                    fault = _problem_of_list(line) or fault
                if fault:
                    found.append(f"{kind}: {phrase!r}: {fault}")
    return found


def unknown_list(phrase: str, lists: Collection[str]) -> str | None:
    """What is wrong with a phrase that names a list which is none of these; None if nothing is."""
    unknown = [name for name in re.findall("<([a-z_]+)>", fold(phrase)) if name not in lists]
    return f"no list of words is called {unknown[0]!r}" if unknown else None


def parts_of(phrase: str) -> list[list[str]]:
    """The words of a phrase, folded, for each side of its ``+``."""
    return [part.split() for part in fold(phrase).split("+")]


def word_lists(lines: Iterable[str]) -> dict[str, list[str]]:
    """The members of each list of ``words``, by its name."""
    lists: dict[str, list[str]] = {}
    for line in lines:
        lists.setdefault(fold(line.partition(":")[0].strip()), []).extend(members_of(line))
    return lists


def members_of(line: str) -> list[str]:
    """The words and word groups of one line of ``words``."""
    return [" ".join(member.split()) for member in fold(line).partition(":")[2].split(",")]


def fold(text: str) -> str:
    """A text as it is compared."""
    text = text.lower()
    if not text.isascii():
        for letter, read in _LETTERS:
            text = text.replace(letter, read)
        if not text.isascii():
            text = _ACCENT.sub("", unicodedata.normalize("NFKD", text))
    if any(drawn_out in text for drawn_out in _DRAWN_OUT):
        text = _DRAWN_OUT_VOWEL.sub(r"\1", text)
    for written, read in _READ_AS:
        while written in text:
            text = text.replace(written, read)
    return text


_LETTERS = (("å", "a"), ("æ", "a"), ("ä", "a"), ("ø", "o"), ("ö", "o"), ("’", "'"), ("…", ".."))
_ACCENT = re.compile("[\u0300-\u036f]")
_DRAWN_OUT = tuple(vowel * 3 for vowel in "aeiouy")
_DRAWN_OUT_VOWEL = re.compile(r"([aeiouy])\1\1+")
_READ_AS = (
    ("ae", "a"),
    ("oe", "o"),
    ("aa", "a"),
    *((consonant * 2, consonant) for consonant in "bdfgklmnprstz"),
    ("'", ""),
    ("-", ""),
)


def _problem_of_choice(choice: str) -> str | None:
    if choice in ("_", ".", "?") or re.fullmatch("<[a-z_]+>", choice):
        return None
    pieces = choice.split("*")
    if not re.fullmatch("[a-z0-9*]+", choice):
        return f"{choice!r} is not a word: letters, digits and *"
    if "*" in choice and (max(map(len, pieces)) < 3 or "" in pieces[1:-1]):
        return f"{choice!r} fits too much: three letters or more beside a *"
    return None


def _problem_of_list(line: str) -> str | None:
    name, _, members = line.partition(":")
    if not re.fullmatch(" *[a-z_]+ *", name) or not members.strip():
        return "a list is written name: word, word group, …"
    if "+" in members:
        return "a list has words and word groups, no +"
    if "<" in members:
        return "a list does not refer to another"
    return None
