"""Picket as one Discord client: what it is made of, which cogs it loads, and how it ends. What it says is left to the cogs."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import discord
from discord import app_commands
from discord.ext import commands

from bot import log
from bot.answer_recall import RecentAnswers
from bot.autocomplete import Offers
from bot.builds import Builds
from bot.config import BotFile, load_settings
from bot.conversations import Conversations
from bot.desk import Desk
from bot.errors import ClosingError
from bot.journal import Journal
from bot.journal_records import Forgotten
from bot.library import Library
from bot.metrics import Metrics
from bot.preferences import Preferences
from bot.rate_limits import Limiter
from index.engine import Engine

# Each is a module with `setup`; a cog that reacts to errors comes first, so that the others' are told from the start.
COGS = (
    "bot.cogs.errors",
    "bot.cogs.ask",
    "bot.cogs.direct",
    "bot.cogs.articles",
    "bot.cogs.corpus",
    "bot.cogs.settings",
    "bot.cogs.privacy",
    "bot.cogs.forms",
)
# Seconds. Containers send SIGKILL 10 s after SIGTERM by default; one and a half remain for the gateway and the disk.
ENDING = 8.5
# Seconds of these in which who still waits is told to ask again. A judgement: some hundred requests, on busy cores.
_TELLING = 2.5

# A step of starting that is not a cog's: run once, after the cogs are loaded and before the gateway is dialled.
Step = Callable[["Picket"], Awaitable[object]]


class Picket(commands.Bot):
    """Owns the desk, the journal and the engine: `close` lets go of all three, also where it never connected.

    Everything on it is used on the event loop only. `steps` are run at the end of `setup_hook`.
    """

    def __init__(self, settings: BotFile, engine: Engine, journal: Journal, *, steps: tuple[Step, ...] = ()) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            # None of them is privileged. Messages' text comes without one in direct messages and where Picket is mentioned.
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            # Whatever an article or a question says, nobody is pinged.
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        chosen = settings.bot
        self.settings = settings
        self.engine = engine
        self.journal = journal
        self.desk = Desk(engine, threads=chosen.threads, queue=chosen.queue, seconds=chosen.seconds)
        self.limiter = Limiter(person=chosen.person_per_minute, server=chosen.server_per_minute)
        self.metrics = Metrics()
        self.preferences = Preferences(journal, self.desk)
        self.conversations = Conversations()
        self.recent = RecentAnswers()
        self.offers = Offers(engine, self.desk)
        self.library = Library(engine)
        self.builds = Builds(self)
        self._steps = steps
        self._held: set[asyncio.Future[None]] = set()
        self._ending: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """The one clock of this floor."""
        return discord.utils.utcnow()

    async def forget_person(self, person: int) -> Forgotten:
        """Everything that is kept or remembered of a person, but their entries as a moderator. JournalError forgets nothing.

        What they still wait for is not kept either. How often they asked is counted on, for the minute that it counts.
        """
        # Before the journal: a question may be noted at this moment.
        self.conversations.forget_until(person, self.now())
        gone = await self.preferences.forget_person(person)
        self.conversations.forget(person)
        self.recent.forget_person(person)
        return gone

    async def setup_hook(self) -> None:
        await self.preferences.load()
        for cog in COGS:
            await self.load_extension(cog)
        for step in self._steps:
            await step(self)

    async def on_message(self, _: discord.Message, /) -> None:
        """Nothing: Picket has no prefix commands; `bot.cogs.direct` listens to messages."""

    async def on_error(self, event_method: str, /, *_: object, **__: object) -> None:
        """A fault in a listener that nobody is waiting for; those that somebody waits for are told by `faults`."""
        error = sys.exception()
        if error is not None:
            self.metrics.failed(type(error).__name__)
            log.failure("fault", error, place=event_method)

    def refuse_late(self) -> None:
        """ClosingError where Picket is about to end: then nothing new is begun."""
        if self._ending:
            raise ClosingError("Picket is being restarted; try again in a minute.")

    @contextmanager
    def hold(self, *, late: bool = False) -> Iterator[None]:
        """Around what a person waits for: `close` lets it finish. ClosingError where it comes too late, unless `late`."""
        if not late:
            self.refuse_late()
        held = asyncio.get_running_loop().create_future()
        self._held.add(held)
        try:
            yield
        finally:
            self._held.discard(held)
            held.set_result(None)

    async def close(self, within: float = ENDING) -> None:
        """Lets running questions finish for so many seconds, says goodbye to Discord, and closes what it owns. Idempotent.

        Who still waits then is told to ask again.
        """
        if self._ending is None:
            self._ending = asyncio.create_task(self._end(within))
        await asyncio.shield(self._ending)

    async def _end(self, within: float) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + within
        stopping = asyncio.create_task(self.builds.close())  # a reindex ends at its next safe moment, and is told
        await asyncio.wait((stopping, *self._held), timeout=max(0.0, within - _TELLING))
        self.desk.drain()
        self.desk.abandon()
        await asyncio.wait((stopping, *self._held), timeout=min(within, _TELLING))
        stopping.cancel()
        try:
            await super().close()
        finally:
            await self.desk.close(max(0.0, until - loop.time()))
            await asyncio.to_thread(self._close_owned)

    def _close_owned(self) -> None:
        try:
            self.journal.close()
        finally:
            self.engine.close()


def create_bot(config: Path, *, steps: tuple[Step, ...] = ()) -> Picket:
    """Picket as a file describes it; nothing is loaded or dialled yet. Reads the disk: call it before the loop runs.

    Raises SettingsError, StorageError and JournalError.
    """
    settings = load_settings(config)
    # Picket has no voice; without this, discord.py warns of that twice at every start.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    engine = Engine(settings, config)
    try:
        journal = Journal.open(engine.storage / "bot.db", now=discord.utils.utcnow())
    except BaseException:
        engine.close()
        raise
    return Picket(settings, engine, journal, steps=steps)
