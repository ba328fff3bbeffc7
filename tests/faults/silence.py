"""What was said may stand in the store and nowhere else: finds in a log whatever a run had of it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.faults.house import DUTY, GRID, House

PROGRAM: Final = tuple(Path(__file__).parents[2] / folder for folder in ("gateway", "channels", "storage"))
_WORD: Final = re.compile(r"[^\W\d_]{5,}")
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z?")
_FIGURES: Final = re.compile(r"(?<![\w.:-])\d{4,8}(?![\w:-]|\.\d)")


def betrayals(told: str, running: House, *secrets: str) -> list[str]:
    """What stands there of numbers, words, codes and secrets, if anything; `secrets` besides the house's own."""
    seen = _ID.sub(" ", told)
    found = [secret for secret in (*_secrets(running), *secrets) if secret in seen]
    found += [number for number in _numbers(running) if number[-8:] in re.sub(r"[ -]", "", seen)]
    words = {word.lower() for word in _WORD.findall(seen)}
    found += sorted(_words(running) & words - _own_words())
    found += sorted(_figures(running) & set(_FIGURES.findall(seen)))
    return found


def without_names(log: str) -> str:
    """A log but for the names that its lines give to their values, which are the product's own."""
    return "\n".join(" ".join(_values(line)) for line in log.splitlines())


def _values(line: str) -> Iterator[str]:
    try:
        told: Mapping[str, Any] = json.loads(line)
    except ValueError:
        yield line
        return
    for value in told.values():
        yield value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _secrets(running: House) -> Iterable[str]:
    return running.secret, running.settings["TWILIO_AUTH_TOKEN"]


def _numbers(running: House) -> set[str]:
    messages = running.carrier.carrier.messages
    return {GRID, *DUTY, *(one.sender for one in messages), *(one.recipient for one in messages)}


@cache
def _own_words() -> frozenset[str]:
    """Words that stand in the program itself: a log that says "found" need not have it from anybody's text."""
    sources = [path.read_text(encoding="utf-8") for folder in PROGRAM for path in folder.rglob("*.py")]
    return frozenset(word.lower() for source in sources for word in _WORD.findall(source))


def _words(running: House) -> set[str]:
    bodies = [message.body for message in running.carrier.carrier.messages]
    return {word.lower() for body in bodies for word in _WORD.findall(body)}


def _figures(running: House) -> set[str]:
    """Codes, alerts' words, postcodes, house numbers of four digits and more."""
    return {figures for message in running.carrier.carrier.messages for figures in _FIGURES.findall(message.body)}
