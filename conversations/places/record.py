"""A place as the value of an answer, and as it is read back.

A JSON object: ``text`` as typed; ``place`` a name; ``address``, ``postcode``, ``town``; ``object``: None or
``register``, ``key``, ``kind`` and, where it stands elsewhere than typed, ``elsewhere``; ``verified``: it is in the
register; ``precise``: more than a name; ``lat``, ``lon``: WGS 84 degrees. What is unknown is None. Where a point
was typed, ``near`` is what the register has beside it: ``register``, ``key``, ``kind``, ``address`` and ``metres``.
"""

import re
from collections.abc import Mapping
from typing import Any

from conversations.desk.model import Register
from conversations.places.geodesy import Point, metres_between
from conversations.places.search import Found, typed
from conversations.places.street import same_street
from conversations.state import Language

Place = dict[str, Any]
Row = Mapping[str, str]

ELSEWHERE: Mapping[Language, str] = {
    "nb": "{thing} står ved {address}",
    "sv": "{thing} står vid {address}",
    "en": "{thing} is at {address}",
}
BESIDE: Mapping[Language, str] = {
    "nb": "{point}, {metres} m fra {thing}",
    "sv": "{point}, {metres} m från {thing}",
    "en": "{point}, {metres} m from {thing}",
}
BESIDE_M = 100
"""How far from a point a thing in the register still tells where it is."""


def as_place(line: str, found: Found, register: str | None, row: Row | None) -> Place:
    """What was found as a value, filled from the register's row for its number (None: there is none)."""
    address = found.address
    lat, lon = found.point or (None, None)
    place: Place = {
        "text": typed(line, found),
        "place": found.three_words or found.place,
        "address": (address.street or None) if address else None,
        "postcode": address.postcode if address else None,
        "town": address.town if address else None,
        "object": None,
        "verified": False,
        "precise": bool(found.number or found.exact or found.three_words or (address and address.street)),
        "lat": lat,
        "lon": lon,
    }
    if found.number is not None:
        kind = (row or {}).get("kind") or found.number.word
        place["object"] = {"register": register, "key": found.number.key, "kind": kind}
    return place if row is None else _with_row(place, row)


def beside(point: Point, register: str, key: str, row: Row) -> Place | None:
    """What ``near`` holds of a row; None where the row has no point, or one that is too far off."""
    own = point_of(row)
    metres = round(metres_between(point, own)) if own else BESIDE_M + 1
    if metres > BESIDE_M:
        return None
    address = row.get("address") or None
    return {"register": register, "key": key, "kind": row.get("kind", ""), "address": address, "metres": metres}


def point_of(row: Row) -> Point | None:
    """Where a row of a register stands, by its columns ``lat`` and ``lon``; None where they tell no point."""
    lat, lon = (_degrees(row.get(name)) for name in ("lat", "lon"))
    return None if lat is None or lon is None else (lat, lon)


def joined(known: Place, new: Place) -> Place:
    """A second answer with the first: «Furuneset», then "ved butikken" or an address there. A rough point goes."""
    if new["precise"] and not known.get("precise"):
        known = {**known, "lat": None, "lon": None, "near": None}
    both = {name: known.get(name) if value is None else value for name, value in new.items()}
    if new["lat"] is None and known.get("near"):
        both["near"] = known["near"]
    places = filter(None, (known.get("place"), new["place"]))
    both["place"] = ", ".join(dict.fromkeys(places)) or None
    both["text"] = ", ".join(filter(None, (known.get("text"), new["text"])))
    both["precise"] = bool(known.get("precise")) or new["precise"]
    return both


def shown(place: Place, register: Register | None, language: Language) -> str:
    """«Furunesveien 12, 6700 Måløy (mast 1042)»; a thing that the register has elsewhere says where."""
    thing = place.get("object")
    where = _where(place, language)
    if thing is None:
        return where or str(place.get("text", ""))
    template = register.shown.get(language) if register and register.shown else None
    if place.get("verified") and "elsewhere" not in thing and template and (by_desk := _filled(template, place)):
        return by_desk
    name = _said_of(thing, language)
    return f"{where} ({name})" if where else name


def _with_row(place: Place, row: Row) -> Place:
    """The row's address where none was typed, its town where the street agrees, its point where none was."""
    own = {"address": row.get("address"), "postcode": row.get("postcode"), "town": row.get("place") or row.get("town")}
    if not _agrees(place, own):
        return place | {"object": place["object"] | {"elsewhere": own["address"] or own["town"]}, "verified": True}
    filled = {name: place[name] or text or None for name, text in own.items()}
    point = {name: _degrees(row.get(name)) if place[name] is None else place[name] for name in ("lat", "lon")}
    return place | filled | point | {"verified": True}


def _agrees(place: Place, own: Mapping[str, str | None]) -> bool:
    streets = place["address"], own["address"]
    towns = place["town"], own["town"]
    same_town = not all(towns) or towns[0].lower() == str(towns[1]).lower()
    return same_town and (not all(streets) or same_street(*map(str, streets)))


def _where(place: Place, language: Language) -> str:
    """Street, or the place's name, with postcode and town; a bare point where nothing else is known."""
    street, name = place.get("address"), place.get("place")
    town = " ".join(filter(None, (_postcode(place.get("postcode")), place.get("town"))))
    first = street or (name if name != place.get("town") else None)
    between = name if street and name and not town else None
    if not (first or town or place.get("object")) and place.get("lat") is not None:
        return _point(place, language)
    return ", ".join(filter(None, (first, between, town)))


def _point(place: Place, language: Language) -> str:
    """«61.92900, 5.10720, 2 m fra mast 1001, Havnegata 4»: a metre is the last figure's worth."""
    point, near = f"{place['lat']:.5f}, {place['lon']:.5f}", place.get("near")
    if not near:
        return point
    thing = ", ".join(filter(None, (f"{near['kind']} {near['key']}".strip(), near["address"])))
    return BESIDE[language].format(point=point, metres=near["metres"], thing=thing)


def _postcode(code: str | None) -> str | None:
    """Sweden writes five digits as 541 30."""
    return f"{code[:3]} {code[3:]}" if code and len(code) == 5 else code


def _said_of(thing: Mapping[str, str], language: Language) -> str:
    name = f"{thing['kind']} {thing['key']}".strip()
    if "elsewhere" not in thing:
        return name
    return ELSEWHERE[language].format(thing=name, address=thing["elsewhere"])


def _filled(template: str, place: Place) -> str | None:
    """The desk's own wording, where the value has all that it names."""
    thing = place["object"]
    columns = place | {"key": thing["key"], "kind": thing["kind"], "place": place["town"]}
    columns["postcode"] = _postcode(place["postcode"])
    if not all(columns.get(name) for name in _COLUMN.findall(template)):
        return None
    return _COLUMN.sub(lambda match: str(columns[match[1]]), template)


def _degrees(text: str | None) -> float | None:
    return float(text) if text and _DEGREES.fullmatch(text) else None


_COLUMN = re.compile(r"\{(\w+)\}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,15})?")
