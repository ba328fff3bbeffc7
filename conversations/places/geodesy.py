"""Degrees and metres on WGS 84: the distance between two points, and degrees from a UTM grid reference.

The Swedish grid SWEREF 99 TM is UTM zone 33; ETRS89 and EUREF89 differ from WGS 84 by less than a metre.
"""

from math import asin, atan2, cos, cosh, degrees, radians, sin, sinh, sqrt

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

METRES_A_DEGREE = 111_195
"""Along a meridian of a sphere of the Earth's mean radius."""


def metres_between(one: Point, other: Point) -> float:
    """Along a great circle; right to half a per cent."""
    lat, lon, other_lat, other_lon = map(radians, (*one, *other))
    across = cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    half = asin(sqrt(min(sin((other_lat - lat) / 2) ** 2 + across, 1.0)))
    return 2 * degrees(half) * METRES_A_DEGREE


def from_utm(zone: int, easting: float, northing: float) -> Point:
    """Degrees from metres in a zone north of the equator.

    Krüger's series to the third order: right to a millimetre all over Norway and Sweden, in any of their zones.
    """
    xi, eta = northing / _RADIUS_M, (easting - _FALSE_EASTING_M) / _RADIUS_M
    north = xi - sum(beta * sin(2 * j * xi) * cosh(2 * j * eta) for j, beta in _BETA)
    east = eta - sum(beta * cos(2 * j * xi) * sinh(2 * j * eta) for j, beta in _BETA)
    conformal = asin(sin(north) / cosh(east))
    lat = conformal + sum(delta * sin(2 * j * conformal) for j, delta in _DELTA)
    return degrees(lat), 6 * zone - 183 + degrees(atan2(sinh(east), cos(north)))


_N = 1 / (2 * 298.257223563 - 1)
_FALSE_EASTING_M = 500_000
_RADIUS_M = 0.9996 * 6_378_137 / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_BETA = (
    (1, _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96),
    (2, _N**2 / 48 + _N**3 / 15),
    (3, 17 * _N**3 / 480),
)
_DELTA = (
    (1, 2 * _N - 2 * _N**2 / 3 - 2 * _N**3),
    (2, 7 * _N**2 / 3 - 8 * _N**3 / 5),
    (3, 56 * _N**3 / 15),
)
