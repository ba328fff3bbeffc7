"""Filling a form: what was written fills what it can; what finds no field is kept in the notes.

An answer is read against the newest question that the customer can have seen. Which question comes next is
`moves.question`.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from conversations.changed import changed
from conversations.danger_syntax import fold
from conversations.desk.model import Choice, Form, FormField
from conversations.effects import DropValues, SetValues
from conversations.fields import KINDS, postal_address, secret
from conversations.fields.contract import Refused, Taken
from conversations.fields.phrases import NEGATIONS, as_phrase, folded_words, said
from conversations.fields.yes_no import in_words
from conversations.inputs import Message
from conversations.language import detect
from conversations.moves import alert, drafts, last_time, options, prefill, secrets
from conversations.places.street import find_address, find_town
from conversations.state import Answer, Asked, Draft, Note
from conversations.talk import Talk
from conversations.typed import bare
from conversations.words import (
    Command,
    is_correction,
    is_nothing,
    is_question,
    is_unknown,
    read_command,
    read_yes_no,
    takes_back,
    without_denied,
)

ASKED = KINDS.keys() - {"attachments"}
"""The kinds that are asked for: pictures come by another door."""
ANY_TEXT = frozenset({"text", "long_text", "secret"})
"""The kinds of which any text would be an answer."""
OF_LATE = timedelta(hours=1)
"""How long before the last of what waited for a form words may be about the same."""
WORDS_THAT_TELL = 3
MOST_OF_UNKNOWN = 4
"""Words of a text that says «vet ikke» and no more."""
SHORTEST_STEM = 4
"""Letters of a label's word by which a correction may name its field."""
_NEGATES = NEGATIONS | {"no", "dont"}
_WITHOUT_VALUE = frozenset({"attachments", "choice", "choices", "consent", "yes_no"})
_IS = re.compile(
    r"(?P<what>[^\W\d_][\w-]*) +(?:heter|heiter|er|är|is|skal være|ska vara|should be):? +(?P<value>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_IS_NOT = re.compile(r"(?:(?:det|den|it) (?:er|e|var|är|is|was) (?:ikke|ikkje|inte|not)|it's not|it isn't) ")
_WRONG = re.compile(r"(?:feil|fel|wrong)(?: \S+)?")
_SAME = re.compile(r"\b(?:samme|same|samma|allerede|redan|already)\b")
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
            found = _found(talk, field, note.words)
            # One number is the answer to one of two fields that ask for a number: the first.
            if found and (field.choices or (field.kind, found.value) not in given):
                given.append((field.kind, found.value))
                _keep(talk, field, found, note)
    if notes and not talk.active_draft.notes:
        _take_opening(talk, notes)
    talk.redraft(notes=(*talk.active_draft.notes, *notes))


def _found(talk: Talk, field: FormField, words: str) -> Taken | None:
    """What the words say of the field: of a danger's place first what is said beside the danger itself."""
    find = KINDS[field.kind].find
    clause = alert.clause_of_danger(talk, words) if field.kind == "location" else words
    found = find(field, clause, talk.context()) or find(field, words, talk.context())
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


def answer(talk: Talk) -> bool:
    """Read the message as the answer to the field, or to «is it right?», that was asked.

    Words that answer neither are left to a caseworker's comment, where one waits for an answer.
    """
    asked = talk.state.asked
    what, _, field_id = asked.what.partition(":") if asked else ("", "", "")
    if not talk.draft or not asked or what not in ("field", "confirm"):
        return False
    read = _confirm if what == "confirm" else _read
    return read(talk, asked, talk.field(field_id))


def not_asked_yet(talk: Talk) -> bool:
    """The question still waits to be sent: digits answer nothing, words may fill what they fit."""
    if not talk.draft or not talk.state.asked or talk.facts.asked_claimed:
        return False
    fill(talk, (talk.note(),))
    talk.moved = True
    return True


def correct(talk: Talk, words: str | None = None) -> bool:
    """A correction goes to the field that it names, else to the one answered field that it fits and changes.

    A choice and a place beside it are two things said, not one that fits both. The words are kept with it.
    """
    note, known = talk.note(words), talk.active_draft.answers
    fields = tuple(applicable(talk))
    fits = [(field, named) for field in fields if (named := _named(talk, field, note.words))]
    if not fits:
        answered = [field for field in fields if field.id in known]
        fits = [(field, found) for field in answered if (found := _corrects(talk, field, note.words))]
    fits = [(field, found) for field, found in fits if not is_vague(Answer(found.value, note.words, note.at))]
    if not fits or len({field.kind == "choice" for field, _ in fits}) != len(fits):
        return False
    fill(talk, (note,))
    for field, found in fits:
        _keep(talk, field, found, note)
    return True


def _corrects(talk: Talk, field: FormField, words: str) -> Taken | None:
    """Another value than the field has: what the words say, and not what they say that it is not."""
    known, told = talk.active_draft.answers[field.id], without_denied(words)
    for one in (words, told) if field.kind == "choice" else (told,):
        found = _found(talk, field, one)
        if found and _differs(talk, field, found, known):
            return found
    return None


def _named(talk: Talk, field: FormField, words: str) -> Taken | None:
    """Another value of the field that the words name: «nei, elektrikeren heter Vest Elektro»."""
    known = talk.active_draft.answers.get(field.id)
    if known is None and field.id not in talk.active_draft.skipped:
        return None
    if field.kind == "yes_no":
        found = _yes_or_no_of(field, words) if is_correction(words) else None
    else:
        found = None if field.kind in _WITHOUT_VALUE else _value_of(talk, field, without_denied(words))
    return found if found and (known is None or _differs(talk, field, found, known)) else None


def _yes_or_no_of(field: FormField, words: str) -> Taken | None:
    """Whether what the field's label names is denied: «sikringene er ikke sjekket»."""
    opened = in_words(words)
    said = folded_words(opened.rest if opened and opened.rest else words)
    if not any(word.startswith(stem) for stem in _stems(field) for word in said):
        return None
    return Taken("yes" if _NEGATES.isdisjoint(said) else "no")


def _value_of(talk: Talk, field: FormField, words: str) -> Taken | None:
    """The field by its label, and what it is; what is any text is named in capitals or figures, unlike «feil»."""
    for match in _IS.finditer(words):
        is_name = field.kind not in (*ANY_TEXT, "person_name") or not match["value"][0].islower()
        if is_name and any(fold(match["what"]).startswith(stem) for stem in _stems(field)):
            outcome = KINDS[field.kind].read(field, match["value"], talk.context())
            return outcome if isinstance(outcome, Taken) else None
    return None


def _stems(field: FormField) -> list[str]:
    """The words of the label without their endings: «sikring» of «Sikringer kontrollert»."""
    words = chain.from_iterable(folded_words(label) for label in field.label.values())
    return [word[: max(SHORTEST_STEM, len(word) - 2)] for word in words if len(word) >= SHORTEST_STEM]


def _differs(talk: Talk, field: FormField, found: Taken, known: Answer) -> bool:
    """What would be read back as the answer is already corrects nothing."""
    show, context = KINDS[field.kind].show, talk.context()
    return found.value != known.value and show(field, found.value, context) != show(field, known.value, context)


def take_more(talk: Talk, notes: tuple[Note, ...]) -> None:
    """More of the danger that is asked about: a correction where it is one, else what it fills."""
    asked = talk.state.asked
    for note in notes:
        heard = read_command(note.words, rett_shown=bool(asked and asked.what == "review"))
        edits = heard.argument if heard and heard.command is Command.EDIT else None
        words = edits or (note.words if is_correction(note.words) else None)
        if words is None or not correct(talk, words):
            fill(talk, (note,))


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
    old = known.answers if known else {}
    changed = {field: one for field, one in draft.answers.items() if old.get(field) != one}
    values = {field: shown(talk, talk.desk.field(draft.form, field), one) for field, one in changed.items()}
    if draft.notes and (known is None or draft.notes != known.notes):
        words = "\n".join(note.words for note in draft.notes)
        changed[NOTES] = Answer(words, words, draft.notes[-1].at, draft.notes[-1].message)
        values[NOTES] = words
    if changed:
        talk.do(SetValues(case, changed, values))
    taken_back = tuple(field for field in old if field not in draft.answers)
    if taken_back:
        talk.do(DropValues(case, taken_back))


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
    return all(_holds(talk, one.field, one.is_) for one in field.when)


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
    _keep(talk, field, taken, note)
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
    _put(talk, field, changed(known, confirmed=True))


def is_vague(known: Answer) -> bool:
    """A place that is named, but not so that somebody would find it."""
    return isinstance(known.value, dict) and known.value.get("precise") is False


def _read(talk: Talk, asked: Asked, field: FormField) -> bool:
    is_again = talk.active_draft.again == field.id
    known = None if is_again else talk.active_draft.answers.get(field.id)
    if known and is_vague(known) and is_unknown(talk.message.text):
        # Who knows no better is not held up: the place as named stands.
        fill(talk, (talk.note(),))
        settle(talk, field)
        talk.moved = True
        return True
    same = last_time.taken(talk, asked)
    if same:
        _take_again(talk, field, same)
        return True
    if field.kind in ANY_TEXT and _is_beside(talk, field):
        return True
    outcome = KINDS[field.kind].read(field, talk.message.text, talk.context(asked, known))
    if isinstance(outcome, Refused) and field.kind == "postal_address" and field.confirm:
        outcome = _said_before(talk, field) or outcome
    if isinstance(outcome, Refused):
        if outcome.options:
            # Two readings: which of them is asked, and nothing is guessed.
            talk.ask(asked.what, talk.text(outcome.problem, **outcome.values), outcome.options)
            talk.moved = True
            return True
        if outcome.told:
            talk.excused = True
            talk.say(outcome.problem, **outcome.values)
            return True
        if _is_for_comment(talk):
            return False
        _not_understood(talk, field, outcome.problem, **outcome.values)
        return True
    talk.moved = True
    if outcome.rest and is_correction(talk.message.text) and correct(talk, outcome.rest):
        # «Nei, det var naboene også»: the no takes back what was said before, and answers nothing.
        return True
    notes = talk.active_draft.notes
    if known and known.message and all(note.message != known.message for note in notes):
        # A place named too vaguely may still help who looks for it.
        talk.redraft(notes=(*notes, Note(known.words, known.message, known.at)))
    _keep(talk, field, outcome, talk.note(), asked_before=known is not None)
    _say_of_taken(talk, field)
    _fill_rest(talk, field, outcome)
    return True


def _take_again(talk: Talk, field: FormField, same: Taken) -> None:
    """The answer of last time; its words are those that it was offered in, for «1» says nothing to a caseworker."""
    words, note = KINDS[field.kind].show(field, same.value, talk.context()), talk.note()
    talk.moved = True
    _put(talk, field, Answer(same.value, words, note.at, note.message, "prefilled", confirmed=True))
    _fill_rest(talk, field, same)


def _fill_rest(talk: Talk, field: FormField, taken: Taken) -> None:
    """What was said besides the answer."""
    rest = taken.rest
    for choice in field.choices if isinstance(taken.value, str) else ():
        if choice.id == taken.value:
            rest = _with_choice(talk, choice, rest)
    if rest:
        fill(talk, (talk.note(rest),))


def _said_before(talk: Talk, field: FormField) -> Taken | None:
    """«Samme adresse»: the one whole address that was given; else one in two texts."""
    if not _SAME.search(bare(talk.message.text)):
        return _with_text_before(talk, field)
    given = {(one["street"], one["postcode"], one["town"]) for one in _whole_addresses(talk)}
    street, postcode, town = given.pop() if len(given) == 1 else ("", "", "")
    return Taken({"street": street, "postcode": postcode, "town": town}) if street else None


def _whole_addresses(talk: Talk) -> Iterator[dict[str, str]]:
    """Of the answers, else of what was written besides."""
    values = [one.value for one in talk.active_draft.answers.values() if isinstance(one.value, dict)]
    values = [{"street": one.get("street") or one.get("address"), **one} for one in values]
    whole = [one for one in values if one["street"] and one.get("postcode") and one.get("town")]
    if whole:
        yield from whole
        return
    for note in talk.active_draft.notes:
        stated = postal_address.stated(note.words, talk.language)
        if stated:
            yield stated.value


def _with_text_before(talk: Talk, field: FormField) -> Taken | None:
    """An address in two texts: the street, and when that was not enough the postcode and town, or these first."""
    before, read = talk.active_draft.notes[-1:], KINDS[field.kind].read
    if not before or talk.message.at - before[0].at > OF_LATE:
        return None
    if not find_address(before[0].words) and not find_town(before[0].words):
        return None
    if isinstance(read(field, before[0].words, talk.context()), Taken):
        return None
    outcome = read(field, f"{before[0].words}, {talk.message.text}", talk.context())
    return outcome if isinstance(outcome, Taken) else None


def _is_beside(talk: Talk, field: FormField) -> bool:
    """What is no answer though any text would do for one: it takes another answer back, asks, or says nothing."""
    text = talk.message.text
    denied = in_words(text) if field.optional else None
    takes_other_back = takes_back(text) or (field.kind == "text" and is_correction(text))
    if (takes_other_back or (denied and denied.value == "no" and denied.rest)) and correct(talk):
        talk.moved = True
        return True
    if _is_asked_back(field, text):
        fill(talk, (talk.note(),))
        talk.say("question.noted")
        return True
    if field.kind == "text" and takes_back(text):
        fill(talk, (talk.note(),))
        talk.say("noted")
        talk.moved = True
        return True
    if field.kind == "secret" and secret.is_none(text):
        # Nobody is held up: who does the work reads that they must ask.
        fill(talk, (talk.note(),))
        talk.say("noted")
        pass_over(talk, field)
        return True
    if field.kind == "text" and field.optional and (says_unknown(text) or is_nothing(text)):
        pass_over(talk, field)
        return True
    if field.kind != "long_text" and read_yes_no(text) is not None and not _is_for_comment(talk):
        _not_understood(talk, field, "answer.yes_or_no")
        return True
    return False


def _is_asked_back(field: FormField, text: str) -> bool:
    """A question of the customer's, where what is asked for is no question itself, as an enquiry may be."""
    is_matter = field.takes_opening or field.takes_subject or (field.kind == "long_text" and not field.optional)
    may_hold_it = field.kind == "secret" and any(map(str.isdecimal, text))
    return not is_matter and not may_hold_it and text.rstrip(" .!)").endswith("?") and is_question(text)


def says_unknown(text: str) -> bool:
    """Nothing but that its writer does not know."""
    return is_unknown(text) and len(folded_words(text)) <= MOST_OF_UNKNOWN


def _with_choice(talk: Talk, choice: Choice, rest: str) -> str:
    """What the desk says to this choice; and what came with it may be the answer to the next question: «3 1472»."""
    if not choice.takes:
        if choice.says:
            talk.said.append(talk.own(choice.says))
        return rest
    field = talk.field(choice.takes)
    outcome = KINDS[field.kind].read(field, rest, talk.context()) if rest else None
    if not isinstance(outcome, Taken):
        return rest
    _keep(talk, field, outcome, talk.note(rest))
    _say_of_taken(talk, field)
    return outcome.rest


def _say_of_taken(talk: Talk, field: FormField) -> None:
    """What the desk says to a choice that takes this field, now that it is answered: the code is kept."""
    chosen = [(choice, talk.active_draft.answers.get(one.id)) for one in talk.form.fields for choice in one.choices]
    for choice, known in chosen:
        if choice.takes == field.id and choice.says and known and known.value == choice.id:
            talk.said.append(talk.own(choice.says))


def _confirm(talk: Talk, asked: Asked, field: FormField) -> bool:
    said, text = options.read(talk, asked), talk.message.text
    words, denies = (said.rest, said.value == "no") if said else (text, _denies(text))
    corrected = _corrected(talk, field, words, denies=denies, agrees=bool(said and not denies))
    names_it = denies and _names_it(talk, field, words, refused=said is not None)
    if corrected:
        talk.moved = True
        if denies:
            _take_back(talk, field)
        _keep(talk, field, corrected, talk.note())
        if corrected.rest:
            fill(talk, (talk.note(corrected.rest),))
    elif said or names_it or _WRONG.fullmatch(bare(text)):
        talk.moved = True
        if said and said.value == "yes":
            settle(talk, field)
        else:
            _take_back(talk, field)
        note = talk.note() if _is_of_danger(talk) else talk.note(words)
        if names_it:
            talk.redraft(notes=(*talk.active_draft.notes, note))
        elif words:
            fill(talk, (note,))
    elif _is_for_comment(talk):
        return False
    else:
        _not_understood(talk, field, "answer.yes_or_no")
    return True


def _denies(text: str) -> bool:
    return is_correction(text) or bool(_IS_NOT.match(bare(text)))


def _names_it(talk: Talk, field: FormField, words: str, *, refused: bool) -> bool:
    """The one value that the words name is one that they deny, or the very one that was refused."""
    found = _found(talk, field, words)
    if found is None:
        return False
    is_same = not _differs(talk, field, found, talk.active_draft.answers[field.id])
    return (refused and is_same) or _found(talk, field, without_denied(words)) is None


def _take_back(talk: Talk, field: FormField) -> None:
    """It is not so. Of a danger's place the words are kept all the same: what is right may be near it."""
    known = talk.active_draft.answers[field.id]
    notes = talk.active_draft.notes
    forget(talk, field.id)
    if _is_of_danger(talk) and known.message and all(note.message != known.message for note in notes):
        talk.redraft(notes=(*notes, Note(known.words, known.message, known.at)))


def _corrected(talk: Talk, field: FormField, words: str, *, denies: bool, agrees: bool) -> Taken | None:
    """Another value than the one read back; a place that is named less precisely is only added to it: «i Måløy».

    Not to one that was denied: whose place it takes.
    """
    known, told, find = talk.active_draft.answers[field.id], without_denied(words), KINDS[field.kind].find
    found = find(field, told, talk.context())
    if field.kind == "postal_address":
        found = found or postal_address.stated(told, talk.language)
    if found and not denies and not is_vague(known) and is_vague(Answer(found.value, told, talk.now)):
        both = find(field, f"{known.words}, {told}", talk.context())
        found = changed(both, rest=found.rest) if both else None
    if found is None or found.value == known.value:
        return None
    return found if _differs(talk, field, found, known) or not (denies or agrees) else None


def _is_of_danger(talk: Talk) -> bool:
    return talk.state.danger is not None and talk.active_draft.case == talk.state.danger.case


def _is_for_comment(talk: Talk) -> bool:
    if _is_of_danger(talk):
        return False
    return bool(talk.state.awaited) and len(folded_words(talk.message.text)) > 2


def _not_understood(talk: Talk, field: FormField, problem: str, **values: str) -> None:
    """No answer to what was asked: perhaps to something else, a correction or a question; in any case a note."""
    answered, language = talk.active_draft.answers, detect(talk.message.text, talk.desk.desk.languages)
    if not ((is_correction(talk.message.text) or _is_new_place(talk)) and correct(talk)):
        fill(talk, (talk.note(),))
    if talk.active_draft.answers != answered:
        talk.moved = True
    elif field.optional and (is_unknown(talk.message.text) or _has_none(field, talk.message.text)):
        pass_over(talk, field)
    elif is_question(talk.message.text):
        talk.say("question.noted")
    elif language and language != talk.language and not _is_of_danger(talk):
        talk.said.append(talk.desk.wording.say(language, "language.hint"))
    else:
        talk.say(problem, **values)


def _is_new_place(talk: Talk) -> bool:
    """The whole text is a place, where one was given before: «Havnegata 6» to who has no power."""
    for field in applicable(talk):
        if field.kind == "location" and field.id in talk.active_draft.answers:
            found = _found(talk, field, talk.message.text)
            return found is not None and not found.rest
    return False


def _has_none(field: FormField, text: str) -> bool:
    """«Nei» to which number: there is none. A place there always is."""
    return field.kind != "location" and is_nothing(text)


def _take_opening(talk: Talk, notes: tuple[Note, ...]) -> None:
    """What was written of late is the answer; of what was said long before, nobody knows whether it is about this."""
    for field in [one for one in _open_fields(talk) if one.takes_opening]:
        of_late = [note for note in notes if notes[-1].at - note.at <= OF_LATE]
        about = [note for note in of_late if says_more(talk.form, note, short=field.kind == "text")]
        if about:
            opening = changed(about[-1], words=" ".join(note.words for note in about))
            _keep(talk, field, Taken(opening.words), opening)


def says_more(form: Form, note: Note, *, short: bool) -> bool:
    """The words say more than which form is meant: «jeg har et spørsmål» asks nothing yet."""
    names = tuple(map(as_phrase, form.name.values()))
    # A phrase of three words tells what is the matter: «løsningen er nede».
    short_ones = (phrase for phrase in form.phrases if len(phrase.replace("+", " ").split()) < WORDS_THAT_TELL)
    words, covered = folded_words(note.words), said((*short_ones, *names), note.words)
    is_plain = note.words.rstrip().endswith("?") and is_question(note.words) and not covered
    # «Teknisk feil: lønnskjøring henger»
    is_told = short or is_plain or ": " in note.words
    return len(words) - covered > (0 if is_told else 3)


def _keep(talk: Talk, field: FormField, taken: Taken, note: Note, *, asked_before: bool = False) -> None:
    if field.kind == "secret" or field.secret:
        known = secrets.seal(talk, taken, note)
    else:
        known = Answer(taken.value, note.words, note.at, note.message)
    if is_vague(known) and asked_before:
        known = changed(known, confirmed=True)
    _put(talk, field, known)


def _put(talk: Talk, field: FormField, known: Answer) -> None:
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


def _holds(talk: Talk, field: str, wanted: tuple[str, ...]) -> bool:
    known = talk.active_draft.answers.get(field)
    # A text is what it says, however it is typed: «App».
    return known is not None and not {_as_condition(known.value), bare(str(known.value))}.isdisjoint(wanted)


def _as_condition(value: object) -> str:
    return {"True": "yes", "False": "no"}.get(str(value), str(value))
