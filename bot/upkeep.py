"""Forgets in time: people's words after their days, and what is kept of a server when Picket has long left it.

Runs beside the answering, once at the start and once a day. Which rows go is `journal`'s business.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot import log
from bot.errors import BotError, BusyError, ClosingError
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from bot.app import Picket

# Seconds. Whatever is kept for days may be kept for one more; a day is fine enough and costs milliseconds.
_PAUSE = 24 * 60 * 60.0


class Upkeep(commands.Cog):
    """Owns one task, from when the cog is added until it is removed; `pause` is seconds between two rounds."""

    def __init__(self, bot: "Picket", *, pause: float = _PAUSE) -> None:
        self._bot = bot
        self._pause = pause
        self._task: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        self._task = asyncio.create_task(self._daily(), name="upkeep")

    async def cog_unload(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._bot.desk.run(self._bot.journal.guild_back, guild.id)
        log.event("joined", guild=guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._bot.desk.run(self._bot.journal.guild_left, guild.id, self._bot.now())
        log.event("left", guild=guild.id)

    async def forget(self, now: datetime) -> Sequence[int]:
        """What is due at this time; gives the servers that are forgotten altogether. Only once the gateway told all servers."""
        bot, chosen = self._bot, self._bot.settings.bot
        # Servers may have been left, or come back to, while Picket was not there to hear of it.
        await bot.desk.run(self._compare, {guild.id for guild in bot.guilds}, now)
        gone = await bot.desk.run(bot.journal.expire, now, chosen.keep_days)
        departed = await bot.desk.run(bot.journal.departed, now - timedelta(days=chosen.departed_days))
        for guild in departed:
            # The articles first: where they can't be removed, the server is still known as one to forget.
            articles = await bot.desk.work(bot.library.forget, guild)
            await bot.desk.run(bot.journal.forget_guild, guild)
            log.event("forgot-server", guild=guild, articles=articles)
        if departed:
            await bot.preferences.load()
            with suppress(BusyError):  # their words leave the index too; where one runs, with the next
                bot.builds.start(guild=None, whom=None, full=False, now=now)
        previews = await bot.desk.run(bot.library.proposals.expire, now)
        log.event("upkeep", questions=gone.questions, feedback=gone.feedback, previews=previews, servers=len(departed))
        return departed

    async def _daily(self) -> None:
        await self._bot.wait_until_ready()
        while True:
            try:
                await self.forget(self._bot.now())
            except ClosingError:
                return
            except (BotError, CorpusError) as error:
                log.failure("upkeep-failed", error)
            await asyncio.sleep(self._pause)

    def _compare(self, there: set[int], now: datetime) -> None:
        journal = self._bot.journal
        for guild in journal.guilds():
            if guild in there:
                journal.guild_back(guild)
            else:
                journal.guild_left(guild, now)
