"""A thing in a register by the number on it: «4471», «obj 4471». One that the register does not have is refused.

A bare number in other words, «4471 läcker», is tried where it is read back; two that the register has are no answer.
"""

import re

from conversations.desk.model import FormField
from conversations.fields.contract import Context, Refused, Row, Taken, localized, no_options, register_words, shortened
from conversations.places.numbered import as_key, find_bare, find_numbers
from conversations.state import Json
from conversations.typed import composed, one_line

options = no_options

LONGEST_KEY = 40
_MOST_BARE = 3
_AND_ANOTHER = re.compile(r"\s*(?:[,&+/]|\b(?:og|och|and|eller|or|samt)\b)\s*([\w-]*[0-9][\w-]*)", re.IGNORECASE)
_COLUMN = re.compile(r"\{(\w+)\}")


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """The number that the answer is, or has behind a word for such a thing."""
    found = find(field, text, context)
    if found:
        return found
    line = one_line(text).strip(" .!#")
    if len(_named(field, line, context)) > 1:
        return Refused("field.object.none")
    key = _known(field, line, context) if len(line) <= LONGEST_KEY else None
    if key:
        return Taken(key)
    key = _bare(field, line, context)
    if key:
        return Taken(key, composed(text))
    is_one = any(map(str.isdecimal, line)) and len(find_bare(line)) < 2
    return Refused("field.object.unknown" if is_one else "field.object.none")


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """A number behind a word for such a thing, or alone where «is it right?» is asked, if the register has it."""
    named = _named(field, one_line(text), context)
    if named:
        return Taken(named[0], composed(text)) if len(named) == 1 else None
    key = _bare(field, one_line(text), context) if field.confirm else None
    return Taken(key, composed(text)) if key else None


def show(field: FormField, value: Json, context: Context) -> str:
    """As the register shows its rows; the bare key of one that is gone."""
    if not isinstance(value, str) or not field.register_:
        return ""
    row = context.register(field.register_, value)
    register = context.registers.get(field.register_)
    shown = localized(register.shown, context.language) if register and register.shown else ""
    return shortened(_filled(shown, row) if shown and row else value, field.max_shown)


def _filled(shown: str, row: Row) -> str:
    """The row as the desk shows it, without what it does not have: no comma is left alone."""
    parts = (_COLUMN.sub(lambda match: row.get(match[1]) or "", part).strip() for part in shown.split(", "))
    return ", ".join(filter(None, parts))


def _named(field: FormField, line: str, context: Context) -> list[str]:
    """What stands behind a word for such a thing and the register has; with it one that an «og» or a comma adds."""
    for number in find_numbers(line, register_words(field, context), 1):
        other = _AND_ANOTHER.match(line, number.end)
        typed = (number.key, other[1]) if other else (number.key,)
        known = list(dict.fromkeys(filter(None, (_known(field, one, context) for one in typed))))
        if known:
            return known
    return []


def _bare(field: FormField, line: str, context: Context) -> str | None:
    """The one number of the register that stands in the line by itself."""
    typed = dict.fromkeys(find_bare(line))
    found = {_known(field, number, context) for number in typed} if len(typed) <= _MOST_BARE else set()
    known = list(filter(None, found))
    return known[0] if len(known) == 1 else None


def _known(field: FormField, typed: str, context: Context) -> str | None:
    """The register's key for what was typed, where it has one."""
    spellings = dict.fromkeys((typed, typed.upper(), as_key(typed), typed.lstrip("0")))
    return next((key for key in spellings if field.register_ and key and context.register(field.register_, key)), None)
