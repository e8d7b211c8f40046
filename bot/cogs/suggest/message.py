"""The message that shows a group's picks and lets members join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import discord

from bot.client import HakkenBot
from bot.cogs.suggest.embeds import Audience, intro, pick_bodies, pick_embeds
from bot.cogs.suggest.join_button import JoinButton
from bot.cogs.suggest.picking import Suggested
from bot.cogs.suggest.request import Ask
from bot.store import KeptSuggestion
from bot.ui.buttons import Button
from bot.ui.custom_ids import KEY, CustomId

LIFETIME = timedelta(days=2)
"""How long members can join."""
BEGIN_ID = CustomId("party:begin", suggestion_id=KEY)
WEEKLY = "**This week's picks**"
"""Heading of the picks that `/schedule` posts."""
_INVITATION = "Press **I'm in**, and I pick again for everyone who did."


@dataclass(frozen=True, slots=True)
class ShownSuggestion:
    """A message, ready to be sent."""

    content: str
    embeds: list[discord.Embed]


async def begin_suggestion(
    client: HakkenBot,
    guild_id: int,
    channel_id: int,
    suggested: Suggested,
    ask: Ask,
    *,
    named: Sequence[int] | None,
    lifetime: timedelta = LIFETIME,
) -> str:
    """Keep picks so that members can join.

    Args:
        client: the bot.
        guild_id: the server.
        channel_id: where they are shown.
        suggested: the picks.
        ask: what was asked for.
        named: the members they are for; None for the whole server.
        lifetime: how long members can join.

    Returns:
        The suggestion's id.
    """
    now = discord.utils.utcnow()
    return await client.store.suggestions.begin(
        guild_id,
        channel_id,
        "server" if named is None else "named",
        named or (),
        ask.model_dump(mode="json"),
        pick_bodies(suggested.suggestion),
        at=now,
        expires_at=now + lifetime,
    )


def shown(audience: Audience, suggested: Suggested) -> ShownSuggestion:
    """Make the message that shows picks to the members they are for."""
    text = intro(audience, suggested.suggestion, suggested.aggregation)
    bodies = pick_bodies(suggested.suggestion)
    return ShownSuggestion(
        f"{text}\n{_INVITATION}", pick_embeds(bodies, suggested.suggestion.members, suggested.display)
    )


def suggestion_view(suggestion_id: str) -> discord.ui.View:
    """Make the buttons of a suggestion that nobody has joined yet: join, and vote on the picks."""
    view = discord.ui.View(timeout=None)
    view.add_item(JoinButton(suggestion_id))
    view.add_item(begin_button(suggestion_id))
    view.stop()  # buttons find their classes by their ids; discord.py need not remember them
    return view


def begin_button(suggestion_id: str) -> Button:
    """Make the button that begins a watch party with these picks; watchparty's `BeginButton` answers it."""
    custom_id = BEGIN_ID.write(suggestion_id=suggestion_id)
    return Button(label="Vote on these", emoji="🗳️", custom_id=custom_id)


async def whose(client: HakkenBot, suggestion: KeptSuggestion) -> tuple[Audience, list[int] | None]:
    """Get whom a suggestion is for now, with ids: those who joined, or those it was first made for."""
    suggestions = client.store.suggestions
    if joined := await suggestions.joined(suggestion.suggestion_id):
        return "joined", joined
    if suggestion.whom == "named":
        return "named", await suggestions.named(suggestion.suggestion_id)
    return "server", None
