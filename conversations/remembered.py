"""A turn reads the same words many times, and a night's customers write the same words: what was read is kept."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Read = TypeVar("Read")

LONGEST = 320
"""Characters of a text whose reading is kept: so the memory that this takes is bounded, whatever is written."""
MOST = 1_000


def remembered(read: Callable[[str], Read]) -> Callable[[str], Read]:
    """The same function, which must be pure, with what it gave for the latest short texts kept."""
    kept = lru_cache(MOST)(read)

    @wraps(read)
    def reading(text: str) -> Read:
        return kept(text) if len(text) <= LONGEST else read(text)

    return reading
