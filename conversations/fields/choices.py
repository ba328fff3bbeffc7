"""Several of a few options: «1 og 3», «begge», «alle», by number, label or what people call them."""

import re

from conversations.desk.model import FormField
from conversations.fields import choice
from conversations.fields.contract import Context, Refused, Taken, shortened
from conversations.fields.numbered import numbers_in
from conversations.fields.phrases import folded_words
from conversations.state import Json
from conversations.typed import bare, composed

options = choice.options

_ALL = frozenset(
    map(bare, ("alle", "alle sammen", "begge", "begge to", "alla", "allihop", "båda", "all", "both", "all of them"))
)
_PARTS = re.compile(r"\s*(?:[,;+&/\n]|\b(?:og|och|and|samt)\b)\s*", re.IGNORECASE)


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """Each part is read as one choice; one that is none makes the answer unclear, unless it is all that is said."""
    shown = context.shown or options(field, context)
    numbers = dict.fromkeys(numbers_in(text))
    if numbers and not all(1 <= number <= len(shown) for number in numbers):
        return Refused("field.choice.number", {"most": str(len(shown))})
    if numbers:
        return _several(field, [shown[number - 1].key for number in numbers], "")
    if bare(text) in _ALL:
        return _several(field, [option.key for option in shown], "")
    chosen, rest = [], []
    for part in filter(None, _PARTS.split(composed(text))):
        outcome = choice.read(field, part, context)
        if isinstance(outcome, Taken):
            chosen.append(outcome.value)
            rest.append(outcome.rest)
        else:
            rest.append(part)
    if not chosen:
        return choice.read(field, text, context)
    return _several(field, list(dict.fromkeys(chosen)), ", ".join(filter(None, rest)))


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """The options that are said in another text."""
    found = [one for one in _PARTS.split(text) if one and folded_words(one)]
    said = [taken.value for part in found if (taken := choice.find(field, part, context))]
    return Taken(list(dict.fromkeys(said)), text) if said else None


def show(field: FormField, value: Json, context: Context) -> str:
    """The labels, with commas."""
    if not isinstance(value, list):
        return ""
    return shortened(", ".join(filter(None, (choice.show(field, one, context) for one in value))), field.max_shown)


def _several(field: FormField, chosen: list[str], rest: str) -> Taken | Refused:
    if field.most and len(chosen) > field.most:
        return Refused("field.choices.many", {"most": str(field.most)})
    return Taken(chosen, rest)
