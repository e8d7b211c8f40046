"""The command line: train a model and ask it, without Discord."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

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

from hakken import artefact
from hakken.catalogue import Catalogue
from hakken.errors import HakkenError
from hakken.evaluation import Split, rmse, split_users, user_mean
from hakken.model import ItemKNNBaseline
from hakken.ratings import Ratings, read_list
from hakken.search import TitleSearch

STARTER = Path(__file__).resolve().parent.parent / "data" / "starter"
"""The model that comes with the repository."""

REASONS_SHOWN = 2

app = typer.Typer(
    help="Hakken, the anime recommender: train a model on ratings and ask it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console()
err = Console(stderr=True, soft_wrap=True)

ModelDir = Annotated[
    Path, typer.Option("--model", help="Directory of the model.", show_default="the starter model")
]
ListFile = Annotated[Path, typer.Option("--list", help="A CSV of one member's ratings: anime_id, score.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def main() -> None:
    """Run the command line; an error that the user can mend is one line and exit status 2."""
    try:
        app()
    except HakkenError as error:
        err.print(f"hakken: {error}", markup=False, highlight=False)
        raise SystemExit(2) from None


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
    holdout: Annotated[
        float,
        typer.Option(min=0, max=0.9, help="Share of users first held out to measure the error; 0: none."),
    ] = 0.1,
    seed: Annotated[int, typer.Option(help="Decides which users are held out.")] = 0,
) -> None:
    """Train a model on a rating set and save it with the catalogue."""

    def new_model() -> ItemKNNBaseline:
        return ItemKNNBaseline(k, shrinkage, neighbours or None, reg_user, reg_item, epochs, min_support)

    with _progress() as step:
        step("reading the catalogue")
        facts = Catalogue.read(catalogue)
        step("reading the ratings")
        started = time.perf_counter()
        everyone = Ratings.read(ratings)
        metrics: dict[str, float | int] = {"read_seconds": round(time.perf_counter() - started, 3)}
        if holdout:
            step("measuring on users held out")
            metrics |= _measure(new_model(), split_users(everyone, users=holdout, seed=seed))
        step("training on all")
        model = new_model().fit(everyone, progress=step)
        step("saving")
        model.save(directory, facts, metrics)
    report = everyone.report
    err.print(
        f"read {report.lines:,} lines: {len(everyone):,} ratings of {len(everyone.anime_ids):,} anime by "
        f"{len(everyone.user_ids):,} users; "
        f"dropped {report.not_rated:,} not rated, {report.repeated:,} repeated"
    )
    if "rmse" in metrics:
        err.print(
            f"RMSE {metrics['rmse']} on {metrics['unseen_ratings']:,} ratings of {metrics['unseen_users']:,} "
            f"users it did not see (the user's own mean: {metrics['rmse_user_mean']})"
        )
    err.print(f"saved {len(model.anime_ids):,} anime to {directory}")


@app.command()
def recommend(
    list_file: ListFile,
    n: Annotated[int, typer.Option("-n", min=1, help="How many.")] = 10,
    min_raters: Annotated[int, typer.Option(min=0, help="Leave out anime that fewer users rated.")] = 50,
    model: ModelDir = STARTER,
    as_json: AsJson = False,
) -> None:
    """Recommend anime to a member, the highest predicted rating first."""
    known, facts = _load(model)
    picks = known.recommend(read_list(list_file), n, min_raters=min_raters)
    if not picks:
        raise HakkenError(f"no unrated anime has {min_raters} raters in this model: lower --min-raters")
    rows = [
        {
            "anime_id": pick.anime_id,
            "title": facts.title(pick.anime_id),
            "predicted": round(pick.predicted, 2),
            "because": [
                {
                    "anime_id": reason.anime_id,
                    "title": facts.title(reason.anime_id),
                    "score": reason.score,
                    "similarity": round(reason.similarity, 4),
                    "contribution": round(reason.contribution, 4),
                }
                for reason in pick.because
            ],
        }
        for pick in picks
    ]
    _show(rows, as_json)


@app.command()
def predict(
    list_file: ListFile,
    anime: Annotated[list[int], typer.Option(help="MyAnimeList id; may be given several times.")],
    model: ModelDir = STARTER,
    as_json: AsJson = False,
) -> None:
    """Predict what a member would give to these anime."""
    known, facts = _load(model)
    predicted = known.predict(read_list(list_file), anime)
    _show(
        [
            {"anime_id": anime_id, "title": facts.title(anime_id), "predicted": round(float(rating), 2)}
            for anime_id, rating in zip(anime, predicted, strict=True)
        ],
        as_json,
    )


@app.command()
def similar(
    anime: Annotated[str, typer.Argument(help="MyAnimeList id, or a title.")],
    n: Annotated[int, typer.Option("-n", min=1, help="How many.")] = 10,
    model: ModelDir = STARTER,
    as_json: AsJson = False,
) -> None:
    """Show the anime that are liked by the same people."""
    known, facts = _load(model)
    anime_id = int(anime) if anime.isdecimal() else _find(facts, anime)
    found = known.similar(anime_id, n)
    if not found:
        raise HakkenError(f"{facts.title(anime_id)}: the model knows nothing similar to it")
    err.print(f"similar to {facts.title(anime_id)} ({anime_id})", markup=False)
    _show(
        [
            {
                "anime_id": one.anime_id,
                "title": facts.title(one.anime_id),
                "similarity": round(one.similarity, 4),
            }
            for one in found
        ],
        as_json,
    )


@app.command()
def info(model: ModelDir = STARTER, as_json: AsJson = False) -> None:
    """Say what the model was trained on, how, and how well it does."""
    manifest = artefact.read(model).manifest
    facts = manifest.model_dump(include={"format", "parameters", "data", "metrics"})
    facts["bytes"] = sum(entry.bytes for entry in manifest.files.values())
    if as_json:
        out.print_json(json.dumps(facts))
        return
    for name, value in facts.items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        for part, figure in parts:
            out.print(f"{name} {part}".strip().ljust(32), figure, highlight=False, soft_wrap=True)


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


def _load(directory: Path) -> tuple[ItemKNNBaseline, Catalogue]:
    with err.status("loading the model"):
        known, facts = ItemKNNBaseline.load(directory), Catalogue.of_model(directory)
        known.recommend({}, 1)  # compiled here, where someone who waits sees it
    return known, facts


def _find(facts: Catalogue, title: str) -> int:
    search = TitleSearch(facts)
    exact = search.exact(title)
    if exact is not None:
        return exact
    nearest = [f"{match.title} ({match.anime_id})" for match in search.find(title, 3)]
    hint = f"did you mean {', '.join(nearest)}?" if nearest else "and none is near it"
    raise HakkenError(f"no single anime has the title '{title}': {hint}")


def _show(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        out.print_json(json.dumps(rows))
        return
    table = Table(box=None)
    for name in rows[0] if rows else ():
        table.add_column(name.replace("_", " "), justify="left" if name in ("title", "because") else "right")
    for row in rows:
        table.add_row(*(_reasons(cell) if name == "because" else str(cell) for name, cell in row.items()))
    out.print(table, markup=False)


def _reasons(because: list[dict[str, Any]]) -> str:
    raised = [reason for reason in because if reason["contribution"] > 0][:REASONS_SHOWN]
    return ", ".join(f"{reason['title']}: {reason['score']:g}" for reason in raised)


@contextmanager
def _progress() -> Iterator[Callable[..., None]]:
    """A bar on standard error; what yields is told the step and, where it is known, the share done."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bars:
        bar = bars.add_task("", total=None)

        def step(name: str, share: float | None = None) -> None:
            bars.update(bar, description=name, total=None if share is None else 1.0, completed=share or 0.0)

        yield step
