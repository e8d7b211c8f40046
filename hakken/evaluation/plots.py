"""Plots of curves with confidence bands, as PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from hakken.errors import EvaluationError
from hakken.evaluation.intervals import Interval
from hakken.files import try_directory, unwritable, written_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INCHES = (8.0, 5.0)
_DPI = 150
_COLOURS = ("#0b6e99", "#c8553d", "#5b8e3e", "#7a5195", "#6b6b6b")
"""Colours that can be distinguished in print and by colour-blind people; each line also has its own mark."""
_MARKS = ("o", "s", "^", "D", "v")


@dataclass(frozen=True, slots=True)
class Curve:
    """A model's figure over one of its parameters."""

    name: str
    points: dict[float, Interval]
    """The figure by the parameter's value."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A pair of axes with its curves."""

    title: str
    x: str
    """Label of the horizontal axis, with its unit."""
    y: str
    """Label of the vertical axis, with its unit."""
    curves: Sequence[Curve]


def prepare(directory: Path) -> None:
    """Create the directory for pictures, or raise before anything is measured.

    Raises:
        EvaluationError: matplotlib is not installed, or the directory cannot be made or written into.
    """
    if find_spec("matplotlib") is None:
        raise EvaluationError("plots need matplotlib: .venv/bin/pip install matplotlib")
    try:
        try_directory(directory)
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(directory, error) from error


def draw(path: Path, panels: Sequence[Panel], note: str) -> None:
    """Draw panels side by side into a PNG, which is written completely or not at all.

    The note below them says what data was used.

    Raises:
        EvaluationError: the file cannot be written.
    """
    from matplotlib.figure import Figure  # an optional extra, and slow to import

    figure = Figure(figsize=_INCHES, dpi=_DPI, layout="constrained")
    for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        _draw_panel(axes, panel)
    figure.supxlabel(note, fontsize=9, color="#555555")
    try:
        with written_whole(path) as file:
            figure.savefig(file, format="png")
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> EvaluationError:
    return EvaluationError(f"{path}: plots cannot be written there: {unwritable(error)}")


def _draw_panel(axes: Axes, panel: Panel) -> None:
    values = sorted({value for curve in panel.curves for value in curve.points})
    for curve, colour, mark in zip(panel.curves, _COLOURS, _MARKS, strict=False):
        at = sorted(curve.points)
        figures = [curve.points[value] for value in at]
        axes.plot(at, [one.value for one in figures], color=colour, marker=mark, label=curve.name)
        axes.fill_between(
            at, [one.low for one in figures], [one.high for one in figures], color=colour, alpha=0.15, lw=0
        )
    axes.set_xscale("log")
    axes.set_xticks(values, [f"{value:g}" for value in values])
    axes.minorticks_off()
    axes.set_title(panel.title)
    axes.set_xlabel(panel.x)
    axes.set_ylabel(panel.y)
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(y=0.15)
    axes.legend(frameon=False, loc="best")
