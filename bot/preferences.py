"""Holds in memory what servers and people chose, so that a reply's visibility is known before anything is read from a disk.

The journal keeps the settings; here they are read once, at the start, and changed together with it.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.desk import Desk
from bot.journal import Journal
from bot.journal_records import Forgotten, GuildSettings, PersonSettings


class Preferences:
    """Everybody's settings. Reading costs a hash; on the event loop only. Few choose anything: a row is some 200 bytes."""

    def __init__(self, journal: Journal, desk: Desk) -> None:
        self._journal = journal
        self._desk = desk
        self._guilds: dict[int, GuildSettings] = {}
        self._persons: dict[str, PersonSettings] = {}
        self._altering = asyncio.Lock()

    async def load(self) -> None:
        """Reads all of them; before the first question, and after a restore or when a server's data were forgotten."""
        async with self._altering:
            self._guilds = await self._desk.run(self._journal.all_guild_settings)
            self._persons = await self._desk.run(self._journal.all_person_settings)

    def guild(self, guild: int | None) -> GuildSettings:
        """The defaults where nothing was chosen, and outside servers."""
        return self._guilds.get(guild, _GUILD) if guild is not None else _GUILD

    def person(self, person: int) -> PersonSettings:
        return self._persons.get(self._journal.hashed(person), _PERSON)

    async def change_guild(self, guild: int, settings: GuildSettings, *, whom: int | None, now: datetime) -> str:
        """As the journal's method, whose text about what changed it gives. JournalError changes nothing."""
        changed = await self._desk.run(self._journal.change_guild, guild, settings, whom=whom, now=now)
        self._guilds[guild] = settings
        return changed

    async def change_person(self, person: int, settings: PersonSettings) -> None:
        """As the journal's method. JournalError changes nothing."""
        await self._desk.run(self._journal.change_person, person, settings)
        self._persons[self._journal.hashed(person)] = settings

    async def alter_guild(
        self, guild: int, alter: Callable[[GuildSettings], GuildSettings], *, whom: int, now: datetime
    ) -> str:
        """As `change_guild`, of what is chosen at that moment: two who change different things at once both succeed."""
        async with self._altering:
            return await self.change_guild(guild, alter(self.guild(guild)), whom=whom, now=now)

    async def alter_person(self, person: int, alter: Callable[[PersonSettings], PersonSettings]) -> None:
        """The same for a person."""
        async with self._altering:
            await self.change_person(person, alter(self.person(person)))

    async def forget_person(self, person: int) -> Forgotten:
        """As the journal's method, which forgets more than settings. JournalError forgets nothing."""
        async with self._altering:
            gone = await self._desk.run(self._journal.forget_person, person)
            self._persons.pop(self._journal.hashed(person), None)
            return gone


_GUILD = GuildSettings()
_PERSON = PersonSettings()
