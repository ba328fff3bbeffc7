"""The ID of a metering point: a GSRN of 18 figures, the last a check digit (GS1 General Specifications, GSRN).

Norwegian ones begin 7070575, Swedish ones 735999. The value is the 18 figures.
"""

import re

from stdnum import ean

from conversations.desk.model import FormField
from conversations.fields.contract import Context, Refused, Taken, no_options, shortened
from conversations.fields.figures import plain_line, rows, rows_of, without
from conversations.state import Json, Language
from conversations.typed import bare

options = no_options

FIGURES = 18
EXAMPLES: dict[Language, str] = {"nb": "707057500012345671", "sv": "735999123456789018", "en": "707057500012345671"}
_FEWEST_FIGURES = 5
_OURS = ("7070575", "735999")
_WORDS = (
    "målepunkt målepunktet målepunktid målepunkt-id målepunkt-id-en målepunktid-en målepunkts-id måler id id-en "
    "anleggsid anläggnings-id anläggningsid anläggning anlägg mätpunkt mätpunkts-id metering meter point"
)


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """The one ID; else how many figures there were, or that they do not fit together."""
    line = plain_line(text)
    fitting = [row for row in rows_of(line, FIGURES) if _fits(row.figures)]
    if len({row.figures for row in fitting}) == 1:
        spans = [(row.start, row.end) for row in fitting]
        return Taken(fitting[0].figures, without(line, spans, _GO_WITH_AN_ID))
    example = {"example": EXAMPLES[context.language]}
    counted = max((len(row.figures) for row in rows(line)), default=0)
    if fitting or counted < _FEWEST_FIGURES:
        return Refused("field.metering_point.unclear", example)
    if any(rows_of(line, FIGURES)):
        return Refused("field.metering_point.check", example)
    problem = "field.metering_point.few" if counted < FIGURES else "field.metering_point.more"
    return Refused(problem, {"digits": str(counted), **example})


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """One that begins as those of Norway and Sweden do, wherever it stands."""
    line = plain_line(text)
    fitting = [row for row in rows_of(line, FIGURES) if row.figures.startswith(_OURS) and _fits(row.figures)]
    if len({row.figures for row in fitting}) != 1:
        return None
    return Taken(fitting[0].figures, without(line, [(row.start, row.end) for row in fitting], _GO_WITH_AN_ID))


def show(field: FormField, value: Json, context: Context) -> str:
    """The figures as the invoice has them: without blanks."""
    is_one = isinstance(value, str) and _ID.fullmatch(value) and _fits(value)
    return shortened(value, field.max_shown) if is_one else ""


def _fits(figures: str) -> bool:
    return ean.calc_check_digit(figures[:-1]) == figures[-1]


_ID = re.compile(f"[0-9]{{{FIGURES}}}")
_GO_WITH_AN_ID = frozenset(map(bare, _WORDS.split()))
