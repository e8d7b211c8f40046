"""/similar, /anime and /why: what is known of one anime, and sums that hold as they are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import cast

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simcord import ChannelHandle

from bot.cogs.anime.embeds import Expected, Opinions, facts_embed, similar_embed
from bot.cogs.anime.similar import bar, one_per_franchise
from bot.cogs.anime.sums import hundredths, signed, unsigned
from bot.cogs.anime.why import why_embed
from bot.errors import MemberError
from bot.privacy import drawn_in
from bot.ui.embeds import Display
from hakken import Anime, Catalogue, ItemKNNBaseline, Ratings, Reason, Similar
from hakken.catalogue.watch_order import WatchOrder
from hakken.model.explanations import Explanation
from hakken.recommend.shown_ratings import ShownRating, shown_rating
from tests.discord.conftest import World, reply, told

TASTE = {1535: 10, 16498: 8, 1575: 9, 22319: 3, 11757: 2, 9253: 10}
HENTAI, NEVER_RATED = 3303, 63431
LONG = "*_~`|>[" * 34
DISPLAY = Display(
    Catalogue(
        Anime(
            number,
            LONG[:237],
            english=LONG[:127],
            type="TV Special",
            episodes=1787,
            year=2026,
            genres=("Award Winning Slice of Life",) * 40,
            studios=("Production Committee of the Whole",) * 40,
            source=LONG,
            score=9.99,
        )
        for number in range(1, 60)
    )
)
NOTHING_KNOWN = Opinions(own=None, expected=None, of_server=None)


@pytest.fixture
def restricted(world: World) -> ChannelHandle:
    """An age-restricted channel; simcord knows none, so it is the bot that is told so."""
    channel = world.ann.guild.create_text_channel("after-dark")
    cast("discord.TextChannel", world.bot.get_channel(channel.id)).nsfw = True
    return channel


def reason(anime_id: int, contribution: float, interest: float = 0.0) -> Reason:
    return Reason(anime_id, 9.0, 0.5, contribution, interest)


def explanation(*neighbours: Reason, clipped: float = 0.0) -> Explanation:
    predicted = 7 + 0.5 + 0.25 + sum(one.contribution for one in neighbours) + clipped
    return Explanation(1, predicted, 7.0, 0.5, 0.25, neighbours, clipped, 1234, "sure")


def figures(text: str) -> list[tuple[Decimal, str]]:
    """The lines of a sum as a reader adds them up."""
    lines = re.findall(r"^`([+−]\d+\.\d\d)` (.+)$", text, flags=re.MULTILINE)
    return [(Decimal(figure.replace("−", "-")), said) for figure, said in lines]


def total(text: str) -> Decimal:
    return Decimal(re.findall(r"^= \*\*(\d+\.\d\d)\*\*$", text, flags=re.MULTILINE)[0])


def by_hand(
    model: ItemKNNBaseline, mean: float, ratings: Mapping[int, int], anime_id: int
) -> tuple[float, float, float, dict[int, float]]:
    """μ, b_u, b_i and the contributions, by the formulas in the documentation of the model."""
    told = model.parameters
    of_anime = {one: float(model.predict({}, [one])[0]) - mean for one in (*ratings, anime_id)}
    of_member = sum(score - mean - of_anime[one] for one, score in ratings.items()) / (
        told.reg_user + len(ratings)
    )
    weights = {
        one.anime_id: one.similarity**told.amplification
        for one in model.similar(anime_id, len(model.anime_ids))
        if one.anime_id in ratings
    }
    moved = {
        one: weight
        * (ratings[one] - mean - of_member - of_anime[one])
        / (told.damping + sum(weights.values()))
        for one, weight in weights.items()
    }
    return mean, of_member, of_anime[anime_id], moved


# Sums


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([0.333, 0.333, 0.334], [33, 33, 34]),
        ([1 / 3, 1 / 3, 1 / 3], [34, 33, 33]),
        ([0.006, 0.006, 0.006], [1, 1, 0]),
        ([7.314, 0.424, -0.124], [731, 42, -12]),
        ([-0.005, -0.006], [0, -1]),
        ([9.0, 1.2, -0.2], [900, 120, -20]),
        ([0.0, 0.5, 0.0], [0, 50, 0]),
        ([], []),
    ],
)
def test_parts_are_rounded_as_by_hand_with_the_largest_remainders(
    parts: list[float], shown: list[int]
) -> None:
    assert hundredths(parts) == shown


@given(st.lists(st.floats(-20, 20), max_size=60))
def test_rounded_parts_add_up_to_the_rounded_sum_and_none_is_a_hundredth_off(parts: list[float]) -> None:
    shown = hundredths(parts)
    exact = sum(map(Decimal, parts), Decimal(0))
    assert abs(Decimal(sum(shown)) / 100 - exact) <= Decimal("0.005") + Decimal("1e-12")
    assert all(abs(one / 100 - part) < 0.01 + 1e-12 for one, part in zip(shown, parts, strict=True))


@given(st.lists(st.floats(-20, 20), max_size=60))
def test_no_smaller_remainder_is_rounded_up_before_a_larger(parts: list[float]) -> None:
    lost = sorted(
        (Decimal(part) * 100 - one, one > Decimal(part) * 100)
        for one, part in zip(hundredths(parts), parts, strict=True)
    )
    remainders = [(amount + 1 if up else amount, up) for amount, up in lost]
    down = [amount for amount, up in remainders if not up]
    assert all(amount >= max(down, default=Decimal(0)) - Decimal("1e-9") for amount, up in remainders if up)


@given(st.integers(-2000, 2000))
def test_figures_read_as_they_are(amount: int) -> None:
    assert Decimal(signed(amount).replace("−", "-")) * 100 == amount
    assert Decimal(unsigned(abs(amount))) * 100 == abs(amount)


# /similar


async def test_similar_lists_the_most_similar_once_a_franchise_with_links_and_facts(
    world: World, model: ItemKNNBaseline
) -> None:
    catalogue = world.bot.recommender.catalogue
    expected, met = [], {catalogue[16498].franchise}
    for one in model.similar(16498, 1000):
        anime = catalogue[one.anime_id]
        hidden = anime.adult or "Ecchi" in anime.genres
        if not hidden and (anime.franchise is None or anime.franchise not in met):
            met.add(anime.franchise)
            expected.append(anime)
    result = await world.ann.slash(world.channel, "similar", anime="mal:16498")
    text = result.response.embeds[0].description
    assert not result.ephemeral
    assert [int(one) for one in re.findall(r"anime/(\d+)\)", text)] == [one.anime_id for one in expected[:10]]
    first = text.splitlines()[2]
    assert re.match(r"▰+▱* · ", first)
    assert first.endswith(f" · {expected[0].year}")
    assert f" · {expected[0].type} · {expected[0].episodes} episode" in first
    assert "Shingeki no Kyojin" in text.splitlines()[0]
    assert "Season 2" not in text


async def test_what_is_rated_18_is_like_others_only_in_age_restricted_channels(
    world: World, restricted: ChannelHandle, model: ItemKNNBaseline
) -> None:
    catalogue = world.bot.recommender.catalogue
    ranks = {
        (one, other.anime_id): rank
        for one in catalogue
        for rank, other in enumerate(model.similar(one, 10))
        if catalogue[other.anime_id].adult and not catalogue[one].adult
    }
    asked, adult = min(ranks, key=lambda pair: ranks[pair])
    for channel, shown in ((world.channel, False), (restricted, True)):
        result = await world.ann.slash(channel, "similar", anime=f"mal:{asked}")
        assert (f"anime/{adult})" in result.response.embeds[0].description) is shown


async def test_similar_keeps_to_the_count(world: World) -> None:
    result = await world.ann.slash(world.channel, "similar", anime="mal:16498", count=3)
    assert len(re.findall(r"anime/\d+\)", result.response.embeds[0].description)) == 3


async def test_what_the_model_does_not_know_is_like_nothing_yet(world: World) -> None:
    result = await world.ann.slash(world.channel, "similar", anime=f"mal:{NEVER_RATED}")
    assert "Too few people have rated **" in reply(result).content
    assert isinstance(told(world), MemberError)


@pytest.mark.parametrize(
    ("similarity", "shown"),
    [(1.0, "▰▰▰▰▰"), (0.5, "▰▰▰▰▰"), (0.42, "▰▰▰▰▱"), (0.2, "▰▰▱▱▱"), (0.1, "▰▱▱▱▱"), (0.001, "▰▱▱▱▱")],
)
def test_similarity_is_a_bar_of_tenths_that_is_never_empty(similarity: float, shown: str) -> None:
    assert bar(similarity) == shown


def test_of_a_franchise_only_the_most_similar_stays_and_those_that_stand_alone_all_do() -> None:
    related = {1: (), 2: (1,), 3: (), 4: (3,), 5: (), 6: (), 7: (), 8: ()}
    order = WatchOrder(Catalogue(Anime(one, f"No. {one}", prequels=those) for one, those in related.items()))
    similar = [Similar(one, 0.5) for one in (2, 5, 4, 3, 6, 7, 8, 9)]
    assert [one.anime_id for one in one_per_franchise(similar, 1, order)] == [5, 4, 6, 7, 8, 9]


# /anime


async def test_anime_shows_its_facts_and_what_the_member_would_give_it(
    world: World, model: ItemKNNBaseline
) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "anime", title="mal:5114")
    embed = result.response.embeds[0]
    read = {anime_id: drawn_in(score) for anime_id, score in TASTE.items()}
    explained = model.explain(read, 5114)
    predicted = shown_rating(float(model.predict(read, [5114])[0]), explained.confidence)
    assert not result.ephemeral
    assert embed.url == "https://myanimelist.net/anime/5114"
    assert embed.description.startswith(f"**★ {predicted}** predicted · {explained.confidence}")
    assert "TV · 64 episodes · 2009" in embed.description
    assert "Action, Adventure, Drama" in embed.description
    assert "server" not in embed.description


async def test_anime_shows_the_members_own_rating_instead_of_a_prediction(world: World) -> None:
    await world.taste(world.ann, {5114: 9})
    result = await world.ann.slash(world.channel, "anime", title="mal:5114", only_me=True)
    assert result.ephemeral
    assert result.response.embeds[0].description.startswith("You gave it **9**\n")


async def test_anime_without_a_model_of_it_has_facts_all_the_same(world: World) -> None:
    result = await world.ann.slash(world.channel, "anime", title=f"mal:{NEVER_RATED}")
    embed = result.response.embeds[0]
    assert embed.title.endswith("Daijoubu?")
    assert "Too few people have rated it, so I can't predict your rating." in embed.description


async def test_the_servers_mean_is_shown_from_five_raters_on_and_counts_only_participants(
    world: World,
) -> None:
    guild, now = world.ann.guild, world.env.now()
    fifth, outsider = (guild.add_member(world.env.create_user(name)) for name in ("cat", "dan"))
    await world.raters({5114: 9}, {5114: 6})
    elsewhere = world.env.create_guild("Elsewhere").create_text_channel("general")
    guest = elsewhere.guild.add_member(world.env.create_user("guest"))

    async def shown() -> str:
        result = await world.ann.slash(world.channel, "anime", title="mal:5114")
        return str(result.response.embeds[0].description)

    for member, score in ((world.ann, 10), (world.bob, 7)):
        await world.taste(member, {5114: score})
        await world.bot.store.participants.join(guild.id, member.id, at=now)
    # One who never used the bot here, one of another server, one who rated something else.
    await world.taste(outsider, {5114: 1})
    await world.taste(guest, {5114: 1})
    await world.bot.store.participants.join(elsewhere.guild.id, guest.id, at=now)
    await world.bot.store.participants.join(guild.id, fifth.id, at=now)
    await world.taste(fifth, {1535: 1})
    assert "server" not in await shown()
    await world.taste(fifth, {5114: 8})
    assert "This server's average: about **8**" in await shown()  # (3 · 8.8 + 2 · 6.4) / 5 = 7.84
    await world.bot.store.ratings.unrate(fifth.id, 5114)
    assert "server" not in await shown()


async def test_rating_and_looking_does_not_tell_what_the_others_gave(world: World) -> None:
    await world.raters(*({5114: score} for score in (9, 2, 7, 10)))
    shown = set()
    for score in range(1, 11):
        await world.ann.slash(world.channel, "rate", anime="mal:5114", score=score)
        embed = (await world.ann.slash(world.channel, "anime", title="mal:5114")).response.embeds[0]
        shown.add(embed.description.partition("This server's average: ")[2].partition("\n")[0])
        assert f"**{score}**" not in embed.description.partition("This")[0]  # nor does anybody learn hers
    assert shown == {"about **6**"}  # (2 · 3.1 + 6.4 + 2 · 8.8) / 5 = 6.04, by her first rating


async def test_ones_own_score_is_named_to_oneself_or_where_one_allows_it(world: World) -> None:
    await world.taste(world.ann, {5114: 9})

    async def headline(**options: bool) -> str:
        result = await world.ann.slash(world.channel, "anime", title="mal:5114", **options)
        return str(result.response.embeds[0].description.splitlines()[0])

    assert await headline() == "You have rated it"
    assert await headline(only_me=True) == "You gave it **9**"
    await world.bot.store.privacy.allow_showing(world.ann.id, allowed=True, at=world.env.now())
    assert await headline() == "You gave it **9**"


async def test_why_is_for_oneself_unless_one_allows_scores_to_be_shown(world: World) -> None:
    await world.taste(world.ann, TASTE)
    asked = {"anime": "mal:5114", "only_me": False}
    refused = await world.ann.slash(world.channel, "why", **asked)
    assert "switch that on in `/privacy` first" in reply(refused).content
    assert refused.followups[0].ephemeral
    told(world)
    await world.bot.store.privacy.allow_showing(world.ann.id, allowed=True, at=world.env.now())
    assert not (await world.ann.slash(world.channel, "why", **asked)).ephemeral


async def test_in_a_direct_message_there_is_no_server_to_speak_of(world: World) -> None:
    alone = world.env.create_user("alone")
    result = await alone.slash("anime", title="mal:5114")
    assert "server" not in result.response.embeds[0].description


def test_all_facts_of_an_anime_stand_in_its_embed() -> None:
    anime = Anime(
        2,
        "Haikyuu!!: Second *Season*",
        type="TV",
        episodes=25,
        year=2015,
        genres=("Sports",),
        studios=("Production I.G", "Other"),
        source="Manga",
        score=8.617,
        image_url="https://example.com/2.jpg",
    )
    display = Display(Catalogue([Anime(1, "Haikyuu!!"), anime, Anime(3, "Haikyuu!!: Third")]))
    opinions = Opinions(own=None, expected=Expected(ShownRating(8.5, 8.5), "fairly sure"), of_server=8.5)
    embed = facts_embed(anime, opinions, [1], [3], display, scores=False)
    assert embed.thumbnail.url == "https://example.com/2.jpg"
    assert (embed.description or "").splitlines() == [
        "**★ 8.5** predicted · fairly sure",
        "TV · 25 episodes · 2015",
        "Sports",
        "Studios: Production I.G, Other · Source: Manga",
        "MyAnimeList's average: **8.62**",
        "This server's average: about **8.5**",
        "Watch first: [Haikyuu!!](https://myanimelist.net/anime/1)",
        "Continues with: [Haikyuu!!: Third](https://myanimelist.net/anime/3)",
    ]


def test_an_anime_of_which_nothing_is_known_has_no_empty_lines() -> None:
    sign = Anime(7, "Sign")
    embed = facts_embed(sign, NOTHING_KNOWN, [], [], Display(Catalogue([sign])), scores=True)
    assert embed.description == "Too few people have rated it, so I can't predict your rating."


@pytest.mark.parametrize(
    ("anime_id", "before", "after"),
    [
        (16498, [], [25777]),
        (25777, [16498], [35760]),
        (38524, [16498, 25777, 35760], [40028]),
        (40028, [16498, 25777, 35760, 38524], [48583]),
        (5, [1], []),
        (5114, [], []),
        (999, [], []),
    ],
)
def test_what_comes_before_and_after_is_as_fans_watch_it(
    catalogue: Catalogue, anime_id: int, before: list[int], after: list[int]
) -> None:
    order = WatchOrder(catalogue)
    assert order.before(anime_id) == before
    assert order.after(anime_id) == after


async def test_anime_links_what_comes_before_and_after_it(world: World) -> None:
    result = await world.ann.slash(world.channel, "anime", title="mal:25777")
    lines = result.response.embeds[0].description.splitlines()
    assert "Watch first: [Shingeki no Kyojin](https://myanimelist.net/anime/16498)" in lines
    assert "Continues with: [Shingeki no Kyojin Season 3](https://myanimelist.net/anime/35760)" in lines


async def test_anime_can_be_planned_in_place_until_it_is_rated(world: World) -> None:
    result = await world.ann.slash(world.channel, "anime", title="mal:5114")
    await world.ann.click(result.response, label="Plan")
    assert (await world.bot.store.feedback.of_member(world.ann.id)).planned == {5114}
    again = await world.ann.slash(world.channel, "anime", title="mal:5114")
    await world.ann.click(again.response, label="Planned ✓")
    assert (await world.bot.store.feedback.of_member(world.ann.id)).planned == frozenset()
    await world.taste(world.ann, {5114: 9})
    rated = await world.ann.slash(world.channel, "anime", title="mal:5114")
    assert not rated.response.components


# /why


async def test_why_adds_up_as_by_the_formula_and_as_it_is_shown(
    world: World, model: ItemKNNBaseline, ratings: Ratings
) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "why", anime="mal:5114")
    text = result.response.embeds[0].description
    mean, of_member, of_anime, moved = by_hand(model, float(ratings.matrix.data.mean()), TASTE, 5114)
    shown = figures(text)
    assert result.ephemeral
    assert moved
    assert total(text) == sum(figure for figure, _ in shown)
    assert float(total(text)) == pytest.approx(mean + of_member + of_anime + sum(moved.values()), abs=0.0051)
    assert f"I think you would give it **{total(text)}**." in text
    for (figure, _), exact in zip(shown, (mean, of_member, of_anime), strict=False):
        assert float(figure) == pytest.approx(exact, abs=0.0101)
    catalogue = world.bot.recommender.catalogue
    for anime_id, exact in moved.items():
        said = f"your {TASTE[anime_id]} for **{discord.utils.escape_markdown(catalogue.title(anime_id))}**"
        assert float({said: figure for figure, said in shown}[said]) == pytest.approx(exact, abs=0.0101)
    speaks_for = text.split("**For it**")[1].split("**Against it**")[0]
    assert all(figure >= 0 for figure, _ in figures(speaks_for))


async def test_why_of_a_rated_anime_forgets_its_rating_and_says_it(
    world: World, model: ItemKNNBaseline
) -> None:
    await world.taste(world.ann, {**TASTE, 5114: 1})
    result = await world.ann.slash(world.channel, "why", anime="mal:5114")
    expected = float(model.predict(TASTE, [5114])[0])
    text = result.response.embeds[0].description
    assert text.startswith("You gave it **1**. Without that rating, I would expect **")
    assert float(total(text)) == pytest.approx(expected, abs=0.0051)


async def test_without_ratings_why_says_how_to_begin(world: World) -> None:
    result = await world.ann.slash(world.channel, "why", anime="mal:5114")
    assert "Try `/start`" in result.response.content
    assert isinstance(told(world), MemberError)


async def test_why_of_what_the_model_does_not_know_says_so(world: World) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "why", anime=f"mal:{NEVER_RATED}")
    assert "Too few people have rated **" in result.response.content
    assert isinstance(told(world), MemberError)


async def test_ratings_of_what_the_model_does_not_know_leave_the_baseline(
    world: World, model: ItemKNNBaseline
) -> None:
    await world.taste(world.ann, {NEVER_RATED: 1})
    text = (await world.ann.slash(world.channel, "why", anime="mal:5114")).response.embeds[0].description
    assert "Just a guess: nothing you rated is close to it" in text
    assert float(total(text)) == pytest.approx(float(model.predict({}, [5114])[0]), abs=0.0051)
    assert "Speaks" not in text


def test_the_six_strongest_are_named_and_the_others_are_one_part() -> None:
    neighbours = [reason(number, 0.01 * number * (-1) ** number) for number in range(2, 22)]
    display = Display(Catalogue(Anime(number, f"No. {number}") for number in range(1, 30)))
    text = (
        why_embed(display.catalogue[1], explanation(*neighbours), None, display, adult=False).description
        or ""
    )
    shown = {said: figure for figure, said in figures(text)}
    assert [said for said in shown if "No." in said] == [
        "your 9 for **No. 20**",
        "your 9 for **No. 18**",
        "your 9 for **No. 16**",
        "your 9 for **No. 21**",
        "your 9 for **No. 19**",
        "your 9 for **No. 17**",
    ]
    assert shown["your 9 for **No. 20**"] == Decimal("0.20")
    # 2 − 3 + 4 − 5 … + 14 − 15 hundredths
    assert shown["the other 14 of your ratings"] == Decimal("-0.07")
    assert sum(shown.values()) == total(text)
    assert "20 of your ratings help me here. 1,234 people have rated it." in text


def test_what_the_end_of_the_scale_takes_away_is_a_part_of_the_sum() -> None:
    display = Display(Catalogue([Anime(1, "A"), Anime(2, "B")]))
    text = why_embed(
        display.catalogue[1], explanation(reason(2, 3.333), clipped=-1.083), None, display, adult=False
    ).description
    assert total(text or "") == Decimal("10.00") == sum(figure for figure, _ in figures(text or ""))
    assert "`−1.08` the scale ends at 10" in (text or "")


def test_interest_is_a_line_of_its_own_and_no_part_of_the_sum() -> None:
    display = Display(Catalogue([Anime(1, "A", score=8.912), Anime(2, "B"), Anime(3, "C"), Anime(4, "D")]))
    told = explanation(reason(2, 0.3, interest=0.1), reason(3, 0.0, interest=0.4), reason(4, 0.1, -0.2))
    text = why_embed(display.catalogue[1], told, None, display, adult=False).description or ""
    assert "You might like it because you rated **C** 9 and **B** 9." in text
    assert "The average on MyAnimeList is **8.91**." in text
    assert not any("**C**" in said for _, said in figures(text))
    assert "2 of your ratings help me here." in text
    seen = why_embed(display.catalogue[1], told, 8, display, adult=False).description or ""
    assert seen.startswith("You gave it **8**. Without that rating")
    assert "You might have liked it because" in seen


def test_what_was_not_liked_is_no_reason_to_watch() -> None:
    display = Display(Catalogue([Anime(1, "Naruto: Shippuuden"), Anime(2, "Naruto")]))
    told = explanation(Reason(2, 1.0, 0.5, -0.3, 0.4))
    text = why_embed(display.catalogue[1], told, None, display, adult=False).description or ""
    assert "You might like it" not in text
    assert "`−0.30` your 1 for **Naruto**" in text


@pytest.mark.parametrize(
    ("genres", "studios", "said"),
    [
        (("Drama",), ("Madhouse",), "I go by its genres and studio: nobody I know has rated it yet."),
        (("Drama",), (), "I go by its genres: nobody I know has rated it yet."),
        ((), ("Madhouse",), "I go by its series: nobody I know has rated it yet."),
    ],
)
def test_of_what_nobody_has_rated_answers_say_what_they_rest_on(
    genres: tuple[str, ...], studios: tuple[str, ...], said: str
) -> None:
    frieren = Anime(1, "Sousou no Frieren", genres=genres, studios=studios)
    display = Display(Catalogue([frieren, Anime(2, "Naruto")]))
    text = why_embed(frieren, replace(explanation(), raters=0), None, display, adult=False).description or ""
    assert f"Nothing you rated is close to it. {said}\n" in text
    assert "its known facts" in text
    assert "others like" not in text
    similar = similar_embed(frieren, [Similar(2, 0.5)], 0, display).description or ""
    assert similar.splitlines()[:2] == [said, "If you liked **Sousou no Frieren**, try:"]
    rated = similar_embed(frieren, [Similar(2, 0.5)], 1, display).description or ""
    assert rated == similar.removeprefix(f"{said}\n")


def test_what_is_rated_18_counts_without_its_name() -> None:
    display = Display(Catalogue([Anime(1, "A"), Anime(2, "Momiji", genres=("Hentai",)), Anime(3, "C")]))
    told = explanation(reason(2, 0.5, interest=0.9), reason(3, -0.25))
    text = why_embed(display.catalogue[1], told, None, display, adult=False).description or ""
    assert "Momiji" not in text
    assert "`+0.50` another of your ratings" in text
    assert total(text) == Decimal("8.00")
    only = why_embed(
        display.catalogue[1], explanation(reason(2, 0.5)), None, display, adult=False
    ).description
    assert "`+0.50` 1 of your ratings" in (only or "")
    open_to_all = replace(display, adult=True)
    assert "Momiji" in (
        why_embed(display.catalogue[1], told, None, open_to_all, adult=True).description or ""
    )


# 18+, limits, options


@pytest.mark.parametrize(("command", "option"), [("similar", "anime"), ("anime", "title"), ("why", "anime")])
async def test_what_is_rated_18_is_spoken_of_only_in_age_restricted_channels(
    world: World, restricted: ChannelHandle, command: str, option: str
) -> None:
    await world.taste(world.ann, TASTE)
    refused = await world.ann.slash(world.channel, command, **{option: f"mal:{HENTAI}"})
    assert refused.ephemeral
    assert refused.response.content == (
        "This anime counts as 18+. Ask me about it in an age-restricted channel."
    )
    assert isinstance(told(world), MemberError)
    shown = await world.ann.slash(restricted, command, **{option: f"mal:{HENTAI}"})
    assert "Momiji" in (shown.response.embeds[0].title or "") + shown.response.embeds[0].description


@pytest.mark.parametrize(("command", "option"), [("similar", "anime"), ("anime", "title"), ("why", "anime")])
async def test_titles_are_completed_and_what_is_no_anime_gets_near_ones(
    world: World, command: str, option: str
) -> None:
    choices = await world.ann.autocomplete(world.channel, command, option, "fullmetal")
    assert choices[0]["value"] == "mal:5114"
    result = await world.ann.slash(world.channel, command, **{option: "fulmetal"})
    assert "Did you mean **Fullmetal Alchemist" in result.response.content
    assert isinstance(told(world), MemberError)


def test_the_longest_titles_keep_within_discords_limits() -> None:
    catalogue = DISPLAY.catalogue
    neighbours = [reason(number, 0.11 - 0.005 * number, interest=0.1) for number in range(2, 59)]
    opinions = Opinions(own=None, expected=Expected(10.0, "fairly sure"), of_server=10.0)
    embeds = (
        similar_embed(catalogue[1], [Similar(number, 0.5) for number in range(2, 12)], 0, DISPLAY),
        facts_embed(catalogue[1], opinions, range(2, 30), range(30, 59), DISPLAY, scores=True),
        why_embed(catalogue[1], explanation(*neighbours, clipped=-0.01), 8, DISPLAY, adult=False),
    )
    for embed in embeds:
        assert 0 < len(embed.description or "") <= 4096
        assert len(embed.title or "") <= 256
        assert len(embed) <= 6000


async def test_titles_are_shown_by_the_members_choice(world: World) -> None:
    await world.taste(world.ann, TASTE)
    await world.bot.store.preferences.choose_titles(world.ann.id, "english", at=world.env.now())
    for command, option in (("similar", "anime"), ("anime", "title"), ("why", "anime")):
        result = await world.ann.slash(world.channel, command, **{option: "mal:16498"})
        embed = result.response.embeds[0]
        assert "Attack on Titan" in (embed.title or "") + embed.description
        assert "Shingeki" not in (embed.title or "") + embed.description
