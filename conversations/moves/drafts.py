"""The life of a draft: begun, put aside, saved, gone on with, spoken of when it lies still, brought up to date."""

from datetime import datetime, timedelta
from typing import Literal

from conversations.changed import changed
from conversations.desk.model import Form, FormField
from conversations.effects import DeliveryClass, LeaveDraft, ParkDraft, SetTimer
from conversations.facts import ParkedDraft
from conversations.fields import KINDS
from conversations.inputs import DraftLeftIdle
from conversations.moves import collect, hand_over, who
from conversations.state import Answer, Asked, Draft, Note, Option
from conversations.talk import Talk
from conversations.text import Mark
from conversations.typed import bare
from conversations.words import DRAFT_CODE, Command, shown

SHOWN = 4
AGAIN = timedelta(hours=24)


def begin(talk: Talk, form: Form, case: str | None) -> None:
    """Begin an empty draft; the one that was active is put aside, a look-up dropped: its words are the caller's.

    One that has no case yet is spoken of later.
    """
    if talk.draft:
        _put_by(talk, talk.draft)
    draft = talk.draft = Draft(talk.dice.new_id(), form.id, talk.desk.version, talk.now, case=case)
    talk.change(asked=None, digression=None)
    if not case:
        talk.do(SetTimer(_remind_at(talk, talk.now), DraftLeftIdle(draft.id)))


def save(talk: Talk) -> None:
    """LAGRE: put the draft aside under a code of its own, until its owner asks for it."""
    draft = talk.draft
    if draft is None or draft.case or talk.form.kind == "lookup":
        talk.say("save.nothing")
        return
    talk.moved = True
    named = changed(draft, code=draft.code or talk.dice.draft_code())
    _park(talk, named)
    talk.change(asked=None, digression=None)
    talk.say("save.done", draft=named.code, resume=shown(Command.RESUME, talk.language))


def resume(talk: Talk, which: str | None) -> None:
    """FORTSETT: go on with the draft that was put aside, or the one of that code; of several, ask which."""
    found = [one for one in _parked(talk) if not which or which == one.code]
    if not found:
        talk.say("draft.unknown" if which else "draft.none")
    elif not who.is_known(talk, f"drafts:{which or ''}"):
        return
    elif len(found) == 1:
        chosen(talk, found[0].id)
    else:
        options = [Option(one.id, _named(talk, one)) for one in found[:SHOWN]]
        talk.ask("drafts", talk.text("draft.which"), options, digression=True)
        talk.moved = True


def named(talk: Talk) -> bool:
    """The whole message is the code of a draft that was put aside here."""
    code = bare(talk.message.text).upper()
    found = DRAFT_CODE.fullmatch(code) and next((one for one in _parked(talk) if one.code == code), None)
    if found:
        resume(talk, found.code)
    return bool(found)


def chosen(talk: Talk, draft: str) -> None:
    """Go on with this draft; the one under way is put aside."""
    under_way, talk.draft = talk.draft, None
    is_there = take_up(talk, draft)
    if under_way and is_there:
        beside = collect.beside(talk, under_way)
        _put_by(talk, under_way, keep=talk.draft)
        collect.fill(talk, beside)
    elif under_way:
        talk.draft = under_way
    talk.moved = True
    if is_there:
        talk.say("draft.resumed", form=talk.own_words(talk.form.name))
    else:
        talk.say("draft.none")


def take_up(talk: Talk, draft: str) -> bool:
    """Make a draft that was put aside the active one; false where it is gone."""
    talk.change(parked=tuple(one for one in talk.state.parked if one != draft), asked=None, digression=None)
    found = _put_aside(talk, draft)
    if found:
        talk.draft = found
        talk.effects[:] = [one for one in talk.effects if one != ParkDraft(found)]
        bring_up_to_date(talk)
    return found is not None and talk.draft is not None


def take_up_interrupted(talk: Talk) -> bool:
    """Go on with the draft that another form came in between, if there is one: not with one that was saved."""
    interrupted = [one.id for one in _parked(talk) if not one.code]
    return bool(interrupted) and who.is_known(talk, "drafts:") and take_up(talk, interrupted[-1])


def left_idle(talk: Talk) -> bool:
    """A draft lies still, perhaps: it is spoken of once, and in the end dropped. True: ask again."""
    told = talk.told
    if not isinstance(told, DraftLeftIdle):
        raise TypeError("this turn was not begun by a draft")
    active = talk.draft if talk.draft and talk.draft.id == told.draft else None
    draft = active or next((one for one in _parked(talk) if one.id == told.draft), None)
    if draft is None or draft.case:
        talk.reason = "moved_on"
        return False
    touched = _touched(draft, talk.state.asked if active else None)
    due = _drop_at(talk, touched) if draft.reminded else _remind_at(talk, touched)
    if talk.now < due or talk.state.handed_over:
        talk.do(SetTimer(max(due, talk.now + AGAIN), told))
        return False
    if draft.reminded:
        _drop(talk, draft)
        return False
    if _is_only_asked(talk, draft):
        beside = collect.unplaced(talk, draft)
        _drop(talk, draft)
        _pass_on(talk, beside)
        return False
    _remind(talk, draft, is_active=active is not None)
    talk.do(SetTimer(_drop_at(talk, talk.now), told))
    return active is not None


def bring_up_to_date(talk: Talk) -> None:
    """A draft begun on another version of the desk goes on by the fields of today's; what has none is a note.

    A form that the desk has no longer leaves the words alone, held until they find a place.
    """
    draft, desk = talk.draft, talk.desk
    if draft is None or draft.desk_version == desk.version:
        return
    if draft.form not in desk.forms:
        leave(talk, draft, "dropped")
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
        again=draft.again if draft.again in kept else None,
    )
    asked = talk.state.asked
    if asked and asked.what.partition(":")[2] not in ("", *fields):
        talk.change(asked=None)


def leave(talk: Talk, draft: Draft, standing: Literal["sent", "dropped"]) -> None:
    """The draft is over; of the active one nothing is asked any more."""
    talk.do(LeaveDraft(draft.id, standing))
    talk.change(parked=tuple(one for one in talk.state.parked if one != draft.id))
    if talk.draft and talk.draft.id == draft.id:
        talk.draft = None
        talk.change(asked=None)


def words_of(draft: Draft) -> tuple[Note, ...]:
    """All that was written to a draft, for a person to read."""
    noted = {note.message for note in draft.notes}
    said = [one for one in _said(draft.answers) if one.message not in noted]
    return (*draft.notes, *said)


def _put_by(talk: Talk, draft: Draft, keep: Draft | None = None) -> None:
    """Put aside what comes later; what was only asked for is dropped."""
    if _is_only_asked(talk, draft):
        leave(talk, draft, "dropped")
        talk.draft = keep
    else:
        _park(talk, draft, keep)


def _park(talk: Talk, draft: Draft, keep: Draft | None = None) -> None:
    talk.do(ParkDraft(draft))
    talk.change(parked=(*(one for one in talk.state.parked if one != draft.id), draft.id))
    talk.draft = keep


def _parked(talk: Talk) -> list[Draft]:
    found = (_put_aside(talk, one) for one in talk.state.parked)
    return [one for one in found if one]


def _put_aside(talk: Talk, draft: str) -> Draft | None:
    """As it stands in the store, or was put aside in this very turn."""
    just_now = [one.draft for one in talk.effects if isinstance(one, ParkDraft) and one.draft.id == draft]
    return just_now[-1] if just_now else talk.facts.find(ParkedDraft(draft))


def _named(talk: Talk, draft: Draft) -> str:
    form = talk.desk.forms.get(draft.form)
    name = talk.own_words(form.name) if form else draft.form
    return f"{name} {draft.code}" if draft.code else name


def _pass_on(talk: Talk, notes: tuple[Note, ...]) -> None:
    """Words of a look-up that nobody came back to: a person is to look at them."""
    if notes:
        case = hand_over.give(talk, "words_unplaced", notes)
        talk.delivery_class = DeliveryClass.REMINDER
        talk.say("held.passed_on", case=Mark("case_number", case))


def _remind(talk: Talk, draft: Draft, *, is_active: bool) -> None:
    reminded = changed(draft, reminded=True)
    talk.delivery_class = DeliveryClass.REMINDER
    if is_active:
        talk.draft = reminded
        talk.say("draft.left_idle", form=_named(talk, draft), drop=shown(Command.DROP, talk.language))
    else:
        talk.do(ParkDraft(reminded))
        talk.say("draft.left_idle_saved", form=_named(talk, draft), resume=shown(Command.RESUME, talk.language))


def _drop(talk: Talk, draft: Draft) -> None:
    leave(talk, draft, "dropped")
    talk.reason = "draft_dropped"


def _is_only_asked(talk: Talk, draft: Draft) -> bool:
    """A look-up, or a profile that nobody changed: soon asked for again."""
    form = talk.desk.forms.get(draft.form)
    return form is not None and (form.kind == "lookup" or (form.kind == "profile" and not words_of(draft)))


def _remind_at(talk: Talk, since: datetime) -> datetime:
    return since + timedelta(hours=talk.desk.desk.drafts.remind_after_hours)


def _drop_at(talk: Talk, since: datetime) -> datetime:
    return since + timedelta(days=talk.desk.desk.drafts.drop_after_days)


def _touched(draft: Draft, asked: Asked | None) -> datetime:
    said = (*draft.answers.values(), *draft.notes, *((asked,) if asked else ()))
    return max((one.at for one in said), default=draft.began_at)


def _said(answers: dict[str, Answer]) -> tuple[Note, ...]:
    said = {(one.message, one.words): one for one in answers.values() if one.message}
    return tuple(Note(one.words, one.message or "", one.at) for one in said.values())


def _fits(talk: Talk, field: FormField, answer: Answer) -> bool:
    """Whether today's field takes the value as it is."""
    return answer.sealed or (field.kind in KINDS and bool(KINDS[field.kind].show(field, answer.value, talk.context())))
