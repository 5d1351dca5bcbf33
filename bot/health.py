"""Answers /healthz and /metrics over HTTP for who watches Picket; leaves counting to `metrics` and access to the network.

Off unless `[bot] http` names an address. Nothing here is secret, and nothing asks who reads it: bind it to loopback, or
to a network of machines that may.
"""

from typing import TYPE_CHECKING

from aiohttp import web
from discord.ext import commands

from bot import log
from bot.errors import ClosingError, SetupError
from index.errors import EngineError

if TYPE_CHECKING:
    from bot.app import Picket

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
# Seconds for scrapes that run when Picket ends; they take milliseconds.
_ENDING = 0.5


class Health(commands.Cog):
    """Listens from when the cog is added until it is removed, as it is when the bot closes."""

    def __init__(self, bot: "Picket", address: str) -> None:
        """`address` is “host:port”; port 0 takes a free one."""
        self._bot = bot
        self._address = address
        app = web.Application()
        app.add_routes([web.get("/healthz", self._healthz), web.get("/metrics", self._metrics)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_ENDING)
        self._heard = bot.is_ready()

    async def cog_load(self) -> None:
        """SetupError where the address can't be listened on."""
        host, _, port = self._address.rpartition(":")
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host.strip("[]"), int(port)).start()
        except (OSError, OverflowError) as error:
            await self._runner.cleanup()
            why = getattr(error, "strerror", None) or error
            raise SetupError(
                f"[bot] http = “{self._address}” can't be listened on ({why}); name a free address of this machine."
            ) from error
        _watch(self._bot)
        log.event("watched", port=self._runner.addresses[0][1])

    async def cog_unload(self) -> None:
        await self._runner.cleanup()

    @commands.Cog.listener("on_connect")
    @commands.Cog.listener("on_resumed")
    async def on_hearing(self) -> None:
        """Discord has let Picket in, or in again."""
        self._heard = True

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        self._heard = False

    async def _healthz(self, _: web.Request) -> web.Response:
        """200 while questions are heard and answered, 503 otherwise, with what is the matter."""
        bot = self._bot
        generation: int | None = None
        try:
            with bot.hold():
                generation = await bot.desk.run(bot.engine.generations.current)
            matter = "" if self._heard else "not connected to Discord"
        except (EngineError, ClosingError) as error:
            matter = str(error)
        told = {"status": "down" if matter else "ok", "matter": matter, "generation": generation}
        return web.json_response(told | {"waiting": bot.desk.waiting}, status=503 if matter else 200)

    async def _metrics(self, _: web.Request) -> web.Response:
        try:
            text = await self._bot.desk.run(self._bot.metrics.text)  # gauges read the disk
        except ClosingError as error:
            return web.Response(text=f"{error}\n", status=503)
        return web.Response(body=text, headers={"Content-Type": _PROMETHEUS})


def _watch(bot: "Picket") -> None:
    """Gauges of what is so just now; they are read at each scrape."""

    def generation() -> float:
        try:
            return bot.engine.generations.current()
        except EngineError:
            return 0.0

    bot.metrics.watch("questions_waiting", "Questions that wait for a thread.", lambda: bot.desk.waiting)
    bot.metrics.watch("generation", "The generation in use, 0 for none.", generation)
    bot.metrics.watch("guilds", "Servers that Picket is in.", lambda: len(bot.guilds))
    bot.metrics.watch("gateway_seconds", "From a heartbeat to its answer.", lambda: bot.latency)
