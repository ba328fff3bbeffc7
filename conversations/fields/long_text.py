"""A description in the customer's own words, line breaks and all. Nothing of it is refused for its length."""

import re

from conversations.desk.model import FormField
from conversations.fields.contract import Context, Refused, Taken, no_options, shortened
from conversations.state import Json
from conversations.typed import composed

LONGEST = 4000

options = no_options


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """The text; what is beyond the limit is the rest, and so goes to the notes."""
    written = _BLANK_LINES.sub("\n\n", composed(text)).strip()
    if not any(letter.isalpha() for letter in written):
        return Refused("field.text.empty")
    return Taken(written[:LONGEST].rstrip(), written[LONGEST:].strip())


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """Never: any text would do. A field that ``takes_opening`` is read from the opening message."""
    return None


def show(field: FormField, value: Json, context: Context) -> str:
    """In one line, cut to what the desk shows."""
    return shortened(value, field.max_shown) if isinstance(value, str) else ""


_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
