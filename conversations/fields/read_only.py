"""A value that nobody is asked for: it comes from a register or is the desk's own, and is shown."""

from conversations.fields import text

read, find, show, options = text.read, text.find, text.show, text.options
