"""The database brought to this release's tables: all revisions in one transaction, or none."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.engines import is_sqlite, reading_engine, sqlite_file, writing_engine

# Any number that no other program takes: two that migrate at once wait for each other.
LOCK = 0x_CA5E_11E


class TooNew(Exception):
    """A newer release has changed this database; going back needs that release, or a backup."""


def migrate(url: str) -> None:
    """Bring the database to the newest revision; does nothing where it is there. Raises TooNew."""
    with _writing(url) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        _refuse_newer(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(url: str) -> bool:
    """Whether the database has this release's tables. Raises TooNew.

    False also for one without any tables, and for an SQLite file that is not there: it is not made.
    """
    if is_sqlite(url) and not sqlite_file(url).exists():
        return False
    engine = reading_engine(url)
    try:
        with engine.connect() as connection:
            found = _refuse_newer(connection)
            return found == _scripts().get_current_head()
    finally:
        engine.dispose()


def _refuse_newer(connection: Connection) -> str | None:
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in {script.revision for script in _scripts().walk_revisions()}:
        raise TooNew(f"the database is at revision {found}, which this release does not know")
    return found


@contextmanager
def _writing(url: str) -> Iterator[Connection]:
    engine = writing_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("storage") / "migrations"))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
