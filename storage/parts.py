"""Texts with marks as a column keeps them: JSON, ``["Koden er ", {"mark": "code", "of": "01a2…"}, "."]``."""

from typing import Final

from pydantic import TypeAdapter

from conversations.text import Part, Text, plain

HIDDEN: Final = "••••••"
_PARTS: TypeAdapter[tuple[Part, ...]] = TypeAdapter(tuple[Part, ...])


def freeze_parts(text: Text) -> str:
    """The text as JSON."""
    return _PARTS.dump_json(text).decode()


def thaw_parts(parts: str) -> Text:
    """The text from its JSON. Raises ValueError on what we did not write."""
    return _PARTS.validate_json(parts)


def composed(parts: str, code: str) -> str:
    """The text as it goes out. Raises ValueError where a mark other than the code's is left."""
    return plain(thaw_parts(parts), lambda mark: code if mark.mark == "code" else None)
