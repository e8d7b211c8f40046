"""A file that a member attached: no larger and no longer on its way than a list may be."""

from __future__ import annotations

import asyncio

import aiohttp
import discord

from bot.errors import MemberError
from bot.lists import MAX_FILE_BYTES

_SECONDS = 20.0
_MEBIBYTE = 2**20


async def downloaded(attachment: discord.Attachment) -> bytes:
    """The content of a file of at most `MAX_FILE_BYTES`.

    Raises:
        MemberError: too large, gone, or not handed out by Discord; nothing of it is kept.
    """
    _check_size(attachment.size)  # as Discord says, before a byte is asked for
    try:
        async with asyncio.timeout(_SECONDS):
            content = await attachment.read()
    except discord.NotFound as error:
        raise MemberError("Discord no longer has this file. Please send `/import` with it again.") from error
    except discord.HTTPException as error:
        raise MemberError(
            f"Discord did not hand me the file (HTTP {error.status}). Please try again in a minute."
        ) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise MemberError("The connection broke while I fetched the file. Please try again.") from error
    _check_size(len(content))
    return content


def _check_size(size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise MemberError(
            f"This file is larger than the {MAX_FILE_BYTES // _MEBIBYTE} MiB that I read. "
            "No list is so long: please send the export itself, or gzip it."
        )
