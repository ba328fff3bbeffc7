"""Whether two reports are of one place: the same thing, the same street and postcode, or within 200 metres.

Only what is known counts. A mere name, a number that the register does not have, one that it has elsewhere than typed,
a street without its postcode: none of them is the same place as anything.
"""

from dataclasses import dataclass

from conversations.places.geodesy import Point, metres_between
from conversations.places.street import street_key
from conversations.state import Json

SAME_M = 200


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as it is compared: a row of a register, a street of a postcode, a point. None: not known."""

    thing: str | None = None
    street: str | None = None
    point: Point | None = None


def spot_of(place: Json) -> Spot | None:
    """What a location's value tells; None where that is not enough to compare it."""
    if not isinstance(place, dict) or not place.get("precise"):
        return None
    thing, lat, lon = place.get("object") or {}, place.get("lat"), place.get("lon")
    if "elsewhere" in thing:
        return None
    spot = Spot(
        f"{thing['register']} {thing['key']}" if thing and place.get("verified") else None,
        _street(place.get("address"), place.get("postcode")),
        None if lat is None or lon is None else (lat, lon),
    )
    return None if spot == Spot() else spot


def is_same(one: Spot, other: Spot) -> bool:
    """Whether both are known to be one place; points tell more than streets, which may be long."""
    if one.thing and one.thing == other.thing:
        return True
    if one.point and other.point:
        return metres_between(one.point, other.point) <= SAME_M
    return one.street is not None and one.street == other.street


def _street(address: str | None, postcode: str | None) -> str | None:
    key = street_key(address) if address else ""
    return f"{key[:_LONGEST]} {postcode}" if postcode and len(key) >= _SHORTEST else None


# «E39», «gnr 82» and «14 Fire Street» have no name before their number.
_SHORTEST = 4
_LONGEST = 100
