"""`/surprise`: one hidden gem, and a button for another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import discord
import numpy as np
from discord import app_commands
from discord.ext import commands

from bot.client import Interaction
from bot.cogs.recommend.filters import combined, nothing_fits, still_remembered, with_ecchi_decided
from bot.cogs.recommend.intros import FILTERS_ON, surprise_intro
from bot.ui.buttons import Button, OwnerItem
from bot.ui.context import context_of, member_of
from bot.ui.custom_ids import USER, CustomId, Field
from bot.ui.feedback import feedback_row
from bot.ui.recommend_embed import ON_AVERAGE, PREDICTED, pick_embed, pick_facts

_REMEMBERED = 6
"""Number of last surprises that are not shown again: a custom id has room for no more."""
_SHOWN: Field[Sequence[int]] = Field(
    r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,5}",
    lambda text: tuple(map(int, text.split("."))),
    lambda shown: ".".join(map(str, shown)),
)
"""The last surprises."""


class SurpriseCog(commands.Cog):
    """The command for an anime that a member would not have found."""

    @app_commands.command()
    async def surprise(self, interaction: Interaction) -> None:
        """Get a hidden gem that you should like."""
        await interaction.response.defer()
        await _show_surprise(interaction, ())


class AnotherButton(OwnerItem[Button], custom_id=CustomId("another", user_id=USER, shown=_SHOWN)):
    """Shows another surprise in place of this one."""

    def __init__(self, user_id: int, shown: Sequence[int]) -> None:
        super().__init__(Button(label="Another", emoji="🎲", row=1), user_id, shown=shown)
        self.shown = tuple(shown)

    async def act(self, interaction: Interaction) -> None:
        """Show a surprise that is none of the last ones."""
        await interaction.response.defer()
        await _show_surprise(interaction, self.shown)


async def _show_surprise(interaction: Interaction, shown: Sequence[int]) -> None:
    client, context, member = interaction.client, await context_of(interaction), await member_of(interaction)
    display, remembered = context.display, context.asker.preferences.filters
    member, scores = context.as_answered(member, only_me=False), context.shows_scores(only_me=False)
    filters = with_ecchi_decided(combined(remembered, adult=context.adult), context, member.ratings)
    unseen = replace(member, dismissed=member.dismissed.union(shown))
    # A new generator, because worker threads must not share one.
    pick = await client.recommender.surprise(unseen, filters, np.random.default_rng())
    if pick is None:
        raise nothing_fits(filters)
    facts = pick_facts(pick, display, adult=filters.adult, scores=scores)
    about_filters = FILTERS_ON if still_remembered(remembered) else ""
    rating = PREDICTED if client.recommender.counting(member.ratings) else ON_AVERAGE
    await interaction.edit_original_response(
        content=surprise_intro(pick, reasons=bool(facts["because"]), about_filters=about_filters),
        embed=pick_embed(facts, display, rating=rating),
        view=_buttons(interaction.user.id, pick.anime_id, shown, member.planned),
    )


def _buttons(user_id: int, anime_id: int, shown: Sequence[int], planned: Collection[int]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for button in feedback_row(user_id, anime_id, planned=anime_id in planned, row=0):
        view.add_item(button)
    return view.add_item(AnotherButton(user_id, (*shown, anime_id)[-_REMEMBERED:]))
