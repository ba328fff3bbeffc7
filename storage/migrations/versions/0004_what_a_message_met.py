"""What a message met.

Revision: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("met", sa.String(length=120), nullable=True))


def downgrade() -> None:
    op.drop_column("message", "met")
