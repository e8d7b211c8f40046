"""Embeds and descriptions of `/compare`, `/lend` and `/server`: pure functions of plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import discord

from bot.store import Activity
from bot.ui.embeds import COLOUR, Display, linked
from hakken.groups.affinity import SHOWN, Affinity, Common, Loan
from hakken.groups.server_taste import GenrePreference, RankedAnime

_WORDS = ((0.95, "Kindred spirits"), (0.75, "Alike"), (0.25, "Like strangers"), (0.05, "Unlike"))
_LAST_WORD = "Opposites"
_PRIVATE = "Only you see this. To stop it for both of you, use /privacy."


def compare_embed(alike: Affinity, friend: str, display: Display) -> discord.Embed:
    """Show how alike two members are, what both love and where they differ.

    Args:
        alike: their affinity; the asker comes first.
        friend: the other member's name, escaped.
        display: how anime are shown.
    """
    low, high = alike.chance
    embed = discord.Embed(
        title=f"You and {friend}",
        description=(
            f"**{_word(alike.closer_than)}**: more alike than {_in_100(alike.closer_than)} in 100 pairs of "
            f"strangers.\nMatch **{_signed(alike.match)}** (from −1 to +1), "
            f"from {len(alike.common):,} anime that you both rated.\n"
            f"9 in 10 pairs of strangers lie between {_signed(low)} and {_signed(high)}."
        ),
        colour=COLOUR,
    )
    for name, lines in (
        ("You both love (you · them)", [f"· {_both(each, display)}" for each in alike.both_love(SHOWN)]),
        ("You disagree on (you · them)", _numbered(_both(each, display) for each in alike.differ(SHOWN))),
    ):
        if lines:
            embed.add_field(name=name, value="\n".join(lines), inline=False)
    return embed.set_footer(text=_PRIVATE)


def compare_description(alike: Affinity, friend: str) -> str:
    """Describe the picture for members who cannot see it."""
    close = sum(abs(each.one - each.other) <= 1 for each in alike.common)
    return (
        f"Your scores run across, those of {friend} upwards: {len(alike.common):,} anime as points, "
        f"{close:,} of them at most 1 apart. The numbers are those of the list. "
        "Beside it: how often each of you gives each score."
    )


def lend_embed(loans: Sequence[Loan], friend: str, display: Display) -> discord.Embed:
    """List the anime to lend, two lines each."""
    lines = [
        f"You loved these. They are new to {friend}:"
        if len(loans) > 1
        else f"You loved this. It is new to {friend}:"
    ]
    for number, loan in enumerate(loans, start=1):
        first, loved = (
            linked(display.catalogue.anime(each), display) for each in (loan.anime_id, loan.loved)
        )
        score = round(loan.score)
        given = f"you gave it {score}" if loan.loved == loan.anime_id else f"you gave {loved} {score}"
        lines.append(f"{number}. {first}\n**★ {loan.shown}** for them · {given}")
    embed = discord.Embed(title=f"Lend {friend}", description="\n".join(lines), colour=COLOUR)
    return embed.set_footer(text=_PRIVATE)


def top_embed(best: Sequence[RankedAnime], display: Display) -> discord.Embed:
    """List a server's best anime, two lines each."""
    lines = [
        f"{number}. {linked(display.catalogue.anime(each.anime_id), display)}\n"
        f"**★ {each.mean:g}** · {each.raters:,} raters"
        for number, each in enumerate(best, start=1)
    ]
    embed = discord.Embed(title="This server's best", description="\n".join(lines), colour=COLOUR)
    return embed.set_footer(text="Scores from few people are rounded and count less.")


def taste_embed(members: int) -> discord.Embed:
    """Make the text beside the picture of a server's taste."""
    return discord.Embed(
        title="This server's taste",
        description=f"How {members:,} of you rate each genre, compared with everyone else.",
        colour=COLOUR,
    )


def taste_description(preferences: Sequence[GenrePreference]) -> str:
    """Describe the picture for members who cannot see it."""
    genres = ", ".join(f"{each.genre} {_signed(each.points, 1)}" for each in preferences)
    return f"Points above or below everyone else, by genre: {genres}."


def activity_embed(activity: Activity) -> discord.Embed:
    """Make the text beside the picture of a server's activity."""
    return discord.Embed(
        title="Ratings in this server",
        description=(
            f"{activity.members:,} members, {activity.ratings:,} ratings, "
            f"{sum(activity.by_week):,} of them in the last {len(activity.by_week)} weeks."
        ),
        colour=COLOUR,
    )


def activity_description(weeks: Sequence[tuple[str, int]]) -> str:
    """Describe the picture for members who cannot see it."""
    return "Ratings by week: " + ", ".join(f"{day} {count:,}" for day, count in weeks) + "."


def _both(each: Common, display: Display) -> str:
    return f"{linked(display.catalogue.anime(each.anime_id), display)} **{each.one:g}** · **{each.other:g}**"


def _numbered(lines: Iterable[str]) -> list[str]:
    return [f"{number}. {line}" for number, line in enumerate(lines, start=1)]


def _word(closer_than: float) -> str:
    return next((word for least, word in _WORDS if closer_than >= least), _LAST_WORD)


def _in_100(share: float) -> int:
    # No pair is more alike than all pairs, or than none.
    return min(max(round(100 * share), 1), 99)


def _signed(number: float, digits: int = 2) -> str:
    return f"{number:+.{digits}f}".replace("-", "−")
