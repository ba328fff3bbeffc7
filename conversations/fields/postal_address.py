"""A postal address, Norway or Sweden: street, postcode and town in one line or several.

The value is an object of ``street``, ``postcode`` (digits only) and ``town``.
"""

import re

from conversations.desk.model import FormField
from conversations.fields.contract import Context, Refused, Taken, no_options, shortened
from conversations.places.lexicon import NAME_PARTS, SMALL_WORDS, either
from conversations.places.street import find_address
from conversations.state import Json, Language
from conversations.typed import composed

options = no_options

LONGEST = 200
EXAMPLES: dict[Language, str] = {
    "nb": "Havnegata 4, 6700 Måløy",
    "sv": "Storgatan 4, 541 30 Skövde",
    "en": "Havnegata 4, 6700 Måløy",
}


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """All three parts; what is missing is said, with an example."""
    line = _one_line(text)
    example = {"example": EXAMPLES[context.language]}
    if not any(letter.isalpha() for letter in line):
        return Refused("field.address.unclear", example)
    if len(line) > LONGEST:
        return Refused("field.text.long", {"most": str(LONGEST), "letters": str(len(line))})
    match = _last(_CODE_TOWN, line)
    if match is None:
        return Refused(_what_is_wrong(line), example)
    if _miscounted(match, context.language):
        return Refused("field.address.postcode_digits", example)
    led, before = _led_up_to(line[: match.start()])
    before, after = _street(before), line[match.end() :].strip(" ,.")
    if not before and not _street(after):
        return Refused("field.address.street", example)
    value = _value(before or _street(after), match["code"], match["town"])
    return Taken(value, ", ".join(filter(None, (led, after if before else ""))))


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """Only an address that is said to be the person's own: other addresses are where something happened."""
    line = _one_line(text)
    match = _MINE.search(line)
    if match is None:
        return None
    rest = f"{line[: match.start()].rstrip()} {line[match.end() :].lstrip(' ,.')}".strip(" ,")
    return Taken(_value(_street(match["street"]), match["code"], match["town"]), rest)


def stated(text: str, language: Language) -> Taken | None:
    """An address that is one beyond doubt and whole, whoever's it is: street, number, postcode and town."""
    line = _one_line(text)
    found, match = find_address(line), _last(_CODE_TOWN, line)
    if not found or not found.postcode or not found.town or match is None or _miscounted(match, language):
        return None
    if not any(map(str.isdecimal, found.street)):
        return None
    led = _led_up_to(line[: found.end])[0] or line[: found.start].strip(" ,.")
    rest = ", ".join(filter(None, (led, line[found.end :].strip(" ,."))))
    return Taken(_value(found.street, found.postcode, found.town), rest)


def show(field: FormField, value: Json, context: Context) -> str:
    """«Havnegata 4, 6700 Måløy», «Storgatan 4, 541 30 Skövde»."""
    if not isinstance(value, dict):
        return ""
    code = str(value.get("postcode", ""))
    spaced = f"{code[:3]} {code[3:]}" if len(code) == 5 else code
    return shortened(f"{value.get('street', '')}, {spaced} {value.get('town', '')}", field.max_shown)


def _led_up_to(text: str) -> tuple[str, str]:
    """What leads up to a street in a sentence, and the street: «Maskinen läcker på», «Storgatan 4»."""
    text = _BEFORE_STREET.sub("", text)
    found = find_address(text)
    led = text[: found.start].split() if found else []
    if not found or not led or led[-1].lower() not in SMALL_WORDS:
        return "", text
    return " ".join(led[:-1]).strip(" ,"), text[found.start :]


def _what_is_wrong(line: str) -> str:
    """The msgid for an address whose postcode and town were not found."""
    if _ENDS_WITH_CODE.search(line):
        return "field.address.town"
    numbers = [number for number in _NUMBERS.findall(line) if len(number) > 2]
    return "field.address.postcode_digits" if numbers and _MISCOUNTED.search(line) else "field.address.postcode"


def _miscounted(match: re.Match[str], language: Language) -> bool:
    """Bare figures of the neighbour's length are likelier a slip: they want a blank, or NO or SE before them."""
    return language != "en" and match[0][0].isdecimal() and len(match["code"]) not in (6, _FIGURES[language])


def _value(street: str, code: str, town: str) -> dict[str, str]:
    name = town if town not in (town.lower(), town.upper()) else town.title().replace(" I ", " i ")
    return {"street": street, "postcode": code.replace(" ", ""), "town": name}


def _street(text: str) -> str:
    street = _BEFORE_STREET.sub("", text.strip(" ,.;:")).strip(" ,.;:")
    return street[:1].upper() + street[1:] if any(letter.isalpha() for letter in street) else ""


def _one_line(text: str) -> str:
    lines = (" ".join(line.split()).strip(" ,") for line in composed(text).splitlines())
    line = ", ".join(filter(None, lines))
    return _COUNTRY.sub("", line)


def _last(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(line):
        found = match
    return found


# «541 30» has six signs and is Swedish whatever the language.
_FIGURES: dict[Language, int] = {"nb": 4, "sv": 5}
_L = r"[^\W\d_]"
# The number of a flat is no postcode: «Ekvägen 11 lgh 1102 Skövde».
_NO_FLAT = r"(?<!lgh )(?<!leil )(?<!leilighet )(?<!lägenhet )"
_CODE = rf"{_NO_FLAT}(?<![\w-])(?:(?:no?|se?)-)?(?P<code>[0-9]{{4}}|[0-9]{{3}} ?[0-9]{{2}})(?![0-9])"
_TOWN = (
    rf"(?P<town>(?:(?:{either(NAME_PARTS)}) )?{_L}[\w'-]*"
    rf"(?: i {_L}[\w'-]*|(?: (?-i:[A-ZÆØÅÄÖ])[\w'-]*){{0,2}}))"
)
_CODE_TOWN = re.compile(rf"{_CODE}[ ,]+{_TOWN}", re.IGNORECASE)
_ENDS_WITH_CODE = re.compile(rf"{_CODE}[ .,]*$", re.IGNORECASE)
_NUMBERS = re.compile(r"[0-9]+")
_MISCOUNTED = re.compile(rf", ?[0-9]{{2,8}} {_L}|(?<![\w-])(?:[0-9]{{3}}|[0-9]{{6,8}}) {_L}{{2,}}")
_COUNTRY = re.compile(r"[ ,]+(?:norge|noreg|norway|sverige|sweden)[ .]*$", re.IGNORECASE)
_BEFORE_STREET = re.compile(
    r"(?:(?:hei|hej|hi)[ ,!]+)?"
    r"(?:(?:min |my )?(?:post)?(?:adresse|adressen|adress|address)(?: min)?(?: er| är| is)?:? |"
    r"(?:jeg bor|eg bur|jag bor|i live)(?: i| på| at| in)? |det er |det är |it's )",
    re.IGNORECASE,
)
_MINE = re.compile(
    r"(?<!\w)(?:postadresse[nr]?|postadressen min|min adresse|adressen min|min adress|my address|jeg bor|eg bur|jag bor"
    r"|i live)"
    r"(?: er| är| is| i| på| at| in)*:? (?P<street>[^,.;0-9]{3,40}[0-9]{1,4} ?[a-z]?), ?"
    rf"{_CODE} (?P<town>(?-i:[A-ZÆØÅÄÖ])[\w-]+)",
    re.IGNORECASE,
)
