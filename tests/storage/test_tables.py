"""What every table must declare."""

import pytest

from storage.tables import metadata

TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)
OF_NO_TENANT = {"clock_floor", "job_lease", "store_key", "tenant", "unknown_receipt", "alert_sent"}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_says_what_it_is_for_how_long_it_is_kept_and_what_erasure_does(table):
    assert {name for name in ("purpose", "kept", "erasure") if table.info.get(name)} == {"purpose", "kept", "erasure"}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_belongs_to_a_tenant(table):
    assert table.name in OF_NO_TENANT or "tenant" in table.c
