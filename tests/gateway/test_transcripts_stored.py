"""Every transcript holds on the real intake, outbox and store, on SQLite and PostgreSQL, with the same lines."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from gateway.simulator.transcript import Player
from storage.migrate import migrate
from storage.tables import Conversation, MessageRow
from tests.conftest import Place
from tests.stages import name_of, transcripts
from tests.stored_stage import StoredStage, stored_stage


@pytest.fixture
def migrated_url(store_place: Place) -> Iterator[str]:
    """A migrated, empty database."""
    url = store_place.create(migrate)
    yield url
    store_place.drop(url)


@pytest.mark.parametrize("transcript", transcripts(), ids=name_of)
def test_a_transcript_holds_on_a_store(transcript: Path, migrated_url: str) -> None:
    with stored_stage(migrated_url, transcript.parent.name) as stage:
        Player(stage).play(transcript.read_text(encoding="utf-8"))
        _every_message_has_one_turn(stage)


def _every_message_has_one_turn(stage: StoredStage) -> None:
    """Sequences run without a gap, and nothing is left undecided."""
    with stage.store.read() as session:
        for conversation in session.exec(select(Conversation)):
            counted = select(func.count(), func.max(MessageRow.sequence)).where(
                col(MessageRow.conversation) == conversation.id, col(MessageRow.direction) == "in"
            )
            count, last = session.exec(counted).one()
            assert (count, last or 0) == (conversation.sequence, conversation.sequence)
        undecided = select(func.count()).where(col(MessageRow.direction) == "in", col(MessageRow.disposition).is_(None))
        assert session.exec(undecided).one() == 0
