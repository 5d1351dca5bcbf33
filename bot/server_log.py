"""Keeps in the audit what was changed, and tells the server's log channel; neither ever undoes the change itself."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from bot import log, words_corpus
from bot.errors import JournalError
from bot.render import note_reply
from bot.reply import SILENT, layout
from bot.voices import UNREACHED, Call
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from bot.app import Picket

T = TypeVar("T")


async def record(bot: "Picket", guild: int, action: str, *, whom: int, detail: str) -> tuple[str, ...]:
    """After a change was made: into the audit, and into the channel, if the server chose one that can be written to.

    Gives what the moderator is to be told of it: nothing where the audit has it.
    """
    remarks = await bot.desk.run(_entered, bot, guild, action, whom=whom, detail=detail, now=bot.now())
    await announce(bot, guild, action, whom=whom, detail=detail)
    return remarks


async def change(
    call: Call,
    guild: int,
    action: str,
    make: Callable[[], T],
    *,
    detail: Callable[[T], str],
    so_far: Callable[[], str] = str,
) -> tuple[T, tuple[str, ...]]:
    """Makes the change that the call is for and records it; gives what `make` gave, and the remarks.

    Where `detail` gives “”, nothing was changed. The audit has it from the same thread, so that a change that is done
    after Picket stopped waiting for it is there, too. Where `make` fails, `so_far` says what was done before: that is
    recorded, and the error raised all the same, with the remarks as its notes.
    """
    bot, whom = call.bot, call.where.person
    now = bot.now()
    cut_short = words_corpus.cut_short(action)

    def work() -> tuple[T, str, tuple[str, ...]]:
        try:
            done = make()
        except CorpusError as error:
            if told := so_far():
                for remark in _entered(bot, guild, cut_short, whom=whom, detail=told, now=now):
                    error.add_note(remark)
            raise
        told = detail(done)
        return done, told, _entered(bot, guild, action, whom=whom, detail=told, now=now) if told else ()

    try:
        done, told, remarks = await bot.desk.work(work)
    except CorpusError:
        if told := so_far():
            await announce(bot, guild, cut_short, whom=whom, detail=told)
        raise
    if told:
        await announce(bot, guild, action, whom=whom, detail=told)
    return done, remarks


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
    except UNREACHED as error:
        log.event("unlogged", level="warning", guild=guild, action=action, error=type(error).__name__)
        return False
    return True


def _entered(bot: "Picket", guild: int, action: str, *, whom: int, detail: str, now: datetime) -> tuple[str, ...]:
    """Into the audit; in a thread. Gives what the moderator is to be told where that can't be written."""
    try:
        bot.journal.record(guild, action, whom=whom, detail=detail, now=now)
    except JournalError as error:
        bot.metrics.failed(type(error).__name__)
        return (words_corpus.unaudited(log.failure("unaudited", error, guild=guild, action=action)),)
    return ()
