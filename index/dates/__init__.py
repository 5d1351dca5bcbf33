"""Dates in words: the one door to `dates.finding`, `dates.periods` and `dates.durations`.

“Monday” in an article of Tuesday 24 October 2023 is 23 October 2023. Nothing here knows the clock: the day of writing
and the day of asking are arguments.
"""

from index.dates.durations import find_durations
from index.dates.finding import find_dates
from index.dates.periods import Period, Relation, read_period
from index.dates.spans import DateExpression, DateKind, DateSpan, Duration, Grain, Unit, day_span

__all__ = [
    "DateExpression",
    "DateKind",
    "DateSpan",
    "Duration",
    "Grain",
    "Period",
    "Relation",
    "Unit",
    "day_span",
    "find_dates",
    "find_durations",
    "read_period",
]
