"""Units after a number, however they are written: "kWh", "kilowattimer", "stk", "m²"."""

import re
from collections.abc import Iterable

LONGEST_UNIT = 60
_PIECES = "st stk stykk stykker styck stycken stycke pcs pc piece pieces"
_ALIKE = (
    _PIECES,
    "kwh kwt kw/t kilowattime kilowattimer kilowattimar kilowattimme kilowattimmar kilowatthour kilowatthours",
    "mwh megawattime megawattimer megawattimme megawattimmar",
    "wh",
    "gwh",
    "kw kilowatt",
    "mw megawatt",
    "w watt",
    "a amp ampere",
    "v volt",
    "kv kilovolt",
    "mm millimeter",
    "cm centimeter",
    "m meter metre meters metres",
    "km kilometer kilometers",
    "m2 m² kvm kvadrat kvadratmeter",
    "m3 m³ kbm kubikk kubikkmeter kubikmeter",
    "l liter litre liters litres",
    "g gram",
    "kg kilo kilogram",
    "tonn ton tonnes",
    "% prosent procent percent",
    "° °c grader degrees",
    "kr kroner kronor krone krona",
    "nok",
    "sek",
    "€ eur euro",
    "sekund sekunder second seconds",
    "min minutt minutter minuttar minut minuter minute minutes",
    "t h time timer timar tim timme timmar hour hours",
    "dag dager dagar døgn dygn day days",
    "uke uker veke veker vecka veckor week weeks",
    "mnd mån måned måneder månad månader month months",
    "år year years",
)
PIECES = frozenset(_PIECES.split())
"""What is counted in these is whole."""
_GROUPS = tuple(frozenset(words.split()) for words in _ALIKE)
_KNOWN = frozenset(word for group in _GROUPS for word in group)
_GOES_ON = re.compile("[/²³]|\\w")
_WORD = re.compile(r"\s?([^\W\d_]+(?:/[^\W\d_]+)?[23²³]?(?!\w)|%|°[cC]?|€)")


def ways_of_writing(unit: Iterable[str]) -> frozenset[str]:
    """A unit that is named in some languages as people write it, in lower case."""
    named = {" ".join(name.lower().split()) for name in unit}
    return frozenset(named.union(*(group for group in _GROUPS if not named.isdisjoint(group))))


def unit_at(text: str, own: Iterable[str]) -> tuple[str, int]:
    """The unit that a text begins with, one of ``own`` before others, in lower case, and its length; "" for none."""
    stripped = text.lstrip(" ")
    for name in sorted(own, key=len, reverse=True):
        if stripped[: len(name)].lower() == name and not _GOES_ON.match(stripped, len(name)):
            return name, len(text) - len(stripped) + len(name)
    word = _WORD.match(text)
    if word and word[1].lower() in _KNOWN:
        return word[1].lower(), word.end()
    return "", 0
