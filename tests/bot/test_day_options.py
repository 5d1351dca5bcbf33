"""Days as people write them beside a question."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.day_options import Option, period, read_day
from bot.errors import WordsError

TODAY = date(2026, 11, 22)  # a Sunday
NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2023-10-24", "2023-10-24", "2023-10-24"),
        ("24 October 2023", "2023-10-24", "2023-10-24"),
        ("October 24, 2023", "2023-10-24", "2023-10-24"),
        ("24. October 2023", "2023-10-24", "2023-10-24"),
        ("the 2nd of May 2023", "2023-05-02", "2023-05-02"),
        ("October 2023", "2023-10-01", "2023-10-31"),
        ("2023", "2023-01-01", "2023-12-31"),
        ("in 2023", "2023-01-01", "2023-12-31"),
        ("since June", "2026-06-01", "2026-06-30"),
        ("may", "2026-05-01", "2026-05-31"),
        ("Oct 24", "2026-10-24", "2026-10-24"),
        ("last March", "2026-03-01", "2026-03-31"),
        ("yesterday", "2026-11-21", "2026-11-21"),
        ("today", "2026-11-22", "2026-11-22"),
        ("now", "2026-11-22", "2026-11-22"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("summer 2023", "2023-06-01", "2023-08-31"),
        ("24/10/2023", "2023-10-24", "2023-10-24"),
        ("10/24/2023", "2023-10-24", "2023-10-24"),
        ("10.10.2023", "2023-10-10", "2023-10-10"),
        ("  last   year ", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_day_or_a_longer_time_is_read_from_its_first_day_on_or_up_to_its_last(
    text: str, since: str, until: str
) -> None:
    assert read_day("since", text, TODAY).isoformat() == since
    assert read_day("until", text, TODAY).isoformat() == until


@pytest.mark.parametrize(
    "text",
    ["rubbish", "31 september", "2023-13-45", "99/99/2023", "the strike", "two days after", "soon", "=" * 5_000, "?"],
)
def test_what_is_no_date_is_told_with_its_words_and_an_example(text: str) -> None:
    with pytest.raises(WordsError, match="24 October 2023") as raised:
        read_day("since", text, TODAY)
    assert "since" in str(raised.value)
    assert text[:80] in str(raised.value)
    assert len(str(raised.value)) < 300


def test_a_date_that_is_two_days_to_two_people_is_asked_about() -> None:
    with pytest.raises(WordsError, match="can be 6 May 2023 or 5 June 2023"):
        read_day("since", "5/6/2023", TODAY)


def test_a_period_that_ends_before_it_begins_is_told() -> None:
    with pytest.raises(WordsError, match="“October 2023” is after until “May 2023”"):
        period("October 2023", "May 2023", now=NOW, timezone="UTC")
    assert period("May 2023", "October 2023", now=NOW, timezone="UTC") == (date(2023, 5, 1), date(2023, 10, 31))
    assert period(None, " ", now=NOW, timezone="UTC") == (None, None)


def test_today_is_the_persons_own_day_and_utcs_where_their_time_zone_is_not_known() -> None:
    for timezone, day in (
        ("Asia/Tokyo", date(2026, 11, 23)),
        ("America/Los_Angeles", date(2026, 11, 22)),
        ("Nowhere/Land", date(2026, 11, 22)),
        ("../../etc/passwd", date(2026, 11, 22)),
    ):
        assert period("today", None, now=NOW, timezone=timezone) == (day, None)
    last = datetime(9999, 12, 31, 23, tzinfo=UTC)  # there is no later day to be in
    assert period("today", None, now=last, timezone="Asia/Tokyo") == (last.date(), None)


@given(st.sampled_from(("since", "until")), st.text(max_size=120))
def test_whatever_is_typed_is_a_day_or_a_sentence(option: Option, text: str) -> None:
    told = ""
    with suppress(WordsError):
        told = read_day(option, text, TODAY).isoformat()
    if not told:
        with pytest.raises(WordsError) as raised:
            read_day(option, text, TODAY)
        assert "\n" not in str(raised.value)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_day_written_in_full_is_read_back(day: date) -> None:
    for text in (day.isoformat(), f"{day.day} {day:%B} {day.year}"):
        assert read_day("since", text, TODAY) == read_day("until", text, TODAY) == day
