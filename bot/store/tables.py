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
    Column("checked_at", Instant),
    Column("left_at", Instant),
)
"""Who uses the bot in which server; NULL takes part as the server's setting says.

When it was last checked that they are still in the server, and when it was noticed that they are not.
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
    ),
    Column("wishes", Text),
)
"""How members want to be answered; titles are NULL where they never chose.

The wishes are text: what a later version cannot read must not fail.
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
    Column("aggregation", String(30)),
    Column("misery_floor", Float),
    Column("adult", Boolean),
    Column("channel_id", BigInteger),
    Column("time_zone", String(64)),
    Column("titles", String(10)),
)
"""What who manages a server has chosen; NULL is the bot's own default.

Whether members take part unless they say no, or only if they say yes; how picks are made from members'
predictions; whether 18+ is shown in age-restricted channels; where it is announced what was decided; the zone
of the server's times; the language of titles in what everyone there reads.
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
"""Answers of `/suggest` that members can join: for whom they were first made, what was asked and picked."""

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
"""Who was named for a gathering, and who has joined it themselves; NULL has not."""

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
"""Evenings on their way from picks to ratings. What is being sent is claimed first: after a crash it is
looked for in the channel before it is sent again."""

party_hosts = Table(
    "party_hosts",
    metadata,
    Column("party_id", String(22), ForeignKey("parties.party_id", ondelete="CASCADE"), primary_key=True),
    Column(
        "user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), nullable=False, index=True
    ),
)
"""Who leads an evening. Apart, so that an evening goes on when its host is forgotten."""

party_forecasts = Table(
    "party_forecasts",
    metadata,
    Column("party_id", String(22), ForeignKey("parties.party_id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, ForeignKey("members.user_id", ondelete="CASCADE"), primary_key=True),
    Column("anime_id", Integer, primary_key=True, autoincrement=False),
    Column("predicted", Float, nullable=False),
    Column("best", Float, nullable=False),
)
"""What each who is in was predicted to give each answer, and what they would give their own best pick."""

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
"""The fairness ledger: how well what was watched served whom. Ratings 1–10: of their own best pick, forecast
for what was watched, and given to it."""

watched = Table(
    "watched",
    metadata,
    Column("watched_id", String(22), primary_key=True),
    Column("guild_id", BigInteger, nullable=False, index=True),
    Column("anime_id", Integer, nullable=False),
    Column("party_id", String(22), unique=True),
    Column("forecast", Float),
    Column("rated", Float),
    Column("raters", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)
"""What a server has watched together: the means of what was forecast for those who rated it, and of what they
gave; no member's own."""

server_list = Table(
    "server_list",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("anime_id", Integer, primary_key=True, autoincrement=False),
    Column("added_at", Instant, nullable=False),
)
"""What a server wants to watch together."""

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
"""Who wants it."""

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
"""Weekly picks: Monday is 0, 'at' is HH:MM in the server's time zone, and when that is next.

What is being sent is claimed first: after a crash it is looked for in the channel before it is sent again.
"""
