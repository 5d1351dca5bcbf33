"""Questions without a command: a mention, a direct message, and the menu “Find sources” on any message.

Discord gives the bot a message's text only where it is mentioned or written to directly, which is all that is needed.
"""

import asyncio
import re
from contextlib import suppress
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import words_asking
from bot.app import Picket
from bot.asking import Asked, Way, ask, count
from bot.errors import WordsError
from bot.faults import telling
from bot.render import note_reply
from bot.scope import Place, is_private, may_answer
from bot.voices import UNREACHED, Call, Reaction
from index.questions.reading import MAX_QUESTION

MENU = "Find sources"

# Mentions, channels, commands, own emoji and times as Discord writes them into a text: no words of the question.
_MARKS = re.compile(r"<(?:@[!&]?|#|/[^:<>]{1,100}:|a?:\w{1,32}:|t:|id:)[^<>\s]{1,40}>")


class Direct(commands.Cog):
    """Listens to messages, of which it forgets those that aren't meant for Picket."""

    def __init__(self, bot: Picket) -> None:
        self._bot = bot
        self._menu = app_commands.ContextMenu(name=MENU, callback=self.find_sources)

    async def cog_load(self) -> None:
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    async def find_sources(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Which passages speak to what a message claims; of a forwarded one, what was forwarded."""
        bot, call = self._bot, Call(interaction)
        where = call.where
        settings, person = bot.preferences.guild(where.guild), bot.preferences.person(where.person)
        private = is_private(where, settings, person, None)
        async with telling(call):
            now = bot.now()
            count(bot, where, now)
            await call.acknowledge(private=private)
            forwarded = (one.content for one in message.message_snapshots)
            text = without_marks(message.content or next(forwarded, ""))
            if not text:
                raise WordsError(words_asking.NO_WORDS_IN_MESSAGE)
            await ask(bot, call, Asked(text[:MAX_QUESTION], Way.MENU, private, now))

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        text = self._asked(message)
        if text is None:
            return
        bot, voice = self._bot, Reaction(self._bot, message)
        where = voice.where
        settings, person = bot.preferences.guild(where.guild), bot.preferences.person(where.person)
        if not may_answer(where, settings):
            bot.metrics.refused("channel")
            return
        async with telling(voice):
            now = bot.now()
            if not count(bot, where, now, aloud=True):  # a hint is an answer too
                return
            if not text:
                await voice.say(note_reply(words_asking.NOTHING_ASKED))
                return
            if is_private(where, settings, person, None):
                await voice.say(note_reply(words_asking.PRIVATE_HERE))
                return
            before = bot.conversations.before(where.person, where.channel, now, private=False)
            way = Way.DIRECT if where.place is Place.DIRECT else Way.MENTION
            typing = asyncio.create_task(_type(message.channel), name="typing")
            try:
                await ask(bot, voice, Asked(text, way, False, now, before))
            finally:
                typing.cancel()

    def _asked(self, message: discord.Message) -> str | None:
        """What a message asks, “” where it only names Picket; None where it isn't meant for it.

        A reply pings who is replied to without naming them in its text: that alone is no question.
        """
        own = self._bot.user
        if own is None or message.author.bot or message.webhook_id is not None or message.author.system:
            return None
        if message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return None
        if isinstance(message.channel, discord.DMChannel):
            return without_marks(message.content)
        named = f"<@{own.id}>" in message.content or f"<@!{own.id}>" in message.content
        if message.guild is None or not named:  # no server either: of one that isn't known yet, or any more
            return None
        return without_marks(message.content)


async def _type(channel: discord.abc.Messageable) -> None:
    """Shows for ten seconds that Picket types; where it may not or can't, the answer will say so."""
    with suppress(*UNREACHED):
        await channel.typing()


def without_marks(text: str) -> str:
    """The text's words, without what only Discord understands."""
    return " ".join(_MARKS.sub(" ", text).split())


async def setup(bot: Picket) -> None:
    await bot.add_cog(Direct(bot))
