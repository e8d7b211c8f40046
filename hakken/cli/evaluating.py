"""The command `evaluate`: measure the model and its peers on a rating set."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from hakken.catalogue.catalogue import Catalogue
from hakken.cli.terminal import app, err, out, progress, show
from hakken.errors import EvaluationError
from hakken.evaluation import Folds, plots, report
from hakken.evaluation.modern import MODERN
from hakken.evaluation.plots import Panel
from hakken.evaluation.protocols import (
    choosing,
    cold_start,
    interviews,
    modern,
    ranking,
    rating,
    thin,
    watch_parties,
)
from hakken.evaluation.protocols.measuring import Asked, Measured, Pictures, Ranker
from hakken.ratings.ratings import Ratings


class Protocol(StrEnum):
    """Evaluation protocols."""

    rating = "rating"
    ranking = "ranking"
    choosing = "choosing"
    interviews = "interviews"
    cold_start = "cold-start"
    thin = "thin"
    modern = "modern"
    watch_parties = "watch-parties"


_FORMER_NAMES = {"newcomers": "cold-start", "evenings": "watch-parties"}
"""Names of earlier releases; they still work, but the help does not show them."""
_MEASURE: dict[Protocol, Callable[[Asked], Measured]] = {
    Protocol.rating: rating.measure,
    Protocol.ranking: ranking.measure,
    Protocol.choosing: choosing.measure,
    Protocol.interviews: interviews.measure,
    Protocol.cold_start: cold_start.measure,
    Protocol.thin: thin.measure,
    Protocol.modern: modern.measure,
    Protocol.watch_parties: watch_parties.measure,
}
_PICTURES: dict[Protocol, Callable[[Asked, Measured], Pictures]] = {
    Protocol.rating: lambda asked, _: rating.pictures(asked),
    Protocol.ranking: lambda asked, _: ranking.pictures(asked),
    Protocol.watch_parties: lambda _, measured: watch_parties.pictures(measured),
}
_USERS = {Protocol.choosing: 1000}
"""Default maximum number of unseen users for slow protocols; the others measure all."""


def _protocol(name: str) -> Protocol:
    name = _FORMER_NAMES.get(name, name)
    if name not in set(Protocol):
        raise typer.BadParameter(f"{name!r} is not one of {', '.join(Protocol)}.")
    return Protocol(name)


@app.command()
def evaluate(
    ratings: Annotated[Path, typer.Argument(help="Rating set, as `train` takes it.")],
    protocol: Annotated[
        Protocol,
        typer.Option(
            parser=_protocol,
            metavar="|".join(Protocol),
            help="Errors of predicted ratings; worth of the first ten recommendations; effect of filters; "
            "worth of the first questions; guesses about anime without ratings, and with few; new anime "
            "for today's people; fairness to groups.",
        ),
    ] = Protocol.rating,
    folds: Annotated[int, typer.Option(min=2, help="Number of parts in which users are unseen.")] = 5,
    users: Annotated[
        int | None,
        typer.Option(
            min=1, help="Measure at most this many unseen users.", show_default="all; choosing: 1000"
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed for unseen users and hidden ratings.")] = 0,
    models: Annotated[
        list[Ranker] | None,
        typer.Option(
            help="Ranking and modern: compare these; repeatable.", show_default="all", case_sensitive=False
        ),
    ] = None,
    min_raters: Annotated[
        int,
        typer.Option(
            min=0, help="Hakken does not recommend anime that fewer users rated; as shown: the bot's minimum."
        ),
    ] = 0,
    catalogue: Annotated[
        Path | None, typer.Option(help="Facts about the anime, as `train` takes them.")
    ] = None,
    lists: Annotated[
        Path | None,
        typer.Option(help="Modern: lists of today's people, in the form of a rating set; not trained on."),
    ] = None,
    since: Annotated[
        int, typer.Option(min=1900, max=2100, help="Modern: anime count as new from this year on.")
    ] = MODERN,
    plot_dir: Annotated[
        Path | None,
        typer.Option(
            "--plots", help="Draw curves into this directory; rating and ranking train for each point."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Measure the model on users that it did not see, beside its peers."""
    if plot_dir and protocol not in _PICTURES:
        raise EvaluationError(f"--protocol {protocol.value} has no curves to draw: leave out --plots")
    with progress() as step:
        step("reading the catalogue")
        facts = Catalogue.read(catalogue) if catalogue else Catalogue()
        everyone = Ratings.read(ratings, lambda share: step("reading the ratings", share))
        splits = _split(ratings, everyone, folds, users or _USERS.get(protocol), seed)
        people = _split(lists, Ratings.read(lists), folds, users, seed) if lists else None
        if plot_dir:
            plots.prepare(plot_dir)
        asked = Asked(splits, facts, models or list(Ranker), min_raters, step, people, since)
        measured = _MEASURE[protocol](asked)
        found = _summary(protocol, splits, measured)
        if plot_dir:
            pictures = _PICTURES[protocol](asked, measured)
            _draw(plot_dir, pictures, found)
            found["curves"] = {name: _curves(panels) for name, panels in pictures.items()}
    _print(found, measured, as_json)


def _split(path: Path, everyone: Ratings, folds: int, users: int | None, seed: int) -> Folds:
    try:
        return Folds(everyone, folds=folds, users=users, seed=seed)
    except EvaluationError as error:
        raise EvaluationError(f"{path}: {error}") from None


def _summary(protocol: Protocol, splits: Folds, measured: Measured) -> dict[str, Any]:
    return {
        "protocol": protocol.value,
        "ratings": len(splits.ratings),
        "folds": len(splits),
        "seed": splits.seed,
        "unseen_users": measured.unseen_users,
        "reference": measured.reference,
        **measured.about,
    }


def _draw(directory: Path, pictures: Pictures, found: dict[str, Any]) -> None:
    note = (
        f"{found['ratings']:,} ratings; {found['unseen_users']:,} unseen users in {found['folds']} folds, "
        f"seed {found['seed']}; bands: 95 % confidence"
    )
    for name, panels in pictures.items():
        plots.draw(directory / f"{name}.png", panels, note)


def _curves(panels: list[Panel]) -> list[dict[str, Any]]:
    return [
        {
            "figure": panel.y,
            "over": panel.x,
            "model": curve.name,
            "points": [{"at": at, "figure": report.for_machines(one)} for at, one in curve.points.items()],
        }
        for panel in panels
        for curve in panel.curves
    ]


def _print(found: dict[str, Any], measured: Measured, as_json: bool) -> None:
    if as_json:
        machine = {
            name: [{column: report.for_machines(cell) for column, cell in row.items()} for row in rows]
            for name, rows in measured.tables.items()
        }
        out.print_json(json.dumps(found | machine))
        return
    err.print(
        f"{found['ratings']:,} ratings; {found['unseen_users']:,} unseen users in {found['folds']} folds; "
        f"reference: {found['reference']}; ± 95 % confidence over users"
    )
    for rows in measured.tables.values():
        show(
            [{column: report.for_people(cell) for column, cell in row.items()} for row in rows], as_json=False
        )
