"""How the databases are opened: every transaction that may write begins the same way, in every process."""

import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

BUSY_TIMEOUT_S = 10
CONNECT_TIMEOUT_S = 5
# A process that stands still in the middle of a transaction holds its locks no longer: no job waits in one.
IDLE_IN_TRANSACTION_S = 30
# A search that nobody waits for any more is ended: it would keep its connection, and others from theirs.
READ_WITHIN_S = 10
READERS_KEPT = 8
# How often SQLite asks whether a statement is to go on, in steps of its machine: about each hundredth of a second.
STEPS_BETWEEN_LOOKS = 100_000
# Four times SQLite's default: a page that many turns change is copied back from the log less often.
LOG_PAGES = 4000
CACHE_KB = 32 * 1024
DURABLE = {"synchronous_commit": ("on", "remote_apply"), "fsync": ("on",), "full_page_writes": ("on",)}


class NotDurable(Exception):
    """The database would answer before a commit is safe; the words name the setting, for the operator."""


def writing_engine(url: str) -> Engine:
    """An engine whose transactions may write. On SQLite each begins IMMEDIATE and waits up to 10 s for it.

    A plain BEGIN that reads before it writes fails at once under load, whatever the timeout says.
    """
    return _sqlite(url, begin="BEGIN IMMEDIATE") if is_sqlite(url) else _postgresql(url, read_only=False)


def reading_engine(url: str) -> Engine:
    """An engine that only reads: on SQLite a snapshot of the log, so it neither waits nor makes wait.

    A statement that takes over ten seconds is ended, and fails as where the store is away.
    """
    return _sqlite(url, begin="BEGIN", read_only=True) if is_sqlite(url) else _postgresql(url, read_only=True)


def is_sqlite(url: str) -> bool:
    """Whether the URL names an SQLite file."""
    return make_url(url).get_backend_name() == "sqlite"


def sqlite_file(url: str) -> Path:
    """The file that an SQLite URL names. Raises ValueError for a database in memory: it would lose all."""
    name = make_url(url).database
    if not name or name == ":memory:":
        raise ValueError("the store must be a file: sqlite:///data/caseline.db")
    return Path(name)


def check_durable(connection: Connection) -> None:
    """Raises NotDurable where PostgreSQL is set to acknowledge what a power cut could take back."""
    if connection.dialect.name != "postgresql":
        return
    for setting, good in DURABLE.items():
        found = str(connection.exec_driver_sql(f"SHOW {setting}").scalar())
        if found not in good:
            raise NotDurable(f"PostgreSQL has {setting}={found}; it must be {' or '.join(good)}")


def _sqlite(url: str, begin: str, read_only: bool = False) -> Engine:
    sqlite_file(url).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
        pool_size=READERS_KEPT,
        max_overflow=-1,
    )

    def prepare(connection: Any, record: object) -> None:
        # The journal mode is kept in the file; setting it again while others write would have to wait.
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
        if read_only:
            connection.execute("PRAGMA query_only=ON")
        else:
            connection.execute(f"PRAGMA cache_size=-{CACHE_KB}")
            # A savepoint keeps the pages that it changes: in memory, not in a file of its own.
            connection.execute("PRAGMA temp_store=MEMORY")

    def start(connection: Connection) -> None:
        # The writing thread begins on the driver's own connection; a Session that joins finds it begun.
        driver: Any = connection.connection.dbapi_connection
        if not driver.in_transaction:
            driver.execute(begin)

    def bound(connection: Connection, cursor: Any, *statement: object) -> None:
        until = time.monotonic() + READ_WITHIN_S
        cursor.connection.set_progress_handler(lambda: time.monotonic() > until, STEPS_BETWEEN_LOOKS)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)
    if read_only:
        event.listen(engine, "before_cursor_execute", bound)
    return engine


def _postgresql(url: str, read_only: bool) -> Engine:
    engine = create_engine(
        url,
        # Positional, as SQLite's driver is: the hot statements call both alike.
        paramstyle="format",
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
        pool_size=READERS_KEPT,
        max_overflow=-1,
        pool_pre_ping=True,
    )

    def prepare(connection: Any, record: object) -> None:
        connection.autocommit = True
        connection.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_IN_TRANSACTION_S}s'")
        if read_only:
            connection.execute(f"SET statement_timeout = '{READ_WITHIN_S}s'")
        connection.autocommit = False
        if read_only:
            connection.read_only = True

    event.listen(engine, "connect", prepare)
    return engine
