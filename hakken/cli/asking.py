"""The commands `recommend`, `predict`, `similar` and `info`: query a trained model."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from hakken import artefact
from hakken.catalogue.catalogue import Catalogue
from hakken.catalogue.search import TitleSearch
from hakken.cli.member_lists import Top, member_of, read_bytes
from hakken.cli.terminal import app, err, out, show
from hakken.errors import HakkenError
from hakken.model.item_knn import ItemKNNBaseline
from hakken.ratings.reading import MAX_ANIME_ID
from hakken.recommend.filters import MIN_RATERS, Filters, with_ecchi_if_wanted
from hakken.recommend.recommender import Recommender

STARTER = Path(__file__).resolve().parent.parent.parent / "data" / "starter"
"""The model that comes with the repository."""

REASONS_SHOWN = 2
MOST_DIGITS = 10
MOST_SHOWN = 40
"""Maximum number of characters of the input that a message repeats."""


ModelDir = Annotated[
    Path, typer.Option("--model", help="Directory of the model.", show_default="the starter model")
]
ListFile = Annotated[
    Path,
    typer.Option(
        "--list", help="One member's list: an export of a site, or a table of titles or ids, and scores."
    ),
]
OutOf = Annotated[
    Top | None,
    typer.Option("--out-of", help="The best score of the list's scale, if the list leaves it open."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


class AdventureChoice(StrEnum):
    """See `Filters.adventure`."""

    well_known = "well-known"
    balanced = "balanced"
    hidden_gems = "hidden gems"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _anime_id(digits: str) -> int:
    # Check the length first: Python refuses to parse numbers with thousands of digits.
    if (
        digits.isascii()
        and digits.isdecimal()
        and len(digits) <= MOST_DIGITS
        and 1 <= int(digits) <= MAX_ANIME_ID
    ):
        return int(digits)
    raise HakkenError(
        f"'{_shown(digits)}' is not an anime id, a whole number from 1 to {MAX_ANIME_ID}: "
        "'python -m hakken similar TITLE' finds ids"
    )


@app.command()
def recommend(
    list_file: ListFile,
    out_of: OutOf = None,
    n: Annotated[int, typer.Option("-n", min=1, help="How many.")] = 10,
    adventure: Annotated[AdventureChoice, typer.Option(help="How far off the beaten track.")] = (
        AdventureChoice.balanced
    ),
    sequels: Annotated[
        bool, typer.Option("--sequels/--no-sequels", help="Also parts that need an unseen one.")
    ] = False,
    min_raters: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Leave out anime that fewer users rated.",
            show_default=f"{MIN_RATERS}, or as widely known",
        ),
    ] = None,
    model: ModelDir = STARTER,
    as_json: AsJson = False,
) -> None:
    """Recommend anime to a member as the bot does, the highest predicted rating first."""
    content = read_bytes(list_file)
    known, facts = _load(model)
    member = member_of(list_file, content, facts, out_of)
    asked = Filters(
        adventure=adventure.value, sequels="include" if sequels else "first", min_raters=min_raters
    )
    filters = with_ecchi_if_wanted(asked, member.ratings, facts)
    picks = Recommender(known, facts, min_raters=MIN_RATERS).recommend(member, n, filters)
    if not picks:
        least = MIN_RATERS if min_raters is None else min_raters
        raise HakkenError(f"no unrated anime has {least} raters in this model: lower --min-raters")
    rows: list[dict[str, Any]] = [
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
    show(rows if as_json else [{**row, "because": _reasons(row["because"])} for row in rows], as_json)


@app.command()
def predict(
    list_file: ListFile,
    anime: Annotated[
        list[int],
        typer.Option(parser=_anime_id, metavar="ID", help="MyAnimeList id; may be given several times."),
    ],
    out_of: OutOf = None,
    model: ModelDir = STARTER,
    as_json: AsJson = False,
) -> None:
    """Predict what a member would give to these anime."""
    content = read_bytes(list_file)
    known, facts = _load(model)
    predicted = known.predict(member_of(list_file, content, facts, out_of).ratings, anime)
    show(
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
    asked_id = _anime_id(anime) if _is_number(anime) else None
    known, facts = _load(model)
    anime_id = asked_id or _find(facts, anime)
    found = known.similar(anime_id, n)
    if not found:
        raise HakkenError(f"{facts.title(anime_id)}: the model knows nothing similar to it")
    err.print(f"similar to {facts.title(anime_id)} ({anime_id})")
    show(
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
            out.print(f"{name} {part}".strip().ljust(32), figure, soft_wrap=True)


def _load(directory: Path) -> tuple[ItemKNNBaseline, Catalogue]:
    with err.status("loading the model"):
        known, facts = ItemKNNBaseline.load(directory), Catalogue.of_model(directory)
        known.recommend({int(known.anime_ids[0]): 8.0}, 1)  # compile the kernels while the status is shown
    return known, facts


def _find(facts: Catalogue, title: str) -> int:
    search = TitleSearch(facts)
    exact = search.exact(title)
    if exact is not None:
        return exact
    nearest = [f"{match.title} ({match.anime_id})" for match in search.find(title, 3)]
    hint = f"did you mean {', '.join(nearest)}?" if nearest else "and none is near it"
    raise HakkenError(f"no single anime has the title '{_shown(title)}': {hint}")


def _reasons(because: list[dict[str, Any]]) -> str:
    raised = [reason for reason in because if reason["contribution"] > 0][:REASONS_SHOWN]
    return ", ".join(f"{reason['title']}: {reason['score']:g}" for reason in raised)


def _shown(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
