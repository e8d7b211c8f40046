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
NOTHING_LINKED = "No list is linked. `/link site: name:` syncs one every day."


def linked_text(site: SiteName, name: str, next_time: datetime) -> str:
    """Say that a list is linked, and what happens next."""
    return (
        f"Linked to `{name}` on {site}. Every day I copy what has changed there. "
        f"The next time is {format_dt(next_time, 'R')}. What you rate here in the meantime stays."
    )


def links_text(links: Sequence[Link], news: str = "") -> str:
    """List the state of each of a member's links, below the news."""
    lines = [_line(link) for link in links] or [NOTHING_LINKED]
    return "\n".join([news, *lines] if news else lines)


def stopped_text(site: Site) -> str:
    """Say that a link was stopped."""
    return f"{NAMES[site]} is no longer linked. What I copied from there stays."


def paused_text(link: Link) -> str:
    """Say why a link paused, and how to continue."""
    site, name, error = NAMES[link.site], link.name, link.last_error or "unknown."
    if link.failures == 1:
        return (
            f"I stopped syncing `{name}` on {site} after 1 failure: {error} "
            f"To start again: `/link site:{site} name:{name}`"
        )
    return (
        f"I stopped syncing `{name}` on {site} after {link.failures} failures. The last one: {error} "
        f"To start again: `/link site:{site} name:{name}`"
    )


def _line(link: Link) -> str:
    if link.state != "active":
        return paused_text(link)
    facts = [f"**{NAMES[link.site]}**", f"`{link.name}`"]
    if link.last_synced_at:
        facts.append(f"last read {format_dt(link.last_synced_at, 'R')}")
    line = " · ".join([*facts, f"next {format_dt(link.next_sync_at, 'R')}"])
    return f"{line}\nThe last time it failed: {link.last_error}" if link.last_error else line
