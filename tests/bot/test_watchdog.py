"""The watchdog itself: it barks at what holds up the loop, and at nothing else."""

import asyncio
import time

import pytest

from tests.bot.conftest import World
from tests.bot.watchdog import Watchdog


async def _hold_up(seconds: float) -> None:
    await asyncio.sleep(0)
    time.sleep(seconds)


async def test_the_bots_work_on_the_loop_is_caught_and_a_tests_own_is_not(picket: World) -> None:
    time.sleep(0.15)
    await _hold_up(0.15)
    assert picket.watchdog.slow == []
    with picket.env._bot_scope():
        task = asyncio.get_running_loop().create_task(_hold_up(0.15))
    await task
    assert [took for took, _ in picket.watchdog.slow] == [pytest.approx(0.15, abs=0.1)]
    with pytest.raises(AssertionError, match="held up"):
        picket.watchdog.check()
    picket.watchdog.slow.clear()


def test_a_watchdog_is_off_when_its_watch_is_over() -> None:
    before = asyncio.Handle._run
    with Watchdog().watching():
        assert asyncio.Handle._run is not before
    assert asyncio.Handle._run is before
