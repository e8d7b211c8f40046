"""A language of titles never chosen is NULL: the server's holds. Schedules say why a pick was skipped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# SQLite makes the table anew, and would lose the check if it had to find it out itself.
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
    # 'both' was also written for those who only had filters remembered; what they see stays the same where
    # the server has not chosen.
    op.execute("UPDATE preferences SET titles = NULL WHERE titles = 'both' AND wishes IS NOT NULL")


def downgrade() -> None:
    op.drop_column("schedules", "why_skipped")
    op.execute("UPDATE preferences SET titles = 'both' WHERE titles IS NULL")
    with op.batch_alter_table("preferences", copy_from=_BEFORE) as table:
        table.alter_column("titles", existing_type=sa.String(10), nullable=False)
