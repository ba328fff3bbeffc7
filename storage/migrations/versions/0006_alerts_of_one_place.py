"""Alerts of one place.

Revision: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alert", sa.Column("thing", sa.String(length=120), nullable=True))
    op.add_column("alert", sa.Column("street", sa.String(length=120), nullable=True))
    op.add_column("alert", sa.Column("lat", sa.Float(), nullable=True))
    op.add_column("alert", sa.Column("lon", sa.Float(), nullable=True))
    # In SQL, as both databases read it: on SQLite alembic would make the table anew, from under rows that refer to it.
    op.execute(
        "ALTER TABLE alert ADD COLUMN merged_into VARCHAR(36)"
        " CONSTRAINT fk_alert_merged_into_alert REFERENCES alert (id)"
    )
    op.create_index(op.f("ix_alert_merged_into"), "alert", ["merged_into"])


def downgrade() -> None:
    with op.batch_alter_table("alert") as alert:
        alert.drop_index(op.f("ix_alert_merged_into"))
        alert.drop_constraint(op.f("fk_alert_merged_into_alert"), type_="foreignkey")
        for name in ("merged_into", "lon", "lat", "street", "thing"):
            alert.drop_column(name)
