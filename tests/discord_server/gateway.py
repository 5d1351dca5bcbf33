"""The gateway: connections over WebSockets, and sessions that outlive them, with what was sent and not yet received."""

import asyncio
import json
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from secrets import token_hex

from aiohttp import WSMsgType, web

from tests.discord_server.world import Payload, World

MESSAGE_CONTENT = 1 << 15  # the privileged intent
_FLUSHED = b"\x00\x00\xff\xff"


class Connection:
    """One WebSocket, whose messages are one zlib stream where the client asked for that, and text otherwise."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self._socket = socket
        self._request = request
        self._zlib = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None

    async def send(self, payload: Payload) -> None:
        text = json.dumps(payload)
        with suppress(ConnectionError):  # whoever drops a connection finds what it was sent in its session
            if self._zlib is None:
                await self._socket.send_str(text)
            else:
                data = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                assert data.endswith(_FLUSHED)
                await self._socket.send_bytes(data)

    async def close(self, code: int) -> None:
        await self._socket.close(code=code)

    def cut(self) -> None:
        """As when a cable is pulled: no goodbye."""
        if self._request.transport is not None:
            self._request.transport.abort()


class Session:
    """What a client identified as, the events that it was sent, and its connection if it has one now."""

    def __init__(self, connection: Connection, intents: int) -> None:
        self.id = token_hex(8)
        self.intents = intents
        self.connection: Connection | None = connection
        self.events: list[Payload] = []

    async def dispatch(self, event: str, data: Payload) -> None:
        """Numbers the event, keeps it, and sends it where there is a connection."""
        payload = {"op": 0, "t": event, "s": len(self.events) + 1, "d": data}
        self.events.append(payload)
        if self.connection is not None:
            await self.connection.send(payload)

    async def resume(self, connection: Connection, sequence: int) -> None:
        """Sends what the client hasn't seen, and then that this was all."""
        self.connection = connection
        for payload in self.events[sequence:]:
            await connection.send(payload)
        await self.dispatch("RESUMED", {"_trace": []})


class Gateway:
    """All sessions of the one bot. `identifies`, `resumes` and `heartbeats` count what clients sent."""

    def __init__(self, world: World, token: str) -> None:
        self.sessions: dict[str, Session] = {}
        self.identifies: list[Payload] = []
        self.resumes: list[Payload] = []
        self.heartbeats = 0
        self.changed = asyncio.Condition()
        self.heartbeat_seconds = 41.25  # Discord's own
        self.closed: list[int | None] = []  # the codes that clients hung up with
        self.resume_url = ""
        self._world = world
        self.token = token

    @property
    def online(self) -> Session | None:
        """The session that has a connection, if there is one."""
        return next((one for one in self.sessions.values() if one.connection is not None), None)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from hello to its end."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, request)
        await connection.send({"op": 10, "s": None, "t": None, "d": {"heartbeat_interval": self._interval}})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._received(connection, json.loads(message.data))
                    await self._told()
        finally:
            self.closed.append(socket.close_code)
            for session in self.sessions.values():
                if session.connection is connection:
                    session.connection = None
            await self._told()
        return socket

    async def dispatch(self, event: str, data: Payload) -> float:
        """Sends an event to every session, or keeps it for the resume; gives the time just before it left."""
        sent = time.monotonic()
        bot = str(self._world.bot.id)
        for session in list(self.sessions.values()):
            await session.dispatch(event, _seen(data, session, bot) if event == "MESSAGE_CREATE" else data)
        return sent

    async def cut(self) -> None:
        """Drops the connections without a goodbye, and returns when they are gone. Sessions can be resumed."""
        for session in self.sessions.values():
            if session.connection is not None:
                session.connection.cut()
        await self.until(lambda: self.online is None)

    async def reconnect(self) -> None:
        """Asks clients to connect anew and resume, as Discord does before it restarts a gateway."""
        for session in list(self.sessions.values()):
            if session.connection is not None:
                await session.connection.send({"op": 7, "d": None, "s": None, "t": None})

    async def invalidate(self) -> None:
        """Forgets all sessions and says so; clients have to identify again."""
        sessions, self.sessions = self.sessions, {}
        for session in sessions.values():
            if session.connection is not None:
                await session.connection.send({"op": 9, "d": False, "s": None, "t": None})

    async def close(self) -> None:
        for session in self.sessions.values():
            if session.connection is not None:
                await session.connection.close(1001)

    async def until(self, holds: Callable[[], bool], within: float = 20.0) -> None:
        """Returns when it holds; TimeoutError after so many seconds."""
        async with asyncio.timeout(within), self.changed:
            await self.changed.wait_for(holds)

    @property
    def _interval(self) -> int:
        return int(self.heartbeat_seconds * 1000)

    async def _told(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def _received(self, connection: Connection, payload: Payload) -> None:
        data = payload["d"]
        match payload["op"]:
            case 1:
                self.heartbeats += 1
                await connection.send({"op": 11, "d": None, "s": None, "t": None})
            case 2:
                self.identifies.append(data)
                await self._identified(connection, data)
            case 6:
                self.resumes.append(data)
                session = self.sessions.get(data["session_id"])
                if session is None or data["token"] != self.token:
                    await connection.send({"op": 9, "d": False, "s": None, "t": None})
                else:
                    await session.resume(connection, data["seq"] or 0)
            case _:  # presence, members and voice: nothing here depends on them
                return

    async def _identified(self, connection: Connection, data: Payload) -> None:
        if data["token"] != self.token:
            await connection.close(4004)
            return
        if data["intents"] & MESSAGE_CONTENT:
            await connection.close(4014)
            return
        session = Session(connection, data["intents"])
        self.sessions[session.id] = session
        guilds = [one for one in self._world.guilds.values() if one.installed]
        await session.dispatch(
            "READY",
            {
                "v": 10,
                "user": self._world.bot.payload() | {"verified": True, "mfa_enabled": False, "email": None, "flags": 0},
                "guilds": [{"id": str(one.id), "unavailable": True} for one in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.resume_url,
                "session_type": "normal",
                "application": {"id": str(self._world.bot.id), "flags": 0},
                "private_channels": [],
                "user_settings": {},
                "relationships": [],
                "presences": [],
                "guild_join_requests": [],
                "geo_ordered_rtc_regions": [],
                "auth": {},
                "_trace": [],
            },
        )
        for guild in guilds:
            await session.dispatch("GUILD_CREATE", guild.payload(self._world.bot))


def _seen(message: Payload, session: Session, bot: str) -> Payload:
    """A message as a bot without the privileged intent gets it: text only where it is addressed, or by itself."""
    addressed = {one["id"] for one in message["mentions"]} | {message["author"]["id"]}
    if "guild_id" not in message or session.intents & MESSAGE_CONTENT or bot in addressed:
        return message
    return message | {"content": "", "embeds": [], "attachments": [], "components": []}
