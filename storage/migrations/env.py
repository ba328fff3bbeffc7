"""Runs inside alembic: hands it the connection that `storage.migrate` has begun a transaction on."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import CreateTableOp, MigrationScript
from sqlmodel.sql.sqltypes import AutoString

from storage.columns import UtcDateTime
from storage.tables import metadata


def _plain_type(kind: str, column: Any, autogen: AutogenContext) -> str | Literal[False]:
    """A revision stands for itself: it names no class of ours, which may change after it."""
    if kind == "type" and isinstance(column, AutoString):
        return f"sa.String(length={column.length})"
    if kind == "type" and isinstance(column, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _without_rules(context: object, revision: object, scripts: list[MigrationScript]) -> None:
    """What a table is for is said in `storage.tables` alone."""
    for script in scripts:
        for operations in script.upgrade_ops_list:
            for operation in operations.ops:
                if isinstance(operation, CreateTableOp):
                    operation.info = {}


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite changes a column by making the table anew.
    render_as_batch=True,
    render_item=_plain_type,
    process_revision_directives=_without_rules,
    # The caller's transaction, begun so that it may write: all revisions, or none.
    transaction_per_migration=False,
)
context.run_migrations()
