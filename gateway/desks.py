"""Desks from their files: the ready ones and an operator's own, checked before anything is made of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import available_timezones

from channels.sms.segments import GSM7, count
from conversations.danger import Detector, Phrases, Verdict, compile_phrases
from conversations.danger_syntax import word_lists
from conversations.desk.check import Cost, Fault, Known, NotYet, check, check_together
from conversations.desk.model import Desk
from conversations.fields import KINDS
from conversations.text import places_of
from gateway.ready import catalogues, danger_phrases, general_phrases
from gateway.register_files import Row, read_registers
from gateway.yaml_tree import read_tree


@dataclass(frozen=True, slots=True)
class Loaded:
    """A desk without a fault: its model, its text as it stands in the file, and the rows of its registers."""

    desk: Desk
    text: str
    registers: Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """What the check of some files found; ``desks`` are those without a fault, if no file has one."""

    desks: tuple[Loaded, ...]
    faults: tuple[Fault, ...]
    not_yet: tuple[NotYet, ...]
    warnings: tuple[Fault, ...]


class DeskFaults(Exception):
    """Desks that cannot be loaded; the message has a line for each fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))


def ready_desks() -> Path:
    """The folder of the desks that ship with the product."""
    return Path(str(files("conversations").joinpath("desks")))


def load(place: Path | None = None) -> tuple[Loaded, ...]:
    """The desks of a folder, by default the ready ones. Raises DeskFaults with every fault of all of them."""
    found = look_at(ready_desks() if place is None else place)
    if found.faults:
        raise DeskFaults(found.faults)
    return found.desks


def look_at(place: Path) -> Found:
    """Check a desk's file, or every ``*.yaml`` of a folder and what they may not share.

    Raises OSError where the place cannot be read.
    """
    known = known_here()
    paths = sorted(place.glob("*.yaml")) if place.is_dir() else [place]
    read = [(path, *read_tree(str(path), path.read_bytes())) for path in paths]
    checked = [check(tree, known) for _, _, tree in read]
    faults = [fault for each in checked for fault in each.faults]
    faults += check_together(each.tree for each in checked)
    if not paths:
        faults.append(Fault(str(place), 1, 1, "There is no desk here.", "A desk is a file that ends in .yaml."))
    desks = []
    for (path, text, tree), desk in zip(read, (each.desk for each in checked), strict=True):
        if desk:
            rows, wrong = read_registers(desk, tree, path.parent)
            faults += wrong
            desks.append(Loaded(desk, text, rows))
    not_yet = sorted(key for each in checked for key in each.not_yet)
    warnings = sorted(warning for each in checked for warning in each.warnings)
    return Found(() if faults else tuple(desks), tuple(sorted(faults)), tuple(not_yet), tuple(warnings))


def known_here() -> Known:
    """What the check is told of this program and this machine."""
    return Known(
        kinds=frozenset(KINDS),
        zones=available_timezones(),
        lists=frozenset(word_lists(general_phrases().words)),
        texts={msgid: frozenset(places_of(text)) for msgid, text in catalogues()["en"].items()},
        cost=_cost,
        opens=_opens,
    )


def _opens(desk: Desk) -> Callable[[str], bool]:
    detector = _detector(danger_phrases(desk))
    return lambda text: detector.judge(text) is Verdict.OPEN


@lru_cache(4)
def _detector(phrases: Phrases) -> Detector:
    return compile_phrases(phrases)


def _cost(text: str) -> Cost:
    return Cost(count(text).segments, "".join(each for each in text if each not in GSM7))
