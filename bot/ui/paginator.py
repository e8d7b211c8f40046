"""Buttons that turn the pages of an answer: only for who asked, for a while, also after a restart."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.errors import LOST_CONNECTION, answer_error
from bot.ui.pages import RENDERERS, Body, Page

if TYPE_CHECKING:
    from bot.client import HakkenBot, Interaction

log = logging.getLogger(__name__)

OUT_OF_TIME = "These buttons have had their time. Ask again for fresh ones."


class PageButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"page:(?P<side>[<>]):(?P<answer>[A-Za-z0-9_-]{1,64}):(?P<page>[0-9]{1,4})",
):
    """Turns to a page. All it must know stands in its id and in the database, so a restart costs nothing."""

    def __init__(self, side: str, answer_id: str, page: int, *, disabled: bool = False) -> None:
        super().__init__(
            discord.ui.Button(
                label="Back" if side == "<" else "More",
                emoji="◀️" if side == "<" else "▶️",
                style=discord.ButtonStyle.secondary,
                custom_id=f"page:{side}:{answer_id}:{page}",
                disabled=disabled,
            )
        )
        self.answer_id = answer_id
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew from its id when it is pressed."""
        return cls(match["side"], match["answer"], int(match["page"]))

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]  # of our own bot
        """Show the page to who asked; tell others kindly that the buttons are not theirs."""
        try:
            await self._turn(interaction)
        except Exception as error:  # noqa: BLE001  # discord.py only logs what a button lets out
            await answer_error(interaction, error)

    async def _turn(self, interaction: Interaction) -> None:
        client = interaction.client
        answer = await client.store.answers.find(self.answer_id, at=discord.utils.utcnow())
        if answer is None:
            await interaction.response.edit_message(view=None)
            await interaction.followup.send(OUT_OF_TIME, ephemeral=True)
        elif answer.user_id != interaction.user.id:
            await interaction.response.send_message(
                "Only the member who asked can turn these pages. Ask yourself, and the answer is yours.",
                ephemeral=True,
            )
        else:
            page = render(client, answer.kind, answer.body, self.page)
            await interaction.response.edit_message(
                content=page.content,
                embeds=page.embeds,
                view=_buttons(answer.answer_id, page),
            )


class _Buttons(discord.ui.View):
    """The buttons as first sent; when their time is up it takes them away, whichever page is shown."""

    def __init__(self, interaction: Interaction, lifetime: timedelta) -> None:
        super().__init__(timeout=lifetime.total_seconds())
        self._interaction = interaction

    async def on_timeout(self) -> None:
        try:
            await self._interaction.edit_original_response(view=None)
        except LOST_CONNECTION as error:
            log.info("buttons out of time could not be taken away: %s", error)


def render(client: HakkenBot, kind: str, body: Body, page: int) -> Page:
    """One page of a kept answer; a number beyond the last page shows the last."""
    return RENDERERS[kind](body, page, client.recommender.catalogue)


async def send_pages(interaction: Interaction, kind: str, body: Body) -> None:
    """Answer a deferred interaction with the first page, with buttons where there are more."""
    client = interaction.client
    page = render(client, kind, body, 0)
    if page.last == 0:
        await interaction.edit_original_response(content=page.content, embeds=page.embeds)
        return
    lifetime, now = timedelta(minutes=client.settings.buttons_minutes), discord.utils.utcnow()
    answer_id = await client.store.answers.keep(
        interaction.user.id, kind, body, at=now, expires_at=now + lifetime
    )
    view = _fill(_Buttons(interaction, lifetime), answer_id, page)
    await interaction.edit_original_response(content=page.content, embeds=page.embeds, view=view)


def _buttons(answer_id: str, page: Page) -> discord.ui.View:
    # The view that was sent first counts the time; this one is only its buttons for another page.
    return _fill(discord.ui.View(timeout=None), answer_id, page)


def _fill(view: discord.ui.View, answer_id: str, page: Page) -> discord.ui.View:
    first, last = page.number == 0, page.number == page.last
    view.add_item(PageButton("<", answer_id, max(page.number - 1, 0), disabled=first))
    view.add_item(PageButton(">", answer_id, min(page.number + 1, page.last), disabled=last))
    return view
