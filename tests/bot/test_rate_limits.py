"""How often somebody may ask, with times that the tests make up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rate_limits import Limiter

START = datetime(2031, 5, 20, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_a_person_may_ask_as_often_as_the_setting_says_and_then_hears_how_long_to_wait() -> None:
    limiter = Limiter(person=3, server=100)
    assert [limiter.take(1, None, START).seconds for _ in range(3)] == [0, 0, 0]
    wait = limiter.take(1, None, START)
    assert wait.whose == "person"
    assert wait.seconds == pytest.approx(20)
    assert limiter.take(1, None, at(19.9)).seconds == pytest.approx(0.1)
    assert limiter.take(1, None, at(20)).seconds == 0


def test_another_person_and_another_place_are_counted_apart() -> None:
    limiter = Limiter(person=1, server=100)
    assert limiter.take(1, 7, START).seconds == 0
    assert limiter.take(2, 7, START).seconds == 0
    assert limiter.take(1, 8, START).seconds > 0  # the same person, wherever


def test_a_servers_limit_holds_over_all_its_people_and_not_over_direct_messages() -> None:
    limiter = Limiter(person=100, server=2)
    assert [limiter.take(person, 7, START).seconds for person in (1, 2)] == [0, 0]
    wait = limiter.take(3, 7, START)
    assert wait.whose == "server"
    assert wait.seconds == pytest.approx(30)
    assert limiter.take(3, 8, START).seconds == 0
    assert limiter.take(3, None, START).seconds == 0


def test_a_refusal_by_the_server_does_not_count_against_the_person() -> None:
    limiter = Limiter(person=1, server=1)
    limiter.take(1, 7, START)
    assert limiter.take(2, 7, START).whose == "server"
    assert limiter.take(2, 8, START).seconds == 0


def test_a_wait_is_told_once_in_each_place_until_it_is_over() -> None:
    limiter = Limiter(person=2, server=100)

    def told(person: int, server: int | None, seconds: float) -> bool | None:
        wait = limiter.take(person, server, at(seconds))
        return limiter.is_first(wait, person, server, at(seconds)) if wait.seconds else None

    assert [told(1, 7, 0) for _ in range(5)] == [None, None, True, False, False]
    assert [told(1, None, 0), told(1, None, 0)] == [True, False]
    assert told(1, 7, 29) is False
    assert [told(1, 7, 30), told(1, 7, 30), told(1, 7, 31)] == [None, True, False]


def test_a_servers_wait_is_told_to_whoever_comes_first_and_another_servers_apart() -> None:
    limiter = Limiter(person=100, server=1)
    for server in (7, 8):
        limiter.take(1, server, START)
        wait = limiter.take(2, server, START)
        assert [limiter.is_first(wait, person, server, START) for person in (2, 3)] == [True, False]


def test_a_clock_that_is_set_back_keeps_nobody_waiting() -> None:
    limiter = Limiter(person=2, server=4)
    before = at(3_600)
    for _ in range(2):
        assert limiter.take(1, 7, before).seconds == 0
    assert limiter.is_first(limiter.take(1, 7, before), 1, 7, before)
    assert [limiter.take(1, 7, START).seconds for _ in range(2)] == [0, 0]
    assert limiter.take(2, 7, START).seconds == 0
    wait = limiter.take(1, 7, START)
    assert wait.seconds == pytest.approx(30)
    assert [limiter.is_first(wait, 1, 7, START) for _ in range(2)] == [True, False]


def test_a_crowd_is_not_remembered_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.rate_limits._MOST", 10)
    limiter = Limiter(person=1, server=1)
    for person in range(1_000):
        limiter.take(person, None, START)
        limiter.is_first(limiter.take(person, None, START), person, None, START)
    assert len(limiter._full) == len(limiter._told) == 10


@given(
    st.integers(1, 50),
    st.lists(st.floats(0, 30, allow_nan=False), max_size=120),
)
def test_in_no_minute_is_more_than_twice_the_limit_let_through_and_a_wait_that_was_told_is_enough(
    limit: int, steps: list[float]
) -> None:
    """A full bucket and what trickles back within the minute: at most two minutes' worth, as with any token bucket."""
    limiter = Limiter(person=limit, server=10**6)
    now, taken = 0.0, []
    for step in steps:
        now += step
        wait = limiter.take(1, None, at(now)).seconds
        if wait:
            assert wait <= 60 / limit + 0.001
            now += wait + 0.001
            assert limiter.take(1, None, at(now)).seconds == 0
        taken.append(now)
    for first in taken:
        assert sum(first <= one < first + 60 for one in taken) <= 2 * limit + 1
