"""The preview of a list: its menu and its buttons.

Their custom ids and the database hold all they need, so they survive a restart. Each press works out the
list's changes again, so ratings given in the meantime count.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import discord
from pydantic import ValidationError

from bot.cogs.importing.embeds import (
    choice_embed,
    choice_text,
    nothing_new_text,
    preview_embed,
    question_text,
    taken_text,
)
from bot.cogs.importing.plan import Choice, Plan, changes, plan
from bot.cogs.importing.proposal import NONE_OF_THESE, Proposal
from bot.errors import MemberError
from bot.lists import ReadList, Unsure
from bot.ui.buttons import Button, OwnerItem, Select
from bot.ui.context import allows_adult, display_of
from bot.ui.custom_ids import USER, CustomId, Field, one_of, token
from bot.ui.embeds import Display, clip, facts_line

if TYPE_CHECKING:
    from bot.client import Interaction

Act = Literal["take", "mine", "theirs", "cancel"]

_LABELS: Mapping[Act, str] = {
    "take": "Take it",
    "mine": "Keep mine",
    "theirs": "Take theirs",
    "cancel": "Cancel",
}
_CHOICES: Mapping[Act, Choice] = {"take": "keep mine", "mine": "keep mine", "theirs": "take theirs"}
"""If the preview showed no differing scores, a score given since is newer and stays."""
_OPTION_LIMIT = 100
"""Discord's limit in characters for a menu's option."""
_PENDING, _ANSWERS = token(1, 32), Field("[0-5]{0,25}", str)
_LIFETIME = timedelta(hours=1)
CANCELLED = "Cancelled. I saved nothing."
NO_CHOICE = "That choice doesn't exist. Choose one from the list."
CHOOSE_FIRST = "First answer the question about the whole list."
OVER = "This list expired or is already done. Run `/import` again."


class TitleMenu(
    OwnerItem[Select],
    custom_id=CustomId("import:title", user_id=USER, pending_id=_PENDING, answers=_ANSWERS),
):
    """Asks which anime a title means."""

    def __init__(
        self, user_id: int, pending_id: str, answers: str, options: list[discord.SelectOption] | None = None
    ) -> None:
        super().__init__(
            Select(placeholder="Which anime is it?", options=options or [], row=0),
            user_id,
            pending_id=pending_id,
            answers=answers,
        )
        self._pending_id, self._answers = pending_id, answers

    async def act(self, interaction: Interaction) -> None:
        """Keep the answer in the buttons' ids, and ask about the next title."""
        await interaction.response.defer()
        proposal = await _waiting(interaction, self._pending_id)
        question = proposal.question(self._answers)
        options = [] if question is None else _values(question)
        if len(self.item.values) != 1 or self.item.values[0] not in options:
            raise MemberError(NO_CHOICE)
        await _show(interaction, self._pending_id, proposal, self._answers + self.item.values[0])


class ChoiceButton(
    OwnerItem[Button],
    custom_id=CustomId("import:choice", user_id=USER, pending_id=_PENDING, answers=_ANSWERS),
):
    """Answers the question about the whole list."""

    def __init__(self, user_id: int, pending_id: str, answers: str, label: str | None = None) -> None:
        button = Button(label=label, style=discord.ButtonStyle.primary, row=0)
        super().__init__(button, user_id, pending_id=pending_id, answers=answers)
        self._pending_id, self._answers = pending_id, answers

    async def act(self, interaction: Interaction) -> None:
        """Show the preview with this answer."""
        await interaction.response.defer()
        proposal = await _waiting(interaction, self._pending_id)
        if not (proposal.choices and proposal.chosen(self._answers)):
            raise MemberError(NO_CHOICE)
        await _show(interaction, self._pending_id, proposal, self._answers)


class ActButton(
    OwnerItem[Button],
    custom_id=CustomId("import", act=one_of(Act), user_id=USER, pending_id=_PENDING, answers=_ANSWERS),
):
    """Takes the list, or cancels."""

    def __init__(self, act: Act, user_id: int, pending_id: str, answers: str) -> None:
        plain = act in ("mine", "cancel")
        style = discord.ButtonStyle.secondary if plain else discord.ButtonStyle.success
        button = Button(label=_LABELS[act], style=style, row=1)
        super().__init__(button, user_id, act=act, pending_id=pending_id, answers=answers)
        self._act, self._pending_id, self._answers = act, pending_id, answers

    async def act(self, interaction: Interaction) -> None:
        """Do what the button says."""
        await interaction.response.defer()
        proposal = await _waiting(interaction, self._pending_id)
        if self._act == "cancel":
            await interaction.client.store.imports.drop_pending(self._pending_id)
            text = CANCELLED
        else:
            if not proposal.chosen(self._answers):
                raise MemberError(CHOOSE_FIRST)
            read = await asyncio.to_thread(proposal.answered, self._answers)
            text = await self._take(interaction, read, _CHOICES[self._act])
        await interaction.edit_original_response(content=text, embed=None, view=None)

    async def _take(self, interaction: Interaction, read: ReadList, choice: Choice) -> str:
        """Keep what the member chose, and say what was kept."""
        at, now = discord.utils.utcnow(), await planned(interaction, read)
        taken = await interaction.client.store.imports.take(
            self.user_id, read.kind, changes(now, choice), at=at, pending_id=self._pending_id
        )
        if taken is None:
            raise MemberError(OVER)
        return taken_text(taken, len(now.changed) if choice == "keep mine" else 0)


IMPORT_ITEMS = (TitleMenu, ChoiceButton, ActButton)
"""Items to register, so that presses work after a restart."""


async def offer(interaction: Interaction, read: ReadList) -> None:
    """Answer a deferred interaction with the preview of a list and its buttons.

    Args:
        interaction: of the list's owner; only they may see its answer.
        read: the list.
    """
    client, now = interaction.client, discord.utils.utcnow()
    proposal = Proposal.of(read, client.recommender.catalogue, adult=await allows_adult(interaction))
    body = await asyncio.to_thread(proposal.to_body)
    pending_id = await client.store.imports.keep_pending(
        interaction.user.id, read.kind, body, at=now, expires_at=now + _LIFETIME
    )
    await _show(interaction, pending_id, proposal, "")


async def planned(interaction: Interaction, read: ReadList) -> Plan:
    """Work out what a list would change for the acting member now."""
    store, user_id = interaction.client.store, interaction.user.id
    ratings, entries = await store.ratings.of_member(user_id), await store.list_entries.of_member(user_id)
    return await asyncio.to_thread(plan, read, ratings, entries, interaction.client.recommender.catalogue)


async def _waiting(interaction: Interaction, pending_id: str) -> Proposal:
    """Get the acting member's waiting list; if it is gone, remove the buttons and raise."""
    pending = await interaction.client.store.imports.find_pending(pending_id, at=discord.utils.utcnow())
    if pending is None or pending.user_id != interaction.user.id:
        await interaction.edit_original_response(view=None)
        raise MemberError(OVER)
    try:
        return await asyncio.to_thread(Proposal.from_body, pending.body)
    except ValidationError:  # kept by another version
        await interaction.edit_original_response(view=None)
        raise MemberError(OVER) from None


async def _show(interaction: Interaction, pending_id: str, proposal: Proposal, answers: str) -> None:
    """Answer a deferred interaction with the preview after these answers."""
    if not proposal.chosen(answers):
        await _ask_choice(interaction, pending_id, proposal)
        return
    read = await asyncio.to_thread(proposal.answered, answers)
    found = await planned(interaction, read)
    question = next(iter(read.unsure), None)
    if found.nothing_new and question is None:
        await interaction.client.store.imports.drop_pending(pending_id)
        text = nothing_new_text(found, read)
        await interaction.edit_original_response(content=text, embed=None, view=None)
        return
    display, adult = await display_of(interaction), await allows_adult(interaction)
    view, user_id = discord.ui.View(timeout=None), interaction.user.id
    if question is not None:
        view.add_item(TitleMenu(user_id, pending_id, answers, _options(question, display)))
    for act in _acts(found):
        view.add_item(ActButton(act, user_id, pending_id, answers))
    asked = len(proposal.read.unsure)
    await interaction.edit_original_response(
        content=question_text(question, proposal.number(answers), asked) if question else None,
        embed=preview_embed(found, read, proposal.unasked, display, adult=adult),
        view=view,
    )


async def _ask_choice(interaction: Interaction, pending_id: str, proposal: Proposal) -> None:
    """Answer a deferred interaction with the question about the whole list."""
    display, adult = await display_of(interaction), await allows_adult(interaction)
    view, user_id = discord.ui.View(timeout=None), interaction.user.id
    for number, label in enumerate(proposal.choices, 1):
        view.add_item(ChoiceButton(user_id, pending_id, str(number), label))
    view.add_item(ActButton("cancel", user_id, pending_id, ""))
    await interaction.edit_original_response(
        content=choice_text(proposal),
        embed=choice_embed(proposal.read, display, adult=adult),
        view=view,
    )


def _acts(found: Plan) -> tuple[Act, ...]:
    if found.nothing_new:
        return ("cancel",)
    return ("mine", "theirs", "cancel") if found.changed else ("take", "cancel")


def _values(question: Unsure) -> list[str]:
    return [*(str(number) for number, _ in enumerate(question.candidates, 1)), NONE_OF_THESE]


def _options(question: Unsure, display: Display) -> list[discord.SelectOption]:
    choices = [
        (display.title(anime_id), facts_line(display.catalogue.anime(anime_id)))
        for anime_id in question.candidates
    ]
    return [
        discord.SelectOption(
            label=clip(title, _OPTION_LIMIT), value=value, description=clip(facts, _OPTION_LIMIT) or None
        )
        for value, (title, facts) in zip(_values(question), [*choices, ("None of these", "")], strict=True)
    ]
