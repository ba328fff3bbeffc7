"""What pydantic finds wrong with a desk's file, said in plain English with the mend.

Every error type that our model can raise has a line in ``_SENTENCES``; a type that has none is still said.
"""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import ValidationError

from conversations.desk import entries, model
from conversations.desk.tree import Fault, Path, Tree
from conversations.state import Language

_Sentences = tuple[str, str]
MOST_NAMED = 30
LANGUAGES: tuple[str, ...] = get_args(Language)


def shape_faults(error: ValidationError, tree: Tree) -> Iterator[Fault]:
    """A fault for each of pydantic's errors, at the key or value that it is about."""
    owners = {place.path: owner for place, owner in entries.blocks(tree)}
    for each in error.errors(include_url=False):
        path = tuple(each["loc"])
        is_key = bool(path) and path[-1] == "[key]"
        if is_key:
            path = path[:-1]
        if each["type"] == "extra_forbidden":
            keys = entries.keys_of(owners.get(path[:-1], model.Desk))
            problem, mend = _unknown_key(str(path[-1]), list(keys))
            is_key = True
        elif each["type"] == "missing":
            problem, mend = _missing_key(path, owners)
        else:
            problem, mend = _said(each, path, is_key=is_key)
        yield tree.fault(path, problem, mend, at_key=is_key)


def nearest(word: str, known: list[str] | tuple[str, ...], what: str = "They") -> str:
    """The mend for a name that nobody knows: the nearest known one, or all of them."""
    if close := get_close_matches(word, known, n=1, cutoff=0.6):
        return f'Did you mean "{close[0]}"?'
    if not known:
        return "There is none to choose from: add it, or take this out."
    others = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return f"{what}: {', '.join(list(known)[:MOST_NAMED])}{others}."


def _unknown_key(key: str, keys: list[str]) -> _Sentences:
    return f'There is no key "{key}" here.', nearest(key, keys, "The keys here")


def _missing_key(path: Path, owners: Mapping[Path, type[model.Part]]) -> _Sentences:
    key = str(path[-1])
    info = entries.keys_of(owners.get(path[:-1], model.Desk)).get(key)
    meaning = f": {info.description}" if info and info.description else ""
    return f'The key "{key}" is missing.', f"Add it{meaning}."


def _said(error: Any, path: Path, *, is_key: bool) -> _Sentences:
    context, given = error.get("ctx", {}), error["input"]
    if is_key and error["type"] == "literal_error":
        return f'"{given}" is not a language that Caseline speaks.', f"Write {_one_of(LANGUAGES)}."
    if error["type"] == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], _wrong_form)(str(given))
    if error["type"] == "string_type":
        return _no_text(given)
    sentences = _SENTENCES.get(error["type"])
    if sentences is None:
        return f"{_quoted(given)} does not fit: {error['msg'][:1].lower()}{error['msg'][1:]}.", "Change it."
    return sentences(given, context, path)


def _no_text(given: object) -> _Sentences:
    if given is None:
        return "There is no text here.", "Write one after the colon, or take the key out."
    if isinstance(given, bool | int | float):
        meant = str(given).lower() if isinstance(given, bool) else f"{given} as a number"
        return f"YAML reads {meant}, not as text.", "Put it in quotes."
    return "Here should be one text.", "Write a text, not a list or a block of keys."


def _wrong_form(given: str) -> _Sentences:
    return f'"{given}" has not the form that is asked for here.', "See the description of the key."


def _no_choice(given: object, context: Mapping[str, str], path: Path) -> _Sentences:
    known = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
    return f"{_quoted(given)} is not a word that fits here.", nearest(str(given), known, "Those that fit")


def _no_list(given: object, context: Mapping[str, str], path: Path) -> _Sentences:
    return "Here should be a list.", "Write each on a line of its own after a dash, or all in square brackets."


def _no_block(given: object, context: Mapping[str, str], path: Path) -> _Sentences:
    if isinstance(given, str):
        return "Here should be a block of keys, not a text.", f"A text is written per language: {{nb: {given}}}."
    return "Here should be a block of keys.", 'Write keys and values, each as "key: value".'


def _no_number(given: object, context: Mapping[str, str], path: Path) -> _Sentences:
    return f"{_quoted(given)} is not a number that fits here.", "Write a whole number without quotes."


def _no_decimal(given: object, context: Mapping[str, str], path: Path) -> _Sentences:
    return f"{_quoted(given)} is not a number.", "Write a number without quotes, such as 1 or 0.5."


def _no_yes_or_no(given: object, context: Mapping[str, str], path: Path) -> _Sentences:
    return f"{_quoted(given)} is neither true nor false.", "Write true or false."


def _beyond(word: str, key: str) -> Callable[[object, Mapping[str, Any], Path], _Sentences]:
    def sentences(given: object, context: Mapping[str, Any], path: Path) -> _Sentences:
        return f"{_quoted(given)} is out of bounds.", f"Write a number {word} {context[key]}."

    return sentences


def _too_short(given: object, context: Mapping[str, Any], path: Path) -> _Sentences:
    if not context["actual_length"]:
        return "The list is empty.", f"Put at least {context['min_length']} into it."
    return f"The list has {context['actual_length']}.", f"It needs at least {context['min_length']}."


def _empty(given: object, context: Mapping[str, Any], path: Path) -> _Sentences:
    return "The text is empty.", "Write it, or take the key out."


def _too_long(given: object, context: Mapping[str, Any], path: Path) -> _Sentences:
    return f"The text has {len(str(given))} characters.", f"Write it with at most {context['max_length']}."


_SENTENCES: Mapping[str, Callable[[object, Mapping[str, Any], Path], _Sentences]] = {
    "literal_error": _no_choice,
    "tuple_type": _no_list,
    "dict_type": _no_block,
    "model_type": _no_block,
    "model_attributes_type": _no_block,
    "int_type": _no_number,
    "int_parsing": _no_number,
    "int_from_float": _no_number,
    "int_parsing_size": _no_number,
    "float_type": _no_decimal,
    "float_parsing": _no_decimal,
    "bool_type": _no_yes_or_no,
    "bool_parsing": _no_yes_or_no,
    "greater_than": _beyond("above", "gt"),
    "greater_than_equal": _beyond("not below", "ge"),
    "less_than_equal": _beyond("not above", "le"),
    "too_short": _too_short,
    "string_too_short": _empty,
    "string_too_long": _too_long,
}

_PATTERNS: Mapping[str, Callable[[str], _Sentences]] = {
    model.ID_FORM: lambda given: (
        f'"{given}" is not an id.',
        "Write small letters a to z, digits and _, a letter first, at most 40 of them.",
    ),
    model.SERIES_FORM: lambda given: (
        f'"{given}" does not name a number series.',
        "Write one to four capital letters, such as IN.",
    ),
    model.NUMBER_FORM: lambda given: (
        f'"{given}" is not how a series writes its numbers.',
        "Write its letters, a hyphen and a # for each digit, such as IN-########.",
    ),
    model.PHONE_FORM: lambda given: (
        f'"{given}" is not a phone number in international form.',
        'Write + and the country code, digits only and in quotes: "+4759440000".',
    ),
    model.COUNTRY_FORM: lambda given: (f'"{given}" is not a country code.', 'Write it with + and in quotes: "+47".'),
    model.MAIL_FORM: lambda given: (f'"{given}" is not a mail address.', "Write it as post@example.org."),
}


def _quoted(given: object) -> str:
    if isinstance(given, dict | list):
        return "A list" if isinstance(given, list) else "A block of keys"
    return "Nothing" if given is None else f'"{given}"'


def _one_of(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
