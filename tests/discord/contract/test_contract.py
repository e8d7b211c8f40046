"""The judge itself: it refuses what Discord refuses, and lets discord.py's own requests through.

By default it judges by the extract; with ``--discord-openapi`` by the whole description, to the same verdicts.
"""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import discord
import pytest
import simcord
from discord import app_commands
from discord.ext import commands

from tests.discord.contract.contract import EXTRACT, DiscordContract
from tests.discord.contract.extract import OPERATIONS, extract
from tests.discord.contract.plugin import assert_contract

APP, GUILD, MESSAGE_ID = "1456074443980800000", "1456074443980800001", "1456074443980800002"
CALLBACK = f"/interactions/{MESSAGE_ID}/a-token/callback"
FOLLOW_UP = f"/webhooks/{APP}/a-token"
ORIGINAL = f"{FOLLOW_UP}/messages/@original"
COMMANDS = f"/applications/{APP}/commands"
CHANNEL = f"/channels/{GUILD}/messages"

BUTTON = {"type": 2, "style": 1, "custom_id": "a", "label": "More"}
LINK = {"type": 2, "style": 5, "url": "https://myanimelist.net/anime/19", "label": "Page"}
SELECT = {"type": 3, "custom_id": "s", "options": [{"label": "Monster", "value": "19"}]}
EMBED = {"title": "Monster", "fields": [{"name": "n", "value": "v"}], "footer": {"text": "f"}}
POLL = {"question": {"text": "What next?"}, "answers": [{"poll_media": {"text": "Monster"}}]}
MESSAGE: dict[str, Any] = {
    "content": "hello",
    "embeds": [{**EMBED, "author": {"name": "a"}, "image": {"url": "attachment://cover.png"}}],
    "components": [{"type": 1, "components": [BUTTON, LINK]}, {"type": 1, "components": [SELECT]}],
    "poll": POLL,
}
CHOICES: dict[str, Any] = {"type": 8, "data": {"choices": [{"name": "Monster", "value": "mal:19"}]}}
MODAL: dict[str, Any] = {
    "type": 9,
    "data": {
        "custom_id": "m",
        "title": "Import",
        "components": [
            {"type": 18, "label": "Name", "component": {"type": 4, "custom_id": "n", "style": 1}},
        ],
    },
}
OPTION: dict[str, Any] = {"type": 3, "name": "anime", "description": "Which one?", "required": True}
COMMAND: dict[str, Any] = {"name": "rate", "description": "Rate an anime.", "type": 1, "options": [OPTION]}
GROUP: dict[str, Any] = {
    "name": "list",
    "description": "Your list.",
    "options": [{"type": 1, "name": "add", "description": "Add one.", "options": [OPTION]}],
}
V2: dict[str, Any] = {"flags": 1 << 15, "components": [{"type": 10, "content": "Text"}]}


@pytest.fixture(scope="module")
def contract(request: pytest.FixtureRequest) -> DiscordContract:
    whole = request.config.getoption("--discord-openapi", default=None)
    return DiscordContract.load(whole) if whole else DiscordContract.load()


def changed(body: Any, at: str, value: object) -> Any:
    """A copy of the body with another value at ``data.embeds.0.title``."""
    whole = part = copy.deepcopy(body)
    *way, last = (int(step) if step.isdecimal() else step for step in at.split("."))
    for step in way:
        part = part[step]
    part[last] = value
    return whole


def without(body: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != key}


def callback(message: dict[str, Any], kind: int = 4) -> dict[str, Any]:
    return {"type": kind, "data": message}


GOOD: dict[str, tuple[str, str, dict[str, Any], Any]] = {
    "message": ("POST", CALLBACK, {"with_response": "1"}, callback(MESSAGE)),
    "update": ("POST", CALLBACK, {}, callback(without(MESSAGE, "poll"), 7)),
    "deferral": ("POST", CALLBACK, {}, {"type": 5, "data": {"flags": 64}}),
    "choices": ("POST", CALLBACK, {}, CHOICES),
    "no choices": ("POST", CALLBACK, {}, callback({"choices": []}, 8)),
    "numbers to choose": ("POST", CALLBACK, {}, callback({"choices": [{"name": "ten", "value": 10}]}, 8)),
    "modal": ("POST", CALLBACK, {}, MODAL),
    "components v2": ("POST", FOLLOW_UP, {"wait": 1, "with_components": 0}, V2),
    "edit": ("PATCH", ORIGINAL, {}, {"content": None, "embeds": [], "components": []}),
    "deletion": ("DELETE", ORIGINAL, {}, None),
    "commands": ("PUT", COMMANDS, {}, [COMMAND, GROUP, {"name": "Show List", "type": 2}]),
    "channel message": ("POST", CHANNEL, {}, {**MESSAGE, "nonce": 7, "allowed_mentions": {"users": [7]}}),
    "messages": ("GET", CHANNEL, {"limit": 50, "before": MESSAGE_ID}, None),
    "largest texts": (
        "POST",
        CALLBACK,
        {},
        callback({"content": "x" * 2000, "embeds": [{"title": "x" * 256, "description": "x" * 4096}]}),
    ),
}


@pytest.mark.parametrize("request_", GOOD.values(), ids=GOOD)
def test_a_good_request_has_no_violations(contract: DiscordContract, request_: Any) -> None:
    assert contract.violations(request_) == []


def fields(count: int) -> list[dict[str, str]]:
    return [{"name": "n", "value": "v"}] * count


def buttons(count: int) -> list[dict[str, Any]]:
    return [{**BUTTON, "custom_id": str(number)} for number in range(count)]


def rows(*held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"type": 1, "components": components} for components in held]


# What is changed in the message, and what the contract says about it.
BAD_MESSAGES: dict[str, tuple[str, object, str]] = {
    "content": ("content", "x" * 2001, "content: 2001 characters, at most 2000"),
    "11 embeds": ("embeds", [{"title": "t"}] * 11, "embeds: 11 items, at most 10"),
    "embed title": ("embeds.0.title", "x" * 257, "embeds[0].title: 257 characters, at most 256"),
    "embed description": ("embeds.0.description", "x" * 4097, "description: 4097 characters, at most 4096"),
    "26 fields": ("embeds.0.fields", fields(26), "embeds[0].fields: 26 items, at most 25"),
    "field name": ("embeds.0.fields.0.name", "x" * 257, "fields[0].name: 257 characters, at most 256"),
    "field value": ("embeds.0.fields.0.value", "x" * 1025, "fields[0].value: 1025 characters, at most 1024"),
    "field without value": ("embeds.0.fields", [{"name": "n"}], "'value' is a required property"),
    "footer": ("embeds.0.footer.text", "x" * 2049, "footer.text: 2049 characters, at most 2048"),
    "author": ("embeds.0.author.name", "x" * 257, "author.name: 257 characters, at most 256"),
    "all embeds": ("embeds", [{"description": "x" * 3001}] * 2, "embeds: 6002 characters over all"),
    "fields in all embeds": (
        "embeds",
        [{"fields": [{"name": "x" * 200, "value": "x" * 1001}] * 5}],
        "embeds: 6005 characters over all",
    ),
    "footer and author in all embeds": (
        "embeds",
        [{"description": "x" * 4000, "footer": {"text": "x" * 1900}, "author": {"name": "x" * 101}}],
        "embeds: 6001 characters over all",
    ),
    "title type": ("embeds.0.title", 86, "embeds[0].title: 86 is not of type 'string', 'null'"),
    "colour": ("embeds.0.color", 1 << 24, "embeds[0].color: 16777216 is greater than the maximum"),
    "timestamp": ("embeds.0.timestamp", "yesterday", "timestamp: 'yesterday' is not a 'date-time'"),
    "embed URL, no URL": ("embeds.0.url", "not a url", "embeds[0].url: 'not a url' is not a 'uri'"),
    "embed URL, space": ("embeds.0.url", "https://a.net/b c", "is not a 'uri'"),
    "embed URL, no host": ("embeds.0.url", "https:///anime", "is not a well-formed http/https URL"),
    "embed URL, scheme": ("embeds.0.url", "ftp://a.net", "is not a well-formed http/https URL"),
    "embed URL, port": ("embeds.0.url", "https://a.net:port/", "is not a well-formed http/https URL"),
    "image URL": ("embeds.0.image.url", "data:image/png", "is not a well-formed http/https/attachment URL"),
    "thumbnail URL": ("embeds.0.thumbnail", {"url": "file:///c.png"}, "embeds[0].thumbnail.url"),
    "author URL": ("embeds.0.author.url", "attachment://a.png", "embeds[0].author.url"),
    "footer icon": ("embeds.0.footer.icon_url", "ftp://a.net/i.png", "embeds[0].footer.icon_url"),
    "button URL": ("components.0.components.1.url", "https://", "components[0].components[1].url"),
    "label": ("components.0.components.0.label", "x" * 81, "label: 81 characters, at most 80"),
    "custom_id": ("components.0.components.0.custom_id", "x" * 101, "custom_id: 101 characters, at most 100"),
    "custom_id twice": ("components.0.components.0.custom_id", "s", "the custom_id 's' stands twice"),
    "button without custom_id": (
        "components.0.components.0",
        without(BUTTON, "custom_id"),
        "custom_id: a button of style 1 needs custom_id",
    ),
    "link with custom_id": (
        "components.0.components.1.custom_id",
        "l",
        "a button of style 5 has no custom_id",
    ),
    "bare button": ("components.0.components.0.label", "", "a button needs a label or an emoji"),
    "button without style": (
        "components.0.components.0",
        without(BUTTON, "style"),
        "components[0].components[0]: 'style' is a required property",
    ),
    "button style": ("components.0.components.0.style", 9, "style: 9 is not one of [1, 2, 3, 4, 5, 6]"),
    "six buttons": ("components", rows(buttons(6)), "components[0].components: 6 items, at most 5"),
    "six rows": ("components", rows(*([one] for one in buttons(6))), "components: 6 action rows, at most 5"),
    "an empty row": ("components", rows([]), "components[0].components: 0 items, at least 1"),
    "a select beside a button": ("components", rows([SELECT, BUTTON]), "a select stands alone"),
    "no component": (
        "components",
        rows([{"type": 99}]),
        "components[0].components[0].type: 99 is not one of",
    ),
    "component without type": ("components", [{"components": []}], "components[0]: 'type' is a required"),
    "26 options": (
        "components.1.components.0.options",
        [{"label": "l", "value": str(number)} for number in range(26)],
        "options: 26 items, at most 25",
    ),
    "option label": ("components.1.components.0.options.0.label", "x" * 101, "label: 101 characters"),
    "option value": ("components.1.components.0.options.0.value", "x" * 101, "value: 101 characters"),
    "option description": (
        "components.1.components.0.options.0.description",
        "x" * 101,
        "description: 101 characters, at most 100",
    ),
    "option value twice": (
        "components.1.components.0.options",
        [{"label": "l", "value": "v"}] * 2,
        "the value 'v' stands twice",
    ),
    "components v2 unannounced": ("components", V2["components"], "need the flag IS_COMPONENTS_V2"),
    "components v2 with content": ("flags", 1 << 15, "IS_COMPONENTS_V2 has no content"),
    "11 answers": ("poll.answers", POLL["answers"] * 11, "poll.answers: 11 items, at most 10"),
    "answer": ("poll.answers.0.poll_media.text", "x" * 56, "poll_media.text: 56 characters, at most 55"),
    "question": ("poll.question.text", "x" * 301, "question.text: 301 characters, at most 300"),
    "mention": ("allowed_mentions", {"users": ["ann"]}, "allowed_mentions.users[0]"),
    "flags": ("flags", "64", "flags: '64' is not of type 'integer'"),
}


@pytest.mark.parametrize(
    ("method", "path"), [("POST", CALLBACK), ("POST", FOLLOW_UP), ("PATCH", ORIGINAL), ("POST", CHANNEL)]
)
@pytest.mark.parametrize(("at", "value", "told"), BAD_MESSAGES.values(), ids=BAD_MESSAGES)
def test_a_bad_message_is_refused_wherever_it_is_sent(
    contract: DiscordContract, method: str, path: str, at: str, value: object, told: str
) -> None:
    message = changed(MESSAGE, at, value)
    if path == CHANNEL and at == "content":
        told = "content: 2001 characters, at most 2000"
    found = contract.violations((method, path, {}, callback(message) if path == CALLBACK else message))
    assert any(told in one for one in found), found


BAD_CALLBACKS: dict[str, tuple[Any, str]] = {
    "no type": ({"data": {}}, "body: 'type' is a required property"),
    "unknown type": ({"type": 99}, "type: 99 is not one of [1, 4, 5, 6, 7, 8, 9, 12, 13]"),
    "text for a type": ({"type": "4"}, "type: '4' is not one of"),
    "no object": ([], "is not of type 'object'"),
    "no body": (None, "body: no JSON body"),
    "not JSON": ({"type": 4, "data": {"content": object()}}, "body: cannot be sent as JSON"),
    "26 choices": (changed(CHOICES, "data.choices", CHOICES["data"]["choices"] * 26), "26 items, at most 25"),
    "choice name": (changed(CHOICES, "data.choices.0.name", "x" * 101), "choices[0].name: 101 characters"),
    "empty choice name": (changed(CHOICES, "data.choices.0.name", ""), "0 characters, at least 1"),
    "choice value": (changed(CHOICES, "data.choices.0.value", "x" * 101), "choices[0].value: 101 characters"),
    "choice without value": (changed(CHOICES, "data.choices", [{"name": "n"}]), "'value' is a required"),
    "mixed choices": (
        callback({"choices": [{"name": "a", "value": "a"}, {"name": "b", "value": 2}]}, 8),
        "].value: ",
    ),
    "modal title": (changed(MODAL, "data.title", "x" * 46), "data.title: 46 characters, at most 45"),
    "modal components": (changed(MODAL, "data.components", MODAL["data"]["components"] * 6), "at most 5"),
    "modal custom_id": (
        changed(MODAL, "data.components", MODAL["data"]["components"] * 2),
        "'n' stands twice",
    ),
}


@pytest.mark.parametrize(("body", "told"), BAD_CALLBACKS.values(), ids=BAD_CALLBACKS)
def test_a_bad_callback_is_refused(contract: DiscordContract, body: Any, told: str) -> None:
    found = contract.violations(("POST", CALLBACK, {}, body))
    assert any(told in one for one in found), found


BAD_COMMANDS: dict[str, tuple[str, object, str]] = {
    "long name": ("name", "x" * 33, "[0].name: 33 characters, at most 32"),
    "empty name": ("name", "", "[0].name: 0 characters, at least 1"),
    "upper case": ("name", "Rate", "[0].name: 'Rate' must be lower-case"),
    "space in a name": ("name", "rate it", "[0].name: 'rate it' must be"),
    "name in another language": ("name_localizations", {"de": "Werten"}, "[0].name_localizations.de"),
    "long description": ("description", "x" * 101, "[0].description: 101 characters, at most 100"),
    "empty description": ("description", "", "[0].description: a slash command needs one"),
    "no description": ("description", None, "[0].description: a slash command needs one"),
    "26 options": ("options", [OPTION] * 26, "[0].options: 26 items, at most 25"),
    "option name": ("options.0.name", "Anime", "[0].options[0].name: 'Anime' must be lower-case"),
    "long option name": ("options.0.name", "x" * 33, "options[0].name: 33 characters"),
    "option description": ("options.0.description", "x" * 101, "options[0].description: 101 characters"),
    "empty option description": ("options.0.description", "", "options[0].description: 0 characters"),
    "option type": ("options.0.type", 12, "options[0].type: 12 is not one of"),
    "option twice": ("options", [OPTION, OPTION], "[0].options: the name 'anime' stands twice"),
    "required last": (
        "options",
        [{**OPTION, "required": False}, {**OPTION, "name": "score"}],
        "required options come before optional ones",
    ),
    "26 choices": ("options.0.choices", [{"name": "n", "value": "v"}] * 26, "choices: 26 items"),
    "choice value": ("options.0.choices", [{"name": "n", "value": "x" * 101}], "choices[0].value: 101"),
    "name in a group": (
        "options",
        [{"type": 1, "name": "add", "description": "d", "options": [{**OPTION, "name": "An anime"}]}],
        "[0].options[0].options[0].name: 'An anime' must be",
    ),
    "8000 characters": (
        "options",
        [
            {**OPTION, "name": f"o{one}", "choices": [{"name": "x" * 100, "value": "x" * 100}] * 25}
            for one in range(2)
        ],
        "characters in the whole command, at most 8000",
    ),
}


@pytest.mark.parametrize("path", [COMMANDS, f"/applications/{APP}/guilds/{GUILD}/commands"])
@pytest.mark.parametrize(("at", "value", "told"), BAD_COMMANDS.values(), ids=BAD_COMMANDS)
def test_a_bad_command_is_refused(
    contract: DiscordContract, path: str, at: str, value: object, told: str
) -> None:
    found = contract.violations(("PUT", path, {}, [changed(COMMAND, at, value)]))
    assert any(told in one for one in found), found


def test_two_commands_of_one_name_are_refused(contract: DiscordContract) -> None:
    assert contract.violations(("PUT", COMMANDS, {}, [COMMAND, COMMAND]))


@pytest.mark.parametrize(
    ("method", "path", "params", "body", "told"),
    [
        ("POST", "/interactions/1/2/3", {}, {}, "has no POST /interactions/1/2/3"),
        ("PUT", CALLBACK, {}, {}, "has no PUT"),
        ("POST", "/interactions/abc/a-token/callback", {}, callback({}), "path parameter interaction_id"),
        ("POST", CALLBACK, {"with_response": "yes"}, callback({}), "with_response: 'yes' is not of type"),
        ("POST", CALLBACK, {"with_response": True}, callback({}), "True is neither text nor a number"),
        ("POST", CALLBACK, {"with_reply": "1"}, callback({}), "with_reply: the operation knows none"),
        ("GET", CHANNEL, {"limit": 101}, None, "limit: 101 is greater than the maximum of 100"),
        ("GET", CHANNEL, {"before": "now"}, None, "query parameter before"),
        ("DELETE", ORIGINAL, {}, {"content": "x"}, "body: the operation takes none"),
    ],
)
def test_a_request_to_the_wrong_place_is_refused(
    contract: DiscordContract, method: str, path: str, params: dict[str, Any], body: Any, told: str
) -> None:
    found = contract.violations((method, path, params, body))
    assert any(told in one for one in found), found


# ------------------------------------------------------- discord.py's own requests


def small_bot() -> commands.AutoShardedBot:
    """Every kind of answer that a slash-command bot gives."""
    bot = commands.AutoShardedBot("!", shard_count=1, intents=discord.Intents(guilds=True))

    @bot.tree.command(description="An embed with everything in it.")
    async def show(interaction: discord.Interaction) -> None:
        embed = discord.Embed(title="Monster", url="https://myanimelist.net/anime/19", description="A chase.")
        embed.set_author(name="Ann", url="https://example.org", icon_url="https://example.org/a.png")
        embed.set_thumbnail(url="https://example.org/b.png").set_image(url="https://example.org/c.png")
        embed.add_field(name="Score", value="9").set_footer(text="74 episodes")
        embed.colour = discord.Colour.blurple()
        embed.timestamp = discord.utils.utcnow()
        await interaction.response.send_message(embed=embed, ephemeral=True)

    @bot.tree.command(description="Takes its time.")
    async def think(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.edit_original_response(content="Here", embeds=[], view=None)
        mentions = discord.AllowedMentions(users=[member], everyone=False, roles=False)
        sent = await interaction.followup.send("Done", wait=True, allowed_mentions=mentions)
        await sent.edit(content="Done now", embed=discord.Embed(title="Monster"))
        await sent.delete()
        await interaction.followup.send(embed=discord.Embed(title="Secret"), ephemeral=True)

    class Answers(discord.ui.View):
        @discord.ui.button(label="Next", emoji="▶️", custom_id="next", style=discord.ButtonStyle.primary)
        async def next(self, interaction: discord.Interaction, _: discord.ui.Button[Answers]) -> None:
            await interaction.response.edit_message(content="page 2", view=self)

        @discord.ui.select(
            custom_id="pick",
            options=[discord.SelectOption(label="Monster", value="19", description="2004")],
        )
        async def pick(self, interaction: discord.Interaction, _: discord.ui.Select[Answers]) -> None:
            await interaction.response.defer()

    @bot.tree.command(description="Buttons and a select.")
    async def browse(interaction: discord.Interaction) -> None:
        view = Answers()
        view.add_item(discord.ui.Button(label="Page", url="https://myanimelist.net/anime/19"))
        await interaction.response.send_message("page 1", view=view)

    @bot.tree.command(description="With typing help.")
    @app_commands.describe(anime="Its title.", score="1 is worst.", mood="How you feel.")
    @app_commands.guild_only()
    @app_commands.default_permissions(send_messages=True)
    async def rate(
        interaction: discord.Interaction,
        anime: app_commands.Range[str, 1, 100],
        score: app_commands.Range[int, 1, 10],
        mood: Literal["fine", "tired"] = "fine",
    ) -> None:
        await interaction.response.send_message(f"{anime} {score} {mood}", silent=True)
        await interaction.delete_original_response()

    @rate.autocomplete("anime")
    async def titles(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}onster", value="mal:19")]

    @bot.tree.command(description="What next?")
    async def poll(interaction: discord.Interaction) -> None:
        question = discord.Poll(question="What next?", duration=timedelta(hours=8))
        question.add_answer(text="Monster", emoji="👹").add_answer(text="Mushishi")
        await interaction.response.send_message(poll=question)

    bot.tree.add_command(app_commands.Group(name="list", description="Your list."))
    return bot


async def test_the_requests_of_discord_py_itself_are_good(contract: DiscordContract) -> None:
    bot = small_bot()
    async with simcord.run(bot) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("general")
        ann = guild.add_member(env.create_user("ann"))
        await bot.tree.sync()
        await bot.tree.sync(guild=discord.Object(guild.id))
        await bot.tree.fetch_commands()
        await ann.slash(channel, "show")
        await ann.slash(channel, "think", member=ann)
        shown = await ann.slash(channel, "browse")
        await ann.click(shown.response, custom_id="next")
        await ann.select(shown.response, ["19"], custom_id="pick")
        await ann.autocomplete(channel, "rate", "anime", "M")
        await ann.slash(channel, "rate", anime="mal:19", score=9)
        await ann.slash(channel, "poll")
        assert_contract(env, contract)


async def test_a_bad_request_of_a_bot_is_told_with_its_place(contract: DiscordContract) -> None:
    bot = commands.AutoShardedBot("!", shard_count=1, intents=discord.Intents(guilds=True))

    @bot.tree.command(description="An embed with a bad address.")
    async def much(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(embed=discord.Embed(title="Monster", url="https://"))

    async with simcord.run(bot) as env:
        channel = env.create_guild().create_text_channel("general")
        await bot.tree.sync()
        assert_contract(env, contract)
        await env.guild.add_member(env.create_user("ann")).slash(channel, "much")
        with pytest.raises(
            AssertionError, match=r"POST /interactions/\d+/\S+/callback: data.embeds\[0\].url"
        ):
            assert_contract(env)


def test_the_extract_is_a_part_of_the_description_word_for_word(request: pytest.FixtureRequest) -> None:
    whole = request.config.getoption("--discord-openapi", default=None)
    part = json.loads(EXTRACT.read_text(encoding="utf-8"))
    if whole:
        again = extract(json.loads(Path(whole).read_text(encoding="utf-8")))
        assert {**again, "x-extracted-from": part["x-extracted-from"]} == part
    assert part["info"]["license"]["identifier"] == "MIT"
    assert set(part["paths"]) == set(OPERATIONS)
