"""Texts of `/link`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from discord.utils import format_dt

from bot.store import Link, Site

SiteName = Literal["AniList", "MyAnimeList"]

SITES: Mapping[SiteName, Site] = {"AniList": "anilist", "MyAnimeList": "myanimelist"}
NAMES: Mapping[Site, SiteName] = {site: name for name, site in SITES.items()}
"""The sites' names for members."""
NOTHING_LINKED = "No list is linked. `/link site: name:` syncs yours every day."


def linked_text(site: SiteName, name: str, next_time: datetime) -> str:
    """Say that a list is linked, and what happens next."""
    when = format_dt(next_time, "R")
    return (
        f"Linked to `{name}` on {site}. Once a day, next {when}, I take what has changed there. "
        "What you have rated here in the meantime stays."
    )


def links_text(links: Sequence[Link], news: str = "") -> str:
    """List the state of each link.

    Args:
        links: a member's links.
        news: text above the list.
    """
    lines = [_line(link) for link in links] or [NOTHING_LINKED]
    return "\n".join([news, *lines] if news else lines)


def stopped_text(site: Site) -> str:
    """Say that a link was stopped."""
    return f"{NAMES[site]} is no longer linked; what I took from there stays."


def paused_text(link: Link) -> str:
    """Say why a link paused, and how to continue."""
    site = NAMES[link.site]
    failures = "1 failure" if link.failures == 1 else f"{link.failures} failures"
    return (
        f"I have stopped following `{link.name}` on {site}, after {failures}. The last: "
        f"{link.last_error or 'unknown.'} `/link site:{site} name:{link.name}` goes on with it."
    )


def _line(link: Link) -> str:
    if link.state != "active":
        return paused_text(link)
    last = f"last read {format_dt(link.last_synced_at, 'R')}, " if link.last_synced_at else ""
    line = f"**{NAMES[link.site]}** · `{link.name}` · {last}next {format_dt(link.next_sync_at, 'R')}"
    return f"{line}\nThe last time it failed: {link.last_error}" if link.last_error else line
