"""Buttons that turn the pages of an answer: only for who asked, for a while, also after a restart."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.errors import LOST_CONNECTION
from bot.ui.buttons import Button, PublicItem
from bot.ui.context import allows_adult, display_with
from bot.ui.custom_ids import PAGE, CustomId, token
from bot.ui.feedback import add_feedback
from bot.ui.pages import RENDERERS, Body, Page
from bot.ui.paging import SIDE, turning, turns

if TYPE_CHECKING:
    from bot.client import Interaction

log = logging.getLogger(__name__)

OUT_OF_TIME = "These buttons expired. Run the command again."


class PageButton(
    PublicItem[Button], custom_id=CustomId("page", side=SIDE, answer_id=token(1, 64), page=PAGE)
):
    """Turns to a page. Its state is in its id and in the database, so it works after a restart."""

    def __init__(self, side: str, answer_id: str, page: int, *, disabled: bool = False) -> None:
        super().__init__(turning(side, disabled=disabled), side=side, answer_id=answer_id, page=page)
        self.answer_id = answer_id
        self.page = page

    async def answer(self, interaction: Interaction) -> None:
        """Show the page to its owner; tell others kindly that the buttons are not theirs."""
        store = interaction.client.store
        answer = await store.answers.find(self.answer_id, at=discord.utils.utcnow())
        if answer is None:
            await interaction.response.edit_message(view=_without_page_buttons(interaction.message))
            await interaction.followup.send(OUT_OF_TIME, ephemeral=True)
        elif answer.user_id != interaction.user.id:
            await interaction.response.send_message(
                "Only the member who asked can turn these pages. Run the command yourself to get your own.",
                ephemeral=True,
            )
        else:
            page = await render(interaction, answer.kind, answer.body, self.page)
            # The view that was sent first has the timeout; this one only holds the buttons of the new page.
            view = discord.ui.View(timeout=None)
            kept = await store.feedback.of_member(answer.user_id)
            _add_picks(view, answer.user_id, page, kept.planned)
            _add_page_buttons(view, answer.answer_id, page)
            await interaction.response.edit_message(content=page.content, embeds=page.embeds, view=view)


class _Buttons(discord.ui.View):
    """The buttons as first sent; at the timeout it removes the page buttons, whichever page is shown."""

    def __init__(self, interaction: Interaction, lifetime: timedelta) -> None:
        super().__init__(timeout=lifetime.total_seconds())
        self._interaction = interaction

    async def on_timeout(self) -> None:
        try:
            message = await self._interaction.original_response()
            await self._interaction.edit_original_response(view=_without_page_buttons(message))
        except LOST_CONNECTION as error:
            log.info("buttons out of time could not be taken away: %s", error)


async def render(interaction: Interaction, kind: str, body: Body, page: int) -> Page:
    """One page of a kept answer; a number beyond the last page shows the last."""
    display = display_with(interaction.client, body["titles"], adult=await allows_adult(interaction))
    return RENDERERS[kind](body, page, display)


async def send_pages(interaction: Interaction, kind: str, body: Body, *, plans: Collection[int] = ()) -> None:
    """Answer a deferred interaction with the first page, with buttons for its picks and for more pages.

    The kind is one of `RENDERERS`; plans are the anime that the member planned here.
    """
    client = interaction.client
    page = await render(interaction, kind, body, 0)
    lifetime, now = timedelta(minutes=client.settings.buttons_minutes), discord.utils.utcnow()
    view = discord.ui.View(timeout=None) if page.last == 0 else _Buttons(interaction, lifetime)
    _add_picks(view, interaction.user.id, page, plans)
    if page.last > 0:
        answer_id = await client.store.answers.keep(
            interaction.user.id, kind, body, at=now, expires_at=now + lifetime
        )
        _add_page_buttons(view, answer_id, page)
    await interaction.edit_original_response(
        content=page.content, embeds=page.embeds, view=view if view.children else None
    )


def _add_picks(view: discord.ui.View, user_id: int, page: Page, plans: Collection[int]) -> None:
    if page.picks:
        add_feedback(view, user_id, page.picks, plans)


def _add_page_buttons(view: discord.ui.View, answer_id: str, page: Page) -> None:
    for side, number, disabled in turns(page.number, page.last):
        view.add_item(PageButton(side, answer_id, number, disabled=disabled))


def _without_page_buttons(message: discord.Message | None) -> discord.ui.View | None:
    """Return the message's other buttons; None if it has no others."""
    if message is None:
        return None
    view = discord.ui.View.from_message(message, timeout=None)
    for item in view.children:
        if isinstance(item, discord.ui.Button) and (item.custom_id or "").startswith("page:"):
            view.remove_item(item)
    view.stop()  # discord.py need not keep the view: its buttons are found by their ids
    return view if view.children else None
