"""The buttons under an answer, which work after any restart: each finds in the journal what was shown.

Ids in buttons are strangers' words: whoever presses is checked against where and to whom the answer was given.
"""

from collections.abc import Sequence

import discord

from bot import server_log, words_asking
from bot.answer_forms import FollowUp, Wrong
from bot.answer_recall import Lost, answer_again, citations, is_whole, resolve
from bot.asking import as_given, keep, with_notes, with_question
from bot.blocks import Action, Reply
from bot.button_ids import PATTERNS, answer_actions, page_actions
from bot.errors import GoneError, NotAllowedError
from bot.permissions import may_moderate
from bot.presses import Press, readable, seen
from bot.render import (
    FURTHER_A_PAGE,
    answer_reply,
    context_reply,
    further_reply,
    note_reply,
    on_page,
    page_count,
)
from bot.scope import Place, may_answer
from bot.voices import UNREACHED, Call, is_expired


class More(Press, template=PATTERNS["more"]):
    """Opens the first page of further passages, for the person alone."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge(private=True)
        await call.say(*await _further(call, self.shown, self.number("page")))


class Further(Press, template=PATTERNS["further"]):
    """Turns to another page of them."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        await call.change(*await _further(call, self.shown, self.number("page")))


class Context(Press, template=PATTERNS["context"]):
    """Shows a quotation within its article, for the person alone."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge(private=True)
        shown = await seen(call, self.shown)
        number = self.number("number")
        if not 0 < number <= shown.first:
            raise GoneError(words_asking.ANSWER_GONE)
        bot = call.bot
        quoted = await bot.desk.run(resolve, bot.engine, shown.references[number - 1], await readable(call))
        if isinstance(quoted, Lost):
            raise GoneError(words_asking.ARTICLE_GONE if quoted is Lost.GONE else words_asking.ARTICLE_CHANGED)
        locale = bot.preferences.guild(call.where.guild).locale
        await call.say(
            await bot.desk.run(context_reply, quoted.article, quoted.text, quoted.span, quoted.highlight, locale=locale)
        )


class Follow(Press, template=PATTERNS["follow"]):
    """Opens a form for a further question; `answer_forms` answers it."""

    async def pressed(self, call: Call) -> None:
        message = call.interaction.message
        await call.show_form(FollowUp(self.shown, private=message is not None and message.flags.ephemeral))


class Up(Press, template=PATTERNS["up"]):
    """👍"""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge(private=True)
        await seen(call, self.shown)
        bot = call.bot
        await bot.desk.run(bot.journal.feedback, self.shown, call.where.person, good=True, now=bot.now())
        await call.say(note_reply(words_asking.THANKS_UP))


class Down(Press, template=PATTERNS["down"]):
    """👎: noted at once, since many close the form that asks what was wrong."""

    async def pressed(self, call: Call) -> None:
        await call.show_form(Wrong(self.shown))
        await seen(call, self.shown)
        bot = call.bot
        await bot.desk.run(bot.journal.feedback, self.shown, call.where.person, good=False, now=bot.now())


class Share(Press, template=PATTERNS["share"]):
    """Says a private answer again, for all to see: only by who asked, only where it was asked, only what all here may read."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        bot, where = call.bot, call.where
        shown = await seen(call, self.shown)
        if shown.asker != bot.journal.hashed(where.person):
            raise NotAllowedError(words_asking.ONLY_ASKER)
        if not may_answer(where, bot.preferences.guild(where.guild)):
            raise NotAllowedError(words_asking.NOT_SHARED_HERE)
        if any(one.collection not in where.collections for one in shown.references):
            raise NotAllowedError(words_asking.NOT_ALL_SHARED)
        if not bot.recent.begin_sharing(self.shown):
            raise NotAllowedError(words_asking.SHARED_ALREADY)
        try:
            if await bot.desk.run(bot.journal.is_shared, self.shown):
                raise NotAllowedError(words_asking.SHARED_ALREADY)
            await self._share(call)
        finally:
            bot.recent.end_sharing(self.shown)

    async def _share(self, call: Call) -> None:
        bot, where = call.bot, call.where
        shown = await seen(call, self.shown)
        answer, lost = await bot.desk.run(answer_again, bot.engine, shown, where.collections)
        if shown.first and not answer.citations:
            raise GoneError(words_asking.NOTHING_LEFT)
        settings, person = bot.preferences.guild(where.guild), bot.preferences.person(where.person)
        timezone = person.timezone or settings.timezone
        if not lost:
            given = bot.recent.get(self.shown)
            if given and not await bot.desk.run(is_whole, bot.engine, given, where.collections):
                given = None
            answer = given or await as_given(bot, shown, where, timezone) or answer
        reply = await bot.desk.run(
            answer_reply, answer, asked_at=shown.asked_at, timezone=timezone, locale=settings.locale
        )
        if lost:
            reply = with_notes(reply, words_asking.left_out(lost))
        if shown.question is not None:
            reply = with_question(reply, shown.question)
        again = await keep(bot, where, answer, question=shown.question, private=False, now=shown.asked_at)
        actions = answer_actions(again, more=bool(answer.further), contexts=len(answer.citations), private=False)
        try:
            await call.publish(reply, actions)
        except UNREACHED:  # nobody sees it, so it is not shared
            await bot.desk.run(bot.journal.forget_shown, again)
            raise


class Delete(Press, template=PATTERNS["delete"]):
    """Takes an answer away: who asked from Discord and from the journal, a moderator of the server from Discord alone."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        bot, where = call.bot, call.where
        shown = await bot.desk.run(bot.journal.shown, self.shown)
        here = shown is not None and shown.guild == where.guild and shown.channel in (None, where.channel)
        own = here and shown is not None and shown.asker == bot.journal.hashed(where.person)
        if not (
            own
            or where.place is Place.DIRECT  # nobody else reads it
            or may_moderate(call.interaction, bot.preferences.guild(where.guild))
        ):
            # Of what is gone nobody knows who asked: it may have been pressed twice.
            raise NotAllowedError(words_asking.ONLY_ASKER_OR_MODERATOR) if here else GoneError(words_asking.ANSWER_GONE)
        removed = await _removed(call)
        if own:
            await bot.desk.run(bot.journal.forget_shown, self.shown)
            bot.recent.forget(self.shown)
        elif removed and where.guild is not None:  # the question stays, for the gaps
            detail = f"answer {self.shown} in channel {where.channel}"
            await server_log.record(bot, where.guild, "delete", whom=where.person, detail=detail)


BUTTONS = (More, Further, Context, Follow, Up, Down, Share, Delete)


async def _removed(call: Call) -> bool:
    """Takes the message away; False where it was gone already, as after a press a moment before."""
    try:
        await call.remove()
    except discord.NotFound as error:
        if is_expired(error):
            raise
        return False
    return True


async def _further(call: Call, shown_id: int, page: int) -> tuple[Reply, Sequence[Action]]:
    """A page of the passages behind those that were shown first, with what turns it."""
    bot = call.bot
    shown = await seen(call, shown_id)
    found, lost = await bot.desk.run(
        citations,
        bot.engine,
        shown.references[shown.first :],
        await readable(call),
        number=shown.first + 1,
    )
    pages = page_count(len(found), FURTHER_A_PAGE)
    page = min(max(page, 1), pages)
    locale = bot.preferences.guild(call.where.guild).locale
    reply = await bot.desk.run(
        further_reply, on_page(found, page, FURTHER_A_PAGE), page=page, pages=pages, locale=locale
    )
    if lost:
        reply = with_notes(reply, words_asking.left_out(lost))
    return reply, page_actions("further", shown_id, page=page, pages=pages)
