"""Says where something is asked, and so which collections it may search and which buttons it may press.

Discord's interactions and messages become a `Where`. `Interaction.guild` proves nothing: a call of an app that a person
installed for themselves carries the server it is made in, also where Picket was never invited.
"""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import discord

from bot.journal_records import GuildSettings, PersonSettings, Shown
from corpus.article import PUBLIC

# Seconds for Discord to say who is in a server; it does so in a fraction of one. A judgement.
_PATIENCE = 3.0


class Place(StrEnum):
    """What kind of place it is."""

    SERVER = "server"  # Picket is a member, or installed: the server's articles and settings hold
    DIRECT = "direct"  # a direct message with Picket itself
    ELSEWHERE = "elsewhere"  # a server without Picket, a group, people's direct messages: called by somebody's own app


@dataclass(frozen=True, slots=True)
class Where:
    """A place, as one person stands in it. `guild` is None but for `Place.SERVER`.

    `channels` are the ids under which the server may have allowed it: the channel's, and its parent's for a thread.
    `person` is who asks or presses.
    """

    place: Place
    guild: int | None
    channel: int
    channels: tuple[int, ...]
    person: int

    @property
    def collections(self) -> tuple[str, ...]:
        """What may be searched here without asking anybody."""
        return (PUBLIC,) if self.guild is None else (PUBLIC, collection_of(self.guild))


class Client(Protocol):
    """What is needed of a bot."""

    def get_guild(self, guild_id: int, /) -> discord.Guild | None: ...


def collection_of(guild: int) -> str:
    """The name of a server's collection."""
    return f"guild:{guild}"


def place_of(*, guild: bool, direct: bool, invited: bool, own_app: bool, member: bool) -> Place:
    """The rule. `invited`: the server installed the app; `own_app`: only the person did; `member`: the bot is in the server."""
    if guild:
        return Place.SERVER if invited or (member and not own_app) else Place.ELSEWHERE
    return Place.DIRECT if direct else Place.ELSEWHERE


def where_interaction(interaction: discord.Interaction[Any]) -> Where:
    """The place of a command, button, menu or form."""
    client: Client = interaction.client
    guild = interaction.guild_id
    invited = interaction.is_guild_integration()
    place = place_of(
        guild=guild is not None,
        direct=not interaction.context.private_channel,
        invited=invited,
        own_app=interaction.is_user_integration() and not invited,
        member=guild is not None and client.get_guild(guild) is not None,
    )
    channel = interaction.channel_id or 0
    parent = getattr(interaction.channel, "parent_id", None)
    return Where(
        place,
        guild if place is Place.SERVER else None,
        channel,
        (channel,) if parent is None else (channel, parent),
        interaction.user.id,
    )


def where_message(message: discord.Message) -> Where:
    """The place of a message. Discord shows the bot no message of a server that it isn't in."""
    guild = message.guild.id if message.guild else None
    parent = getattr(message.channel, "parent_id", None)
    channel = message.channel.id
    return Where(
        Place.DIRECT if guild is None else Place.SERVER,
        guild,
        channel,
        (channel,) if parent is None else (channel, parent),
        message.author.id,
    )


def may_answer(where: Where, settings: GuildSettings) -> bool:
    """Whether the server lets Picket answer for all to see in this channel; true outside servers."""
    return where.guild is None or not settings.channels or not set(where.channels).isdisjoint(settings.channels)


def is_private(where: Where, settings: GuildSettings, person: PersonSettings, asked: bool | None) -> bool:
    """Whether only the person sees the answer: as they asked for, else as they chose, else as the server did.

    Always where the server doesn't let Picket answer; in a direct message nobody else is there. Elsewhere yes unless
    they said no: nobody there invited Picket.
    """
    if where.place is Place.DIRECT:
        return False
    if not may_answer(where, settings):
        return True
    for chosen in (asked, person.private):
        if chosen is not None:
            return chosen
    return where.place is Place.ELSEWHERE or settings.private


def may_press(where: Where, shown: Shown, hashed: str) -> bool:
    """Whether an answer may be looked at from here: an id in a button is a stranger's word.

    In a server only in the channel it was given in, a private one only by who asked; outside servers only by who asked.
    """
    if shown.guild != where.guild:
        return False
    if shown.guild is None or shown.private:
        return shown.asker == hashed and (shown.guild is None or shown.channel == where.channel)
    return shown.channel == where.channel


async def is_member(client: discord.Client, guild: int, person: int) -> bool:
    """Whether the person is in a server in which the bot is. Asks Discord, three seconds long; what `voices.UNREACHED` names
    where that fails.
    """
    found = client.get_guild(guild)
    if found is None:
        return False
    try:
        async with asyncio.timeout(_PATIENCE):  # discord.py tries again for half a minute, and an answer waits
            await found.fetch_member(person)
    except discord.NotFound:
        return False
    return True
