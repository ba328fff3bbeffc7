"""A frozen record with some of its parts replaced."""

from typing import Any, TypeVar

Record = TypeVar("Record")


def changed(record: Record, **parts: Any) -> Record:
    """As ``dataclasses.replace``, for dataclasses with slots, at a third of its cost: a turn replaces many times.

    Raises TypeError for a part that the record does not have.
    """
    names: tuple[str, ...] = record.__slots__  # type: ignore[attr-defined]
    return type(record)(**{name: getattr(record, name) for name in names} | parts)
