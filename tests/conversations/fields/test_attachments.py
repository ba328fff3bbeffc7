"""Pictures and files: no text fills the slot."""

import pytest

from conversations.fields import attachments as kind
from conversations.fields.contract import Refused
from tests.conversations.fields.kit import context, field

PICTURES = field("attachments", most=5)
GOOD = [(["file1", "file2"], "2"), ([], "0")]
BAD = ["bilde", "https://example.no/bilde.jpg", "1", ""]


@pytest.mark.parametrize("text", BAD)
def test_words_are_no_attachment(text):
    assert kind.read(PICTURES, text, context()) == Refused("field.attachments.none")
    assert kind.find(PICTURES, text, context()) is None


@pytest.mark.parametrize(("value", "shown"), [*GOOD, ("file1", ""), (None, "")])
def test_they_are_counted(value, shown):
    assert kind.show(PICTURES, value, context()) == shown
