"""Server features: suggestions, watch parties, the ledger, the shared list, schedules and settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _big(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=nullable)


def _float(name: str, *, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _member_of(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["members.user_id"], name=f"fk_{table}_user_id", ondelete="CASCADE"
    )


def _party_of(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["party_id"], ["parties.party_id"], name=f"fk_{table}_party_id", ondelete="CASCADE"
    )


def upgrade() -> None:
    op.add_column("participants", _moment("checked_at", nullable=True))
    op.add_column("participants", _moment("left_at", nullable=True))
    for column in (
        _text("aggregation", 30, nullable=True),
        _float("misery_floor", nullable=True),
        sa.Column("adult", sa.Boolean(), nullable=True),
        _big("channel_id", nullable=True),
        _text("time_zone", 64, nullable=True),
        _text("titles", 10, nullable=True),
    ):
        op.add_column("guild_settings", column)
    _make_gatherings()
    _make_parties()
    _make_ledger()
    _make_server_list()
    op.create_table(
        "schedules",
        _big("guild_id"),
        _big("channel_id"),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        _text("at", 5),
        _moment("next_at"),
        _moment("sending_since", nullable=True),
        _moment("posted_at", nullable=True),
        _moment("skipped_at", nullable=True),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_schedules_weekday")),
        sa.PrimaryKeyConstraint("guild_id", "channel_id", name="pk_schedules"),
    )
    op.create_index("ix_schedules_next_at", "schedules", ["next_at"])


def _make_gatherings() -> None:
    op.create_table(
        "gatherings",
        _text("gathering_id", 22),
        _big("guild_id"),
        _big("channel_id"),
        _big("message_id", nullable=True),
        _text("whom", 10),
        sa.Column("ask", sa.JSON(), nullable=False),
        sa.Column("picks", sa.JSON(), nullable=False),
        _moment("begun_at"),
        _moment("expires_at"),
        sa.CheckConstraint("whom IN ('server', 'named')", name=op.f("ck_gatherings_whom")),
        sa.PrimaryKeyConstraint("gathering_id", name="pk_gatherings"),
    )
    op.create_index("ix_gatherings_guild_id", "gatherings", ["guild_id"])
    op.create_index("ix_gatherings_expires_at", "gatherings", ["expires_at"])
    op.create_table(
        "gathering_members",
        _text("gathering_id", 22),
        _big("user_id"),
        _moment("joined_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["gathering_id"],
            ["gatherings.gathering_id"],
            name="fk_gathering_members_gathering_id",
            ondelete="CASCADE",
        ),
        _member_of("gathering_members"),
        sa.PrimaryKeyConstraint("gathering_id", "user_id", name="pk_gathering_members"),
    )


def _make_parties() -> None:
    op.create_table(
        "parties",
        _text("party_id", 22),
        _big("guild_id"),
        _big("channel_id"),
        _text("gathering_id", 22),
        _text("stage", 10),
        sa.Column("answers", sa.JSON(), nullable=False),
        _big("poll_message_id", nullable=True),
        _moment("poll_ends_at", nullable=True),
        _integer("anime_id", nullable=True),
        _big("event_id", nullable=True),
        _moment("starts_at", nullable=True),
        _big("rating_message_id", nullable=True),
        _moment("next_at", nullable=True),
        _text("sending", 20, nullable=True),
        _moment("sending_since", nullable=True),
        sa.Column("why_over", sa.Text(), nullable=True),
        _moment("begun_at"),
        sa.CheckConstraint(
            "stage IN ('picks', 'vote', 'decided', 'planned', 'rating', 'over', 'called off')",
            name=op.f("ck_parties_stage"),
        ),
        sa.UniqueConstraint("gathering_id", name="uq_parties_gathering_id"),
        sa.PrimaryKeyConstraint("party_id", name="pk_parties"),
    )
    op.create_index("ix_parties_guild_id", "parties", ["guild_id"])
    op.create_index("ix_parties_next_at", "parties", ["next_at"])
    op.create_table(
        "party_hosts",
        _text("party_id", 22),
        _big("user_id"),
        _party_of("party_hosts"),
        _member_of("party_hosts"),
        sa.PrimaryKeyConstraint("party_id", name="pk_party_hosts"),
    )
    op.create_index("ix_party_hosts_user_id", "party_hosts", ["user_id"])
    op.create_table(
        "party_forecasts",
        _text("party_id", 22),
        _big("user_id"),
        _integer("anime_id"),
        _float("predicted"),
        _float("best"),
        _party_of("party_forecasts"),
        _member_of("party_forecasts"),
        sa.PrimaryKeyConstraint("party_id", "user_id", "anime_id", name="pk_party_forecasts"),
    )


def _make_ledger() -> None:
    op.create_table(
        "served",
        _big("guild_id"),
        _big("user_id"),
        _text("party_id", 22),
        _integer("anime_id"),
        _float("best"),
        _float("forecast"),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        _moment("at"),
        sa.CheckConstraint("score BETWEEN 1 AND 10", name=op.f("ck_served_score")),
        _member_of("served"),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "party_id", name="pk_served"),
    )
    op.create_table(
        "watched",
        _text("watched_id", 22),
        _big("guild_id"),
        _integer("anime_id"),
        _text("party_id", 22, nullable=True),
        _float("forecast", nullable=True),
        _float("rated", nullable=True),
        _integer("raters"),
        _moment("at"),
        sa.UniqueConstraint("party_id", name="uq_watched_party_id"),
        sa.PrimaryKeyConstraint("watched_id", name="pk_watched"),
    )
    op.create_index("ix_watched_guild_id", "watched", ["guild_id"])


def _make_server_list() -> None:
    op.create_table(
        "server_list",
        _big("guild_id"),
        _integer("anime_id"),
        _moment("added_at"),
        sa.PrimaryKeyConstraint("guild_id", "anime_id", name="pk_server_list"),
    )
    op.create_table(
        "server_list_votes",
        _big("guild_id"),
        _integer("anime_id"),
        _big("user_id"),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["guild_id", "anime_id"],
            ["server_list.guild_id", "server_list.anime_id"],
            name="fk_server_list_votes_anime",
            ondelete="CASCADE",
        ),
        _member_of("server_list_votes"),
        sa.PrimaryKeyConstraint("guild_id", "anime_id", "user_id", name="pk_server_list_votes"),
    )


def downgrade() -> None:
    for table in (
        "schedules",
        "server_list_votes",
        "server_list",
        "watched",
        "served",
        "party_forecasts",
        "party_hosts",
        "parties",
        "gathering_members",
        "gatherings",
    ):
        op.drop_table(table)
    for column in ("titles", "time_zone", "channel_id", "adult", "misery_floor", "aggregation"):
        op.drop_column("guild_settings", column)
    op.drop_column("participants", "left_at")
    op.drop_column("participants", "checked_at")
