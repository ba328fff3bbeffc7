"""Every transcript holds on the pure core, with no database; state and draft are JSON between all inputs."""

from pathlib import Path

import pytest

from conversations.effects import Say, SendCode
from gateway.simulator.pure import PureStage
from gateway.simulator.transcript import Mismatch, Player
from tests.stages import name_of, pure_stage, transcripts


@pytest.mark.parametrize("transcript", transcripts(), ids=name_of)
def test_a_transcript_holds_line_by_line(transcript: Path) -> None:
    stage = pure_stage(transcript.parent.name)
    Player(stage).play(transcript.read_text(encoding="utf-8"))
    _one_reply_a_turn(stage)


def _one_reply_a_turn(stage: PureStage) -> None:
    for turn in stage.turns:
        assert sum(isinstance(effect, Say) for effect in turn.effects) <= 1
        assert sum(isinstance(effect, SendCode) for effect in turn.effects) <= 1


def test_a_line_that_does_not_hold_is_named() -> None:
    player = Player(pure_stage("grid"))
    with pytest.raises(Mismatch, match=r"line 3: nothing came instead of: Something else"):
        player.play("desk: grid\n[sms +4791234567]\n> hei\n".replace("> hei\n", "< Something else\n"))


def test_silence_can_be_demanded() -> None:
    player = Player(pure_stage("grid"))
    with pytest.raises(Mismatch, match="nothing was to come"):
        player.play("[sms +4791234567]\n> hei\n< -\n")
