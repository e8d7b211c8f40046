"""Ratings of eight invented members, by MyAnimeList id."""

from __future__ import annotations

_EVERYONES = (1535, 5114, 16498, 199, 9253, 1575, 11757, 4224)
"""Anime that nearly everyone has seen: Death Note, Fullmetal Alchemist: Brotherhood …"""
_OF_EVERYONES: dict[str, tuple[int | None, ...]] = {
    "aoi": (8, 10, 9, 8, None, 9, 8, None),
    "ben": (10, 9, 8, 8, 10, 9, 3, 5),
    "chie": (7, 8, 6, 10, 8, None, 5, 9),
    "dmitri": (9, 9, 7, 9, 9, 8, 4, None),
    "emi": (6, 8, 4, 9, None, None, 6, 10),
    "finn": (8, 9, 8, 8, None, 7, 7, 7),
    "gita": (8, 8, 7, 10, 9, None, 3, 6),
}
_OWN: dict[str, dict[int, int]] = {
    # Fights, friendship and long series.
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
    # Schoolgirls, tea and jokes.
    "emi": {5680: 10, 10165: 10, 66: 9, 10495: 8, 17549: 9, 1887: 8, 22789: 9, 27989: 8, 16498: 4, 226: 3},
    # Teams, training and the last minute of the match.
    "finn": {20583: 10, 170: 9, 11771: 8, 263: 10, 22135: 9, 10800: 8, 2159: 9, 32995: 7, 38000: 8, 66: 5},
    # Films for the big screen, and no series over a cour.
    "gita": {199: 10, 164: 9, 523: 8, 437: 10, 1943: 9, 47: 8, 32281: 7, 759: 9, 578: 10, 12355: 8, 11757: 3},
    # Other worlds, with numbers above the heads; new here, and has rated little.
    "hiro": {31240: 9, 30831: 10},
}

_OF_LATE: dict[str, dict[int, int]] = {
    # The fight goes on: Jujutsu Kaisen (Culling Game), Daemons of the Shadow Realm, Gachiakuta, Dandadan …
    "aoi": {57658: 9, 62001: 8, 59062: 8, 57334: 9, 51009: 9},
    # Sentenced to Be a Hero, Re:ZERO 4, Takopi's Original Sin, The Apothecary Diaries, Orb.
    "ben": {56009: 8, 61316: 9, 60489: 9, 54492: 9, 52215: 10},
    # Journal with Witch, You and I Are Polar Opposites, Frieren 2 and 1, The Fragrant Flower …
    "chie": {58788: 10, 60371: 8, 59978: 10, 59845: 9, 55866: 8, 52991: 10},
    # Saga of Tanya the Evil II, Gundam GQuuuuuuX, Lazarus, Heavenly Delusion.
    "dmitri": {49233: 8, 60449: 9, 56038: 6, 53393: 9},
    # Smoking Behind the Supermarket with You, Too Many Losing Heroines!, Bocchi the Rock!
    "emi": {62076: 8, 57524: 9, 47917: 10},
    # Medalist 2 and 1, Blue Box, Haikyu!! The Dumpster Battle, Blue Lock 2.
    "finn": {61335: 9, 55318: 10, 57181: 9, 52742: 10, 54865: 6},
    # The Dangers in My Heart, 100 Meters, Chainsaw Man: Reze Arc, Look Back, The Boy and the Heron, Suzume.
    "gita": {59985: 7, 58919: 8, 57555: 9, 58125: 10, 36699: 9, 50594: 8},
    # That Time I Got Reincarnated as a Slime 4.
    "hiro": {59970: 8},
}
"""Anime of the last years, this year's first."""

TASTES: dict[str, dict[int, int]] = {
    name: _OF_LATE[name]
    | own
    | {
        anime_id: score
        for anime_id, score in zip(_EVERYONES, _OF_EVERYONES.get(name, ()), strict=False)
        if score is not None
    }
    for name, own in _OWN.items()
}
