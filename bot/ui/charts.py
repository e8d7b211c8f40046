"""Charts of tastes: plain data in, PNG out, 800 × 600 pixels, readable at half that width.

They have their own dark background, so that they look the same in Discord's dark and light themes.
matplotlib takes half a second to load and is loaded for the first chart. Draw off the event loop, one chart
at a time.
"""

from __future__ import annotations

import io
import math
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INCHES, _DPI = (8.0, 6.0), 100
_GROUND, _TEXT, _FAINT, _GRID = "#2b2d31", "#f2f3f5", "#b5bac1", "#45474d"
_ONE, _OTHER, _POINT, _BADGE = "#5aa9e6", "#f4a259", "#7fd6b5", "#ffd166"
"""Colours that colour-blind people can tell apart, light enough for the dark background."""
_SIZE, _SMALL = 18, 15
"""Font sizes in points; they appear half as large on a phone."""
_NAME_LIMIT = 16
_SCORES = range(1, 11)
_GOLDEN = math.pi * (3 - math.sqrt(5))
_CELL = 0.44
"""Largest distance of a point from the middle of its square."""
_CROWDED = 4
"""Number of points from which they fill the whole square."""
_AREA, _MANY = 110, 60
"""Area of a point in square points, halved from this number of points on."""
_GENRE_LIMIT, _DAY_LIMIT = 20, 10


@dataclass(frozen=True, slots=True)
class Rater:
    """One of the two members whose tastes are drawn."""

    name: str
    scores: Sequence[int]
    """All their scores, 1–10."""


def drawable(text: str, limit: int, otherwise: str) -> str:
    """Remove the characters that the font cannot draw, and cut the text; `otherwise` if nothing is left."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    glyphs = get_font(findfont(FontProperties(family="DejaVu Sans"))).get_charmap()
    spaced = " ".join(unicodedata.normalize("NFC", text[: 4 * limit]).split())
    kept = "".join(one for one in spaced if ord(one) in glyphs and unicodedata.category(one)[0] != "C")
    kept = " ".join(kept.split())
    return kept if 0 < len(kept) <= limit else kept[: limit - 1].rstrip() + "…" if kept else otherwise


def taste_picture(
    one: Rater, other: Rater, common: Sequence[tuple[int, int]], numbered: Sequence[tuple[int, int]]
) -> bytes:
    """Draw two members' tastes: a scatter plot of what both rated, and how often each gives which score.

    Args:
        one: the member on the x axis.
        other: the member on the y axis.
        common: the two scores of each anime that both rated, 1–10.
        numbered: the score pairs of the anime that a list beside the chart names, in its order; each point
            gets its number.
    """
    names = [drawable(one.name, _NAME_LIMIT, "one"), drawable(other.name, _NAME_LIMIT, "the other")]
    figure = _figure()
    points, bars = figure.subplots(1, 2, width_ratios=(3, 2))
    points.plot((0.5, 10.5), (0.5, 10.5), color=_GRID, linewidth=2, zorder=1)
    across, upwards = _spread(common)
    points.scatter(
        across,
        upwards,
        s=_AREA if len(common) < _MANY else _AREA / 2,
        color=_POINT,
        alpha=0.9,
        linewidths=0,
        zorder=2,
    )
    for (x, y), numbers in _numbers(numbered).items():
        _write(points, x, y, numbers, color=_GROUND, weight="bold", box=_BADGE)
    points.set(xlim=(0.4, 10.8), ylim=(0.4, 10.6), xticks=_SCORES, yticks=_SCORES)
    points.set_box_aspect(1.35)
    points.set_xlabel(f"{names[0]} gave", color=_ONE, size=_SIZE, parse_math=False)
    points.set_ylabel(f"{names[1]} gave", color=_OTHER, size=_SIZE, parse_math=False)
    _draw_scores(bars, one.scores, other.scores)
    bars.set_box_aspect(1.35 * 3 / 2)
    bars.set_xlabel("all scores", color=_FAINT, size=_SIZE)
    return _png(figure)


def genre_preference_picture(preferences: Sequence[tuple[str, float]]) -> bytes:
    """Draw by how many rating points a server likes genres more or less than the world.

    From the top down; at least one genre, and at most ten to stay readable.
    """
    figure = _figure()
    axes = figure.subplots()
    rows = range(len(preferences))
    points = [each for _, each in preferences]
    axes.barh(rows, points, color=[_POINT if each >= 0 else _OTHER for each in points], height=0.7)
    axes.axvline(0, color=_FAINT, linewidth=2)
    names = [drawable(genre, _GENRE_LIMIT, "?") for genre, _ in preferences]
    axes.set_yticks(rows, names, parse_math=False)
    axes.invert_yaxis()
    edge = max(map(abs, points)) or 1.0
    axes.set_xlim(min(0.0, *points) - 0.3 * edge, max(0.0, *points) + 0.3 * edge)
    for row, each in zip(rows, points, strict=True):
        side = "left" if each >= 0 else "right"
        axes.text(each, row, f" {_signed(each)} ", va="center", ha=side, size=_SMALL, color=_TEXT)
    axes.set_xticks([])
    axes.tick_params(labelsize=_SIZE, labelcolor=_TEXT)
    axes.spines[:].set_visible(False)
    figure.supxlabel("rating points above or below the world", size=_SIZE, color=_FAINT)
    return _png(figure)


def activity_picture(weeks: Sequence[tuple[str, int]]) -> bytes:
    """Draw how many ratings were given in each week.

    Args:
        weeks: the first day of each week as a short text, and the number of ratings; the oldest first, at
            least one.
    """
    figure = _figure()
    axes = figure.subplots()
    counts = [count for _, count in weeks]
    places = range(len(weeks))
    bars = axes.bar(places, counts, color=_ONE, width=0.8)
    axes.bar_label(bars, [_short(count) for count in counts], size=_SMALL, color=_TEXT, padding=3)
    # There is room to label every third week; the last week is always labelled.
    shown = [place for place in places if (len(weeks) - 1 - place) % 3 == 0]
    axes.set_xticks(shown, [drawable(weeks[place][0], _DAY_LIMIT, "?") for place in shown], parse_math=False)
    axes.set_ylim(0, max(*counts, 1) * 1.12)
    axes.set_yticks([])
    axes.spines[["top", "left", "right"]].set_visible(False)
    figure.supxlabel("ratings in the week that began on", size=_SIZE, color=_FAINT)
    return _png(figure)


def _figure() -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=_INCHES, dpi=_DPI, layout="constrained", facecolor=_GROUND)
    FigureCanvasAgg(figure)
    return figure


def _png(figure: Figure) -> bytes:
    for axes in figure.axes:
        axes.set_facecolor(_GROUND)
        axes.tick_params(color=_GRID, labelcolor=_TEXT, length=0)
        axes.tick_params(axis="both", labelsize=_SIZE if len(axes.get_yticks()) < len(_SCORES) else _SMALL)
        for spine in axes.spines.values():
            spine.set_color(_GRID)
    file = io.BytesIO()
    figure.savefig(file, format="png", facecolor=_GROUND)
    return file.getvalue()


def _draw_scores(axes: Axes, one: Sequence[int], other: Sequence[int]) -> None:
    """Draw both score histograms back to back, as shares, so that more ratings do not make longer bars."""
    left, right = _shares(one), _shares(other)
    axes.barh(_SCORES, [-share for share in left], color=_ONE, height=0.75)
    axes.barh(_SCORES, right, color=_OTHER, height=0.75)
    edge = max(*left, *right, 0.01) * 1.05
    axes.set(xlim=(-edge, edge), ylim=(0.4, 10.6), xticks=[], yticks=_SCORES)
    axes.axvline(0, color=_GROUND, linewidth=2)
    axes.spines[:].set_visible(False)


def _shares(scores: Sequence[int]) -> list[float]:
    return [scores.count(score) / max(len(scores), 1) for score in _SCORES]


def _spread(common: Sequence[tuple[int, int]]) -> tuple[list[float], list[float]]:
    """Spread points with the same scores like a sunflower's seeds, so that each can be seen."""
    met = defaultdict[tuple[int, int], int](int)
    for each in common:
        met[each] += 1
    across, upwards = [], []
    for (x, y), count in met.items():
        for seed in range(count):
            away = _CELL * math.sqrt((seed + 0.5) / max(count, _CROWDED)) if count > 1 else 0.0
            across.append(x + away * math.cos(seed * _GOLDEN))
            upwards.append(y + away * math.sin(seed * _GOLDEN))
    return across, upwards


def _numbers(numbered: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Return the list numbers in each square as text: '2', '1–3', '1 4'."""
    met = defaultdict[tuple[int, int], list[int]](list)
    for number, each in enumerate(numbered, start=1):
        met[each].append(number)
    return {each: _span(numbers) for each, numbers in met.items()}


def _span(numbers: Sequence[int]) -> str:
    first, last = numbers[0], numbers[-1]
    in_a_row = len(numbers) > 1 and last - first == len(numbers) - 1
    return f"{first}–{last}" if in_a_row else " ".join(map(str, numbers))


def _write(axes: Axes, x: float, y: float, text: str, *, box: str, **style: Any) -> None:  # noqa: ANN401
    patch = {"boxstyle": "round,pad=0.25", "facecolor": box, "edgecolor": _GROUND}
    axes.text(x, y, text, ha="center", va="center", size=_SMALL, bbox=patch, zorder=3, **style)


def _short(count: int) -> str:
    if count < 1000:
        return str(count) if count else ""
    return f"{count / 1000:.1f}k" if count < 10_000 else f"{count // 1000}k"


def _signed(points: float) -> str:
    return f"{points:+.1f}".replace("-", "−")
