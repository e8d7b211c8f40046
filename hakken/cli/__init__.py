"""The command line: train, evaluate and query a model, without Discord."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from hakken.cli import asking, evaluating, fetching, synthesising, training
from hakken.cli.terminal import app, err
from hakken.errors import HakkenError

__all__ = ["asking", "evaluating", "fetching", "main", "synthesising", "training"]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; errors that the user can fix print one line and exit with status 2.

    Args:
        arguments: the arguments after the program's name; by default those of this process.

    Raises:
        SystemExit: always, with the exit status.
    """
    try:
        app(arguments)
    except HakkenError as error:
        err.print(f"hakken: {error}")
        raise SystemExit(2) from None
    raise SystemExit(0)
