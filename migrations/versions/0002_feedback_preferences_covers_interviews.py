"""Feedback of members (planned, dismissed, seen); their preferences; covers; interviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
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
        "feedback",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("anime_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(20), nullable=True),
        _moment("given_at"),
        sa.CheckConstraint("kind IN ('planned', 'dismissed', 'seen')", name=op.f("ck_feedback_kind")),
        sa.CheckConstraint(
            "reason IN ('not for me', 'no time', 'wrong order', 'seen elsewhere')",
            name=op.f("ck_feedback_reason"),
        ),
        sa.CheckConstraint("(kind = 'dismissed') = (reason IS NOT NULL)", name=op.f("ck_feedback_reasoned")),
        _member_of("feedback"),
        sa.PrimaryKeyConstraint("user_id", "anime_id", name="pk_feedback"),
    )
    op.create_table(
        "preferences",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("titles", sa.String(10), nullable=False),
        sa.Column("wishes", sa.Text(), nullable=True),
        sa.CheckConstraint("titles IN ('romaji', 'english', 'both')", name=op.f("ck_preferences_titles")),
        _member_of("preferences"),
        sa.PrimaryKeyConstraint("user_id", name="pk_preferences"),
    )
    op.create_table(
        "covers",
        sa.Column("anime_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("url", sa.String(2048), nullable=True),
        _moment("asked_at"),
        sa.CheckConstraint(
            "(url LIKE 'http://%' OR url LIKE 'https://%') AND length(url) <= 2048",
            name=op.f("ck_covers_url"),
        ),
        sa.PrimaryKeyConstraint("anime_id", name="pk_covers"),
    )
    op.create_table(
        "interviews",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        _moment("at"),
        _member_of("interviews"),
        sa.PrimaryKeyConstraint("user_id", name="pk_interviews"),
    )


def downgrade() -> None:
    for table in ("interviews", "covers", "preferences", "feedback"):
        op.drop_table(table)
