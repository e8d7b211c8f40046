"""The tables. `migrations/` makes them; a test holds the two against each other."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, with its time zone in Python whatever the database gives back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC; a moment without a time zone is refused, for nobody knows when it was."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From UTC; SQLite gives it back without saying so."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


members = Table(
    "members",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("first_seen", Instant, nullable=False),
)
"""Everyone about whom anything is held; what is held goes with them."""

ratings = Table(
    "ratings",
    metadata,
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column("anime_id", Integer, primary_key=True, autoincrement=False),
    Column("score", SmallInteger, CheckConstraint("score BETWEEN 1 AND 10", name="score"), nullable=False),
    Column("source", String(20), nullable=False),
    Column("rated_at", Instant, nullable=False),
)

participants = Table(
    "participants",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column("joined_at", Instant, nullable=False),
    Column("takes_part", Boolean),
)
"""Who uses the bot in which server; NULL takes part as the server's setting says."""

answers = Table(
    "answers",
    metadata,
    Column("answer_id", String(22), primary_key=True),
    Column(
        "user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("kind", String(20), nullable=False),
    Column("body", JSON, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)
"""Paged answers, kept while their buttons work."""

feedback = Table(
    "feedback",
    metadata,
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column("anime_id", Integer, primary_key=True, autoincrement=False),
    Column(
        "kind",
        String(10),
        CheckConstraint("kind IN ('planned', 'dismissed', 'seen')", name="kind"),
        nullable=False,
    ),
    Column(
        "reason",
        String(20),
        CheckConstraint(
            "reason IN ('not for me', 'no time', 'wrong order', 'seen elsewhere')", name="reason"
        ),
    ),
    Column("given_at", Instant, nullable=False),
    CheckConstraint("(kind = 'dismissed') = (reason IS NOT NULL)", name="reasoned"),
)
"""What members said of anime without a score: one word each, the last."""

preferences = Table(
    "preferences",
    metadata,
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column(
        "titles",
        String(10),
        CheckConstraint("titles IN ('romaji', 'english', 'both')", name="titles"),
        nullable=False,
    ),
    Column("wishes", Text),
)
"""How members want to be answered. The wishes are text: what a later version cannot read must not fail."""

covers = Table(
    "covers",
    metadata,
    Column("anime_id", Integer, primary_key=True, autoincrement=False),
    Column(
        "url",
        String(2048),
        CheckConstraint("(url LIKE 'http://%' OR url LIKE 'https://%') AND length(url) <= 2048", name="url"),
    ),
    Column("asked_at", Instant, nullable=False),
)
"""Addresses of covers that the catalogue lacks; NULL where AniList has none either."""

interviews = Table(
    "interviews",
    metadata,
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column("asked", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)
"""How far members have come in `/start`."""

list_entries = Table(
    "list_entries",
    metadata,
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column("anime_id", Integer, primary_key=True, autoincrement=False),
    Column(
        "status",
        String(10),
        CheckConstraint(
            "status IN ('completed', 'watching', 'on hold', 'dropped', 'planned')", name="status"
        ),
    ),
    Column("started", Date),
    Column("finished", Date),
    Column("source", String(20), nullable=False),
    Column("updated_at", Instant, nullable=False),
)
"""How far members are with what, as their lists elsewhere say; scores stand in `ratings`."""

imports = Table(
    "imports",
    metadata,
    Column("import_id", String(22), primary_key=True),
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("source", String(20), nullable=False),
    Column("at", Instant, nullable=False),
    Column("rated", Integer, nullable=False),
    Column("rescored", Integer, nullable=False),
    Column("listed", Integer, nullable=False),
    UniqueConstraint("user_id", "number"),
)
"""Lists that were taken, numbered by member: of two at one moment the later is known."""

import_changes = Table(
    "import_changes",
    metadata,
    Column("import_id", String(22), ForeignKey("imports.import_id", ondelete="CASCADE"), primary_key=True),
    Column("anime_id", Integer, primary_key=True, autoincrement=False),
    Column("after_score", SmallInteger),
    Column("before_score", SmallInteger),
    Column("before_score_source", String(20)),
    Column("before_rated_at", Instant),
    Column("before_feedback", String(10)),
    Column("before_given_at", Instant),
    Column("after_status", String(10)),
    Column("after_started", Date),
    Column("after_finished", Date),
    Column("before_status", String(10)),
    Column("before_started", Date),
    Column("before_finished", Date),
    Column("before_status_source", String(20)),
    Column("before_updated_at", Instant),
)
"""What an import changed, to be undone. What it left as it was is NULL in `after_…`, what was not there in
`before_…`."""

pending_imports = Table(
    "pending_imports",
    metadata,
    Column("pending_id", String(22), primary_key=True),
    Column(
        "user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("source", String(20), nullable=False),
    Column("body", JSON, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)
"""Lists that were read and wait for the member's word."""

links = Table(
    "links",
    metadata,
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column(
        "site",
        String(20),
        CheckConstraint("site IN ('anilist', 'myanimelist')", name="site"),
        primary_key=True,
    ),
    Column("name", String(64), nullable=False),
    Column(
        "state",
        String(10),
        CheckConstraint("state IN ('active', 'paused', 'told')", name="state"),
        nullable=False,
    ),
    Column("last_synced_at", Instant),
    Column("next_sync_at", Instant, nullable=False, index=True),
    Column("failures", Integer, nullable=False),
    Column("last_error", Text),
    Column("known", JSON(none_as_null=True)),
)
"""Lists elsewhere that are kept in step; 'told' is paused, and the member knows it.

What is known is the list as it was when it was last read: only what is no longer so is taken.
"""

switches = Table(
    "switches",
    metadata,
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column("compare", Boolean, nullable=False),
    Column("remember_filters", Boolean, nullable=False),
)
"""What members allow."""

guild_settings = Table(
    "guild_settings",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "participation",
        String(10),
        CheckConstraint("participation IN ('opt-out', 'opt-in')", name="participation"),
        nullable=False,
    ),
)
"""Whether members of a server take part unless they say no, or only if they say yes."""

departed_guilds = Table(
    "departed_guilds",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("left_at", Instant, nullable=False),
)
"""Servers that have removed the bot."""
