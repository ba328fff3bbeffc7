"""Drafts put aside: parked while another form is filled, taken up again, brought to the form of the desk of today."""

from conversations.changed import changed
from conversations.desk.model import FormField
from conversations.effects import LeaveDraft
from conversations.facts import ParkedDraft
from conversations.fields import KINDS
from conversations.state import Answer, Draft, Note
from conversations.talk import Talk


def park(talk: Talk) -> None:
    """Put the active draft aside, if there is one."""
    if talk.draft:
        talk.do(LeaveDraft(talk.draft.id, "parked"))
        talk.change(parked=(*talk.state.parked, talk.draft.id))
        talk.draft = None


def take_up(talk: Talk) -> bool:
    """Go on with the draft that was parked last; false where none is left, or one is active."""
    if talk.draft:
        return False
    while talk.state.parked and talk.draft is None:
        *others, last = talk.state.parked
        talk.change(parked=tuple(others), asked=None)
        talk.draft = talk.facts.find(ParkedDraft(last))
        bring_up_to_date(talk)
    return talk.draft is not None


def bring_up_to_date(talk: Talk) -> None:
    """A draft begun on another version of the desk goes on by the fields of today's; what has none is a note.

    A form that the desk has no longer leaves the words alone, held until they find a place.
    """
    draft, desk = talk.draft, talk.desk
    if draft is None or draft.desk_version == desk.version:
        return
    if draft.form not in desk.forms:
        talk.do(LeaveDraft(draft.id, "dropped"))
        talk.draft = None
        talk.change(asked=None)
        talk.hold(*draft.notes, *_said(draft.answers))
        return
    fields = {one.id: one for one in desk.forms[draft.form].fields}
    kept = {key: one for key, one in draft.answers.items() if key in fields and _fits(talk, fields[key], one)}
    gone = {key: one for key, one in draft.answers.items() if key not in kept}
    talk.draft = changed(
        draft,
        desk_version=desk.version,
        answers=kept,
        skipped=tuple(one for one in draft.skipped if one in fields),
        notes=(*draft.notes, *_said(gone)),
    )
    asked = talk.state.asked
    if asked and asked.what.partition(":")[2] not in ("", *fields):
        talk.change(asked=None)


def words_of(draft: Draft) -> tuple[Note, ...]:
    """All that was written to a draft, for a person to read."""
    noted = {note.message for note in draft.notes}
    said = [one for one in _said(draft.answers) if one.message not in noted]
    return (*draft.notes, *said)


def _said(answers: dict[str, Answer]) -> tuple[Note, ...]:
    said = {(one.message, one.words): one for one in answers.values() if one.message}
    return tuple(Note(one.words, one.message or "", one.at) for one in said.values())


def _fits(talk: Talk, field: FormField, answer: Answer) -> bool:
    """Whether today's field takes the value as it is."""
    return answer.sealed or (field.kind in KINDS and bool(KINDS[field.kind].show(field, answer.value, talk.context())))
