"""`/articles` and `/timeline`, which browse what may be seen where somebody is, and `/help`."""

import re
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import words_asking
from bot.app import Picket
from bot.article_lists import Chosen, Kind, outlet_mark, page_of
from bot.blocks import Heading, Listing, Note, Paragraph, Reply
from bot.button_ids import PATTERNS
from bot.cogs.ask import union_offers
from bot.day_options import period
from bot.faults import telling
from bot.presses import Press, readable
from bot.scope import Place
from bot.voices import Call
from index.unions import checked_union


class ArticlesPage(Press, template=PATTERNS["articles"]):
    """Turns to another page of articles."""

    async def pressed(self, call: Call) -> None:
        await _turn(call, "articles", self)


class TimelinePage(Press, template=PATTERNS["timeline"]):
    """Turns to another page of the timeline."""

    async def pressed(self, call: Call) -> None:
        await _turn(call, "timeline", self)


_PAGES = (ArticlesPage, TimelinePage)

_VALUE = 100  # Discord's limit for what a choice says and stands for
_MARK = re.compile("[0-9a-f]{8}")  # as `outlet_mark` makes them
Words = app_commands.Range[str, 1, _VALUE]


class Articles(commands.Cog):
    """What the corpus holds."""

    def __init__(self, bot: Picket) -> None:
        self._bot = bot

    @app_commands.command(name="articles", description="Browse the articles that answers come from, newest first.")
    @app_commands.describe(
        outlet="Only articles of this outlet",
        union="Only articles that speak of this union",
        since="Only articles from this day on, for example: October 2023, or last March",
        until="Only articles up to this day",
    )
    async def articles(
        self,
        interaction: discord.Interaction[Any],
        outlet: Words | None = None,
        union: Words | None = None,
        since: Words | None = None,
        until: Words | None = None,
    ) -> None:
        await self._list(interaction, "articles", outlet, union, since, until)

    @app_commands.command(name="timeline", description="The articles' headlines in the order of time, oldest first.")
    @app_commands.describe(
        union="Only articles that speak of this union",
        since="Only articles from this day on, for example: October 2023, or last March",
        until="Only articles up to this day",
    )
    async def timeline(
        self,
        interaction: discord.Interaction[Any],
        union: Words | None = None,
        since: Words | None = None,
        until: Words | None = None,
    ) -> None:
        await self._list(interaction, "timeline", None, union, since, until)

    @app_commands.command(name="help", description="What Picket can do, and how to ask it.")
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        call = Call(interaction)
        async with telling(call):
            await call.acknowledge(private=call.where.place is not Place.DIRECT)
            await call.say(help_reply())

    @articles.autocomplete("union")
    @timeline.autocomplete("union")
    async def offer_unions(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return await union_offers(self._bot, interaction, typed)

    @articles.autocomplete("outlet")
    async def offer_outlets(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        bot = self._bot
        offered = await bot.offers.outlets(Call(interaction).where.collections, typed, bot.now())
        return [app_commands.Choice(name=name[:_VALUE], value=_value(name)) for name in offered]

    async def _list(
        self,
        interaction: discord.Interaction[Any],
        kind: Kind,
        outlet: str | None,
        union: str | None,
        since: str | None,
        until: str | None,
    ) -> None:
        bot, call = self._bot, Call(interaction)
        where = call.where
        async with telling(call):
            await call.acknowledge(private=where.place is not Place.DIRECT)
            settings, person = bot.preferences.guild(where.guild), bot.preferences.person(where.person)
            timezone = person.timezone or settings.timezone
            first, last = await bot.desk.run(period, since, until, now=bot.now(), timezone=timezone)
            key = await bot.desk.run(checked_union, union or "")
            mark = outlet if outlet and _MARK.fullmatch(outlet) else outlet_mark(outlet or "")
            await call.say(*await _page(call, kind, Chosen(first, last, key, mark), 1))


def _value(outlet: str) -> str:
    """What a choice stands for: the outlet's name, or where that is too long for Discord, its mark."""
    return outlet if len(outlet) <= _VALUE else outlet_mark(outlet)


async def _turn(call: Call, kind: Kind, press: Press) -> None:
    await call.acknowledge_press()
    await call.change(*await _page(call, kind, Chosen.read(press.groups), press.number("page")))


async def _page(call: Call, kind: Kind, chosen: Chosen, page: int) -> Any:
    bot = call.bot
    locale = bot.preferences.guild(call.where.guild).locale
    return await bot.desk.run(page_of, bot.engine, kind, await readable(call), chosen, page, locale=locale)


def help_reply() -> Reply:
    """What there is to know, on one card."""
    return Reply(
        (
            Heading(words_asking.HELP_TITLE),
            Paragraph(words_asking.HELP_INTRODUCTION),
            Listing(words_asking.HELP_MEMBERS),
            Heading(words_asking.HELP_MODERATORS_TITLE),
            Listing(words_asking.HELP_MODERATORS),
            Note(words_asking.HELP_FOOT),
        )
    )


async def setup(bot: Picket) -> None:
    bot.add_dynamic_items(*_PAGES)
    await bot.add_cog(Articles(bot))
