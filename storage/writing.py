"""The one connection that writes: the driver's own, and SQLAlchemy's around it where a Session joins."""

import sqlite3
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import DBAPIError

from storage.engines import check_durable
from storage.faults import sqlite_code
from storage.turnstile import Turnstile


class Writing:
    """The writing thread's connection, opened at the first `begin` and again after it broke.

    `beside` opens this process's other connections to the same database; `turnstile` is where it waits for its turn
    to write, None: others are kept out by the database alone.
    Raises NotDurable where the database is set to lose what it acknowledged.
    """

    def __init__(self, engine: Engine, beside: Engine | None = None, turnstile: Turnstile | None = None) -> None:
        self.dialect = engine.dialect.name
        self._beside, self._turnstile = beside, turnstile
        self.cursor: Any = None
        self._engine = engine
        self._connection: Connection | None = None
        self._joined: RootTransaction | None = None
        self._driver: Any = None
        self._errors: Any = engine.dialect.loaded_dbapi
        with engine.connect() as connection:
            check_durable(connection)

    @property
    def in_transaction(self) -> bool:
        """False where the database itself has given the transaction up (SQLite does, on a full disk)."""
        return self.dialect != "sqlite" or bool(self._driver.in_transaction)

    def begin(self) -> None:
        """Begin a transaction that writes."""
        if self._driver is None or getattr(self._driver, "closed", False):
            self.close()
            self._connection = self._engine.connect()
            self._driver = self._connection.connection.dbapi_connection
            self.cursor = self._driver.cursor()
        if self._turnstile is not None:
            self._turnstile.enter()
        if self.dialect == "sqlite":
            self.cursor.execute("BEGIN IMMEDIATE")

    def joined(self) -> Connection:
        """SQLAlchemy's connection, inside the transaction that the driver's cursor is in."""
        assert self._connection is not None, "no transaction has begun"
        if self._joined is None:
            self._joined = self._connection.begin()
        return self._connection

    def commit(self) -> None:
        """Make all of it durable."""
        joined, self._joined = self._joined, None
        if joined is None:
            self._driver.commit()
        else:
            joined.commit()
        self._leave()

    def rollback(self, error: BaseException | None = None) -> None:
        """Undo all of it, because of `error`. A broken connection is closed, and opened anew by the next `begin`.

        So are all that SQLite opened for reading because the file could not be written: it keeps to that, and
        one such connection binds every other of the process.
        """
        joined, self._joined = self._joined, None
        if self._driver is None:
            return
        try:
            if joined is not None:
                joined.rollback()
            self._driver.rollback()
        except (DBAPIError, self._errors.Error):
            self.close()
        self._leave()
        if sqlite_code(error) == sqlite3.SQLITE_READONLY:
            self.close()
            if self._beside is not None:
                self._beside.dispose()

    def close(self) -> None:
        """Close the connection, in whatever state it is."""
        connection, self._connection, self._joined, self._driver = self._connection, None, None, None
        cursor, self.cursor = self.cursor, None
        if cursor is not None:
            # It keeps SQLite's connection open behind the closed one, and an exception may keep it.
            with suppress(self._errors.Error):
                cursor.close()
        if connection is not None:
            with suppress(DBAPIError, self._errors.Error):
                connection.invalidate()
                connection.close()
        if self._turnstile is not None:
            self._turnstile.close()

    def _leave(self) -> None:
        if self._turnstile is not None:
            self._turnstile.leave()

    def is_undone(self, error: BaseException) -> bool:
        """Whether a commit that failed so has certainly not happened."""
        return str(getattr(getattr(error, "orig", None) or error, "sqlstate", None) or "")[:2] == "40"
