"""Days as index terms: a range lets exactly its own days through, by few terms."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from index.day_terms import UNDATED, terms_between, terms_of

days = st.dates(date(1, 1, 1), date.max) | st.dates(date(2022, 12, 1), date(2024, 2, 1))


@given(days, days, days)
def test_a_day_has_exactly_one_term_of_a_range_that_it_lies_in_and_none_of_another(
    one: date, other: date, day: date
) -> None:
    first, last = sorted((one, other))
    between = terms_between(first, last)
    assert len(set(between) & set(terms_of(day))) == (first <= day <= last)
    assert len(between) <= 2 * (30 + 11) + last.year - first.year + 1
    assert UNDATED not in between


def test_a_range_is_told_in_years_months_and_days() -> None:
    assert terms_between(date(2022, 12, 30), date(2024, 2, 2)) == [
        "2022-12-30",
        "2022-12-31",
        "2023",
        "2024-01",
        "2024-02-01",
        "2024-02-02",
    ]
    assert terms_between(date(2023, 5, 2), date(2023, 5, 1)) == []
    assert terms_of(None) == [UNDATED]
