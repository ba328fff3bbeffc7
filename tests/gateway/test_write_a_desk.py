"""docs/write-a-desk.md is true: its desk has no fault, its tests hold, and none of its parts goes unnoticed."""

import re
from pathlib import Path

from typer.testing import CliRunner

from conversations.fields import KINDS
from gateway.cli import cli

PAGE = (Path(__file__).parents[2] / "docs" / "write-a-desk.md").read_text(encoding="utf-8")
YAML = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
DARK, WORDS, DAMAGED, OTHER = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)


def test_the_desk_of_the_page_is_tested_as_it_says(tmp_path: Path) -> None:
    tests = tmp_path / "lights"
    tests.mkdir()
    (tmp_path / "lights.yaml").write_text("".join(YAML), encoding="utf-8")
    files = {"dark.txt": DARK, "said.words": WORDS, "damaged.txt": DAMAGED, "other.txt": OTHER}
    for name, text in files.items():
        assert f"`{name}`" in PAGE
        (tests / name).write_text(text, encoding="utf-8")
    checked = CliRunner().invoke(cli, ["desk", "check", str(tmp_path)])
    assert (checked.exit_code, checked.output) == (0, "lights: no fault.\n")
    tested = CliRunner().invoke(cli, ["desk", "test", str(tmp_path), "--mutate"])
    assert tested.exit_code == 0, tested.output
    assert "18 parts left out in turn, 0 unnoticed." in tested.output


def test_an_answer_that_is_not_known_yet_is_shown(tmp_path: Path) -> None:
    (tmp_path / "lights").mkdir()
    (tmp_path / "lights.yaml").write_text("".join(YAML), encoding="utf-8")
    (tmp_path / "lights" / "new.txt").write_text("desk: lights\n[sms +4791234567]\n> Hei\n< ?\n", encoding="utf-8")
    tested = CliRunner().invoke(cli, ["desk", "test", str(tmp_path)])
    assert "came:   Fjordby kommune: Hva gjelder det? 1 Gatelys 2 Noe annet" in tested.output


def test_every_kind_is_told() -> None:
    assert [kind for kind in KINDS if f"`{kind}`" not in PAGE] == []
