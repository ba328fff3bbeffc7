"""What was answered last time: offered with the question to whoever has proved to be the one that answered it."""

import json

from conversations.desk.model import FormField
from conversations.facts import Holders, LastAnswer
from conversations.fields import KINDS
from conversations.fields.contract import Taken
from conversations.fields.numbered import read_number
from conversations.state import Asked, Json, Option
from conversations.talk import Talk
from conversations.text import Text, sentences
from conversations.typed import bare

SAME = "same"
"""The key of the one option of a question that has none of its own."""
_IN_WORDS = (
    *("samme", "det samme", "samme igjen", "samme som sist", "samme som før", "samme som forrige gang"),
    *("same som sist", "same som før", "det same", "same som førre gong"),
    *("samma", "det samma", "samma igen", "samma som sist", "samma som förut", "samma som förra gången"),
    *("same", "the same", "same again", "same as before", "same as last time", "the same as last time"),
)
_SAID = frozenset(map(bare, _IN_WORDS))
_POLITE = frozenset(map(bare, ("takk", "tack", "thanks", "please")))


def ask(talk: Talk, field: FormField, text: Text) -> None:
    """Put a field's question; with what was answered last time, where that is remembered and may be shown.

    It is offered as 1, where the question has no numbered choices of its own: these keep their numbers.
    """
    what, kind, context = f"field:{field.id}", KINDS[field.kind], talk.context()
    choices, value = kind.options(field, context), _value(talk, field)
    shown = kind.show(field, value, context) if value is not None else ""
    if not shown:
        talk.ask(what, text, choices)
        return
    said = talk.text("last_time.said" if choices else "last_time.offered", value=shown)
    offered = choices or (Option(SAME, shown),)
    talk.ask(what, sentences(text, said), offered, about=json.dumps(value), listed=not choices)


def taken(talk: Talk, asked: Asked) -> Taken | None:
    """What was answered last time, if the message takes it: by its number, or in words."""
    if asked.about is None:
        return None
    value, words = json.loads(asked.about), bare(talk.message.text).split()
    if " ".join(word for word in words if word not in _POLITE) in _SAID:
        return Taken(value)
    is_offered = [option.key for option in asked.options] == [SAME]
    number = read_number(talk.message.text, 1) if is_offered else None
    # «1-A77» is a reference of its own.
    is_one = number is not None and number.number == 1 and "1" in words
    return Taken(value, number.rest) if number and is_one else None


def _value(talk: Talk, field: FormField) -> Json:
    """What may be shown here of earlier answers; None: nothing, or nobody knows to whom."""
    if not field.remember:
        return None
    thing = _object(talk)
    if field.remember == "object" and thing is None:
        return None
    return of_this_person(talk, field, thing if field.remember == "object" else None)


def of_this_person(talk: Talk, field: FormField, about: tuple[str, str] | None = None) -> Json:
    """What who writes answered last to a field of this id, where they have proved who they are; else None."""
    if not talk.is_trusted or len(talk.facts.find(Holders())) > 1:
        return None
    return talk.facts.find(LastAnswer(field.id, about, talk.active_draft.case))


def _object(talk: Talk) -> tuple[str, str] | None:
    """The form's field for an object, and the object that it names."""
    answers = talk.active_draft.answers
    named = (one.id for one in talk.form.fields if one.kind == "object" and one.id in answers)
    return next(((one, str(answers[one].value)) for one in named), None)
