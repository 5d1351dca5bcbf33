"""One policy for whatever goes wrong: a sentence for the person, a line in the log under the id that the sentence names.

What people can mend themselves (a date that can't be read, asking too often) is told as it is and has no id; the log
never has its words, which may be what they typed. The tree of commands, views, buttons, forms and events all end here;
see `cogs.errors` for those that come from discord.py.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord
from discord import app_commands

from bot import log, words_asking, words_corpus
from bot.blocks import Note, Paragraph, Reply, Tone
from bot.errors import BackupError, BotError, BusyError, JournalError, RateError
from bot.voices import UNREACHED, Voice, is_expired, whisper
from corpus.errors import CorpusError, StoreError
from index.errors import BuildError, EngineError, ModelError, NoGenerationError, OutdatedError, StorageError

# Discord's “unknown interaction”: nothing was begun. The other codes of `is_expired` come when only telling is left.
_UNACKNOWLEDGED = 10062
_FAULTS = (JournalError, BackupError, StorageError, ModelError, BuildError, StoreError)


def known(error: BaseException) -> str | None:
    """What to tell about an error that is no fault of Picket or Discord; None where it is one."""
    if isinstance(error, NoGenerationError):
        return words_asking.NOTHING_INDEXED
    if isinstance(error, OutdatedError):
        return words_asking.INDEXED_ANEW
    if isinstance(error, BotError | EngineError | CorpusError) and not isinstance(error, _FAULTS):
        return str(error)
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return words_asking.OUTDATED_COMMAND
    if isinstance(error, app_commands.CheckFailure):
        cause = error.__cause__
        return str(cause) if isinstance(cause, BotError) else words_asking.NOT_HERE
    return None


def sentence(error: BaseException, identity: str) -> str:
    """What to tell about a fault that is in the log under this id."""
    if isinstance(error, JournalError | BackupError):
        return words_asking.journal_fault(identity)
    if isinstance(error, StoreError):
        return words_corpus.store_fault(identity)
    if isinstance(error, EngineError | CorpusError):
        return words_asking.index_fault(identity)
    if is_expired(error):
        late = isinstance(error, discord.HTTPException) and error.code != _UNACKNOWLEDGED
        return words_asking.overdue(identity) if late else words_asking.expired(identity)
    if isinstance(error, discord.Forbidden):
        return words_asking.forbidden(identity)
    if isinstance(error, discord.NotFound):
        return words_asking.vanished(identity)
    if isinstance(error, discord.RateLimited | aiohttp.ClientError | TimeoutError):
        return words_asking.discord_fault(identity)
    if isinstance(error, discord.HTTPException) and (error.status == 429 or error.status >= 500):
        return words_asking.discord_fault(identity)
    return words_asking.unforeseen(identity)


def original(error: BaseException) -> BaseException:
    """What a command raised, without what discord.py wrapped it in."""
    while isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError) and error.__cause__:
        error = error.__cause__
    return error


def note(voice: Voice, error: BaseException) -> str:
    """Logs and counts a fault; gives its id."""
    voice.bot.metrics.failed(type(error).__name__)
    return log.failure("fault", error, place=str(voice.where.place), guild=voice.where.guild)


async def tell(voice: Voice, error: BaseException) -> None:
    """Tells the person what went wrong, and the error's notes, by whichever way is open; never raises for Discord's sake."""
    error = original(error)
    told = known(error)
    if told is None:
        told = sentence(error, note(voice, error))
    elif isinstance(error, BusyError | RateError):
        voice.bot.metrics.refused("busy" if isinstance(error, BusyError) else "rate")
    if voice.bot.is_closed():  # there is no way left to tell it by
        log.event("untold", level="warning", what=type(error).__name__)
        return
    reply = Reply((Paragraph(told), *(Note(one) for one in getattr(error, "__notes__", ()))), Tone.BAD)

    async def aside() -> None:
        await whisper(voice.person, reply)

    for way in (aside,) if is_expired(error) else (lambda: voice.tell(reply), aside):
        try:
            await way()
            return
        except UNREACHED as second:
            status = getattr(second, "status", None)
            refused = type(second).__name__
            log.event("untold", level="warning", what=type(error).__name__, error=refused, status=status)
            if status is None or status >= 500:
                return  # not this place is shut, but Discord


@asynccontextmanager
async def telling(voice: Voice) -> AsyncIterator[None]:
    """Around everything that is done for one person at one time: lets Picket's end wait for it, and tells what goes wrong."""
    with voice.bot.hold(late=True):  # it can't refuse here; acknowledging and counting do
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the one place where everything ends, and is logged
            await tell(voice, error)
