"""`gateway import`: a register's rows come into the store, once, and what is wrong with some is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from gateway.cli import cli
from gateway.config import Faults
from gateway.desks import load
from gateway.dice import RandomDice
from gateway.ready import make_ready
from storage.migrate import migrate
from storage.set_up import set_up
from storage.tables import RegisterRow
from storage.work import Store
from tests.conftest import Place
from tests.stored_stage import ACCOUNT, KEYS, Clock, StoredStage

DESK = Path(__file__).parents[1] / "conversations" / "desk_minimal.yaml"
EVA = "+4791234567"
HEADER = "number,street\n"


@pytest.fixture
def desks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a desk whose register has no file; the settings name it."""
    folder = tmp_path / "desks"
    folder.mkdir()
    words = DESK.read_text(encoding="utf-8").replace("kind: location", "kind: object")
    (folder / "water.yaml").write_text(words, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CASELINE_DEVELOPMENT", "1")
    monkeypatch.setenv("CASELINE_DESKS", str(folder))
    return folder


@pytest.fixture
def stage(store_place: Place, desks: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoredStage]:
    url = store_place.create(migrate)
    monkeypatch.setenv("CASELINE_STORE_URL", url)
    clock = Clock()
    store = Store(url, KEYS, clock)
    fronts = set_up(store, load(desks), lambda channel, _: ACCOUNT, make_ready, RandomDice())
    yield StoredStage(store, fronts, clock, "+4759440030")
    store.close()
    store_place.drop(url)


def imported(text: str, *options: str) -> tuple[int, str]:
    Path("valves.csv").write_text(text, encoding="utf-8")
    said = CliRunner().invoke(cli, ["import", "valves", "valves.csv", *options])
    if isinstance(said.exception, Faults):
        raise said.exception
    return said.exit_code, said.stdout


def stored(stage: StoredStage) -> dict[str, str]:
    with stage.store.read() as session:
        return {row.key: row.data for row in session.exec(select(RegisterRow))}


def test_the_desk_s_look_ups_read_what_was_imported(stage: StoredStage) -> None:
    assert imported(HEADER + "1042,Bekkegata 3\n") == (
        0,
        "valves of water: 1 rows taken in, 1 of them new or changed, 0 refused, 0 removed.\n",
    )
    for said in ("Lekkasje", "1042"):
        stage.text(EVA, said)
    case = stage.case("V-0001")
    assert case
    assert case.values["where"] == "Bekkegata 3 (1042)"


def test_the_same_file_again_changes_nothing(stage: StoredStage) -> None:
    text = HEADER + "".join(f"{number},Bekkegata {number}\n" for number in range(250))
    imported(text)
    before = stored(stage)
    assert "250 rows taken in, 0 of them new or changed" in imported(text)[1]
    assert stored(stage) == before


def test_what_is_wrong_with_a_row_is_told_and_the_others_come_in(stage: StoredStage) -> None:
    status, said = imported(
        HEADER + f"12,Bekkegata 3\n13,Elvegata 1,x\n,Elvegata 2\n12,Elvegata 3\n{'9' * 61},x\n14,Å 4\n"
    )
    assert status == 1
    assert said.splitlines() == [
        "valves.csv:3:1: The row has 3 cells, the header 2. Put a cell that holds a comma in double quotes.",
        'valves.csv:4:1: The row has no key. Fill its column "number".',
        'valves.csv:5:1: The key "12" stands in line 2 already. Give each row its own.',
        'valves.csv:6:1: The key in column "number" is no plain text of at most 60 characters. '
        "Shorten it, or take out what no text shows.",
        "valves of water: 2 rows taken in, 2 of them new or changed, 4 refused, 0 removed.",
    ]
    assert stored(stage).keys() == {"12", "14"}


def test_an_import_that_ended_in_the_middle_goes_on(stage: StoredStage) -> None:
    rows = [f"{number},Bekkegata {number}\n" for number in range(250)]
    torn = HEADER + "".join(rows[:120]) + '120,"Bekke'
    assert imported(torn)[0] == 1
    assert len(stored(stage)) == 120
    assert "250 rows taken in, 130 of them new or changed" in imported(HEADER + "".join(rows))[1]


def test_rows_stay_unless_the_file_is_the_whole_register(stage: StoredStage) -> None:
    imported(HEADER + "12,Bekkegata 3\n13,Elvegata 1\n")
    imported(HEADER + "12,Bekkegata 4\n")
    assert stored(stage).keys() == {"12", "13"}
    assert "Nothing was removed" in imported(HEADER + "12,Bekkegata 4\n,x\n", "--whole")[1]
    assert stored(stage).keys() == {"12", "13"}
    assert "1 removed" in imported(HEADER + "12,Bekkegata 4\n", "--whole")[1]
    assert stored(stage).keys() == {"12"}


def test_a_header_that_lacks_a_column_takes_no_row(stage: StoredStage) -> None:
    status, said = imported("number,road\n12,Bekkegata 3\n", "--whole")
    assert (status, stored(stage)) == (1, {})
    assert 'valves.csv:1:1: The header has no column "street".' in said


def test_a_start_leaves_imported_rows_alone(stage: StoredStage, desks: Path) -> None:
    imported(HEADER + "12,Bekkegata 3\n")
    set_up(stage.store, load(desks), lambda channel, _: ACCOUNT, make_ready, RandomDice())
    assert stored(stage).keys() == {"12"}


@pytest.mark.parametrize(
    ("change", "options", "wanted"),
    [
        (("valves", "taps"), (), "there is no register valves; there is taps of water"),
        (("", ""), ("--desk", "fire"), "there is no register valves of fire; there is valves of water"),
        (
            ("    key: number", "    file: v.csv\n    key: number"),
            (),
            "valves of water has its rows in v.csv beside the desk",
        ),
        (("tenant: brook", "tenant: creek"), (), "the desk water is not in the store yet"),
    ],
)
def test_what_cannot_be_imported_into_is_said(
    sqlite: Place,
    desks: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: tuple[str, str],
    options: tuple[str, ...],
    wanted: str,
) -> None:
    url = sqlite.create(migrate)
    monkeypatch.setenv("CASELINE_STORE_URL", url)
    place = desks / "water.yaml"
    place.write_text(place.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    (desks / "v.csv").write_text(HEADER, encoding="utf-8")
    with pytest.raises(Faults, match=wanted):
        imported(HEADER, *options)
    sqlite.drop(url)
