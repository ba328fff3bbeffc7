"""Points in a line: decimal degrees, degrees with minutes and seconds, UTM, and the addresses of map apps.

Only Norway and Sweden are taken. There the latitude is always the greater number, so the other order is mended,
unless letters say which is which. No address is ever fetched: a short one has no point.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import unquote_plus

from conversations.places.geodesy import Point, from_utm


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A point and where it stands in the line. ``point`` is None for one that lies outside Norway and Sweden.

    ``precise``: typed with figures enough to lead somebody there, to some hundred metres.
    """

    point: Point | None
    precise: bool
    start: int
    end: int


def find_point(line: str) -> Coordinates | None:
    """The first point of Norway or Sweden, else the first of elsewhere, else None."""
    found = list(_points(line))
    return next((one for one in found if one.point), found[0] if found else None)


def _points(line: str) -> Iterator[Coordinates]:
    for link in LINK.finditer(line):
        point = _in_link(link[0])
        if point:
            yield Coordinates(_inside(point), True, *link.span())
    zone, grid = _ZONE.search(line), _GRID.search(line)
    if zone and grid:
        point = _inside(_from_grid(zone, grid), swapped=False)
        yield Coordinates(point, True, *_joined(line, zone.span(), grid.span()))
    for angle in (_MINUTES, _DECIMAL):
        for one, other in pairwise(angle.finditer(line)):
            between = line[one.end() : other.start()]
            if _BETWEEN.fullmatch(between) and (pair := _pair(one, other)):
                yield pair


def _pair(one: re.Match[str], other: re.Match[str]) -> Coordinates | None:
    """Two angles as a point; None for numbers that nothing says are angles, and for two of the same axis."""
    axes = _axis(one), _axis(other)
    if axes[0] and axes[0] == axes[1]:
        return None
    figures = min(_figures(one), _figures(other))
    if not any(axes) and not (one["sign"] and other["sign"]) and figures < _FEWEST:
        return None
    first, second = _degrees(one), _degrees(other)
    point = (second, first) if "east" in axes[:1] or "north" in axes[1:] else (first, second)
    inside = _inside(point, swapped=not any(axes))
    return Coordinates(inside, figures >= _FEWEST, one.start(), other.end())


def _axis(angle: re.Match[str]) -> str:
    letter = (angle["before"] or angle["after"] or "").lower()
    if not letter:
        return ""
    return "north" if letter.startswith(_NORTHERN) else "east"


def _figures(angle: re.Match[str]) -> int:
    """How many decimals of a degree it is typed to, or as good as."""
    if angle.re is _MINUTES:
        return 4 if angle["seconds"] else 3 if angle["fraction"] else 2
    return len(angle["fraction"]) - 1


def _degrees(angle: re.Match[str]) -> float:
    if angle.re is _DECIMAL:
        value = _number(angle["degrees"] + angle["fraction"])
    else:
        minutes = _number(angle["minutes"] + (angle["fraction"] or ""))
        value = int(angle["degrees"]) + minutes / 60 + _number(angle["seconds"] or "0") / 3600
    return -value if (angle["before"] or angle["after"] or "").lower().startswith(_NEGATIVE) else value


def _from_grid(zone: re.Match[str], grid: re.Match[str]) -> Point:
    number = int(zone["named"] or zone["lettered"] or _SWEREF_ZONE)
    return from_utm(number, float(grid["east"] or grid["east_last"]), float(grid["north"] or grid["north_first"]))


def _joined(line: str, zone: tuple[int, int], grid: tuple[int, int]) -> tuple[int, int]:
    """The grid reference with its zone, where that stands beside it."""
    first, last = sorted((zone, grid))
    return (first[0], last[1]) if _JOINS.fullmatch(line, first[1], last[0]) else grid


def _in_link(link: str) -> Point | None:
    """The point of a map app's address: a pin's before what was asked for, and that before the map's middle."""
    text = unquote_plus(link)
    named = {name.lower(): value for name, value in _PARAMETER.findall(text)}
    for north, east in _PINS:
        if _NUMBER.fullmatch(named.get(north, "")) and _NUMBER.fullmatch(named.get(east, "")):
            return _of_map(named[north], named[east])
    asked = (named[name] for name in _ASKED if name in named)
    pairs = (_PIN.search(text), *map(_PAIR.search, asked), _PAIR.search(text))
    pair = next(filter(None, pairs), None)
    return _of_map(pair[1], pair[2]) if pair else None


def _of_map(north: str, east: str) -> Point:
    """Degrees; norgeskart.no and minkarta.lantmateriet.se write metres of UTM zone 33 as if they were degrees."""
    point = float(north), float(east)
    return from_utm(_SWEREF_ZONE, point[1], point[0]) if point[0] > _DEGREES_AT_MOST else point


def _inside(point: Point, *, swapped: bool = True) -> Point | None:
    """The point if it lies in Norway or Sweden; mended where only the other order of its numbers does."""
    orders = (point, point[::-1]) if swapped else (point,)
    return next(((lat, lon) for lat, lon in orders if _SOUTH <= lat <= _NORTH and _WEST <= lon <= _EAST), None)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


LINK = re.compile(
    r"(?:https?://|www\.|geo:(?=-?[0-9])|\b[a-z0-9.-]{1,60}\.(?:gl|com|org|no|se|app|link|ly|co)/)\S*", re.IGNORECASE
)

# The box of Norway's and Sweden's mainland: no number is a latitude and a longitude of it.
_SOUTH, _NORTH, _WEST, _EAST = 55.0, 71.5, 4.0, 31.5
_FEWEST = 3
_DEGREES_AT_MOST = 180
_SWEREF_ZONE = 33

_NORTHERN = ("n", "s", "lat", "b")
_NEGATIVE = ("s", "w", "v")
_AXIS = (
    "nord|norr|north|sør|syd|south|øst|öst|aust|east|vest|väst|west|breddegrad|bredde|bredd|lengdegrad|lengde|längd|"
    "latitude|latitud|lat|longitude|longitud|long|lng|lon|[nsewøöov]"
)
_BEFORE = rf"(?:(?<![^\W_])(?P<before>{_AXIS})[ .:=]*)?"
_AFTER = rf"(?(before)|(?: ?(?P<after>{_AXIS})(?![^\W\d_])|{{}}))"
_SIGN = r"(?: ?(?P<sign>[°º˚]|grader|grad|degrees|deg))"
_DECIMAL = re.compile(
    rf"{_BEFORE}(?<![0-9.])(?P<degrees>-?[0-9]{{1,3}})(?P<fraction>[.,][0-9]{{1,15}})(?![0-9]){_SIGN}?{_AFTER.format('')}",
    re.IGNORECASE,
)
# Without a sign for degrees a letter must say that they are.
_MINUTES = re.compile(
    rf"{_BEFORE}(?<![0-9.,])(?P<degrees>[0-9]{{1,3}})(?![0-9]){_SIGN}? ?"
    r"(?P<minutes>[0-9]{1,2})(?P<fraction>[.,][0-9]{1,15})?(?![0-9])(?: ?['′’´`]| ?min\.?)?"
    r"(?(fraction)|(?: ?(?P<seconds>[0-9]{1,2}(?:[.,][0-9]{1,15})?)(?![0-9])(?: ?(?:[\"″”]|''|′′|’’|sek|sec))?)?)"
    rf"{_AFTER.format('(?(sign)|(?!))')}",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[ ,;/]*(?:(?:og|och|and) )?")

_METRES = r"(?:(?:{0})[ :=]*)?(?P<{1}>{2})(?:[.,][0-9]{{1,3}})?(?: ?m)?(?: ?(?:{0})(?![^\W_]))?"
_EASTING = "øst|öst|east|[eøöo]", r"-?0?[0-9]{4,6}"
_NORTHING = "nord|norr|north|n", r"[67][0-9]{6}"
_GRID = re.compile(
    r"(?<![\w.-])(?:"
    + _METRES.format(_EASTING[0], "east", _EASTING[1])
    + r"[ ,;/]+"
    + _METRES.format(_NORTHING[0], "north", _NORTHING[1])
    + "|"
    + _METRES.format(_NORTHING[0], "north_first", _NORTHING[1])
    + r"[ ,;/]+"
    + _METRES.format(_EASTING[0], "east_last", _EASTING[1])
    + r")(?![\w-])",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"(?<![^\W_])(?:(?:utm|sone|zone|zon)[ :-]*){1,2}(?P<named>3[2-6])(?: ?[nvwx])?(?![^\W_])"
    r"|(?<![\w.])(?P<lettered>3[2-6]) ?[vwx](?![^\W_])|(?<![^\W_])sweref ?(?:99)? ?(?:tm)?(?![^\W_])",
    re.IGNORECASE,
)
_JOINS = re.compile(r"[ ,;:()]*")

_PARAMETER = re.compile(r"[?&#;]([A-Za-z]{1,20})=([^&#;]*)")
_NUMBER = re.compile(r"-?[0-9]{1,8}(?:\.[0-9]{1,15})?")
_PINS = (("mlat", "mlon"), ("markerlat", "markerlon"), ("lat", "lon"), ("lat", "lng"), ("n", "e"))
_ASKED = ("q", "query", "destination", "daddr", "coordinate", "ll")
_DEGREE = r"(-?[0-9]{1,3}\.[0-9]{1,15})(?![0-9])"
_PIN = re.compile(rf"!3d{_DEGREE}!4d{_DEGREE}")
_PAIR = re.compile(rf"(?<![0-9.]){_DEGREE}[,/~_ ]+{_DEGREE}")
