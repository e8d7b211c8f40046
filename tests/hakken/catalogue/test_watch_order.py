"""What to watch first, and next: franchises whose order their viewers know."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakken import Anime, Catalogue
from hakken.catalogue.watch_order import WatchOrder


def rows(table: str) -> list[Anime]:
    """Anime from lines of 'id | type | episodes | year | thousand members | franchise | title'."""
    anime = []
    for line in table.strip().splitlines():
        anime_id, kind, episodes, year, members, franchise, title = (cell.strip() for cell in line.split("|"))
        anime.append(
            Anime(
                int(anime_id),
                title,
                type=kind,
                episodes=int(episodes) if episodes else None,
                year=int(year) if year else None,
                members=int(members) * 1000,
                franchise=int(franchise) if franchise else None,
            )
        )
    return anime


# As a public list of mid-2024 has them, with its wide franchise numbers: 2 joins studios, 9 a crossover.
WELL_KNOWN = rows("""
16498 | TV | 25 | 2013 | 4276 | 1 | Shingeki no Kyojin
18397 | OVA | 3 | 2013 | 325 | 1 | Shingeki no Kyojin OVA
23775 | Movie | 1 | 2014 | 85 | 1 | Shingeki no Kyojin Movie 1: Guren no Yumiya
25777 | TV | 12 | 2017 | 2960 | 1 | Shingeki no Kyojin Season 2
35760 | TV | 12 | 2018 | 2606 | 1 | Shingeki no Kyojin Season 3
38524 | TV | 10 | 2019 | 2530 | 1 | Shingeki no Kyojin Season 3 Part 2
42091 | Movie | 1 | 2020 | 56 | 1 | Shingeki no Kyojin: Chronicle
40028 | TV | 16 | 2021 | 2233 | 1 | Shingeki no Kyojin: The Final Season
48583 | TV | 12 | 2022 | 1509 | 1 | Shingeki no Kyojin: The Final Season Part 2
199 | Movie | 1 | 2001 | 1332 | 2 | Sen to Chihiro no Kamikakushi
523 | Movie | 1 | 1988 | 769 | 2 | Tonari no Totoro
512 | Movie | 1 | 1989 | 402 | 2 | Majo no Takkyuubin
164 | Movie | 1 | 1997 | 921 | 2 | Mononoke Hime
121 | TV | 51 | 2003 | 1202 | 3 | Fullmetal Alchemist
430 | Movie | 1 | 2005 | 286 | 3 | Fullmetal Alchemist: The Conqueror of Shamballa
5114 | TV | 64 | 2009 | 3613 | 3 | Fullmetal Alchemist: Brotherhood
6421 | Special | 4 | 2009 | 130 | 3 | Fullmetal Alchemist: Brotherhood Specials
356 | TV | 24 | 2006 | 992 | 4 | Fate/stay night
10087 | TV | 13 | 2011 | 1584 | 4 | Fate/Zero
11741 | TV | 12 | 2012 | 1180 | 4 | Fate/Zero 2nd Season
13183 | Special | 2 | 2012 | 20 | 4 | Fate/Zero Remix
14829 | TV | 10 | 2013 | 290 | 4 | Fate/kaleid liner Prisma☆Illya
20509 | TV | 10 | 2014 | 173 | 4 | Fate/kaleid liner Prisma☆Illya 2wei!
22297 | TV | 12 | 2014 | 1156 | 4 | Fate/stay night: Unlimited Blade Works
28701 | TV | 13 | 2015 | 908 | 4 | Fate/stay night: Unlimited Blade Works 2nd Season
918 | TV | 201 | 2006 | 1138 | | Gintama
9969 | TV | 51 | 2011 | 604 | | Gintama'
15417 | TV | 13 | 2012 | 353 | | Gintama': Enchousen
28977 | TV | 51 | 2015 | 682 | | Gintama°
34096 | TV | 12 | 2017 | 343 | | Gintama.
36838 | TV | 12 | 2018 | 234 | | Gintama. Shirogane no Tamashii-hen
5081 | TV | 15 | 2009 | 1474 | 5 | Bakemonogatari
6948 | TV Special | 1 | 2009 | 46 | 5 | Bakemonogatari Recap
11597 | TV | 11 | 2012 | 767 | 5 | Nisemonogatari
17074 | TV | 26 | 2013 | 711 | 5 | Monogatari Series: Second Season
31181 | TV | 12 | 2015 | 505 | 5 | Owarimonogatari
36999 | TV | 6 | 2019 | 249 | 5 | Zoku Owarimonogatari
9756 | TV | 12 | 2011 | 1386 | 5 | Mahou Shoujo Madoka★Magica
11981 | Movie | 1 | 2013 | 296 | 5 | Mahou Shoujo Madoka★Magica Movie 3: Hangyaku no Monogatari
1723 | Movie | 1 | 2007 | 147 | 6 | Clannad Movie
2167 | TV | 23 | 2007 | 1491 | 6 | Clannad
4181 | TV | 24 | 2008 | 1268 | 6 | Clannad: After Story
4059 | Special | 1 | 2008 | 262 | 6 | Clannad: Mou Hitotsu no Sekai, Tomoyo-hen
6547 | TV | 13 | 2010 | 2178 | 6 | Angel Beats!
1575 | TV | 25 | 2006 | 2427 | 7 | Code Geass: Hangyaku no Lelouch
2124 | Special | 2 | 2006 | 33 | 7 | Code Geass: Hangyaku no Lelouch Recaps
2904 | TV | 25 | 2008 | 1920 | 7 | Code Geass: Hangyaku no Lelouch R2
8888 | Movie | 1 | 2012 | 154 | 7 | Code Geass: Boukoku no Akito 1 - Yokuryuu wa Maiorita
15197 | Movie | 1 | 2013 | 114 | 7 | Code Geass: Boukoku no Akito 2 - Hikisakareshi Yokuryuu
34437 | Movie | 1 | 2019 | 227 | 7 | Code Geass: Fukkatsu no Lelouch
4975 | TV | 12 | 2008 | 296 | 8 | ChäoS;HEAd
9253 | TV | 24 | 2011 | 2763 | 8 | Steins;Gate
10863 | Special | 1 | 2012 | 349 | 8 | Steins;Gate: Oukoubakko no Poriomania
11577 | Movie | 1 | 2013 | 463 | 8 | Steins;Gate Movie: Fuka Ryouiki no Déjà vu
30484 | TV | 23 | 2018 | 940 | 8 | Steins;Gate 0
29803 | TV | 13 | 2015 | 1729 | 9 | Overlord
35073 | TV | 13 | 2018 | 1113 | 9 | Overlord II
37087 | ONA | 13 | 2018 | 28 | 9 | Overlord: Ple Ple Pleiades 2
31240 | TV | 25 | 2016 | 2407 | 9 | Re:Zero kara Hajimeru Isekai Seikatsu
39587 | TV | 13 | 2020 | 1249 | 9 | Re:Zero kara Hajimeru Isekai Seikatsu 2nd Season
38472 | TV | 12 | 2019 | 410 | 9 | Isekai Quartet
20583 | TV | 25 | 2014 | 2136 | 10 | Haikyuu!!
28891 | TV | 25 | 2015 | 1543 | 10 | Haikyuu!! Second Season
29755 | Movie | 1 | 2015 | 61 | 10 | Haikyuu!! Movie 1: Owari to Hajimari
32935 | TV | 10 | 2016 | 1306 | 10 | Haikyuu!! Karasuno Koukou vs. Shiratorizawa Gakuen Koukou
38883 | TV | 13 | 2020 | 1033 | 10 | Haikyuu!! To the Top
40776 | TV | 12 | 2020 | 909 | 10 | Haikyuu!! To the Top Part 2
223 | TV | 153 | 1986 | 773 | | Dragon Ball
813 | TV | 291 | 1989 | 937 | | Dragon Ball Z
894 | Movie | 1 | 1989 | 99 | | Dragon Ball Z Movie 01: Ora no Gohan wo Kaese!!
30694 | TV | 131 | 2015 | 899 | | Dragon Ball Super
20 | TV | 220 | 2002 | 1987 | | Naruto
1735 | TV | 500 | 2007 | 2696 | | Naruto: Shippuuden
34566 | TV | 293 | 2017 | 920 | | Boruto: Naruto Next Generations
1425 | TV | 155 | 1977 | 26 | 11 | Lupin III: Part II
1430 | Movie | 1 | 1979 | 87 | 12 | Lupin III: Cagliostro no Shiro
27947 | TV | 24 | 2015 | 77 | 11 | Lupin III (2015)
1412 | TV | 23 | 1971 | 58 | | Lupin III
527 | TV | 276 | 1997 | 488 | | Pokemon
528 | Movie | 1 | 1998 | 205 | 13 | Pokemon Movie 01: Mewtwo no Gyakushuu
1117 | Movie | 1 | 1999 | 151 | 14 | Pokemon Movie 02: Maboroshi no Pokemon Lugia Bakutan
603 | TV | 49 | 2004 | 39 | 15 | Futari wa Precure
1010 | TV | 47 | 2005 | 19 | 15 | Futari wa Precure: Max Heart
2153 | TV | 49 | 2007 | 17 | 15 | Yes! Precure 5
3893 | TV | 48 | 2008 | 12 | 15 | Yes! Precure 5 GoGo!
5291 | TV | 50 | 2009 | 16 | 15 | Fresh Precure!
7656 | TV | 49 | 2010 | 25 | 15 | Heartcatch Precure!
38000 | TV | 26 | 2019 | 3370 | 16 | Kimetsu no Yaiba
40456 | Movie | 1 | 2020 | 409 | 16 | Kimetsu no Yaiba Movie: Mugen Ressha-hen
49926 | TV | 7 | 2021 | 941 | 16 | Kimetsu no Yaiba: Mugen Ressha-hen
47778 | TV | 11 | 2022 | 1688 | 16 | Kimetsu no Yaiba: Yuukaku-hen
1 | TV | 26 | 1998 | 1324 | 17 | Cowboy Bebop
5 | Movie | 1 | 2001 | 285 | 17 | Cowboy Bebop: Tengoku no Tobira
4037 | Special | 1 | 1998 | 37 | 17 | Cowboy Bebop: Yose Atsume Blues
34599 | TV | 13 | 2017 | 1522 | 18 | Made in Abyss
37514 | Movie | 1 | 2019 | 67 | 18 | Made in Abyss Movie 1: Tabidachi no Yoake
37515 | Movie | 1 | 2019 | 67 | 18 | Made in Abyss Movie 2: Hourou Suru Tasogare
36862 | Movie | 1 | 2020 | 236 | 18 | Made in Abyss Movie 3: Fukaki Tamashii no Reimei
41084 | TV | 12 | 2022 | 524 | 18 | Made in Abyss: Retsujitsu no Ougonkyou
21 | TV | | 1999 | 1445 | | One Piece
462 | Movie | 1 | 2003 | 73 | 19 | One Piece Movie 4: Dead End no Bouken
12859 | Movie | 1 | 2012 | 190 | 20 | One Piece Film: Z
66266 | Special | 1 | 2014 | 66 | 57 | One Piece 3D2Y: Ace no shi wo Koete!
136 | TV | 62 | 1999 | 439 | 21 | Hunter x Hunter
10189 | OVA | 1 | 1998 | 21 | 21 | Hunter x Hunter Pilot
11061 | TV | 148 | 2011 | 3119 | 21 | Hunter x Hunter (2011)
2593 | Movie | 1 | 2007 | 335 | 22 | Kara no Kyoukai 1: Fukan Fuukei
3782 | Movie | 1 | 2007 | 195 | 22 | Kara no Kyoukai 2: Satsujin Kousatsu (Zen)
3783 | Movie | 1 | 2008 | 186 | 22 | Kara no Kyoukai Movie 3: Tsuukaku Zanryuu
20507 | TV | 12 | 2014 | 2289 | 23 | Noragami
32700 | Music | 1 | 2014 | 6 | 23 | Heart Realize
30503 | TV | 13 | 2015 | 1541 | 23 | Noragami Aragoto
227 | OVA | 6 | 2000 | 636 | 24 | FLCL
627 | TV | 26 | 2004 | 83 | 26 | Major S1
7655 | TV | 25 | 2010 | 67 | 26 | Major S6
5059 | OVA | 3 | 1989 | 20 | | Riding Bean
31478 | TV | 12 | 2016 | 1528 | 25 | Bungou Stray Dogs
32867 | TV | 12 | 2016 | 940 | 25 | Bungou Stray Dogs 2nd Season
42250 | TV | 12 | 2021 | 133 | 25 | Bungou Stray Dogs Wan!
50330 | TV | 13 | 2023 | 349 | 25 | Bungou Stray Dogs 4th Season
""")
ORDER = WatchOrder(Catalogue(WELL_KNOWN))
TITLE = {one.anime_id: one.title for one in WELL_KNOWN}


@pytest.mark.parametrize(
    ("later", "first"),
    [
        (48583, 16498),  # Attack on Titan, the last part
        (25777, 16498),
        (18397, 16498),  # its OVA
        (23775, 16498),  # its recap film
        (11741, 10087),  # Fate/Zero
        (28701, 356),  # Unlimited Blade Works, the second half
        (20509, 14829),
        (34096, 918),  # Gintama, the names differ in a dot
        (15417, 918),
        (36838, 918),
        (17074, 5081),  # Monogatari, no word in common
        (36999, 5081),
        (11981, 9756),
        (1723, 2167),  # Clannad
        (4181, 2167),
        (4059, 2167),
        (2904, 1575),  # Code Geass
        (34437, 1575),
        (15197, 1575),
        (11577, 9253),  # Steins;Gate
        (30484, 9253),
        (40776, 20583),  # Haikyuu
        (813, 223),  # Dragon Ball Z
        (894, 223),
        (30694, 223),
        (1735, 20),  # Naruto
        (34566, 20),
        (1010, 603),  # Precure: second seasons of one cast
        (3893, 2153),
        (40456, 38000),  # Kimetsu no Yaiba
        (47778, 38000),
        (5, 1),  # Cowboy Bebop
        (4037, 1),
        (37514, 34599),  # Made in Abyss
        (36862, 34599),
        (41084, 34599),
        (462, 21),  # One Piece
        (12859, 21),
        (66266, 21),
        (528, 527),  # Pokemon
        (1117, 527),
        (10189, 136),  # a pilot from before the series
        (3783, 2593),  # films alone
        (32700, 20507),  # a song of another name
        (430, 121),
        (7655, 627),
        (6421, 5114),
        (1425, 1412),
    ],
)
def test_a_franchise_is_entered_at_its_beginning(later: int, first: int) -> None:
    entry = ORDER.entry(later, frozenset())

    assert entry is not None
    assert TITLE[entry] == TITLE[first]


@pytest.mark.parametrize(
    "anime_id",
    [
        *(5114, 11061, 10087, 14829, 27947, 1430),  # told anew, or another story, and more watched
        *(199, 523, 512, 164),  # one studio, no franchise
        *(603, 2153, 5291, 7656),  # each Precure cast
        *(6547, 9756, 31240, 38472, 9253, 29803),  # joined by a crossover or a studio
        *(227, 5059),  # OVAs with nothing else
        *(16498, 2167, 1, 21, 527),  # where it begins
    ],
)
def test_what_needs_nothing_is_its_own_entry(anime_id: int) -> None:
    assert ORDER.entry(anime_id, frozenset()) == anime_id


@pytest.mark.parametrize(
    ("later", "seen", "entry"),
    [
        (48583, {16498}, 25777),
        (48583, {16498, 25777, 38524}, 35760),
        (25777, {16498}, 25777),
        (47778, {38000}, 49926),
        (15197, {1575, 2904}, 8888),  # the film before it
        (36862, {34599}, 36862),
        (18397, {16498}, 18397),
        (31181, {5081}, 11597),
        (50330, {31478, 32867}, 50330),  # past the parody that came between
        (30503, {20507}, 30503),
    ],
)
def test_the_first_that_is_not_seen_stands_for_what_follows(later: int, seen: set[int], entry: int) -> None:
    assert ORDER.entry(later, seen) == entry


@pytest.mark.parametrize("anime_id", [2124, 6948, 13183, 23775, 42091, 29755, 37514, 37515])
def test_a_recap_is_never_an_entry(anime_id: int) -> None:
    everything = frozenset(TITLE) - {anime_id}

    assert ORDER.entry(anime_id, everything) is None
    assert all(ORDER.entry(other, everything) != anime_id for other in TITLE)


def test_nothing_is_left_of_what_is_seen() -> None:
    assert ORDER.entry(25777, {16498, 25777}) is None
    assert ORDER.entry(32700, {20507}) is None, "the song of a series that is seen"


@given(st.sets(st.sampled_from(sorted(TITLE))), st.sampled_from(sorted(TITLE)))
def test_an_entry_is_unseen_and_its_own_entry(seen: set[int], anime_id: int) -> None:
    entry = ORDER.entry(anime_id, seen)

    assert entry is None or (entry not in seen and ORDER.entry(entry, seen) == entry)


def test_an_anime_outside_the_catalogue_stands_alone() -> None:
    assert ORDER.entry(999_999, frozenset()) == 999_999
    assert ORDER.entry(999_999, {999_999}) is None
    assert ORDER.franchise(999_999) == 999_999
    assert ORDER.following({999_999}) == []


def test_one_franchise_has_one_number() -> None:
    def together(*ids: int) -> bool:
        return len({ORDER.franchise(one) for one in ids}) == 1

    assert together(16498, 25777, 42091)
    assert together(121, 5114), "two tellings of one story are one pick"
    assert together(136, 11061)
    assert together(223, 813, 30694)
    assert not together(199, 523)
    assert not together(29803, 31240), "a crossover joins no franchises"
    assert not together(6547, 2167)
    assert not together(5081, 9756)


@pytest.mark.parametrize(
    ("seen", "pairs"),
    [
        ({16498}, [(25777, 16498)]),
        ({16498, 25777}, [(35760, 25777)]),
        ({16498, 25777, 35760}, [(38524, 35760)]),
        ({38524}, [(40028, 38524)]),  # what came before was seen, but not listed
        ({48583}, []),
        ({34599}, [(36862, 34599)]),  # past two recap films
        ({38000}, [(40456, 38000)]),
        ({1, 9253}, [(5, 1), (11577, 9253)]),
        ({29803}, [(35073, 29803)]),  # and no shorts
        ({199, 523}, []),
        ({18397}, []),
        (set(), []),
    ],
)
def test_the_next_part_follows_the_latest_seen(seen: set[int], pairs: list[tuple[int, int]]) -> None:
    assert ORDER.following(seen) == pairs


@given(st.sets(st.sampled_from(sorted(TITLE))))
def test_what_follows_is_unseen_and_continues_something_seen(seen: set[int]) -> None:
    pairs = ORDER.following(seen)

    assert all(after not in seen and before in seen for after, before in pairs)
    assert len({after for after, _ in pairs}) == len(pairs)


# Typed relations, as in the lists that have them: names tell nothing here.
TYPED = WatchOrder(
    Catalogue(
        [
            Anime(1, "Aka", type="TV", year=2010, sequels=(2,)),
            Anime(2, "Midori", type="Special", year=2011, sequels=(3,)),
            Anime(3, "Ao", type="TV", year=2012, prequels=(2, 77_777)),
            Anime(4, "Shiro", type="TV", year=2020, prequels=()),
            Anime(5, "Ao", type="TV", year=2008, prequels=(4,), franchise=9),
            Anime(6, "Ao: Kuro", type="TV", year=2021, franchise=9, sequels=(88_888,)),
            Anime(10, "Umi", type="TV", year=2001, prequels=(12,)),
            Anime(11, "Yama", type="TV", year=2002, prequels=(10,)),
            Anime(12, "Sora", type="TV", year=2003, prequels=(11, 12)),
        ]
    )
)


def test_typed_relations_lead_to_the_beginning_past_specials() -> None:
    assert TYPED.entry(3, frozenset()) == 1
    assert TYPED.entry(3, {1}) == 3
    assert TYPED.following({1}) == [(3, 1)]
    assert TYPED.franchise(1) == TYPED.franchise(3)


def test_a_prequel_that_was_made_later_comes_first() -> None:
    assert TYPED.entry(5, frozenset()) == 4


def test_where_relations_are_typed_a_season_without_prequel_stands_alone() -> None:
    assert TYPED.entry(6, frozenset()) == 6


def test_relations_that_run_in_a_circle_have_a_beginning_all_the_same() -> None:
    assert {TYPED.entry(one, frozenset()) for one in (10, 11, 12)} == {10}
    assert TYPED.entry(12, {10}) == 11
    assert TYPED.entry(10, {10}) is None


# Pairs that were collected and checked before the code was written, and the facts of their anime.
HERE = Path(__file__).parent
with (HERE / "watch_order_pairs.tsv").open(encoding="utf-8", newline="") as file:
    PAIRS = list(csv.DictReader(file, dialect="excel-tab"))
OF_PAIRS = WatchOrder(Catalogue.read(HERE / "watch_order_catalogue.tsv"))


def test_at_most_three_in_a_hundred_checked_pairs_are_wrong() -> None:
    kinds = Counter(pair["kind"] for pair in PAIRS)
    wrong = [
        f"{pair['earlier_title']}, then {pair['later_title']}: {pair['verdict']}"
        for pair in PAIRS
        if (int(pair["earlier"]) in OF_PAIRS.before(int(pair["later"]))) != (pair["verdict"] == "right")
    ]
    assert kinds.pop("curated") == 50
    assert set(kinds.values()) == {20}
    assert len(PAIRS) == 150
    assert len(wrong) <= 0.03 * len(PAIRS), wrong


def test_another_story_is_never_named_as_the_next_part() -> None:
    others = {(int(pair["earlier"]), int(pair["later"])) for pair in PAIRS if pair["verdict"] == "wrong"}
    others -= {(AS_SEASON, NEXT_ARC)}  # needless before it, but who saw it goes on there
    named = {(one, after) for one, _ in others for after, _ in OF_PAIRS.following({one})}

    assert not named & others


SEASON_1, FILM, AS_SEASON, NEXT_ARC = 38000, 40456, 49926, 47778  # Kimetsu no Yaiba
SERIES, FILM_1, FILM_2, FILM_3 = 9756, 11977, 11979, 11981  # Madoka: two films of the series, and the next


@pytest.mark.parametrize(
    ("anime_id", "seen", "entry"),
    [
        (AS_SEASON, {SEASON_1, FILM}, None),
        (AS_SEASON, {SEASON_1}, AS_SEASON),
        (NEXT_ARC, {SEASON_1, FILM}, NEXT_ARC),
        (NEXT_ARC, {SEASON_1, AS_SEASON}, NEXT_ARC),
        (NEXT_ARC, {SEASON_1}, FILM),
        (FILM_1, {SERIES}, None),
        (FILM_3, {SERIES}, FILM_3),
        (FILM_3, {FILM_1, FILM_2}, FILM_3),
        (FILM_3, {FILM_1}, SERIES),  # half of it
    ],
)
def test_what_was_seen_in_another_cut_is_seen(anime_id: int, seen: set[int], entry: int | None) -> None:
    assert OF_PAIRS.entry(anime_id, seen) == entry


@pytest.mark.parametrize("cut", [FILM, AS_SEASON])
def test_no_other_cut_of_what_was_seen_comes_next(cut: int) -> None:
    assert OF_PAIRS.following({SEASON_1, cut}) == [(NEXT_ARC, cut)]


def before(*anime: Anime) -> list[int]:
    """What the last of some anime needs."""
    return WatchOrder(Catalogue(anime)).before(anime[-1].anime_id)


def part(
    anime_id: int, title: str, year: int, kind: str = "TV", members: int = 100, **facts: object
) -> Anime:
    episodes = facts.pop("episodes", 1 if kind == "Movie" else 12)
    return Anime(anime_id, title, type=kind, year=year, members=members, episodes=episodes, **facts)  # type: ignore[arg-type]


def test_a_prequel_that_was_made_later_is_needed_only_if_far_more_people_know_it() -> None:
    for members, needed in ((199, []), (200, [1])):
        prequel = part(1, "Ao", 2020, "Movie", members, sequels=(2,))
        assert before(prequel, part(2, "Kuro", 2010)) == needed


def test_a_film_or_an_extra_that_few_watch_is_passed_over_to_what_it_continues() -> None:
    first = part(1, "Ao", 2010)
    for kind, members, needed in (
        ("Movie", 49, [1]),
        ("Movie", 50, [1, 2]),
        ("OVA", 49, [1]),
        ("TV", 9, [1, 2]),
    ):
        between = part(2, "Kuro", 2011, kind, members, prequels=(1,))
        assert before(first, between, part(3, "Shiro", 2012, prequels=(2,))) == needed
    assert before(part(2, "Kuro", 2011, "OVA", 49), part(3, "Shiro", 2012, prequels=(2,))) == []


def test_a_side_story_follows_its_series_but_a_spin_off_series_and_a_crossover_stand_alone() -> None:
    ao, kuro = part(1, "Ao", 2010), part(2, "Kuro", 2010)
    assert before(ao, kuro, part(3, "Umi", 2012, "OVA", 9, parents=(1,))) == [1]
    assert before(ao, kuro, part(3, "Umi", 2012, "ONA", 9, parents=(1,))) == [1]
    assert before(ao, kuro, part(3, "Umi", 2012, "TV", 9, parents=(1,))) == []
    assert before(ao, kuro, part(3, "Umi", 2012, "Movie", 9, parents=(1, 2))) == []
    assert before(
        ao, part(2, "Kuro", 2011, prequels=(1,)), part(3, "Umi", 2012, "OVA", 9, parents=(1, 2))
    ) == [1, 2]
    assert before(ao, part(3, "Umi", 2012, "OVA", 101, parents=(1,))) == [], (
        "it is known better than its parent"
    )


def test_a_film_beside_a_series_follows_its_seasons_of_the_years_before() -> None:
    seasons = [part(1, "Hoshi no Koe", 2010, side_stories=(9,))]
    seasons += [part(n, f"Hoshi no Koe {n}", 2010 + n, prequels=(n - 1,)) for n in (2, 3, 4)]
    assert before(*seasons, part(9, "Hoshi no Koe Movie", 2014, "Movie", 20)) == [1, 2, 3]


def test_an_extra_episode_that_goes_another_way_is_for_viewers_of_its_series() -> None:
    series = part(1, "Hoshi no Koe", 2010)
    other = part(2, "Hoshi no Koe: Mou Hitotsu", 2011, "Special", 20, episodes=1, alternatives=(1,))
    assert before(series, other) == [1]
    assert before(series, part(2, "Hoshi no Koe R", 2011, "OVA", 20, episodes=10, alternatives=(1,))) == []
    # What continues it needs the series, not the episode.
    assert before(series, other, part(3, "Hoshi no Koe Zero", 2012, prequels=(2,))) == [1]


def test_nothing_is_guessed_across_what_a_sequel_tells_in_its_own_way() -> None:
    first = part(1, "Hoshi no Koe", 2001)
    again = part(2, "Hoshi no Koe Ultimate", 2006, "OVA", 150, alternatives=(1,))
    dawn = part(3, "Hoshi no Koe: The Dawn", 2011, "Special", 9, sequels=(2,))
    assert before(first, again, dawn) == []
    assert before(first, dawn, again) == []


def test_a_summary_is_a_recap_unless_more_people_know_it_than_what_it_sums_up() -> None:
    for members, entry in ((100, None), (101, 1)):
        order = WatchOrder(
            Catalogue([part(1, "Ao", 2010, members=members), part(2, "Kuro", 2009, summaries=(1,))])
        )
        assert order.entry(1, {2}) == entry


ids = st.integers(1, 12)
any_anime = st.builds(
    Anime,
    anime_id=ids,
    title=st.text("aAb :12()ŒI'!", min_size=1, max_size=12),
    english=st.none() | st.text("ab :2", max_size=8),
    type=st.sampled_from(["TV", "Movie", "OVA", "Special", "ONA", "TV Special", "Music", None, "?"]),
    episodes=st.none() | st.integers(0, 200),
    year=st.none() | st.integers(1990, 2000),
    members=st.integers(0, 1000),
    franchise=st.none() | st.integers(1, 3),
    prequels=st.lists(ids, max_size=3).map(tuple),
    sequels=st.lists(ids, max_size=2).map(tuple),
    parents=st.lists(ids, max_size=2).map(tuple),
    alternatives=st.lists(ids, max_size=2).map(tuple),
    summaries=st.lists(ids, max_size=1).map(tuple),
    studios=st.lists(st.sampled_from(["A", "B"]), max_size=2).map(tuple),
)


def series(anime_id: int, year: int, *prequels: int, kind: str = "TV", members: int = 1) -> Anime:
    title = f"{chr(60 + anime_id)} alone"  # which tells nothing of what belongs together
    return Anime(anime_id, title, type=kind, year=year, episodes=12, members=members, prequels=prequels)


def test_what_comes_after_is_the_next_part_the_most_widely_known_first() -> None:
    order = WatchOrder(
        Catalogue(
            [
                series(5, 2000),
                series(8, 2001, 5, members=10),
                series(7, 2002, 5, members=50),
                series(6, 2003, 5, members=50),
                series(9, 2005, 6, members=90),
            ]
        )
    )
    assert order.after(5) == [6, 7, 8]
    assert order.after(6) == [9]
    assert order.after(9) == []


def test_of_two_parts_that_one_continues_the_later_seen_is_named() -> None:
    order = WatchOrder(Catalogue([series(5, 2000), series(6, 2001), series(7, 2003, 5, 6)]))
    assert order.following({5, 6}) == [(7, 6)]
    assert order.following({5}) == [(7, 5)]


def test_an_extra_between_two_seasons_is_passed_over_one_at_the_beginning_is_needed() -> None:
    between = WatchOrder(Catalogue([series(5, 2000), series(6, 2001, 5, kind="Special"), series(7, 2003, 6)]))
    assert between.before(7) == [5]
    first = WatchOrder(Catalogue([series(6, 2001, kind="Special"), series(7, 2003, 6)]))
    assert first.before(7) == [6]


@settings(max_examples=300, deadline=None)
@given(st.lists(any_anime, max_size=12), st.sets(ids))
def test_any_catalogue_has_an_order(anime: list[Anime], seen: set[int]) -> None:
    order = WatchOrder(Catalogue(anime))

    for one in range(1, 14):
        entry = order.entry(one, seen)
        assert entry is None or (entry not in seen and order.entry(entry, seen) == entry)
    assert all(after not in seen and before in seen for after, before in order.following(seen))


def test_the_order_does_not_hang_on_the_order_of_the_file() -> None:
    backwards = WatchOrder(Catalogue(reversed(WELL_KNOWN)))

    assert {one: backwards.entry(one, ()) for one in TITLE} == {one: ORDER.entry(one, ()) for one in TITLE}


LONG_SERIES: dict[str, Callable[[int], Anime]] = {
    "a chain of sequels": lambda one: Anime(one, f"Tale {one}", type="TV", sequels=(one + 1,)),
    "sequels of one": lambda one: Anime(one, f"Tale {one}", type="TV", prequels=(1,)),
    "side stories of one": lambda one: Anime(one, f"Tale {one}", type="Movie", year=2000, parents=(1,)),
    "versions of one": lambda one: Anime(one, "Tale", type="OVA", year=2000, alternatives=(1,)),
    "equal seasons": lambda one: Anime(one, "Hoshi no Koe", type="TV", year=2000),
    "equal films": lambda one: Anime(one, "Hoshi no Koe", type="Movie", year=2000),
    "equal anime of all kinds": lambda one: Anime(
        one, "Hoshi no Koe", type=("TV", "Movie", "OVA", "Music", "Special")[one % 5]
    ),
    "unknown seasons, then famous films": lambda one: Anime(
        one,
        "Hoshi no Koe 2",
        type="TV" if one < 100 else "Movie",
        year=2000 + one // 100,
        members=1 if one < 100 else 1000,
    ),
    "extras with other names": lambda one: Anime(
        one,
        "Hoshi no Koe" if one % 2 else f"{'ABCDEFGH'[one % 8] * 9} Mori",
        type="TV" if one % 2 else "OVA",
        franchise=1,
    ),
}


def steps(anime: list[Anime]) -> int:
    """Count the calls that the watch order takes: a measure that does not depend on the machine."""
    catalogue, count = Catalogue(anime), 0

    def profile(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        WatchOrder(catalogue)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("part", LONG_SERIES.values(), ids=LONG_SERIES.keys())
def test_ten_times_the_parts_take_some_ten_times_the_steps(part: Callable[[int], Anime]) -> None:
    steps([part(one) for one in range(1, 20)])  # what is computed once, at the first use
    few, many = (steps([part(one) for one in range(1, n + 1)]) for n in (200, 2000))
    assert many < 13 * few


def test_parts_that_few_know_are_skipped_but_not_without_end() -> None:
    """A film follows the part that its viewers know: of 20 unknown ones in a row, the one before them."""
    for unknown, followed in ((1, 1), (20, 1), (21, 2)):
        seasons = [Anime(1, "Hoshi no Koe", type="TV", year=2000, members=1000)]
        seasons += [
            Anime(one, f"Hoshi no Koe {one}", type="TV", year=2000 + one, members=100)
            for one in range(2, unknown + 2)
        ]
        film = Anime(99, "Hoshi no Koe Movie 9", type="Movie", year=2050, members=1000)
        assert WatchOrder(Catalogue([*seasons, film])).before(99)[-1] == followed
