"""Where register rows stand.

Revision: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("register_row", sa.Column("lat", sa.Float(), nullable=True))
    op.add_column("register_row", sa.Column("lon", sa.Float(), nullable=True))
    op.create_index("ix_register_row_place", "register_row", ["tenant", "register_name", "lat"])
    # As JSON it is the same; at the next start it differs from its file, and is written anew with its place.
    op.execute("UPDATE register_row SET data = data || ' '")


def downgrade() -> None:
    op.drop_index("ix_register_row_place", "register_row")
    op.drop_column("register_row", "lon")
    op.drop_column("register_row", "lat")
