"""Transcripts and the ready desks, for the tests that play them."""

from functools import cache
from pathlib import Path

from conversations.desk.ready import ReadyDesk
from gateway.desks import Loaded, load
from gateway.ready import make_ready
from gateway.simulator.pure import PureStage

TRANSCRIPTS = Path(__file__).parent / "transcripts"


@cache
def loaded(desk: str) -> Loaded:
    """A ready desk with the rows of its registers."""
    return next(one for one in load() if one.desk.desk == desk)


@cache
def ready(desk: str) -> ReadyDesk:
    """A ready desk, version 1."""
    return make_ready(loaded(desk).desk, 1)


def pure_stage(desk: str) -> PureStage:
    """The core with dictionaries."""
    return PureStage.of(loaded(desk), ready(desk))


def transcripts() -> list[Path]:
    """Every transcript, by desk and name."""
    return sorted(TRANSCRIPTS.glob("*/*.txt"))


def name_of(transcript: Path) -> str:
    """``grid/danger_first_exchange``."""
    return f"{transcript.parent.name}/{transcript.stem}"
