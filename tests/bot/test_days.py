"""bot.days: days and periods as plain text, in the reader's language of dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import days
from tests.bot.hostile import law

TUESDAY = date(2023, 10, 24)


@pytest.mark.parametrize(
    ("locale", "told", "with_weekday"),
    [
        ("en", "24 October 2023", "Tuesday 24 October 2023"),
        ("en-GB", "24 October 2023", "Tuesday 24 October 2023"),
        ("en_US", "October 24, 2023", "Tuesday, October 24, 2023"),
        ("de", "24. Oktober 2023", "Dienstag, 24. Oktober 2023"),
        ("fr", "24 octobre 2023", "mardi 24 octobre 2023"),
        ("pt-BR", "24 de outubro de 2023", "terça-feira, 24 de outubro de 2023"),
        ("zh-CN", "2023年10月24日", "2023年10月24日星期二"),
        ("ja", "2023年10月24日", "2023年10月24日火曜日"),
        ("xx", "24 October 2023", "Tuesday 24 October 2023"),
        ("../en", "24 October 2023", "Tuesday 24 October 2023"),
        ("", "24 October 2023", "Tuesday 24 October 2023"),
        ("en_\ud800", "24 October 2023", "Tuesday 24 October 2023"),
        ("root", "24 October 2023", "Tuesday 24 October 2023"),
    ],
)
def test_a_day_is_told_in_the_language_and_in_british_english_where_it_is_unknown(
    locale: str, told: str, with_weekday: str
) -> None:
    assert days.day(TUESDAY, locale) == told
    assert days.weekday(TUESDAY, locale) == with_weekday


@pytest.mark.parametrize("locale", ["en", "en-US", "pt_BR", "de"])
def test_a_known_language_is_known(locale: str) -> None:
    assert days.is_known(locale)


@pytest.mark.parametrize("locale", ["xx", "", "en GB", "../../etc", "\ud800", "e" * 5_000])
def test_an_unknown_language_is_not(locale: str) -> None:
    assert not days.is_known(locale)


@pytest.mark.parametrize(
    ("first", "last", "precision", "told"),
    [
        (TUESDAY, TUESDAY, "day", "24 October 2023"),
        (TUESDAY, date(2023, 10, 27), "day", "24–27 Oct 2023"),
        (TUESDAY, date(2024, 1, 2), "day", "24 Oct 2023 – 2 Jan 2024"),
        (date(2023, 10, 23), date(2023, 10, 29), "week", "23–29 Oct 2023"),
        (date(2023, 10, 1), date(2023, 10, 31), "month", "October 2023"),
        (date(2023, 9, 1), date(2023, 10, 31), "month", "September – October 2023"),
        (date(2023, 7, 1), date(2023, 9, 30), "quarter", "3rd quarter 2023"),
        (date(2023, 7, 1), date(2023, 12, 31), "quarter", "July – December 2023"),
        (date(2022, 12, 1), date(2023, 2, 28), "season", "December 2022 – February 2023"),
        (date(2023, 1, 1), date(2023, 12, 31), "year", "2023"),
        (date(2019, 1, 1), date(2021, 12, 31), "year", "2019–2021"),
        (date(2010, 1, 1), date(2019, 12, 31), "decade", "2010–2019"),
    ],
)
def test_a_period_is_told_as_coarse_as_it_is_known(first: date, last: date, precision: str, told: str) -> None:
    assert days.period(first, last, precision) == told


def test_months_and_their_days_are_told_alone_for_lists() -> None:
    assert days.month(TUESDAY) == "October 2023"
    assert days.month(TUESDAY, "de") == "Oktober 2023"
    assert days.day_of_month(TUESDAY) == "24 October"
    assert days.day_of_month(TUESDAY, "en-US") == "October 24"


@law
@given(
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.sampled_from(["day", "week", "month", "quarter", "season", "year", "decade", "?"]),
    st.sampled_from(["en", "en-US", "de", "ar", "th", "ja"]),
)
def test_every_period_that_there_is_can_be_told(one: date, other: date, precision: str, locale: str) -> None:
    first, last = min(one, other), max(one, other)
    told = days.period(first, last, precision, locale)
    assert told
    assert len(told) < 80
