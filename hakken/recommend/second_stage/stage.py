"""Serving: orders a member's candidates by the learned trees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hakken.catalogue.catalogue import Catalogue
from hakken.catalogue.watch_order import WatchOrder
from hakken.model.item_knn import ItemKNNBaseline
from hakken.model.prediction import Scores
from hakken.model.profile import Profile
from hakken.model.second_stage_trees import SecondStageTrees
from hakken.recommend.second_stage.facts import RowFacts
from hakken.recommend.second_stage.features import features

CANDIDATES = 120
"""Number of the best matches that are looked at again."""
NEW_CANDIDATES = 60
"""Number of recent anime with few raters that are looked at besides; matches alone leave them far behind."""
FEW_RATERS = 50
"""Anime with fewer raters count as new if they are recent, too."""
KEENNESS = 1.3
"""How much ln r̂ is added to the trees' score: what is liked more comes first."""


class SecondStage:
    """Orders the best matches of members once more; see `hakken.recommend.second_stage`."""

    def __init__(self, model: ItemKNNBaseline, catalogue: Catalogue, order: WatchOrder) -> None:
        """Prepare the facts about a model's anime."""
        self._facts = RowFacts(model.anime_ids, catalogue, order)
        self._raters = model.raters
        self._levels = model.levels
        self.new: NDArray[np.bool_] = self._facts.recent() & (model.raters < FEW_RATERS)
        """Which anime are new: recent, with few raters; shape (n_anime,)."""
        self._new_rows = np.flatnonzero(self.new)
        self._fame = np.exp(self._facts.members[self._new_rows])

    def candidates(self, member: Profile, scores: Scores) -> NDArray[np.intp]:
        """Return the rows of the best matches and of the best new ones that the member has not rated."""
        match = scores.match.copy()
        match[member.rows] = -np.inf
        first = _best(match, CANDIDATES)
        match[first] = -np.inf
        of_new = match[self._new_rows]
        new = _best(np.where(of_new > 0, of_new * self._fame, -np.inf), NEW_CANDIDATES)
        rows = np.concatenate([first, self._new_rows[new]])
        rows = rows[scores.match[rows] > 0]
        return np.asarray(rows[np.lexsort((rows, -scores.match[rows]))], np.intp)

    def features(self, candidates: NDArray[np.intp], member: Profile, scores: Scores) -> NDArray[np.float64]:
        """Compute the features of candidates; see `hakken.recommend.second_stage.features.features`."""
        return features(candidates, member, scores, self._facts, self._raters, self._levels)

    def reordered(self, member: Profile, scores: Scores, learned: SecondStageTrees) -> Scores:
        """Return the scores with the candidates' matches dealt out again in the learned order.

        The matches keep their values, so that they still compare with those of the other anime.
        """
        if not len(learned.trees) or not len(member.rows):
            return scores
        rows = self.candidates(member, scores)
        if not len(rows):
            return scores
        worth = self.worth(rows, member, scores, learned)
        match = scores.match.copy()
        match[rows[np.argsort(-worth, kind="stable")]] = scores.match[rows]
        return scores._replace(match=match)

    def worth(
        self, rows: NDArray[np.intp], member: Profile, scores: Scores, learned: SecondStageTrees
    ) -> NDArray[np.float64]:
        """Compute what candidates are ordered by, without unit, shape (n,)."""
        found = learned.trees.scores(self.features(rows, member, scores))
        return np.asarray(found + KEENNESS * np.log(scores.predicted[rows]) + learned.new * self.new[rows])


def _best(values: NDArray[np.float64], most: int) -> NDArray[np.intp]:
    """Return the rows of at most this many of the highest values, in any order; −∞ is left out."""
    rows = np.argpartition(-values, most)[:most] if most < len(values) else np.arange(len(values))
    return np.asarray(rows[np.isfinite(values[rows])], np.intp)
