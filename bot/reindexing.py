"""Shows a reindex in the message that began it, until it has ended, also past the 15 minutes of an interaction."""

import asyncio
from contextlib import suppress

import discord

from bot import log, server_log, words_corpus
from bot.asking import with_notes
from bot.blocks import Reply, Tone
from bot.builds import Build, BuildOutcome, Ended
from bot.corpus_cards import outcome_reply, progress_reply
from bot.errors import BusyError, ClosingError
from bot.permissions import require_moderator
from bot.render import note_reply
from bot.reply import SILENT
from bot.voices import UNREACHED, Actions, Call, is_expired, laid_out, whisper
from corpus.errors import CorpusError

# Seconds between two looks at a reindex. Discord lets a message be changed five times in five seconds.
_EVERY = 2.0


async def reindex(call: Call, *, full: bool) -> None:
    """Begins one, for all to see, shows how far it is, and says how it ended. That one runs is told to who asks alone.

    The call is not acknowledged yet: whether others see it is known only then.
    """
    bot, whom = call.bot, call.where.person
    guild = require_moderator(call.interaction)
    running = bot.builds.current
    if running is not None:
        bot.metrics.refused("busy")
        mine = running.guild == guild
        told = words_corpus.reindex_runs(running.whom if mine else None, running.began_at, mine=mine)
        await call.tell(note_reply(told, tone=Tone.BAD))
        return
    # Before anything is waited for: else two at the same moment would both find the place free.
    build = bot.builds.claim(guild=guild, whom=whom, now=bot.now())
    try:
        await call.acknowledge(private=False)
    except BaseException:
        bot.builds.release(build)
        raise
    bot.builds.begin(build, full=full)
    screen = Screen(call)
    await screen.begin(*progress_reply(build))
    outcome = await _followed(build, screen)
    if outcome.ended is Ended.BUSY:
        try:
            await call.remove()
        except UNREACHED:  # else the progress would stay there, with its button
            await screen.show(note_reply(outcome.error, tone=Tone.BAD))
        raise BusyError(outcome.error)  # told alone, as where one runs here
    remarks = await server_log.record(bot, guild, "reindex", whom=whom, detail=_detail(outcome))
    await screen.show(with_notes(outcome_reply(outcome), *remarks), last=True)
    if outcome.ended in (Ended.DONE, Ended.FAILURES):
        try:
            await bot.desk.work(bot.library.tidy, bot.now())
        except (CorpusError, ClosingError) as error:  # what is kept too long does no harm, and the next one tries again
            log.failure("untidied", error)


async def _followed(build: Build, screen: "Screen") -> BuildOutcome:
    seen: object = None
    while True:
        with suppress(TimeoutError):
            return await asyncio.wait_for(asyncio.shield(build.outcome), _EVERY)
        now = (build.stage, build.done, build.cancelling)
        if now != seen:
            seen = now
            await screen.show(*progress_reply(build))


class Screen:
    """One message that is changed again and again: by its interaction while Discord takes that, then as a message."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._message: discord.PartialMessage | None = None
        self._by_message = False
        self._lost = False

    async def begin(self, reply: Reply, actions: Actions) -> None:
        """The first showing, in answer to the call."""
        interaction = self._call.interaction
        try:
            await self._call.say(reply, actions)
            message = await interaction.original_response()
        except UNREACHED as error:  # the reindex runs all the same; it ends with the interaction
            log.event("unseen", level="warning", error=type(error).__name__)
            return
        channel = self._call.bot.get_partial_messageable(interaction.channel_id or 0, guild_id=interaction.guild_id)
        self._message = channel.get_partial_message(message.id)

    async def show(self, reply: Reply, actions: Actions = (), *, last: bool = False) -> None:
        """Changes it; never raises for Discord's sake. What is shown last reaches the person in another way if need be."""
        if not self._lost:
            try:
                await self._change(reply, actions)
                return
            except UNREACHED as error:
                status = getattr(error, "status", None)
                self._lost = status in (403, 404)
                log.event("unshown", level="warning", error=type(error).__name__, status=status)
        if last:
            try:
                await whisper(self._call.person, reply)
            except UNREACHED as error:
                log.event("untold", level="warning", error=type(error).__name__)

    async def _change(self, reply: Reply, actions: Actions) -> None:
        if not self._by_message:
            try:
                await self._call.change(reply, actions)
                return
            except discord.HTTPException as error:
                if not is_expired(error) or self._message is None:
                    raise
                self._by_message = True
        if self._message is not None:
            view = await laid_out(self._call.bot, reply, actions)
            await self._message.edit(view=view, allowed_mentions=SILENT)


def _detail(outcome: BuildOutcome) -> str:
    changes = outcome.changes
    if changes is None:
        return str(outcome.ended)
    return f"{outcome.ended}: +{len(changes.added)} -{len(changes.removed)} ~{len(changes.changed)}"
