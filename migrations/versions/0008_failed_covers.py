"""Addresses of covers that failed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "failed_covers",
        sa.Column("url", sa.String(2048), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(url) <= 2048", name=op.f("ck_failed_covers_url")),
        sa.PrimaryKeyConstraint("url", name="pk_failed_covers"),
    )


def downgrade() -> None:
    op.drop_table("failed_covers")
