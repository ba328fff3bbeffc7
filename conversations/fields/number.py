"""A number with its unit: "48 210 kWh", "1,5", "ca 40", "førti", "to og en halv", "12 stk".

The value is a JSON number in the field's unit. What may mean two numbers ("1.234") is decided by the unit and the
limits, or asked; a number with another unit ("1,5 MWh" for kWh) is never taken for one in the field's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from conversations.desk.model import FormField
from conversations.fields.contract import Context, Refused, Taken, localized, no_options, shortened
from conversations.fields.figures import plain_line, without
from conversations.fields.numerals import BEYOND, Numeral, numerals, written
from conversations.fields.units import LONGEST_UNIT, PIECES, unit_at, ways_of_writing
from conversations.state import Json, Language
from conversations.typed import bare

options = no_options

_LONGEST_SHOWN = 30
_EXAMPLES = (40, 1, 1_000)
_WORDS = (
    "ca cirka circa omtrent rundt omkring ungefär about approx approximately around roughly sånn typ "
    "ja jo yes blir bli trenger behöver need bestiller beställer order vil vill want ønsker gjerne a"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """A number in the text, with its unit in lower case ("" for none), and where the two stand."""

    numeral: Numeral
    unit: str
    start: int
    end: int


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """The one number of the text, or of several the one with the field's unit."""
    line = plain_line(text)
    said = [one for one in _said(field, line, context.language) if one.unit or _answers(line, one)]
    wanted = [one for one in said if one.unit in _units(field)] or [one for one in said if not one.unit]
    if said and not wanted:
        unit = shortened(localized(field.unit or {}, context.language), _LONGEST_SHOWN)
        return Refused("field.number.unit", {"unit": unit, "example": _example(field, context.language)})
    if len({one.numeral.readings for one in wanted}) != 1:
        return Refused("field.number.unclear", {"example": _example(field, context.language)})
    number = _decided(field, wanted[0].numeral, context.language)
    return number if isinstance(number, Refused) else _taken(field, number, line, wanted)


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """A number with the field's own unit: any other may count something else."""
    line = plain_line(text)
    said = [one for one in _said(field, line, context.language) if one.unit in _units(field)] if field.unit else []
    if len({one.numeral.readings for one in said}) != 1:
        return None
    number = _decided(field, said[0].numeral, context.language)
    return None if isinstance(number, Refused) else _taken(field, number, line, said)


def show(field: FormField, value: Json, context: Context) -> str:
    """«48 210 kWh», in English «48,210 kWh»."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < BEYOND
    return shortened(_shown(field, Decimal(str(value)), context.language), field.max_shown) if is_number else ""


def _said(field: FormField, line: str, language: Language) -> list[_Said]:
    """The numbers of the line, but for figures that begin a word: "4A"."""
    own, found = _units(field), []
    for one in numerals(line, language):
        unit, length = unit_at(line[one.end : one.end + LONGEST_UNIT], own)
        if not field.unit and unit not in own:
            unit, length = "", 0
        if unit or not line[one.end : one.end + 1].isalnum():
            found.append(_Said(one, unit, one.start, one.end + length))
    return found


def _answers(line: str, said: _Said) -> bool:
    """Number words without a unit answer only by themselves: «en» is an article in most sentences."""
    if not said.numeral.in_words:
        return True
    if without(line[: said.start], (), _GO_WITH_A_NUMBER):
        return False
    return line[said.end : said.end + 1] in tuple(",.;!") or not without(line[said.end :], (), _GO_WITH_A_NUMBER)


def _decided(field: FormField, meant: Numeral, language: Language) -> Decimal | Refused:
    """The one reading that the unit and the limits allow; else what is wrong with it, or a question which is meant."""
    problems = [_problem(field, one, language) for one in meant.readings]
    possible = [one for one, problem in zip(meant.readings, problems, strict=True) if problem is None]
    if not possible:
        return next(filter(None, problems))
    if len(possible) > 1 and not meant.is_clear:
        large, small = f"{max(possible):f}", written(min(possible), language)
        return Refused("field.number.which", {"large": large, "small": small})
    return possible[0]


def _problem(field: FormField, number: Decimal, language: Language) -> Refused | None:
    if _is_counted(field) and number != number.to_integral_value():
        return Refused("field.number.whole", {"example": _example(field, language)})
    if field.minimum is not None and number < Decimal(str(field.minimum)):
        return Refused("field.number.low", {"least": _limit(field, field.minimum, language)})
    if field.maximum is not None and number > Decimal(str(field.maximum)):
        return Refused("field.number.high", {"greatest": _limit(field, field.maximum, language)})
    return None


def _taken(field: FormField, number: Decimal, line: str, said: Sequence[_Said]) -> Taken:
    value = int(number) if number == number.to_integral_value() else float(number)
    spans = [(one.start, one.end) for one in said]
    return Taken(value, without(line, spans, _GO_WITH_A_NUMBER | _units(field)))


def _units(field: FormField) -> frozenset[str]:
    """How people write the field's unit; a number without one may still be said to be of pieces."""
    return ways_of_writing(field.unit.values()) if field.unit else PIECES


def _is_counted(field: FormField) -> bool:
    return field.unit is not None and not PIECES.isdisjoint(_units(field))


def _shown(field: FormField, number: Decimal, language: Language) -> str:
    return f"{written(number, language)} {localized(field.unit or {}, language)}".strip()


def _limit(field: FormField, limit: float, language: Language) -> str:
    return shortened(_shown(field, Decimal(str(limit)), language), _LONGEST_SHOWN)


def _example(field: FormField, language: Language) -> str:
    """A number that the limits allow."""
    least, greatest = field.minimum, field.maximum
    limits = [limit for limit in (least, greatest) if limit is not None]
    fitting = [one for one in _EXAMPLES if (least or one) <= one <= (greatest or one)]
    return _limit(field, (*fitting, *limits, 0)[0], language)


_GO_WITH_A_NUMBER = frozenset(map(bare, _WORDS.split()))
