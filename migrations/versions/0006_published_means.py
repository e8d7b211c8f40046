"""Published means, no scores in the history, and the switch for showing one's own scores."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "published_means",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("anime_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mean", sa.Float(), nullable=False),
        sa.Column("raters", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "anime_id", name="pk_published_means"),
    )
    op.create_table(
        "published_changes",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("anime_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["members.user_id"], name="fk_published_changes_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guild_id", "anime_id", "user_id", name="pk_published_changes"),
    )
    op.add_column("switches", sa.Column("show_scores", sa.Boolean()))
    # A mean of few exact scores can be worked back to a single one.
    op.execute("UPDATE watched SET forecast = NULL WHERE raters BETWEEN 1 AND 2")
    op.drop_column("watched", "rated")
    op.drop_column("watched", "raters")


def downgrade() -> None:
    op.add_column("watched", sa.Column("raters", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("watched", sa.Column("rated", sa.Float()))
    op.drop_column("switches", "show_scores")
    op.drop_table("published_changes")
    op.drop_table("published_means")
