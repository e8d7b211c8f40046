"""A server's choice whether ecchi is recommended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("guild_settings", sa.Column("ecchi", sa.Boolean()))


def downgrade() -> None:
    op.drop_column("guild_settings", "ecchi")
