"""Ids and words that a turn needs, handed in so that the core itself is never random."""

from typing import Protocol


class Dice(Protocol):
    """The turn's source of fresh ids and words."""

    def new_id(self) -> str:
        """A UUIDv7 in its usual text form (RFC 9562 section 5.7)."""

    def word(self) -> str:
        """Four digits, for an alert."""

    def draft_code(self) -> str:
        """Five letters and digits that name a draft: none that are mixed up, and no word of any language."""
