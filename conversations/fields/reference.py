"""A reference by the field's closed pattern, such as ``A-#####``: "a 10001" is A-10001. The value is that text.

Months, dates and periods in a pattern are kept in ISO 8601. Without a pattern it is any word with a figure in it.
"""

import re
from collections.abc import Callable, Mapping

from conversations.desk.model import FormField
from conversations.fields import date_time, org_number, phone
from conversations.fields.contract import Context, Refused, Taken, no_options, register_words, shortened
from conversations.fields.figures import LONGEST, plain_line, without
from conversations.fields.patterned import Fit, example, finds, fits
from conversations.places.numbered import find_numbers
from conversations.state import Json
from conversations.typed import bare

options = no_options

_LONGEST_EXAMPLE = 30
_ANY_EXAMPLE = "40217"
_MOST_FIGURES = 12
_LONGEST_TALK = 6
"""Words of a sentence in which a number that nothing names is no reference."""
_FEWEST_IN_TALK = 3
_WORDS = (
    "sak saken saksnummer saksnr ärende ärendet ärendenummer case ref referanse referansen referens reference "
    "faktura fakturanummer invoice anlegg anleggsnummer anlegget anläggning kunde kundenummer kundnummer customer "
    "avtale avtal kontrakt contract bestilling beställning ordre order"
)
_Found = list[tuple[str, int, int]]


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """The one reference of the text."""
    line = plain_line(text)
    if not field.pattern:
        words = _words_with_figures(line, longest_too=not field.register_)
        if field.register_ and _is_talk(line, words) and not find(field, text, context):
            return Refused("field.reference.unclear", {"example": _ANY_EXAMPLE})
        # «40217, mobil 91234567»: a phone is meant only where nothing else is there.
        words = [one for one in words if not isinstance(phone.read(_ANY, one[0], context), Taken)] or words
        return _taken(line, _of_most_figures(words)) or Refused("field.reference.unclear", {"example": _ANY_EXAMPLE})
    shown = {"example": shortened(example(field.pattern, lambda kind: _EXAMPLES[kind]), _LONGEST_EXAMPLE)}
    return _taken(line, _written(fits(field.pattern, line), context)) or Refused("field.reference.pattern", shown)


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """What fits a pattern with letters of its own, or stands behind a word for a row of the field's register."""
    line = plain_line(text)
    if field.pattern:
        return _taken(line, _written(finds(field.pattern, line), context))
    named = find_numbers(line, register_words(field, context))
    return _taken(line, [(one.key, one.start, one.end) for one in named if _figures(one.key) <= _MOST_FIGURES])


def show(field: FormField, value: Json, context: Context) -> str:
    """As the pattern writes it."""
    if not isinstance(value, str):
        return ""
    found = (
        _written(fits(field.pattern, value), context) if field.pattern else _of_most_figures(_words_with_figures(value))
    )
    return shortened(value, field.max_shown) if [written for written, _, _ in found] == [value] else ""


def _taken(line: str, found: _Found) -> Taken | None:
    if len({written for written, _, _ in found}) != 1:
        return None
    return Taken(found[0][0], without(line, [(start, end) for _, start, end in found], _GO_WITH_A_REFERENCE))


def _written(found: list[Fit], context: Context) -> _Found:
    written = [(one.written(lambda kind, typed: _READERS[kind](typed, context)), one.start, one.end) for one in found]
    return [one for one in written if one[0]]


def _words_with_figures(line: str, *, longest_too: bool = True) -> _Found:
    """The words with figures, of as many as a reference has."""
    words = [match for match in _WORD.finditer(line[:LONGEST]) if _figures(match[0])]
    usual = [match for match in words if _figures(match[0]) <= _MOST_FIGURES] or (words if longest_too else [])
    return [(match[0].upper(), match.start(), match.end()) for match in usual]


def _is_talk(line: str, words: _Found) -> bool:
    """«Har betalt 1240 kr for mye, vil ha penger tilbake», «jeg bor i Nygaardsgata 1»: a number, and no reference."""
    said = line.split()
    is_short = all(_figures(word) < _FEWEST_IN_TALK for word, _, _ in words)
    return not line[:1].isdecimal() and (len(said) > _LONGEST_TALK or (len(said) > _FEWEST_IN_TALK and is_short))


def _of_most_figures(words: _Found) -> _Found:
    """«anlegg 40217 i Storgata 4» names 40217."""
    most = max((_figures(word) for word, _, _ in words), default=0)
    return [one for one in words if _figures(one[0]) == most]


def _figures(word: str) -> int:
    return sum(map(str.isdecimal, word))


def _number(typed: str, context: Context) -> str:
    return typed


def _case_number(typed: str, context: Context) -> str:
    match = _CASE_NUMBER.fullmatch(typed)
    return f"{match[1].upper()}-{match[2]}" if match else ""


def _phone(typed: str, context: Context) -> str:
    taken = phone.read(_ANY, typed, context)
    return "".join(taken.value) if isinstance(taken, Taken) and not taken.rest else ""


def _org_number(typed: str, context: Context) -> str:
    taken = org_number.read(_ANY, typed, context)
    return org_number.show(_ANY, taken.value, context) if isinstance(taken, Taken) and not taken.rest else ""


def _text(typed: str, context: Context) -> str:
    return typed


def _dated(*precisions: str) -> Callable[[str, Context], str]:
    """Reads a time of one of these precisions, as ISO 8601 so long as it is exact."""

    def reading(typed: str, context: Context) -> str:
        typed = _MONTH_OF_YEAR.sub(lambda match: f"{match[2]}-{int(match[1]):02}", typed)
        if _ISO.fullmatch(typed):
            return typed if _PRECISIONS[len(typed)] in precisions else ""
        taken = date_time.read(_ANY, typed, context)
        if not isinstance(taken, Taken) or taken.rest or taken.value["precision"] not in precisions:
            return ""
        return str(taken.value["at"])[: _LENGTHS[taken.value["precision"]]]

    return reading


_PRECISIONS = {4: "year", 7: "month", 10: "day"}
_LENGTHS = {precision: length for length, precision in _PRECISIONS.items()}
_READERS: Mapping[str, Callable[[str, Context], str]] = {
    "number": _number,
    "case_number": _case_number,
    "phone": _phone,
    "org_number": _org_number,
    "text": _text,
    "month": _dated("month"),
    "date": _dated("day"),
    "period": _dated("day", "month", "year"),
}
_EXAMPLES = {
    "number": "12",
    "case_number": "IN-1042",
    "phone": "+47 912 34 567",
    "org_number": "123 456 785",
    "text": "abc",
    "month": "10/2019",
    "date": "14.10.2019",
    "period": "2019",
}
_ANY = FormField.model_validate({"id": "any", "kind": "reference", "label": {}})
_CASE_NUMBER = re.compile("([A-Za-z]{1,4})[ -]?([0-9]{1,10})")
_ISO = re.compile("[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")
_MONTH_OF_YEAR = re.compile("^(0?[1-9]|1[0-2])[./]([0-9]{4})$")
_WORD = re.compile(r"[^\W_]+(?:[-/.][^\W_]+)*")
_GO_WITH_A_REFERENCE = frozenset(map(bare, _WORDS.split()))
