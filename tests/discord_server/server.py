"""The whole stand-in for Discord on one port of loopback, and what people do there."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

from tests.discord_server.faults import Faults, Request
from tests.discord_server.gateway import Gateway
from tests.discord_server.interactions import Interaction, Kind, Options, command_data, interaction, modal_data
from tests.discord_server.limits import buttons
from tests.discord_server.rest import Rest
from tests.discord_server.world import Channel, Guild, Payload, User, World

# What a bot does within this many seconds here takes milliseconds; a test that waits so long has failed.
WITHIN = 20.0
# No check of its shape: an outside server may give any.
TOKEN = "a token of the local server"


class DiscordServer:
    """`async with DiscordServer() as discord:` listens; `discord.url` is where to lead the bot."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.world = World()
        self.faults = Faults()
        self.gateway = Gateway(self.world, token)
        self.rest = Rest(self.world, self.gateway, self.faults, token)
        self._runner = web.AppRunner(self.rest.application(lambda: self.gateway.resume_url), shutdown_timeout=1.0)
        self.url = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        _, port = self._runner.addresses[0][:2]
        self.url = f"http://127.0.0.1:{port}"
        self.gateway.resume_url = f"ws://127.0.0.1:{port}/gateway"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.gateway.close()
        await self._runner.cleanup()

    @property
    def requests(self) -> list[Request]:
        return self.rest.requests

    def asked(self, method: str, ending: str) -> list[Request]:
        """The requests so far whose path ends so."""
        return [one for one in self.requests if one.method == method and one.path.endswith(ending)]

    async def until(self, holds: Callable[[], Any], within: float = WITHIN) -> None:
        """Returns when it holds, looking after each request and each message of the gateway; TimeoutError after `within`."""
        async with asyncio.timeout(within), self.gateway.changed:
            await self.gateway.changed.wait_for(lambda: bool(holds()))

    async def slash(
        self,
        user: User,
        channel: Channel,
        name: str,
        *,
        files: dict[str, tuple[bytes, str]] | None = None,
        **options: Any,
    ) -> Interaction:
        """A command with its options; `files` maps an option to content and name, which lie ready for download."""
        resolved: Payload = {}
        given: dict[str, Any] = dict(options)
        for option, (content, called) in (files or {}).items():
            made = self.world.attachment(called, content, self.url, "application/octet-stream")
            resolved.setdefault("attachments", {})[made["id"]] = made
            given[option] = made["id"]
        data = command_data(self.rest.commands, name, given, resolved, focus="")
        return await self._happen(Kind.COMMAND, data, user, channel)

    async def complete(self, user: User, channel: Channel, name: str, focus: str, **options: Any) -> Interaction:
        """A person types the option `focus`."""
        data = command_data(self.rest.commands, name, options, {}, focus)
        return await self._happen(Kind.COMPLETION, data, user, channel)

    async def menu(self, user: User, channel: Channel, name: str, message: Payload) -> Interaction:
        """A command of a message's context menu."""
        command = next(one for one in self.rest.commands if one["name"] == name and one["type"] == 3)
        resolved = {"messages": {message["id"]: message}}
        data = {"id": command["id"], "name": name, "type": 3, "target_id": message["id"], "resolved": resolved}
        return await self._happen(Kind.COMMAND, data, user, channel)

    async def click(self, user: User, channel: Channel, message: Payload, label: str) -> Interaction:
        """The button with this label or emoji."""
        found = next(
            one for one in buttons(message) if label in (one.get("label"), (one.get("emoji") or {}).get("name"))
        )
        data = {"custom_id": found["custom_id"], "component_type": 2, "id": found.get("id", 1)}
        return await self._happen(Kind.COMPONENT, data, user, channel, message)

    async def submit(self, opened: Interaction, values: Options) -> Interaction:
        """Fills in and sends the modal that an interaction opened."""
        data = modal_data(opened.modal, values)
        message = opened.payload.get("message")
        return await self._happen(Kind.MODAL, data, opened.user, opened.channel, message)

    async def write(self, user: User, channel: Channel, content: str, reply_to: Payload | None = None) -> Payload:
        """A person's message."""
        reference = {"message_id": reply_to["id"], "channel_id": reply_to["channel_id"]} if reply_to else None
        made = self.world.message(channel, user, {"content": content, "message_reference": reference})
        await self.gateway.dispatch("MESSAGE_CREATE", made)
        return made

    async def leave(self, guild: Guild) -> None:
        """The bot is removed from a server."""
        guild.installed = False
        await self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id), "unavailable": False})

    async def answer(self, one: Interaction, within: float = WITHIN) -> Interaction:
        """Returns it when something is shown for it."""
        await self.until(lambda: one.shown, within)
        return one

    async def acknowledged(self, one: Interaction, within: float = WITHIN) -> Interaction:
        await self.until(lambda: one.acknowledged_at is not None, within)
        return one

    def said(self, channel: Channel) -> list[Payload]:
        """The bot's own messages in a channel, which everybody there sees, oldest first."""
        mine = str(self.world.bot.id)
        hooked = {one["id"] for each in self.rest.interactions.values() for one in each.shown}
        return [
            one
            for one in self.world.messages.values()
            if one["author"]["id"] == mine and one["channel_id"] == str(channel.id) and one["id"] not in hooked
        ]

    async def _happen(
        self, kind: Kind, data: Payload, user: User, channel: Channel, message: Payload | None = None
    ) -> Interaction:
        made = interaction(self.world, kind, data, user, channel, message)
        self.rest.interactions[made.token] = made
        made.sent_at = time.monotonic()
        await self.gateway.dispatch("INTERACTION_CREATE", made.payload)
        return made
