"""Stores a rating from anywhere in the bot, and answers the member."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.ui.context import allows_adult, display_of
from bot.ui.embeds import COLOUR, Display, titled_embed
from hakken import Anime
from hakken.recommend.recommender import Member
from hakken.recommend.shown_ratings import shown_rating

if TYPE_CHECKING:
    from bot.client import Interaction


async def keep_rating(interaction: Interaction, anime: Anime, score: int, *, source: str) -> discord.Embed:
    """Store the member's score, and return the anime with the answer: what changed, and what was expected."""
    client, member = interaction.client, interaction.user.id
    others = await client.store.ratings.of_member(member)
    others.pop(anime.anime_id, None)
    expected = await client.recommender.explain(Member(others), anime.anime_id)
    before = await client.store.ratings.rate(
        member, anime.anime_id, score, source=source, at=discord.utils.utcnow()
    )
    lines = [_changed(before, score)]
    if expected is not None:
        lines.append(f"I expected {shown_rating(expected.predicted, expected.confidence)}.")
    lines.append(f"You have rated {len(others) + 1:,} anime.")
    return answer_embed(
        anime, await display_of(interaction), " ".join(lines), adult=await allows_adult(interaction)
    )


def answer_embed(anime: Anime, display: Display, text: str, *, adult: bool) -> discord.Embed:
    """Show an anime with an answer; an 18+ anime has no title and no cover where 18+ may not be shown."""
    if anime.adult and not adult:
        return discord.Embed(description=text, colour=COLOUR)
    return titled_embed(anime, display, text)


def _changed(before: int | None, score: int) -> str:
    if before is None:
        return f"You rated it **{score}**."
    if before == score:
        return f"Your rating stays **{score}**."
    return f"Your rating went from {before} to **{score}**."
