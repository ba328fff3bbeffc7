"""What is no fault of a desk's file, but will not do what its author expects: it is said, and the desk serves."""

import re
from collections.abc import Callable, Iterable, Iterator

from conversations import words
from conversations.desk import model
from conversations.desk.rules.seen import Seen
from conversations.desk.tree import Fault, Place
from conversations.typed import bare

_PROMPTS = {"ask", "says", "sent", "greeting", "guidance", "safety"}
_READ_YES_OR_NO = ("yes_no", "consent")
_ASKED_FOR = re.compile(
    r"\b(?i:svar|svara|reply|answer)\b(?:(?i: med| with)? ((?i:ja|nei|nej|no))|[^.!?]* (JA|NEI|NEJ|NO))\b"
)


def prompts_ask_for_what_is_read(seen: Seen) -> Iterator[Fault]:
    """A text asks for a yes or a no where something reads one."""
    for entry in seen.entries:
        is_field = entry.owner is model.FormField
        if not entry.is_text or entry.name not in _PROMPTS:
            continue
        if is_field and entry.block["kind"].text in _READ_YES_OR_NO:
            continue
        readable = {bare(each.text) for each in _said_for_choices(entry.block)} if is_field else set()
        for text in entry.place:
            found = _asked_for(text.text)
            if found and bare(found) not in readable:
                problem = f'The text asks for "{found}", and nothing reads a yes or a no here.'
                yield text.fault(
                    problem, 'Ask in a field of "kind: yes_no", which offers 1 and 2, or ask for another word.'
                )


def choices_have_words_of_their_own(seen: Seen) -> Iterator[Fault]:
    """No label or word of a choice is a word that always works: it would be obeyed, and never chosen."""
    for _, field in seen.fields():
        for each in _said_for_choices(field):
            heard = words.read_command(each.text, rett_shown=True)
            if each.text and (heard or words.carrier_word(each.text)):
                problem = f'"{each.text}" is obeyed as a word that always works, and chooses nothing.'
                yield each.fault(problem, "Call it something else; by its number it can be chosen all the same.")


def danger_is_found_by_its_own_phrases(seen: Seen) -> Iterator[Fault]:
    """The danger form is not begun by words of the form: danger's phrases are its own."""
    danger = seen.desk["danger"]["form"].text
    for form in seen.desk["forms"]:
        if danger and form["id"].text == danger and form["words"]:
            problem = "These words open nothing: what is danger is said by danger's own phrases."
            yield form["words"].fault(problem, 'Move them to "strong" or "weak" under "danger".', at_key=True)


def choices_tell_no_danger(seen: Seen, opens: Callable[[str], bool]) -> Iterator[Fault]:
    """Who answers with the words of a choice opens no danger case by them: so no choice elsewhere tells of one."""
    danger = seen.desk["danger"]["form"].text
    for form, field in seen.fields():
        for each in _said_for_choices(field) if danger and form["id"].text != danger else ():
            if opens(each.text):
                problem = f'Whoever answers "{each.text}" opens the danger case and alerts those on call.'
                yield each.fault(problem, "Call it something else, or let the danger form ask for it.")


def _said_for_choices(field: Place) -> Iterator[Place]:
    """The labels of a field's choices, and their other words."""
    for choice in field["choices"]:
        yield from choice["label"]
        for language in choice["words"]:
            yield from language


def _asked_for(text: str) -> str | None:
    found = _ASKED_FOR.search(text)
    return (found[1] or found[2]) if found else None


WARNINGS: tuple[Callable[[Seen], Iterable[Fault]], ...] = (
    prompts_ask_for_what_is_read,
    choices_have_words_of_their_own,
    danger_is_found_by_its_own_phrases,
)
