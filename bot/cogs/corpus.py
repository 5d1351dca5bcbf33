"""`/corpus`: the whole life of a server's articles, for its moderators. Buttons and forms are beside it, in `corpus_…`."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import words_asking, words_corpus
from bot.app import Picket
from bot.blocks import Fields, Heading, Line, Reply
from bot.corpus_cards import (
    article_reply,
    gaps_reply,
    headline,
    list_reply,
    removal_reply,
    rollback_reply,
)
from bot.corpus_forms import Paste, show_preview
from bot.corpus_presses import BUTTONS, GAP_DAYS, generations, shown_history
from bot.errors import BotError, BusyError, WordsError
from bot.faults import telling
from bot.library import MAX_UPLOAD, article_mark
from bot.permissions import may_moderate, moderators_only, require_moderator
from bot.reindexing import reindex
from bot.voices import Call
from corpus.errors import CorpusError
from index.engine import Engine
from index.errors import EngineError

Words = app_commands.Range[str, 1, 200]
_CHOICES, _VALUE = 25, 100  # Discord's limits


@moderators_only()
class Corpus(commands.GroupCog, group_name="corpus", group_description="Keep this server's articles."):
    """Every command acknowledges first, then checks the right, then does its deed in a thread."""

    def __init__(self, bot: Picket) -> None:
        super().__init__()
        self._bot = bot
        self._adding: set[int] = set()  # the servers for which something is fetched or read

    @app_commands.command(
        name="add", description="Add articles: a file, a web address, or pasted text. You see a preview first."
    )
    @app_commands.describe(
        file="An article or several: .md, .txt, .html, .jsonl, or a .zip of them",
        url="The address of an article, or of a feed",
    )
    async def add(
        self,
        interaction: discord.Interaction[Any],
        file: discord.Attachment | None = None,
        url: app_commands.Range[str, 1, 2000] | None = None,
    ) -> None:
        bot, call = self._bot, Call(interaction)
        async with telling(call):
            if file is None and url is None:
                require_moderator(interaction)
                await call.show_form(Paste())
                return
            await call.acknowledge(private=True)
            guild = require_moderator(interaction)
            if file is not None and url is not None:
                raise WordsError(words_corpus.TWO_GIVEN)
            library, fetch, now = bot.library, bot.desk.fetch, bot.now()
            with self._alone(guild):
                if file is not None:
                    if file.size > MAX_UPLOAD:
                        raise WordsError(words_corpus.too_large(file.filename, file.size, MAX_UPLOAD))
                    try:
                        body = await file.read()
                    except (discord.NotFound, discord.Forbidden) as error:
                        raise WordsError(words_corpus.NO_FILE) from error
                    made = await fetch(library.propose_upload, file.filename, body, guild=guild, now=now)
                else:
                    made = await fetch(library.propose_address, url or "", guild=guild, now=now)
            await show_preview(call, made)

    @app_commands.command(
        name="remove", description="Remove one of this server's articles; it is no longer quoted at once."
    )
    @app_commands.describe(article="The article; type a part of its headline")
    async def remove(self, interaction: discord.Interaction[Any], article: Words) -> None:
        bot = self._bot
        async with _moderating(interaction) as (call, guild):
            stored = await bot.desk.run(bot.library.find, guild, article)
            await call.say(*removal_reply(stored, bot.preferences.guild(guild).locale))

    @app_commands.command(name="list", description="List this server's own articles, newest first.")
    async def list_articles(self, interaction: discord.Interaction[Any]) -> None:
        bot = self._bot
        async with _moderating(interaction) as (call, guild):
            stored = await bot.desk.run(bot.library.listed, guild)
            await call.say(*list_reply(stored, 1, bot.preferences.guild(guild).locale))

    @app_commands.command(name="show", description="Show one of this server's articles as it is kept.")
    @app_commands.describe(article="The article; type a part of its headline")
    async def show(self, interaction: discord.Interaction[Any], article: Words) -> None:
        bot = self._bot
        async with _moderating(interaction) as (call, guild):
            stored = await bot.desk.run(bot.library.find, guild, article)
            await call.say(*await bot.desk.run(article_reply, stored, bot.preferences.guild(guild).locale))

    @app_commands.command(name="status", description="What is indexed here, and what waits for a reindex.")
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        bot = self._bot
        async with _moderating(interaction) as (call, guild):
            stored = await bot.desk.run(bot.library.listed, guild)
            waiting = sum(1 for one in stored if not one.indexed)
            rows: list[tuple[str, Line]] = [
                (words_corpus.OWN_ARTICLES, f"{len(stored):,}"),
                (words_corpus.WAITING, f"{waiting:,}"),
                *await bot.desk.run(_indexed, bot.engine),
            ]
            running = bot.builds.current
            if running is not None:
                mine = running.guild == guild
                told = words_corpus.reindex_runs(running.whom if mine else None, running.began_at, mine=mine)
                rows.append((words_corpus.REINDEX_TITLE, told))
            await call.say(Reply((Heading(words_corpus.STATUS_TITLE), Fields(tuple(rows)))))

    @app_commands.command(name="history", description="Who changed what here, and the states to go back to.")
    async def history(self, interaction: discord.Interaction[Any]) -> None:
        async with _moderating(interaction) as (call, guild):
            await call.say(*await shown_history(call, guild))

    @app_commands.command(
        name="reindex", description="Make what was added or changed findable; answers go on meanwhile."
    )
    @app_commands.describe(full="Read and cut every article anew, as after a change of settings")
    async def reindex(self, interaction: discord.Interaction[Any], full: bool = False) -> None:
        call = Call(interaction)
        async with telling(call):
            await reindex(call, full=full)

    @app_commands.command(
        name="rollback", description="Go back to this server's articles as they were in an earlier generation."
    )
    @app_commands.describe(generation="The generation; /corpus history lists them")
    async def rollback(
        self, interaction: discord.Interaction[Any], generation: app_commands.Range[int, 1, 999_999]
    ) -> None:
        bot = self._bot
        async with _moderating(interaction) as (call, guild):
            undoing = await bot.desk.work(bot.library.undoing, guild, generation)
            await call.say(*rollback_reply(generation, undoing))

    @app_commands.command(name="gaps", description="What nobody could answer in the last 30 days, or what got a 👎.")
    async def gaps(self, interaction: discord.Interaction[Any]) -> None:
        bot = self._bot
        async with _moderating(interaction) as (call, guild):
            found = await bot.desk.work(bot.journal.gaps, guild, since=bot.now() - timedelta(days=GAP_DAYS))
            await call.say(*gaps_reply(found, 1))

    @remove.autocomplete("article")
    @show.autocomplete("article")
    async def offer_articles(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        bot, where = self._bot, Call(interaction).where
        if where.guild is None or not may_moderate(interaction, bot.preferences.guild(where.guild)):
            return []
        wanted = typed.strip().casefold()
        try:
            stored = await bot.desk.run(bot.library.listed, where.guild)
        except (CorpusError, BotError):  # the command then tells it
            return []
        found = [one.article for one in stored if wanted in f"{one.article.title} {one.article.id}".casefold()]
        return [
            app_commands.Choice(name=headline(one.title, one.id)[:100], value=_value(one.id))
            for one in found[:_CHOICES]
        ]

    @rollback.autocomplete("generation")
    async def offer_generations(self, interaction: discord.Interaction[Any], _: str) -> list[app_commands.Choice[Any]]:
        bot, where = self._bot, Call(interaction).where
        if where.guild is None or not may_moderate(interaction, bot.preferences.guild(where.guild)):
            return []
        try:
            kept = await bot.desk.run(generations, bot.engine)
        except (EngineError, BotError):
            return []
        return [
            app_commands.Choice(name=f"{number}: {made}"[:100], value=number) for number, made, _ in kept[:_CHOICES]
        ]

    @contextmanager
    def _alone(self, guild: int) -> Iterator[None]:
        """Around fetching for one server, so that it takes one of the threads that all share. BusyError for a second time."""
        if guild in self._adding:
            raise BusyError(words_asking.STILL_ADDING)
        self._adding.add(guild)
        try:
            yield
        finally:
            self._adding.discard(guild)


@asynccontextmanager
async def _moderating(interaction: discord.Interaction[Any]) -> AsyncIterator[tuple[Call, int]]:
    """Around what only the moderator sees: acknowledged, then the right looked at, and whatever goes wrong told."""
    call = Call(interaction)
    async with telling(call):
        await call.acknowledge(private=True)
        yield call, require_moderator(interaction)


def _value(identity: str) -> str:
    """What a choice stands for: the article's id, or where that is too long for Discord, its mark."""
    return identity if len(identity) <= _VALUE else article_mark(identity)


def _indexed(engine: Engine) -> list[tuple[str, Line]]:
    try:
        made = engine.status().manifest
    except EngineError as error:
        return [(words_corpus.INDEX, str(error))]
    told = f"{words_corpus.generation(made.number)}, {words_corpus.stored_moment(made.made_at)}"
    return [(words_corpus.INDEX, told), (words_corpus.PUBLIC_ARTICLES, f"{len(engine.articles(['public'])):,}")]


async def setup(bot: Picket) -> None:
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(Corpus(bot))
