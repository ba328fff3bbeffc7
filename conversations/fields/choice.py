"""One of a few options: by its number as shown, its label or the start of it, or what people call it.

A whole label may be in any of the desk's languages; the start of one, or a misspelled one, is of those shown. Two
options that fit are never guessed between: the customer is asked which. What is only a part of what another says
is not said: «ligger på linja» in «treet ligger på linja».
"""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain

from conversations.desk.model import Choice, FormField
from conversations.fields.contract import Context, Refused, Taken, localized, shortened
from conversations.fields.numbered import numbers_in, read_number
from conversations.fields.phrases import NEGATIONS, Sentences, as_phrase, folded_words, said, says_unknown, sentences_of
from conversations.fields.yes_no import in_words
from conversations.state import Json, Option
from conversations.words import is_nothing, is_unknown, read_yes_no

_CLOSE = 0.8
_CLOSER_BY = 0.08
_SHORTEST_TYPO = 4
_SHORTEST_START = 2
_MOST_WORDS_OF_TYPO = 6
_SHORTEST_FOUND = 4
_LONGEST_LIST = 90
# What fits any text: read as an answer, never found in a text that answers something else.
_FITS_ANYTHING = frozenset(
    as_phrase(words)
    for words in (
        *("annet", "anna", "andre", "noe annet", "noko anna", "annat", "andra", "något annat"),
        *(
            "other",
            "others",
            "something else",
            "vet ikke",
            "veit ikkje",
            "vet inte",
            "not sure",
            "don't know",
        ),
    )
)


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """Digits are read against ``context.shown``."""
    shown = context.shown or options(field, context)
    followed = _followed(field, shown, text)
    if followed:
        return followed
    several = set(numbers_in(text))
    if len(several) > 1:
        return _which([option for number, option in enumerate(shown, 1) if number in several], shown)
    chosen = read_number(text, len(shown))
    candidates = _labelled(field, shown, text)
    if chosen is not None and (not candidates or not chosen.in_words):
        if not 1 <= chosen.number <= len(shown):
            return Refused("field.choice.number", {"most": str(len(shown))})
        candidates = _united(candidates, shown[chosen.number - 1])
        return Taken(candidates[0].key, chosen.rest) if len(candidates) == 1 else _which(candidates, shown)
    if len(candidates) == 1:
        return Taken(candidates[0].key)
    candidates = candidates or _meant(field, shown, text, context)
    if len(candidates) == 1:
        return Taken(candidates[0].key, _rest(field, candidates[0], text))
    return _plain(shown, text) or _which(candidates, shown)


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """The one option that is said; the text stays whole, for it says more than the option."""
    phrases = {choice.id: _specific(choice.labels, choice.phrases) for choice in field.choices}
    found = _told(field, phrases, text, context)
    return Taken(found[0], text) if len(found) == 1 else None


def show(field: FormField, value: Json, context: Context) -> str:
    """The label in the customer's language."""
    labels = {choice.id: localized(choice.label, context.language) for choice in field.choices}
    return shortened(labels.get(str(value), ""), field.max_shown)


def options(field: FormField, context: Context) -> tuple[Option, ...]:
    """All of them, in the desk's order."""
    return tuple(Option(choice.id, localized(choice.label, context.language)) for choice in field.choices)


def _followed(field: FormField, shown: Sequence[Option], text: str) -> Taken | None:
    """A choice that another answer may follow, and that answer: «3 1472», «portkod 1472»."""
    takes = {choice.id for choice in field.choices if choice.takes}
    for number, option in enumerate(shown, 1) if takes else ():
        named = "|".join(map(re.escape, (str(number), option.label)))
        led = re.fullmatch(
            rf"\s*(?:{named})(?:\s*[,:=-]\s*|\s+(?:(?:är|er|is)\s+)?)(\S.*)", text, re.IGNORECASE | re.DOTALL
        )
        if led and option.key in takes:
            return Taken(option.key, led[1].strip())
    return None


def _plain(shown: Sequence[Option], text: str) -> Taken | None:
    """«Nä», «jo då» to options of which one is called yes or no; «veit ikkje» to one called «Vet ikke»."""
    unknown = [option for option in shown if is_unknown(option.label)] if says_unknown(text) else []
    if unknown:
        return Taken(unknown[0].key)
    said = in_words(text)
    answer = said and said.value == "yes"
    named = [option for option in shown if said and read_yes_no(option.label) is answer]
    return Taken(named[0].key, said.rest) if said and named else None


def _which(candidates: Sequence[Option], shown: Sequence[Option]) -> Refused:
    """Asks which of them; where none fits, for a number."""
    if len(candidates) < 2:
        return Refused("field.choice.unclear", {"most": str(len(shown))})
    named = [f"{number} {option.label}" for number, option in enumerate(shown, 1) if option in candidates]
    return Refused("field.choice.which", {"options": shortened(", ".join(named), _LONGEST_LIST)})


def _united(candidates: Sequence[Option], option: Option) -> list[Option]:
    return list(dict.fromkeys((*candidates, option)))


def _labelled(field: FormField, shown: Sequence[Option], text: str) -> list[Option]:
    """The options whose label the text is; after a number ("2 Lav linje") that number's option as well."""
    words = folded_words(text)
    whole = [option for option in shown if words in _labels(field, option)]
    if whole or len(words) < 2 or not words[0].isdecimal():
        return whole
    named = [option for option in shown if words[1:] in _labels(field, option)]
    numbered = [option for number, option in enumerate(shown, 1) if words[0] == str(number)]
    return list(dict.fromkeys((*named, *numbered))) if named else []


def _meant(field: FormField, shown: Sequence[Option], text: str, context: Context) -> list[Option]:
    """Those that fit by the start of a label's words, else by phrase, else as a close misspelling."""
    words = folded_words(text)
    # «No» begins «Normal», and «none» is nearly «noen»: neither is meant.
    is_answer = in_words(text) is not None or is_nothing(text)
    begun = [option for option in shown if _begins(words, _label(option))] if not is_answer else []
    if begun:
        return begun
    told = _told(field, {option.key: _phrases_of(field, option) for option in shown}, text, context)
    return [option for option in shown if option.key in told] or ([] if is_answer else _misspelled(shown, words))


def _told(field: FormField, phrases: Mapping[str, tuple[str, ...]], text: str, context: Context) -> list[str]:
    """The options of which a phrase is said, one with lists of words or one of these without."""
    found = [*_said(phrases, sentences_of(text)), *_said_by_lists(field, text, context)]
    return [name for name in phrases if name in found]


def _said_by_lists(field: FormField, text: str, context: Context) -> list[str]:
    if not any(choice.listed for choice in field.choices):
        return []
    places = context.said(text)
    said = {choice.id: [places[phrase] for phrase in choice.listed if phrase in places] for choice in field.choices}
    return [name for name in said if any(not _is_inside(these, name, said) for these in said[name])]


def _is_inside(these: int, of: str, said: Mapping[str, Sequence[int]]) -> bool:
    return any(these & more == these != more for name in said if name != of for more in said[name])


def _said(phrases: Mapping[str, tuple[str, ...]], sentences: Sentences) -> list[str]:
    """Whose phrases are said; but «haster» is not where it is a part of what another says: «haster ikke»."""
    found = [name for name, known in phrases.items() if said(known, sentences)]
    if len(found) < 2:
        return found
    spoken = {name: [f" {phrase} " for phrase in phrases[name] if said((phrase,), sentences)] for name in found}
    return [name for name in found if any(not _is_part(phrase, name, spoken) for phrase in spoken[name])]


def _is_part(phrase: str, of: str, spoken: Mapping[str, Sequence[str]]) -> bool:
    return any(phrase in longer and phrase != longer for name in spoken if name != of for longer in spoken[name])


def _label(option: Option) -> list[str]:
    return as_phrase(option.label).split(" ")


def _labels(field: FormField, option: Option) -> list[list[str]]:
    """The label as shown, and in the desk's other languages."""
    labels = chain.from_iterable(choice.label.values() for choice in field.choices if choice.id == option.key)
    return [words.split(" ") for label in (option.label, *labels) if (words := as_phrase(label))]


def _begins(words: Sequence[str], label: Sequence[str]) -> bool:
    """Whether the words begin the label or a later part of it: «stolpe» in «Skadd stolpe»."""
    if len("".join(words)) < _SHORTEST_START:
        return False
    parts = (label[at : at + len(words)] for at in range(len(label) - len(words) + 1))
    return any(part[:-1] == words[:-1] and part[-1].startswith(words[-1]) for part in parts)


def _phrases_of(field: FormField, option: Option) -> tuple[str, ...]:
    return tuple(chain.from_iterable(_phrases(choice) for choice in field.choices if choice.id == option.key))


def _phrases(choice: Choice) -> tuple[str, ...]:
    return _with_labels(choice.labels, choice.phrases)


@lru_cache(maxsize=1024)
def _with_labels(labels: tuple[str, ...], phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*map(as_phrase, labels), *phrases)))


@lru_cache(maxsize=1024)
def _specific(labels: tuple[str, ...], phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Without what fits any text, as the labels «Ja» and «Nej» do: «ja, den läcker» lets nobody in with a key.

    «Én» is an article in most sentences.
    """
    telling = (one for one in labels if read_yes_no(one) is None and len(one) >= _SHORTEST_FOUND)
    said_of_it = _with_labels(tuple(telling), phrases)
    return tuple(phrase for phrase in said_of_it if as_phrase(phrase) not in _FITS_ANYTHING)


def _misspelled(shown: Sequence[Option], words: Sequence[str]) -> list[Option]:
    typed = " ".join(words)
    if len(typed) < _SHORTEST_TYPO or len(words) > _MOST_WORDS_OF_TYPO or not NEGATIONS.isdisjoint(words):
        return []
    likeness = {option: _likeness(typed, _label(option)) for option in shown}
    best = max(likeness.values(), default=0.0)
    return [option for option in shown if best >= _CLOSE and likeness[option] > best - _CLOSER_BY]


def _likeness(typed: str, label: Sequence[str]) -> float:
    return SequenceMatcher(None, typed, " ".join(label), autojunk=False).ratio()


def _rest(field: FormField, option: Option, text: str) -> str:
    """Nothing if the text is all answer, else the whole text: a piece of a sentence says little."""
    answer = max(said(_phrases_of(field, option), text), *map(len, _labels(field, option)), 0)
    return text.strip() if len(folded_words(text)) > answer else ""
