"""`train`: from a rating set to an artefact."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from hakken.catalogue import Catalogue
from hakken.cleaning import Cleaning, CleaningReport, clean
from hakken.cli.terminal import app, err, progress
from hakken.evaluation import Split, rmse, split_users, user_mean
from hakken.model import ItemKNNBaseline
from hakken.ratings import Ratings, ReadReport


def _none_or_several(count: int) -> int:
    if count == 1:
        raise typer.BadParameter("a single rating is always one score: give 2 or more, or 0.")
    return count


@app.command()
def train(
    ratings: Annotated[Path, typer.Argument(help="Rating set: CSV, TSV (gzipped or not) or Parquet.")],
    catalogue: Annotated[Path, typer.Option(help="Facts about the anime, tab-separated.")],
    directory: Annotated[
        Path, typer.Option("--out", help="Where the model goes; one that is there is replaced.")
    ],
    k: Annotated[int, typer.Option("-k", min=1, help="Neighbours that speak for one prediction.")] = 40,
    shrinkage: Annotated[float, typer.Option(min=0, help="Distrust of pairs with few common raters.")] = 100,
    neighbours: Annotated[int, typer.Option(min=0, help="Neighbours stored per anime; 0 stores all.")] = 400,
    reg_user: Annotated[float, typer.Option(min=0, help="Regularisation of the users' biases.")] = 15,
    reg_item: Annotated[float, typer.Option(min=0, help="Regularisation of the anime's biases.")] = 10,
    epochs: Annotated[int, typer.Option(min=1, help="Rounds of the alternating least squares.")] = 10,
    min_support: Annotated[int, typer.Option(min=1, help="Common raters that similar anime need.")] = 1,
    min_ratings: Annotated[int, typer.Option(min=1, help="Users with fewer ratings are left out.")] = 1,
    min_raters: Annotated[int, typer.Option(min=1, help="Anime that fewer users rated are left out.")] = 1,
    same_score_from: Annotated[
        int,
        typer.Option(
            min=0,
            callback=_none_or_several,
            help="Users who gave so many anime, and all of them, one score are left out; 0 keeps them.",
        ),
    ] = 10,
    music: Annotated[
        bool, typer.Option("--music/--no-music", help="Keep music videos, or leave out.")
    ] = False,
    holdout: Annotated[
        float,
        typer.Option(min=0, max=0.9, help="Share of users first held out to measure the error; 0: none."),
    ] = 0.1,
    seed: Annotated[int, typer.Option(help="Decides which users are held out.")] = 0,
) -> None:
    """Train a model on a rating set and save it with the catalogue."""

    def new_model() -> ItemKNNBaseline:
        return ItemKNNBaseline(k, shrinkage, neighbours or None, reg_user, reg_item, epochs, min_support)

    with progress() as step:
        step("reading the catalogue")
        facts = Catalogue.read(catalogue)
        step("reading the ratings")
        started = time.perf_counter()
        read = Ratings.read(ratings)
        metrics: dict[str, float | int] = {"read_seconds": round(time.perf_counter() - started, 3)}
        step("cleaning")
        started = time.perf_counter()
        cleaned = clean(read, Cleaning(min_ratings, min_raters, same_score_from or None, music), facts)
        everyone = cleaned.ratings
        metrics["clean_seconds"] = round(time.perf_counter() - started, 3)
        metrics |= _counts(read.report, cleaned.report)
        if holdout:
            step("measuring on users held out")
            metrics |= _measure(new_model(), split_users(everyone, users=holdout, seed=seed))
        step("training on all")
        model = new_model().fit(everyone, progress=step)
        step("saving")
        model.save(directory, facts, metrics)
    _tell_reading(read)
    _tell_cleaning(cleaned.report)
    if "rmse" in metrics:
        err.print(
            f"RMSE {metrics['rmse']} on {metrics['unseen_ratings']:,} ratings of {metrics['unseen_users']:,} "
            f"users it did not see (the user's own mean: {metrics['rmse_user_mean']})"
        )
    err.print(f"saved {len(model.anime_ids):,} anime to {directory}")


def _measure(model: ItemKNNBaseline, split: Split) -> dict[str, float | int]:
    """The errors on users that the model did not see; nothing where the set is too small to part."""
    if not len(split.train) or not split.unseen:
        return {}
    model.fit(split.train)
    return {
        "unseen_users": len(split.unseen),
        "unseen_ratings": sum(len(user.hidden) for user in split.unseen),
        "rmse": round(rmse(model.predict, split.unseen), 4),
        "rmse_user_mean": round(rmse(user_mean, split.unseen), 4),
    }


def _counts(reading: ReadReport, cleaning: CleaningReport) -> dict[str, float | int]:
    """What was dropped, for the manifest."""
    counts: dict[str, float | int] = {
        "lines": reading.lines,
        "lines_not_rated": reading.not_rated,
        "lines_repeated": reading.repeated,
        "lines_broken": sum(broken.lines for broken in reading.broken),
        "users_without_rating": reading.silent_users,
        "cleaning_rounds": cleaning.rounds,
    }
    for name, dropped in cleaning.by_reason.items():
        counts |= {f"cleaning_{name}_{what}": count for what, count in asdict(dropped).items() if count}
    return counts


def _tell_reading(ratings: Ratings) -> None:
    report = ratings.report
    err.print(
        f"read {report.lines:,} lines: {len(ratings):,} ratings of {len(ratings.anime_ids):,} anime by "
        f"{len(ratings.user_ids):,} users; dropped {report.not_rated:,} not rated, {report.repeated:,} "
        f"repeated, {report.silent_users:,} users without a rating"
    )
    for broken in report.broken:
        # The file's own text may look like markup.
        err.print(
            f"dropped {broken.lines:,} lines {broken.reason}; the first: {broken.first}",
            markup=False,
            highlight=False,
        )


def _tell_cleaning(report: CleaningReport) -> None:
    names = {
        "music": "music videos",
        "same_score": "users of one score",
        "few_ratings": "users with few ratings",
        "few_raters": "anime with few raters",
    }
    for reason, dropped in report.by_reason.items():
        if dropped.users or dropped.anime:
            counts = ", ".join(f"{count:,} {what}" for what, count in asdict(dropped).items() if count)
            err.print(f"left out {names[reason]}: {counts}")
    if report.rounds > 1:
        err.print(f"clean after {report.rounds} rounds")
