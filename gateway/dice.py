"""Ids and words, drawn for the core, which is never random itself (`conversations.dice.Dice`)."""

import os
import secrets
import struct
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime

MS_IN_NS = 1_000_000
FRACTIONS = 1 << 12
VERSION_7 = 7 << 12
VARIANT = 0b10 << 62
RANDOM_BITS = (1 << 62) - 1
DRAWN_AT_ONCE_BYTES = 4096
# Without those that are taken for one another, by eye or on the phone.
LETTERS = "CDFGHJKMPQRTVWX"
DIGITS = "2345679"


def first_id_of(moment: datetime) -> str:
    """What sorts before every id that was drawn from this moment on, and after all earlier ones."""
    digits = f"{int(moment.timestamp() * 1000):012x}"
    return f"{digits[:8]}-{digits[8:]}"


class RandomDice:
    """UUIDv7 (RFC 9562 section 5.7) that rise within a process, and words of four random digits.

    Behind the 48 bits of milliseconds stand 12 bits of a millisecond's fraction (section 6.2, method 3).
    Where the clock stands still or was set back, the 60 bits count on from the last id. Ids of processes on
    one host follow one another as their clock does.
    """

    def __init__(self, ns: Callable[[], int] = time.time_ns) -> None:
        self._ns = ns
        self._last = 0
        self._bits = _random_bits()
        self._drawing = threading.Lock()

    def new_id(self) -> str:
        """A fresh id in the usual text form, 36 characters."""
        time_bits = self._ns() * FRACTIONS // MS_IN_NS
        with self._drawing:
            time_bits = self._last = max(time_bits, self._last + 1)
            bits = next(self._bits)
        high = time_bits >> 12 << 16 | VERSION_7 | time_bits & (FRACTIONS - 1)
        low = VARIANT | bits
        digits = f"{high:016x}{low:016x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def word(self) -> str:
        """Four digits, for an alert."""
        return f"{secrets.randbelow(10_000):04}"

    def draft_code(self) -> str:
        """A digit, two letters, a digit, a letter: «5QF7M»."""
        return "".join(secrets.choice(LETTERS if letter else DIGITS) for letter in (0, 1, 1, 0, 1))


def _random_bits() -> Iterator[int]:
    """62 random bits, for ever; drawn from the system for many ids at once, which each make a system call less."""
    while True:
        for (drawn,) in struct.iter_unpack("Q", os.urandom(DRAWN_AT_ONCE_BYTES)):
            yield drawn & RANDOM_BITS
