"""Shows picks for a group: numbers of the group, never of one member."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import discord

from bot.privacy import enough
from bot.ui.embeds import Display, escaped, facts_line, named, titled_embed
from hakken.groups import Suggestion
from hakken.groups.aggregations import FAVOURS, Aggregation

Gathered = Literal["server", "named", "joined"]
"""Whom picks are for: all who take part in the server, named members, or those who pressed the button."""

_DESCRIPTION_LIMIT = 340
"""Ten of them and ten titles of 256 characters stay within the 6,000 of a message."""
_GENRES_SHOWN, _LOVED_SHOWN = 3, 2
_WHO: Mapping[Gathered, str] = {
    "server": "For the {} of you who use me here",
    "named": "For the {} of you who were named",
    "joined": "For the {} of you who are in",
}
_ALONE: Mapping[Gathered, str] = {
    "server": "I only know one person's taste here. Everyone else: try `/start`",
    "named": "For one of you",
    "joined": "For the one of you who is in",
}


def pick_bodies(suggestion: Suggestion) -> list[dict[str, Any]]:
    """Make the JSON that a suggestion keeps of each pick."""
    return [
        {
            "anime_id": pick.anime_id,
            "personal": suggestion.personal,
            "mean": round(pick.mean, 1),
            "lowest": round(pick.lowest, 1),
            "highest": round(pick.highest, 1),
            "new_to": pick.new_to,
            "episodes": pick.episodes,
            "hours": pick.hours,
            "catching_up": pick.catching_up,
            "in_place_of": pick.in_place_of,
            "genres": list(pick.genres),
            "loved": list(pick.loved),
        }
        for pick in suggestion.picks
    ]


def intro(gathered: Gathered, suggestion: Suggestion, aggregation: Aggregation) -> str:
    """Make the lines above the picks: for whom, for how many personal, and what they favour."""
    members, personal, shown = suggestion.members, suggestion.personal, enough(suggestion.personal)
    lines = [
        f"{_for_whom(gathered, members)}{_how_personal(members, personal)}.",
        f"{aggregation.capitalize()}: {FAVOURS[aggregation]}" if members > 1 else "",
        "Tonight favours those who compromised last time." if suggestion.weighted and shown else "",
        _floor(suggestion.floor) if suggestion.floor is not None and shown else "",
    ]
    return "\n".join(line for line in lines if line)


def pick_embeds(picks: Sequence[Mapping[str, Any]], members: int, display: Display) -> list[discord.Embed]:
    """Make an embed for each pick.

    Args:
        picks: as `pick_bodies` makes them, at most 10.
        members: how many members they are for.
        display: how to show them.
    """
    return [
        titled_embed(
            display.catalogue.anime(pick["anime_id"]), display, _within(_lines(pick, members, display))
        )
        for pick in picks
    ]


def hours_text(hours: float) -> str:
    """Say a length of time: '24 min', '1.5 h', '12 h'."""
    if hours < 1:
        return f"{round(hours * 60)} min"
    return f"{hours:.0f} h" if hours >= 3 else f"{hours:.1f} h".replace(".0", "")


def _for_whom(gathered: Gathered, members: int) -> str:
    return _ALONE[gathered] if members == 1 else _WHO[gathered].format(members)


def _how_personal(members: int, personal: int) -> str:
    if personal == 0:
        return ". I know nobody's taste yet, so this is what most people love: `/start` asks you"
    if personal == members:
        return f", personal for all {members}" if members > 1 else ""
    others = "the other counts" if members - personal == 1 else "the others count"
    return f", personal for {personal} of {members}; {others} with the average taste"


def _floor(floor: float) -> str:
    return f"Nothing suits each of you well, so someone may rate it as low as {floor:.1f}."


def _lines(pick: Mapping[str, Any], members: int, display: Display) -> Iterable[str]:
    if enough(pick.get("personal", 0)):
        yield (
            f"**★ {pick['mean']:.1f}** for {members} members · "
            f"from {pick['lowest']:.1f} to {pick['highest']:.1f}"
        )
    if members > 1:
        yield "new to all" if pick["new_to"] == members else f"new to {pick['new_to']} of {members}"
    length = f"about {hours_text(pick['hours'])}" if pick["hours"] else ""
    yield " · ".join(part for part in (facts_line(display.catalogue.anime(pick["anime_id"])), length) if part)
    if pick["catching_up"] is None:
        yield "some of you need earlier parts first"
    elif pick["catching_up"] > 0:
        yield f"some of you need {hours_text(pick['catching_up'])} of earlier parts first"
    later = pick["in_place_of"]
    if later is not None and not display.catalogue.anime(later).adult:
        yield f"Start here, then {named(later, display)}"
    if pick["genres"]:
        yield f"you share {escaped(_listed(pick['genres'][:_GENRES_SHOWN]))}"
    loved = [named(one, display) for one in pick["loved"] if not display.catalogue.anime(one).adult]
    if loved:
        yield f"many of you loved {_listed(loved[:_LOVED_SHOWN])}"


def _listed(words: Sequence[str]) -> str:
    """'A', 'A and B', 'A, B and C'."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _within(lines: Iterable[str]) -> str:
    """Join as many whole lines as fit, from the first on."""
    text = ""
    for line in lines:
        longer = f"{text}\n{line}" if text else line
        if len(longer) > _DESCRIPTION_LIMIT:
            break
        text = longer
    return text
