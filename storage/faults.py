"""Whose fault it is that a job failed: the database's, which may pass, or the job's own."""

import sqlite3
from typing import Final

# Primary result codes: busy, locked, out of memory, read-only, interrupted, input or output, corrupt, full, cannot
# open, protocol, no database.
SQLITE_FAULTS: Final = frozenset({5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26})
# Classes of SQLSTATE: connection, transaction rolled back, resources, state, operator, system.
POSTGRES_FAULTS: Final = frozenset({"08", "40", "53", "55", "57", "58"})
# Read-only; idle in a transaction for too long.
POSTGRES_STATES: Final = frozenset({"25006", "25P03"})


class Again(Exception):
    """What the job had read was changed meanwhile: undo it and take it again."""


class StoreClosed(Exception):
    """The store takes nothing any more: the process is ending, or its writing thread broke."""


def is_away(error: BaseException) -> bool:
    """Whether the store did not do it, or not in time: the same call may succeed a moment later."""
    return isinstance(error, StoreClosed | Again | TimeoutError) or is_store_fault(error)


def is_store_fault(error: BaseException) -> bool:
    """Whether the database failed and not the job. The driver's own errors, and SQLAlchemy's around them."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, sqlite3.Error):
        return sqlite_code(cause) in SQLITE_FAULTS
    # psycopg's alone have one: None where the server did not answer. By its name, for it may not be installed.
    state = getattr(cause, "sqlstate", "")
    if state is None:
        return any(kind.__name__ == "OperationalError" for kind in type(cause).__mro__)
    return state[:2] in POSTGRES_FAULTS or state in POSTGRES_STATES


def sqlite_code(error: BaseException | None) -> int:
    """SQLite's primary result code; 0 for what is no error of its."""
    cause = getattr(error, "orig", None) or error
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF if isinstance(cause, sqlite3.Error) else 0
