"""`/privacy`: what is kept of a person, told to them alone, and its removal at their word."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import Picket
from bot.button_ids import PATTERNS
from bot.faults import telling
from bot.presses import Press
from bot.settings_cards import Card, forget_reply, forgotten_reply, kept_reply
from bot.voices import Call


class Kept(Press, template=PATTERNS["kept"]):
    """Goes back to what is kept."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        await call.change(*await kept_card(call))


class Forget(Press, template=PATTERNS["forget"]):
    """Asks whether it is to go."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        about = await call.bot.desk.run(call.bot.journal.about, call.where.person)
        await call.change(*forget_reply(about))


class Forgetting(Press, template=PATTERNS["forgetting"]):
    """Deletes what is kept of whoever presses, and of nobody else: an id in a button names no person."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        gone = await call.bot.forget_person(call.where.person)
        await call.change(forgotten_reply(gone))


_BUTTONS = (Kept, Forget, Forgetting)


class Privacy(commands.Cog):
    """One command, everywhere."""

    def __init__(self, bot: Picket) -> None:
        self._bot = bot

    @app_commands.command(name="privacy", description="What I keep of you, and how to have it deleted.")
    async def privacy(self, interaction: discord.Interaction[Any]) -> None:
        call = Call(interaction)
        async with telling(call):
            await call.acknowledge(private=True)
            await call.say(*await kept_card(call))


async def kept_card(call: Call) -> Card:
    """What is kept of who calls."""
    bot = call.bot
    about = await bot.desk.run(bot.journal.about, call.where.person)
    return kept_reply(about, keep_days=bot.settings.bot.keep_days, departed_days=bot.settings.bot.departed_days)


async def setup(bot: Picket) -> None:
    bot.add_dynamic_items(*_BUTTONS)
    await bot.add_cog(Privacy(bot))
