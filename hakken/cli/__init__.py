"""The command line: train a model, measure it and ask it, without Discord."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from hakken.cli import asking, evaluating, fetching, synthesising, training
from hakken.cli.terminal import app, err
from hakken.errors import HakkenError

__all__ = ["asking", "evaluating", "fetching", "main", "synthesising", "training"]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; an error that the user can mend is one line and exit status 2.

    Args:
        arguments: what follows the program's name; by default those of this process.

    Raises:
        SystemExit: always, with the exit status.
    """
    try:
        app(arguments)
    except HakkenError as error:
        err.print(f"hakken: {error}")
        raise SystemExit(2) from None
    raise SystemExit(0)
