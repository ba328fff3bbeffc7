"""`gateway desk cost`: each path of each form once, in each language, with what it costs."""

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from gateway.cli import cli
from gateway.desk_cost import forms_that_end, paths
from tests.stages import loaded

DESK = Path(__file__).parents[1] / "conversations" / "desk_minimal.yaml"


def test_each_branch_is_a_line_with_its_texts_segments_and_price() -> None:
    said = _priced(DESK)
    assert said.exit_code == 0
    lines = [line.split() for line in said.output.splitlines()]
    assert lines[0] == ["desk", "form", "path", "language", "texts", "segments", "price"]
    # The leak's name, where, how much, SEND; of a flood also whether there is a picture.
    assert lines[1:5] == [
        ["water", "leak", "size=drip", "nb", "4", "4", "2.60"],
        ["water", "leak", "size=flood", "nb", "5", "5", "3.25"],
        ["water", "leak", "size=drip", "en", "4", "4", "2.60"],
        ["water", "leak", "size=flood", "en", "5", "5", "3.25"],
    ]
    assert [line[1] for line in lines[5:]] == ["general", "general"]


def test_the_price_of_a_segment_is_given() -> None:
    assert _priced(DESK, "--price", "1").output.splitlines()[1].endswith("4.00")


def test_a_form_that_comes_to_no_end_is_named(tmp_path: Path) -> None:
    desk = yaml.safe_load(DESK.read_text(encoding="utf-8"))
    desk["forms"][0]["fields"][0] |= {"kind": "object"}
    desk["answers_on"] = {"sms": ["+4759440030"]}
    place = tmp_path / "water.yaml"
    place.write_text(yaml.safe_dump(desk, allow_unicode=True), encoding="utf-8")
    said = _priced(place)
    assert said.exit_code == 1
    assert "stops at field:where" in said.output


def test_a_faulty_desk_is_told_as_by_check(tmp_path: Path) -> None:
    place = tmp_path / "water.yaml"
    place.write_text("desk: water\n", encoding="utf-8")
    said = _priced(place)
    assert said.exit_code == 1
    assert f"{place}:" in said.output


@pytest.mark.parametrize("desk", ["agency", "appliance", "grid", "heating", "software"])
def test_every_form_of_a_ready_desk_comes_to_its_end_in_each_language(desk: str) -> None:
    found = list(paths(loaded(desk)))
    assert [path for path in found if path.stops] == []
    wanted = {
        (form.id, language) for form in forms_that_end(loaded(desk).desk) for language in loaded(desk).desk.languages
    }
    assert {(path.form, path.language) for path in found} == wanted


def _priced(place: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["desk", "cost", str(place), *options])
