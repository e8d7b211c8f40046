"""The command `synthetic`: write a synthetic rating set of any size to a file, for experiments."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from hakken.cli.terminal import app, err, progress
from hakken.errors import HakkenError
from hakken.files import unwritable, written_whole, zipped
from hakken.ratings.synthetic import Block, MadeUpAnime, MadeUpSet, Shape
from hakken.ratings.synthetic_catalogue import made_up_catalogue

if TYPE_CHECKING:
    import pyarrow as pa  # slow to import, and no other command needs it

_COMPLETED, _PLANNED = 2, 6
"""Statuses of `my_status`."""
_EPISODES = 12
_FIRST_UPDATE, _LAST_UPDATE = 1_167_609_600, 1_526_860_800
"""2007 to May 2018, when azathoth42's set was collected; seconds since 1970."""
_NO_DATE = "0000-00-00"
_ROWS_SEED = 3
_FASTEST = 1
"""Three times as fast as the default, and synthetic sets are not kept for long."""


@app.command()
def synthetic(
    file: Annotated[Path, typer.Option("--out", help="Where the ratings go; gzipped if it ends in .gz.")],
    users: Annotated[int, typer.Option(help="Number of users, each with at least one rating.")] = 116_000,
    anime: Annotated[int, typer.Option(help="How many anime.")] = 14_000,
    ratings: Annotated[int, typer.Option(help="How many ratings.")] = 45_000_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random numbers.")] = 0,
    plain: Annotated[bool, typer.Option("--plain", help="Only user_id, anime_id and score.")] = False,
    unrated: Annotated[
        float, typer.Option(min=0, max=0.9, help="Share of the rows that hold no score but a 0.")
    ] = 0.0,
    catalogue: Annotated[Path | None, typer.Option(help="Also write a catalogue of the anime.")] = None,
) -> None:
    """Generate ratings with the shape of real ones, and write them in the format of the public set."""
    if catalogue and catalogue.resolve() == file.resolve():
        raise HakkenError(f"{file}: ratings and catalogue cannot be one file: give --catalogue another name")
    made_up = MadeUpSet(Shape(users, anime, ratings), seed)
    rows_of = _plain_rows if plain else _list_rows
    with ExitStack() as files, progress() as step:
        step("making up anime")
        if catalogue:
            made_up_catalogue(made_up.anime, seed).write(files.enter_context(_whole(catalogue)))
        step("making up ratings")
        # Opened last, so that errors from here on name this file.
        target = files.enter_context(_whole(file))
        text: IO[bytes] | gzip.GzipFile = target
        if file.suffix == ".gz":
            text = files.enter_context(zipped(target, _FASTEST))
        written = done = 0
        for block in made_up.blocks():
            batch = rows_of(made_up.anime, unrated, seed, block)
            if not written:
                text.write((",".join(batch.schema.names) + "\n").encode())
            _write(batch, text)
            written += len(batch)
            done += len(block.anime)
            step("making up ratings", done / ratings)
    err.print(f"wrote {written:,} rows, {ratings:,} of them ratings, to {file}")


def _plain_rows(anime: MadeUpAnime, unrated: float, seed: int, block: Block) -> pa.RecordBatch:
    import pyarrow as pa

    users, rows, scores = _with_unrated(block, len(anime.ids), unrated, seed)
    return pa.record_batch({"user_id": users, "anime_id": anime.ids[rows], "score": scores})


def _list_rows(anime: MadeUpAnime, unrated: float, seed: int, block: Block) -> pa.RecordBatch:
    """Make rows in the format of azathoth42's UserAnimeList.csv."""
    import pyarrow as pa
    import pyarrow.compute as pc

    users, rows, scores = _with_unrated(block, len(anime.ids), unrated, seed)
    random = np.random.default_rng((seed, _ROWS_SEED, block.first_user))
    n, rated = len(users), scores > 0
    digits = pa.array(users).cast(pa.string())
    nothing, zero = pa.array([""] * n), pa.array(np.zeros(n, np.int8))
    no_date = pa.array([_NO_DATE] * n)
    return pa.record_batch(
        {
            "username": pc.binary_join_element_wise("user", digits, ""),
            "anime_id": anime.ids[rows],
            "my_watched_episodes": np.where(rated, _EPISODES, 0),
            "my_start_date": no_date,
            "my_finish_date": no_date,
            "my_score": scores,
            "my_status": np.where(rated, _COMPLETED, _PLANNED),
            "my_rewatching": nothing,
            "my_rewatching_ep": zero,
            "my_last_updated": random.integers(_FIRST_UPDATE, _LAST_UPDATE, n),
            "my_tags": nothing,
        }
    )


def _with_unrated(
    block: Block, n_anime: int, share: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
    """User ids, anime rows and scores of a block, with unrated anime of score 0 after each list's own.

    A list with too few unrated anime left gets all of them.
    """
    random = np.random.default_rng((seed, _ROWS_SEED, block.first_user, 0))
    users, rows, scores = [], [], []
    ends = np.cumsum(block.lengths)[:-1]
    lists = zip(np.split(block.anime, ends), np.split(block.scores, ends), strict=True)
    for user, (listed, given) in enumerate(lists, block.first_user + 1):
        wanted = random.poisson(len(listed) * share / (1 - share))
        if wanted:
            left = np.delete(np.arange(n_anime), listed)
            planned = random.permutation(left)[:wanted]
            listed, given = np.append(listed, planned), np.append(given, np.zeros(len(planned)))
        users.append(np.full(len(listed), user))
        rows.append(listed)
        scores.append(given.astype(np.int8))
    return np.concatenate(users), np.concatenate(rows), np.concatenate(scores)


def _write(batch: pa.RecordBatch, text: IO[bytes] | gzip.GzipFile) -> None:
    import pyarrow as pa
    import pyarrow.csv

    sink = pa.BufferOutputStream()
    options = pa.csv.WriteOptions(include_header=False, quoting_style="none")
    pa.csv.write_csv(batch, sink, options)
    text.write(sink.getvalue())


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """Wrap `written_whole` to raise a HakkenError with the remedy."""
    try:
        with written_whole(path) as file:
            yield file
    except OSError as error:
        raise HakkenError(f"{path}: cannot be written: {unwritable(error)}") from error
