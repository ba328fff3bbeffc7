"""Which texts of ours a sent text is made of: of the engine by their ids, of a desk as `form.field`, `form.sent` …"""

import re
from collections.abc import Iterator
from functools import cache

from conversations.desk.model import Desk, Localized
from gateway.ready import catalogues
from tests.stages import loaded

FEWEST_LETTERS = 8
_PLACE = re.compile(r"\{[^}]*\}")


def ids_in(desk: str, text: str) -> list[str]:
    """The ids, in the order in which the texts stand there; of two that stand in one place the longer."""
    matches = [(match, name) for name, pattern in _patterns(desk) if (match := pattern.search(text))]
    found: dict[int, str] = {}
    taken: set[int] = set()
    for match, name in sorted(matches, key=lambda one: one[0].start() - one[0].end()):
        place = range(*match.span())
        if taken.isdisjoint(place):
            taken.update(place)
            found[match.start()] = name
    return [found[at] for at in sorted(found)]


@cache
def _patterns(desk: str) -> list[tuple[str, re.Pattern[str]]]:
    ours = [(name, text) for texts in catalogues().values() for name, text in texts.items()]
    own = [(name, text) for name, texts in _own(loaded(desk).desk) for text in texts.values()]
    return [(name, _pattern(text)) for name, text in (*own, *ours) if _letters(text) >= FEWEST_LETTERS]


def _letters(text: str) -> int:
    return sum(map(str.isalpha, _PLACE.sub("", text)))


def _pattern(text: str) -> re.Pattern[str]:
    """From its first word of its own to its last, whatever stands in its places."""
    parts = _PLACE.split(text)
    own = [at for at, part in enumerate(parts) if any(map(str.isalpha, part))]
    return re.compile(".+?".join(re.escape(part.strip()) for part in parts[own[0] : own[-1] + 1]))


def _own(desk: Desk) -> Iterator[tuple[str, Localized]]:
    if desk.danger:
        yield "danger.safety", desk.danger.safety
    for form in desk.forms:
        yield f"{form.id}.sent", form.sent or {}
        yield from ((f"{form.id}.{one.id}", one.ask or {}) for one in form.fields)
