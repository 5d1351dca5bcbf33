"""Dates in words: golden cases, laws, and bounds."""

import re
from datetime import date, timedelta
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.abbreviations import ABBREVIATIONS
from index.dates import (
    DateExpression,
    DateKind,
    DateSpan,
    Grain,
    day_span,
    durations,
    find_dates,
    find_durations,
    finding,
    lookalikes,
    periods,
    read_period,
    reading,
    rules_calendar,
    rules_named,
    rules_relative,
    tense,
)
from index.dates.spans import easter, month_span, season_span
from index.records import Span
from tests.golden_cases import golden_cases
from tests.timex import dates_at, timex_value

TABLES = (rules_calendar.TABLE, rules_named.TABLE, rules_relative.TABLE)
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
PIECES = st.sampled_from(
    (
        *("Monday", "on Friday", "Sept. 20", "September 31", "May 2", "2023", "24", "the 24th", "two days", " later"),
        *(" ago", "the next day", "last ", "next ", "week", "summer", "early ", "end of the ", "day 136 of the "),
        *(
            "strike",
            "0th day of the ",
            "from ",
            " to ",
            " and ",
            "between ",
            "-",
            "–",
            ",",
            " ",
            ". ",
            "\n",
            "9999",
            "a ",
        ),
        *(
            "year",
            "will ",
            "said ",
            "Thanksgiving",
            "the week of ",
            "before ",
            "after ",
            "'07",
            "2007-08",
            "10/24/2023",
        ),
        *(
            "20, 21 and 22 December",
            "9 to 11 ",
            "1st",
            "first Monday of ",
            "the Tuesday after ",
            "Feb. 29",
            "fortnight",
        ),
        *("ſept", "İ", "²", "quarter", "third ", "1990s", "year-ago ", "June", "99999999 days ago", "hundred "),
    )
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=25).map(" ".join), st.lists(PIECES, max_size=25).map("".join))


def written_of(given_: dict[str, Any]) -> date | DateSpan | None:
    written = given_.get("written")
    if not isinstance(written, str):
        return written
    return date.fromisoformat(written) if len(written) == 10 else month_span(*map(int, written.split("-")))


def said(when: DateSpan | None) -> dict[str, str]:
    if when is None:
        return {}
    days = when.first.isoformat() if when.first == when.last else f"{when.first}/{when.last}"
    return {"when": days, "grain": when.grain.value}


@pytest.mark.parametrize(
    "case", [case for case in golden_cases("dates/*") if not case.id.startswith(("periods", "durations"))]
)
def test_a_golden_case_is_read_as_it_says(case: dict[str, Any]) -> None:
    given_ = case["input"]
    found = find_dates(given_["text"], written=written_of(given_))
    read = [{"words": one.words, **said(one.when), "kind": one.kind.value} for one in found]
    for one, expected in zip(read, case["expect"], strict=False):
        if "kind" not in expected:
            one.pop("kind")
    assert read == case["expect"]


@pytest.mark.parametrize("case", golden_cases("dates/periods"))
def test_a_golden_question_names_the_periods_it_says(case: dict[str, Any]) -> None:
    found = read_period(case["input"]["text"], asked=case["input"]["written"])
    assert [{"words": one.words, **said(one.when), "relation": one.relation.value} for one in found] == case["expect"]


@pytest.mark.parametrize("case", golden_cases("dates/durations"))
def test_a_golden_length_is_read_as_it_says(case: dict[str, Any]) -> None:
    read = [
        {"words": one.words, "count": one.count, "unit": one.unit.value, "approximate": one.approximate}
        for one in find_durations(case["input"]["text"])
    ]
    assert read == [{"count": None, **expected} for expected in case["expect"]]


def test_there_are_cases_enough_and_many_look_alikes() -> None:
    assert len(golden_cases("dates/*")) >= 120
    assert len(golden_cases("dates/look_alikes")) >= 40


@given(TEXTS, st.none() | st.dates())
def test_any_text_is_read_without_raising_and_its_spans_are_slices_in_order(text: str, written: date | None) -> None:
    reached = 0
    for one in find_dates(text, written=written):
        assert reached <= one.span.start < one.span.end <= len(text)
        assert one.words == text[one.span.start : one.span.end]
        assert one.when is None or one.when.first <= one.when.last
        reached = one.span.end
    for duration in find_durations(text):
        assert duration.words == text[duration.span.start : duration.span.end]


@given(TEXTS, st.dates())
def test_any_question_is_read_without_raising(text: str, asked: date) -> None:
    for period in read_period(text, asked=asked):
        assert period.words == text[period.span.start : period.span.end]
        assert period.when.first <= period.when.last


@given(TEXTS, DAYS, st.integers(-200, 200))
def test_weekdays_move_with_the_day_of_writing(text: str, written: date, weeks: int) -> None:
    def weekdays(day: date) -> list[DateExpression]:
        return [one for one in find_dates(text, written=day) if one.kind is DateKind.WEEKDAY]

    moved = timedelta(weeks=weeks)
    for one, other in zip(weekdays(written), weekdays(written + moved), strict=True):
        assert one.span == other.span
        if one.when and other.when:
            assert other.when.first - one.when.first == moved


@given(TEXTS, st.none() | DAYS, st.data())
def test_what_lies_within_a_part_is_read_as_in_the_whole(text: str, written: date | None, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    whole = find_dates(text, written=written)
    part = find_dates(text, written=written, within=Span(start, len(text)))
    assert part == [one for one in whole if one.span.start >= start]


@given(DAYS)
def test_a_date_in_full_is_that_date_however_it_is_written(day: date) -> None:
    for form in ("%B %d, %Y", "%A, %b. %d, %Y", "%d %B %Y", "%Y-%m-%d", "%m/%d/%Y"):
        words = day.strftime(form).replace("May. ", "May ")
        found = find_dates(f"It ended on {words}.", written=None)
        assert [one.when for one in found] == [day_span(day)], words


@given(DAYS, st.sampled_from(["Monday", "Wednesday", "Sunday"]))
def test_a_weekday_in_the_past_is_at_most_six_days_back_and_in_the_future_at_most_six_ahead(
    day: date, name: str
) -> None:
    back = find_dates(f"They met {name}.", written=day)[0].when
    ahead = find_dates(f"They will meet {name}.", written=day)[0].when
    assert back is not None
    assert ahead is not None
    assert 0 <= (day - back.first).days <= 6
    assert 0 <= (ahead.first - day).days <= 6
    assert back.first.strftime("%A") == ahead.first.strftime("%A") == name


def test_a_place_that_is_given_is_read_even_where_it_looks_like_something_else() -> None:
    text = "The board met in early March and voted recently; May saw more."
    places = [Span(text.index(words), text.index(words) + len(words)) for words in ("March", "recently", "May")]
    read = dates_at(text, places, written=date(2023, 10, 24))
    assert [timex_value(one) for one in read] == ["2023-03", "PAST_REF", "2023-05"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("They met Monday.", "2023-10-23"),
        ("They met last week.", "2023-W42"),
        ("They met in September.", "2023-09"),
        ("They met in the second quarter.", "2023-Q2"),
        ("They met last summer.", "2023-SU"),
        ("They met in the winter of 2007.", "2007-WI"),
        ("They met in 2019.", "2019"),
        ("They met in the 1990s.", "199X"),
        ("They worked over the weekend.", "2023-W42-WE"),
        ("They met on 31 September.", ""),
    ],
)
def test_a_value_is_written_as_timex3_has_it(text: str, value: str) -> None:
    assert [timex_value(one) for one in find_dates(text, written=date(2023, 10, 24))] == [value]


def test_an_hour_stands_in_the_value_of_a_place_that_names_one() -> None:
    text = "They have until 9 a.m. Tuesday to sign."
    (one,) = dates_at(text, [Span(16, 30)], written=date(2023, 10, 22))
    assert (one.words, timex_value(one)) == ("9 a.m. Tuesday", "2023-10-24T09:00")


def test_dates_before_the_part_that_is_asked_for_are_known_in_it() -> None:
    text = "Talks failed on May 1. Nobody slept. The next day, writers walked out."
    start = text.index("The next")
    (one,) = find_dates(text, written=date(2023, 10, 24), within=Span(start, len(text)))
    assert one.when == day_span(date(2023, 5, 2))


@pytest.mark.parametrize("words", ["a day before ", "early ", "later ", "the week of ", "last year's ", "eve of "])
def test_expressions_within_expressions_are_followed_only_so_far(words: str) -> None:
    found = find_dates("the " + words * 3000 + "May 2", written=date(2023, 10, 24))
    assert found[-1].words.endswith("May 2")


@pytest.mark.parametrize("words", ["the year-ago June", "a year-earlier summer", "the year-ago weekend"])
def test_what_a_year_ago_month_or_season_means_is_left_open(words: str) -> None:
    found = find_dates(f"Sales fell from {words}.", written=date(2023, 9, 28))
    assert [(one.words.removeprefix("the "), one.when) for one in found] == [(words.split(" ", 1)[1], None)]


def test_every_rule_and_pattern_that_is_compiled_late_can_be() -> None:
    late = [rule.pattern for table in TABLES for rule in table.rules] + [form for form, _ in rules_calendar.DATED]
    for module in (durations, finding, lookalikes, periods, reading, tense):
        patterns = [value for value in vars(module).values() if getattr(value, "__qualname__", "").startswith("lazy.")]
        assert patterns, module.__name__
        late += patterns
    assert len(late) > 70
    assert all(isinstance(one(), re.Pattern) for one in late)


def test_a_span_of_days_never_ends_before_it_begins() -> None:
    with pytest.raises(ValueError, match=re.escape("2023-05-01, before 2023-05-02")):
        DateSpan(date(2023, 5, 2), date(2023, 5, 1), Grain.DAY)


def test_easter_falls_where_the_church_had_it() -> None:
    assert [easter(year) for year in (1998, 2000, 2023, 2024)] == [
        date(1998, 4, 12),
        date(2000, 4, 23),
        date(2023, 4, 9),
        date(2024, 3, 31),
    ]


def test_winter_lasts_into_the_next_year() -> None:
    assert season_span(2023, 4) == DateSpan(date(2023, 12, 1), date(2024, 2, 29), Grain.SEASON)


def test_a_long_text_without_ends_is_read_in_time_that_grows_with_its_length() -> None:
    texts = [
        "on Friday the 24th day " * 400,
        "a " * 5000,
        "hundred and " * 2000,
        "1-" * 4000,
        "strike 100th day of " * 500,
    ]

    def seconds(size: int) -> float:
        start = perf_counter()
        for text in texts:
            find_dates(text[: len(text) * size // 4], written=date(2023, 10, 24))
            find_durations(text[: len(text) * size // 4])
        return perf_counter() - start

    # Four times the text may cost eight times as much, twice what a straight line gives, and never a minute.
    assert seconds(4) < max(8 * min(seconds(1) for _ in range(3)), 2.0)


@pytest.mark.parametrize("word", ABBREVIATIONS)
def test_a_sentence_goes_on_after_a_shortened_word(word: str) -> None:
    text = f"They will meet {word}. Corvale on Friday"
    assert tense.sentence_start(text, len(text)) == 0
    assert tense.sentence_end(text, 0) == len(text)
