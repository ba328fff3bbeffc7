"""Phone numbers, one or several: "91234567 og 40 00 11 22", "+46 70-174 06 05", "samme nummer".

The value is a list of numbers in E.164. Eight figures are Norwegian for who writes Norwegian, or English from a
Norwegian number; for others they may be half a Swedish number, and the country code is asked for. A 0 in front is
Swedish: no Norwegian number has one. A Swedish number must be in the numbering plan, since only the plan knows how
long it is; of others the length is enough.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import phonenumbers
from phonenumbers import PhoneNumberFormat

from conversations.desk.model import FormField
from conversations.fields.contract import Context, Refused, Taken, no_options, shortened
from conversations.fields.figures import LONGEST, plain_line, without
from conversations.state import Json, Language
from conversations.typed import bare

options = no_options

EXAMPLES: dict[Language, str] = {"nb": "912 34 567", "sv": "070-174 06 05", "en": "+47 912 34 567"}
_NORWAY, _SWEDEN = 47, 46
_FEWEST_FIGURES = 5
_MOST_GROUPS = 20
_KINDS_OF_PHONE = (
    "mobil mobilen mobilnr mobilnummer mob mobile cell tlf telefon telefonen telefonnr telefonnummer tel phone ring "
    "jobb jobben arbeid arbete work hjem hemma hem privat home kontor office direkte direkt du kan can call me us you "
    "oss meg mig nå når nås reach"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """Numbers that stand side by side, or figures that are none; and where."""

    numbers: tuple[str, ...]
    start: int
    end: int
    figures: int = 0


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """All numbers of the text, each once; figures enough for a number that make none are asked about."""
    line, example = plain_line(text), {"example": EXAMPLES[context.language]}
    said = [*_runs(line, context), *_same(line, context.sender)]
    numbers = _distinct(said)
    if any(not one.numbers and one.figures >= _FEWEST_FIGURES for one in said):
        return Refused("field.phone.digits", example)
    if any(not one.numbers and not one.figures for one in said):
        return Refused("field.phone.same", example)
    if not numbers:
        return Refused("field.phone.unclear", example)
    most = field.most or 1
    if len(numbers) > most:
        return Refused("field.phone.many", {"count": str(len(numbers)), "most": str(most)})
    return Taken(numbers, _rest(line, said))


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """Numbers that are written as phone numbers are, or said to be some; a bare mobile number if it is all there is."""
    line = plain_line(text)
    said = [one for one in _runs(line, context) if one.numbers and not _is_other(line, one)]
    said += [one for one in _same(line, context.sender) if one.numbers]
    numbers, rest = _distinct(said), _rest(line, said)
    are_phones = [_is_phone(line, one) for one in said]
    is_sure = all(are_phones) if rest else any(are_phones) or any(map(_MOBILE.match, numbers))
    return Taken(numbers, rest) if is_sure and 1 <= len(numbers) <= (field.most or 1) else None


def show(field: FormField, value: Json, context: Context) -> str:
    """«912 34 567», «070-174 06 05»; those of other countries with the country code."""
    if not isinstance(value, list) or not all(isinstance(one, str) and _E164.fullmatch(one) for one in value):
        return ""
    return shortened(", ".join(filter(None, (_grouped(one, context.language) for one in value))), field.max_shown)


def _runs(line: str, context: Context) -> list[_Said]:
    """Rows of figures, each one number or several."""
    is_norwegian = context.language == "nb" or (context.language == "en" and context.sender.startswith("+47"))
    found = []
    for run in _RUN.finditer(line[:LONGEST]):
        groups = _GROUP.findall(run[0].replace("(0)", "").replace("+ ", "+"))
        numbers = _numbers(groups, is_norwegian) if len(groups) <= _MOST_GROUPS else ()
        found.append(_Said(numbers, run.start(), run.end(), sum(map(str.isdecimal, run[0]))))
    return found


def _same(line: str, sender: str) -> list[_Said]:
    """Where the text says that it is the number it was sent from."""
    match = _SAME.search(line[:LONGEST]) or _SAME_ALONE.fullmatch(line)
    numbers = (sender,) if sender.startswith("+") else ()
    return [_Said(numbers, match.start(), match.end())] if match else []


def _distinct(said: Sequence[_Said]) -> list[str]:
    ordered = sorted(said, key=lambda one: one.start)
    return list(dict.fromkeys(number for one in ordered for number in one.numbers))


def _numbers(groups: Sequence[str], is_norwegian: bool) -> tuple[str, ...]:
    """The groups as one number, else as several that stand side by side; none where figures are left over."""
    whole = _e164("".join(groups), is_norwegian)
    if whole:
        return (whole,)
    for cut in range(1, len(groups)):
        first = _e164("".join(groups[:cut]), is_norwegian)
        others = _numbers(groups[cut:], is_norwegian) if first else ()
        if others:
            return (first, *others)
    return ()


def _e164(typed: str, is_norwegian: bool) -> str:
    """The number with its country; nothing where it is none."""
    try:
        number = phonenumbers.parse(_with_country(typed, is_norwegian), None)
    except phonenumbers.NumberParseException:
        return ""
    if number.country_code == _SWEDEN:
        is_number = phonenumbers.is_valid_number(number)
    elif number.country_code == _NORWAY:
        is_number = _NORWEGIAN.fullmatch(str(number.national_number)) is not None
    else:
        is_number = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if is_number else ""


def _with_country(typed: str, is_norwegian: bool) -> str:
    if typed.startswith("+"):
        return typed
    if typed.startswith("00"):
        return f"+{typed[2:]}"
    if typed.startswith("0"):
        return f"+{_SWEDEN}{typed[1:]}"
    if len(typed) == 8 and is_norwegian:
        return f"+{_NORWAY}{typed}"
    return f"+{typed}" if typed.startswith((str(_NORWAY), str(_SWEDEN))) and len(typed) > 8 else ""


def _is_phone(line: str, said: _Said) -> bool:
    """Whether figures that can be a phone number are one, in a text that was not asked for one."""
    before, typed = line[: said.start], line[said.start : said.end]
    if not said.figures:
        return _RING.search(before) is not None
    is_written_so = typed.startswith(("+", "(+", "00")) or _GROUPED.fullmatch(typed)
    return bool(is_written_so or _SAYS_PHONE.search(before))


def _is_other(line: str, said: _Said) -> bool:
    return said.figures > 0 and _OTHER.search(line[: said.start]) is not None


def _rest(line: str, said: Sequence[_Said]) -> str:
    return without(line, [(one.start, one.end) for one in said if one.numbers], _GO_WITH_A_PHONE)


def _grouped(e164: str, language: Language) -> str:
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return ""
    national = str(number.national_number)
    if number.country_code == _NORWAY and len(national) == 8:
        # Mobile numbers are written so in Norway; the library groups them in pairs.
        cuts = (0, 3, 5, 8) if national[0] in "49" else (0, 2, 4, 6, 8)
        grouped = " ".join(national[start:end] for start, end in pairwise(cuts))
        return grouped if language == "nb" else f"+{_NORWAY} {grouped}"
    is_own = number.country_code == _SWEDEN and language == "sv"
    form = PhoneNumberFormat.NATIONAL if is_own else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_NORWEGIAN = re.compile("[2-9][0-9]{7}")
_MOBILE = re.compile(r"\+47[49]|\+467")
# A new number begins with + or with 00 and a country code. Not figures of an e-mail address.
_RUN = re.compile(
    r"(?<![0-9@_])(?:\(?\+ ?)?\(?[0-9]+(?:[ .()-]{1,3}(?!00(?:[1-9][0-9]{6}|4[5-7] ))[0-9]+)*(?![0-9]*[@_])"
)
_GROUP = re.compile(r"\+?[0-9]+")
_GROUPED = re.compile(r"[49][0-9]{2}[ .][0-9]{2}[ .][0-9]{3}|[49][0-9](?: [0-9]{2}){3}|0[0-9]{1,3}-[0-9][0-9 ]{4,9}")
_SAME = re.compile(
    r"\b(?:(?:(?:det|den) )?(?:samme|same|samma|dette|detta|det her|det här|this)(?: her| här)? "
    r"(?:tele(?:fon)?|mobil(?:e)?|phone )?(?:nummer(?:et)?|numret|number|tlf|nr)"
    r"|(?:nummeret|numret|det|the (?:number|one)) (?:som )?(?:jeg|eg|jag|i am|i'm|i) "
    r"(?:skriver|skriv|sender|sendte|sendar|ringer|skickar|texting|writing|sending|using)(?: (?:nå|nu|now))? "
    r"(?:fra|frå|från|from|med))\b",
    re.IGNORECASE,
)
_SAME_ALONE = re.compile(r"(?:den |det )?(?:samme|same|samma|dette|detta|this one|this)[ .!]*", re.IGNORECASE)
_RING = re.compile(
    r"\b(?:ring|ringe|ringes|nå|nås|tref\w*|kontakt\w*|call|reach|telefon|tlf)\b[^.!?]{0,30}$", re.IGNORECASE
)
_SAYS_PHONE = re.compile(
    r"\b(?:tlf|telefon(?:en|nr|nummer|nummeret)?|tele?|mobil(?:en|nr|nummer|nummeret)?|mob|phone(?: number)?|cell"
    r"|ring|ringe|ringes|kontakt\w*|call|reach|nås|når (?:meg|mig|oss)|nå (?:meg|mig|oss)"
    r"|mitt nummer|nummeret mitt|numret mitt|my number)\b"
    r"(?:[ .:,]|(?:meg|mig|oss|me|us|er|är|is|mitt|min|my|på|on|at|nr|nummer|number|gjerne|gärna|mobil|tlf|tel)\b)*$",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:faktura\w*|invoice|kunde\w*|kund\w*|customer|måler\w*|mätar\w*|meter|anlegg\w*|anläggning\w*|sak\w*|ärende\w*"
    r"|case|org\w*|konto\w*|account|ordre\w*|order\w*|kid|ref\w*|serie\w*|serial|målepunkt\w*)\W*(?:(?:nr|nummer|no|number)\W*)?$",
    re.IGNORECASE,
)
_GO_WITH_A_PHONE = frozenset(map(bare, _KINDS_OF_PHONE.split()))
