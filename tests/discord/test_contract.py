"""The judge itself: it lets good requests through and refuses what Discord refuses."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from simcord import HttpLogEntry

from tests.discord.contract import Contract

CALLBACK = "/interactions/1456074443980800013/token/callback"
COMMANDS = "/applications/1456074443980800000/commands"
BUTTON = {"type": 2, "style": 2, "custom_id": "a", "label": "More"}
MESSAGE: dict[str, Any] = {
    "type": 4,
    "data": {
        "content": "hello",
        "embeds": [{"title": "Monster", "url": "https://myanimelist.net/anime/19", "description": "x"}],
        "components": [{"type": 1, "components": [BUTTON, {**BUTTON, "custom_id": "b"}]}],
    },
}
CHOICES: dict[str, Any] = {"type": 8, "data": {"choices": [{"name": "Monster", "value": "mal:19"}]}}
COMMAND: list[Any] = [{"name": "rate", "description": "Rate an anime.", "type": 1, "options": []}]


def judge(contract: Contract, method: str, path: str, body: object) -> list[str]:
    return contract.violations(HttpLogEntry(method, path, {}, body, None))


def changed(body: Any, at: list[str | int], value: object) -> Any:
    whole = copy.deepcopy(body)
    part = whole
    for step in at[:-1]:
        part = part[step]
    part[at[-1]] = value
    return whole


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", CALLBACK, MESSAGE),
        ("POST", CALLBACK, CHOICES),
        ("POST", CALLBACK, {"type": 5, "data": {"flags": 64}}),
        ("PUT", COMMANDS, COMMAND),
    ],
)
def test_good_requests_pass(contract: Contract, method: str, path: str, body: object) -> None:
    assert judge(contract, method, path, body) == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/interactions/1/2/3", MESSAGE),
        ("POST", CALLBACK, {"type": 99}),
        ("POST", CALLBACK, {"data": {}}),
        ("POST", CALLBACK, changed(CHOICES, ["data", "choices"], CHOICES["data"]["choices"] * 26)),
        ("POST", CALLBACK, changed(CHOICES, ["data", "choices", 0, "name"], "x" * 101)),
        ("POST", CALLBACK, changed(CHOICES, ["data", "choices", 0, "name"], "")),
        ("POST", CALLBACK, changed(CHOICES, ["data", "choices", 0, "value"], "x" * 101)),
        ("POST", CALLBACK, changed(MESSAGE, ["data", "content"], "x" * 2001)),
        ("POST", CALLBACK, changed(MESSAGE, ["data", "embeds"], MESSAGE["data"]["embeds"] * 11)),
        ("POST", CALLBACK, changed(MESSAGE, ["data", "embeds", 0, "title"], "x" * 257)),
        ("POST", CALLBACK, changed(MESSAGE, ["data", "embeds", 0, "description"], "x" * 4097)),
        ("POST", CALLBACK, changed(MESSAGE, ["data", "embeds", 0, "url"], "not a url")),
        ("POST", CALLBACK, changed(MESSAGE, ["data", "embeds", 0, "url"], "https://a b.net")),
        ("POST", CALLBACK, changed(MESSAGE, ["data", "embeds"], [{"description": "x" * 3001}] * 2)),
        (
            "POST",
            CALLBACK,
            changed(MESSAGE, ["data", "embeds", 0, "fields"], [{"name": "a", "value": "b"}] * 26),
        ),
        ("POST", CALLBACK, changed(MESSAGE, ["data", "components", 0, "components"], [BUTTON, BUTTON])),
        ("POST", CALLBACK, changed(MESSAGE, ["data", "components", 0, "components", 0, "label"], "x" * 81)),
        (
            "POST",
            CALLBACK,
            changed(MESSAGE, ["data", "components", 0, "components", 0, "custom_id"], "x" * 101),
        ),
        ("PUT", COMMANDS, changed(COMMAND, [0, "description"], "x" * 101)),
        ("PUT", COMMANDS, changed(COMMAND, [0, "name"], "x" * 33)),
    ],
)
def test_what_discord_refuses_is_refused(contract: Contract, method: str, path: str, body: object) -> None:
    assert judge(contract, method, path, body)
