"""The lock order of `storage.turns`, where two meet on PostgreSQL: each gets what it wants, none is undone."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from conversations.effects import HandOver, OpenCase, Say
from conversations.state import Asked, State
from storage.engines import writing_engine
from storage.tables import Case, Delivery
from tests.storage.turn_rows import NOON, opened_grid

CASE = "c" * 36
WAITS = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def grid(postgres):
    with opened_grid(postgres) as grid:
        yield grid


@pytest.fixture
def other(grid):
    """Another process's connection."""
    engine = writing_engine(grid.store.url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def asking(grid, *effects, **more):
    """A turn that asks something, in a text that the next may stand for."""
    question = grid.dice.new_id()
    says = Say(question, ("Hvor?",), replaceable=True, **more)
    return grid.do(*effects, says, state=State(asked=Asked("field:place", question, NOON)))


def test_who_has_a_delivery_gets_its_case_though_a_turn_wants_both(grid, other):
    asking(grid, OpenCase(CASE, "danger", "IN", "reported", "danger"))
    delivery = grid.row(Delivery).id
    other.execute(text("SELECT id FROM delivery WHERE id = :one FOR UPDATE"), {"one": delivery})
    with ThreadPoolExecutor(1) as turns:
        turn = turns.submit(asking, grid, HandOver(CASE, "asked"), replaces=True)
        while not other.execute(WAITS).scalar():
            time.sleep(0.01)
        other.execute(text("SET LOCAL lock_timeout = '500ms'"))
        other.execute(text("UPDATE cases SET attention_at = opened_at WHERE id = :one"), {"one": CASE})
        other.commit()
        turn.result(20)
    assert grid.row(Case).attention == "asked"
    assert [row.state for row in grid.rows(Delivery)] == ["replaced", "due"]
