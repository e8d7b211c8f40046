"""The command `train`: train a model on a rating set, and save it as an artefact."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from hakken.catalogue.catalogue import Catalogue
from hakken.cli.terminal import app, err, progress
from hakken.errors import ArtefactError, RatingsError
from hakken.evaluation import Split, rmse, split_users, user_mean
from hakken.files import try_directory, unwritable
from hakken.model.item_knn import ItemKNNBaseline
from hakken.model.parameters import SURPRISE, InterestParameters, Parameters
from hakken.model.second_stage_trees import SecondStageTrees
from hakken.model.workers import DaskCluster, Threads, Workers
from hakken.progress import Progress
from hakken.ratings.cleaning import Cleaning, CleaningReport, clean
from hakken.ratings.ratings import Ratings, ReadReport
from hakken.recommend.questions import start_questions


def _none_or_several(count: int) -> int:
    if count == 1:
        raise typer.BadParameter("a single rating is always one score: give 2 or more, or 0.")
    return count


class Preset(StrEnum):
    """Presets of the model's parameters."""

    hakken = "hakken"
    surprise = "surprise"


_PRESETS = "the preset's"
PRESETS = {Preset.hakken: Parameters(), Preset.surprise: SURPRISE}

_INTEREST = InterestParameters()
MEASURED_USERS = 2000
"""Maximum number of held-out users: enough to measure the error to a hundredth; the others train."""


class Backend(StrEnum):
    """Workers that compute the similarities."""

    threads = "threads"
    dask = "dask"


@app.command()
def train(
    ratings: Annotated[Path, typer.Argument(help="Rating set: CSV, TSV (gzipped or not) or Parquet.")],
    catalogue: Annotated[Path, typer.Option(help="Facts about the anime: CSV or TSV.")],
    directory: Annotated[
        Path, typer.Option("--out", help="Directory of the model; an existing model is replaced.")
    ],
    preset: Annotated[
        Preset, typer.Option(help="Hakken's parameters, or those of scikit-surprise's KNNBaseline.")
    ] = Preset.hakken,
    k: Annotated[
        int | None,
        typer.Option("-k", min=1, help="Neighbours that count for a prediction.", show_default=_PRESETS),
    ] = None,
    shrinkage: Annotated[
        float | None,
        typer.Option(min=0, help="Shrinkage of pairs with few common raters.", show_default=_PRESETS),
    ] = None,
    neighbours: Annotated[
        int | None,
        typer.Option(min=0, help="Neighbours stored per anime; 0 stores all.", show_default=_PRESETS),
    ] = None,
    reg_user: Annotated[
        float | None,
        typer.Option(min=0, help="Regularisation of the users' biases.", show_default=_PRESETS),
    ] = None,
    reg_item: Annotated[
        float | None,
        typer.Option(min=0, help="Regularisation of the anime's biases.", show_default=_PRESETS),
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(min=1, help="Rounds of the alternating least squares.", show_default=_PRESETS),
    ] = None,
    min_support: Annotated[
        int | None,
        typer.Option(min=1, help="Common raters that similar anime need.", show_default=_PRESETS),
    ] = None,
    amplification: Annotated[
        float | None,
        typer.Option(min=0.01, help="How much more the most similar count.", show_default=_PRESETS),
    ] = None,
    damping: Annotated[
        float | None,
        typer.Option(min=0, help="Evidence needed to leave the baseline.", show_default=_PRESETS),
    ] = None,
    interest_reg: Annotated[
        float, typer.Option(min=0.001, help="Interest: regularisation of the closed form.")
    ] = _INTEREST.reg,
    interest_kept: Annotated[
        int, typer.Option(min=1, help="Interest: weights stored per anime on average.")
    ] = _INTEREST.kept,
    likes: Annotated[
        int, typer.Option(min=1, help="Similar anime used for an anime with few raters.")
    ] = _INTEREST.likes,
    rarity: Annotated[
        float, typer.Option(min=0, max=2, help="How much less well-known anime are favoured.")
    ] = _INTEREST.rarity,
    keenness: Annotated[
        float, typer.Option(min=0, max=100, help="How much the predicted rating counts in the choice.")
    ] = _INTEREST.keenness,
    min_ratings: Annotated[int, typer.Option(min=1, help="Users with fewer ratings are left out.")] = 1,
    min_raters: Annotated[int, typer.Option(min=1, help="Anime that fewer users rated are left out.")] = 1,
    same_score_from: Annotated[
        int,
        typer.Option(
            min=0,
            callback=_none_or_several,
            help="Users with this many ratings or more, all the same score, are left out; 0 keeps them.",
        ),
    ] = 10,
    music: Annotated[
        bool, typer.Option("--music/--no-music", help="Keep music videos, or leave out.")
    ] = False,
    holdout: Annotated[
        float,
        typer.Option(
            min=0,
            max=0.9,
            help=f"Share of users, at most {MEASURED_USERS:,}, first held out to measure the error; 0: none.",
        ),
    ] = 0.1,
    todays_lists: Annotated[
        Path | None,
        typer.Option(
            help="Rating set of today's people, for an old one: they teach the second stage how much to show "
            "of new anime, and no number of a single anime."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed for the users that are held out.")] = 0,
    backend: Annotated[
        Backend, typer.Option(help="Compute similarities in threads here, or on a Dask cluster.")
    ] = Backend.threads,
    threads: Annotated[
        int | None, typer.Option(min=1, help="How many threads.", show_default="all processors")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="The Dask scheduler's address, such as tcp://10.0.0.5:8786.")
    ] = None,
) -> None:
    """Train a model on a rating set and save it with the catalogue."""
    options = {
        "k": k,
        "shrinkage": shrinkage,
        "neighbours": neighbours,
        "reg_user": reg_user,
        "reg_item": reg_item,
        "epochs": epochs,
        "min_support": min_support,
        "amplification": amplification,
        "damping": damping,
    }
    parameters = _parameters(preset, options) | {
        "interest": InterestParameters(
            reg=interest_reg, kept=interest_kept, likes=likes, rarity=rarity, keenness=keenness
        )
    }
    model = ItemKNNBaseline(**parameters)
    workers = _workers(backend, threads, scheduler)
    _try_out(directory)
    if holdout:
        _try_lightgbm()
    elif todays_lists:
        raise typer.BadParameter(
            "the second stage learns from users held out: leave out --holdout 0.", param_hint="--todays-lists"
        )
    with progress() as step:
        step("reading the catalogue")
        facts = Catalogue.read(catalogue)
        todays = Ratings.read(todays_lists).lists() if todays_lists else []
        started = time.perf_counter()
        read = Ratings.read(ratings, lambda share: step("reading the ratings", share))
        metrics: dict[str, float | int] = {"read_seconds": round(time.perf_counter() - started, 3)}
        step("cleaning")
        started = time.perf_counter()
        cleaned = clean(read, Cleaning(min_ratings, min_raters, same_score_from or None, music), facts)
        everyone = cleaned.ratings
        metrics["clean_seconds"] = round(time.perf_counter() - started, 3)
        metrics |= _counts(read.report, cleaned.report)
        if not len(everyone):
            raise RatingsError(f"{ratings}: holds no score from 1 to 10; there is nothing to learn from")
        _tell_catalogue(facts)
        _tell_reading(read)
        _tell_cleaning(cleaned.report)
        del read, cleaned
        second_stage = SecondStageTrees.none()
        if holdout:
            share = min(holdout, MEASURED_USERS / max(len(everyone.user_ids), 1))
            split = split_users(everyone, users=share, seed=seed)
            measured = ItemKNNBaseline(**parameters)
            metrics |= _measure(measured, split, workers, facts, step)
            second_stage = _second_stage(
                parameters, everyone, measured, split, facts, todays, seed, workers, step
            )
            del split, measured
        model.fit(everyone, step, workers, facts)
        model.second_stage = second_stage
        step("questions for new members", 0)
        model.questions = start_questions(everyone, facts)
        step("saving")
        model.save(directory, facts, metrics)
    if "rmse" in metrics:
        err.print(
            f"RMSE {metrics['rmse']} on {metrics['unseen_ratings']:,} ratings of {metrics['unseen_users']:,} "
            f"users it did not see (the user's own mean: {metrics['rmse_user_mean']})"
        )
    err.print(f"saved {len(model.anime_ids):,} anime to {directory}")


def _parameters(preset: Preset, options: Mapping[str, float | None]) -> dict[str, Any]:
    """Return the preset's parameters, overridden by the given options."""
    parameters = asdict(PRESETS[preset])
    parameters |= {name: value for name, value in options.items() if value is not None}
    return parameters | {"neighbours": parameters["neighbours"] or None}  # on the command line, 0 is all


def _workers(backend: Backend, threads: int | None, scheduler: str | None) -> Workers:
    if backend is Backend.threads:
        if scheduler:
            raise typer.BadParameter("a scheduler is Dask's: add --backend dask.", param_hint="--scheduler")
        return Threads(threads)
    if not scheduler:
        raise typer.BadParameter(
            "Dask needs --scheduler ADDRESS, which 'dask scheduler' prints.", param_hint="--backend"
        )
    return DaskCluster(scheduler)


def _try_out(directory: Path) -> None:
    """Raise if the directory cannot be written, before an hour's work is lost."""
    try:
        try_directory(directory)
    except OSError as error:
        raise ArtefactError(f"{directory}: the model cannot be saved there: {unwritable(error)}") from error


def _try_lightgbm() -> None:
    """Raise if LightGBM cannot be loaded, before an hour's work is lost."""
    try:
        import lightgbm  # noqa: F401  # slow to import, and no other command needs it
    except (ImportError, OSError) as error:
        raise typer.BadParameter(
            f"LightGBM, which learns the second stage, cannot be loaded ({error}): install what it needs, on "
            "Linux libgomp, or train without a second stage: --holdout 0.",
            param_hint="--holdout",
        ) from error


def _measure(
    model: ItemKNNBaseline, split: Split, workers: Workers, facts: Catalogue, progress: Progress
) -> dict[str, float | int]:
    """Measure the errors on unseen users; returns nothing if the set is too small to split."""
    if not len(split.train) or not split.unseen:
        return {}
    model.fit(
        split.train,
        lambda step, share: progress(f"measuring on users held out: {step}", share),
        workers,
        facts,
    )
    progress("measuring on users held out: predictions", 0)
    return {
        "unseen_users": len(split.unseen),
        "unseen_ratings": sum(len(user.hidden) for user in split.unseen),
        "rmse": round(rmse(model.predict, split.unseen), 4),
        "rmse_user_mean": round(rmse(user_mean, split.unseen), 4),
    }


def _second_stage(
    parameters: dict[str, Any],
    everyone: Ratings,
    measured: ItemKNNBaseline,
    split: Split,
    facts: Catalogue,
    todays: Sequence[Mapping[int, float]],
    seed: int,
    workers: Workers,
    progress: Progress,
) -> SecondStageTrees:
    """Learn the second stage from the users held out, or, if there are few, from all in turn."""
    from hakken.evaluation.two_stages import FEW_USERS, learn_from_folds, learn_from_unseen  # loads LightGBM

    if len(everyone.user_ids) > FEW_USERS:
        return learn_from_unseen(measured, split.unseen, facts, todays, seed=seed, progress=progress)
    return learn_from_folds(
        lambda: ItemKNNBaseline(**parameters),
        everyone,
        facts,
        todays,
        seed=seed,
        workers=workers,
        progress=progress,
    )


def _counts(reading: ReadReport, cleaning: CleaningReport) -> dict[str, float | int]:
    """Count the dropped lines, users and anime, for the manifest."""
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


def _tell_catalogue(facts: Catalogue) -> None:
    for what, dropped in (("rows", facts.report.dropped), ("cells", facts.report.passed_over)):
        for one in dropped:
            err.print(f"catalogue: dropped {one.count:,} {what} {one.reason}; the first: {one.first}")


def _tell_reading(ratings: Ratings) -> None:
    report = ratings.report
    err.print(
        f"read {report.lines:,} lines: {len(ratings):,} ratings of {len(ratings.anime_ids):,} anime by "
        f"{len(ratings.user_ids):,} users; dropped {report.not_rated:,} not rated, {report.repeated:,} "
        f"repeated, {report.silent_users:,} users without a rating"
    )
    for broken in report.broken:
        err.print(f"dropped {broken.lines:,} lines {broken.reason}; the first: {broken.first}")


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
