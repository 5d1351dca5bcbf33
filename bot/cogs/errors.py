"""The one error policy, for what discord.py itself catches: commands' checks and options, and commands it doesn't know.

What goes wrong inside a command, button or form is told there, by `faults.telling`; both say the same.
"""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import Picket
from bot.faults import tell
from bot.voices import Call


class Errors(commands.Cog):
    """Is the tree's error handler while it is loaded."""

    def __init__(self, bot: Picket) -> None:
        self._bot = bot

    async def cog_load(self) -> None:
        self._bot.tree.error(self.on_tree_error)

    async def on_tree_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
        await tell(Call(interaction), error)


async def setup(bot: Picket) -> None:
    await bot.add_cog(Errors(bot))
