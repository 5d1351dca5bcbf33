"""The bot as a process of its own: started, told to end, killed, and listened to."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from tests.discord_server.server import DiscordServer

ROOT = Path(__file__).resolve().parents[2]
# Of the bot's log, what a failed test shows.
_LAST, _SHOWN = 20, 2_000


class BotProcess:
    """`async with BotProcess(discord, config) as bot:` runs `python -m bot`; leaving kills it if it is still there.

    `events` has its log, a dict a line; `said` the lines on standard error that are no JSON, of which there should be none
    but the sentence with which it ends.
    """

    def __init__(self, discord: DiscordServer, config: Path, *, token: str | None = None, command: str = "") -> None:
        self._discord = discord
        self._arguments = [*([command] if command else []), "--config", str(config)]
        self._token = discord.token if token is None else token
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._heard = asyncio.Condition()
        self.events: list[dict[str, Any]] = []
        self.said: list[str] = []

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.discord_server.launch",
            *self._arguments,
            cwd=ROOT,
            env=os.environ | {"DISCORD_SERVER": self._discord.url, "DISCORD_TOKEN": self._token},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, _: type[BaseException] | None, error: BaseException | None, __: object) -> None:
        if self._process is not None and self._process.returncode is None:
            self.kill()
        await self.ended(20)
        if error is not None:
            told = [*self.said, *(str(one)[:_SHOWN] for one in self.events[-_LAST:])]
            error.add_note("The bot said:\n" + "\n".join(told))

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def online(self, within: float = 60.0) -> None:
        """Returns when it is connected; fails at once where it ends instead."""
        assert self._reader is not None
        waiting = asyncio.create_task(self._discord.until(lambda: self._discord.gateway.online, within))
        done, _ = await asyncio.wait((waiting, self._reader), return_when=asyncio.FIRST_COMPLETED)
        if waiting not in done:
            waiting.cancel()
            raise AssertionError("the bot ended before it was connected")
        await waiting

    def stop(self) -> None:
        """SIGTERM."""
        os.kill(self.pid, signal.SIGTERM)

    def interrupt(self) -> None:
        """SIGINT."""
        os.kill(self.pid, signal.SIGINT)

    def kill(self) -> None:
        """SIGKILL."""
        os.kill(self.pid, signal.SIGKILL)

    async def ended(self, within: float) -> int:
        """The exit code, minus the signal's number for a killed process; TimeoutError where it still runs."""
        assert self._process is not None
        assert self._reader is not None
        async with asyncio.timeout(within):
            await asyncio.shield(self._reader)
            return await self._process.wait()

    async def logged(self, holds: Callable[[dict[str, Any]], Any], within: float = 30.0) -> dict[str, Any]:
        """The first event of the log that holds, waiting for it."""
        async with asyncio.timeout(within), self._heard:
            await self._heard.wait_for(lambda: any(holds(one) for one in self.events))
        return next(one for one in self.events if holds(one))

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            text = line.decode().rstrip("\n")
            async with self._heard:
                try:
                    self.events.append(json.loads(text))
                except ValueError:
                    self.said.append(text)
                self._heard.notify_all()
