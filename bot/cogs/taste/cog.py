"""`/compare` and `/lend`: two members' tastes."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Interaction
from bot.cogs.taste.consent import called, two_who_agree
from bot.cogs.taste.embeds import compare_description, compare_embed, lend_embed
from bot.errors import MemberError
from bot.ui.chart_thread import ChartRenderer
from bot.ui.charts import Rater, taste_picture
from bot.ui.context import allows_adult, display_of
from bot.ui.embeds import picture_file
from hakken.groups.affinity import LEAST_COMMON, LOVED, SHOWN, Affinity
from hakken.recommend.recommender import Member

_LENT = 10


class TasteCog(commands.Cog):
    """Commands that compare two members' tastes; only the asker sees the answer."""

    def __init__(self, charts: ChartRenderer) -> None:
        self.charts = charts

    async def cog_unload(self) -> None:
        """Close the chart renderer."""
        self.charts.close()

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.describe(member="Who: you must both allow it in /privacy")
    async def compare(self, interaction: Interaction, member: discord.User) -> None:
        """See how alike your taste and another member's are. Only you see it."""
        await interaction.response.defer(ephemeral=True)
        friend, adult = called(member), await allows_adult(interaction)
        refusal = (
            f"I can compare you with **{friend}** once both of you allow it in `/privacy` "
            f"and have rated {LEAST_COMMON} anime in common."
        )
        own, theirs = await two_who_agree(interaction, member, refusal)
        alike = await interaction.client.recommender.compare(own, theirs, adult=adult)
        if alike is None:
            raise MemberError(refusal)
        drawn = await self._draw(alike, interaction.user, member, own, theirs)
        picture = picture_file(drawn, "tastes.png", compare_description(alike, friend))
        embed = compare_embed(alike, friend, await display_of(interaction))
        await interaction.edit_original_response(
            embed=embed.set_image(url=picture.uri), attachments=[picture]
        )

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.describe(member="Who: you must both allow it in /privacy")
    async def lend(self, interaction: Interaction, member: discord.User) -> None:
        """Find what you loved and another member should see. Only you see it."""
        await interaction.response.defer(ephemeral=True)
        friend = called(member)
        refusal = (
            f"I can find what to lend **{friend}** once both of you let others compare in `/privacy`, "
            "because the answer shows what they haven't seen."
        )
        own, theirs = await two_who_agree(interaction, member, refusal)
        adult = await allows_adult(interaction)
        loans = await interaction.client.recommender.lend(own, theirs, _LENT, adult=adult)
        if not loans:
            raise MemberError(
                f"Among the anime you gave {LOVED} or more, I found nothing new for **{friend}**. "
                "`/rate` more of what you love."
            )
        await interaction.edit_original_response(
            embed=lend_embed(loans, friend, await display_of(interaction))
        )

    async def _draw(
        self,
        alike: Affinity,
        asker: discord.abc.User,
        friend: discord.abc.User,
        own: Member,
        theirs: Member,
    ) -> bytes:
        return await self.charts.draw(
            taste_picture,
            _rater(asker, own),
            _rater(friend, theirs),
            [(round(each.one), round(each.other)) for each in alike.common],
            [(round(each.one), round(each.other)) for each in alike.differ(SHOWN)],
        )


def _rater(user: discord.abc.User, known: Member) -> Rater:
    return Rater(user.display_name, [round(score) for score in known.ratings.values()])
