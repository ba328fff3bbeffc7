"""The revisions lead from nothing to exactly the tables."""

from contextlib import contextmanager

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from storage.engines import reading_engine, sqlite_file, writing_engine
from storage.migrate import TooNew, is_current, migrate
from storage.tables import metadata


@contextmanager
def connected(url):
    engine = writing_engine(url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_the_revisions_make_exactly_the_tables(store_url):
    migrate(store_url)
    with connected(store_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_revisions_make_exactly_the_conditions(store_place):
    migrated, created = store_place.create(), store_place.create()
    migrate(migrated)
    with connected(created) as connection:
        metadata.create_all(connection)
    assert conditions(migrated) == conditions(created)
    for url in (migrated, created):
        store_place.drop(url)


def conditions(url):
    """What compare_metadata does not look at: checks, and the rows that an index stands for."""
    engine = reading_engine(url)
    found = inspect(engine)
    checks = {
        (table, check["name"], check["sqltext"])
        for table in metadata.tables
        for check in found.get_check_constraints(table)
    }
    partial = {
        (table, index["name"], str(value))
        for table in metadata.tables
        for index in found.get_indexes(table)
        for option, value in index.get("dialect_options", {}).items()
        if option.endswith("_where")
    }
    engine.dispose()
    assert len(checks) > 10
    assert len(partial) > 10
    return checks | partial


def test_migrating_twice_changes_nothing(store_url):
    assert not is_current(store_url)
    migrate(store_url)
    migrate(store_url)
    assert is_current(store_url)


def test_a_database_of_a_newer_release_is_refused(store_url):
    migrate(store_url)
    with connected(store_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for ask in (migrate, is_current):
        with pytest.raises(TooNew):
            ask(store_url)


def test_asking_makes_no_file(tmp_path):
    url = f"sqlite:///{tmp_path}/none.db"
    assert not is_current(url)
    assert not sqlite_file(url).exists()


def test_a_failed_revision_leaves_nothing(store_url):
    with connected(store_url) as connection:
        connection.execute(text("CREATE TABLE tenant (id INTEGER)"))
    with pytest.raises(Exception, match="tenant"):
        migrate(store_url)
    engine = create_engine(store_url)
    assert inspect(engine).get_table_names() == ["tenant"]
    engine.dispose()
