"""Members' lists, imports and links; participation; servers that removed the bot."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATUSES = "status IN ('completed', 'watching', 'on hold', 'dropped', 'planned')"


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _date(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=True)


def _user_id() -> sa.Column[int]:
    return sa.Column("user_id", sa.BigInteger(), nullable=False)


def _anime_id() -> sa.Column[int]:
    return sa.Column("anime_id", sa.Integer(), autoincrement=False, nullable=False)


def _member_of(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["members.user_id"], name=f"fk_{table}_user_id", ondelete="CASCADE"
    )


def upgrade() -> None:
    op.add_column("participants", sa.Column("takes_part", sa.Boolean(), nullable=True))
    _make_lists()
    _make_imports()
    _make_links()
    op.create_table(
        "switches",
        _user_id(),
        sa.Column("compare", sa.Boolean(), nullable=False),
        sa.Column("remember_filters", sa.Boolean(), nullable=False),
        _member_of("switches"),
        sa.PrimaryKeyConstraint("user_id", name="pk_switches"),
    )
    op.create_table(
        "guild_settings",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("participation", sa.String(10), nullable=False),
        sa.CheckConstraint(
            "participation IN ('opt-out', 'opt-in')", name=op.f("ck_guild_settings_participation")
        ),
        sa.PrimaryKeyConstraint("guild_id", name="pk_guild_settings"),
    )
    op.create_table(
        "departed_guilds",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        _moment("left_at"),
        sa.PrimaryKeyConstraint("guild_id", name="pk_departed_guilds"),
    )


def _make_lists() -> None:
    op.create_table(
        "list_entries",
        _user_id(),
        _anime_id(),
        sa.Column("status", sa.String(10), nullable=True),
        _date("started"),
        _date("finished"),
        sa.Column("source", sa.String(20), nullable=False),
        _moment("updated_at"),
        sa.CheckConstraint(_STATUSES, name=op.f("ck_list_entries_status")),
        _member_of("list_entries"),
        sa.PrimaryKeyConstraint("user_id", "anime_id", name="pk_list_entries"),
    )


def _make_imports() -> None:
    op.create_table(
        "imports",
        sa.Column("import_id", sa.String(22), nullable=False),
        _user_id(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        _moment("at"),
        sa.Column("rated", sa.Integer(), nullable=False),
        sa.Column("rescored", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        _member_of("imports"),
        sa.PrimaryKeyConstraint("import_id", name="pk_imports"),
        sa.UniqueConstraint("user_id", "number", name="uq_imports_user_id"),
    )
    op.create_table(
        "import_changes",
        sa.Column("import_id", sa.String(22), nullable=False),
        _anime_id(),
        sa.Column("after_score", sa.SmallInteger(), nullable=True),
        sa.Column("before_score", sa.SmallInteger(), nullable=True),
        sa.Column("before_score_source", sa.String(20), nullable=True),
        _moment("before_rated_at", nullable=True),
        sa.Column("before_feedback", sa.String(10), nullable=True),
        _moment("before_given_at", nullable=True),
        sa.Column("after_status", sa.String(10), nullable=True),
        _date("after_started"),
        _date("after_finished"),
        sa.Column("before_status", sa.String(10), nullable=True),
        _date("before_started"),
        _date("before_finished"),
        sa.Column("before_status_source", sa.String(20), nullable=True),
        _moment("before_updated_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.import_id"], name="fk_import_changes_import_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "anime_id", name="pk_import_changes"),
    )
    op.create_table(
        "pending_imports",
        sa.Column("pending_id", sa.String(22), nullable=False),
        _user_id(),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        _moment("expires_at"),
        _member_of("pending_imports"),
        sa.PrimaryKeyConstraint("pending_id", name="pk_pending_imports"),
    )
    op.create_index("ix_pending_imports_user_id", "pending_imports", ["user_id"])
    op.create_index("ix_pending_imports_expires_at", "pending_imports", ["expires_at"])


def _make_links() -> None:
    op.create_table(
        "links",
        _user_id(),
        sa.Column("site", sa.String(20), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        _moment("last_synced_at", nullable=True),
        _moment("next_sync_at"),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("known", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("site IN ('anilist', 'myanimelist')", name=op.f("ck_links_site")),
        sa.CheckConstraint("state IN ('active', 'paused', 'told')", name=op.f("ck_links_state")),
        _member_of("links"),
        sa.PrimaryKeyConstraint("user_id", "site", name="pk_links"),
    )
    op.create_index("ix_links_next_sync_at", "links", ["next_sync_at"])


def downgrade() -> None:
    for table in (
        "departed_guilds",
        "guild_settings",
        "switches",
        "links",
        "pending_imports",
        "import_changes",
        "imports",
        "list_entries",
    ):
        op.drop_table(table)
    op.drop_column("participants", "takes_part")
