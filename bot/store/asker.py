"""What decides how a member is answered where they ask, read at once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, exists, literal, select

from bot.store.database import TableStore
from bot.store.guild_settings import GuildSettings, guild_settings_from
from bot.store.preferences import Preferences, preferences_from
from bot.store.privacy import Switches, switches_from
from bot.store.tables import guild_settings, links, participants, preferences, switches


@dataclass(frozen=True, slots=True)
class Asker:
    """A member who asks, and the server where they ask."""

    preferences: Preferences
    switches: Switches
    settings: GuildSettings
    """The server's; those of a server that has chosen none where it was asked outside of one."""
    participant: bool
    """Whether they are a participant of the server and not thought to have left it."""
    takes_part: bool
    """Whether they take part in the server's suggestions, by their word or else by the server's.

    Members who have not used the bot there count as members who just did.
    """
    link_news: bool
    """Whether a link of theirs is paused that they have not heard of yet, see `LinkStore.paused_news`."""


class AskerStore(TableStore):
    """Members and servers together."""

    async def find(self, user_id: int, guild_id: int | None) -> Asker:
        """Read what is kept about a member and about the server, if any, where they ask; in one statement."""
        asked = select(
            literal(user_id, BigInteger).label("user_id"), literal(guild_id, BigInteger).label("guild_id")
        ).subquery("asked")
        there = (participants.c.guild_id == asked.c.guild_id) & (participants.c.user_id == asked.c.user_id)
        paused = exists().where((links.c.user_id == asked.c.user_id) & (links.c.state == "paused"))
        query = select(
            preferences.c.titles,
            preferences.c.wishes,
            switches.c["compare"],
            switches.c.remember_filters,
            switches.c.show_scores,
            guild_settings,
            participants.c.joined_at,
            participants.c.left_at,
            participants.c.takes_part,
            paused.label("link_news"),
        ).select_from(
            asked.outerjoin(preferences, preferences.c.user_id == asked.c.user_id)
            .outerjoin(switches, switches.c.user_id == asked.c.user_id)
            .outerjoin(guild_settings, guild_settings.c.guild_id == asked.c.guild_id)
            .outerjoin(participants, there)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().one()
        settings, chosen = guild_settings_from(row), row[participants.c.takes_part]
        return Asker(
            preferences=preferences_from(row),
            switches=switches_from(row),
            settings=settings,
            participant=row[participants.c.joined_at] is not None and row[participants.c.left_at] is None,
            takes_part=settings.participation == "opt-out" if chosen is None else chosen,
            link_news=row["link_news"],
        )
