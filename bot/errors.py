"""Error handling: a member gets one sentence, the log gets the details."""

from __future__ import annotations

import logging
import secrets
from contextlib import suppress

import aiohttp
import discord
from discord import app_commands

from hakken import HakkenError

log = logging.getLogger(__name__)

LOST_CONNECTION = (discord.HTTPException, aiohttp.ClientError)
"""Errors raised when an answer does not reach Discord: Discord refused it, or the connection broke."""


class MemberError(HakkenError):
    """A member asked for something impossible; ``str(error)`` is a sentence for them."""


def sentence_for(error: BaseException) -> str:
    """Return the sentence for the member; log any error that they did not cause, under their reference."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemberError):
            return str(cause)
        cause = cause.__cause__
    if isinstance(error, app_commands.NoPrivateMessage):
        return "That works only in a server."
    reference = secrets.token_hex(4)
    log.error("error %s", reference, exc_info=error)
    return (
        "Sorry, something went wrong on my side. Please try again. "
        f"If it happens again, tell the people who run me this reference: `{reference}`."
    )


async def answer_error(interaction: discord.Interaction, error: BaseException) -> None:
    """Tell the member alone what went wrong, whether or not the interaction was answered or deferred."""
    sentence = sentence_for(error)
    try:
        if interaction.response.is_done():
            await _take_placeholder_away(interaction)
            await interaction.followup.send(sentence, ephemeral=True)
        else:
            await interaction.response.send_message(sentence, ephemeral=True)
    except LOST_CONNECTION as lost:
        log.warning("an error message did not reach Discord: %s", lost)


async def _take_placeholder_away(interaction: discord.Interaction) -> None:
    """Delete a public 'thinking…' that nothing has replaced yet.

    Discord puts the first follow-up in its place and shows it to whom the placeholder is shown: to all.
    """
    if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        with suppress(discord.NotFound):  # it is gone already
            message = await interaction.original_response()
            if message.flags.loading and not message.flags.ephemeral:
                await message.delete()
