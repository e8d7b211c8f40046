"""The command `fetch`: download the full rating set from Kaggle."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from hakken.cli.terminal import app, err
from hakken.ratings.kaggle import fetch as download
from hakken.ratings.kaggle import fetched


@app.command()
def fetch(
    directory: Annotated[Path, typer.Option("--out", help="Where the files go.")] = Path("data/raw"),
) -> None:
    """Download 45 million MyAnimeList ratings from Kaggle; run it again to resume after an interruption."""
    found = fetched(directory)
    if found:
        err.print(f"{directory}: the rating set is there already")
    else:
        found = download(directory, lambda step: err.print(step))
    # Use the directory as the caller wrote it, so that the command can be copied.
    ratings, catalogue = (directory / path.name for path in (found.ratings, found.catalogue))
    command = ["python", "-m", "hakken", "train", str(ratings), "--catalogue", str(catalogue)]
    err.print("next:", shlex.join([*command, "--out", "data/model"]))
