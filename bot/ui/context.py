"""Context of a request: the member who asked, the server, what may be shown there, and the display."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.errors import MemberError
from bot.privacy import as_others_read
from bot.store import Asker, Titles
from bot.ui.embeds import Display
from hakken import Anime
from hakken.recommend.recommender import Member

if TYPE_CHECKING:
    from bot.client import HakkenBot, Interaction


_UNLESS_CHOSEN: Titles = "both"
_EXTRA = "context"


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks and where, and how to answer them."""

    user_id: int
    guild_id: int | None
    """The server where they ask, see `server_of`."""
    age_restricted: bool
    """Whether they ask in an age-restricted channel."""
    adult: bool
    """Whether 18+ may be shown here: in age-restricted channels of servers that do not forbid it."""
    display: Display
    asker: Asker
    """What the member and the server have chosen."""

    def shows_scores(self, *, only_me: bool) -> bool:
        """Return whether the answer may name the member's scores: only they read it, or they allow it."""
        return only_me or self.asker.switches.show_scores

    def as_answered(self, member: Member, *, only_me: bool) -> Member:
        """Return the member's profile as the answer may be computed from it, see `as_others_read`."""
        return member if self.shows_scores(only_me=only_me) else as_others_read(member)


async def context_of(interaction: Interaction) -> Context:
    """Return the context of an interaction. Only the first call reads it; later calls return the same."""
    kept: Context | None = interaction.extras.get(_EXTRA)
    if kept is not None:
        return kept
    client, user_id, guild_id = interaction.client, interaction.user.id, server_of(interaction)
    asker = await client.store.askers.find(user_id, guild_id)
    restricted = age_restricted(interaction)
    adult = restricted and asker.settings.adult
    titles = asker.preferences.titles or asker.settings.titles or _UNLESS_CHOSEN
    context = Context(
        user_id=user_id,
        guild_id=guild_id,
        age_restricted=restricted,
        adult=adult,
        display=display_with(client, titles, adult=adult),
        asker=asker,
    )
    interaction.extras[_EXTRA] = context
    return context


async def member_of(interaction: Interaction) -> Member:
    """Return the member's profile: ratings, and what they or their list say of anime without a score."""
    return await interaction.client.store.profiles.of_member(interaction.user.id)


def server_of(interaction: discord.Interaction) -> int | None:
    """Return the id of the server where the command was used, if the bot itself is installed there.

    If only the member has installed the bot, the server has not asked for it, so nothing is stored about it.
    """
    return interaction.guild_id if interaction.is_guild_integration() else None


def age_restricted(interaction: Interaction) -> bool:
    """Return whether the interaction is in an age-restricted channel of a server."""
    return is_age_restricted(interaction.channel)


def is_age_restricted(channel: object) -> bool:
    """Return whether a channel is an age-restricted one of a server."""
    if isinstance(
        channel, discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
    ):
        return channel.is_nsfw()
    return False


async def allows_adult(interaction: Interaction) -> bool:
    """Return whether 18+ may be shown here: in age-restricted channels of servers that do not forbid it."""
    return age_restricted(interaction) and (await context_of(interaction)).adult


async def check_adult(interaction: Interaction, anime: Anime) -> bool:
    """Return whether 18+ may be shown here.

    Raises:
        MemberError: it may not, and the anime is 18+.
    """
    adult = await allows_adult(interaction)
    if anime.adult and not adult and age_restricted(interaction):
        raise MemberError("This anime counts as 18+, and this server doesn't show 18+ anime.")
    if anime.adult and not adult:
        raise MemberError("This anime counts as 18+. Ask me about it in an age-restricted channel.")
    return adult


async def display_of(interaction: Interaction) -> Display:
    """Return the display that the member has chosen, or else the server's."""
    return (await context_of(interaction)).display


async def display_of_server(client: HakkenBot, guild_id: int, channel: object) -> Display:
    """Return the display for messages that everyone in a channel of a server reads."""
    settings = await client.store.guild_settings.of_guild(guild_id)
    adult = settings.adult and is_age_restricted(channel)
    return display_with(client, settings.titles or _UNLESS_CHOSEN, adult=adult)


def display_with(client: HakkenBot, titles: Titles, *, adult: bool) -> Display:
    """Return the display with these titles and covers that work; 18+ anime are named only if they may be."""
    return Display(client.recommender.catalogue, titles, client.covers.of, adult)
