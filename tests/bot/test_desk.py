"""The desk with real threads, and engines that take as long as a test wants."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from bot.desk import Desk
from bot.errors import BusyError, ClosingError, SlowError
from index.engine import Engine
from index.errors import QuestionError
from index.records import Answer, Outcome, Query, Question

ASKED = datetime(2031, 5, 20, 12, tzinfo=UTC)


class Held:
    """Answers when it is let; counts what it was asked and how many at once."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.began = threading.Semaphore(0)
        self.asked: list[str] = []
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def ask(self, question: Question) -> Answer:
        with self._lock:
            self.asked.append(question.text)
            self._now += 1
            self.most = max(self.most, self._now)
        self.began.release()
        assert self.go.wait(10)
        with self._lock:
            self._now -= 1
        if question.text == "bad":
            raise QuestionError("The question has no words.")
        return Answer(Query(question.text, (), (), (), 0), Outcome.NOTHING, 0.0, (), 1, 0.0)


@contextmanager
def desk(engine: Any, *, threads: int = 2, queue: int = 2, seconds: float = 5.0) -> Iterator[Desk]:
    made = Desk(cast(Engine, engine), threads=threads, queue=queue, seconds=seconds)
    try:
        yield made
    finally:
        if isinstance(engine, Held):
            engine.go.set()
        asyncio.get_running_loop().create_task(made.close(1.0))


def question(text: str) -> Question:
    return Question(text, ASKED)


async def test_as_many_as_have_a_place_are_answered_and_the_next_is_refused_at_once() -> None:
    engine = Held()
    with desk(engine) as front:
        asked = [asyncio.create_task(front.ask(question(f"q{number}"))) for number in range(4)]
        await asyncio.sleep(0)
        begun = time.perf_counter()
        with pytest.raises(BusyError, match="try again"):
            await front.ask(question("one too many"))
        assert time.perf_counter() - begun < 0.5
        assert front.waiting == 2
        engine.go.set()
        answers = await asyncio.gather(*asked)
        assert [one.query.text for one in answers] == ["q0", "q1", "q2", "q3"]
        assert engine.most == 2
        assert "one too many" not in engine.asked
        assert (await front.ask(question("afterwards"))).query.text == "afterwards"


async def test_what_the_engine_raises_is_raised_and_its_place_is_free_again() -> None:
    engine = Held()
    engine.go.set()
    with desk(engine, threads=1, queue=0) as front:
        for _ in range(3):
            with pytest.raises(QuestionError):
                await front.ask(question("bad"))


async def test_an_answer_past_its_time_is_given_up_and_keeps_its_place_until_its_thread_is_free() -> None:
    engine = Held()
    with desk(engine, threads=1, queue=0, seconds=0.05) as front:
        with pytest.raises(SlowError, match=r"0\.05 seconds"):
            await front.ask(question("slow"))
        with pytest.raises(BusyError):
            await front.ask(question("behind it"))
        engine.go.set()
        for _ in range(500):
            if not front.taken:
                break
            await asyncio.sleep(0.01)
        assert (await front.ask(question("next"))).query.text == "next"


async def test_a_question_that_was_given_up_while_it_waited_is_never_computed() -> None:
    engine = Held()
    with desk(engine, threads=1, queue=1, seconds=0.05) as front:
        first = asyncio.create_task(front.ask(question("first")))
        await asyncio.to_thread(engine.began.acquire)
        with pytest.raises(SlowError):
            await front.ask(question("second"))
        with pytest.raises(SlowError):
            await first
        engine.go.set()
        await front.close(5.0)
        assert engine.asked == ["first"]


async def test_short_calls_give_what_they_return_or_raise_and_don_t_wait_behind_questions_or_long_ones() -> None:
    engine = Held()
    with desk(engine, threads=1, queue=8) as front:
        asked = asyncio.create_task(front.ask(question("first")))
        long = [asyncio.create_task(front.work(engine.go.wait, 10)) for _ in range(6)]
        assert await front.run(sorted, [2, 1], reverse=True) == [2, 1]
        with pytest.raises(ZeroDivisionError):
            await front.run(divmod, 1, 0)
        assert await front.run(threading.get_ident) != threading.get_ident()
        engine.go.set()
        await asyncio.gather(asked, *long)


async def test_closing_waits_for_what_runs_and_takes_no_more() -> None:
    engine = Held()
    with desk(engine, threads=1) as front:
        asked = asyncio.create_task(front.ask(question("first")))
        await asyncio.to_thread(engine.began.acquire)
        closing = asyncio.create_task(front.close(5.0))
        await asyncio.sleep(0)
        for refused in (front.ask(question("late")), front.run(int), front.work(int), front.fetch(int)):
            with pytest.raises(ClosingError):
                await refused
        engine.go.set()
        assert await closing
        assert (await asked).query.text == "first"
        assert await front.close(1.0)


async def test_closing_gives_up_on_a_thread_that_does_not_end() -> None:
    engine = Held()
    with desk(engine, threads=1) as front:
        asked = asyncio.create_task(front.ask(question("first")))
        await asyncio.to_thread(engine.began.acquire)
        begun = time.perf_counter()
        assert not await front.close(0.05)
        assert time.perf_counter() - begun < 2
        engine.go.set()
        await asked


async def test_what_waits_is_given_up_when_picket_ends_and_what_runs_goes_on_as_long_as_there_is_time() -> None:
    engine = Held()
    with desk(engine, threads=1, queue=2) as front:
        running = asyncio.create_task(front.ask(question("first")))
        waiting = asyncio.create_task(front.ask(question("second")))
        await asyncio.to_thread(engine.began.acquire)
        front.drain()
        with pytest.raises(ClosingError, match="restarted"):
            await waiting
        assert await front.run(int) == 0  # what is needed to tell it
        assert not running.done()
        front.abandon()
        with pytest.raises(ClosingError, match="restarted"):
            await running
        assert engine.asked == ["first"]


async def test_a_question_whose_asker_is_cancelled_is_given_up() -> None:
    engine = Held()
    with desk(engine, threads=1, queue=1) as front:
        running = asyncio.create_task(front.ask(question("first")))
        waiting = asyncio.create_task(front.ask(question("second")))
        await asyncio.to_thread(engine.began.acquire)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        engine.go.set()
        assert (await running).query.text == "first"
        await front.close(5.0)
        assert engine.asked == ["first"]


async def test_what_is_fetched_holds_up_neither_changes_nor_short_calls() -> None:
    engine = Held()
    with desk(engine) as front:
        fetched = [asyncio.create_task(front.fetch(engine.go.wait, 10)) for _ in range(20)]
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            assert await front.work(sorted, [2, 1]) == [1, 2]
            assert await front.run(sorted, [2, 1]) == [1, 2]
        assert not any(one.done() for one in fetched)
        engine.go.set()
        assert all(await asyncio.gather(*fetched))


async def test_when_picket_ends_nobody_waits_for_a_long_call_which_is_done_all_the_same() -> None:
    engine, done = Held(), threading.Event()

    def write() -> None:
        engine.began.release()
        assert engine.go.wait(10)
        done.set()

    with desk(engine) as front:
        running = [asyncio.create_task(front.work(write)), asyncio.create_task(front.fetch(write))]
        for _ in running:
            await asyncio.to_thread(engine.began.acquire)
        waiting = [asyncio.create_task(front.work(write)) for _ in range(20)]
        await asyncio.sleep(0)
        front.drain()
        assert not any(one.done() for one in running)
        front.abandon()
        for one, told in zip(running, ("look in a minute whether that was done", "try again in a minute"), strict=True):
            with pytest.raises(ClosingError, match=told):
                await one
        for one in waiting:
            with pytest.raises(ClosingError):
                await one
        for late in (front.work(write), front.fetch(write)):
            with pytest.raises(ClosingError, match="try again in a minute"):
                await late
        assert await front.run(int) == 0  # what is needed to tell it
        assert not done.is_set()
        engine.go.set()
        assert await front.close(5.0)
        assert done.is_set()
