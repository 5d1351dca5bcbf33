"""The records of dates in words, and the calendar arithmetic on them; what words mean is left to `dates.rules`.

Weeks run from Monday to Sunday (ISO 8601), winter from December to February: news speaks of the weather's seasons.
Whatever would leave the years 1 to 9999 raises ValueError or OverflowError, which `dates.rules` turns into no date.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum
from typing import NamedTuple

from index.records import Span

CALENDAR_ERRORS = (ValueError, OverflowError)


class Grain(StrEnum):
    """How finely a date is told."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"


class DateKind(StrEnum):
    """How the words tell the date, and so how far it can be trusted: an absolute one needs nothing else."""

    ABSOLUTE = "absolute"  # “October 24, 2023”, “2019”
    PARTIAL = "partial"  # “Sept. 20”, “in May”: the year comes from the article
    WEEKDAY = "weekday"  # “Monday”
    RELATIVE = "relative"  # “yesterday”, “two days later”
    PERIOD = "period"  # “from May 2 to Sept. 27”, “the past three months”
    HOLIDAY = "holiday"  # “Labor Day”
    STRIKE_DAY = "strike day"  # “the 136th day of the strike”
    DURATION = "duration"  # “103 days”: how long, not when
    VAGUE = "vague"  # “recently”: only on demand, and never with a date


class Unit(StrEnum):
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    DECADE = "decade"


@dataclass(frozen=True, slots=True)
class DateSpan:
    """The days from `first` to `last`, both included, as finely as they are told.

    “Early May” is 1 to 10 May at the grain of a month: the grain is that of the words, not the number of days.
    """

    first: date
    last: date
    grain: Grain

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"A span of days can't end on {self.last}, before {self.first}.")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


class FoundDate(NamedTuple):
    """Where an expression ends, the days it means if they can be told, and its kind."""

    end: int
    when: DateSpan | None
    kind: DateKind


@dataclass(frozen=True, slots=True)
class DateExpression:
    """Words that tell a date: `words == text[span]`, and the days they mean, or None where that can't be told."""

    span: Span
    words: str
    when: DateSpan | None
    kind: DateKind


@dataclass(frozen=True, slots=True)
class Duration:
    """Words that tell how long: `words == text[span]`; `count` is None for “several weeks”."""

    span: Span
    words: str
    count: float | None
    unit: Unit
    approximate: bool


def day_span(day: date) -> DateSpan:
    return DateSpan(day, day, Grain.DAY)


def week_of(day: date) -> DateSpan:
    monday = day - timedelta(day.weekday())
    return DateSpan(monday, monday + timedelta(6), Grain.WEEK)


def weekend_of(day: date) -> DateSpan:
    """Saturday and Sunday of the day's week."""
    saturday = day + timedelta(5 - day.weekday())
    return DateSpan(saturday, saturday + timedelta(1), Grain.DAY)


def months_span(year: int, month: int, count: int, grain: Grain) -> DateSpan:
    """`count` months from the first of `month`, which may lie outside 1 to 12."""
    first = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    past = first.year * 12 + first.month - 1 + count
    last = date(MAXYEAR, 12, 31) if past >= (MAXYEAR + 1) * 12 else date(past // 12, past % 12 + 1, 1) - timedelta(1)
    return DateSpan(first, last, grain)


def month_span(year: int, month: int) -> DateSpan:
    return months_span(year, month, 1, Grain.MONTH)


def quarter_span(year: int, quarter: int) -> DateSpan:
    return months_span(year, 3 * quarter - 2, 3, Grain.QUARTER)


def season_span(year: int, season: int) -> DateSpan:
    """Season 1 is spring, 4 the winter that begins in `year`."""
    return months_span(year, 3 * season, 3, Grain.SEASON)


def year_span(year: int) -> DateSpan:
    return months_span(year, 1, 12, Grain.YEAR)


def decade_span(year: int) -> DateSpan:
    return months_span(year - year % 10, 1, 120, Grain.DECADE)


SPAN_OF: dict[Grain, Callable[[date], DateSpan]] = {
    Grain.DAY: day_span,
    Grain.WEEK: week_of,
    Grain.MONTH: lambda day: month_span(day.year, day.month),
    Grain.QUARTER: lambda day: quarter_span(day.year, (day.month + 2) // 3),
    Grain.SEASON: lambda day: season_span(day.year - (day.month < 3), (day.month // 3 - 1) % 4 + 1),
    Grain.YEAR: lambda day: year_span(day.year),
    Grain.DECADE: lambda day: decade_span(day.year),
}

_GRAINS = {
    Unit.DAY: Grain.DAY,
    Unit.WEEK: Grain.WEEK,
    Unit.MONTH: Grain.MONTH,
    Unit.YEAR: Grain.YEAR,
    Unit.DECADE: Grain.YEAR,
}


def shift(day: date, count: int, unit: Unit) -> date:
    """The day `count` units later; the end of a shorter month stands for the days that it lacks."""
    if unit in (Unit.DAY, Unit.WEEK):
        return day + timedelta(count * (7 if unit is Unit.WEEK else 1))
    months = {Unit.MONTH: 1, Unit.YEAR: 12, Unit.DECADE: 120}[unit] * count
    target = month_span(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1)
    return target.first.replace(day=min(day.day, target.last.day))


def as_coarse(span: DateSpan, grain: Grain) -> DateSpan:
    """The span of that grain that holds all of the span, as its month of a day; the span itself where none does."""
    whole = SPAN_OF[grain](span.first)
    return whole if whole.first <= span.first and span.last <= whole.last else span


def grain_of(unit: Unit) -> Grain:
    """How finely “so many units ago” tells: “a decade ago” tells a year."""
    return _GRAINS[unit]


def neighbour(span: DateSpan, steps: int) -> DateSpan:
    """The span of the same grain so many steps on, as the month before or the next year."""
    make = SPAN_OF[span.grain]
    here = make(span.first)
    for _ in range(abs(steps)):
        here = make(here.last + timedelta(1)) if steps > 0 else make(here.first - timedelta(1))
    return here


def part_of(span: DateSpan, part: int, parts: int) -> DateSpan:
    """The part (from 0) of a span cut in two (“the first half”) or three (“early”, “mid-”, “late”).

    Years are cut by months, decades by years, others by days; a span too short to be cut stays whole.
    """
    if span.grain is Grain.YEAR and span.first.year == span.last.year:
        return months_span(span.first.year, 1 + part * 12 // parts, 12 // parts, Grain.YEAR)
    if span.grain is Grain.DECADE:
        first, last = (part * 10 + parts - 1) // parts, ((part + 1) * 10 + parts - 1) // parts
        return months_span(span.first.year + first, 1, 12 * (last - first), Grain.DECADE)
    days = (span.last - span.first).days + 1
    if days < parts:
        return span
    first_day = span.first + timedelta(days // parts * part)
    last_day = span.last if part == parts - 1 else first_day + timedelta(days // parts - 1)
    return DateSpan(first_day, last_day, span.grain)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth Monday (weekday 0) … Sunday of a month; −1 is the last."""
    if nth < 0:
        last = month_span(year, month).last
        return last - timedelta((last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (nth - 1))


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm, as in Meeus, Astronomical Algorithms)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + k - 7 * ((a + 11 * h + 22 * k) // 451) + 114, 31)
    return date(year, month, day + 1)
