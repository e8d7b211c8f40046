"""What is drawn, as matplotlib holds it and as Pillow reads it back."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from PIL import Image

from bot.ui.charts import Rater, activity_picture, drawable, genre_preference_picture, taste_picture

HOSTILE = (
    r"$\frac{1}{0}$",
    "$",
    "$unfinished",
    r"\u{bad} \\ \n",
    "💥🐙",
    "進撃の巨人",
    "مرحبا",
    "a\u202eb\u0000c\nd\te",
    "e\u0301" * 400,
    "",
    "   ",
    "W" * 5000,
    "\ud800",
    "<b>&amp;</b>%s{0}",
)


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """Every figure that is saved, as matplotlib holds it."""
    saved: list[Figure] = []
    save = Figure.savefig

    def keep(figure: Figure, *args: object, **kwargs: object) -> None:
        saved.append(figure)
        save(figure, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Figure, "savefig", keep)
    return saved


def texts(figure: Figure) -> list[str]:
    drawn = [each.get_text() for axes in figure.axes for each in axes.texts]
    labels = [
        each.get_text() for axes in figure.axes for each in (*axes.get_xticklabels(), *axes.get_yticklabels())
    ]
    names = [text for axes in figure.axes for text in (axes.get_xlabel(), axes.get_ylabel())]
    return [*drawn, *labels, *names]


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    assert image.format == "PNG"
    return image


@pytest.mark.parametrize(
    "draw",
    [
        lambda name: taste_picture(Rater(name, [1, 10]), Rater(name, [5]), [(1, 5)], [(1, 5)]),
        lambda name: genre_preference_picture([(name, 0.5), (name, -0.2)]),
        lambda name: activity_picture([(name, 3), (name, 0)]),
    ],
)
@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_people_call_themselves_is_drawn_without_a_warning(
    draw: Callable[[str], bytes], name: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert opened(draw(name)).size == (800, 600)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$x^2$", "$x^2$"),
        ("ann 💥", "ann"),
        ("💥", "someone"),
        ("進撃", "someone"),
        ("a\nb\t c", "a b c"),
        ("a\u202eb", "ab"),
        ("Ångström", "Ångström"),
        ("A\u030angström", "Ångström"),
        ("0123456789ABC", "012345678…"),
        ("", "someone"),
    ],
)
def test_what_the_font_cannot_draw_is_left_out(text: str, expected: str) -> None:
    assert drawable(text, 10, "someone") == expected


def test_every_common_title_is_a_point_of_its_own_within_its_square(figures: list[Figure]) -> None:
    common = [(9, 8)] * 40 + [(9, 9)] * 3 + [(1, 10)]
    taste_picture(Rater("ann", [9]), Rater("bob", [8]), common, [])
    [points] = [each for each in figures[0].axes[0].collections if isinstance(each, PathCollection)]
    places = np.asarray(points.get_offsets())
    assert len(np.unique(places.round(6), axis=0)) == len(common)
    assert sorted(map(tuple, places.round().astype(int).tolist())) == sorted(common)


def test_the_numbers_stand_where_the_list_says(figures: list[Figure]) -> None:
    numbered = [(9, 2), (2, 8), (9, 3), (9, 3), (2, 8)]
    taste_picture(Rater("ann", [9]), Rater("bob", [8]), numbered, numbered)
    written = {each.get_position(): each.get_text() for each in figures[0].axes[0].texts}
    assert written == {(9, 2): "1", (2, 8): "2 5", (9, 3): "3–4"}


def test_the_two_distributions_are_shares_of_each_ones_ratings(figures: list[Figure]) -> None:
    taste_picture(Rater("ann", [9, 9, 9, 5]), Rater("bob", [8, 3]), [(9, 8)], [])
    widths = [each.get_width() for each in figures[0].axes[1].patches]
    assert widths[:10] == [0, 0, 0, 0, -0.25, 0, 0, 0, -0.75, 0]
    assert widths[10:] == [0, 0, 0.5, 0, 0, 0, 0, 0.5, 0, 0][:10]
    assert {"ann gave", "bob gave"} <= set(texts(figures[0]))


def test_genres_stand_from_the_top_with_their_points(figures: list[Figure]) -> None:
    genre_preference_picture([("Drama", 0.52), ("Sports", 0.04), ("Ecchi", -0.91)])
    axes = figures[0].axes[0]
    assert [each.get_text() for each in axes.get_yticklabels()] == ["Drama", "Sports", "Ecchi"]
    assert axes.yaxis_inverted()
    assert [each.get_width() for each in axes.patches] == [0.52, 0.04, -0.91]
    assert [each.get_text().strip() for each in axes.texts] == ["+0.5", "+0.0", "−0.9"]


def test_each_week_has_its_count_and_the_last_its_day(figures: list[Figure]) -> None:
    weeks = [
        (f"{day} Sep", count) for day, count in zip(range(1, 13), (*range(10), 1250, 45_000), strict=True)
    ]
    activity_picture(weeks)
    axes = figures[0].axes[0]
    assert [each.get_height() for each in axes.patches] == [count for _, count in weeks]
    assert [each.get_text() for each in axes.texts] == ["", *map(str, range(1, 10)), "1.2k", "45k"]
    assert axes.get_xticklabels()[-1].get_text() == "12 Sep"


@pytest.mark.parametrize("counts", [[0], [0] * 12])
def test_weeks_without_a_rating_are_drawn(counts: list[int]) -> None:
    assert opened(activity_picture([("1 Sep", count) for count in counts])).size == (800, 600)


def test_nothing_that_is_written_overlaps_the_edge(figures: list[Figure]) -> None:
    everything = [(one, other) for one in range(1, 11) for other in range(1, 11)]
    taste_picture(Rater("W" * 40, [1]), Rater("W" * 40, [10]), everything * 9, [(10, 1), (1, 10), (10, 10)])
    genre_preference_picture([("W" * 40, 3.0), ("Drama", -3.0)])
    activity_picture([("30 Sep", 9999)] * 12)
    for figure in figures:
        figure.draw_without_rendering()
        for axes in figure.axes:
            for each in (
                *axes.texts,
                *axes.get_xticklabels(),
                *axes.get_yticklabels(),
                axes.xaxis.label,
                axes.yaxis.label,
            ):
                if not each.get_text():
                    continue
                box = each.get_window_extent()
                assert box.x0 >= -1
                assert box.y0 >= -1
                assert box.x1 <= 801
                assert box.y1 <= 601


def test_a_picture_is_small_enough_to_send() -> None:
    everything = [(one, other) for one in range(1, 11) for other in range(1, 11)]
    png = taste_picture(Rater("ann", [5] * 9000), Rater("bob", [5]), everything * 90, everything[:5])
    assert len(png) < 300_000
