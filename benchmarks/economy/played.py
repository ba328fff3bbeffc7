"""Transcripts played on the pure stage, and all that was said in them."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from channels.sms.segments import count
from gateway.simulator.pure import PureStage
from gateway.simulator.transcript import CaseSeen, Player
from tests.stages import name_of, pure_stage


@dataclass(frozen=True, slots=True)
class Played:
    """A transcript's texts, each with the phone that wrote or received it, in their order."""

    name: str
    said: tuple[tuple[str, str], ...]
    sent: tuple[tuple[str, str], ...]

    @property
    def desk(self) -> str:
        """The desk that it is about."""
        return self.name.partition("/")[0]

    @property
    def texts(self) -> int:
        """How many the first phone wrote."""
        return sum(phone == self.said[0][0] for phone, _ in self.said)

    @property
    def segments(self) -> int:
        """How many we sent to the first phone."""
        return sum(count(text).segments for phone, text in self.sent if phone == self.said[0][0])


def played(transcript: Path) -> Played:
    """Play it; what the transcript does not look at counts as well. Raises Mismatch where it does not hold."""
    stage = _Listening(pure_stage(transcript.parent.name))
    Player(stage).play(transcript.read_text(encoding="utf-8"))
    for phone in {phone for phone, _ in (*stage.said, *stage.sent)}:
        while stage.heard(phone) is not None:
            pass
    return Played(name_of(transcript), tuple(stage.said), tuple(stage.sent))


@dataclass
class _Listening:
    """A stage that is listened to."""

    stage: PureStage
    said: list[tuple[str, str]] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)

    def text(self, sender: str, body: str) -> None:
        self.said.append((sender, body))
        self.stage.text(sender, body)

    def heard(self, number: str) -> str | None:
        text = self.stage.heard(number)
        if text is not None:
            self.sent.append((number, text))
        return text

    def comment(self, author: str, case_number: str, words: str) -> None:
        self.stage.comment(author, case_number, words)

    def move_clock(self, by: timedelta) -> None:
        self.stage.move_clock(by)

    def case(self, number: str) -> CaseSeen | None:
        return self.stage.case(number)
