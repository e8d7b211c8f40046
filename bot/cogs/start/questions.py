"""The questions of `/start`, their menus and buttons.

Their custom ids hold all they need, and each press reads the member's progress again: they work after a
restart, at any time, and no question is answered twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import discord

from bot.cogs.start.picks import show_picks
from bot.cogs.start.progress import InterviewProgress, standing
from bot.cogs.start.texts import BETWEEN_ROUNDS, NOTHING_LEFT, STOPPED, question_text
from bot.errors import MemberError
from bot.ui.buttons import Button, OwnerItem, Select, chosen
from bot.ui.context import display_of, member_of
from bot.ui.custom_ids import ANIME, USER, CustomId, one_of
from bot.ui.embeds import anime_embed, named
from bot.ui.feedback import SCORES

if TYPE_CHECKING:
    from bot.client import Interaction

Step = Literal["stop", "on", "again"]

_LABELS: Mapping[Step, str] = {"stop": "Stop", "on": "Go on", "again": "Ask again about skipped anime"}
_COVERS_AHEAD = 2


class ScoreMenu(OwnerItem[Select], custom_id=CustomId("start:score", user_id=USER, anime_id=ANIME)):
    """Answers a question with a score."""

    def __init__(self, user_id: int, anime_id: int) -> None:
        super().__init__(
            Select(
                placeholder="Your score, from 10 (masterpiece) to 1 (appalling)",
                options=[discord.SelectOption(label=score) for score in SCORES],
                row=0,
            ),
            user_id,
            anime_id=anime_id,
        )
        self.anime_id = anime_id

    async def act(self, interaction: Interaction) -> None:
        """Keep the score, and ask the next question."""
        score = int(chosen(self.item, SCORES))
        await interaction.response.defer()
        before, ratings = await _open(interaction, self.anime_id), interaction.client.store.ratings
        now = discord.utils.utcnow()
        await ratings.rate(self.user_id, self.anime_id, score, source="start", at=now)
        await _ask_on(interaction, before, self.anime_id, score)


class NotSeenButton(OwnerItem[Button], custom_id=CustomId("start:unseen", user_id=USER, anime_id=ANIME)):
    """Skips a question."""

    def __init__(self, user_id: int, anime_id: int) -> None:
        super().__init__(Button(label="Not seen", row=1), user_id, anime_id=anime_id)
        self.anime_id = anime_id

    async def act(self, interaction: Interaction) -> None:
        """Ask the next question."""
        await interaction.response.defer()
        before = await _open(interaction, self.anime_id)
        await _ask_on(interaction, before, self.anime_id, None)


class StepButton(OwnerItem[Button], custom_id=CustomId("start", step=one_of(Step), user_id=USER)):
    """Stops or continues the interview, or asks the skipped questions again."""

    def __init__(self, step: Step, user_id: int) -> None:
        super().__init__(Button(label=_LABELS[step], row=1), user_id, step=step)
        self.step = step

    async def act(self, interaction: Interaction) -> None:
        """Do what the button says."""
        await interaction.response.defer()
        if self.step == "stop":
            view = _view(StepButton("on", self.user_id))
            await interaction.edit_original_response(content=STOPPED, embed=None, view=view)
            return
        now = await standing_of(interaction)
        if self.step == "again" and not now.ahead:
            await interaction.client.store.interviews.end(self.user_id)
            now = await standing_of(interaction)
        if now.ahead:
            await ask(interaction, now.next_round() if now.over else now)
        else:
            await offer(interaction, now)


START_ITEMS = (ScoreMenu, NotSeenButton, StepButton)
"""Items to register, so that presses work after a restart."""


async def standing_of(interaction: Interaction) -> InterviewProgress:
    """Get the acting member's progress in the interview."""
    client = interaction.client
    begun = await client.store.interviews.of_member(interaction.user.id)
    asked = begun.asked if begun else ()
    return standing(client.recommender.questions, asked, await member_of(interaction))


async def ask(interaction: Interaction, now: InterviewProgress, news: str = "") -> None:
    """Answer a deferred interaction with the next question, below the news of the last one."""
    display, user_id = await display_of(interaction), interaction.user.id
    this, *later = (display.catalogue.anime(one) for one in now.ahead[: 1 + _COVERS_AHEAD])
    for anime in later:
        display.cover(anime)  # fetch it in the background, so it is ready in time
    await interaction.edit_original_response(
        content=question_text(now, news),
        embed=anime_embed(this, display, ""),
        view=_view(
            ScoreMenu(user_id, this.anime_id),
            NotSeenButton(user_id, this.anime_id),
            StepButton("stop", user_id),
        ),
    )


async def offer(interaction: Interaction, now: InterviewProgress) -> None:
    """Answer a deferred interaction between rounds, or after the last, with the next steps."""
    step: Step | None = "on" if now.ahead else "again" if now.passed else None
    await interaction.edit_original_response(
        content=BETWEEN_ROUNDS if now.ahead else NOTHING_LEFT,
        embed=None,
        view=_view(StepButton(step, interaction.user.id)) if step else None,
    )


async def _ask_on(
    interaction: Interaction, before: InterviewProgress, anime_id: int, score: int | None
) -> None:
    """Record that this anime was asked; then ask the next question or, after the last, show picks."""
    interviews, user_id = interaction.client.store.interviews, interaction.user.id
    await interviews.keep(user_id, (*before.asked, anime_id), at=discord.utils.utcnow())
    now = await standing_of(interaction)
    if now.over:
        await show_picks(interaction)
    else:
        title = named(anime_id, await display_of(interaction))
        news = f"You haven't seen {title}." if score is None else f"You gave {title} **{score}**."
        await ask(interaction, now, news)


async def _open(interaction: Interaction, anime_id: int) -> InterviewProgress:
    """Get the member's progress, if the question about this anime is still open."""
    now = await standing_of(interaction)
    if anime_id in now.asked:
        raise MemberError("You already answered this one. `/start` goes on; `/rate` changes a score.")
    if anime_id not in now.ahead:
        raise MemberError("I no longer ask about this one. `/start` goes on with the next one.")
    return now


def _view(*items: discord.ui.Item[Any]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view
