"""The tables. `migrations/` makes them; a test holds the two against each other."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
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
)
"""Who uses the bot in which server."""

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
