"""The day of an article: golden cases, laws, and bounds."""

import re
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import bylines, date_evidence, day_words, page_dates, strike_days, strike_sides, weekday_dates
from corpus.date_evidence import TOLERANCE, Evidence
from corpus.dating import HEAD, TAIL, date_article
from corpus.day_words import parse_day, say
from corpus.patterns import lazy
from corpus.strikes import STRIKES, Strike
from tests.golden_cases import golden_cases

CASES = golden_cases("dating/*")
SHARED = Path(__file__).parents[3] / "shared" / "articles"
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
PIECES = st.sampled_from(
    [
        "Wednesday, September 13",
        "on ",
        "said ",
        "Published: ",
        "Sept. 14, 2023",
        "By Jane Roe | ",
        "103 days",
        "\n",
        "WGA ",
        "strike ",
        "has lasted ",
        "day 136 of the ",
        "one hundredth day of the ",
        ". ",
        "2023-09-14",
        "–",
        "0",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))


@pytest.mark.parametrize("case", CASES)
def test_a_golden_case_is_dated_as_it_says(case: dict[str, Any]) -> None:
    given_, expected = case["input"], case.get("expect", {})
    dating = date_article(given_["text"], stated=given_.get("stated"), url=given_.get("url"), today=given_.get("today"))
    assert dating.published == expected.get("published")
    if "kinds" in expected:
        assert [evidence.kind for evidence in dating.evidence] == expected["kinds"]
    if "conflict" in expected:
        assert dating.conflict
        assert [words for words in expected["conflict"] if words not in dating.conflict] == []
    else:
        assert dating.conflict is None


def test_labels_of_golden_cases_are_unique() -> None:
    labels = [case.id for case in CASES]
    assert len(labels) >= 40
    assert len(set(labels)) == len(labels)


@given(text=TEXTS, stated=st.none() | DAYS, url=st.none() | st.text(), today=st.none() | DAYS)
def test_any_text_is_dated_or_left_undated_but_never_raises(
    text: str, stated: date | None, url: str | None, today: date | None
) -> None:
    dating = date_article(text, stated=stated, url=url, today=today)
    if dating.published:
        assert dating.evidence
        assert today is None or dating.published <= today
        assert dating.conflict is None or dating.published == stated
    for evidence in dating.evidence:
        assert evidence.kind in TOLERANCE
        assert evidence.words
        assert "\n" not in evidence.words


@given(text=TEXTS, stated=DAYS)
def test_a_stated_day_is_the_day_whatever_the_text_says(text: str, stated: date) -> None:
    dating = date_article(text, stated=stated)
    assert dating.published == stated
    assert Evidence("meta data", stated, stated.isoformat()) in dating.evidence


@given(day=DAYS)
def test_a_pair_with_its_year_dates_the_day_it_names_and_no_other_weekday_does(day: date) -> None:
    weekdays = [f"{day + timedelta(days=shift):%A}" for shift in range(7)]
    dated = [
        date_article(f"On {weekday}, {day:%B} {day.day}, {day.year}, the guild met.").published for weekday in weekdays
    ]
    assert dated == [day, *[None] * 6]


@given(day=DAYS)
def test_a_day_in_words_is_read_back(day: date) -> None:
    assert parse_day(say(day)) == day
    assert parse_day(f"{day:%b} {day.day}, {day.year}") == day
    assert parse_day(day.isoformat()) == day


@given(number=st.integers(3, 300))
def test_every_day_of_a_strike_counts_from_its_first(number: int) -> None:
    dating = date_article(f"The SAG-AFTRA strike has lasted for {number} days.")
    day = date(2023, 7, 14) + timedelta(days=number - 1)
    assert dating.published == (day if day <= date(2023, 11, 8) else None)


@given(st.sampled_from(STRIKES), st.integers(-400, 400))
def test_a_strike_has_a_day_for_each_number_from_its_first_to_its_last(strike: Strike, number: int) -> None:
    day = strike.day(number)
    if day is None:
        assert not 1 <= number <= (strike.last - strike.first).days + 1
    else:
        assert strike.first <= day <= strike.last
        assert day.toordinal() - strike.first.toordinal() == number - 1


@pytest.mark.parametrize(
    "module", [bylines, date_evidence, day_words, page_dates, strike_days, strike_sides, weekday_dates]
)
def test_every_pattern_that_is_compiled_late_can_be(module: ModuleType) -> None:
    values = [value for value in vars(module).values() if getattr(value, "__qualname__", "").startswith("lazy.")]
    values += [one for _, one in getattr(module, "_SIDES", ())] + [*getattr(module, "_COUNTS", ())]
    assert values
    assert all(isinstance(value(), re.Pattern) for value in values)


def test_a_late_pattern_is_compiled_once_and_a_wrong_one_is_refused_at_its_use() -> None:
    words = lazy("strikes?", re.IGNORECASE)
    assert words() is words()
    assert words().fullmatch("STRIKE")
    wrong = lazy("(strike")
    with pytest.raises(re.error, match="unterminated"):
        wrong()


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2023-10-24T10:00:00Z", date(2023, 10, 24)),
        ("2023-10-24T23:30:00-07:00", date(2023, 10, 24)),
        ("2023/10/4", date(2023, 10, 4)),
        ("Oct 24, 2023", date(2023, 10, 24)),
        ("October 24th, 2023", date(2023, 10, 24)),
        ("Tue, 24 Oct 2023 10:00:00 GMT", date(2023, 10, 24)),
        ("Tuesday, October 24, 2023 at 5:28 p.m. ET", date(2023, 10, 24)),
        ("24 OCTOBER 2023", date(2023, 10, 24)),
        ("10/11/2023", None),
        ("October 24", None),
        ("October 2023", None),
        ("on or after Oct 24, 2023", None),
        ("Oct 24, 2023 or so", None),
        ("31 September 2023", None),
        ("Wednesday, 24 October 2023", None),
        ("", None),
        ("Oct 24, 2023" + " " * 100 + "x" * 100, None),
    ],
)
def test_a_day_is_read_only_where_it_is_all_of_the_words(words: str, day: date | None) -> None:
    assert parse_day(words) == day


def test_only_the_top_and_the_end_of_a_long_text_are_read() -> None:
    count = "The SAG-AFTRA strike has lasted for 103 days."
    filling = "Talks go on.\n" * 400_000  # 5 MB
    assert date_article(count + "\n" + filling).published == date(2023, 10, 24)
    assert date_article(filling + count).published == date(2023, 10, 24)
    assert date_article(filling[: HEAD + 13] + count + filling[: TAIL + 13]).published is None


@pytest.mark.parametrize(
    "piece",
    [
        "said on Monday, May 1, ",
        "strike 5 day of WGA strike. ",
        "Day 50 of the strike. ",
        "On Monday, May 1, they met. ",
        "one hundred and two ",
        "strike has lasted day ",
        "2023-09-14\n",
        "Published By Jane | ",
        "A",
    ],
)
def test_a_text_of_one_piece_over_and_over_comes_to_an_end_and_gives_no_day(piece: str) -> None:
    assert date_article(piece * 20_000).published is None  # minutes, without MAX_SENTENCE and MAX_MENTIONS


def test_today_shuts_out_what_was_not_yet() -> None:
    count = "The writers' strike has lasted 60 days."
    assert date_article(count).published is None
    assert date_article(count, today=date(2010, 1, 1)).published == date(2008, 1, 3)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("seed-000", date(2023, 9, 14)),
        ("seed-001", date(2023, 9, 14)),
        ("seed-002", None),
        ("seed-003", None),
        ("seed-004", date(2023, 10, 24)),
    ],
)
def test_a_seed_article_has_its_derived_day_or_none(name: str, day: date | None) -> None:
    path = SHARED / "raw" / f"{name}.txt"
    if not path.exists():
        pytest.skip(f"the shared articles are not here ({SHARED.name}/raw/{name}.txt)")
    assert date_article(path.read_text("utf-8")).published == day
