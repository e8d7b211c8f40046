"""For the bot's own tests: hold everything that was sent in a simulated Discord against the contract.

from tests.discord.contract.plugin import assert_contract

@pytest.fixture
async def world(simcord_env):
    ...
    yield world
    assert_contract(simcord_env)
"""

from __future__ import annotations

from functools import cache

from simcord import Env

from tests.discord.contract.contract import DiscordContract


@cache
def carried_contract() -> DiscordContract:
    """The part of the description that the tests carry, read once."""
    return DiscordContract.load()


def assert_contract(env: Env, contract: DiscordContract | None = None) -> None:
    """Raise an AssertionError that lists whatever Discord would refuse about the bot's requests.

    Args:
        env: the simulated Discord in which the bot ran.
        contract: another description to judge by, such as the whole one.
    """
    judge = contract or carried_contract()
    lines = [
        f"{request.method} {request.path}: {violation}"
        for request in env.http_requests
        for violation in judge.violations(request)
    ]
    if lines:
        raise AssertionError("Discord would refuse:\n" + "\n".join(lines))
