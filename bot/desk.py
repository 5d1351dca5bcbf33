"""Carries calls from the event loop to threads and back: questions in a bounded queue, everything else in small pools.

This is the only place where asyncio meets the engine, the journal and the disk; what is computed there is left to them.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from bot.errors import BusyError, ClosingError, SlowError
from index.engine import Engine
from index.records import Answer, Question

P = ParamSpec("P")
T = TypeVar("T")

# Journal and article reads take milliseconds; two threads keep one slow disk access from holding up the rest. A judgement.
_SHORT = 2
# Changing articles, looking for gaps and reindexing take seconds to minutes, mostly of one core each. A judgement.
_LONG = 4
# Fetching mostly waits for strangers' servers, which may take their time: apart, so that no change waits with it. A judgement.
_FETCHING = 8

_RESTARTING = "Picket is being restarted; try again in a minute."
_CUT_OFF = "Picket is being restarted; look in a minute whether that was done, and try again if not."


class Desk:
    """The asynchronous front of an engine. Its methods are called on the event loop; `close` lets go of the threads.

    As many questions as `threads` are answered at once and `queue` more wait; one more is refused at once.
    """

    def __init__(self, engine: Engine, *, threads: int, queue: int, seconds: float) -> None:
        self._engine = engine
        self._seconds = seconds
        self._threads = threads
        self._places = threads + queue
        self._taken = 0
        self._lock = threading.Lock()
        self._asked: set[Future[Answer]] = set()
        self._over: asyncio.Future[None] | None = None
        self._ending = False
        self._closing = False
        self._asking = ThreadPoolExecutor(threads, thread_name_prefix="ask")
        self._short = ThreadPoolExecutor(_SHORT, thread_name_prefix="desk")
        self._long = ThreadPoolExecutor(_LONG, thread_name_prefix="work")
        self._fetching = ThreadPoolExecutor(_FETCHING, thread_name_prefix="fetch")

    @property
    def taken(self) -> int:
        """Questions that are answered or wait."""
        return self._taken

    @property
    def waiting(self) -> int:
        """Questions that have no thread yet."""
        return max(0, self._taken - self._threads)

    async def ask(self, question: Question) -> Answer:
        """The engine's answer. BusyError at once where the queue is full, SlowError past the time limit, ClosingError
        where Picket ends first.

        A question that is given up before a thread took it is never computed; one that runs is, and keeps its place.
        """
        self._begin()
        with self._lock:
            if self._taken >= self._places:
                raise BusyError("Too many questions are being answered just now; try again in a few seconds.")
            self._taken += 1
        try:
            asked = self._asking.submit(self._engine.ask, question)
        except BaseException:
            self._give_back(None)
            raise
        self._asked.add(asked)
        asked.add_done_callback(self._give_back)
        try:
            return await self._unless_over(asked, _RESTARTING, self._seconds)
        finally:
            self._asked.discard(asked)

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `call` returns or raises, from a thread: for everything short that reads or writes a disk.

        Has no time limit: whoever gave up on a write would not know whether it was done.
        """
        if self._closing:
            raise ClosingError(_RESTARTING)
        return await asyncio.wrap_future(self._short.submit(call, *args, **kwargs))

    async def work(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `run`, for what takes seconds or minutes: changes, reindexing. Short calls don't wait behind it.

        ClosingError where Picket ends first: what runs by then runs on, and nobody waits for it.
        """
        self._begin()
        return await self._unless_over(self._long.submit(call, *args, **kwargs), _CUT_OFF)

    async def fetch(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `work`, for what is read from elsewhere to be added: a slow address holds up no change."""
        self._begin()
        return await self._unless_over(self._fetching.submit(call, *args, **kwargs), _RESTARTING)

    def drain(self) -> None:
        """Picket is about to end: questions that wait for a thread are given up at once, those that run go on."""
        self._ending = True
        for asked in list(self._asked):
            asked.cancel()

    def abandon(self) -> None:
        """There is no time left: nobody waits any longer for questions and long calls that run."""
        self._ending = True
        if self._over is not None and not self._over.done():
            self._over.set_result(None)

    async def close(self, within: float) -> bool:
        """Takes no more, waits so many seconds for what runs, and says whether all of it ended. Idempotent.

        What waits for a thread is cancelled; what runs past the time runs on, since no thread can be stopped.
        """
        self.drain()
        self._closing = True
        pools = (self._asking, self._short, self._long, self._fetching)
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        waiter: Future[None] = Future()
        waiter.set_running_or_notify_cancel()  # so that giving up on it doesn't cancel it under the thread's hands

        def wait() -> None:
            for pool in pools:
                pool.shutdown(wait=True)
            waiter.set_result(None)

        # A daemon, so that a call that hangs doesn't keep this thread, and with it the process, from ending.
        threading.Thread(target=wait, name="desk closing", daemon=True).start()
        try:
            async with asyncio.timeout(within):
                await asyncio.wrap_future(waiter)
        except TimeoutError:
            return False
        return True

    def _begin(self) -> None:
        if self._ending:
            raise ClosingError(_RESTARTING)

    async def _unless_over(self, running: Future[T], told: str, seconds: float | None = None) -> T:
        """What a thread gives; ClosingError, which says what is `told`, where Picket ends first, SlowError past the seconds."""
        if self._over is None:
            self._over = asyncio.get_running_loop().create_future()
        result = asyncio.wrap_future(running)
        try:
            await asyncio.wait((result, self._over), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if result.done() and not result.cancelled():
                return result.result()
        finally:
            result.cancel()  # what has no thread yet is never begun; what has one runs on
        if self._ending:
            raise ClosingError(told)
        raise SlowError(f"The answer takes longer than {seconds:g} seconds; try again, or ask in fewer words.")

    def _give_back(self, _: Future[Answer] | None) -> None:
        with self._lock:
            self._taken -= 1
