"""`/continue`: the next parts of series that a member has begun."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.client import Interaction
from bot.errors import MemberError
from bot.ui.context import context_of
from bot.ui.pages import continuation_body
from bot.ui.paginator import send_pages


class ContinueCog(commands.Cog):
    """The command for the next parts of series that a member liked."""

    @app_commands.command(name="continue")
    @app_commands.describe(
        count="How many (default: 8)",
        only_me="Only you see the answer, which then names your scores",
    )
    async def continue_(
        self,
        interaction: Interaction,
        count: Range[int, 1, 25] = 8,
        only_me: bool = False,  # noqa: FBT001, FBT002  # a command option
    ) -> None:
        """See what comes next in series that you liked."""
        await interaction.response.defer(ephemeral=only_me)
        context, client = await context_of(interaction), interaction.client
        profile = await client.store.profiles.with_plans(context.user_id)
        scores = context.shows_scores(only_me=only_me)
        member = context.as_answered(profile.member, only_me=only_me)
        following = await client.recommender.continuations(
            member, count, adult=context.adult, ecchi=context.asker.settings.ecchi
        )
        if not following:
            raise MemberError(
                "I found no next part of a series that you liked. `/rate` what you have seen, then try again."
            )
        body = continuation_body(
            "Series that you haven't finished:", following, context.display, scores=scores
        )
        await send_pages(interaction, "continuation", body, plans=profile.plans)
