"""Feedback buttons under a pick: seen it, plan to watch, not for me, and undo.

Their whole state is in their custom ids, so they work after a restart and forever.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Literal

import discord

from bot.errors import MemberError
from bot.store import DismissReason, FeedbackKind
from bot.ui.buttons import Button, OwnerItem, Select, chosen
from bot.ui.context import display_of
from bot.ui.custom_ids import ANIME, USER, CustomId, Field, one_of
from bot.ui.embeds import named
from bot.ui.rated import keep_rating
from hakken import Anime

if TYPE_CHECKING:
    from bot.client import Interaction

Act = Literal["seen", "plan", "unplan", "dismiss"]

_LABELS: Mapping[Act, str] = {
    "seen": "Seen it",
    "plan": "Plan",
    "unplan": "Planned ✓",
    "dismiss": "Not for me",
}
_REASONS: Mapping[DismissReason, str] = {
    "not for me": "Not for me",
    "no time": "No time for it",
    "wrong order": "Wrong order: something else comes first",
    "seen elsewhere": "Seen it elsewhere",
}
SCORES = [str(score) for score in range(10, 0, -1)]
"""The scores of a menu, the best first."""
_NOT_RATED = "seen"
_NUMBER: Field[int | None] = Field(
    "[0-9]{0,3}",
    lambda text: int(text) if text else None,
    lambda number: "" if number is None else str(number),
)
"""The pick's number among several; empty if it is the only one."""


class FeedbackButton(
    OwnerItem[Button],
    custom_id=CustomId("feedback", act=one_of(Act), user_id=USER, anime_id=ANIME, number=_NUMBER),
):
    """One of the buttons under a pick."""

    def __init__(
        self, act: Act, user_id: int, anime_id: int, number: int | None = None, *, row: int | None = None
    ) -> None:
        super().__init__(Button(row=row), user_id, act=act, anime_id=anime_id, number=number)
        self.anime_id, self.number = anime_id, number
        self._become(act)

    async def act(self, interaction: Interaction) -> None:
        """Do what the button says."""
        match self._act:
            case "seen":
                await self._ask_for_score(interaction)
            case "plan":
                await self._plan(interaction)
            case "unplan":
                await interaction.client.store.feedback.undo(self.user_id, self.anime_id, "planned")
                await self._show_as(interaction, "plan")
            case "dismiss":
                await self._dismiss(interaction)

    def _become(self, act: Act) -> None:
        self._act: Act = act
        label = _LABELS[act]
        self.item.label = label if self.number is None else f"{self.number} {label}"
        self.item.style = discord.ButtonStyle.success if act == "unplan" else discord.ButtonStyle.secondary
        self.custom_id = self.ID.write(
            act=act, user_id=self.user_id, anime_id=self.anime_id, number=self.number
        )

    async def _ask_for_score(self, interaction: Interaction) -> None:
        anime = _known(interaction, self.anime_id)
        title = named(anime.anime_id, await display_of(interaction))
        view = discord.ui.View(timeout=None).add_item(ScoreSelect(self.user_id, self.anime_id))
        await interaction.response.send_message(f"How was {title}?", view=view, ephemeral=True)

    async def _plan(self, interaction: Interaction) -> None:
        _known(interaction, self.anime_id)
        store = interaction.client.store.feedback
        await store.plan(self.user_id, self.anime_id, at=discord.utils.utcnow())
        await self._show_as(interaction, "unplan")

    async def _dismiss(self, interaction: Interaction) -> None:
        anime = _known(interaction, self.anime_id)
        title = named(anime.anime_id, await display_of(interaction))
        store = interaction.client.store.feedback
        # Stored at once, because many members will not give a reason.
        await store.dismiss(self.user_id, self.anime_id, "not for me", at=discord.utils.utcnow())
        view = discord.ui.View(timeout=None)
        view.add_item(ReasonSelect(self.user_id, self.anime_id))
        view.add_item(UndoFeedbackButton("dismissed", self.user_id, self.anime_id))
        sentence = f"I won't suggest {title} again."
        await interaction.response.send_message(sentence, view=view, ephemeral=True)

    async def _show_as(self, interaction: Interaction, act: Act) -> None:
        """Turn into another button, and leave the message's other buttons unchanged."""
        self._become(act)
        view = self.view
        if view is None:  # discord.py gives a pressed button the view of its message
            return
        view.stop()  # discord.py need not keep the view: its buttons are found by their ids
        await interaction.response.edit_message(view=view)


class ScoreSelect(OwnerItem[Select], custom_id=CustomId("feedback:score", user_id=USER, anime_id=ANIME)):
    """A menu to rate an anime, or to say that it was seen."""

    def __init__(self, user_id: int, anime_id: int) -> None:
        options = [discord.SelectOption(label=score, value=score) for score in SCORES]
        options.append(discord.SelectOption(label="Seen, not rated", value=_NOT_RATED))
        super().__init__(
            Select(placeholder="Your score, from 10 (masterpiece) to 1 (appalling)", options=options),
            user_id,
            anime_id=anime_id,
        )
        self.anime_id = anime_id

    async def act(self, interaction: Interaction) -> None:
        """Store the score; the menu stays, so that a slip can be corrected."""
        anime = _known(interaction, self.anime_id)
        choice = chosen(self.item, [*SCORES, _NOT_RATED])
        await interaction.response.defer()
        view = discord.ui.View(timeout=None).add_item(ScoreSelect(self.user_id, self.anime_id))
        if choice == _NOT_RATED:
            view.add_item(UndoFeedbackButton("seen", self.user_id, self.anime_id))
            sentence = await self._keep_seen(interaction)
            await interaction.edit_original_response(content=sentence, embed=None, view=view)
        else:
            embed = await keep_rating(interaction, anime, int(choice), source="button")
            await interaction.edit_original_response(content=None, embed=embed, view=view)

    async def _keep_seen(self, interaction: Interaction) -> str:
        store, title = interaction.client.store, named(self.anime_id, await display_of(interaction))
        await store.feedback.seen(self.user_id, self.anime_id, at=discord.utils.utcnow())
        before = await store.ratings.unrate(self.user_id, self.anime_id)
        if before is None:
            return f"{title} is marked as seen."
        return f"{title} is marked as seen. I removed your rating of {before}."


class ReasonSelect(OwnerItem[Select], custom_id=CustomId("feedback:reason", user_id=USER, anime_id=ANIME)):
    """A menu for the reason why an anime should not be suggested again."""

    def __init__(self, user_id: int, anime_id: int) -> None:
        options = [discord.SelectOption(label=label, value=why) for why, label in _REASONS.items()]
        menu = Select(placeholder="Why? (optional)", options=options)
        super().__init__(menu, user_id, anime_id=anime_id)
        self.anime_id = anime_id

    async def act(self, interaction: Interaction) -> None:
        """Store the reason."""
        anime = _known(interaction, self.anime_id)
        reason = chosen(self.item, _REASONS)
        title = named(anime.anime_id, await display_of(interaction))
        store = interaction.client.store.feedback
        await store.dismiss(self.user_id, self.anime_id, reason, at=discord.utils.utcnow())
        view = discord.ui.View(timeout=None).add_item(
            UndoFeedbackButton("dismissed", self.user_id, self.anime_id)
        )
        await interaction.response.edit_message(
            content=f"I won't suggest {title} again. Your reason: {_REASONS[reason]}.", view=view
        )


class UndoFeedbackButton(
    OwnerItem[Button],
    custom_id=CustomId(
        "feedback:undo", kind=one_of(Literal["dismissed", "seen"]), user_id=USER, anime_id=ANIME
    ),
):
    """Undoes feedback on an anime, unless it has been replaced since."""

    def __init__(self, kind: FeedbackKind, user_id: int, anime_id: int) -> None:
        super().__init__(Button(label="Undo"), user_id, kind=kind, anime_id=anime_id)
        self.kind: FeedbackKind = kind
        self.anime_id = anime_id

    async def act(self, interaction: Interaction) -> None:
        """Delete the feedback, and replace the message with a confirmation."""
        title = named(self.anime_id, await display_of(interaction))
        undone = await interaction.client.store.feedback.undo(self.user_id, self.anime_id, self.kind)
        sentence = f"Undone for {title}." if undone else f"There is nothing left to undo for {title}."
        await interaction.response.edit_message(content=sentence, embed=None, view=None)


FEEDBACK_ITEMS = (FeedbackButton, ScoreSelect, ReasonSelect, UndoFeedbackButton)
"""Items that the bot must register to answer presses after a restart."""


def feedback_row(
    user_id: int, anime_id: int, number: int | None = None, *, planned: bool = False, row: int | None = None
) -> list[FeedbackButton]:
    """Return the buttons under one pick: 'Seen it', 'Plan' or 'Planned ✓', 'Not for me'.

    The number is the pick's in its message, if there are several.
    """
    acts: tuple[Act, ...] = ("seen", "unplan" if planned else "plan", "dismiss")
    return [FeedbackButton(act, user_id, anime_id, number, row=row) for act in acts]


def add_feedback(
    view: discord.ui.View, user_id: int, picks: Mapping[int, int], planned: Collection[int]
) -> None:
    """Add a row of buttons for each of at most five picks, anime ids by number."""
    for row, (number, anime_id) in enumerate(picks.items()):
        for button in feedback_row(user_id, anime_id, number, planned=anime_id in planned, row=row):
            view.add_item(button)


def _known(interaction: Interaction, anime_id: int) -> Anime:
    anime = interaction.client.recommender.catalogue.get(anime_id)
    if anime is None:
        raise MemberError("I don't know this anime any more. Run the command again for fresh picks.")
    return anime
