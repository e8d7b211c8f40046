"""Rating an anime, wherever in the bot it happens: what is kept, and what the member reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.ui.context import allows_adult, display_of
from bot.ui.embeds import COLOUR, Display, titled_embed
from hakken import Anime

if TYPE_CHECKING:
    from bot.client import Interaction


async def keep_rating(interaction: Interaction, anime: Anime, score: int, *, source: str) -> discord.Embed:
    """Keep the score of the member who acts, and say what changed and what was expected.

    Args:
        interaction: the member's; answered by the caller.
        anime: what they rate.
        score: 1–10.
        source: where the rating came from, as the store keeps it.

    Returns:
        The anime with the answer; see `answer_embed`.
    """
    client, member = interaction.client, interaction.user.id
    others = await client.store.ratings.of_member(member)
    others.pop(anime.anime_id, None)
    expected = await client.recommender.predict(others, anime.anime_id)
    before = await client.store.ratings.rate(
        member, anime.anime_id, score, source=source, at=discord.utils.utcnow()
    )
    lines = [_changed(before, score)]
    if expected is not None:
        lines.append(f"I had expected {expected:.1f}.")
    lines.append(f"You have rated {len(others) + 1:,} anime.")
    return answer_embed(
        anime, await display_of(interaction), " ".join(lines), adult=await allows_adult(interaction)
    )


def answer_embed(anime: Anime, look: Display, text: str, *, adult: bool) -> discord.Embed:
    """An anime that a member has named, with an answer.

    Args:
        anime: what it is about.
        look: how it is shown.
        text: the answer.
        adult: whether 18+ may be shown; if not, such an anime's answer has neither its title nor its cover.
    """
    if anime.adult and not adult:
        return discord.Embed(description=text, colour=COLOUR)
    return titled_embed(anime, look, text)


def _changed(before: int | None, score: int) -> str:
    if before is None:
        return f"Rated **{score}**."
    if before == score:
        return f"Still **{score}**."
    return f"Changed from {before} to **{score}**."
