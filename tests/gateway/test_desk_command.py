"""`gateway desk test`: a desk's own tests are played, and what none of them would miss is named."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli import cli
from gateway.desk_tests import Bench, mutants
from tests.stages import TRANSCRIPTS, loaded

DESK = Path(__file__).parents[1] / "conversations" / "desk_minimal.yaml"
MEANINGS = """# What people say
Vannet fosser her = leak
leak.size: drypper litt = drip
leak.size: aner ikke = -
"""


@pytest.mark.parametrize("desk", ["agency", "appliance", "grid", "heating", "software"])
def test_no_part_of_a_ready_desk_can_be_left_out_unnoticed(desk: str) -> None:
    bench = Bench(loaded(desk), TRANSCRIPTS / desk)
    assert list(bench.failures()) == []
    assert list(bench.unnoticed(mutants(loaded(desk).desk))) == []


def test_what_is_not_understood_so_is_named_with_what_came(tmp_path: Path) -> None:
    said = _tested(tmp_path, "Lekkasje = meter\n")
    assert said.exit_code == 1
    assert "first.words line 1: Lekkasje\n  wanted: meter\n  came:   leak\n" in said.output
    assert "water: 1 tests, 1 failed." in said.output


def test_a_part_that_no_test_misses_is_named(tmp_path: Path) -> None:
    said = _tested(tmp_path, MEANINGS, "--mutate")
    assert said.exit_code == 1
    assert "no test notices when this is left out: leak.photo: condition 1" in said.output
    assert "left out: leak.size\n" not in said.output


def test_a_desk_without_tests_is_not_good(tmp_path: Path) -> None:
    shutil.copy(DESK, tmp_path)
    said = CliRunner().invoke(cli, ["desk", "test", str(tmp_path)])
    assert (said.exit_code, said.output) == (1, "water: 0 tests, 0 failed.\n")


def _tested(folder: Path, meanings: str, *options: str) -> Result:
    shutil.copy(DESK, folder)
    (folder / "water").mkdir()
    (folder / "water" / "first.words").write_text(meanings, encoding="utf-8")
    return CliRunner().invoke(cli, ["desk", "test", str(folder / DESK.name), *options])
