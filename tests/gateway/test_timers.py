"""What conversations are to be told at their time, whoever else's time has come."""

from datetime import timedelta

import pytest

from conversations.effects import SetTimer
from conversations.inputs import DangerUnanswered
from gateway.jobs.timers import Timers
from storage.due import PENDING_AT_ONCE
from storage.tables import Address, Conversation, Front, PendingInput
from tests.storage.turn_rows import NOON, opened_grid

OF_OTHERS = "o" * 36


@pytest.fixture
def grid(store_place):
    with opened_grid(store_place) as grid:
        yield grid


def test_what_waits_for_a_front_that_is_no_longer_served_holds_up_no_other(grid):
    grid.do(SetTimer(NOON, DangerUnanswered("some question")))
    own = grid.row(PendingInput)
    grid.write(lambda work: leave_waiting(work, own, PENDING_AT_ONCE))
    Timers(grid.store, grid.fronts, grid.dice, grid.ring)()
    assert grid.row(PendingInput, conversation=own.conversation).taken_at == NOON
    assert {row.taken_at for row in grid.rows(PendingInput, conversation=OF_OTHERS)} == {None}


def leave_waiting(work, like, many):
    """As many inputs in a conversation of a front that nobody serves, due long before."""
    with work.session() as session:
        session.add(Front(id=OF_OTHERS, tenant=like.tenant, desk="gone", channel="sms", address="+4759441111"))
        session.add(
            Address(id=OF_OTHERS, tenant=like.tenant, channel="sms", value="+4790000009", epoch=1, first_heard_at=NOON)
        )
        session.flush()
        session.add(
            Conversation(
                id=OF_OTHERS,
                tenant=like.tenant,
                front=OF_OTHERS,
                address=OF_OTHERS,
                their_address="+4790000009",
                state="{}",
                heard_at=NOON,
            )
        )
        session.flush()
        for number in range(many):
            session.add(
                PendingInput(
                    id=f"{number:036d}",
                    tenant=like.tenant,
                    conversation=OF_OTHERS,
                    kind=like.kind,
                    payload=like.payload,
                    due_at=NOON - timedelta(days=1),
                )
            )
