"""How `/compare`, `/lend` and `/server` look: pure functions from plain data to embeds and descriptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import discord

from bot.privacy import shareable
from bot.store import Activity
from bot.ui.embeds import COLOUR, Display, linked, scored
from hakken.groups.affinity import SHOWN, Affinity, Common, Loan
from hakken.groups.server_taste import GenrePreference, RankedAnime

_WORDS = ((0.95, "Kindred spirits"), (0.75, "Alike"), (0.25, "Like strangers"), (0.05, "Unlike"))
_LAST_WORD = "Opposites"
_PRIVATE = "Only you see this. /privacy switches it off for both sides."


def compare_embed(alike: Affinity, friend: str, look: Display) -> discord.Embed:
    """How alike two are, what both love, where they differ.

    Args:
        alike: by their ratings, the asker's first.
        friend: what the other is called, escaped.
        look: how anime are shown.
    """
    low, high = alike.chance
    embed = discord.Embed(
        title=f"You and {friend}",
        description=(
            f"**{_word(alike.closer_than)}**: more alike than {_in_100(alike.closer_than)} in 100 pairs of "
            f"strangers.\nMatch **{_signed(alike.match)}** (−1 to +1), "
            f"by {len(alike.common):,} anime that both rated.\n"
            f"Of strangers with as many, 9 in 10 lie from {_signed(low)} to {_signed(high)}."
        ),
        colour=COLOUR,
    )
    for name, lines in (
        ("Both love (you · they)", [f"· {_both(each, look)}" for each in alike.both_love(SHOWN)]),
        ("Furthest apart (you · they)", _numbered(_both(each, look) for each in alike.differ(SHOWN))),
    ):
        if lines:
            embed.add_field(name=name, value="\n".join(lines), inline=False)
    return embed.set_footer(text=_PRIVATE)


def compare_description(alike: Affinity, friend: str) -> str:
    """What the picture shows, for those who cannot see it."""
    close = sum(abs(each.one - each.other) <= 1 for each in alike.common)
    return (
        f"Your scores across, those of {friend} upwards: {len(alike.common):,} anime as points, {close:,} of "
        "them at most 1 apart; the numbers are the list's. Beside it, how often each gives which score."
    )


def lend_embed(loans: Sequence[Loan], friend: str, look: Display) -> discord.Embed:
    """What to lend, two lines each."""
    lines = [f"You loved it, {friend} has not seen it and should like it:"]
    for number, loan in enumerate(loans, start=1):
        first, loved = (linked(look.catalogue.anime(each), look) for each in (loan.anime_id, loan.loved))
        what = "it" if loan.loved == loan.anime_id else loved
        given = f"you gave {what} {scored(round(loan.score))}"
        lines.append(f"{number}. {first}\n**★ {loan.predicted:.1f}** for them · {given}")
    embed = discord.Embed(title=f"Lend {friend}", description="\n".join(lines), colour=COLOUR)
    return embed.set_footer(text=_PRIVATE)


def top_embed(best: Sequence[RankedAnime], look: Display) -> discord.Embed:
    """A server's best, two lines each."""
    lines = [
        f"{number}. {linked(look.catalogue.anime(each.anime_id), look)}\n"
        f"**★ {shareable(each.mean, each.raters):g}** · {each.raters:,} raters"
        for number, each in enumerate(best, start=1)
    ]
    embed = discord.Embed(title="This server's best", description="\n".join(lines), colour=COLOUR)
    return embed.set_footer(
        text="The fewer have rated it, the less its ★ counts, and the rounder it is told."
    )


def taste_embed(members: int) -> discord.Embed:
    """What stands beside the picture of a server's taste."""
    return discord.Embed(
        title="This server's taste",
        description=f"Beside what the world gives the same anime: {members:,} members, each with one voice.",
        colour=COLOUR,
    )


def taste_description(leanings: Sequence[GenrePreference]) -> str:
    """What the picture shows, for those who cannot see it."""
    told = ", ".join(f"{each.genre} {_tenths(each.points)}" for each in leanings)
    return f"Genres by rating points above or below the world: {told}."


def activity_embed(activity: Activity) -> discord.Embed:
    """What stands beside the picture of a server's activity."""
    return discord.Embed(
        title="Ratings in this server",
        description=(
            f"{activity.members:,} members, {activity.ratings:,} ratings, "
            f"{sum(activity.by_week):,} of them from the last {len(activity.by_week)} weeks."
        ),
        colour=COLOUR,
    )


def activity_description(weeks: Sequence[tuple[str, int]]) -> str:
    """What the picture shows, for those who cannot see it."""
    return "Ratings by week: " + ", ".join(f"{day} {count:,}" for day, count in weeks) + "."


def _both(each: Common, look: Display) -> str:
    return f"{linked(look.catalogue.anime(each.anime_id), look)} **{each.one:g}** · **{each.other:g}**"


def _numbered(lines: Iterable[str]) -> list[str]:
    return [f"{number}. {line}" for number, line in enumerate(lines, start=1)]


def _word(closer_than: float) -> str:
    return next((word for least, word in _WORDS if closer_than >= least), _LAST_WORD)


def _in_100(share: float) -> int:
    # Nobody is more alike than all pairs there are, nor less.
    return min(max(round(100 * share), 1), 99)


def _signed(number: float) -> str:
    return f"{number:+.2f}".replace("-", "−")


def _tenths(points: float) -> str:
    return f"{points:+.1f}".replace("-", "−")
