"""A secret answer: sealed in the turn that brought it, opened for who may, gone with its case. On both databases."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from storage import case_work
from storage.case_secrets import open_secret
from storage.case_views import Absent, Named, whole_case
from storage.migrate import migrate
from storage.tables import Audit, DraftRow, MessageRow, SealedValue
from tests.conftest import Place
from tests.stored_stage import StoredStage, stored_stage

ANNA = "+46701234567"
REPORT = (
    "diskmaskinen startar inte, obj 4471",
    "ja",
    "hoppa över",
    "Anna Lind",
    "hoppa över",
    "3 A14720",
    "hoppa över",
)
CODE = "A14720"


@pytest.fixture
def stage(store_place: Place) -> Iterator[StoredStage]:
    url = store_place.create(migrate)
    with stored_stage(url, "appliance") as opened:
        for text in (*REPORT, "skicka"):
            opened.text(ANNA, text)
        yield opened
    store_place.drop(url)


def opened(stage: StoredStage, **scope: Any) -> str:
    seen_by = replace(stage.scope, **scope)
    return (
        stage.store.write(lambda work: open_secret(work, seen_by, stage.dice, Named("A-10001"), "door_code"))
        .result()
        .clear
    )


def test_it_stands_nowhere_in_clear(stage):
    with stage.store.read() as session:
        texts = [row.text for row in session.exec(select(MessageRow))]
        drafts = [row.content for row in session.exec(select(DraftRow))]
        [sealed] = session.exec(select(SealedValue)).all()
        shown = {one.field: one for one in whole_case(stage.scope, session, Named("A-10001")).values}
    assert not any(CODE in str(one) for one in (*texts, *drafts, sealed.sealed, shown))
    assert "3 ****" in texts
    assert (shown["door_code"].sealed, shown["door_code"].shown, shown["door_code"].value) == (True, "****", None)


def test_who_may_opens_it_and_that_is_noted(stage):
    assert opened(stage) == CODE
    with stage.store.read() as session:
        [noted] = session.exec(select(Audit).where(Audit.act == "secret_opened")).all()
    assert CODE not in (noted.detail or "")


@pytest.mark.parametrize("scope", [{"full_numbers": False}, {"tenant": "another"}, {"desks": frozenset({"grid"})}])
def test_for_all_others_it_is_not_there(stage, scope):
    with pytest.raises(Absent):
        opened(stage, **scope)


def test_it_is_gone_with_its_case(stage):
    with stage.store.read() as session:
        done = case_work.NewStatus("done", whole_case(stage.scope, session, Named("A-10001")).revision)
    stage.store.write(
        lambda work: case_work.change_status(work, stage.scope, stage.dice, stage.fronts, Named("A-10001"), done)
    ).result()
    with stage.store.read() as session:
        assert session.exec(select(SealedValue)).all() == []
    with pytest.raises(Absent):
        opened(stage)
