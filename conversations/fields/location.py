"""Where something is, by text: an address, a thing in a register by its number, coordinates, the name of a place.

The value is described in ``conversations.places.record``. A name alone is not ``precise``: "where at Furuneset?" is
asked with the value as ``Context.known``, and the answer is joined to it.
"""

import re

from conversations.desk.model import FormField
from conversations.fields.contract import Context, Refused, Taken, no_options, shortened
from conversations.fields.numbered import read_number
from conversations.fields.yes_no import in_words
from conversations.places.coordinates import LINK
from conversations.places.lexicon import EMERGENCY_NUMBERS
from conversations.places.named import may_be_name
from conversations.places.record import BESIDE_M, Place, as_place, beside, joined, shown
from conversations.places.search import Found, Things, rest, search, search_answer
from conversations.state import Json
from conversations.typed import bare, one_line
from conversations.words import is_unknown

options = no_options

LONGEST = 2_000
LONGEST_NAME = 80
MOST_WORDS = 8
_HERE = (
    "her, hos meg, hjemme, hjemme hos meg, her hjemme, hos oss, utenfor, utenfor huset, her jeg bor, der jeg bor, "
    "här, hos mig, hemma, hemma hos mig, hos oss, utanför, utanför huset, där jag bor, "
    "here, at home, my house, my place, at my place, outside, outside my house, right here"
)
_UNKNOWN = (
    "vet ikke, veit ikkje, jeg vet ikke, aner ikke, usikker, ikke sikker, vet inte, jag vet inte, ingen aning, "
    "osäker, don't know, i don't know, dunno, not sure, no idea, husker ikke, ingen anelse"
)
_NO_PLACE = "ja, nei, nej, yes, no, ok, okay, takk, tack, thanks, hei, hej, hello, jo, hva, vad, what, hvor, var, where"


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """An address, a number or a name; a short answer that is none of them is kept as the place's name."""
    line = one_line(text[: 2 * LONGEST])[:LONGEST]
    found = search_answer(line, _things(field, context))
    problem = _problem(line, found)
    if problem:
        return Refused(problem)
    if not found.spans:
        named = _LEADS_IN.sub("", line).strip(" .,!") or line
        found = Found(((0, len(line)),), place=shortened(named, LONGEST_NAME))
    return Taken(_place(field, line, found, context), rest(line, found))


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """Only what is a place beyond doubt; the rest is the text without it."""
    line = one_line(text[: 2 * LONGEST])[:LONGEST]
    found = search(line, _things(field, context), fewest_digits=3)
    return Taken(_place(field, line, found, context), rest(line, found)) if found.spans else None


def show(field: FormField, value: Json, context: Context) -> str:
    """The address, and the thing in parentheses."""
    if not isinstance(value, dict):
        return ""
    register = context.registers.get(field.register_ or "")
    return shortened(shown(value, register, context.language), field.max_shown)


def _problem(line: str, found: Found) -> str:
    """Why this is no place; nothing if it is one."""
    said = bare(line)
    if said in _PROBLEMS:
        return _PROBLEMS[said]
    if found.spans:
        return ""
    if found.elsewhere:
        return "field.location.outside"
    if LINK.search(line):
        return "field.location.link"
    if in_words(line) or read_number(line, 1) or not (_NEVER_A_NAME | EMERGENCY_NUMBERS).isdisjoint(said.split()):
        return "field.location.unclear"
    if is_unknown(line):
        return "field.location.unknown"
    is_short = any(map(str.isalpha, line)) and len(line.split()) <= MOST_WORDS and not line.endswith("?")
    is_sentence = not _SENTENCE.isdisjoint(bare(_LEADS_IN.sub("", line)).split())
    return "" if is_short and not is_sentence and may_be_name(line) else "field.location.unclear"


def _place(field: FormField, line: str, found: Found, context: Context) -> Json:
    row = context.register(field.register_, found.number.key) if found.number and field.register_ else None
    place = as_place(line, found, field.register_, row) | _beside(field, found, context)
    return joined(context.known, place) if isinstance(context.known, dict) else place


def _beside(field: FormField, found: Found, context: Context) -> Place:
    """What stands beside a point that was typed without a number, from the field's register."""
    register = context.registers.get(field.register_ or "")
    if found.point is None or found.number or register is None or field.register_ is None:
        return {}
    row = context.nearest(field.register_, found.point, BESIDE_M)
    near = beside(found.point, field.register_, row[register.key], row) if row else None
    return {"near": near} if near else {}


def _things(field: FormField, context: Context) -> Things | None:
    register = field.register_
    if register is None:
        return None
    described = context.registers.get(register)
    words = described.words.values() if described else ()
    return Things(
        tuple(dict.fromkeys(word.lower() for listed in words for word in listed)),
        lambda key: context.register(register, key) is not None,
    )


# «vi er på låven»: the place is låven; «hytta heter Solbakken».
_LEADS_IN = re.compile(
    r"^(?:.{1,40}\b(?:heter|heiter|is called|is named) )?"
    r"(?:(?:vi|jeg|eg|jag|han|hun|ho|hon|det|den|we|i|it|he|she) (?:er|e|är|am|are|is|bor|står|ligger) )?"
    r"(?:(?:på|i|ved|vid|hos|at|in|on|by) )?",
    re.IGNORECASE,
)
_NEVER_A_NAME = frozenset(
    map(
        bare,
        (
            "faen fanden helvete satan jævla jævlig drit dritt fan jävla skit shit fuck hell damn send sende "
            "ring ringe call ambulanse ambulansen ambulans ambulance politi politiet polis police brannvesen "
            "brannvesenet brandkåren hjelp hjälp help kom fort skynd skynda hurry"
        ).split(),
    )
)
# What a sentence has and a name has not: «det var feil», «vi er på vei hjem».
_SENTENCE = frozenset(
    map(
        bare,
        (
            "jeg eg vi du dere dykk han hun ho jag ni hon we you he she they it there er e var har hadde blir ble vart "
            "ikke ikkje ingen intet kan vil skal må kommer kjem kom gikk ser så tror trur vet veit får fikk tar tok "
            "går blei være vere vært borte feil hjem heim är varit hade blev inte ingen ska måste kommer gick ser tror "
            "vet får fick tar tog vara hem fel is am are was were be been has have had not no don't dont doesn't can "
            "can't cannot will must think know see home wrong gone mistake "
            "vent venta vänta wait øyeblikk ögonblick moment litt lite straks strax snart soon nettopp fortsatt "
            "nesten haster hastar redd rädd scared afraid idiot idioter dust hæ hä huh sorry beklager unnskyld "
            "ursäkta samme samma same sist live dag morgen kveld natt jobb jobben please english"
        ).split(),
    )
)
_PROBLEMS = {
    bare(form): problem
    for problem, forms in (
        ("field.location.here", _HERE),
        ("field.location.unknown", _UNKNOWN),
        ("field.location.unclear", _NO_PLACE),
    )
    for form in forms.split(",")
}
