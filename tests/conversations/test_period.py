"""Which days a text names, seen from 14 February 2026: STATUS JAN, SØK 01.01-31.01."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from conversations.dates.moments import Seen
from conversations.dates.period import names_period, period_of

SEEN = Seen(datetime(2026, 2, 14, 12, tzinfo=UTC), ZoneInfo("Europe/Oslo"), "past", is_asked=True)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("JAN", "2026-01-01", "2026-01-31"),
        ("may", "2025-05-01", "2025-05-31"),
        ("feb.", "2026-02-01", "2026-02-28"),
        ("desember 2024", "2024-12-01", "2024-12-31"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("förra året", "2025-01-01", "2025-12-31"),
        ("forrige uke", "2026-02-02", "2026-02-08"),
        ("uke 3", "2026-01-12", "2026-01-18"),
        ("last month", "2026-01-01", "2026-01-31"),
        ("i går", "2026-02-13", "2026-02-13"),
        ("01.01-31.01", "2026-01-01", "2026-01-31"),
        ("1.1.-31.1.2025", "2025-01-01", "2025-01-31"),
        ("01.12.2025 - 31.01.2026", "2025-12-01", "2026-01-31"),
        ("01.11-28.02", "2025-11-01", "2026-02-28"),
        ("3/1 til 5/1", "2026-01-03", "2026-01-05"),
        ("2026-01-01--01-31", "2026-01-01", "2026-01-31"),
        ("2025-12-01 till 2026-01-05", "2025-12-01", "2026-01-05"),
        ("nov-jan", "2025-11-01", "2026-01-31"),
        ("mars til mai 2025", "2025-03-01", "2025-05-31"),
    ],
)
def test_a_period(text, first, last):
    assert period_of(text, SEEN) == (date.fromisoformat(first), date.fromisoformat(last))
    assert names_period(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "mast",
        "på saken min",
        "1042",
        "IN-1042",
        "lukket",
        "kl 12",
        "30.02",
        "jan og feb vel",
        "31.01.2026-01.01.2026",
    ],
)
def test_no_period(text):
    assert period_of(text, SEEN) is None
