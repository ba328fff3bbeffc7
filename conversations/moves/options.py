"""The dialogue's own questions: their options, and how an answer to them is read, as a form's field would be."""

from collections.abc import Collection

from conversations.desk.model import FormField
from conversations.fields import choice, yes_no
from conversations.fields.contract import Taken
from conversations.state import Asked, Option
from conversations.talk import Talk

YES_NO = FormField(id="yes_no", kind="yes_no", label={})
CHOICE = FormField(id="choice", kind="choice", label={})


def yes_or_no(talk: Talk) -> tuple[Option, ...]:
    """1 Ja 2 Nei: never a question that asks for the word YES, which carriers take for themselves."""
    return yes_no.options(YES_NO, talk.context())


def read(talk: Talk, asked: Asked) -> Taken | None:
    """The key of the option that the message chooses, and what else it says; None also while nobody has seen them."""
    if not talk.facts.asked_claimed:
        return None
    keys: Collection[str] = {option.key for option in asked.options}
    kind, field = (yes_no, YES_NO) if keys == {"yes", "no"} else (choice, CHOICE)
    outcome = kind.read(field, talk.message.text, talk.context(asked))
    return outcome if isinstance(outcome, Taken) else None
