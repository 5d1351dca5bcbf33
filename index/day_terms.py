"""Turns days into index terms, so that any range of days is a few of them: a year, a month, or a day each.

An article of 24 October 2023 has “2023”, “2023-10” and “2023-10-24”. Who is let through by them is `lexical`'s business.
"""

import calendar
from datetime import date

UNDATED = "undated"


def terms_of(day: date | None) -> list[str]:
    """The terms that an article of this day is indexed by."""
    if day is None:
        return [UNDATED]
    written = day.isoformat()
    return [written[:4], written[:7], written]


def terms_between(first: date, last: date) -> list[str]:
    """The fewest terms of which every day from `first` to `last` has one, and no other day any: 82 and the years at most."""
    found: list[str] = []
    next_day, end = first.toordinal(), last.toordinal()
    while next_day <= end:
        day = date.fromordinal(next_day)
        month_end = date(day.year, day.month, calendar.monthrange(day.year, day.month)[1]).toordinal()
        year_end = date(day.year, 12, 31).toordinal()
        written = day.isoformat()
        if (day.month, day.day) == (1, 1) and year_end <= end:
            found.append(written[:4])
            next_day = year_end + 1
        elif day.day == 1 and month_end <= end:
            found.append(written[:7])
            next_day = month_end + 1
        else:
            found.append(written)
            next_day += 1
    return found
