"""Texts and phrases of a desk: in every language, readable, and of a length that can be sent."""

import re
from collections import Counter
from collections.abc import Collection, Iterator

from conversations import danger_syntax, patterns, words
from conversations.desk import model
from conversations.desk.entries import Entry
from conversations.desk.rules.seen import Seen, same
from conversations.desk.shape import LANGUAGES, nearest
from conversations.desk.tree import Fault, Place
from conversations.fields.yes_no import LABELS
from conversations.text import places_of
from conversations.typed import bare

_MORE_THAN_SMS = {"terms_in_full", "consent_text"}
_ALONE = {"ask", "sent", "guidance", "greeting", "says"}
_PHRASES = {(model.Form, "words"), (model.Choice, "words")}
_OF_A_ROW = {
    "cases": ("number", "title", "status", "opened", "closed", "work"),
    "work": ("what", "who", "date", "hours", "cost"),
    "readings": ("period", "kwh", "change", "before", "highest", "highest_at", "lowest", "lowest_at", "mean"),
    "figures": ("period", "cases", "open", "orders", "cost", "days"),
}


def every_text_is_in_every_language(seen: Seen) -> Iterator[Fault]:
    """Texts and words are in each language of the desk and in no other; danger is understood in all."""
    for entry in seen.entries:
        # Danger is understood in every language, whichever the desk answers in.
        is_wanted = entry.is_text or (entry.is_phrases and entry.owner is not model.Danger)
        if not is_wanted or not isinstance(entry.place.value, dict):
            continue
        what = "text" if entry.is_text else "list"
        for language in seen.languages:
            if language not in entry.place.value:
                mend = f'Add "{language}:", or take {language} out of "languages".'
                yield entry.place.fault(f'The {what} "{entry.name}" is missing in {language}.', mend, at_key=True)
        for each in entry.place:
            if seen.languages and each.key in LANGUAGES and each.key not in seen.languages:
                mend = f'Take it out, or add {each.key} to "languages".'
                yield each.fault(f"The desk does not speak {each.key}.", mend, at_key=True)


def places_in_texts_are_known(seen: Seen) -> Iterator[Fault]:
    """What stands in braces is filled by somebody."""
    for entry in seen.entries:
        for text in entry.place if entry.is_text and not _is_own(entry) else ():
            yield from _place_faults(text, _places(entry, seen))


def own_texts_replace_the_engines(seen: Seen) -> Iterator[Fault]:
    """An own wording is of a text that the engine has, with all its places."""
    for wording in seen.desk["texts"]:
        places = seen.known.texts.get(wording.key)
        if places is None:
            mend = nearest(wording.key, list(seen.known.texts), "Those it has")
            yield wording.fault(f'The engine has no text "{wording.key}".', mend, at_key=True)
            continue
        for text in wording:
            yield from _place_faults(text, tuple(places))
            for place in (each for each in places if "{" + each + "}" not in text.text):
                yield text.fault(f'The text leaves "{{{place}}}" out.', "Put it where the engine's own text has it.")


def phrases_can_be_read(seen: Seen) -> Iterator[Fault]:
    """The phrases of forms and choices are well formed; those of a choice may name lists that are there."""
    lists = _lists(seen)
    for entry in seen.entries:
        if (entry.owner, entry.name) in _PHRASES:
            for phrase in _members(entry.place):
                yield from _phrase_faults(phrase, danger_syntax.problem(phrase.text) or _listed(entry, phrase, lists))


def _listed(entry: Entry, phrase: Place, lists: Collection[str]) -> str | None:
    if entry.owner is model.Choice:
        return danger_syntax.unknown_list(phrase.text, lists)
    return "only the phrases of danger and of choices have lists" if "<" in phrase.text else None


def danger_phrases_can_be_read(seen: Seen) -> Iterator[Fault]:
    """Danger phrases are well formed, and their lists are there."""
    danger = seen.desk["danger"]
    lists = _lists(seen)
    for kind in danger_syntax.KINDS:
        for phrase in _members(danger[kind]):
            if kind == "words":
                found = danger_syntax.problems(danger_syntax.Phrases(words=(phrase.text,)))
                yield from _phrase_faults(phrase, found[0].removeprefix("words: ") if found else None)
            else:
                unknown = danger_syntax.unknown_list(phrase.text, lists)
                yield from _phrase_faults(phrase, danger_syntax.problem(phrase.text) or unknown)


def _lists(seen: Seen) -> Collection[str]:
    """The names of the lists of words that phrases may name."""
    own = danger_syntax.word_lists(line.text for line in _members(seen.desk["danger"]["words"]))
    return {*seen.known.lists, *own}


def phrases_mean_one_thing(seen: Seen) -> Iterator[Fault]:
    """No phrase means two forms, or two choices of a field."""
    groups = [("form", seen.desk["forms"]), *(("choice", field["choices"]) for _, field in seen.fields())]
    for what, members in groups:
        meant: dict[str, str] = {}
        for each in members:
            for phrase in _members(each["words"]):
                other = meant.setdefault(danger_syntax.fold(phrase.text), each["id"].text)
                if phrase.text and other != each["id"].text:
                    problem = f'"{phrase.text}" means the {what} "{other}" already.'
                    yield phrase.fault(problem, "Take it out of one of them.")


def words_are_free(seen: Seen) -> Iterator[Fault]:
    """Words that start a form are none of the engine's or the carriers', and start one form only."""
    for phrase in _phrases(seen):
        if words.is_reserved(phrase.text):
            problem = f'"{phrase.text}" is a word that always works, or one that carriers take.'
            yield phrase.fault(problem, "Take it out: it never reaches the form.")
    taken: dict[str, str] = {}
    for form in seen.desk["forms"]:
        for word in (word for command in form["commands"] for word in _members(command["word"])):
            if words.is_reserved(word.text):
                problem = f'"{word.text}" is a word that always works, or one that carriers take.'
                yield word.fault(problem, "Choose another.")
            other = taken.setdefault(bare(word.text), form["id"].text)
            if word.text and other != form["id"].text:
                yield word.fault(f'"{word.text}" starts the form "{other}" already.', "Choose another.")


def _phrases(seen: Seen) -> Iterator[Place]:
    """What means a form in free text."""
    for form in seen.desk["forms"]:
        yield from _members(form["words"])


def labels_differ(seen: Seen) -> Iterator[Fault]:
    """Choices of a field are told apart by their labels."""
    for _, field in seen.fields():
        for language in seen.languages:
            labels = [choice["label"][language] for choice in field["choices"]]
            often = Counter(bare(label.text) for label in labels if label.text)
            for label in labels:
                if often[bare(label.text)] > 1:
                    yield label.fault(f'Two choices are called "{label.text}".', "Give each a label of its own.")


_ASKS_YES = re.compile(r"\b(?:reply|answer|svar|svara|write|skriv|text)\b[^.!?]{0,20}\byes\b", re.IGNORECASE)


def no_text_asks_for_a_carriers_word(seen: Seen) -> Iterator[Fault]:
    """No text shows a word that carriers take for themselves, such as YES."""
    for entry in seen.entries:
        for text in entry.place if entry.is_text else ():
            said = "".join(each if each.isalnum() or each == "-" else " " for each in text.text).split()
            asked = _ASKS_YES.search(text.text)
            for word in dict.fromkeys(
                (*(each for each in words.SWALLOWED if each in said), *(("YES",) if asked else ()))
            ):
                problem = f"Carriers take the word {word} for themselves, so nobody can answer it."
                yield text.fault(problem, "Offer 1 and 2, or another word.")


def patterns_are_closed(seen: Seen) -> Iterator[Fault]:
    """Patterns are of the closed syntax."""
    written = {(model.FormField, "pattern"), (model.Word, "argument")}
    for place in (entry.place for entry in seen.entries if (entry.owner, entry.name) in written):
        if place.text and (fault := patterns.problem(place.text)):
            yield place.fault(f'The pattern "{place.text}" cannot be read: {fault}.', "Write it anew.")


def texts_are_of_plain_characters(seen: Seen) -> Iterator[Fault]:
    """Texts are of the characters of GSM-7: any other makes each segment 70 characters."""
    cost = seen.known.cost
    for entry in seen.entries:
        for text in entry.place if entry.is_text and entry.name not in _MORE_THAN_SMS else ():
            if cost and (foreign := cost(text.text).foreign):
                problem = f'"{foreign[0]}" is not in the alphabet of plain SMS, and doubles what the text costs.'
                yield text.fault(problem, "Write it with letters, digits and the marks of a plain keyboard.")


def texts_fit_an_sms(seen: Seen) -> Iterator[Fault]:
    """A question with its choices and what is offered again is one segment; safety with the first question, two."""
    cost = seen.known.cost
    for text, whole, most in (*_alone(seen), *_with_safety(seen)):
        segments = cost(whole).segments if cost else 0
        if segments > most:
            problem = f"This takes {segments} texts of an SMS, with all that is sent with it, and may take {most}."
            yield text.fault(problem, f"Shorten it: all in all {(0, 160, 306)[most]} characters.")


def _alone(seen: Seen) -> Iterator[tuple[Place, str, int]]:
    """Texts that must fit one segment, a question with its numbered choices and the answer of last time."""
    for entry in seen.entries:
        if entry.is_text and entry.name in _ALONE:
            for text in entry.place:
                asked = _last_time(entry.block, text.key) + _choices(entry.block, text.key)
                yield text, text.text + (asked if entry.name == "ask" else ""), 1


LONGEST_LAST_TIME = 35
"""The engine's words around what was answered last time, and the blank before them, at the most."""


def _last_time(field: Place, language: str) -> str:
    if not field["remember"]:
        return ""
    shown = field["max_shown"].value
    longest = shown if isinstance(shown, int) else model.FormField.model_fields["max_shown"].default
    labels = [choice["label"][language].text for choice in field["choices"]] if field["kind"].text == "choice" else []
    return "x" * (LONGEST_LAST_TIME + min(longest, max(map(len, labels), default=longest)))


LONGEST_ASKED_WITH_SAFETY = 155
"""The engine's own question beside a safety text, where the first words named a place: at the most so long."""


def _with_safety(seen: Seen) -> Iterator[tuple[Place, str, int]]:
    """The safety text with the first question of the danger form: two segments."""
    for form in seen.desk["forms"]:
        if same(form["id"], seen.desk["danger"]["form"]):
            first = next((field for field in form["fields"] if field["ask"]), None)
            for text in seen.desk["danger"]["safety"]:
                asked = f" {first['ask'][text.key].text}{_choices(first, text.key)}" if first else ""
                yield text, text.text + asked, 2
                yield text, text.text + " " * (1 + LONGEST_ASKED_WITH_SAFETY), 2


def _choices(field: Place, language: str) -> str:
    labels = [choice["label"][language].text for choice in field["choices"]]
    if field["kind"].text in ("yes_no", "consent"):
        labels = [texts[each] for texts in LABELS.values() for each in texts if each == language]
    return "".join(f" {number} {label}" for number, label in enumerate(labels, 1))


def _is_own(entry: Entry) -> bool:
    return entry.place.path[:1] == ("texts",)


def _places(entry: Entry, seen: Seen) -> tuple[str, ...]:
    """The names that may stand in braces in this text."""
    form = seen.form_at(entry.place.path)
    fields = tuple(field["id"].text for field in form["fields"])
    if (entry.owner, entry.name) == (model.Register, "shown"):
        return seen.desk["registers"][str(entry.place.path[-2])]["columns"].texts
    if (entry.owner, entry.name) == (model.Form, "title"):
        return (*fields, *_columns_of_fields(form, seen))
    if entry.owner is model.Reply:
        reads = form["reply"]["reads"].text or "register"
        columns = seen.desk["registers"][form["reply"]["register"].text]["columns"].texts
        return (*fields, *_columns_of_fields(form, seen), *_OF_A_ROW.get(reads, columns))
    return ()


def _columns_of_fields(form: Place, seen: Seen) -> Iterator[str]:
    """``object.street``: a column of the row that a field names."""
    for field in form["fields"]:
        for column in seen.desk["registers"][field["register"].text]["columns"].texts:
            yield f"{field['id'].text}.{column}"


def _place_faults(text: Place, known: tuple[str, ...]) -> Iterator[Fault]:
    try:
        names = places_of(text.text)
    except ValueError:
        yield text.fault("A brace in the text has no partner.", "Write {{ or }} for the character itself.")
        return
    for name in (each for each in names if each not in known):
        if known:
            yield text.fault(f'Nothing fills "{{{name}}}" in this text.', nearest(name, known, "What can be filled"))
        else:
            yield text.fault(f'Nothing fills "{{{name}}}": this text has no places.', "Take it out.")


def _phrase_faults(phrase: Place, problem: str | None) -> Iterator[Fault]:
    if phrase.text and problem:
        yield phrase.fault(f'The phrase "{phrase.text}" cannot be read: {problem}.', "Write it anew.")


def _members(lists: Place) -> Iterator[Place]:
    """The members of a list per language."""
    for language in lists:
        yield from language
