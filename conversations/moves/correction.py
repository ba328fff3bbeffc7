"""A correction: the one answered field that the words name, or whose value they change."""

import re
from itertools import chain

from conversations.changed import changed
from conversations.danger_syntax import fold
from conversations.desk.model import FormField
from conversations.fields import KINDS
from conversations.fields.contract import Taken
from conversations.fields.phrases import NEGATIONS, folded_words
from conversations.fields.yes_no import in_words
from conversations.moves import collect
from conversations.state import Answer, Note
from conversations.talk import Talk
from conversations.words import Command, is_correction, read_command, without_denied

SHORTEST_STEM = 4
"""Letters of a label's word by which a correction may name its field."""
_NEGATES = NEGATIONS | {"no", "dont"}
_WITHOUT_VALUE = frozenset({"attachments", "choice", "choices", "consent", "yes_no"})
_NUMBER = re.compile(r"[0-9].*")
_IS = re.compile(
    r"(?P<what>[^\W\d_][\w-]*) +(?:heter|heiter|er|är|is|skal være|ska vara|should be):? +(?P<value>\S.*)",
    re.IGNORECASE | re.DOTALL,
)


def correct(talk: Talk, words: str | None = None) -> bool:
    """A correction goes to the field that it names, else to the one answered field that it fits and changes.

    A choice and a place beside it are two things said, not one that fits both. The words are kept with it.
    """
    note, known = talk.note(words), talk.active_draft.answers
    fields = tuple(collect.applicable(talk))
    fits = [(field, named) for field in fields if (named := _named(talk, field, note.words))]
    if not fits:
        answered = [field for field in fields if field.id in known]
        fits = [(field, found) for field in answered if (found := _corrects(talk, field, note.words))]
    fits = [(field, found) for field, found in fits if not collect.is_vague(Answer(found.value, note.words, note.at))]
    if not fits or len({field.kind == "choice" for field, _ in fits}) != len(fits):
        return False
    collect.fill(talk, (note,))
    for field, found in fits:
        collect.keep(talk, field, found, note)
    return True


def _corrects(talk: Talk, field: FormField, words: str) -> Taken | None:
    """Another value than the field has: what the words say, and not what they say that it is not."""
    known, told = talk.active_draft.answers[field.id], without_denied(words)
    for one in (words, told) if field.kind == "choice" else (told,):
        found = collect.found_in(talk, field, one)
        if found and differs(talk, field, found, known):
            return completed(found, known)
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
    return found if found and (known is None or differs(talk, field, found, known)) else None


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
        is_name = field.kind not in (*collect.ANY_TEXT, "person_name") or not match["value"][0].islower()
        if is_name and any(fold(match["what"]).startswith(stem) for stem in _stems(field)):
            outcome = KINDS[field.kind].read(field, match["value"], talk.context())
            return outcome if isinstance(outcome, Taken) else None
    return None


def _stems(field: FormField) -> list[str]:
    """The words of the label without their endings: «sikring» of «Sikringer kontrollert»."""
    words = chain.from_iterable(folded_words(label) for label in field.label.values())
    return [word[: max(SHORTEST_STEM, len(word) - 2)] for word in words if len(word) >= SHORTEST_STEM]


def completed(found: Taken, known: Answer) -> Taken:
    """Another number in the street that was known is in the same town."""
    old, new = known.value, found.value
    if not isinstance(old, dict) or not isinstance(new, dict) or new.get("town") or not old.get("town"):
        return found
    streets = [_NUMBER.sub("", str(one.get("address") or "")).strip().lower() for one in (old, new)]
    if not streets[0] or streets[0] != streets[1]:
        return found
    postcode, town = old.get("postcode"), old["town"]
    text = ", ".join((str(new["text"]), " ".join(str(one) for one in (postcode, town) if one)))
    return changed(found, value={**new, "postcode": postcode, "town": town, "text": text})


def differs(talk: Talk, field: FormField, found: Taken, known: Answer) -> bool:
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
            _take_newest_kind(talk, note)
            collect.fill(talk, (note,))


def _take_newest_kind(talk: Talk, note: Note) -> None:
    """What a danger is now may be another than what it was: «linja har falt ned»."""
    known = talk.active_draft.answers
    for field in collect.applicable(talk):
        found = KINDS[field.kind].find(field, note.words, talk.context()) if field.kind == "choice" else None
        if found and field.id in known and found.value != known[field.id].value:
            collect.keep(talk, field, found, note)
