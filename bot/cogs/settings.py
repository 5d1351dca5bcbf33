"""`/settings`: what a person chose, and for moderators what their server did. Menus and forms are in `settings_presses`."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import Picket
from bot.faults import telling
from bot.settings_presses import BUTTONS, person_card
from bot.voices import Call


class Settings(commands.Cog):
    """One command, everywhere, for the person alone; the server's settings open from it."""

    def __init__(self, bot: Picket) -> None:
        self._bot = bot

    @app_commands.command(
        name="settings", description="Private answers, your time zone, direct messages; for moderators, the server's."
    )
    async def settings(self, interaction: discord.Interaction[Any]) -> None:
        call = Call(interaction)
        async with telling(call):
            await call.acknowledge(private=True)
            await call.say(*person_card(call))


async def setup(bot: Picket) -> None:
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(Settings(bot))
