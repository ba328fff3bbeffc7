"""Filling a form: what was written fills what it can; what finds no field is kept in the notes.

What is asked is read in `moves.answer`, what is taken back in `moves.correction`; which question comes next is
`moves.question`.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from conversations.changed import changed
from conversations.desk.model import Form, FormField
from conversations.effects import DropValues, SetValues
from conversations.fields import KINDS, postal_address
from conversations.fields.contract import Taken
from conversations.fields.phrases import as_phrase, folded_words, said, says_unknown
from conversations.inputs import Message
from conversations.moves import alert, drafts, prefill, secrets
from conversations.state import Answer, Draft, Note
from conversations.talk import Talk
from conversations.typed import bare
from conversations.words import is_question

ASKED = KINDS.keys() - {"attachments"}
"""The kinds that are asked for: pictures come by another door."""
OF_LATE = timedelta(hours=1)
"""How long before the last of what waited for a form words may be about the same."""
WORDS_THAT_TELL = 3
ANY_TEXT = frozenset({"text", "long_text", "secret"})
"""The kinds of which any text would be an answer."""
NOTES = "notes"
"""The case value that has what found no field."""


def begin(talk: Talk, form: Form, notes: tuple[Note, ...], *, case: str | None = None) -> Draft:
    """Begin a form; an active draft is parked. What was written beside a look-up goes along."""
    went_along = beside(talk, talk.draft) if talk.draft else ()
    drafts.begin(talk, form, case)
    talk.moved = True
    fill(talk, (*went_along, *notes))
    return talk.active_draft


def beside(talk: Talk, draft: Draft) -> tuple[Note, ...]:
    """What was written beside a look-up, which is dropped where something else is gone on with."""
    return unplaced(talk, draft) if talk.desk.forms[draft.form].kind == "lookup" else ()


def unplaced(talk: Talk, draft: Draft) -> tuple[Note, ...]:
    """What was written to a draft and is none of its answers, where it says more than which form is meant.

    Of a message that brought an answer, only a whole sentence besides.
    """
    form, answered = talk.desk.forms[draft.form], {one.message for one in draft.answers.values()}
    beside = [note for note in draft.notes if not says_unknown(note.words)]
    return tuple(
        note
        for note in beside
        if says_more(form, _without_answers(talk, form, note), short=note.message not in answered)
    )


def _without_answers(talk: Talk, form: Form, note: Note) -> Note:
    words = note.words
    for field in form.fields:
        found = KINDS[field.kind].find(field, words, talk.context()) if field.kind in KINDS else None
        words = found.rest if found else words
    return changed(note, words=words)


def fill(talk: Talk, notes: tuple[Note, ...]) -> None:
    """Fill the open fields that the words answer, and keep the words: nothing written is dropped."""
    for note in notes:
        given: list[tuple[str, object]] = []
        for field in list(_open_fields(talk)):
            found = found_in(talk, field, note.words)
            # One number is the answer to one of two fields that ask for a number: the first.
            if found and (field.choices or (field.kind, found.value) not in given):
                given.append((field.kind, found.value))
                keep(talk, field, found, note)
    if notes and not talk.active_draft.notes:
        _take_opening(talk, notes)
    talk.redraft(notes=(*talk.active_draft.notes, *notes))


def found_in(talk: Talk, field: FormField, words: str) -> Taken | None:
    """What the words say of the field: of a danger's place first what is said beside the danger itself."""
    find, parts = KINDS[field.kind].find, alert.where_to_look(talk, words) if field.kind == "location" else (words,)
    found = next(filter(None, (find(field, part, talk.context()) for part in parts)), None)
    return found or _only_address(talk, field, words) or _only_numbers(talk, field, words)


def _only_numbers(talk: Talk, field: FormField, words: str) -> Taken | None:
    """«40217 707057500099887767»: nothing but the numbers that a customer must know."""
    identity = talk.desk.desk.identity
    is_fact = talk.form.id == identity.facts_form and field.id in {one.field for one in identity.facts}
    if not is_fact or any(map(str.isalpha, words)):
        return None
    outcome = KINDS[field.kind].read(field, words, talk.context())
    return outcome if isinstance(outcome, Taken) else None


def _only_address(talk: Talk, field: FormField, words: str) -> Taken | None:
    """A whole address, where the form asks for no other place that it may be."""
    asks_where = any(one.kind == "location" for one in talk.form.fields)
    is_address = field.kind == "postal_address" and field.confirm and not asks_where
    return postal_address.stated(words, talk.language) if is_address else None


def not_asked_yet(talk: Talk) -> bool:
    """The question still waits to be sent: digits answer nothing, words may fill what they fit."""
    if not talk.draft or not talk.state.asked or talk.facts.asked_claimed:
        return False
    fill(talk, (talk.note(),))
    talk.moved = True
    return True


def write_to_case(talk: Talk, before: Draft | None) -> None:
    """What the turn changed of a draft whose case is open stands on the case as well."""
    draft = talk.draft
    if draft and draft.case:
        known = before if before and before.id == draft.id and before.case else None
        write(talk, draft.case, draft, known)
        if known:
            alert.follow(talk, draft, known, _of_this_turn(talk, draft.notes[len(known.notes) :]))


def _of_this_turn(talk: Talk, notes: tuple[Note, ...]) -> tuple[Note, ...]:
    is_text = isinstance(talk.told, Message)
    return tuple(note for note in notes if is_text and note.message == talk.message.id)


def write(talk: Talk, case: str, draft: Draft, known: Draft | None = None) -> None:
    """Write a draft's answers and notes onto a case, but for what ``known`` has already."""
    form = talk.desk.forms[draft.form]
    old, now = _that_apply(form, known.answers if known else {}), _that_apply(form, draft.answers)
    changed = {field: one for field, one in now.items() if old.get(field) != one}
    values = {field: shown(talk, talk.desk.field(draft.form, field), one) for field, one in changed.items()}
    if draft.notes and (known is None or draft.notes != known.notes):
        words = "\n".join(note.words for note in draft.notes)
        changed[NOTES] = Answer(words, words, draft.notes[-1].at, draft.notes[-1].message)
        values[NOTES] = words
    if changed:
        talk.do(SetValues(case, changed, values))
    taken_back = tuple(field for field in old if field not in now)
    if taken_back:
        talk.do(DropValues(case, taken_back))


def _that_apply(form: Form, answers: dict[str, Answer]) -> dict[str, Answer]:
    """Without those that other answers rule out (a firm's name where there is no firm); a secret is never lost."""
    ruled_out = {one.id for one in form.fields if not all(_holds(answers, each.field, each.is_) for each in one.when)}
    return {field: one for field, one in answers.items() if field not in ruled_out or one.sealed}


def shown(talk: Talk, field: FormField, known: Answer) -> str:
    """An answer as it is read back."""
    return KINDS[field.kind].show(field, known.value, talk.context())


def applicable(talk: Talk) -> Iterator[FormField]:
    """The fields to be asked in view of the answers so far, in the form's order."""
    for field in talk.form.fields:
        is_asked = field.ask or field.asked_with or (field.word and _is_known(talk, field))
        can_be = field.kind in ASKED and not field.after_send
        if is_asked and can_be and is_wanted(talk, field) and not _is_told(talk, field):
            yield field


def _is_known(talk: Talk, field: FormField) -> bool:
    """What is told by a word of its own is asked for only where it is corrected."""
    draft = talk.active_draft
    return field.id in draft.answers or field.id == draft.again


def _is_told(talk: Talk, field: FormField) -> bool:
    """The number or mailbox to prove for a look-up is the one that writes: no other is asked for."""
    own = prefill.OWN_ADDRESS[talk.facts.channel]
    return talk.form.kind == "lookup" and any(source.contact == own for source in field.prefill)


def is_wanted(talk: Talk, field: FormField) -> bool:
    """Whether the answers so far ask for the field."""
    return all(_holds(talk.active_draft.answers, one.field, one.is_) for one in field.when)


def forget(talk: Talk, field_id: str) -> None:
    """Forget a field's answer, so that it is asked again."""
    draft = talk.active_draft
    answers = {key: one for key, one in draft.answers.items() if key != field_id}
    talk.redraft(answers=answers, skipped=tuple(one for one in draft.skipped if one != field_id))


def ask_again(talk: Talk, field_id: str) -> None:
    """Ask for a field anew. The answer that it has stands until there is another, or the customer goes on without."""
    draft = talk.active_draft
    talk.redraft(again=field_id, skipped=tuple(one for one in draft.skipped if one != field_id))


def take(talk: Talk, field: FormField, taken: Taken, note: Note) -> None:
    """The field's answer; what else was written with it fills what it can."""
    keep(talk, field, taken, note)
    if taken.rest:
        fill(talk, (changed(note, words=taken.rest),))


def pass_over(talk: Talk, field: FormField) -> None:
    """Go on without an answer; a field that is asked anew keeps the one that it has."""
    draft = talk.active_draft
    if draft.again == field.id:
        talk.redraft(again=None)
    else:
        talk.redraft(skipped=(*draft.skipped, field.id))
    talk.moved = True


def settle(talk: Talk, field: FormField) -> None:
    """The answer stands as it is: said to be right, or the customer knows no better."""
    known = talk.active_draft.answers[field.id]
    put(talk, field, changed(known, confirmed=True))


def is_vague(known: Answer) -> bool:
    """A place that is named, but not so that somebody would find it."""
    return isinstance(known.value, dict) and known.value.get("precise") is False


def _take_opening(talk: Talk, notes: tuple[Note, ...]) -> None:
    """What was written of late is the answer; of what was said long before, nobody knows whether it is about this."""
    for field in [one for one in _open_fields(talk) if one.takes_opening]:
        of_late = [note for note in notes if notes[-1].at - note.at <= OF_LATE]
        about = [note for note in of_late if says_more(talk.form, note, short=field.kind == "text")]
        if about:
            opening = changed(about[-1], words=" ".join(note.words for note in about))
            keep(talk, field, Taken(opening.words), opening)


def says_more(form: Form, note: Note, *, short: bool) -> bool:
    """The words say more than which form is meant: «jeg har et spørsmål» asks nothing yet."""
    names = tuple(map(as_phrase, form.name.values()))
    # A phrase of three words tells what is the matter: «løsningen er nede».
    long = [phrase for phrase in form.phrases if len(phrase.replace("+", " ").split()) >= WORDS_THAT_TELL]
    if said(tuple(long), note.words):
        return True
    words, covered = folded_words(note.words), said((*form.phrases, *names), note.words)
    is_plain = note.words.rstrip().endswith("?") and is_question(note.words) and not covered
    # «Teknisk feil: lønnskjøring henger»
    is_told = short or is_plain or ": " in note.words
    return len(words) - covered > (0 if is_told else 3)


def keep(talk: Talk, field: FormField, taken: Taken, note: Note, *, asked_before: bool = False) -> None:
    """What was said is the answer; a secret is sealed, a place that was asked for twice stands as it is named."""
    if field.kind == "secret" or field.secret:
        known = secrets.seal(talk, taken, note)
    else:
        known = Answer(taken.value, note.words, note.at, note.message)
    if is_vague(known) and asked_before:
        known = changed(known, confirmed=True)
    put(talk, field, known)


def put(talk: Talk, field: FormField, known: Answer) -> None:
    """The field's answer from now on: it is neither skipped nor asked anew. A danger's place is told at once."""
    draft = talk.active_draft
    skipped = tuple(one for one in draft.skipped if one != field.id)
    again = None if draft.again == field.id else draft.again
    talk.redraft(answers={**draft.answers, field.id: known}, skipped=skipped, again=again)
    if field.kind == "location":
        _tell_place(talk, field, known, draft.answers.get(field.id))


def _tell_place(talk: Talk, field: FormField, known: Answer, before: Answer | None) -> None:
    """Tell it once: at once, or with its address where the alert had the words already."""
    notes = talk.active_draft.notes
    is_sure = known.confirmed or not field.confirm or is_vague(known)
    in_alert = bool(notes) and known.message == notes[0].message
    is_new = before is None or before.value != known.value or in_alert
    alert.place_given(talk, shown(talk, field, known), new=is_new, sure=is_sure)


def _open_fields(talk: Talk) -> Iterator[FormField]:
    for field in applicable(talk):
        known = talk.active_draft.answers.get(field.id)
        is_open = known is None or (is_vague(known) and not known.confirmed) or known.source == "default"
        if is_open or field.id == talk.active_draft.again:
            yield field


def _holds(answers: Mapping[str, Answer], field: str, wanted: tuple[str, ...]) -> bool:
    known = answers.get(field)
    # A text is what it says, however it is typed: «App».
    return known is not None and not {_as_condition(known.value), bare(str(known.value))}.isdisjoint(wanted)


def _as_condition(value: object) -> str:
    return {"True": "yes", "False": "no"}.get(str(value), str(value))
