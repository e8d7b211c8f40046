"""Made-up rating sets with the traits of real ones: popular anime, long and short lists, shared tastes."""

from __future__ import annotations

import numpy as np

from hakken import Ratings


def made_up_ratings(n_users: int = 60, n_anime: int = 40, seed: int = 0, density: float = 0.3) -> Ratings:
    """Ratings of two tastes; anime ids are 10, 20, 30 …, user ids 1, 2, 3 …"""
    random = np.random.default_rng(seed)
    chances = density * 2 * random.beta(1, 2, n_anime) + 0.05
    users, anime = np.nonzero(random.random((n_users, n_anime)) < chances)
    tastes = random.normal(0, 1.5, (n_users, 2)) @ random.normal(0, 1, (2, n_anime))
    liked = 6.5 + random.normal(0, 1, n_users)[:, None] + random.normal(0, 1, n_anime) + tastes
    scores = np.clip(np.rint(liked + random.normal(0, 0.7, liked.shape)), 1, 10)[users, anime]
    return Ratings.from_arrays(users + 1, (anime + 1) * 10, scores)
