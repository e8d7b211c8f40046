"""Shows picks for a group: numbers of the group, never of one member."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import discord

from bot.privacy import enough
from bot.ui.embeds import Display, escaped, facts_line, listed, named, titled_embed
from hakken.groups import Suggestion
from hakken.groups.aggregations import FAVOURS, Aggregation
from hakken.recommend.shown_ratings import shown_mean

Audience = Literal["server", "named", "joined"]
"""Whom picks are for: all who take part in the server, named members, or those who pressed the button."""

_DESCRIPTION_LIMIT = 340
"""Ten of them and ten titles of 256 characters stay within the 6,000 of a message."""
_GENRES_SHOWN, _LOVED_SHOWN = 3, 2
ONE_TASTE = "I only know one person's taste here. Everyone else: try `/start`."
_NO_TASTE = "I don't know your taste yet, so this is what most people love. Try `/start`."
_FOR_ONE: Mapping[Audience, str] = {
    "server": ONE_TASTE,
    "named": "For one of you.",
    "joined": "For the one of you who is in.",
}
_FOR_SEVERAL: Mapping[Audience, str] = {
    "server": "For the {members} of you who use me here.",
    "named": "For the {members} of you who were named.",
    "joined": "For the {members} of you who are in.",
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


def intro(audience: Audience, suggestion: Suggestion, aggregation: Aggregation) -> str:
    """Make the lines above the picks: for whom, for how many personal, and what they favour."""
    members, weighted, floor = suggestion.members, suggestion.weighted, suggestion.floor
    shown = enough(suggestion.personal)
    lines = (
        _for_whom(audience, members, suggestion.personal),
        f"{aggregation.capitalize()}: {FAVOURS[aggregation]}" if members > 1 else "",
        "Those who compromised last time count more now." if weighted and shown else "",
        f"I found little that suits everyone. Someone might only give a {shown_mean(floor)}."
        if floor is not None and shown
        else "",
    )
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


def _for_whom(audience: Audience, members: int, personal: int) -> str:
    if members == 1:
        return _FOR_ONE[audience] if personal else _NO_TASTE
    group = _FOR_SEVERAL[audience].format(members=members)
    if personal == 0:
        return f"{group} {_NO_TASTE}"
    if personal == members:
        return f"{group} I know everyone's taste."
    if personal == 1:
        return f"{group} I know the taste of 1 of you. For the rest, I use the average taste."
    return f"{group} I know the tastes of {personal} of you. For the rest, I use the average taste."


def _lines(pick: Mapping[str, Any], members: int, display: Display) -> Iterable[str]:
    if enough(pick.get("personal", 0)):
        yield (
            f"**★ {shown_mean(pick['mean'])}** for {members} members · "
            f"from {shown_mean(pick['lowest'])} to {shown_mean(pick['highest'])}"
        )
    if members > 1:
        yield "New to all of you" if pick["new_to"] == members else f"New to {pick['new_to']} of you"
    length = f"about {hours_text(pick['hours'])}" if pick["hours"] else ""
    yield " · ".join(part for part in (facts_line(display.catalogue.anime(pick["anime_id"])), length) if part)
    if pick["catching_up"] is None:
        yield "Some of you need earlier parts first."
    elif pick["catching_up"] > 0:
        yield f"Some of you need {hours_text(pick['catching_up'])} of earlier parts first."
    later = pick["in_place_of"]
    if later is not None and not display.catalogue.anime(later).adult:
        yield f"Start here, then {named(later, display)}"
    if pick["genres"]:
        yield f"Most of you like {escaped(listed(pick['genres'][:_GENRES_SHOWN]))}"
    loved = [named(one, display) for one in pick["loved"] if not display.catalogue.anime(one).adult]
    if loved:
        yield f"Several of you loved {listed(loved[:_LOVED_SHOWN])}"


def _within(lines: Iterable[str]) -> str:
    """Join as many whole lines as fit, from the first on."""
    text = ""
    for line in lines:
        longer = f"{text}\n{line}" if text else line
        if len(longer) > _DESCRIPTION_LIMIT:
            break
        text = longer
    return text
