"""What is remembered of earlier questions, and for how long."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.conversations import Conversations

START = datetime(2031, 5, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_the_last_three_questions_of_a_person_in_a_place_are_remembered_for_a_quarter_of_an_hour() -> None:
    kept = Conversations()
    for number in range(5):
        kept.add(1, 7, f"q{number}", START + number * MINUTE, private=False)
    assert kept.before(1, 7, START + 5 * MINUTE, private=False) == ("q2", "q3", "q4")
    assert kept.before(1, 7, START + 17.5 * MINUTE, private=False) == ("q3", "q4")
    assert kept.before(1, 7, START + 19 * MINUTE, private=False) == ()


def test_other_people_other_places_and_private_answers_are_other_conversations() -> None:
    kept = Conversations()
    kept.add(1, 7, "mine", START, private=False)
    kept.add(1, 7, "in secret", START, private=True)
    assert kept.before(2, 7, START, private=False) == ()
    assert kept.before(1, 8, START, private=False) == ()
    assert kept.before(1, 7, START, private=False) == ("mine",)
    assert kept.before(1, 7, START, private=True) == ("in secret",)


def test_everything_of_a_person_can_be_forgotten() -> None:
    kept = Conversations()
    kept.add(1, 7, "a", START, private=False)
    kept.add(1, 8, "b", START, private=True)
    kept.add(2, 7, "c", START, private=False)
    kept.forget(1)
    assert kept.before(1, 7, START, private=False) == kept.before(1, 8, START, private=True) == ()
    assert kept.before(2, 7, START, private=False) == ("c",)


def test_nothing_asked_before_a_person_was_forgotten_is_remembered_afterwards() -> None:
    kept = Conversations()
    kept.forget_until(1, START + MINUTE)
    for number, person in enumerate((1, 1, 2)):
        kept.add(person, 7, f"q{number}", START + number * MINUTE, private=False)
    kept.add(1, 7, "q3", START + 2 * MINUTE, private=False)
    assert kept.before(1, 7, START + 3 * MINUTE, private=False) == ("q3",)
    assert kept.before(2, 7, START + 3 * MINUTE, private=False) == ("q2",)
    assert kept.is_forgotten(1, START + MINUTE)
    assert not kept.is_forgotten(1, START + 2 * MINUTE)
    assert not kept.is_forgotten(2, START)


def test_after_a_clock_was_set_back_what_is_asked_is_remembered() -> None:
    kept = Conversations()
    kept.forget_until(1, START)
    assert kept.is_forgotten(1, START - 14 * MINUTE)
    assert not kept.is_forgotten(1, START - 60 * MINUTE)
    kept.add(1, 7, "q", START - 60 * MINUTE, private=False)
    assert kept.before(1, 7, START - 59 * MINUTE, private=False) == ("q",)


def test_who_was_forgotten_is_itself_forgotten_in_time() -> None:
    kept = Conversations(most=10)
    for person in range(100):
        kept.forget_until(person, START)
    assert len(kept._forgotten) == 10
    kept.forget_until(99, START + 14 * MINUTE)
    kept.forget_until(100, START + 15 * MINUTE)
    assert list(kept._forgotten) == [99, 100]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3), st.floats(0, 600)), max_size=100))
def test_no_more_is_held_than_the_bound_and_nothing_that_is_too_old(
    asked: list[tuple[int, int, float]],
) -> None:
    kept = Conversations(most=10)
    now = START
    for person, channel, step in asked:
        now += timedelta(seconds=step)
        kept.add(person, channel, "q", now, private=False)
        assert kept.before(person, channel, now, private=False)[-1] == "q"
    assert len(kept._asked) <= 10
    assert all(now - recent[-1][0] < 15 * MINUTE for recent in kept._asked.values())
