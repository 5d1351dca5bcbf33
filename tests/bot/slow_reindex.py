"""A reindex that stops in the middle until a test lets it go on: the real engine, held at one of its own reports of progress."""

import asyncio
import threading
from typing import Any

import pytest

from bot import reindexing
from bot.builds import Build
from tests.bot.conftest import World


class Gate:
    """Closed at the stage `embedding`; `open` lets the reindex go on, and is called at the end of every test."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch, *, stage: str = "embedding") -> None:
        self._reached, self._open = threading.Event(), threading.Event()
        self._seen = asyncio.Event()
        self._world = world
        progress = Build.progress

        def held(build: Build, stage_now: str, done: int, total: int) -> None:
            progress(build, stage_now, done, total)
            if stage_now == stage and not self._open.is_set():
                self._reached.set()
                assert self._open.wait(30)
                progress(build, stage_now, done, total)

        monkeypatch.setattr(Build, "progress", held)
        # simcord waits for all that the bot does before its clock goes on, but for what is declared to last.
        env, desk, follow = world.env, world.bot.desk, reindexing._followed
        work = desk.work

        async def working(call: Any, *args: Any, **kwargs: Any) -> Any:
            if call != world.bot.engine.reindex:
                return await work(call, *args, **kwargs)
            return await env.external_wait(work(call, *args, **kwargs), reason="a reindex that is held")

        async def followed(*args: Any) -> Any:
            try:
                return await env.external_wait(follow(*args), reason="its progress")
            finally:
                self._seen.set()

        monkeypatch.setattr(desk, "work", working)
        monkeypatch.setattr(reindexing, "_followed", followed)

    async def reached(self) -> None:
        assert await asyncio.to_thread(self._reached.wait, 10), "the reindex never came so far"

    def open(self) -> None:
        self._open.set()

    async def end(self) -> None:
        """Lets it go on to its end, and waits until that was shown."""
        self._open.set()
        await asyncio.wait_for(self._seen.wait(), 20)
        self._seen.clear()
        await self._world.env.settle()
