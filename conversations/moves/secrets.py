"""Secrets of a turn: sealed where they are answered or called by name, and stars wherever their words are kept."""

from collections.abc import Iterator
from typing import TypeVar

from conversations.changed import changed
from conversations.desk.model import Choice, Form, FormField
from conversations.effects import AddComment, MaskMessage, Seal, SetValues
from conversations.facts import ReportedCases
from conversations.fields import secret
from conversations.fields.contract import Taken
from conversations.inputs import Message
from conversations.state import Answer, Note
from conversations.talk import Talk

Written = TypeVar("Written", Answer, Note)
IN_WORDS = frozenset({"text", "long_text"})
"""The kinds whose value is the words themselves."""


def seal(talk: Talk, taken: Taken, note: Note) -> Answer:
    """The answer that stands for a secret: where it is sealed, and nothing of what it is."""
    kept, clear = talk.dice.new_id(), str(taken.value)
    talk.do(Seal(kept, clear))
    talk.secrets.append(clear)
    return Answer(kept, secret.STARS, note.at, note.message, sealed=True)


def seal_and_mask(talk: Talk) -> None:
    """Seal what is called by a secret's name, whatever was asked, and put stars wherever secrets are kept."""
    if not isinstance(talk.told, Message):
        return
    if talk.facts.code.outcome == "none":
        _seal_said(talk)
    if talk.secrets:
        _mask(talk)


def _seal_said(talk: Talk) -> None:
    """For the draft, or for the case that the message is a comment on."""
    cases = {effect.message: effect.case for effect in talk.effects if isinstance(effect, AddComment)}
    for note in _written(talk):
        case = cases.get(note.message)
        for field, found in _said(talk, note, case):
            answer = seal(talk, Taken(", ".join(found)), note)
            talk.secrets.extend(found)
            if case:
                talk.do(SetValues(case, {field.id: answer}, {field.id: secret.STARS}))
            else:
                talk.redraft(answers={**talk.active_draft.answers, field.id: answer})
                talk.said.extend(talk.own(one.says) for one in _taking(talk.form, field) if one.says)


def _mask(talk: Talk) -> None:
    """In the messages, and in all words and values that came of them."""
    for note in _written(talk):
        masked = secret.masked(talk.secrets, note.words)
        if masked != note.words:
            # Before what is made of the message, such as a comment.
            talk.effects.insert(0, MaskMessage(note.message, masked))
    talk.change(held=tuple(_without(talk, note) for note in talk.state.held))
    if talk.draft:
        answers = {key: _without_value(talk, key, one) for key, one in talk.draft.answers.items()}
        talk.redraft(answers=answers, notes=tuple(_without(talk, note) for note in talk.draft.notes))


def _written(talk: Talk) -> tuple[Note, ...]:
    """What may find its place in this turn: its message, and those that waited for one."""
    return (*talk.began.held, talk.note())


def _said(talk: Talk, note: Note, case: str | None) -> Iterator[tuple[FormField, list[str]]]:
    """The secrets that the words name, each with its field; not those that were sealed as answers."""
    form = _form_of(talk, case) if case else talk.form if talk.draft else None
    if form is None:
        return
    for field in [one for one in form.fields if one.kind == "secret"]:
        found = [one for one in secret.said(_names(form, field), note.words) if one not in talk.secrets]
        if found:
            yield field, found


def _form_of(talk: Talk, case: str) -> Form | None:
    if not any(field.kind == "secret" for form in talk.desk.desk.forms for field in form.fields):
        return None
    reported = talk.facts.find(ReportedCases())
    return next((talk.desk.forms.get(one.form) for one in reported if one.case == case), None)


def _names(form: Form, field: FormField) -> tuple[str, ...]:
    """What the secret is called: its label, and what the choice that takes it is called by."""
    called = (name for choice in _taking(form, field) for name in (*choice.labels, *choice.phrases))
    return tuple(dict.fromkeys((*field.label.values(), *called)))


def _taking(form: Form, field: FormField) -> list[Choice]:
    return [choice for one in form.fields for choice in one.choices if choice.takes == field.id]


def _without(talk: Talk, written: Written) -> Written:
    return changed(written, words=secret.masked(talk.secrets, written.words))


def _without_value(talk: Talk, field_id: str, known: Answer) -> Answer:
    masked = _without(talk, known)
    is_words = not known.sealed and talk.field(field_id).kind in IN_WORDS and isinstance(known.value, str)
    return changed(masked, value=secret.masked(talk.secrets, known.value)) if is_words else masked
