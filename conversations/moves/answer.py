"""The message as the answer to what was asked: a field, or «is it right?».

An answer is read against the newest question that the customer can have seen.
"""

import re
from collections.abc import Iterator

from conversations.changed import changed
from conversations.desk.model import Choice, FormField
from conversations.fields import KINDS, postal_address, secret
from conversations.fields.contract import Refused, Taken, register_words
from conversations.fields.phrases import folded_words, says_unknown
from conversations.fields.yes_no import in_words
from conversations.language import detect
from conversations.moves import collect, correction, last_time, options
from conversations.places.street import find_address, find_town
from conversations.state import Answer, Asked, Note
from conversations.talk import Talk
from conversations.typed import bare
from conversations.words import (
    is_correction,
    is_nothing,
    is_question,
    is_unknown,
    read_yes_no,
    takes_back,
    without_denied,
)

_IS_NOT = re.compile(r"(?:(?:det|den|it) (?:er|e|var|är|is|was) (?:ikke|ikkje|inte|not)|it's not|it isn't) ")
_WRONG = re.compile(r"(?:feil|fel|wrong)(?: (\S+))?")
_PLACES = ("sted", "plass", "adresse", "gate", "hus", "plats", "ställe", "adress", "gata", "place", "address", "street")
_ONLY_NUMBER = re.compile(r"(?:(?:men|but|utan|det er|det är|it is|it's) +)?([0-9]{3,})")
_SAME = re.compile(r"\b(?:samme|same|samma|allerede|redan|already)\b")


def read(talk: Talk) -> bool:
    """Read the message as the answer to the field, or to «is it right?», that was asked.

    Words that answer neither are left to a caseworker's comment, where one waits for an answer.
    """
    asked, field = talk.state.asked, talk.asked_field
    if asked is None or field is None:
        return False
    reading = _confirm if asked.what.startswith("confirm:") else _read
    return reading(talk, asked, field)


def _read(talk: Talk, asked: Asked, field: FormField) -> bool:
    is_again = talk.active_draft.again == field.id
    known = None if is_again else talk.active_draft.answers.get(field.id)
    if known and collect.is_vague(known) and is_unknown(talk.message.text):
        # Who knows no better is not held up: the place as named stands.
        collect.fill(talk, (talk.note(),))
        collect.settle(talk, field)
        talk.moved = True
        return True
    same = last_time.taken(talk, asked)
    if same:
        _take_again(talk, field, same)
        return True
    if field.kind in collect.ANY_TEXT and _is_beside(talk, field):
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
    if outcome.rest and is_correction(talk.message.text) and correction.correct(talk, outcome.rest):
        # «Nei, det var naboene også»: the no takes back what was said before, and answers nothing.
        return True
    notes = talk.active_draft.notes
    if known and known.message and all(note.message != known.message for note in notes):
        # A place named too vaguely may still help who looks for it.
        talk.redraft(notes=(*notes, Note(known.words, known.message, known.at)))
    collect.keep(talk, field, outcome, talk.note(), asked_before=known is not None)
    _say_of_taken(talk, field)
    _fill_rest(talk, field, outcome)
    return True


def _take_again(talk: Talk, field: FormField, same: Taken) -> None:
    """The answer of last time; its words are those that it was offered in, for «1» says nothing to a caseworker."""
    words, note = KINDS[field.kind].show(field, same.value, talk.context()), talk.note()
    talk.moved = True
    collect.put(talk, field, Answer(same.value, words, note.at, note.message, "prefilled", confirmed=True))
    _fill_rest(talk, field, same)


def _fill_rest(talk: Talk, field: FormField, taken: Taken) -> None:
    """What was said besides the answer."""
    rest = taken.rest
    for choice in field.choices if isinstance(taken.value, str) else ():
        if choice.id == taken.value:
            rest = _with_choice(talk, choice, rest)
    if rest:
        collect.fill(talk, (talk.note(rest),))


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
    if not before or talk.message.at - before[0].at > collect.OF_LATE:
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
    if (takes_other_back or (denied and denied.value == "no" and denied.rest)) and correction.correct(talk):
        talk.moved = True
        return True
    if _is_asked_back(field, text):
        collect.fill(talk, (talk.note(),))
        talk.say("question.noted")
        return True
    if field.kind == "text" and takes_back(text):
        collect.fill(talk, (talk.note(),))
        talk.say("noted")
        talk.moved = True
        return True
    if field.kind == "secret" and secret.is_none(text):
        # Nobody is held up: who does the work reads that they must ask.
        collect.fill(talk, (talk.note(),))
        talk.say("noted")
        collect.pass_over(talk, field)
        return True
    if field.kind == "text" and field.optional and (says_unknown(text) or is_nothing(text)):
        collect.pass_over(talk, field)
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
    collect.keep(talk, field, outcome, talk.note(rest))
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
        collect.keep(talk, field, corrected, talk.note())
        if corrected.rest:
            collect.fill(talk, (talk.note(corrected.rest),))
    elif said or names_it or _WRONG.fullmatch(bare(text)):
        talk.moved = True
        if said and said.value == "yes":
            collect.settle(talk, field)
        else:
            _take_back(talk, field)
        note = talk.note() if _is_of_danger(talk) else talk.note(words)
        if names_it:
            talk.redraft(notes=(*talk.active_draft.notes, note))
        elif words:
            collect.fill(talk, (note,))
    elif _is_for_comment(talk):
        return False
    else:
        _not_understood(talk, field, "answer.yes_or_no")
    return True


def _denies(text: str) -> bool:
    return is_correction(text) or bool(_IS_NOT.match(bare(text)))


def _names_it(talk: Talk, field: FormField, words: str, *, refused: bool) -> bool:
    """The one value that the words name is one that they deny, or the very one that was refused."""
    found = collect.found_in(talk, field, words)
    if found is None:
        return False
    is_same = not correction.differs(talk, field, found, talk.active_draft.answers[field.id])
    return (refused and is_same) or collect.found_in(talk, field, without_denied(words)) is None


def _take_back(talk: Talk, field: FormField) -> None:
    """It is not so. Of a danger's place the words are kept all the same: what is right may be near it."""
    known = talk.active_draft.answers[field.id]
    notes = talk.active_draft.notes
    collect.forget(talk, field.id)
    if _is_of_danger(talk) and known.message and all(note.message != known.message for note in notes):
        talk.redraft(notes=(*notes, Note(known.words, known.message, known.at)))


def _corrected(talk: Talk, field: FormField, words: str, *, denies: bool, agrees: bool) -> Taken | None:
    """Another value than the one read back; a place that is named less precisely is only added to it: «i Måløy».

    Not to one that was denied: whose place it takes.
    """
    known, told, find = talk.active_draft.answers[field.id], without_denied(words), KINDS[field.kind].find
    found = find(field, told, talk.context()) or _number_of_thing(talk, field, told)
    if field.kind == "postal_address":
        found = found or postal_address.stated(told, talk.language)
    if found and not denies and not collect.is_vague(known) and collect.is_vague(Answer(found.value, told, talk.now)):
        both = find(field, f"{known.words}, {told}", talk.context())
        found = changed(both, rest=found.rest) if both else None
    if found is None or found.value == known.value:
        return None
    found = correction.completed(found, known)
    return found if correction.differs(talk, field, found, known) or not (denies or agrees) else None


def _number_of_thing(talk: Talk, field: FormField, words: str) -> Taken | None:
    """«1043», «men 1043»: the number alone of what the field's register has."""
    number = _ONLY_NUMBER.fullmatch(words)
    if field.kind != "location" or not field.register_ or not number:
        return None
    is_known = talk.register_row(field.register_, number[1]) is not None
    outcome = KINDS[field.kind].read(field, number[1], talk.context()) if is_known else None
    return outcome if isinstance(outcome, Taken) else None


def _is_of_danger(talk: Talk) -> bool:
    return talk.state.danger is not None and talk.active_draft.case == talk.state.danger.case


def _is_for_comment(talk: Talk) -> bool:
    if _is_of_danger(talk):
        return False
    return bool(talk.state.awaited) and len(folded_words(talk.message.text)) > 2


def _not_understood(talk: Talk, field: FormField, problem: str, **values: str) -> None:
    """No answer to what was asked: perhaps to something else, a correction or a question; in any case a note."""
    answered, language = talk.active_draft.answers, detect(talk.message.text, talk.desk.desk.languages)
    if _is_wrong_place(talk) or _is_numbered_place(talk):
        talk.moved = True
        return
    if not ((is_correction(talk.message.text) or _is_new_place(talk)) and correction.correct(talk)):
        collect.fill(talk, (talk.note(),))
    if talk.active_draft.answers != answered:
        talk.moved = True
    elif field.optional and (is_unknown(talk.message.text) or _has_none(field, talk.message.text)):
        collect.pass_over(talk, field)
    elif is_question(talk.message.text):
        talk.say("question.noted")
    elif language and language != talk.language and not _is_of_danger(talk):
        talk.said.append(talk.desk.wording.say(language, "language.hint"))
    else:
        talk.say(problem, **values)


def _place(talk: Talk) -> FormField | None:
    """The place that was answered, which another question may bring a correction of."""
    known = talk.active_draft.answers
    return next((one for one in collect.applicable(talk) if one.kind == "location" and one.id in known), None)


def _is_wrong_place(talk: Talk) -> bool:
    """«Feil mast» where something else is asked: the place is asked for again."""
    wrong, place = _WRONG.fullmatch(bare(talk.message.text)), _place(talk)
    named = wrong[1] if wrong else None
    if not named or place is None or named not in (*register_words(place, talk.context()), *_PLACES):
        return False
    collect.fill(talk, (talk.note(),))
    collect.ask_again(talk, place.id)
    return True


def _is_numbered_place(talk: Talk) -> bool:
    """The bare number of another mast, where no number was asked for."""
    place = _place(talk)
    taken = _number_of_thing(talk, place, talk.message.text.strip()) if place else None
    if (
        place is None
        or taken is None
        or not correction.differs(talk, place, taken, talk.active_draft.answers[place.id])
    ):
        return False
    collect.keep(talk, place, taken, talk.note())
    return True


def _is_new_place(talk: Talk) -> bool:
    """The whole text is a place, where one was given before: «Havnegata 6» to who has no power."""
    place = _place(talk)
    found = collect.found_in(talk, place, talk.message.text) if place else None
    return found is not None and not found.rest


def _has_none(field: FormField, text: str) -> bool:
    """«Nei» to which number: there is none. A place there always is."""
    return field.kind != "location" and is_nothing(text)
