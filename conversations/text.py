"""Texts to send, as parts with marks: what is known only later is a mark, filled by whoever knows it.

Example: ``("Sak ", Mark("case_number", case_id), ". Svar SEND, eller RETT for å endre.")``.
A case number is filled as the last lock of the turn's transaction; a one-time code only while sending.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter
from typing import Literal

MarkKind = Literal["case_number", "draft_code", "code", "page_link"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a text; ``of`` is the id of the case, draft, challenge or page it stands for."""

    mark: MarkKind
    of: str


Part = str | Mark
Text = tuple[Part, ...]


def compose(template: str, values: Mapping[str, "str | Mark | Text"]) -> Text:
    """Fill ``{name}`` places of a template; values are never read as templates themselves.

    Raises KeyError for a name that has no value. Attribute access and format specifications are not a
    part of the syntax: they are looked up as names, and so are missing.
    """
    parts: list[Part] = []
    for literal, name in _parsed(template):
        if literal:
            parts.append(literal)
        if name is not None:
            value = values[name]
            parts.extend(value if isinstance(value, tuple) else (value,))
    return joined(parts)


def places_of(template: str) -> list[str]:
    """The names of its places. Raises ValueError for a brace without a partner."""
    return [name for _, name in _parsed(template) if name is not None]


@lru_cache(maxsize=2048)
def _parsed(template: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((literal, name) for literal, name, _, _ in Formatter().parse(template))


def joined(parts: "list[Part] | Text") -> Text:
    """The same text with neighbouring strings made one and empty ones left out."""
    result: list[Part] = []
    for part in parts:
        if isinstance(part, str) and result and isinstance(result[-1], str):
            result[-1] = result[-1] + part
        elif part != "":
            result.append(part)
    return tuple(result)


def sentences(*texts: Text) -> Text:
    """Texts that follow one another, a blank between them; empty ones left out."""
    parts: list[Part] = []
    for text in texts:
        if text:
            parts.extend((" ", *text) if parts else text)
    return joined(parts)


def filled(text: Text, fill: Callable[[Mark], str | None]) -> Text:
    """The text with each mark replaced that ``fill`` knows; what it answers ``None`` for stays a mark."""
    parts: list[Part] = []
    for part in text:
        known = fill(part) if isinstance(part, Mark) else None
        parts.append(part if known is None else known)
    return joined(parts)


def plain(text: Text, fill: Callable[[Mark], str | None] = lambda mark: None) -> str:
    """The text as one string. Raises ValueError where a mark is left unfilled."""
    done = filled(text, fill)
    if any(isinstance(part, Mark) for part in done):
        raise ValueError("a mark is left unfilled")
    return "".join(str(part) for part in done)
