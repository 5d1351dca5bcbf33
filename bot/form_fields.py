"""A form of several fields of one line or more. What is done with what was written is left to who shows it."""

from typing import Any

import discord

# Discord's limits.
LONGEST = 4_000
_LABEL = 45


class FieldsForm(discord.ui.Modal):
    """discord.py keeps no form that is finished, and this one always is: it comes back by its id, also after a restart."""

    def __init__(self, identity: str, *, title: str) -> None:
        super().__init__(title=title, timeout=None, custom_id=identity)

    def is_finished(self) -> bool:
        return True

    def field(
        self, name: str, label: str, value: str = "", *, most: int, required: bool = False, tall: bool = False
    ) -> None:
        """Adds a field with this id; `most` characters, of which `value` stands there already."""
        style = discord.TextStyle.paragraph if tall else discord.TextStyle.short
        text: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=name, style=style, default=value[:most] or None, max_length=most, required=required
        )
        self.add_item(discord.ui.Label(text=label[:_LABEL], component=text))
