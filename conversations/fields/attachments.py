"""Pictures and files: a slot that only an open door can fill. A text message is none."""

from conversations.desk.model import FormField
from conversations.fields.contract import Context, Refused, Taken, no_options
from conversations.state import Json

options = no_options


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """Words are no attachment."""
    return Refused("field.attachments.none")


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """Never."""
    return None


def show(field: FormField, value: Json, context: Context) -> str:
    """How many there are."""
    return str(len(value)) if isinstance(value, list) else ""
