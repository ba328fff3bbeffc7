"""Column types and the rules that every table declares: purpose, keeping, erasure."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, Index, text
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite keeps it naive, so the zone is put back on reading.

    Raises ValueError for a naive time: it would be an hour or two off without anybody noticing.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(name: str, *words: str) -> Enum:
    """A text column that holds one of these words; refused before and by the database otherwise."""
    return Enum(*words, name=name, native_enum=False, validate_strings=True, create_constraint=True, length=20)


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows for which the condition holds, on both databases."""
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def rule(purpose: str, kept: str, erasure: str) -> dict[str, Any]:
    """What a table is for, how long its rows are kept, and what erasing a person does to them."""
    return {"info": {"purpose": purpose, "kept": kept, "erasure": erasure}}
