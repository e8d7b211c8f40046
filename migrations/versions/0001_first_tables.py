"""Members, their ratings, participants of servers, paged answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _member_of(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["members.user_id"], name=f"fk_{table}_user_id", ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "members",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        _moment("first_seen"),
        sa.PrimaryKeyConstraint("user_id", name="pk_members"),
    )
    op.create_table(
        "ratings",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("anime_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        _moment("rated_at"),
        sa.CheckConstraint("score BETWEEN 1 AND 10", name="ck_ratings_score"),
        _member_of("ratings"),
        sa.PrimaryKeyConstraint("user_id", "anime_id", name="pk_ratings"),
    )
    op.create_table(
        "participants",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        _moment("joined_at"),
        _member_of("participants"),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name="pk_participants"),
    )
    op.create_table(
        "answers",
        sa.Column("answer_id", sa.String(22), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        _moment("expires_at"),
        _member_of("answers"),
        sa.PrimaryKeyConstraint("answer_id", name="pk_answers"),
    )
    op.create_index("ix_answers_user_id", "answers", ["user_id"])
    op.create_index("ix_answers_expires_at", "answers", ["expires_at"])


def downgrade() -> None:
    for table in ("answers", "participants", "ratings", "members"):
        op.drop_table(table)
