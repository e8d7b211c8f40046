"""Shows the first recommendations, after the last question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cogs.recommend.filters import combined, nothing_fits, still_remembered
from bot.cogs.start.texts import picks_intro
from bot.ui.context import allows_adult, display_of, member_of
from bot.ui.pages import recommendation_body
from bot.ui.paginator import send_pages

if TYPE_CHECKING:
    from bot.client import Interaction

_COUNT = 10
"""As many picks as `/recommend` shows by default."""


async def show_picks(interaction: Interaction) -> None:
    """Answer a deferred interaction as `/recommend` does, and say how sure the picks are."""
    client = interaction.client
    member, look = await member_of(interaction), await display_of(interaction)
    remembered = (await client.store.preferences.of_member(interaction.user.id)).filters
    filters = combined(remembered, adult=await allows_adult(interaction))
    picks = await client.recommender.recommend(member, _COUNT, filters)
    if not picks:  # replaces the last question, which is answered
        await interaction.edit_original_response(content=str(nothing_fits(filters)), embed=None, view=None)
        return
    known = client.recommender.known(member.ratings)
    intro = picks_intro(known, client.settings.min_ratings, picks, remembered=still_remembered(remembered))
    body = recommendation_body(intro, picks, look, adult=filters.adult)
    await send_pages(interaction, "recommendation" if known else "popular", body)
