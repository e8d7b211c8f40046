"""The database tables. `migrations/` creates them; a test compares the two."""

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
    Float,
    ForeignKey,
    ForeignKeyConstraint,
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
    """A time in UTC; in Python it always has its time zone, whatever the database returns."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert to UTC; a time without a zone is refused, because it is ambiguous."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert from UTC; SQLite returns it without the zone."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


members = Table(
    "members",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("first_seen", Instant, nullable=False),
)
"""Everyone with any stored data; deleting a member deletes that data."""

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
    Column("checked_at", Instant),
    Column("left_at", Instant),
)
"""Members who use the bot in a server; NULL in 'takes_part' means the server's setting.

'checked_at' is when their membership was last checked, 'left_at' when they were found to have left.
"""

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
"""Paged answers, stored while their buttons work."""

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
"""Members' feedback on anime without a score; for each anime only the latest."""

preferences = Table(
    "preferences",
    metadata,
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column(
        "titles",
        String(10),
        CheckConstraint("titles IN ('romaji', 'english', 'both')", name="titles"),
    ),
    Column("wishes", Text),
)
"""Members' preferences; titles are NULL if they never chose.

The filters ('wishes') are text, so that filters a later version cannot read do not cause an error.
"""

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
"""Addresses of covers that the catalogue lacks; NULL if AniList has none either."""

failed_covers = Table(
    "failed_covers",
    metadata,
    Column("url", String(2048), CheckConstraint("length(url) <= 2048", name="url"), primary_key=True),
    Column("failed_at", Instant, nullable=False),
)
"""Addresses of covers that failed: they are not shown again for a week."""

interviews = Table(
    "interviews",
    metadata,
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column("asked", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)
"""Members' progress in `/start`."""

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
"""Members' progress with anime, from their imported lists; scores are in `ratings`."""

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
"""Imported lists, numbered for each member, so that two at the same time have an order."""

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
"""The changes of an import, needed to undo it. Unchanged values are NULL in `after_…`, missing rows are NULL
in `before_…`."""

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
"""Lists that were read and wait for the member's confirmation."""

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
"""Lists on other sites that are synced; 'told' means paused, and the member has been notified.

'known' is the list as it was last read: only differences from it are imported.
"""

switches = Table(
    "switches",
    metadata,
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column("compare", Boolean, nullable=False),
    Column("remember_filters", Boolean, nullable=False),
    Column("show_scores", Boolean),
)
"""Members' privacy switches; 'show_scores' is NULL if they chose another before it existed."""

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
    Column("aggregation", String(30)),
    Column("misery_floor", Float),
    Column("adult", Boolean),
    Column("channel_id", BigInteger),
    Column("time_zone", String(64)),
    Column("titles", String(10)),
    Column("ecchi", Boolean),
)
"""Server settings; NULL is the bot's default.

Whether members take part unless they opt out, or only if they opt in; how members' predictions are combined
into picks; whether 18+ is shown in age-restricted channels; the channel for announcing decisions; the time
zone; the title language of messages that everyone reads; whether ecchi is recommended.
"""

departed_guilds = Table(
    "departed_guilds",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("left_at", Instant, nullable=False),
)
"""Servers that have removed the bot."""

gatherings = Table(
    "gatherings",
    metadata,
    Column("gathering_id", String(22), primary_key=True),
    Column("guild_id", BigInteger, nullable=False, index=True),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger),
    Column(
        "whom",
        String(10),
        CheckConstraint("whom IN ('server', 'named')", name="whom"),
        nullable=False,
    ),
    Column("ask", JSON, nullable=False),
    Column("picks", JSON, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)
"""Suggestions of `/suggest` that members can join: first group, request and picks."""

gathering_members = Table(
    "gathering_members",
    metadata,
    Column(
        "gathering_id",
        String(22),
        ForeignKey("gatherings.gathering_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column("joined_at", Instant),
)
"""Members who were named for a suggestion, or joined it; NULL in 'joined_at' means only named."""

parties = Table(
    "parties",
    metadata,
    Column("party_id", String(22), primary_key=True),
    Column("guild_id", BigInteger, nullable=False, index=True),
    Column("channel_id", BigInteger, nullable=False),
    Column("gathering_id", String(22), nullable=False, unique=True),
    Column(
        "stage",
        String(10),
        CheckConstraint(
            "stage IN ('picks', 'vote', 'decided', 'planned', 'rating', 'over', 'called off')", name="stage"
        ),
        nullable=False,
    ),
    Column("answers", JSON, nullable=False),
    Column("poll_message_id", BigInteger),
    Column("poll_ends_at", Instant),
    Column("anime_id", Integer),
    Column("event_id", BigInteger),
    Column("starts_at", Instant),
    Column("rating_message_id", BigInteger),
    Column("next_at", Instant, index=True),
    Column("sending", String(20)),
    Column("sending_since", Instant),
    Column("why_over", Text),
    Column("begun_at", Instant, nullable=False),
)
"""Watch parties, from picks to ratings. A message is claimed before it is sent: after a crash the bot looks
for it in the channel before it sends it again."""

party_hosts = Table(
    "party_hosts",
    metadata,
    Column("party_id", String(22), ForeignKey("parties.party_id", ondelete="CASCADE"), primary_key=True),
    Column(
        "user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), nullable=False, index=True
    ),
)
"""Hosts of watch parties, in a separate table, so that a party goes on when its host's data is deleted."""

party_forecasts = Table(
    "party_forecasts",
    metadata,
    Column("party_id", String(22), ForeignKey("parties.party_id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column("anime_id", Integer, primary_key=True, autoincrement=False),
    Column("predicted", Float, nullable=False),
    Column("best", Float, nullable=False),
)
"""Each participant's predicted rating of each answer, and of their own best pick."""

served = Table(
    "served",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column("party_id", String(22), primary_key=True),
    Column("anime_id", Integer, nullable=False),
    Column("best", Float, nullable=False),
    Column("forecast", Float, nullable=False),
    Column("score", SmallInteger, CheckConstraint("score BETWEEN 1 AND 10", name="score")),
    Column("at", Instant, nullable=False),
)
"""The fairness ledger: how well each watch party served each member. Ratings 1–10: predicted for their own
best pick ('best') and for the watched anime ('forecast'), and given to it ('score')."""

watched = Table(
    "watched",
    metadata,
    Column("watched_id", String(22), primary_key=True),
    Column("guild_id", BigInteger, nullable=False, index=True),
    Column("anime_id", Integer, nullable=False),
    Column("party_id", String(22), unique=True),
    Column("forecast", Float),
    Column("at", Instant, nullable=False),
)
"""Anime that a server has watched together, and the mean forecast for it where enough members were there."""

published_means = Table(
    "published_means",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("anime_id", Integer, primary_key=True, autoincrement=False),
    Column("mean", Float, nullable=False),
    Column("raters", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)
"""The mean scores that a server's members may read."""

published_changes = Table(
    "published_changes",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("anime_id", Integer, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
)
"""Members who were part of the last change of a published mean; it only changes again because of others."""

server_list = Table(
    "server_list",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("anime_id", Integer, primary_key=True, autoincrement=False),
    Column("added_at", Instant, nullable=False),
)
"""A server's shared watch list."""

server_list_votes = Table(
    "server_list_votes",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("anime_id", Integer, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column("at", Instant, nullable=False),
    ForeignKeyConstraint(
        ["guild_id", "anime_id"],
        ["server_list.guild_id", "server_list.anime_id"],
        name="fk_server_list_votes_anime",
        ondelete="CASCADE",
    ),
)
"""Members' votes on their server's list."""

schedules = Table(
    "schedules",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "weekday", SmallInteger, CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"), nullable=False
    ),
    Column("at", String(5), nullable=False),
    Column("next_at", Instant, nullable=False, index=True),
    Column("sending_since", Instant),
    Column("posted_at", Instant),
    Column("skipped_at", Instant),
    Column("why_skipped", Text),
)
"""Weekly picks: Monday is 0, 'at' is HH:MM in the server's time zone, 'next_at' is the next such time.

A message is claimed before it is sent: after a crash the bot looks for it in the channel before it sends it
again.
"""
