"""Answers that nobody needs to give: from a register's row, from who writes, or the desk's own."""

from collections.abc import Iterator

from conversations import person
from conversations.desk.model import FormField, Prefill
from conversations.fields import KINDS
from conversations.fields.contract import Taken
from conversations.moves import last_time, who
from conversations.state import Answer, Source
from conversations.talk import Talk

OWN_ADDRESS = {"sms": "phone", "mail": "email"}


def fill(talk: Talk) -> None:
    """Fill what can be known by now; what was filled from an answer that is another now is filled anew."""
    draft = talk.active_draft
    given = {key: one for key, one in draft.answers.items() if one.is_given}
    answers = dict(given)
    for field in talk.form.fields:
        if field.id not in answers and field.prefill and field.kind in KINDS:
            filled = _filled(talk, field, answers)
            known = draft.answers.get(field.id)
            if filled:
                answers[field.id] = known if known and _is_same(known, filled) else filled
    if answers != draft.answers:
        talk.redraft(answers=answers)


def _filled(talk: Talk, field: FormField, answers: dict[str, Answer]) -> Answer | None:
    for source in field.prefill:
        for text, kind in _texts(talk, field, source, answers):
            outcome = KINDS[field.kind].read(field, text, talk.context())
            if isinstance(outcome, Taken):
                return Answer(outcome.value, text, talk.now, source=kind, confirmed=True)
    return None


def _texts(talk: Talk, field: FormField, source: Prefill, answers: dict[str, Answer]) -> Iterator[tuple[str, Source]]:
    """What the source has, if anything; what is known of a person is told to nobody who has not proved to be it."""
    if source.constant is not None:
        yield source.constant, "default"
    if source.register_ and source.by and source.column:
        key = answers.get(source.by)
        row = talk.register_row(source.register_, str(key.value)) if key and _is_settled(talk, source.by, key) else None
        if row and row.get(source.column):
            yield row[source.column], "prefilled"
    if source.contact == OWN_ADDRESS[talk.facts.channel]:
        yield talk.facts.address, "prefilled"
    elif source.contact == "name" and talk.is_trusted and talk.writer and talk.writer.name:
        yield talk.writer.name, "prefilled"
    elif source.contact == "postal_address" and _is_of_writer(talk, answers):
        value = last_time.of_this_person(talk, field)
        if value is not None:
            yield KINDS[field.kind].show(field, value, talk.context()), "prefilled"


def _is_of_writer(talk: Talk, answers: dict[str, Answer]) -> bool:
    """Whether no other name was said than that of who is known to write; a profile may give that one a new name."""
    said = (answers[one.id] for one in talk.form.fields if who.is_of_contact(one) and one.id in answers)
    names = [str(one.value) for one in said if one.is_given]
    known = talk.writer.name if talk.writer else None
    return talk.form.kind == "profile" or all(known and person.is_same(known, name) for name in names)


def _is_settled(talk: Talk, field_id: str, known: Answer) -> bool:
    return known.confirmed or not talk.field(field_id).confirm


def _is_same(old: Answer, new: Answer) -> bool:
    return (old.value, old.words, old.source) == (new.value, new.words, new.source)
