"""Terms are accepted before there is a case, and facts are tried without a challenge.

Revision: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RENAMED = {"draft_lies": "draft_left_idle", "words_lie": "words_unplaced"}


def upgrade() -> None:
    # No row refers to these, so SQLite may make the tables anew.
    with op.batch_alter_table("consent") as consent:
        consent.alter_column("case_id", existing_type=sa.String(length=36), nullable=True)
    with op.batch_alter_table("wrong_try") as wrong_try:
        wrong_try.alter_column("challenge", existing_type=sa.String(length=36), nullable=True)
    # Whether what an input is about has moved on is the turn's to see, and always was.
    with op.batch_alter_table("pending_input") as pending_input:
        pending_input.drop_column("about_revision")
        pending_input.drop_column("tries")
    for old, new in RENAMED.items():
        _rename(old, new)


def downgrade() -> None:
    for old, new in RENAMED.items():
        _rename(new, old)
    op.add_column("pending_input", sa.Column("about_revision", sa.Integer(), nullable=True))
    op.add_column("pending_input", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.execute("DELETE FROM consent WHERE case_id IS NULL")
    op.execute("DELETE FROM wrong_try WHERE challenge IS NULL")
    with op.batch_alter_table("wrong_try") as wrong_try:
        wrong_try.alter_column("challenge", existing_type=sa.String(length=36), nullable=False)
    with op.batch_alter_table("consent") as consent:
        consent.alter_column("case_id", existing_type=sa.String(length=36), nullable=False)


def _rename(old: str, new: str) -> None:
    op.execute(
        f"UPDATE pending_input SET kind = '{new}', payload = replace(payload, '\"{old}\"', '\"{new}\"')"
        f" WHERE kind = '{old}'"
    )
