"""Names of those who share a number: whether two are one person's, and whose an answer to «Hva heter du?» is.

A name is no proof: whoever has the phone has proved the number. It keeps apart what people of one house reported.
"""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from conversations.typed import lowered

_WORD = re.compile(r"[^\W\d_]+")
_DOUBLES = re.compile("a[ae]|oe")
ALL_BUT = 0.8
"""How alike two words are that differ by a slip: «Hagn» is Hagen, «Kari» is not Karl."""
FEWEST = 4
"""Letters of a word in which there may be a slip: «Olav» is not Ola."""


def is_same(one: str, other: str) -> bool:
    """Whether both may be one person's: small letters, accents, initials, what is left out and a slip in a last name.

    >>> is_same("Eva Marie Hagen", "eva m. hagen"), is_same("Eva Hagen", "Ola Hagen")
    (True, False)
    """
    shorter, longer = sorted((_words(one), _words(other)), key=len)
    known = iter(enumerate(longer))
    return all(any(_fits(word, each, may_slip=at > 0) for at, each in known) for word in shorter)


def meant(said: str, names: Sequence[str]) -> str | None:
    """The name that is said, the first name at least; None where it is nobody's, or may be several's."""
    for may_slip in (False, True):
        found = [name for name in names if _begins(_words(said), _words(name), may_slip=may_slip)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _begins(said: Sequence[str], name: Sequence[str], *, may_slip: bool) -> bool:
    if not said or not name or len(said[0]) == 1 or not _fits(said[0], name[0], may_slip=may_slip):
        return False
    shorter, longer = sorted((said[1:], name[1:]), key=len)
    known = iter(longer)
    return all(any(_fits(word, each, may_slip=may_slip) for each in known) for word in shorter)


def _fits(one: str, other: str, *, may_slip: bool) -> bool:
    if 1 in (len(one), len(other)):
        return one[0] == other[0]
    return one == other or (may_slip and min(len(one), len(other)) >= FEWEST and _all_but(one, other))


def _all_but(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() > ALL_BUT


def _words(name: str) -> list[str]:
    """The words without accents, «Aase» as «Åse»."""
    plain = "".join(one for one in unicodedata.normalize("NFD", lowered(name)) if not unicodedata.combining(one))
    return _WORD.findall(_DOUBLES.sub(lambda double: double[0][0], plain))
