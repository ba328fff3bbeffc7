"""What the tests of field kinds share: fields as a desk has them, and a register of a few masts."""

from collections.abc import Mapping
from typing import Any

from conversations.desk.model import FormField, Register
from conversations.fields.contract import Context
from conversations.places.geodesy import Point, metres_between
from conversations.state import Language

MASTS: Mapping[str, Mapping[str, str]] = {
    "1042": {
        "key": "1042",
        "kind": "mast",
        "address": "Furunesveien 12",
        "postcode": "6700",
        "place": "Måløy",
        "lat": "61.94038",
        "lon": "5.10436",
    },
    "NS-0204": {
        "key": "NS-0204",
        "kind": "nettstasjon",
        "address": "Sørstrandvegen 33",
        "postcode": "6700",
        "place": "Måløy",
        "lat": "61.92830",
        "lon": "",
    },
}
REGISTER = Register.model_validate(
    {
        "key": "key",
        "words": {
            "nb": ["mast", "mast nr", "mastenr", "mastenummer", "stolpe", "stolpe nr", "stolpenr", "nettstasjon"],
            "en": ["mast", "pole", "pole no", "substation"],
        },
        "shown": {
            "nb": "{address}, {postcode} {place} ({kind} {key})",
            "en": "{address}, {postcode} {place} (no. {key})",
        },
    }
)


def field(kind: str, **more: Any) -> FormField:
    """A field of that kind with nothing special about it."""
    return FormField.model_validate({"id": "asked", "kind": kind, "label": {"nb": "Felt", "en": "Field"}, **more})


def nearest(register: str, point: Point, within_m: int) -> Mapping[str, str] | None:
    """Mast 1042, the one that has a place, if it is so near."""
    row = MASTS["1042"]
    return row if metres_between(point, (61.94038, 5.10436)) <= within_m else None


def context(language: Language = "nb", **more: Any) -> Context:
    """A context in which the masts have been looked up."""
    return Context(language, lambda register, key: MASTS.get(key), {"masts": REGISTER}, nearest=nearest, **more)
