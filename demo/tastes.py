"""Four made-up members and what they think of what they have seen, by MyAnimeList id."""

from __future__ import annotations

TASTES: dict[str, dict[int, int]] = {
    # Fights, friendship and long evenings.
    "aoi": {20: 8, 1735: 9, 11061: 10, 16498: 9, 5114: 10, 31964: 8, 30276: 9, 3588: 8, 9919: 6, 22199: 5},
    # Minds at war; slow and dark.
    "ben": {
        1535: 10,
        1575: 9,
        2904: 10,
        9253: 10,
        13601: 9,
        22535: 8,
        31043: 7,
        10620: 4,
        11757: 3,
        1: 9,
        37779: 9,
    },
    # Small lives, big feelings.
    "chie": {
        2167: 8,
        4181: 10,
        4224: 9,
        5680: 9,
        7791: 9,
        23273: 10,
        28851: 9,
        32281: 9,
        853: 9,
        8074: 2,
        22319: 4,
    },
    # Robots, space and stories that end.
    "dmitri": {1: 10, 5: 9, 6: 8, 30: 9, 205: 9, 2001: 10, 1575: 8, 10087: 8, 33352: 7, 6702: 3, 18679: 8},
}
