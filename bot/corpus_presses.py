"""The buttons of `/corpus`. Each looks at the right again, since it may be lost between preview and confirm."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from bot import server_log, words_corpus
from bot.asking import with_notes
from bot.blocks import Action, Reply
from bot.button_ids import PATTERNS
from bot.corpus_cards import (
    HISTORY_A_PAGE,
    added_reply,
    gaps_reply,
    headline,
    history_reply,
    list_reply,
    reindex_actions,
    removal_reply,
    rollback_reply,
)
from bot.corpus_forms import Correct
from bot.errors import GoneError
from bot.permissions import require_moderator
from bot.presses import Press
from bot.reindexing import reindex
from bot.render import note_reply
from bot.voices import Call
from corpus.attic import Undoing
from corpus.keep import Kept
from index.engine import Engine
from index.errors import DamagedError, NoGenerationError
from index.generations import Manifest

GAP_DAYS = 30  # as long as questions are kept by default

_MOST_NAMED = 5


class Confirm(Press, template=PATTERNS["confirm"]):
    """Adds what a preview shows."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        guild = require_moderator(call.interaction)
        bot = call.bot
        told: list[Kept] = []
        confirm = partial(bot.library.confirm, self.groups["token"], guild=guild, now=bot.now(), told=told)
        kept, remarks = await server_log.change(call, guild, "add", confirm, detail=_named, so_far=lambda: _named(told))
        reply, actions = added_reply(kept, bot.preferences.guild(guild).locale)
        await call.change(with_notes(reply, *remarks), actions)


class CorrectIt(Press, template=PATTERNS["correct"]):
    """Opens the form for headline, outlet, date and link. A form must be the first answer, so nothing is deferred."""

    async def pressed(self, call: Call) -> None:
        guild = require_moderator(call.interaction)
        bot = call.bot
        found = await bot.desk.run(bot.library.proposal, self.groups["token"], guild=guild, now=bot.now())
        if len(found.addable) != 1:
            raise GoneError(words_corpus.PREVIEW_GONE)
        await call.show_form(Correct(found))


class Revise(Press, template=PATTERNS["revise"]):
    """Opens the same form for an article that is there already."""

    async def pressed(self, call: Call) -> None:
        guild = require_moderator(call.interaction)
        bot = call.bot
        made = await bot.desk.run(bot.library.revise, guild, self.groups["mark"], now=bot.now())
        await call.show_form(Correct(made))


class Discard(Press, template=PATTERNS["discard"]):
    """Forgets a preview."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        guild = require_moderator(call.interaction)
        bot = call.bot
        await bot.desk.work(bot.library.discard, self.groups["token"], guild=guild, now=bot.now())
        await call.change(note_reply(words_corpus.DISCARDED))


class Listed(Press, template=PATTERNS["listed"]):
    """Turns to another page of the server's articles."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        guild = require_moderator(call.interaction)
        bot = call.bot
        stored = await bot.desk.run(bot.library.listed, guild)
        await call.change(*list_reply(stored, self.number("page"), bot.preferences.guild(guild).locale))


class Remove(Press, template=PATTERNS["remove"]):
    """Asks whether an article is to go."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        guild = require_moderator(call.interaction)
        bot = call.bot
        stored = await bot.desk.run(bot.library.find, guild, self.groups["mark"])
        await call.change(*removal_reply(stored, bot.preferences.guild(guild).locale))


class Removing(Press, template=PATTERNS["removing"]):
    """Removes it."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        guild = require_moderator(call.interaction)
        bot = call.bot
        # It may wait for another change, which questions must not.
        remove = partial(bot.library.remove, guild, self.groups["mark"])
        gone, remarks = await server_log.change(call, guild, "remove", remove, detail=lambda gone: gone.article.id)
        done = note_reply(words_corpus.removed(headline(gone.article.title, gone.article.id)))
        await call.change(with_notes(done, *remarks))


class Keep(Press, template=PATTERNS["keep"]):
    """Leaves things as they are."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        require_moderator(call.interaction)
        await call.change(note_reply(words_corpus.KEPT))


class Reindex(Press, template=PATTERNS["reindex"]):
    """Begins a reindex, in a message of its own that the other moderators see too."""

    async def pressed(self, call: Call) -> None:
        await reindex(call, full=False)


class Cancel(Press, template=PATTERNS["cancel"]):
    """Cancels a reindex of this server."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        guild = require_moderator(call.interaction)
        running = call.bot.builds.current
        if running is None or running.number != self.number("build") or running.guild != guild:
            await call.tell(note_reply(words_corpus.REINDEX_OVER))  # the message may say by now how it ended
            return
        running.cancel()


class GoBack(Press, template=PATTERNS["goback"]):
    """Makes the server's articles what they were in a generation; `shown` is the mark of the change that was previewed."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        guild = require_moderator(call.interaction)
        bot, generation = call.bot, self.number("generation")
        done: list[tuple[str, str]] = []
        go_back = partial(bot.library.go_back, guild, generation, self.shown, done)

        def detail(undone: Undoing) -> str:
            if undone.mark != self.shown:
                return ""
            return f"{generation}: +{len(undone.back)} -{len(undone.away)} ?{len(undone.missing)}"

        def so_far() -> str:
            signs = [sign for sign, _ in done]
            return f"{generation}: +{signs.count('+')} -{signs.count('-')}" if signs else ""

        undone, remarks = await server_log.change(call, guild, "rollback", go_back, detail=detail, so_far=so_far)
        if undone.mark != self.shown:
            if undone.back or undone.away:
                await call.change(*rollback_reply(generation, undone, again=True))
            else:  # pressed twice: what the first press did stands there, and stays
                await call.tell(note_reply(words_corpus.rolled_back_already(len(undone.missing))))
            return
        told = note_reply(words_corpus.rolled_back(generation, len(undone.missing)))
        await call.change(with_notes(told, *remarks), reindex_actions())


class History(Press, template=PATTERNS["history"]):
    """Turns to older entries of the history, or back to the newest."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        guild = require_moderator(call.interaction)
        await call.change(*await shown_history(call, guild, self.number("before")))


class Gaps(Press, template=PATTERNS["gaps"]):
    """Turns to another page of gaps."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        guild = require_moderator(call.interaction)
        bot = call.bot
        found = await bot.desk.work(bot.journal.gaps, guild, since=bot.now() - timedelta(days=GAP_DAYS))
        await call.change(*gaps_reply(found, self.number("page")))


async def shown_history(call: Call, guild: int, before: int = 0) -> tuple[Reply, Sequence[Action]]:
    """One page of the history: the newest entries with the generations, or those before an entry."""
    bot = call.bot
    entries = await bot.desk.run(bot.journal.audit, guild, HISTORY_A_PAGE + 1, before or None)
    kept = () if before else await bot.desk.run(generations, bot.engine)
    return history_reply(entries, kept, before=before)


def generations(engine: Engine) -> list[tuple[int, str, bool]]:
    """Number, moment and whether it is in use, newest first; damaged ones can't be gone back to."""
    try:
        kept = engine.history()
    except (NoGenerationError, DamagedError):
        return []
    return [
        (made.number, words_corpus.stored_moment(made.made_at), used)
        for made, used in kept
        if isinstance(made, Manifest)
    ]


def _named(kept: Sequence[Kept]) -> str:
    """The first ids of what was added or corrected; “” where nothing was."""
    done = [one.id for one in kept if one.status in ("added", "updated")]
    more = f" (+{len(done) - _MOST_NAMED})" if len(done) > _MOST_NAMED else ""
    return ", ".join(done[:_MOST_NAMED]) + more


BUTTONS = (
    Confirm,
    CorrectIt,
    Revise,
    Discard,
    Listed,
    Remove,
    Removing,
    Keep,
    Reindex,
    Cancel,
    GoBack,
    History,
    Gaps,
)
