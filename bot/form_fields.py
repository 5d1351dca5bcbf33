"""A form of one field or several, and what was written into it. What is done with that is left to whom `cogs.forms` hands it."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import discord

from bot.voices import Call

# Discord's limits.
LONGEST = 4_000
_LABEL = 45

# Answers a form that was sent: given the groups of its id, as `button_ids` names them, and what was written, by field.
Submitted = Callable[[Call, dict[str, str], dict[str, str]], Awaitable[None]]


class FieldsForm(discord.ui.Modal):
    """discord.py keeps no form that is finished, and this one always is: `cogs.forms` knows it by its id when it is sent."""

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


def fields_of(data: Any) -> dict[str, str]:
    """What was written into a form's fields, by their ids, however Discord wraps them."""
    return {str(one["custom_id"]): str(one.get("value") or "") for one in _components(data) if "custom_id" in one}


def _components(data: Any) -> Iterator[dict[str, Any]]:
    for one in [*data.get("components", ()), *([data["component"]] if "component" in data else [])]:
        yield one
        yield from _components(one)
