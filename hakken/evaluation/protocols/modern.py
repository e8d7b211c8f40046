"""`evaluate --protocol modern`: the first ten for today's people, and the new anime among them."""

from __future__ import annotations

from hakken.evaluation import report
from hakken.evaluation.modern import ignoring_lists, measure_modern, modern_table, share_table
from hakken.evaluation.protocols.measuring import Asked, Measured
from hakken.evaluation.protocols.ranking import reference_of, trainers_of


def measure(asked: Asked) -> Measured:
    """Measure models that are trained on the rating set alone on lists of today's people.

    Raises:
        EvaluationError: there is no catalogue, which is needed for the years, or there are no lists.
    """
    catalogue, people, reference = asked.catalogue, asked.people, reference_of(asked)
    trainers = {name: ignoring_lists(train) for name, train in trainers_of(asked).items()}
    found = measure_modern(
        trainers, asked.splits.ratings, people, catalogue, asked.since, progress=asked.step
    )
    whole = {name: one.whole for name, one in found.items()}
    return Measured(
        unseen_users=len(whole[reference].given),
        reference=reference.value,
        about={
            **report.left_out(whole[reference]),
            "lists": len(people.ratings),
            "since": asked.since,
            "min_raters": asked.min_raters,
        },
        tables={
            "modern": modern_table(found, reference),
            "shares": share_table(found),
            "models": report.ranking_table(whole, reference),
            "content": report.list_table(whole),
        },
    )
