"""Desks into the store at each start: what is there already stays as it is."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from gateway.ready import make_ready
from storage.set_up import TakenByAnother, set_up
from storage.tables import Counter, DeskVersion, Front, RegisterRow, Sender, Tenant
from tests.stages import loaded
from tests.storage.turn_rows import ACCOUNT, GRID, opened_grid


@dataclass(frozen=True)
class Source:
    desk: Any
    text: str
    registers: Any


@pytest.fixture
def grid(store_place):
    with opened_grid(store_place) as grid:
        yield grid


def desk(**changes):
    found = loaded("grid")
    text = found.text + str(sorted(changes)) if changes else found.text
    return Source(found.desk.model_copy(update=changes), text, found.registers)


def again(grid, *sources, accounts=None):
    carried = accounts or {"sms": ACCOUNT}
    return set_up(grid.store, sources, lambda channel, _: carried.get(channel), make_ready, grid.dice)


def everything(grid):
    return [row.model_dump() for table in (Tenant, Front, Sender, DeskVersion, Counter) for row in grid.rows(table)]


def test_a_desk_is_set_up(grid):
    front, sender = grid.row(Front), grid.row(Sender)
    assert (front.tenant, front.desk, front.channel, front.address) == ("nordlys", "grid", "sms", GRID)
    assert (sender.account, sender.address, sender.per_second) == (ACCOUNT, GRID, 1.0)
    assert (grid.front.id, grid.front.sender, grid.front.account) == (front.id, sender.id, ACCOUNT)
    assert grid.front.desk.version == grid.row(DeskVersion).version == 1
    assert {row.series: row.last for row in grid.rows(Counter)} == {"IN": 0, "K": 0}
    assert len(grid.rows(RegisterRow)) >= 200


def test_the_same_desk_again_changes_nothing(grid):
    before, rows = everything(grid), grid.rows(RegisterRow)
    fronts = again(grid, desk())
    assert everything(grid) == before
    assert grid.rows(RegisterRow) == rows
    assert fronts.keys() == grid.fronts.keys()
    assert replace(fronts["sms", GRID], desk=grid.front.desk) == grid.front


def test_a_changed_desk_is_a_new_version_and_the_old_one_stays(grid):
    fronts = again(grid, desk(name="Nytt navn"))
    assert [row.version for row in grid.rows(DeskVersion)] == [1, 2]
    assert fronts["sms", GRID].desk.version == 2
    assert again(grid, desk())["sms", GRID].desk.version == 1


def test_a_sender_takes_its_rate_and_account_from_the_desk(grid):
    sending = loaded("grid").desk.sending.model_copy(update={"texts_per_second": 5})
    again(grid, desk(sending=sending), accounts={"sms": "AC2"})
    sender = grid.row(Sender)
    assert (sender.per_second, sender.account) == (5, "AC2")


def test_numbers_that_were_drawn_are_not_drawn_again(grid):
    grid.write(lambda work: work.cursor.execute("UPDATE counter SET last = 41"))
    again(grid, desk())
    assert {row.last for row in grid.rows(Counter)} == {41}


def test_a_series_may_begin_higher_than_it_has_come(grid):
    series = {"IN": loaded("grid").desk.series["IN"].model_copy(update={"first": 5000})}
    again(grid, desk(series=series))
    assert {row.series: row.last for row in grid.rows(Counter)} == {"IN": 4999, "K": 0}


def test_a_register_follows_its_file(grid):
    source = desk()
    first, second, *rest = source.registers["masts"]
    changed = {**second, "place": "Et annet sted"}
    again(grid, replace(source, registers={"masts": (changed, *rest, {**first, "key": "ny"})}))
    rows = {row.key: row.data for row in grid.rows(RegisterRow)}
    assert first["key"] not in rows
    assert "Et annet sted" in rows[second["key"]]
    assert "ny" in rows


def test_a_number_of_another_tenant_is_refused(grid):
    with pytest.raises(TakenByAnother) as refused:
        again(grid, desk(tenant="another"))
    assert GRID not in str(refused.value)


def test_a_channel_without_an_account_has_no_front(grid):
    fronts = again(grid, desk(), accounts={"sms": ACCOUNT, "mail": "relay"})
    assert {channel for channel, _ in fronts} == {"sms", "mail"}
    assert {channel for channel, _ in again(grid, desk())} == {"sms"}
