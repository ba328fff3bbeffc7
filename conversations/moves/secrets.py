"""Secrets of a turn: sealed where they are answered, and stars wherever the words that brought them are kept."""

from typing import TypeVar

from conversations.changed import changed
from conversations.effects import MaskMessage, Seal
from conversations.fields.contract import Taken
from conversations.fields.secret import STARS
from conversations.state import Answer, Note
from conversations.talk import Talk

Written = TypeVar("Written", Answer, Note)


def seal(talk: Talk, taken: Taken, note: Note) -> Answer:
    """The answer that stands for a secret: where it is sealed, and nothing of what it is."""
    secret, clear = talk.dice.new_id(), str(taken.value)
    talk.do(Seal(secret, clear))
    talk.secrets.append(clear)
    return Answer(secret, STARS, note.at, note.message, sealed=True)


def mask(talk: Talk) -> None:
    """Put stars for the secrets of this turn in its message, and in all words that are kept beside them."""
    if not talk.secrets:
        return
    talk.do(MaskMessage(talk.message.id, _masked(talk, talk.message.text)))
    talk.change(held=tuple(_without(talk, note) for note in talk.state.held))
    if talk.draft:
        answers = {key: _without(talk, one) for key, one in talk.draft.answers.items()}
        talk.redraft(answers=answers, notes=tuple(_without(talk, note) for note in talk.draft.notes))


def _without(talk: Talk, written: Written) -> Written:
    return changed(written, words=_masked(talk, written.words))


def _masked(talk: Talk, text: str) -> str:
    for secret in talk.secrets:
        text = text.replace(secret, STARS)
    return text
