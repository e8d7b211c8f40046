"""A never chosen title language is NULL (the server's applies); schedules store why a pick was skipped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# SQLite recreates the table, and would lose the check constraint if it had to detect it itself.
_BEFORE = sa.Table(
    "preferences",
    sa.MetaData(),
    sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column("titles", sa.String(10), nullable=False),
    sa.Column("wishes", sa.Text()),
    sa.CheckConstraint(
        "titles IN ('romaji', 'english', 'both')", name=sa.schema.conv("ck_preferences_titles")
    ),
    sa.ForeignKeyConstraint(
        ["user_id"], ["members.user_id"], name="fk_preferences_user_id", ondelete="CASCADE"
    ),
    sa.PrimaryKeyConstraint("user_id", name="pk_preferences"),
)


def upgrade() -> None:
    op.add_column("schedules", sa.Column("why_skipped", sa.Text()))
    with op.batch_alter_table("preferences", copy_from=_BEFORE) as table:
        table.alter_column("titles", existing_type=sa.String(10), nullable=True)
    # 'both' was also written for members who only had filters remembered. For them nothing changes unless the
    # server has chosen a language.
    op.execute("UPDATE preferences SET titles = NULL WHERE titles = 'both' AND wishes IS NOT NULL")


def downgrade() -> None:
    op.drop_column("schedules", "why_skipped")
    op.execute("UPDATE preferences SET titles = 'both' WHERE titles IS NULL")
    with op.batch_alter_table("preferences", copy_from=_BEFORE) as table:
        table.alter_column("titles", existing_type=sa.String(10), nullable=False)
