"""Shows the first recommendations, after the last question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cogs.recommend.filters import combined, nothing_fits, still_remembered, with_ecchi_decided
from bot.cogs.start.texts import picks_intro
from bot.ui.context import context_of
from bot.ui.pages import recommendation_body
from bot.ui.paginator import send_pages

if TYPE_CHECKING:
    from bot.client import Interaction

_COUNT = 10
"""As many picks as `/recommend` shows by default."""


async def show_picks(interaction: Interaction) -> None:
    """Answer a deferred interaction as `/recommend` does, and say how sure the picks are."""
    client, context = interaction.client, await context_of(interaction)
    profile = await client.store.profiles.with_plans(context.user_id)
    remembered = context.asker.preferences.filters
    filters = combined(remembered, adult=context.adult)
    filters = with_ecchi_decided(filters, context, profile.member.ratings)
    picks = await client.recommender.recommend(profile.member, _COUNT, filters)
    if not picks:  # replaces the last question, which is answered
        await interaction.edit_original_response(content=str(nothing_fits(filters)), embed=None, view=None)
        return
    counting = client.recommender.counting(profile.member.ratings)
    intro = picks_intro(counting, client.settings.min_ratings, picks, remembered=still_remembered(remembered))
    body = recommendation_body(intro, picks, context.display, adult=filters.adult, scores=True)
    await send_pages(interaction, "recommendation" if counting else "popular", body, plans=profile.plans)
