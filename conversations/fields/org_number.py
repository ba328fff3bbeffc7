"""Organisation numbers: nine figures in Norway ("123 456 785"), ten in Sweden ("556036-0793"), each with a check digit.

The value is what docs/formats.md says: ``name``, ``address`` and ``verified`` are for whoever looks the number up. A
Swedish sole trader's number is a personal one: taken where it is asked for, never found in another text.
"""

import re
from collections.abc import Sequence

from stdnum.no import orgnr as norwegian
from stdnum.se import orgnr as swedish

from conversations.desk.model import FormField
from conversations.fields.contract import Context, Refused, Taken, no_options, shortened
from conversations.fields.figures import Row, plain_line, rows, rows_of, without
from conversations.state import Json, Language
from conversations.typed import bare

options = no_options

EXAMPLES: dict[Language, str] = {"nb": "123 456 785", "sv": "556036-0793", "en": "123 456 785"}
_LENGTHS = (9, 10, 12)
_FEWEST_FIGURES = 5
_WORDS = (
    "org orgnr org-nr org.nr orgnummer organisasjonsnr organisasjonsnummer organisasjonsnummeret organisasjonen "
    "organisation organisationsnr organisationsnummer organisationsnumret organization firma firmaet firmanummer "
    "foretaksnummer foretak företag bedrift company no se mva vat vårt vart our"
)


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """The one number whose check digit fits; else how many figures there were, or that the last one does not fit."""
    line = plain_line(text)
    fitting = [row for length in _LENGTHS for row in rows_of(line, length) if _number(row.figures)]
    numbers = {_number(row.figures) for row in fitting}
    if len(numbers) == 1:
        return _taken(line, fitting)
    return Refused(*_problem([] if numbers else rows(line), context.language))


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """A number that is all there is, said to be one, or written as only such a number is."""
    line = plain_line(text)
    fitting = [row for row in rows(line) if _number(row.figures)]
    is_one = len({_number(row.figures) for row in fitting}) == 1
    return _taken(line, fitting) if is_one and any(_is_told(line, row) for row in fitting) else None


def show(field: FormField, value: Json, context: Context) -> str:
    """«123 456 785» or «556036-0793»."""
    number = str(value.get("number", "")) if isinstance(value, dict) else ""
    if not number or number != _number(number):
        return ""
    return shortened(norwegian.format(number) if len(number) == 9 else swedish.format(number), field.max_shown)


def _taken(line: str, fitting: Sequence[Row]) -> Taken:
    value = {"number": _number(fitting[0].figures), "name": None, "address": None, "verified": False}
    return Taken(value, without(line, [(row.start, row.end) for row in fitting], _GO_WITH_A_NUMBER))


def _number(figures: str) -> str:
    """The number without its century, or a Swedish VAT number's ending; nothing where the check digit does not fit."""
    if len(figures) == 9:
        return figures if norwegian.is_valid(figures) else ""
    inside = _TEN_OF_TWELVE.fullmatch(figures)
    ten = (inside[1] or inside[2]) if inside else figures
    return ten if len(ten) == 10 and ten[0] != "0" and swedish.is_valid(ten) else ""


def _problem(typed: Sequence[Row], language: Language) -> tuple[str, dict[str, str]]:
    longest = max((len(row.figures) for row in typed), default=0)
    example = {"example": EXAMPLES[language]}
    if longest in _LENGTHS:
        return "field.org_number.check", example
    if longest >= _FEWEST_FIGURES:
        return "field.org_number.digits", {"digits": str(longest), **example}
    return "field.org_number.unclear", example


def _is_told(line: str, row: Row) -> bool:
    number = _number(row.figures)
    if len(number) == 10 and number[2] in "01":
        return False
    before, typed, after = line[: row.start], line[row.start : row.end], line[row.end :]
    is_written_so = _SWEDISH.fullmatch(typed) or _VAT_BEFORE.search(before) or _VAT_AFTER.match(after)
    return not bare(before + after) or bool(is_written_so or _SAYS_SO.search(before))


_TEN_OF_TWELVE = re.compile("16([0-9]{10})|([0-9]{10})01")
_SWEDISH = re.compile("(?:16)?[0-9]{6}-[0-9]{4}")
_VAT_BEFORE = re.compile(r"\b(?:NO|SE) ?$")
_VAT_AFTER = re.compile(r" ?MVA\b")
_SAYS_SO = re.compile(
    r"\b(?:org(?:anisasjon|anisation)?(?:en|s)?[ .-]{0,2}(?:nr|nummer(?:et)?|numret|number|no)?|foretaksnummer"
    r"|firma(?:et)?|bedrift(?:en)?|företag(?:et)?|company(?: number)?)[ .:]{0,2}(?:(?:er|är|is|no|nr) ?)?$",
    re.IGNORECASE,
)
_GO_WITH_A_NUMBER = frozenset(map(bare, _WORDS.split()))
