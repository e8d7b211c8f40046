"""An evening's poll and winner, from plain data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import discord

from bot.store import Contender
from bot.ui.embeds import Look, anime_embed, clip

MOST_ANSWERS = 10
"""Discord's."""
_ANSWER_LIMIT = 55
QUESTION = "What shall we watch together?"
_EVENT_LIMIT = 100


def poll(contenders: Sequence[Contender], hours: int, look: Look) -> discord.Poll:
    """The native poll on at most 10 anime; everybody may like several."""
    asked = discord.Poll(QUESTION, timedelta(hours=hours), multiple=True)
    for one in contenders[:MOST_ANSWERS]:
        asked.add_answer(text=clip(look.title(one.anime_id), _ANSWER_LIMIT))
    return asked


def winner_embed(winner: Contender, look: Look, last_line: str) -> discord.Embed:
    """What was decided, with what is predicted for the group."""
    headline = f"**★ {winner.mean:.1f}** predicted for the group"
    return anime_embed(look.catalogue.anime(winner.anime_id), look, headline, last_line)


def event_name(anime_id: int, look: Look) -> str:
    """What a server event is called; all of a server read it, so what is rated 18+ is not named."""
    if look.catalogue.anime(anime_id).adult:
        return "Watch party"
    return clip(f"Watch party: {look.title(anime_id)}", _EVENT_LIMIT)
