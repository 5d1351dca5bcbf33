"""The time that a question asks about, and which articles it favours."""

import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.questions.asked_period import (
    UNDATED,
    age_fit,
    favoured_days,
    local_day,
    news_of,
    period_fit,
    period_of,
    told,
)
from index.records import ReadPeriod

with (Path(__file__).parents[2] / "golden" / "reading" / "periods.toml").open("rb") as _stream:
    GOLDEN: dict[str, Any] = tomllib.load(_stream)
DAYS = [date.fromisoformat(day) for day in GOLDEN["days"]]
ASKED = date(2026, 7, 1)
days = st.dates() | st.none()
times = st.lists(
    st.sampled_from(
        "in on before after since the strike ended 2023 september may 31 99999 last summer day 0th writers and or".split()
    ),
    max_size=10,
).map(" ".join)


def counted(first: date, last: date) -> int:
    return sum(first <= day <= last for day in DAYS)


@pytest.mark.parametrize("case", GOLDEN["case"], ids=lambda case: case["label"])
def test_the_time_is_read_as_expected(case: dict[str, Any]) -> None:
    asked = date.fromisoformat(case.get("asked", ASKED.isoformat()))
    when = period_of(case["input"], asked=asked, counted=counted)
    found = [when.words, *(day.isoformat() if day else "" for day in (when.first, when.last))] if when else None
    assert found == case.get("expect")
    assert when is None or when.words in case["input"]


@pytest.mark.parametrize(
    ("published", "fit"),
    [
        (date(2023, 8, 31), 0),
        (date(2023, 9, 1), 1),
        (date(2023, 9, 30), 1),
        (date(2023, 10, 10), 1),  # a third of the month's length after it
        (date(2023, 10, 11), 0),
        (None, UNDATED),
    ],
)
def test_articles_of_the_period_and_of_a_while_after_fit(published: date | None, fit: float) -> None:
    assert period_fit(ReadPeriod("in september 2023", date(2023, 9, 1), date(2023, 9, 30)), published) == fit


@pytest.mark.parametrize(
    ("published", "fit"),
    [
        (date(2031, 5, 10), 0.0),
        (date(2030, 5, 10), 0.0),  # a year of news is of one dispute
        (date(2040, 1, 1), 0.0),
        (None, 0.0),
        (date(2031, 5, 10) - timedelta(8 * 365), 0.5),
        (date(2031, 5, 10) - timedelta(15 * 365), 0.75),
        (date(1, 1, 1), 1.0),
    ],
)
def test_an_article_ages_from_its_second_year_on(published: date | None, fit: float) -> None:
    assert age_fit(published, date(2031, 5, 10)) == pytest.approx(fit)


def test_without_a_period_no_article_fits_better() -> None:
    assert period_fit(None, date(2023, 9, 1)) == period_fit(None, None) == 0


def test_an_open_period_is_open() -> None:
    assert period_fit(ReadPeriod("since june", date(2023, 6, 1), None), date(9999, 12, 31)) == 1
    assert period_fit(ReadPeriod("before may", None, date(2023, 4, 30)), date(1, 1, 1)) == 1
    assert favoured_days(ReadPeriod("since june", date(2023, 6, 1), None))[1] == date.max


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (date(2023, 9, 1), date(2023, 9, 30), "September 2023"),
        (date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        (date(2023, 10, 21), date(2023, 10, 31), "21 to 31 October 2023"),
        (date(2017, 1, 1), date(2017, 12, 31), "2017"),
        (date(2007, 1, 1), date(2008, 12, 31), "2007 to 2008"),
        (date(2023, 7, 14), date(2023, 11, 8), "14 July 2023 to 8 November 2023"),
        (date(2023, 9, 14), date(2023, 9, 14), "14 September 2023"),
        (None, date(2023, 5, 1), "until 1 May 2023"),
        (date(2023, 9, 27), None, "from 27 September 2023 on"),
        (date(9999, 12, 1), date(9999, 12, 31), "December 9999"),
    ],
)
def test_how_the_words_were_read_is_told(first: date | None, last: date | None, sentence: str) -> None:
    assert told(ReadPeriod("then", first, last)) == f"“then” is read as {sentence}"


def test_the_day_is_that_of_the_person() -> None:
    midnight = datetime(2023, 9, 30, 23, 30, tzinfo=UTC)
    assert local_day(midnight, "Europe/Berlin") == date(2023, 10, 1)
    assert local_day(midnight, "America/Los_Angeles") == date(2023, 9, 30)
    assert local_day(midnight, "Nowhere/Aldmouth") == local_day(midnight, "") == date(2023, 9, 30)
    assert local_day(midnight.replace(tzinfo=None), "Europe/Berlin") == date(2023, 9, 30)
    assert local_day(datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(0))), "Asia/Tokyo") == date(9999, 12, 31)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=[]), max_size=100) | times, st.dates())
def test_no_question_raises_and_no_period_is_turned_round(question: str, asked: date) -> None:
    when = period_of(question, asked=asked, counted=counted)
    if when:
        assert when.first is None or when.last is None or when.first <= when.last
        assert told(when)
        assert period_fit(when, asked) in (0, 1)


@given(days, days, days)
def test_the_favoured_days_hold_the_period(first: date | None, last: date | None, published: date | None) -> None:
    if first and last and first > last:
        first, last = last, first
    when = ReadPeriod("then", first, last)
    begins, ends = favoured_days(when)
    assert begins <= (first or date.min)
    assert ends >= (last or date.max)
    assert (period_fit(when, published) == 1) == (published is not None and begins <= published <= ends)


def test_news_are_the_articles_of_the_week_before_and_of_a_day_that_began_elsewhere() -> None:
    assert favoured_days(news_of(date(2031, 5, 12))) == (date(2031, 5, 4), date(2031, 5, 13))
    assert favoured_days(news_of(date.min))[0] == date.min
    assert favoured_days(news_of(date.max))[1] == date.max
