"""Where a text fits a closed pattern of a desk (``conversations.patterns``), and how the pattern writes it.

An answer may add or leave out blanks and hyphens anywhere. In a text that was not asked for one only the pattern's own
may be missing: "a10001" is A-10001, "i 2024" is no I-####.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from conversations.fields.figures import LONGEST

LONGEST_ANSWER = 100
"""Characters of an answer to a pattern with a kind in braces: nearly any words fit one."""
_DIGITS, _LETTERS = "1234567890", "ABCDEFGHIJ"


@dataclass(frozen=True, slots=True)
class Fit:
    """A text that fits: each sign of the pattern with what stands for it, and where it is in the line."""

    signs: tuple[tuple[str, str], ...]
    start: int
    end: int

    def written(self, of_kind: Callable[[str, str], str]) -> str:
        """As the pattern writes it; ``of_kind`` writes a kind in braces, "" where it is none. Then nothing fits: ""."""
        parts = [of_kind(sign[1:-1], typed) if sign[0] == "{" else _written(sign, typed) for sign, typed in self.signs]
        return "".join(parts) if all(parts) else ""


def fits(pattern: str, line: str) -> list[Fit]:
    """Where an answer fits: all of it, or else what is written closest to the pattern."""
    answer = line.strip(" .,!?")
    whole = _compiled(pattern, is_free=True).fullmatch(answer) if len(answer) <= LONGEST_ANSWER else None
    if whole:
        return [_fit(pattern, whole, line.index(answer))]
    if has_kinds(pattern):
        return []
    return list(_search(pattern, line)) or list(_search(pattern, line, is_free=True))


def finds(pattern: str, line: str) -> list[Fit]:
    """Where any text holds what can hardly be anything else; nowhere for a pattern without a letter of its own."""
    if has_kinds(pattern) or not any(sign == "@" or sign.isalpha() for sign in _signs(pattern)):
        return []
    return [one for one in _search(pattern, line) if _is_sure(one, line)]


def example(pattern: str, of_kind: Callable[[str], str]) -> str:
    """What fits, to show; ``of_kind`` is an example of a kind in braces. What is in square brackets is left out."""
    written, number = "", 0
    for sign in _signs(re.sub(r"\[[^]]*\]", "", pattern)):
        if sign in ("#", "@"):
            written += (_DIGITS if sign == "#" else _LETTERS)[number % 10]
            number += 1
        else:
            written += of_kind(sign[1:-1]) if sign[0] == "{" else sign
    return written


def has_kinds(pattern: str) -> bool:
    """Whether a kind in braces is in it."""
    return "{" in pattern


def _signs(pattern: str) -> list[str]:
    return _SIGN.findall(pattern)


def _written(sign: str, typed: str) -> str:
    return typed.upper() if sign in ("#", "@") else sign


def _is_sure(fit: Fit, line: str) -> bool:
    """Blanks only where the pattern has them, and then its letters as it has them; any letter is a capital."""
    is_apart = " " in line[fit.start : fit.end]
    if is_apart and not any(" " in sign for sign, _ in fit.signs):
        return False
    return all(typed.isupper() if sign == "@" else typed == sign or not is_apart for sign, typed in _letters(fit))


def _letters(fit: Fit) -> list[tuple[str, str]]:
    return [(sign, typed) for sign, typed in fit.signs if sign == "@" or sign.isalpha()]


def _search(pattern: str, line: str, *, is_free: bool = False) -> Iterator[Fit]:
    for match in _compiled(pattern, is_free=is_free, is_part=True).finditer(line[:LONGEST]):
        yield _fit(pattern, match)


def _fit(pattern: str, match: re.Match[str], offset: int = 0) -> Fit:
    signs = [sign for sign in _signs(pattern) if sign not in ("[", "]")]
    typed = [(sign, said) for sign, said in zip(signs, match.groups(), strict=True) if said is not None]
    return Fit(tuple(typed), offset + match.start(), offset + match.end())


@lru_cache(maxsize=256)
def _compiled(pattern: str, *, is_free: bool, is_part: bool = False) -> re.Pattern[str]:
    """The pattern as an expression with a group for each sign; ``is_free``: blanks and hyphens anywhere.

    As a part of a line it is no part of a word, nor of a longer row of figures.
    """
    written = "".join(_BRACKETS.get(sign) or _expression(sign, is_free) for sign in _signs(pattern))
    if is_part:
        beside = " .,-" if is_free else ".,-"
        written = rf"(?<!\w)(?<![0-9][{beside}]){written}(?!\w|[{beside}][0-9])"
    return re.compile(written, re.IGNORECASE)


def _expression(sign: str, is_free: bool) -> str:
    if not sign.strip(" -"):
        # Free blanks stand before every other sign already.
        return "()" if is_free else "([ -]?)"
    shape = _SHAPES.get(sign.strip("{}")) or (_WORDS if sign[0] == "{" else re.escape(sign))
    return f"{_FREE if is_free else ''}({shape})"


_SIGN = re.compile(r"\{[a-z_]+\}|[ -]+|.")
_BRACKETS = {"[": "(?:", "]": ")?"}
_FREE = "[ -]{0,3}"
# Words as wholes, so that a pattern of several is tried in few ways.
_WORDS = r"(?>[^\s-]+)(?:[ -](?>[^\s-]+)){0,5}"
_SHAPES = {"#": "[0-9]", "@": r"[^\W\d_]", "number": "[0-9]{1,15}", "case_number": "[a-z]{1,4}[ -]?[0-9]{1,10}"}
