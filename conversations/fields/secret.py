"""What only who does the work may read, such as a door code. It is sealed at once, and stars stand for it."""

from conversations.desk.model import FormField
from conversations.fields import text
from conversations.fields.contract import Context
from conversations.state import Json

# Never found in a text that answers something else: a secret is only what was asked for as one.
read, find, options = text.read, text.find, text.options

STARS = "****"


def show(field: FormField, value: Json, context: Context) -> str:
    """Stars, whatever it is."""
    return STARS if isinstance(value, str) else ""
