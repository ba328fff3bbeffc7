"""docs/operate.md is true where it gives numbers, and tells every alarm."""

import re
from pathlib import Path

import pytest

from conversations import limits

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("row", [*limits.BRAKES, *limits.CODE_LIMITS], ids=lambda row: row.name)
def test_every_limit_is_told_with_its_number(row):
    assert f"| {row.name} | {row.most} |" in PAGE


def test_every_alarm_is_told():
    alarms = re.findall(r'Alarm\(\s*"(\w+)"', (ROOT / "storage" / "alarms.py").read_text(encoding="utf-8"))
    assert len(alarms) == 4
    assert [alarm for alarm in alarms if f"`{alarm}`" not in PAGE] == []
