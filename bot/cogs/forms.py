"""Forms that were sent, whichever button or command opened them. They work although Picket restarts while one is open.

discord.py forgets open forms when it ends, so nothing waits for one: each is known by its id alone.
"""

from typing import Any

import discord
from discord.ext import commands

from bot import answer_forms, corpus_forms, settings_presses
from bot.app import Picket
from bot.button_ids import PATTERNS
from bot.faults import telling
from bot.form_fields import fields_of
from bot.voices import Call

FORMS = answer_forms.FORMS | corpus_forms.FORMS | settings_presses.FORMS


class Forms(commands.Cog):
    """Hands each form to who answers it."""

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        call = Call(interaction)
        async with telling(call):
            data: Any = interaction.data
            for verb, submitted in FORMS.items():
                if match := PATTERNS[verb].fullmatch(str(data.get("custom_id", ""))):
                    await submitted(call, match.groupdict(), fields_of(data))


async def setup(bot: Picket) -> None:
    await bot.add_cog(Forms())
