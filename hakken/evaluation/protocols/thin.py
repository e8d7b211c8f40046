"""`evaluate --protocol thin`: how well anime with few raters are served."""

from __future__ import annotations

from hakken.evaluation.protocols.cold_start import hakken_guesser
from hakken.evaluation.protocols.measuring import Asked, Measured
from hakken.evaluation.thin import LEFT, ROUNDS, measure_thin, thin_table


def measure(asked: Asked) -> Measured:
    """Measure predictions and rankings of anime of which few ratings are left, for each number of raters.

    Raises:
        EvaluationError: there is no catalogue, which is needed for the facts, or the rating set is too small.
    """
    catalogue = asked.catalogue
    found = measure_thin(
        hakken_guesser(catalogue), asked.splits, catalogue, seed=asked.splits.seed, progress=asked.step
    )
    return Measured(
        unseen_users=len(found[LEFT[0]].errors.counts),
        reference="the row before",
        about={"rounds": min(ROUNDS, len(asked.splits))},
        tables={"thinned": thin_table(found)},
    )
