"""Texts with marks as a column keeps them: JSON, ``["Koden er ", {"mark": "code", "of": "01a2…"}, "."]``."""

from typing import Final, Protocol

from pydantic import TypeAdapter

from conversations.text import Part, Text, plain
from storage.codes import open_code
from storage.keys import Keys

HIDDEN: Final = "••••••"
_PARTS: TypeAdapter[tuple[Part, ...]] = TypeAdapter(tuple[Part, ...])


def freeze_parts(text: Text) -> str:
    """The text as JSON."""
    return _PARTS.dump_json(text).decode()


def thaw_parts(parts: str) -> Text:
    """The text from its JSON. Raises ValueError on what we did not write."""
    return _PARTS.validate_json(parts)


class Kept(Protocol):
    """A text to be sent, as the rows of its message and its delivery keep it."""

    @property
    def delivery(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def parts(self) -> str | None: ...
    @property
    def sealed(self) -> str | None: ...


def composed(keys: Keys, kept: Kept) -> str:
    """The text as it goes out, with its code. Raises CannotOpen, and ValueError where another mark is left."""
    if not kept.parts:
        return kept.text
    code = open_code(keys, kept.delivery, kept.sealed) if kept.sealed else ""
    return plain(thaw_parts(kept.parts), lambda mark: code if mark.mark == "code" else None)
