"""What goes wrong, and what a member and an operator get to read."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import aiohttp
import pytest
import simcord
from sqlalchemy import text

from bot import Settings, create_bot
from bot.errors import MemberError, sentence_for
from hakken import ArtefactError
from tests.discord.conftest import World, told

TASTE = {1535: 10, 16498: 8, 1575: 9, 22319: 3, 11757: 2}


async def test_a_bug_is_one_kind_sentence_with_the_reference_that_the_log_has(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async with world.bot.store.database.begin() as connection:
        await connection.execute(text("DROP TABLE ratings"))
    result = await world.ann.slash(world.channel, "ratings")
    shown = result.response.content or result.followups[0].content
    reference = re.search(r"`([0-9a-f]{8})`", shown)
    assert shown.startswith("Sorry, something went wrong on my side.")
    assert "Traceback" not in shown
    assert "SELECT" not in shown
    assert reference
    logged = [record for record in caplog.records if reference[1] in record.getMessage()]
    assert len(logged) == 1
    assert logged[0].exc_info
    told(world)


@pytest.mark.parametrize("command", ["recommend", "continue", "suggest", "surprise"])
async def test_an_error_after_a_public_thinking_is_for_the_member_alone(world: World, command: str) -> None:
    """Discord puts the first follow-up where the 'thinking…' stands, as visible as that; simcord does the same."""
    async with world.bot.store.database.begin() as connection:
        await connection.execute(text("DROP TABLE ratings"))
    result = await world.ann.slash(world.channel, command)
    assert result.response is None
    (shown,) = [one for one in result.followups if "went wrong" in one.content]
    assert shown.ephemeral
    assert [one.content for one in world.channel.history() if not one.flags.ephemeral] == []
    told(world)


async def test_what_was_answered_already_stays_beside_an_error(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    await world.taste(world.ann, TASTE)
    monkeypatch.setattr(world.bot.store.suggestions, "sent", broken)
    result = await world.ann.slash(world.channel, "suggest")
    assert result.response is not None
    assert result.response.embeds
    assert [one.ephemeral for one in result.followups] == [True, True]
    told(world)


async def test_a_bug_behind_a_button_is_answered_alike(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend")
    async with world.bot.store.database.begin() as connection:
        await connection.execute(text("DROP TABLE answers"))
    pressed = await world.ann.click(result.response, label="More")
    assert pressed.ephemeral
    assert "something went wrong on my side" in pressed.response.content
    assert any(record.exc_info for record in caplog.records if record.name == "bot.errors")


async def test_an_answer_that_discord_refuses_does_not_stop_the_bot(world: World) -> None:
    await world.taste(world.ann, TASTE)
    world.env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=404, code=10008)
    await world.ann.slash(world.channel, "recommend")
    told(world)
    again = await world.ann.slash(world.channel, "recommend")
    assert again.response.embeds


async def test_a_lost_connection_is_a_line_in_the_log_and_no_crash(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def lost(*_args: object, **_kwargs: object) -> None:
        raise aiohttp.ServerDisconnectedError

    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend")
    with monkeypatch.context() as patch:
        patch.setattr("discord.Interaction.edit_original_response", lost)
        await world.env.advance_time(11 * 60)
    assert "could not be taken away" not in [
        r.getMessage() for r in caplog.records if r.levelno > logging.INFO
    ]
    assert result.response.components
    assert (await world.ann.slash(world.channel, "recommend")).response.embeds


async def test_rating_is_kept_even_when_its_answer_is_lost(world: World) -> None:
    world.env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=500, times=None)
    await world.ann.slash(world.channel, "rate", anime="mal:5114", score=9)
    told(world)
    assert await world.bot.store.ratings.of_member(world.ann.id) == {5114: 9}


async def test_a_missing_model_stops_the_start_with_what_to_do(settings: Settings, tmp_path: Path) -> None:
    bot = create_bot(settings.model_copy(update={"model_dir": tmp_path / "none"}))
    with pytest.raises(ArtefactError, match=r"there is no model here; train one with"):
        async with bot, simcord.run(bot):  # as discord.py's `run` does: it closes what had been opened
            pass


def test_no_error_of_a_file_is_shown_to_a_member(caplog: pytest.LogCaptureFixture) -> None:
    shown = sentence_for(ArtefactError("/srv/secret/manifest.json: is damaged"))
    assert "secret" not in shown
    assert "secret" in caplog.text


async def test_a_refusal_is_sent_to_who_asked_alone_also_where_the_answer_was_to_be_for_all(
    world: World,
) -> None:
    await world.ann.slash(world.channel, "suggest", voice=True)
    assert isinstance(told(world), MemberError)
    sent = [one for one in world.env.http_requests if "You aren't in a voice channel" in str(one.json)]
    assert [one.json["flags"] for one in sent if one.json] == [64]  # ephemeral
