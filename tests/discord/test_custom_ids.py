"""Custom ids stand on messages sent long ago: each literal here was written by an earlier version of the bot."""

from __future__ import annotations

from typing import Any, cast

import discord
import pytest

from tests.discord.conftest import World

PARTY = "a_Zb-Yc0123456789xYz__"
WRITTEN = [
    "page:<:a_Zb-Yc0123456789xYz__:0",
    "page:>:a_Zb-Yc0123456789xYz__:9999",
    "page:>:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx:7",
    "feedback:seen:123456789012345678:5114:",
    "feedback:plan:123456789012345678:5114:",
    "feedback:unplan:123456789012345678:5114:",
    "feedback:dismiss:123456789012345678:5114:",
    "feedback:seen:123456789012345678:5114:3",
    "feedback:plan:18446744073709551615:999999999:999",
    "feedback:score:123456789012345678:5114",
    "feedback:reason:123456789012345678:5114",
    "feedback:undo:dismissed:123456789012345678:5114",
    "feedback:undo:seen:1:1",
    "another:123456789012345678:5114",
    "another:123456789012345678:1.2",
    "another:123456789012345678:1.22.333.4444.55555.999999999",
    "forget:yes:123456789012345678:1764355476",
    "forget:yes:18446744073709551615:99999999999",
    "forget:no:123456789012345678",
    "privacy:part:on:123456789012345678",
    "privacy:part:off:123456789012345678",
    "privacy:compare:on:123456789012345678",
    "privacy:compare:off:123456789012345678",
    "privacy:filters:on:123456789012345678",
    "privacy:filters:off:123456789012345678",
    "privacy:scores:on:123456789012345678",
    "privacy:scores:off:123456789012345678",
    "settings:aggregation",
    "settings:channel",
    "settings:titles",
    "settings:floor",
    "settings:participation:opt-in",
    "settings:participation:opt-out",
    "settings:adult:on",
    "settings:adult:off",
    "settings:ecchi:on",
    "settings:ecchi:off",
    "settings:zone",
    "settings:defaults",
    "watchlist:back:123456789012345678:planned:0",
    "watchlist:back:123456789012345678:dismissed:0",
    "watchlist:back:123456789012345678:seen:0",
    "watchlist:rate:123456789012345678:planned:3",
    "watchlist:rate:123456789012345678:seen:9999",
    "watchlist:turn:<:123456789012345678:planned:0",
    "watchlist:turn:>:123456789012345678:dismissed:12",
    "serverlist:vote:5114",
    "serverlist:choose:list:123456789012345678:0",
    "serverlist:choose:history:123456789012345678:9999",
    "serverlist:turn:<:list:123456789012345678:0",
    "serverlist:turn:>:history:123456789012345678:12",
    "gathering:join:a_Zb-Yc0123456789xYz__",
    "link:stop:anilist:123456789012345678",
    "link:stop:myanimelist:123456789012345678",
    "start:score:123456789012345678:5114",
    "start:unseen:123456789012345678:5114",
    "start:stop:123456789012345678",
    "start:on:123456789012345678",
    "start:again:123456789012345678",
    "undo:take:123456789012345678:20261128182436000123",
    "undo:take:123456789012345678:20269928182436000123",
    "undo:leave:123456789012345678",
    "import:title:123456789012345678:a_Zb-Yc0123456789xYz__:",
    "import:title:18446744073709551615:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx:0123451234512345123451234",
    "import:take:123456789012345678:a_Zb-Yc0123456789xYz__:",
    "import:take:123456789012345678:a_Zb-Yc0123456789xYz__:05",
    "import:mine:123456789012345678:a_Zb-Yc0123456789xYz__:05",
    "import:theirs:123456789012345678:a_Zb-Yc0123456789xYz__:05",
    "import:cancel:123456789012345678:a_Zb-Yc0123456789xYz__:05",
    "import:choice:123456789012345678:a_Zb-Yc0123456789xYz__:1",
    "import:choice:18446744073709551615:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx:2123451234512345123451234",
    "party:score:1:a_Zb-Yc0123456789xYz__",
    "party:score:9:a_Zb-Yc0123456789xYz__",
    "party:score:10:a_Zb-Yc0123456789xYz__",
    "party:absent:a_Zb-Yc0123456789xYz__",
    "party:begin:a_Zb-Yc0123456789xYz__",
    "party:start:a_Zb-Yc0123456789xYz__",
    "party:skip:a_Zb-Yc0123456789xYz__",
    "party:end:a_Zb-Yc0123456789xYz__",
    "party:event:a_Zb-Yc0123456789xYz__",
    "party:rate:a_Zb-Yc0123456789xYz__",
    "party:close:a_Zb-Yc0123456789xYz__",
    "party:off:a_Zb-Yc0123456789xYz__",
    "party:take:a_Zb-Yc0123456789xYz__",
    "ledger:ask:123456789012345678",
    "ledger:reset:123456789012345678",
]

REFUSED = [
    "",
    "page",
    "page:^:abc:0",
    "page:<::0",
    "page:<:abc:",
    "page:<:abc:10000",
    f"page:<:{'x' * 65}:0",
    "page:<:a.c:0",
    "feedback:burn:1:2:3",
    "feedback:seen|plan:1:2:3",
    "feedback:seen:1:2",
    "feedback:seen:1:2:1000",
    "feedback:seen:123456789012345678901:2:",
    "feedback:seen:1:1234567890:",
    "feedback:seen:1:٢:",
    "feedback:score::2",
    "feedback:score:1:2:3",
    "feedback:reason:-1:2",
    "feedback:undo:planned:1:2",
    "another:1:",
    "another:1:1.",
    "another:1:1..2",
    "another:1:1.2.3.4.5.6.7",
    "another:1:1234567890",
    "forget:yes:1",
    "forget:yes:1:123456789012",
    "forget:no:1:2",
    "forget:no:",
    "privacy:part:maybe:1",
    "privacy:all:on:1",
    "privacy:part:on:",
    "settings",
    "settings:",
    "settings:aggregation:borda",
    "settings:participation:opt-up",
    "settings:adult:yes",
    "watchlist:back:1:liked:0",
    "watchlist:back:1:planned:10000",
    "watchlist:rate:planned:1:0",
    "watchlist:turn:1:planned:0",
    "watchlist:turn:v:1:planned:0",
    "serverlist:vote:",
    "serverlist:vote:1234567890",
    "serverlist:choose:planned:1:0",
    "serverlist:choose:1:list:0",
    "serverlist:turn:<:list:1:",
    f"gathering:join:{PARTY[1:]}",
    f"gathering:leave:{PARTY}",
    "link:stop:kitsu:1",
    "start:score:1",
    "start:unseen:1:2:3",
    "start:forget:1",
    "undo:take:1:2026112818243600012",
    "undo:take:1:202611281824360001234",
    "undo:leave:1:2",
    "import:title:1::",
    f"import:title:1:{'x' * 33}:",
    "import:title:1:abc:6",
    f"import:title:1:abc:{'5' * 26}",
    "import:choice:1:abc:6",
    "import:burn:1:abc:",
    "import:take:1:abc",
    f"party:score:0:{PARTY}",
    f"party:score:11:{PARTY}",
    f"party:score:01:{PARTY}",
    f"party:absent:{PARTY}x",
    f"party:win:{PARTY}",
    f"party:begin:{PARTY[:-1]}.",
    "ledger:burn:1",
]

Kind = type[discord.ui.DynamicItem[Any]]


def answering(world: World, custom_id: str) -> list[tuple[Kind, Any]]:
    """The kinds that discord.py finds for an id, each with its match."""
    kinds: dict[Any, Kind] = world.bot._connection._view_store._dynamic_items
    return [(kind, match) for pattern, kind in kinds.items() if (match := pattern.fullmatch(custom_id))]


async def test_each_id_finds_its_one_kind_which_writes_it_again(world: World) -> None:
    met = set()
    interaction = cast("discord.Interaction", None)  # no kind looks at it
    for custom_id in WRITTEN:
        ((kind, match),) = answering(world, custom_id)
        item = await kind.from_custom_id(interaction, discord.ui.Button(), match)
        assert type(item) is kind
        assert item.custom_id == custom_id == item.to_component_dict()["custom_id"]
        assert len(custom_id) <= 100
        met.add(kind)
    assert met == set(world.bot._connection._view_store._dynamic_items.values())


async def test_what_no_version_wrote_finds_no_kind(world: World) -> None:
    around = ("{}x", "{}\n", "{}:", " {}", "x{}", "{0}{0}")
    crafted = [one.format(custom_id) for one in around for custom_id in WRITTEN]
    assert [one for one in (*REFUSED, *crafted) if answering(world, one)] == []


OWNER = "123456789012345678"
CLEAR = "forget:yes"
"""Pressed last: it deletes everything about its owner."""


async def pressed(world: World, custom_id: str) -> list[str]:
    """What Ann is told for a press on a message of before that bears this id, in her name."""
    custom_id = custom_id.replace(OWNER, str(world.ann.id))
    ((kind, match),) = answering(world, custom_id)
    item = await kind.from_custom_id(cast("discord.Interaction", None), discord.ui.Button(), match)
    if isinstance(item.item, discord.ui.Select) and not item.item.options:
        item.item.options = [discord.SelectOption(label="Fullmetal Alchemist", value="5114")]
    if isinstance(item.item, discord.ui.Button):
        item.item.label = item.item.label or "Go on"
    channel = cast("discord.TextChannel", world.bot.get_channel(world.channel.id))
    view = discord.ui.View(timeout=None).add_item(item)
    view.stop()
    message = await channel.send("from long ago", view=view)
    if isinstance(item.item, discord.ui.Select):
        result = await world.ann.select(message, [item.item.options[0].value], custom_id=custom_id)
    elif isinstance(item.item, discord.ui.ChannelSelect):
        result = await world.ann.select(message, [world.channel], custom_id=custom_id)
    else:
        result = await world.ann.click(message, custom_id=custom_id)
    assert result.acknowledged, custom_id
    return [one.content for one in (result.response, *result.followups) if one is not None]


async def test_whatever_was_sent_before_can_still_be_pressed(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Each gets an answer of its own: what it does, or the one sentence that says why it does nothing any more."""
    await world.taste(world.ann, {5114: 9, 1535: 8})
    for custom_id in sorted(WRITTEN, key=lambda one: one.startswith(CLEAR)):
        said = await pressed(world, custom_id)
        assert not any("went wrong" in one for one in said), custom_id
    assert [record for record in caplog.records if record.exc_info] == []
    # The score menu's first choice is 10; the button to delete everything was out of time.
    assert await world.bot.store.ratings.of_member(world.ann.id) == {5114: 10, 1535: 8}
