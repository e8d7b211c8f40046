"""The command line: train a model, measure it and ask it, without Discord."""

from __future__ import annotations

from hakken.cli import asking, evaluating, fetching, synthesising, training
from hakken.cli.terminal import app, err
from hakken.errors import HakkenError

__all__ = ["asking", "evaluating", "fetching", "main", "synthesising", "training"]


def main() -> None:
    """Run the command line; an error that the user can mend is one line and exit status 2."""
    try:
        app()
    except HakkenError as error:
        err.print(f"hakken: {error}", markup=False, highlight=False)
        raise SystemExit(2) from None
