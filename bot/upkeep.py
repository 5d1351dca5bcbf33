"""Forgets in time: people's words after their days, and what is kept of a server when Picket has long left it.

Runs beside the answering, once at the start and once a day. Which rows go is `journal`'s business.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import discord
from discord.ext import commands

from bot import log
from bot.errors import BotError, BusyError, ClosingError
from bot.scope import where_interaction
from corpus.errors import CorpusError
from index.errors import EngineError

if TYPE_CHECKING:
    from bot.app import Picket

P = ParamSpec("P")
T = TypeVar("T")

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

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """A server that installed the commands alone tells of neither its coming nor its going: that it calls is all there is."""
        guild = where_interaction(interaction).guild
        if guild is not None and self._bot.get_guild(guild) is None:
            with suppress(ClosingError):
                await self._bot.desk.run(self._bot.journal.guild_back, guild)

    async def forget(self, now: datetime) -> Sequence[int]:
        """What is due at this time; gives the servers that are forgotten altogether. Only once the gateway told all servers.

        What can't be removed is logged, and keeps nothing else from going. JournalError where the journal can't be used.
        """
        bot, chosen = self._bot, self._bot.settings.bot
        gone = await bot.desk.run(bot.journal.expire, now, chosen.keep_days)
        previews = await self._tried(bot.library.proposals.expire, now)
        versions = await self._tried(bot.library.tidy, now)
        # Servers may have been left, or come back to, while Picket was not there to hear of it.
        await bot.desk.run(self._compare, {guild.id for guild in bot.guilds}, now)
        departed = await bot.desk.run(bot.journal.departed, now - timedelta(days=chosen.departed_days))
        forgotten = [guild for guild in departed if await self._tried(self._forget_server, guild)]
        if forgotten:
            await bot.preferences.load()
            for guild in forgotten:
                bot.offers.forget(guild)
            with suppress(BusyError):  # their words leave the index too; where one runs, with the next
                bot.builds.start(guild=None, whom=None, full=False, now=now)
        log.event(
            "upkeep",
            questions=gone.questions,
            feedback=gone.feedback,
            previews=previews,
            versions=versions,
            servers=len(forgotten),
        )
        return forgotten

    async def _tried(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """What `call` gives, from a thread; None where files can't be read or removed, which is logged."""
        try:
            return await self._bot.desk.work(call, *args, **kwargs)
        except (CorpusError, EngineError) as error:
            log.failure("upkeep-failed", error)
            return None

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

    def _forget_server(self, guild: int) -> bool:
        # The articles first: where they can't be removed, the server is still known as one to forget.
        articles = self._bot.library.forget(guild)
        self._bot.journal.forget_guild(guild)
        log.event("forgot-server", guild=guild, articles=articles)
        return True

    def _compare(self, there: set[int], now: datetime) -> None:
        journal = self._bot.journal
        for guild in journal.guilds():  # what the operator added for another is the operator's to remove
            if guild in there:
                journal.guild_back(guild)
            else:
                journal.guild_left(guild, now)
