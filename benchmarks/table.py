"""The shared table: figures of this project and of a peer from the same run, and the bounds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from pydantic import TypeAdapter

HEADINGS = ("", "Hakken", "peer's", "peer", "ratio", "wanted", "")
RIGHT = {1, 2, 4}
"""The columns of numbers."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The goal of a row."""

    of: Literal["figure", "ratio"]
    """Whether the bound is on Hakken's own figure, or on its ratio to the peer's."""
    sense: Literal["≤", "≥"]
    limit: float


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of this project, and the peer's if there is one."""

    about: str
    """The measured data; rows with the same data are shown together under it."""
    what: str
    unit: str
    hakken: float
    peer: str = ""
    """The peer's name; empty without a peer."""
    of_peer: float | None = None
    """The peer's figure in the same unit."""
    wanted: Bound | None = None

    def __post_init__(self) -> None:
        if self.wanted and self.wanted.of == "ratio" and not self.of_peer:
            raise ValueError(f"{self.what}: a ratio is wanted, but there is no peer to divide by")

    @property
    def ratio(self) -> float | None:
        """Hakken's figure in units of the peer's."""
        return self.hakken / self.of_peer if self.of_peer else None

    @property
    def verdict(self) -> str:
        """Return whether the bound is met, or by how much it is missed; empty without a bound."""
        if self.wanted is None:
            return ""
        value = self.hakken
        if self.wanted.of == "ratio" and self.ratio is not None:
            value = self.ratio
        limit = self.wanted.limit
        if value <= limit if self.wanted.sense == "≤" else value >= limit:
            return "met"
        return f"NOT: {value / limit - 1:+.0%}"

    def cells(self) -> tuple[str, ...]:
        """Return the row's printed cells, under `HEADINGS`."""
        ratio = self.ratio
        return (
            self.what,
            _with_unit(self.hakken, self.unit),
            "" if self.of_peer is None else _with_unit(self.of_peer, self.unit),
            self.peer,
            "" if ratio is None else _shown(ratio),
            self._wanted(),
            self.verdict,
        )

    def _wanted(self) -> str:
        if self.wanted is None:
            return ""
        limit = _shown(self.wanted.limit)
        if self.wanted.of == "ratio":
            return f"ratio {self.wanted.sense} {limit}"
        return f"{self.wanted.sense} {limit} {self.unit}"


_ROWS = TypeAdapter(list[Row])


def read_rows(text: str) -> list[Row]:
    """Read rows that another process printed with ``--json``."""
    return _ROWS.validate_json(text)


def add_forms(parser: argparse.ArgumentParser) -> None:
    """Let the user choose how `show` prints: a table by default."""
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument(
        "--markdown", dest="form", action="store_const", const="markdown", help="print Markdown"
    )
    forms.add_argument("--json", dest="form", action="store_const", const="json", help="print JSON")


def show(rows: Sequence[Row], form: str | None = None) -> None:
    """Print the rows to standard output.

    Args:
        rows: the rows; those about the same data are next to each other.
        form: ``markdown``, ``json``, or a table by default.
    """
    if form == "json":
        print(_ROWS.dump_json(list(rows)).decode())
    elif form == "markdown":
        print("\n".join(_markdown(rows)))
    else:
        print("\n".join(_table(rows)))


def tell(what: str) -> None:
    """Report progress on standard error."""
    print(f"… {what}", file=sys.stderr, flush=True)


def _table(rows: Sequence[Row]) -> Iterator[str]:
    cells = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]

    def line(of: Sequence[str]) -> str:
        columns = enumerate(zip(of, widths, strict=True))
        return "  ".join(
            f"{cell:{'>' if at in RIGHT else '<'}{width}}" for at, (cell, width) in columns
        ).rstrip()

    yield line(HEADINGS)
    for about, those in groupby(rows, lambda row: row.about):
        yield f"\n{about}"
        yield from (line(row.cells()) for row in those)


def _markdown(rows: Sequence[Row]) -> Iterator[str]:
    for about, those in groupby(rows, lambda row: row.about):
        yield f"\n**{about}**\n"
        yield f"| {' | '.join(HEADINGS)} |"
        yield "| --- | ---: | ---: | --- | ---: | --- | --- |"
        for row in those:
            yield f"| {' | '.join(row.cells())} |"


def _with_unit(value: float, unit: str) -> str:
    return f"{_shown(value)} {unit}"


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
