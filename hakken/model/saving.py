"""A model as an artefact: which arrays and parameters are written, and how they are read back."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hakken import artefact
from hakken.catalogue.catalogue import Catalogue
from hakken.errors import ArtefactError
from hakken.model.fitted import FittedModel
from hakken.model.parameters import InterestParameters, Parameters
from hakken.model.second_stage_trees import SecondStageTrees

log = logging.getLogger(__name__)

_OF_INTEREST = "interest_"
"""Prefix of the interest parameters' names in a manifest."""


@dataclass(frozen=True, slots=True)
class SavedModel:
    """All of a model that is saved."""

    fitted: FittedModel
    parameters: Parameters
    interest_parameters: InterestParameters
    questions: tuple[int, ...]
    """Anime ids to ask a new member about, the most informative first."""
    second_stage: SecondStageTrees
    """What the best matches are ordered by."""


def write(
    directory: str | Path, model: SavedModel, catalogue: Catalogue, metrics: Mapping[str, float | int]
) -> None:
    """Write a model as an artefact, completely or not at all; see `hakken.artefact`.

    Raises:
        ArtefactError: the artefact cannot be written.
    """
    artefact.write(
        directory,
        {
            **model.fitted.arrays(),
            **model.second_stage.arrays(),
            "questions": np.array(model.questions, np.int32),
        },
        {"catalogue": catalogue.save},
        parameters=asdict(model.parameters)
        | {_OF_INTEREST + name: value for name, value in asdict(model.interest_parameters).items()},
        data=model.fitted.data,
        metrics={**model.fitted.metrics, **metrics},
    )


def read(directory: str | Path) -> SavedModel:
    """Map a saved model into memory.

    Raises:
        ArtefactError: it is missing, damaged or of another version; the message names the file and the
            remedy.
    """
    stored = artefact.read(directory)
    manifest = stored.manifest
    try:
        parameters, interest = _parted(manifest.parameters)
        fitted = FittedModel.of_arrays(
            stored.arrays, interest.slope, interest.say, manifest.data, manifest.metrics
        )
        second_stage = SecondStageTrees.of_arrays(stored.arrays)
        if not len(second_stage.trees):
            log.info("%s: has no second stage, so picks fit a little worse: train it again", directory)
        return SavedModel(fitted, parameters, interest, _questions(stored.arrays["questions"]), second_stage)
    except (KeyError, TypeError, ValueError) as error:
        raise ArtefactError(
            f"{Path(directory) / artefact.MANIFEST}: does not describe a model ({error}); train it again"
        ) from error


def _parted(parameters: Mapping[str, float | None]) -> tuple[Parameters, InterestParameters]:
    """Split the parameters in a manifest into those of the formula and those of the interest."""
    of_interest = {name for name in parameters if name.startswith(_OF_INTEREST)}
    interest: dict[str, Any] = {name.removeprefix(_OF_INTEREST): parameters[name] for name in of_interest}
    others: dict[str, Any] = {name: value for name, value in parameters.items() if name not in of_interest}
    return Parameters(**others), InterestParameters(**interest)


def _questions(stored: NDArray[Any]) -> tuple[int, ...]:
    if stored.dtype != np.int32 or stored.ndim != 1 or np.any(stored < 1):
        raise ValueError("questions is no sequence of anime ids")
    return tuple(stored.tolist())
