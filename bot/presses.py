"""What every button has in common: it is found by its id, checked, acknowledged, and whatever goes wrong is told.

A subclass names the verb's pattern as its template and does its deed in `pressed`. Errors in a `DynamicItem` reach
neither a view's nor the tree's error handler, so they are told here.
"""

import re
from typing import Any, Self

import discord

from bot import words_asking
from bot.app import Picket
from bot.asking import searched
from bot.errors import GoneError
from bot.faults import telling
from bot.journal_records import Shown
from bot.scope import may_press
from bot.voices import Call


class Press(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"(?!)"):
    """A button or a menu whose id has the groups `shown` and its verb's arguments; this one itself matches nothing."""

    def __init__(self, item: discord.ui.Item[Any], groups: dict[str, str]) -> None:
        super().__init__(item)
        self.groups = groups
        self.shown = int(groups["shown"])

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], item: Any, match: re.Match[str], /) -> Self:
        return cls(item, match.groupdict())

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        call = Call(interaction)
        async with telling(call):
            await self.pressed(call)

    async def pressed(self, call: Call) -> None:
        """The deed. Acknowledges before anything else."""
        raise NotImplementedError

    def number(self, name: str) -> int:
        """One of the verb's arguments."""
        return int(self.groups[name])


async def seen(call: Call, shown_id: int) -> Shown:
    """The answer behind an id, if it may be looked at from here; else GoneError, which doesn't say whether it exists."""
    bot: Picket = call.bot
    shown = await bot.desk.run(bot.journal.shown, shown_id)
    if shown is None or not may_press(call.where, shown, bot.journal.hashed(call.where.person)):
        raise GoneError(words_asking.ANSWER_GONE)
    return shown


async def readable(call: Call) -> tuple[str, ...]:
    """The collections whose articles may be shown to the person here and now, as for a question."""
    collections, _ = await searched(call.bot, call.where)
    return collections
