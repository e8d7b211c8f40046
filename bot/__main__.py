"""``python -m bot``: connect to Discord."""

from __future__ import annotations

import logging
import sys

import aiohttp
import discord

from bot import create_bot
from bot.settings import SettingsError, read_settings
from hakken import HakkenError


def main() -> str | None:
    """Run the bot until it is stopped.

    Returns:
        The problem that the operator should fix, in one line; None after a normal end.
    """
    # stamina warns at every retry and logs the arguments, which include a member's name on a site.
    # bot.sites logs enough.
    logging.getLogger("stamina").setLevel(logging.ERROR)
    try:
        settings = read_settings()
    except SettingsError as error:
        return str(error)
    if settings.discord_token is None:
        return (
            "DISCORD_TOKEN is not set: get it at https://discord.com/developers/applications "
            "(your application → Bot → Reset Token) and put it into .env; see .env.example"
        )
    bot = create_bot(settings)
    try:
        bot.run(
            settings.discord_token.get_secret_value(),
            log_level=logging.getLevelNamesMapping()[settings.log_level],
        )
    except HakkenError as error:
        return str(error)
    except discord.LoginFailure:
        return (
            "Discord does not accept DISCORD_TOKEN: reset it in the developer portal "
            "and put the new one into .env"
        )
    except aiohttp.ClientError as error:
        return f"Discord cannot be reached ({error}): check the network and start again"
    except discord.HTTPException as error:
        return f"Discord refused the start ({error}): try again, and see https://discordstatus.com"
    return None


if __name__ == "__main__":
    problem = main()
    if problem:
        print(f"hakken: {problem}", file=sys.stderr)  # noqa: T201
        sys.exit(2)
