"""What only who does the work may read, such as a door code. It is sealed at once, and stars stand for it."""

from conversations.desk.model import FormField
from conversations.fields.contract import Context, Refused, Taken, no_options
from conversations.state import Json
from conversations.typed import one_line

options = no_options

LONGEST = 80
STARS = "****"


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """The whole answer, in one line."""
    line = one_line(text)
    if not any(letter.isalnum() for letter in line):
        return Refused("field.text.empty")
    if len(line) > LONGEST:
        return Refused("field.text.long", {"most": str(LONGEST), "letters": str(len(line))})
    return Taken(line)


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """Never: a secret is only what was asked for as one."""
    return None


def show(field: FormField, value: Json, context: Context) -> str:
    """Stars, whatever it is."""
    return STARS if isinstance(value, str) else ""
