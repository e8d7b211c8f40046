"""Downloads a file that a member attached, with limits on its size and time."""

from __future__ import annotations

import asyncio

import aiohttp
import discord

from bot.errors import MemberError
from bot.lists import MAX_FILE_BYTES

_SECONDS = 20.0
_MEBIBYTE = 2**20


async def downloaded(attachment: discord.Attachment) -> bytes:
    """Download a file of at most `MAX_FILE_BYTES`.

    Raises:
        MemberError: it is too large, gone, or refused by Discord; nothing of it is kept.
    """
    _check_size(attachment.size)  # the size that Discord says, before the download
    try:
        async with asyncio.timeout(_SECONDS):
            content = await attachment.read()
    except discord.NotFound as error:
        raise MemberError("Discord no longer has this file. Attach it to `/import` again.") from error
    except discord.HTTPException as error:
        raise MemberError(
            f"Discord didn't give me the file (HTTP {error.status}). Try again in a minute."
        ) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise MemberError("The connection broke during the download. Try again.") from error
    _check_size(len(content))
    return content


def _check_size(size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise MemberError(
            f"This file is too large: I read at most {MAX_FILE_BYTES // _MEBIBYTE} MiB. "
            "Send only the export itself, or gzip it."
        )
