"""The ways in which Picket speaks: in answer to an interaction, or to a message. What is said is left to who calls.

A voice knows how far its interaction has come (acknowledged, answered), so that whatever goes wrong at whichever
moment can still be told in the one form that Discord then takes.
"""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import aiohttp
import discord

from bot.blocks import Action, Menu, Reply
from bot.errors import ClosingError
from bot.reply import SILENT, Card, layout
from bot.scope import Where, where_interaction, where_message

if TYPE_CHECKING:
    from bot.app import Picket

Actions = Sequence[Action | Menu]

# What is raised where Discord refuses what is said, or the connection drops before it took it.
UNREACHED = (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError)
# The same while it connects, where discord.py raises more of its own.
UNCONNECTED = (discord.DiscordException, *UNREACHED)


class Voice(Protocol):
    """Says things to one person in one place. Every method may raise discord.HTTPException."""

    bot: "Picket"
    where: Where
    person: discord.User | discord.Member

    async def say(self, reply: Reply, actions: Actions = ()) -> None:
        """The answer that the person waits for; what is said after it stands below it."""

    async def tell(self, reply: Reply) -> None:
        """What only the person needs to know (a refusal, a fault), as privately as Discord then allows."""


class Call:
    """The voice of a slash command, a menu, a button or a form."""

    def __init__(self, interaction: "discord.Interaction[Picket]") -> None:
        self.interaction = interaction
        self.bot = interaction.client
        self.person = interaction.user
        self.where = where_interaction(interaction)
        self._waiting = False  # “thinking…” stands there and the next thing said takes its place

    async def acknowledge(self, *, private: bool) -> None:
        """Within three seconds of the call, before anything that may take long; “thinking…” is shown until `say`."""
        await self._acknowledge(ephemeral=private, thinking=True)
        self._waiting = True

    async def acknowledge_press(self) -> None:
        """The same for a press whose message is to be changed, or that says something only if it fails."""
        await self._acknowledge(ephemeral=False, thinking=False)

    async def show_form(self, form: discord.ui.Modal) -> None:
        """A form is itself the acknowledgement."""
        self.bot.refuse_late()
        begun = time.perf_counter()
        await self.interaction.response.send_modal(form)
        self.bot.metrics.acknowledged(time.perf_counter() - begun)

    async def say(self, reply: Reply, actions: Actions = ()) -> None:
        await self._send(reply, actions, private=True)

    async def tell(self, reply: Reply) -> None:
        await self._send(reply, (), private=True)

    async def publish(self, reply: Reply, actions: Actions = ()) -> None:
        """For all to see, in a message of its own; only after `acknowledge_press`."""
        view = await laid_out(self.bot, reply, actions)
        await self.interaction.followup.send(view=view, allowed_mentions=SILENT)

    async def change(self, reply: Reply, actions: Actions = ()) -> None:
        """Puts something else in the place of the message whose button was pressed; only after `acknowledge_press`."""
        view = await laid_out(self.bot, reply, actions)
        await self.interaction.edit_original_response(view=view, allowed_mentions=SILENT)

    async def remove(self) -> None:
        """Takes the message away whose button was pressed, or after `acknowledge` the “thinking…” or what took its place.

        Needs no permission there.
        """
        await self.interaction.delete_original_response()

    async def _acknowledge(self, *, ephemeral: bool, thinking: bool) -> None:
        self.bot.refuse_late()  # the refusal is then the acknowledgement
        begun = time.perf_counter()
        await self.interaction.response.defer(ephemeral=ephemeral, thinking=thinking)
        self.bot.metrics.acknowledged(time.perf_counter() - begun)

    async def _send(self, reply: Reply, actions: Actions, *, private: bool) -> None:
        interaction = self.interaction
        acknowledged = interaction.response.is_done()
        # Not yet acknowledged means that something went wrong first: then the answer is the acknowledgement, and no
        # thread is waited for.
        view = await laid_out(self.bot, reply, actions) if acknowledged else layout(reply, actions)
        if not acknowledged:
            await interaction.response.send_message(view=view, ephemeral=private, allowed_mentions=SILENT)
        elif self._waiting:
            self._waiting = False
            await interaction.edit_original_response(view=view, allowed_mentions=SILENT)
        else:
            await interaction.followup.send(view=view, ephemeral=private, allowed_mentions=SILENT)


class Reaction:
    """The voice in answer to a message: a mention, a direct message."""

    def __init__(self, bot: "Picket", message: discord.Message) -> None:
        self.message = message
        self.bot = bot
        self.person = message.author
        self.where = where_message(message)

    async def say(self, reply: Reply, actions: Actions = ()) -> None:
        view = await laid_out(self.bot, reply, actions)
        await self.message.channel.send(
            view=view,
            # Where the question was deleted meanwhile, the answer stands alone.
            reference=self.message.to_reference(fail_if_not_exists=False),
            mention_author=False,
            allowed_mentions=SILENT,
        )

    async def tell(self, reply: Reply) -> None:
        await self.say(reply)


async def laid_out(bot: "Picket", reply: Reply, actions: Actions = ()) -> Card:
    """The reply as components, made in a thread: fitting a long one takes milliseconds."""
    try:
        return await bot.desk.run(layout, reply, actions)
    except ClosingError:  # what is told last is a sentence, and there is no thread left for it
        return layout(reply, actions)


def is_expired(error: BaseException) -> bool:
    """Whether Discord no longer takes an answer to this interaction: 3 seconds without, or 15 minutes after, acknowledgement."""
    codes = (10062, 10015, 50027)  # unknown interaction, unknown webhook, invalid webhook token
    return isinstance(error, discord.HTTPException) and error.code in codes


async def whisper(person: discord.User | discord.Member, reply: Reply) -> None:
    """The last resort where a place can't be spoken in: a direct message. discord.HTTPException where that is shut too."""
    await person.send(view=layout(reply), allowed_mentions=SILENT)
