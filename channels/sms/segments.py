"""How many texts a text costs: 3GPP TS 23.038 (alphabets) and TS 23.040 (concatenation).

A text of GSM-7 characters alone has 160 units in one segment, any other 70 of UCS-2. A longer one is cut
into segments that each give six octets to a header, which leaves 153 and 67. The cut never falls inside a
character: an escape and its character (2 units of GSM-7) or both halves of a surrogate pair (2 units of
UCS-2) stay together, so a segment may end with one unit unused. What a reader sees as one sign, such as a
flag, may be several characters and may be cut between them.

We use no national shift tables: Twilio does not either. æ ø å ä ö and their capitals are in the basic table.
"""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Encoding = Literal["GSM-7", "UCS-2"]

# In the order of the code, 0x00 to 0x7F; 0x1B, the escape, is left out as no character of its own.
BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED: Final = frozenset("\f^{}\\[~]|€")
GSM7: Final = BASIC | EXTENDED


class Room(NamedTuple):
    """Units in a text of one segment, and in each segment of a longer one."""

    alone: int
    of_many: int


ROOM: Final[dict[Encoding, Room]] = {"GSM-7": Room(160, 153), "UCS-2": Room(70, 67)}


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs. `units` are septets or 16-bit units, without headers or what a cut leaves unused.

    `left`: units that can still be written before it costs one segment more.
    """

    encoding: Encoding
    segments: int
    units: int
    left: int


def is_gsm7(text: str) -> bool:
    """Whether every character is in GSM-7 or its extension table."""
    return GSM7.issuperset(text)


def count(text: str) -> Segments:
    """What this text costs to send. An empty one costs nothing, as no carrier takes it.

    count("Strømmen er borte") == Segments("GSM-7", segments=1, units=17, left=143)
    """
    encoding: Encoding = "GSM-7" if is_gsm7(text) else "UCS-2"
    sizes = _sizes(text, encoding)
    units, room = sum(sizes), ROOM[encoding]
    if units <= room.alone:
        return Segments(encoding, segments=1 if text else 0, units=units, left=room.alone - units)
    segments, left = 1, room.of_many
    for size in sizes:
        if size > left:
            segments, left = segments + 1, room.of_many
        left -= size
    return Segments(encoding, segments, units, left)


def _sizes(text: str, encoding: Encoding) -> list[int]:
    if encoding == "GSM-7":
        return [2 if character in EXTENDED else 1 for character in text]
    return [2 if character > "\uffff" else 1 for character in text]
