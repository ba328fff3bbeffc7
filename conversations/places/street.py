"""Addresses as people type them: a street and a number, a farm, a title number; roads by their number.

Norway writes «Furunesveien 12B, 6700 Måløy», Sweden «Storgatan 4, 541 30 Skövde».
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conversations.changed import changed
from conversations.places.lexicon import (
    COMMON_NOUNS,
    EMERGENCY_NUMBERS,
    ENGLISH_STREETS,
    FARMS,
    HOUSE_NUMBERS,
    NAME_ENDS,
    NAME_PARTS,
    NO_PLACES,
    SMALL_WORDS,
    STREET_ENDS,
    STREET_SHORT_ENDS,
    STREETS_APART,
    UNITS,
    either,
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address and where in the line it stands; postcode and town where they were typed with it."""

    street: str
    start: int
    end: int
    postcode: str | None = None
    town: str | None = None


def find_address(line: str) -> Address | None:
    """The first address in the line that is one beyond doubt."""
    for pattern, begins in _CERTAIN if _DIGIT.search(line) else _WITHOUT_NUMBER:
        for match in pattern.finditer(line):
            start = begins(line, match.start())
            if start is not None:
                return with_town(line, Address(_tidy(line[start : match.end()]), start, match.end()))
    return None


def read_address(line: str) -> Address | None:
    """The address that a whole line is, where nothing but a place was asked for: «solbakken 14, Måløy»."""
    match = _ANY_NUMBERED.match(line)
    if match is None or not _NO_HOUSES.isdisjoint(match[0].lower().split()):
        return None
    found = with_town(line, Address(_tidy(match[0]), 0, match.end()))
    left = line[found.end :].strip(" .,!")
    if not left:
        return found
    is_town = _ONE_WORD.fullmatch(left) and left.lower() not in SMALL_WORDS and left.lower() not in NO_PLACES
    return changed(found, end=len(line), town=left.capitalize()) if is_town and found.town is None else None


def with_town(line: str, address: Address) -> Address:
    """The address with the flat, and the postcode and town, that follow it."""
    flat = _FLAT.match(line, address.end)
    if flat:
        address = changed(address, street=f"{address.street}, {flat['flat']}", end=flat.end())
    match = _POSTCODE_TOWN.match(line, address.end) or _TOWN.match(line, address.end)
    if match is None or match["town"].split()[0].lower() in NO_PLACES:
        return address
    code = match.groupdict().get("code")
    return changed(address, end=match.end("town"), postcode=_digits(code), town=match["town"])


def find_town(line: str) -> Address | None:
    """A postcode and its town without a street, whose name is empty here: «6700 Måløy»."""
    match = _POSTCODE_ALONE.search(line) or _POSTCODE_WHOLE.fullmatch(line)
    if match is None:
        return None
    return Address("", match.start(), match.end(), _digits(match["code"]), match["town"])


def road_before(line: str, at: int) -> int | None:
    """Where a numbered road begins that stands just before ``at``: «E39» ved Nordfjordeid."""
    match = _ROAD.search(line, 0, at)
    return match.start() if match else None


def streets_alone(line: str) -> Iterator[tuple[int, int]]:
    """Where a street's name with a capital stands without a number: a place, but not an address."""
    for match in _STREET_ALONE.finditer(line):
        if _capital_name(line, match.start()) is not None:
            yield match.span()


def same_street(one: str, other: str) -> bool:
    """Whether two addresses name the same street, whatever the number and the spelling of veien."""
    return street_key(one) == street_key(other)


def street_key(address: str) -> str:
    """An address's street without its number, the spellings of veien and of letters made one; a comparison's key."""
    name = re.sub(r"[0-9].*$", "", address.lower())
    for written, read in _SPELLINGS:
        name = name.replace(written, read)
    return re.sub(r"[^a-zäö]", "", name)


def _any_name(line: str, at: int) -> int | None:
    """Where the name begins: «Øvre Havnegate 3» with its first word."""
    if _word_at(line, at) in COMMON_NOUNS:
        return None
    before = _PART_BEFORE.search(line, 0, at)
    return before.start() if before else at


def _capital_name(line: str, at: int) -> int | None:
    return _any_name(line, at) if line[at].isupper() else None


def _names_before(line: str, at: int) -> int | None:
    """Where the name begins whose last word ends before ``at``: «Kongens» gate 3, «Øvre Nes» gard."""
    start = None
    for match in reversed(list(_WORD.finditer(line, max(at - 60, 0), at))[-_MOST_NAME_WORDS:]):
        word = match[0].lower()
        genitive = start is None and word.endswith("s")
        if word in SMALL_WORDS or not (match[0][0].isupper() or word in NAME_PARTS or genitive):
            break
        start = match.start()
    return start


def _word_at(line: str, at: int) -> str:
    match = _WORD.match(line, at)
    return match[0].lower() if match else ""


def _tidy(text: str) -> str:
    """«furunesveien tolv b» as «Furunesveien 12B»; else as typed."""
    street = " ".join(text.split()).rstrip(" ,.")
    street = _IN_WORDS.sub(lambda match: str(HOUSE_NUMBERS[match[0].lower()]), street)
    street = re.sub(r"(\d) ?([A-Za-h])$", lambda match: match[1] + match[2].upper(), street)
    return street[:1].upper() + street[1:]


def _digits(code: str | None) -> str | None:
    return code.replace(" ", "") if code else None


def _compiled(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts), re.IGNORECASE)


_MOST_NAME_WORDS = 4
_NO_HOUSES = SMALL_WORDS | EMERGENCY_NUMBERS
_SPELLINGS = (("vegen", "veien"), ("gaten", "gata"), ("æ", "ä"), ("ø", "ö"), ("aa", "å"), ("-", ""))
_L = r"[^\W\d_]"
_CAPITAL = rf"(?=(?-i:[A-ZÆØÅÄÖ])){_L}[\w'-]*"
_FREE = r"(?<![\w-])"
_NUMBER = (
    r"(?:nr\.? ?)?[0-9]{1,4}(?:[a-z](?!\w)| (?-i:[A-H])(?!\w)| [a-d](?= *(?:$|[,.!?])))?"
    r"(?: ?[-/] ?[0-9]{1,4}[a-z]?)?"
    rf"(?!\w)(?![.:][0-9])(?! ?(?:%|(?:{either(UNITS)})(?!\w)))"
)
_ONE_WORD = re.compile(rf"{_L}{{3,}}")
_TOWN_NAME = rf"{_L}[\w'-]*(?: i {_L}[\w-]+|(?: {_CAPITAL}){{0,2}})"
_CODE = r"(?:(?:no?|se?)-)?(?P<code>[0-9]{4}|[0-9]{3} ?[0-9]{2})(?![0-9])"
_ENDS = r"(?= *(?:$|[,.!?;]| (?:og|och|and|men|but|så|so|hos|siden|sedan|since|fra|från|from|med|with) ))"
_WORD = re.compile(rf"{_L}[\w.'-]*")
_POSTCODE_TOWN = _compiled(r"[ ,.]*", _CODE, r"[ ,]+(?P<town>", _TOWN_NAME, ")")
_TOWN = _compiled(r"(?: ?, ?| (?:i|på|in|at) | )(?=(?-i:[A-ZÆØÅÄÖ]))(?P<town>", _TOWN_NAME, ")", _ENDS)
_POSTCODE_ALONE = _compiled(_FREE, r"(?<![0-9][.,])", _CODE, r" +(?=(?-i:[A-ZÆØÅÄÖ]))(?P<town>", _TOWN_NAME, ")")
_POSTCODE_WHOLE = _compiled(r" *", _CODE, r"[ ,]+(?P<town>", _TOWN_NAME, r")[ .!]*")
_ANY_NUMBERED = _compiled(rf"{_L}[\w.'-]+(?: {_L}[\w.'-]*){{0,3}} ", _NUMBER)
_STREET_WORD = rf"{_FREE}{_L}[\w-]{{1,30}}(?:{either((*STREET_ENDS, *STREET_SHORT_ENDS))})"
_COMPOUND = _compiled(_STREET_WORD, r" ", _NUMBER)
_IN_WORDS = _compiled(rf"(?<= )(?:{either(HOUSE_NUMBERS)})(?=$| [a-d]$)")
# "Fire" is no number before an English word.
_COMPOUND_IN_WORDS = _compiled(
    _STREET_WORD,
    rf" (?:{either(HOUSE_NUMBERS)})(?: [a-d])?(?= *(?:$|[,.!?;]| (?:i|på|og|och|men|det|der|där|her|här|for|för) ))",
)
_FLAT = _compiled(
    r"[ ,]+(?P<flat>(?:leilighet|leilegheit|leil|lägenhet|lgh|apartment|flat|apt|oppgang|uppgång|inngang|ingång)\.? ?"
    r"(?:nr\.? ?)?(?:[0-9]{1,4}[a-z]?|[a-z])|[hukl][0-9]{4}|[0-9]{1,2}\.? ?(?:etasje|etg|etage|våning|vån|tr)\.?)(?!\w)"
)
_STREET_ALONE = _compiled(rf"{_FREE}{_L}[\w-]{{2,30}}(?:{either(STREET_ENDS)})(?![\w-])(?! ?[0-9])")
_NAMED = _compiled(rf"{_FREE}(?:{_L}[\w-]{{0,30}})?(?:{either(NAME_ENDS)}) ", _NUMBER)
_APART = _compiled(rf"{_FREE}(?:{either(STREETS_APART)}) ", _NUMBER)
_FARM = _compiled(rf"{_FREE}(?:{either(FARMS)})(?!\w)")
_ENGLISH = _compiled(rf"{_FREE}[0-9]{{1,4}}[a-z]?(?: {_CAPITAL}){{1,3}}? (?:{either(ENGLISH_STREETS)})(?!\w)")
_ROAD_NUMBER = r"(?:e|rv|fv|riksvei|riksveg|fylkesvei|fylkesveg|europavei|väg|riksväg)\.? ?[0-9]{1,4}"
_ROAD = _compiled(_FREE, _ROAD_NUMBER, "(?= *$)")
_TITLE = _compiled(_FREE, r"(?:gnr|gå?a?rdsnummer)\.? ?[0-9]{1,4}[ ,/]*(?:bnr|bruksnummer)\.? ?[0-9]{1,4}")
_DIGIT = re.compile("[0-9]")
_PART_BEFORE = _compiled(_FREE, rf"(?:{either(NAME_PARTS)}) +$")
_WITHOUT_NUMBER = ((_COMPOUND_IN_WORDS, _any_name), (_FARM, _names_before))
_CERTAIN: tuple[tuple[re.Pattern[str], Callable[[str, int], int | None]], ...] = (
    (_COMPOUND, _any_name),
    (_APART, _names_before),
    (_ENGLISH, lambda line, at: at),
    (_TITLE, lambda line, at: at),
    (_COMPOUND_IN_WORDS, _any_name),
    (_FARM, _names_before),
    (_NAMED, _capital_name),
)
