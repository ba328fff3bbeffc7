"""A short text, such as a firm's name: one line."""

from conversations.desk.model import FormField
from conversations.fields.contract import Context, Refused, Taken, no_options, shortened
from conversations.state import Json
from conversations.typed import one_line

LONGEST = 200

options = no_options


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """The whole text, its line breaks as blanks."""
    line = one_line(text)
    if not any(letter.isalnum() for letter in line):
        return Refused("field.text.empty")
    if len(line) > LONGEST:
        return Refused("field.text.long", {"most": str(LONGEST), "letters": str(len(line))})
    return Taken(line)


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """Never: any text would do."""
    return None


def show(field: FormField, value: Json, context: Context) -> str:
    """As written, cut to what the desk shows."""
    return shortened(value, field.max_shown) if isinstance(value, str) else ""
