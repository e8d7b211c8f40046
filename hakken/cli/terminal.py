"""Shared parts of the commands: the app, both output streams, tables, a progress bar."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

app = typer.Typer(
    help="Hakken, the anime recommender: train a model on ratings and ask it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
# File names and texts from files are printed verbatim, even if they look like markup.
out = Console(markup=False, emoji=False, highlight=False)
err = Console(markup=False, emoji=False, highlight=False, stderr=True, soft_wrap=True)


def show(rows: list[dict[str, Any]], as_json: bool) -> None:
    """Print rows as JSON, or as a table whose heading comes from the first row's keys."""
    if as_json:
        out.print_json(json.dumps(rows))
        return
    table = Table(box=None)
    for name in rows[0] if rows else ():
        table.add_column(
            name.replace("_", " "), justify="left" if isinstance(rows[0][name], str) else "right"
        )
    for row in rows:
        table.add_row(*map(str, row.values()))
    out.print(table)


@contextmanager
def progress() -> Iterator[Callable[..., None]]:
    """Show a progress bar on standard error; yields a function that takes the step and its share done."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bars:
        bar = bars.add_task("", total=None)
        current = ""

        def step(name: str, share: float | None = None) -> None:
            nonlocal current
            total = None if share is None else 1.0
            if name != current:
                current = name
                bars.reset(bar, description=name, total=total)  # each step has its own pace
            bars.update(bar, total=total, completed=share or 0.0)

        yield step
