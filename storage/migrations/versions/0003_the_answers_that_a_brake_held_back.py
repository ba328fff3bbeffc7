"""The answers that a brake held back.

Revision: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BRAKED = "reason = 'brake'"


def upgrade() -> None:
    op.create_index(
        "ix_message_braked",
        "message",
        ["tenant", "at"],
        sqlite_where=sa.text(BRAKED),
        postgresql_where=sa.text(BRAKED),
    )


def downgrade() -> None:
    op.drop_index("ix_message_braked", "message")
