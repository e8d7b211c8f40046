"""Makes the buttons of a watch party; the classes that answer them are found by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import discord

from bot.ui.buttons import Button
from bot.ui.custom_ids import KEY, CustomId, Field, one_of

Action = Literal["start", "skip", "end", "event", "rate", "close", "off", "take"]
Hosted = Literal["picks", "vote", "decided", "rating"]
"""The stages at which the host has buttons."""
_LABELS: Mapping[Action, tuple[str, str]] = {
    "start": ("Start the vote", "🗳️"),
    "skip": ("Skip the vote", "⏭️"),
    "end": ("End the vote now", "⏹️"),
    "event": ("Make an event", "📅"),
    "rate": ("Watched: rate it", "⭐"),
    "close": ("Close the ratings", "⏹️"),
    "off": ("Call it off", "✖️"),
    "take": ("Take over", "🤝"),
}
_AT: Mapping[Hosted, tuple[Action, ...]] = {
    "picks": ("start", "skip", "off", "take"),
    "vote": ("end", "off", "take"),
    "decided": ("event", "rate", "off", "take"),
    "rating": ("close", "off", "take"),
}
_PER_ROW = 5
HOST_ID = CustomId("party", action=one_of(Action), party_id=KEY)
SCORE_ID = CustomId("party:score", score=Field("10|[1-9]", int), party_id=KEY)
ABSENT_ID = CustomId("party:absent", party_id=KEY)


def host_button(action: Action, party_id: str) -> Button:
    """Make the button for one action of the host or a moderator."""
    label, emoji = _LABELS[action]
    style = discord.ButtonStyle.primary if action == "start" else discord.ButtonStyle.secondary
    custom_id = HOST_ID.write(action=action, party_id=party_id)
    return Button(label=label, emoji=emoji, style=style, custom_id=custom_id)


def host_buttons(party_id: str, stage: Literal["vote", "decided"]) -> discord.ui.View:
    """Make the host's buttons at a stage."""
    return _with(discord.ui.View(timeout=None), party_id, stage)


def with_host_buttons(message: discord.Message, party_id: str) -> discord.ui.View:
    """Make a view of a message's other buttons and the host's buttons before the vote."""
    return watchparty_view(discord.ui.View.from_message(message, timeout=None), party_id)


def watchparty_view(suggestion: discord.ui.View, party_id: str) -> discord.ui.View:
    """Make a view of a suggestion's buttons, with the host's in place of the one that begins the party."""
    return _with(_others(suggestion), party_id, "picks")


def _others(view: discord.ui.View) -> discord.ui.View:
    others = discord.ui.View(timeout=None)
    for item in view.children:
        if not getattr(item, "custom_id", "").startswith("party:"):
            others.add_item(item)
    others.stop()  # buttons find their classes by their ids; discord.py need not remember them
    return others


def score_button(score: int, party_id: str) -> Button:
    """Make the button that gives the watched anime a score."""
    custom_id = SCORE_ID.write(score=score, party_id=party_id)
    return Button(label=str(score), custom_id=custom_id, row=(score - 1) // _PER_ROW)


def absent_button(party_id: str) -> Button:
    """Make the button for members who were not there."""
    return Button(label="I wasn't there", custom_id=ABSENT_ID.write(party_id=party_id), row=2)


def score_buttons(party_id: str) -> discord.ui.View:
    """Make a view of ten scores, the button for absent members, and the host's buttons."""
    view = discord.ui.View(timeout=None)
    for score in range(1, 11):
        view.add_item(score_button(score, party_id))
    view.add_item(absent_button(party_id))
    return _with(view, party_id, "rating")


def _with(view: discord.ui.View, party_id: str, stage: Hosted) -> discord.ui.View:
    for action in _AT[stage]:
        view.add_item(host_button(action, party_id))
    view.stop()  # buttons find their classes by their ids; discord.py need not remember them
    return view
