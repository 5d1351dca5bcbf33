"""Keeps in the audit what was changed, and tells the server's log channel; neither ever undoes the change itself."""

from typing import TYPE_CHECKING

import aiohttp
import discord

from bot import log, words_corpus
from bot.errors import JournalError
from bot.render import note_reply
from bot.reply import SILENT, layout

if TYPE_CHECKING:
    from bot.app import Picket

_UNREACHED = (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError)


async def record(bot: "Picket", guild: int, action: str, *, whom: int, detail: str) -> tuple[str, ...]:
    """After a change was made: into the audit, and into the channel, if the server chose one that can be written to.

    Gives what the moderator is to be told of it: nothing where the audit has it.
    """
    remarks: tuple[str, ...] = ()
    try:
        await bot.desk.run(bot.journal.record, guild, action, whom=whom, detail=detail, now=bot.now())
    except JournalError as error:
        bot.metrics.failed(type(error).__name__)
        remarks = (words_corpus.unaudited(log.failure("unaudited", error, guild=guild, action=action)),)
    await announce(bot, guild, action, whom=whom, detail=detail)
    return remarks


async def announce(
    bot: "Picket", guild: int, action: str, *, whom: int, detail: str, channel: int | None = None
) -> bool:
    """Into the log channel, or another, alone, for what the audit has already; False where it can't be written to."""
    if channel is None:
        channel = bot.preferences.guild(guild).log_channel
    if channel is None:
        return True
    view = await bot.desk.run(layout, note_reply(words_corpus.told(whom, action, detail)))
    try:
        # Not looked up: a server without Picket has no channel here that it could name.
        await bot.get_partial_messageable(channel, guild_id=guild).send(view=view, allowed_mentions=SILENT)
    except _UNREACHED as error:
        log.event("unlogged", level="warning", guild=guild, action=action, error=type(error).__name__)
        return False
    return True
