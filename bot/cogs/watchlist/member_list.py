"""The menus and buttons of a list.

Their custom ids hold all they need, and each press reads the list again: they never show outdated entries,
and still work after a restart, at any time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.cogs.watchlist.embeds import detail, list_embed, list_intro
from bot.cogs.watchlist.pages import ListTurnButton, Place, chosen_anime, option, part_of
from bot.store import Feedback, FeedbackKind
from bot.ui.buttons import OwnerItem, Select
from bot.ui.context import allows_adult, display_of
from bot.ui.custom_ids import PAGE, USER, CustomId, Field, one_of, parts
from bot.ui.embeds import Display, named
from bot.ui.feedback import ScoreSelect
from bot.ui.paging import SIDE, Part, turns

if TYPE_CHECKING:
    from bot.client import Interaction

_RATE: Mapping[FeedbackKind, str] = {"planned": "Seen it…", "seen": "Rate it…"}
"""The text of the menu for rating, by the lists that have one."""
_PLACE: Field[Place[FeedbackKind]] = parts(Place, user_id=USER, kind=one_of(FeedbackKind), page=PAGE)


class TakeBackMenu(OwnerItem[Select], custom_id=CustomId("watchlist:back", place=_PLACE)):
    """Removes an entry from the list."""

    def __init__(self, place: Place[FeedbackKind], options: Sequence[discord.SelectOption] = ()) -> None:
        menu = Select(placeholder="Take off this list…", options=[*options], row=0)
        super().__init__(menu, place.user_id, place=place)
        self._place = place

    async def act(self, interaction: Interaction) -> None:
        """Remove the entry, if it is still there, and show the rest."""
        anime_id = chosen_anime(self.item)
        await interaction.response.defer()
        undone = await _take_back(interaction, self._place, anime_id)
        title = named(anime_id, await display_of(interaction))
        news = f"{title} is off this list." if undone else f"{title} was already off this list."
        await show_list(interaction, self._place, news)


class RateMenu(OwnerItem[Select], custom_id=CustomId("watchlist:rate", place=_PLACE)):
    """Asks for a score of an entry; once scored, it leaves the list."""

    def __init__(self, place: Place[FeedbackKind], options: Sequence[discord.SelectOption] = ()) -> None:
        menu = Select(placeholder=_RATE.get(place.kind), options=[*options], row=1)
        super().__init__(menu, place.user_id, place=place)

    async def act(self, interaction: Interaction) -> None:
        """Ask for a score, as the button under a pick does."""
        anime_id = chosen_anime(self.item)
        title = named(anime_id, await display_of(interaction))
        view = discord.ui.View(timeout=None).add_item(ScoreSelect(self.user_id, anime_id))
        await interaction.response.send_message(f"How was {title}?", view=view, ephemeral=True)


class WatchlistTurnButton(
    ListTurnButton[FeedbackKind], custom_id=CustomId("watchlist:turn", side=SIDE, place=_PLACE)
):
    """Turns to another page."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page."""
        await interaction.response.defer()
        await show_list(interaction, self.place)


WATCHLIST_ITEMS = (TakeBackMenu, RateMenu, WatchlistTurnButton)
"""Items to register, so that presses work after a restart."""


async def show_list(interaction: Interaction, place: Place[FeedbackKind], news: str = "") -> None:
    """Answer the owner's deferred interaction with a page of their list as it is now, below the news."""
    listed, display = await _listed(interaction, place), await display_of(interaction)
    part = part_of(listed, place.page, display.catalogue, adult=await allows_adult(interaction))
    await interaction.edit_original_response(
        content="\n".join(line for line in (news, list_intro(place.kind, part)) if line),
        embed=list_embed(part, display) if part.entries else None,
        view=_controls(replace(place, page=part.page), part, display) if part.entries else None,
    )


async def _listed(interaction: Interaction, place: Place[FeedbackKind]) -> list[Feedback]:
    store = interaction.client.store
    if place.kind == "planned":  # plans from linked and imported lists count, too
        return await store.plans.listed(place.user_id)
    return [one for one in await store.feedback.listed(place.user_id) if one.kind == place.kind]


async def _take_back(interaction: Interaction, place: Place[FeedbackKind], anime_id: int) -> bool:
    store = interaction.client.store
    if place.kind == "planned":
        return await store.plans.drop(place.user_id, anime_id)
    return await store.feedback.undo(place.user_id, anime_id, place.kind)


def _controls(place: Place[FeedbackKind], part: Part[Feedback], display: Display) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    options = [option(entry.anime_id, detail(entry, display), display) for entry in part.entries]
    view.add_item(TakeBackMenu(place, options))
    known = [one for one in options if int(one.value) in display.catalogue]
    if known and place.kind in _RATE:
        view.add_item(RateMenu(place, known))
    for side, page, disabled in turns(part.page, part.last):
        view.add_item(WatchlistTurnButton(side, replace(place, page=page), disabled=disabled))
    return view
