"""The formula: which rating a member would give every anime, and how well it matches them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hakken.model.cold_start.placement import own_share
from hakken.model.fitted import FittedModel
from hakken.model.interpolation import Interpolation
from hakken.model.parameters import InterestParameters, Parameters
from hakken.model.profile import Profile
from hakken.ratings.ratings import HIGHEST, LOWEST

_WITHOUT_RATINGS = 6
"""For members without ratings, √raters is multiplied by the average user's rating to this power: 9 counts
twice as much as 8."""


class Scores(NamedTuple):
    """A member's scores of every anime."""

    predicted: NDArray[np.float64]
    """Predicted ratings, 1–10, shape (n_anime,)."""
    match: NDArray[np.float64]
    """Matches without unit, higher is better, shape (n_anime,)."""
    interest: NDArray[np.float64]
    """Interest without unit, higher means more likely to watch, shape (n_anime,)."""
    usual: float
    """μ + b_u, 1–10: what the member gives an average anime."""


class Prediction:
    """Predicts the rating that a member would give an anime.

    r̂_ui = b_ui + Σ_{j∈N^k_u(i)} w_ij·(r_uj − b_uj) / (δ + Σ_{j∈N^k_u(i)} w_ij), with b_ui = μ + b_u + b_i,
    w_ij = sim(i,j)^p and N^k_u(i) the k anime most similar to i that u rated; if there are none, r̂_ui = b_ui.
    The prediction is clipped to 1–10. The formula is Koren, *Factor in the Neighbors*, 2010, §2.2, eq. 3,
    which has p = 1 and δ = 0.

    In code: `Profile` folds in b_u and gives r_uj − b_uj, `Interpolation` gives the quotient of the sums.
    """

    def __init__(self, fitted: FittedModel, parameters: Parameters, interest: InterestParameters) -> None:
        """Prepare the fitted arrays for questions; see `Parameters` and `InterestParameters`."""
        self.fitted = fitted
        self.interpolation = Interpolation(
            fitted.neighbours,
            k=parameters.k,
            amplification=parameters.amplification,
            damping=parameters.damping,
        )
        self._reg_user = parameters.reg_user
        self._interest = interest
        # Everyone's usual interest, as much as ω ratings give, shape (n_anime,).
        self._usual = interest.usual * fitted.interest.usual(fitted.raters)
        own = own_share(fitted.raters, interest.thin)
        known = own * fitted.raters + (1.0 - own) * fitted.interest.likenesses.averages(fitted.raters)
        self._known = 1.0 + known
        """n_i + 1, shape (n_anime,); the fewer raters, the more by the average of the anime they are like."""
        self._log_known = np.log(self._known)

    def profile(self, ratings: Mapping[int, float]) -> Profile:
        """Fold in a member from their own ratings by anime id, 1–10.

        Raises:
            RatingsError: an invalid id, or a score off the scale.
        """
        return Profile.of(ratings, self.fitted, self._reg_user, self._interest.level_reg)

    def usual_rating(self, member: Profile) -> float:
        """Compute μ + b_u, 1–10: what a member gives an average anime."""
        return float(np.clip(self.fitted.mean + member.bias, LOWEST, HIGHEST))

    def predicted(self, member: Profile) -> NDArray[np.float64]:
        """Compute r̂_ui of every anime: ratings 1–10, shape (n_anime,)."""
        fitted = self.fitted
        baseline = fitted.mean + member.bias + fitted.biases.astype(np.float64)
        moved = self.interpolation.of_member(member.rows, member.deviations)
        return np.asarray(np.clip(baseline + moved, LOWEST, HIGHEST))

    def scores(self, member: Profile, rarity: float | None = None) -> Scores:
        """Compute the predicted rating r̂_ui of every anime, and its match s_ui·r̂_ui^β_u·(n_i + 1)^−γ_u.

        The interest s_ui says whether the member would watch it at all, the predicted rating how much they
        would like it. Everyone's usual interest is part of it, as if of ω ratings: members who dislike all
        that they rated get what is usual. The predicted rating counts more, the more ratings n_u it rests on:
        β_u = β·n_u/(n_u + κ). Anime with many raters n_i score a little less, because they need less
        recommending; short lists say less about how rare a taste is: γ_u = γ·n_u/(n_u + τ). If s_ui is below
        0, the predicted rating is ignored. For members without ratings, √(n_i + 1)·r̂_ui⁶ takes the place of
        s_ui, with β and γ: the anime that most people know and like match best.

        Args:
            member: a profile.
            rarity: γ_u; by default by the interest parameters, in which τ is ``rarity_trust``.
        """
        parameters = self._interest
        predicted = self.predicted(member)
        rated = len(member.rows)
        if rated:
            interest = self._usual + self.fitted.interest.of_member(member.rows, member.levels)
        else:
            interest = np.sqrt(self._known) * predicted**_WITHOUT_RATINGS
        exponent = parameters.keenness * (rated / (rated + parameters.trust) if rated else 1.0)
        liked = np.where(interest > 0, predicted**exponent, 1.0)
        if rarity is None:
            rarity = parameters.rarity * (rated / (rated + parameters.rarity_trust) if rated else 1.0)
        match = interest * liked * np.exp(-rarity * self._log_known)
        return Scores(predicted, match, interest, self.usual_rating(member))
