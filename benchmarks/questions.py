"""Compare ways to choose the questions of `/start` for new members, on users that training never saw.

    .venv/bin/python -m benchmarks.questions RATINGS CATALOGUE [--seed 0] [--folds 3] [--users N]

The reference is the most popular anime. Predictions and recommendations are the model's;
``docs/onboarding.md`` says what the figures mean.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import entr

from hakken import Catalogue, ItemKNNBaseline, Ratings
from hakken.catalogue.watch_order import WatchOrder
from hakken.evaluation import Folds
from hakken.evaluation.ease import ease_weights
from hakken.evaluation.interviews import PreparedInterview, interviews_table, measure_interviews
from hakken.evaluation.metrics import gains
from hakken.evaluation.report import for_people
from hakken.model.baseline import Baseline
from hakken.recommend.onboarding import CANDIDATES, candidate_rows, choose_questions, most_telling

N = 40
REFERENCE = "most popular"
_LISTENERS, _TARGETS = 600, 1500
"""Numbers of users and of most rated anime that `greedy_extend` uses."""
_PLACES = 1 / np.log2(np.arange(2, 12))
"""Weight of a recommendation at each of the ten ranks."""


@dataclass(frozen=True)
class Study:
    """A training set, and the anime that may be asked about."""

    ratings: Ratings
    allowed: frozenset[int]
    franchise: dict[int, int]

    def candidates(self, most: int) -> NDArray[np.intp]:
        """Return the rows of the most rated anime that may be asked about, the most rated first."""
        return candidate_rows(self.ratings, most, allowed=self.allowed, franchise=self.franchise)

    @cached_property
    def residuals(self) -> sparse.csr_array:
        """r_ui − μ − b_u − b_i where u rated i, shape (n_users, n_anime)."""
        baseline = Baseline.fit(self.ratings, reg_user=2, reg_item=5, epochs=20)
        scores = self.ratings.matrix
        users = np.repeat(np.arange(scores.shape[0]), np.diff(scores.indptr))
        return self._with(
            scores.data - baseline.mean - baseline.of_users[users] - baseline.of_anime[scores.indices]
        )

    @cached_property
    def seen(self) -> sparse.csr_array:
        """1 where u rated i, shape (n_users, n_anime)."""
        return self._with(np.ones(len(self.ratings)))

    @cached_property
    def liked(self) -> sparse.csr_array:
        """1 for a score at the user's own mean, more above it, less below, 0 where u did not rate i."""
        scores = self.ratings.matrix
        lengths = np.diff(scores.indptr)
        means = scores.sum(axis=1) / lengths
        return self._with(np.clip(1 + 0.3 * (scores.data - np.repeat(means, lengths)), 0.05, 3))

    @cached_property
    def scores(self) -> sparse.csr_array:
        """r_ui, 0 where u did not rate i, shape (n_users, n_anime)."""
        return self.ratings.matrix.astype(np.float64)

    @cached_property
    def spread(self) -> NDArray[np.float64]:
        """Standard deviation of each anime's residuals in rating points, shape (n_anime,)."""
        return np.asarray(np.sqrt((self.residuals**2).sum(axis=0) / self.ratings.raters))

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """Share of the users who gave each score 1–10 to each anime, shape (10, n_anime)."""
        matrix = self.ratings.matrix
        rounded = np.rint(matrix.data).astype(int)
        of_score = [
            np.bincount(matrix.indices[rounded == score], minlength=matrix.shape[1]) for score in range(1, 11)
        ]
        return np.array(of_score) / len(self.ratings.user_ids)

    def _with(self, values: NDArray[np.float64]) -> sparse.csr_array:
        matrix = self.ratings.matrix
        return sparse.csr_array((values, matrix.indices, matrix.indptr), shape=matrix.shape)


def highest(study: Study, worth: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the candidates with the highest worth."""
    rows = study.candidates(len(worth))
    return rows[np.argsort(-worth[rows], kind="stable")][:N]


def apart(study: Study, worth: NDArray[np.float64]) -> NDArray[np.intp]:
    """Greedily choose the highest worth × (1 − the highest cosine of raters with those already chosen)."""
    rows = study.candidates(2 * CANDIDATES)
    seen = study.seen[:, rows]
    lengths = np.sqrt(study.ratings.raters[rows])
    cosines = (seen.T @ seen).toarray() / lengths[:, None] / lengths
    distance = np.ones(len(rows))
    chosen: list[int] = []
    for _ in range(N):
        left = worth[rows] * distance
        left[chosen] = -np.inf
        chosen.append(int(left.argmax()))
        distance = np.minimum(distance, 1 - cosines[chosen[-1]])
    return rows[chosen]


def entropy(study: Study) -> NDArray[np.float64]:
    """Log popularity × entropy of the scores (Rashid et al., *Getting to Know You*, 2002)."""
    raters = study.ratings.raters
    of_raters = study.shares * len(study.ratings.user_ids) / raters
    return np.asarray(np.log(raters) * entr(of_raters).sum(axis=0))


def entropy_with_unseen(study: Study) -> NDArray[np.float64]:
    """Entropy of the answers, 'not seen' being one (Rashid et al., *Learning Preferences*, 2008)."""
    return np.asarray(entr(study.shares).sum(axis=0) + entr(1 - study.shares.sum(axis=0)))


def centred(study: Study) -> NDArray[np.intp]:
    """`most_telling` on scores less each anime's mean answer, 'not seen' being 0; of the 3,000 most rated."""
    known = np.argsort(-study.ratings.raters, kind="stable")[:3000]
    answers = study.scores[:, known].toarray()
    places = np.flatnonzero(np.isin(known, study.candidates(CANDIDATES)))
    return known[most_telling(sparse.csr_array(answers - answers.mean(axis=0)), places, N)]


def every_user_alike(study: Study) -> NDArray[np.intp]:
    """`most_telling` with users scaled to the same length, so that long lists do not decide alone."""
    lengths = np.sqrt((study.scores**2).sum(axis=1))
    scaled = (sparse.diags_array(1 / lengths) @ study.scores).tocsr()
    return most_telling(scaled, study.candidates(CANDIDATES), N)


def greedy_extend(study: Study) -> NDArray[np.intp]:
    """Greedily choose the 20 questions that raise NDCG@10 of EASE most, for 600 of the training users.

    GreedyExtend (Golbandi, Koren & Lempel, *On Bootstrapping Recommender Systems*, 2010) with NDCG for error.
    """
    raters = study.ratings.raters
    targets = np.argsort(-raters, kind="stable")[:_TARGETS]
    drawn = np.random.default_rng(5).choice(study.scores.shape[0], _LISTENERS, replace=False)
    scores = study.scores[drawn].toarray()
    weights = ease_weights(study.ratings)[:, targets]
    best = np.sort(gains(scores[:, targets]), axis=1)[:, :-11:-1] @ _PLACES
    ranked = np.tile(raters[targets] * 1e-9, (_LISTENERS, 1))
    pool = study.candidates(150)
    chosen: list[int] = []

    def worth(
        users: NDArray[np.bool_], ranking: NDArray[np.float64], asked: list[int]
    ) -> NDArray[np.float64]:
        open_to_all = np.where(np.isin(targets, asked), -np.inf, ranking)
        first = np.argpartition(-open_to_all, 10, axis=1)[:, :10]
        order = np.argsort(-np.take_along_axis(open_to_all, first, axis=1), axis=1)
        places = np.take_along_axis(first, order, axis=1)
        hits = np.take_along_axis(scores[users][:, targets], places, axis=1)
        return np.asarray(gains(hits) @ _PLACES / np.maximum(best[users], 1e-9))

    for _ in range(20):
        so_far = worth(np.ones(_LISTENERS, np.bool_), ranked, chosen)
        raised = {}
        for row in set(pool.tolist()) - set(chosen):
            knows = scores[:, row] > 0
            after = worth(knows, ranked[knows] + weights[row], [*chosen, row])
            raised[row] = float((after - so_far[knows]).sum())
        chosen.append(max(sorted(raised), key=raised.__getitem__))
        ranked += np.where(scores[:, chosen[-1], None] > 0, weights[chosen[-1]], 0)
    return np.array(chosen)


def telling(
    answers: Callable[[Study], sparse.csr_array], *, candidates: int = CANDIDATES, noise: float | None = None
) -> Callable[[Study], NDArray[np.intp]]:
    """Return `most_telling` with other answers, another number of candidates, or another noise."""
    options = {} if noise is None else {"noise": noise}
    return lambda study: most_telling(answers(study), study.candidates(candidates), N, **options)


WAYS: dict[str, Callable[[Study], NDArray[np.intp]]] = {
    REFERENCE: lambda study: np.argsort(-study.ratings.raters, kind="stable")[:N],
    "most popular first entries": lambda study: study.candidates(N),
    "log popularity × entropy": lambda study: highest(study, entropy(study)),
    "entropy with 'not seen'": lambda study: highest(study, entropy_with_unseen(study)),
    "√popularity × spread": lambda study: highest(study, np.sqrt(study.ratings.raters) * study.spread),
    "popularity × distance": lambda study: apart(study, study.ratings.raters.astype(np.float64)),
    "√popularity × spread × distance": lambda study: apart(
        study, np.sqrt(study.ratings.raters) * study.spread
    ),
    "GreedyExtend, NDCG of EASE": greedy_extend,
    "most telling: scores": lambda study: np.searchsorted(
        study.ratings.anime_ids,
        choose_questions(study.ratings, N, allowed=study.allowed, franchise=study.franchise),
    ),
    "most telling: seen or not": telling(lambda study: study.seen),
    "most telling: weighed by liking": telling(lambda study: study.liked),
    "most telling: residuals": telling(lambda study: study.residuals),
    "most telling: scores, centred": centred,
    "most telling: scores, every user alike": every_user_alike,
    "most telling: scores, noise 0.005": telling(lambda study: study.scores, noise=0.005),
    "most telling: scores, noise 0.07": telling(lambda study: study.scores, noise=0.07),
    "most telling: scores, noise 0.3": telling(lambda study: study.scores, noise=0.3),
    "most telling: scores, of 100 candidates": telling(lambda study: study.scores, candidates=100),
    "most telling: scores, of 400 candidates": telling(lambda study: study.scores, candidates=400),
    "most telling: scores, of 1,000 candidates": telling(lambda study: study.scores, candidates=1000),
}


def main(argv: Sequence[str] | None = None) -> None:
    """Print a row for each way to choose."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("ratings", type=Path)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--users", type=int, help="measure at most this many unseen users")
    parser.add_argument("--seed", type=int, default=0, help="decides who is unseen")
    options = parser.parse_args(argv)
    catalogue = Catalogue.read(options.catalogue)
    order = WatchOrder(catalogue)
    allowed = frozenset(one for one in catalogue if order.entry(one, ()) == one and not catalogue[one].adult)
    franchise = {one: order.franchise(one) for one in catalogue}

    def prepare(train: Ratings) -> PreparedInterview:
        study = Study(train, allowed, franchise)
        model = ItemKNNBaseline().fit(train)
        lists = {name: train.anime_ids[way(study)].tolist() for name, way in WAYS.items()}
        return PreparedInterview(lists, model.predict, model.match)

    splits = Folds(Ratings.read(options.ratings), folds=options.folds, users=options.users, seed=options.seed)
    found = measure_interviews(prepare, splits)
    table = interviews_table(found, REFERENCE, options.seed)
    print(f"{len(found[REFERENCE].asked):,} users; ± 95 % confidence over users\n")
    for cells in (table[0], ["---"] * len(table[0]), *(map(for_people, row.values()) for row in table)):
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
