"""`/ask`, and the buttons under its answers; forms come back through `forms`, how a question is answered is `asking`'s."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answer_presses import BUTTONS
from bot.app import Picket
from bot.asking import Asked, Way, ask, count
from bot.day_options import period
from bot.faults import telling
from bot.scope import Place, is_private
from bot.voices import Call
from index.questions.reading import MAX_QUESTION
from index.unions import checked_union


class Ask(commands.Cog):
    """Questions by command."""

    def __init__(self, bot: Picket) -> None:
        self._bot = bot

    @app_commands.command(name="ask", description="Ask what news articles say about a strike; the answer quotes them.")
    @app_commands.describe(
        question="Your question, for example: when did SAG-AFTRA resume talks?",
        union="Only articles that speak of this union",
        since="Only articles from this day on, for example: October 2023, or last March",
        until="Only articles up to this day",
        private="Whether only you see the answer",
    )
    async def ask(
        self,
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 1, MAX_QUESTION],
        union: app_commands.Range[str, 1, 100] | None = None,
        since: app_commands.Range[str, 1, 100] | None = None,
        until: app_commands.Range[str, 1, 100] | None = None,
        private: bool | None = None,
    ) -> None:
        bot, call = self._bot, Call(interaction)
        where = call.where
        settings, person = bot.preferences.guild(where.guild), bot.preferences.person(where.person)
        hidden = is_private(where, settings, person, private)
        async with telling(call):
            now = bot.now()
            count(bot, where, now)
            await call.acknowledge(private=hidden)
            timezone = person.timezone or settings.timezone
            first, last = await bot.desk.run(period, since, until, now=now, timezone=timezone)
            await bot.desk.run(checked_union, union or "")
            direct = where.place is Place.DIRECT
            before = bot.conversations.before(where.person, where.channel, now, private=hidden) if direct else ()
            await ask(bot, call, Asked(question, Way.SLASH, hidden, now, before, first, last, union or ""))

    @ask.autocomplete("union")
    async def offer_unions(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return await union_offers(self._bot, interaction, typed)


async def union_offers(
    bot: Picket, interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """The unions to choose from, of the articles that may be seen where the person is."""
    where = Call(interaction).where
    offered = await bot.offers.unions(where.collections, typed, bot.now())
    return [app_commands.Choice(name=shown[:100], value=key) for shown, key in offered]


async def setup(bot: Picket) -> None:
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(Ask(bot))
