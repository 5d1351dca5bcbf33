"""Rules for dates told by name: weekdays, seasons, quarters, holidays and days of a strike."""

import re
from datetime import date, timedelta

from corpus.number_words import number, ordinal
from corpus.patterns import lazy, one_of
from index.dates.lookalikes import is_season, is_weekday, previous_word
from index.dates.reading import DateReading
from index.dates.rules import (
    DIGITS,
    MONTH_DAY,
    STEPS,
    YEAR_TAIL,
    Table,
    nearest_named,
    read_year,
    short_year,
    without_year,
)
from index.dates.rules_calendar import DATED, before_stop, day_of
from index.dates.spans import (
    CALENDAR_ERRORS,
    SPAN_OF,
    DateKind,
    DateSpan,
    FoundDate,
    Grain,
    day_span,
    neighbour,
    nth_weekday,
    quarter_span,
    season_span,
    week_of,
    weekend_of,
)
from index.dates.words import (
    END,
    GAP,
    HOLIDAY_STARTS,
    HOLIDAYS,
    MONTH,
    MONTHS,
    NUMBER,
    ORDINAL,
    ORDINAL_STARTS,
    QUARTERS,
    SEASON,
    SEASON_NAMES,
    THE_YEAR,
    WEEKDAY,
    WEEKDAYS,
    WORDLIKE_WEEKDAYS,
    YEAR,
)

TABLE = Table()

_OF_WEEK = lazy(rf"{GAP}(?:of{GAP})?(last|next|this){GAP}week{END}", re.IGNORECASE)
_COMMA = lazy(rf"\.?,?{GAP}(?:the{GAP})?", re.IGNORECASE)


def _dated(end: int, weekday: int, reading: DateReading) -> FoundDate | None:
    """The date that follows a weekday, as “Monday, | Oct. 9”; the weekday helps to tell its year."""
    if comma := _COMMA().match(reading.text, end):
        for form, resolve in DATED:
            if match := form().match(reading.text, comma.end()):
                try:
                    return resolve(match, reading, weekday)
                except CALENDAR_ERRORS:
                    return FoundDate(match.end(), None, DateKind.PARTIAL)
    return None


def _beside(day: date, weekday: int, *, before: bool = False) -> DateSpan:
    """The first such weekday after the day, or the last before it; never the day itself."""
    ahead = (weekday - day.weekday() - 1) % 7 + 1
    return day_span(day + timedelta((ahead - 7 or -7) if before else ahead))


@TABLE.rule(
    WEEKDAYS, rf"(?P<weekday>{WEEKDAY}){GAP}(?P<how>after|before|following){GAP}(?P<it>it{END})?", DateKind.RELATIVE
)
def _weekday_beside(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    """“the Tuesday after Labor Day”; beside what is no day, none."""
    end, weekday = match.end("weekday"), WEEKDAYS[match["weekday"].lower()]
    if previous_word(reading, match.start()) != "the" or not is_weekday(reading, match.start(), end):
        return None
    if _is_apposed(weekday, match.start(), reading):
        return None
    other = reading.read_on(match.end())
    if match["it"] and reading.day_anchor:
        other = FoundDate(match.end(), day_span(reading.day_anchor), DateKind.RELATIVE)
    if not other or not other.when or other.when.first != other.when.last:
        return FoundDate(end, None, DateKind.RELATIVE)
    return FoundDate(
        other.end, _beside(other.when.first, weekday, before=match["how"].lower() == "before"), DateKind.RELATIVE
    )


_APPOSED = lazy(r",\s(?:an?|the|that)\s|\s\(", re.IGNORECASE)


def _is_apposed(weekday: int, start: int, reading: DateReading) -> bool:
    """Whether the weekday is told of the date before it: “May 2, a | Tuesday”, “May 2 (| Tuesday)”."""
    last = reading.last
    return (
        last is not None
        and last.first.weekday() == weekday
        and _APPOSED().fullmatch(reading.text, reading.last_end, start) is not None
    )


@TABLE.rule(WEEKDAYS, WEEKDAY, DateKind.WEEKDAY)
def _weekday(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    weekday = WEEKDAYS[match[0].lower()]
    if dated := _dated(match.end(), weekday, reading):
        return dated
    if not is_weekday(reading, match.start(), match.end()):
        return None
    end, today, last = match.end(), reading.today, reading.last
    if last and _is_apposed(weekday, match.start(), reading):
        return FoundDate(end, day_span(last.first), DateKind.WEEKDAY) if last.grain is Grain.DAY else None
    if week := _OF_WEEK().match(reading.text, end):
        if not today:
            return FoundDate(week.end(), None, DateKind.WEEKDAY)
        monday = week_of(today).first + timedelta({"last": -7, "this": 0, "next": 7}[week[1].lower()])
        return FoundDate(week.end(), day_span(monday + timedelta(weekday)), DateKind.WEEKDAY)
    return FoundDate(end, reading.weekday(weekday, match.start(), end), DateKind.WEEKDAY)


_NTHS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1, "final": -1}
_NTHS |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}


@TABLE.rule(
    (*_NTHS, DIGITS),
    rf"(?P<nth>{one_of(_NTHS)}){GAP}(?P<weekday>{WEEKDAY}){GAP}(?:of|in){GAP}"
    rf"(?:(?P<month>{MONTH}){YEAR_TAIL}|(?P<other>the|that|each|every|(?P<which>this|last|next)){GAP}month{END})?",
    DateKind.PARTIAL,
)
def _nth_weekday(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    """“the first Monday of October”; of every month or of a strike, no day."""
    weekday, nth = WEEKDAYS[match["weekday"].lower()], _NTHS[match["nth"].lower()]

    def in_month(year: int, month: int) -> DateSpan:
        day = nth_weekday(year, month, weekday, nth)
        if day.month != month:
            raise ValueError(f"{year}-{month:02} has no weekday of that number.")
        return day_span(day)

    if not match["month"] and not match["other"]:
        return FoundDate(match.end("weekday"), None, DateKind.RELATIVE) if nth > 0 else None  # “last Friday in Burbank”
    if not match["month"]:
        if not match["which"] or not reading.written:
            return FoundDate(match.end(), None, DateKind.RELATIVE)
        month = neighbour(SPAN_OF[Grain.MONTH](reading.written.first), STEPS[match["which"].lower()]).first
        return FoundDate(match.end(), in_month(month.year, month.month), DateKind.RELATIVE)
    named = MONTHS[match["month"].lower().rstrip(".")]
    if match["year"]:
        return FoundDate(match.end(), in_month(read_year(match["year"]), named), DateKind.ABSOLUTE)
    end = match.end() if match["rel"] else before_stop(match, reading)
    return FoundDate(end, without_year(match, reading, lambda year: in_month(year, named)), DateKind.PARTIAL)


_WHICH = "that same|that|same|last|next|this past|this coming|this|past|coming|following|previous|upcoming"


@TABLE.rule(
    _WHICH.replace("this past", "this").replace("that same", "that").split("|"),
    rf"({_WHICH}){GAP}({WEEKDAY})",
    DateKind.WEEKDAY,
)
def _which_weekday(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    if match[2] in WORDLIKE_WEEKDAYS and not reading.casual:
        return None
    which, weekday, today = match[1].lower(), WEEKDAYS[match[2].lower()], reading.today
    if dated := _dated(match.end(), weekday, reading):
        return dated
    anchor = reading.day_anchor
    if which in ("following", "previous"):
        if anchor is None:
            return FoundDate(match.end(), None, DateKind.RELATIVE)
        return FoundDate(match.end(), _beside(anchor, weekday, before=which == "previous"), DateKind.RELATIVE)
    if which in ("that", "that same", "same"):
        if anchor is None:
            return FoundDate(match.end(), None, DateKind.RELATIVE)
        gap = (weekday - anchor.weekday() + 3) % 7 - 3  # the nearest
        return FoundDate(match.end(), day_span(anchor + timedelta(gap)), DateKind.RELATIVE)
    if today is None:
        return FoundDate(match.end(), None, DateKind.WEEKDAY)
    if which in ("last", "past", "this past"):
        day = today - timedelta((today.weekday() - weekday - 1) % 7 + 1)
    elif which == "next":  # the one of next week: this week's is called by its bare name
        day = week_of(today).first + timedelta(7 + weekday)
    elif which == "this":
        when = reading.weekday(weekday, match.start(), match.end())
        return FoundDate(match.end(), when, DateKind.WEEKDAY)
    else:
        day = today + timedelta((weekday - today.weekday() - 1) % 7 + 1)
    return FoundDate(match.end(), day_span(day), DateKind.WEEKDAY)


@TABLE.rule(
    SEASON_NAMES,
    rf"(?P<season>{SEASON})(?:(?:,?{GAP}of)?{GAP}(?P<year>{YEAR})|{GAP}(?:of{GAP})?['’](?P<short>[0-9]{{2}})(?![0-9])"
    rf"|(?:{GAP}of)?{GAP}{THE_YEAR})?",
    DateKind.PARTIAL,
)
def _season(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    season = SEASON_NAMES[match["season"].lower()]
    if match["year"] or match["short"]:
        year = read_year(match["year"]) if match["year"] else short_year(match["short"], reading)
        return FoundDate(match.end(), season_span(year, season), DateKind.ABSOLUTE)
    if not match["rel"] and not is_season(reading, match.start(), match.end()):
        return None
    return FoundDate(
        match.end(), without_year(match, reading, lambda year: season_span(year, season)), DateKind.PARTIAL
    )


_Q = rf"(?:fiscal{GAP})?(?P<nth>{one_of(QUARTERS)})(?:[- ]|{GAP})(?:fiscal{GAP})?quarter{END}|q(?P<q>[1-4]){END}"


@TABLE.rule(
    (*QUARTERS, "fiscal", "q1", "q2", "q3", "q4", DIGITS),
    rf"(?:(?P<before>{YEAR}){GAP})?(?:{_Q})(?:,?(?:{GAP}of)?{GAP}(?P<year>{YEAR})"
    rf"|(?:{GAP}of)?{GAP}{THE_YEAR})?",
    DateKind.PARTIAL,
)
def _quarter(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    if re.match(r"\sof (?:the |a )?(?:game|match|century)", reading.text[match.end() : match.end() + 20]):
        return None
    quarter = int(match["q"]) if match["q"] else QUARTERS[match["nth"].lower()]
    if year := match["year"] or match["before"]:
        return FoundDate(match.end(), quarter_span(read_year(year), quarter), DateKind.ABSOLUTE)
    return FoundDate(
        match.end(), without_year(match, reading, lambda year: quarter_span(year, quarter)), DateKind.PARTIAL
    )


_HOLIDAY = "|".join(f"(?P<h{i}>{form})" for i, form in enumerate(HOLIDAYS))
_FILMS = "(?:movies?|films?|specials?|trees?|songs?|albums?|cards?|gifts?|carols?|parade|part(?:y|ies)|classic|dinner)"
_HOLIDAY_DAYS = tuple(HOLIDAYS.values())


@TABLE.rule(
    HOLIDAY_STARTS,
    rf"(?:{_HOLIDAY}){END}(?P<span>{GAP}(?:weekend|week){END})?"
    rf"(?:,?{GAP}(?P<year>{YEAR})|,?{GAP}(?:of{GAP})?{THE_YEAR})?(?!{GAP}{_FILMS}\b)",
    DateKind.HOLIDAY,
)
def _holiday(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    of_year = _HOLIDAY_DAYS[int(next(name for name in match.groupdict() if name[1:].isdigit() and match[name])[1:])]
    if (
        reading.text[match.start()].islower()
        and match[0].lower() in ("good friday", "may day", "easter", "black friday")
        and not reading.casual
    ):
        return None

    def in_year(year: int) -> DateSpan:
        day = of_year(year)
        if not match["span"]:
            return day_span(day)
        if match["span"].strip().lower() == "week":
            return week_of(day)
        weekend = weekend_of(day - timedelta(2))  # the one before a Tuesday, the one after a Wednesday
        return DateSpan(min(weekend.first, day), max(weekend.last, day), Grain.DAY)

    when = in_year(read_year(match["year"])) if match["year"] else without_year(match, reading, in_year)
    return FoundDate(match.end(), when, DateKind.HOLIDAY)


@TABLE.rule(
    ("last", "next", "this"), rf"(last|next|this){GAP}(?:(?:{MONTH_DAY})|(?:{_HOLIDAY}){END})", DateKind.PARTIAL
)
def _which_day(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    """“last Oct. 23”, “next Thanksgiving”."""
    if match["month"]:
        month, day = MONTHS[match["month"].lower().rstrip(".")], day_of(match["day"])
        return nearest_named(
            match.end(), reading, STEPS[match[1].lower()], lambda year: day_span(date(year, month, day))
        )
    of_year = _HOLIDAY_DAYS[int(next(name for name in match.groupdict() if name[1:].isdigit() and match[name])[1:])]
    return nearest_named(match.end(), reading, STEPS[match[1].lower()], lambda year: day_span(of_year(year)))


_STOPPAGE = r"(?:strikes?|walkout|work stoppage|stoppage|picket(?:ing| lines?)?)"
_WORDS = rf"{GAP}(?:[^\W_][\w&.'’/-]*{GAP}){{0,5}}?"  # “the writers’ ongoing”
_OF_STRIKE = rf"(?:{GAP}(?:of|on|in|for){_WORDS}{_STOPPAGE}{END})"


@TABLE.rule(
    (DIGITS, *ORDINAL_STARTS, "day"),
    rf"(?:(?P<nth>{ORDINAL})(?:-|{GAP})(?:(?:straight|consecutive|full){GAP})?day|day{GAP}(?P<n>{NUMBER})){END}(?P<of>{_OF_STRIKE})?|(?P<into>{NUMBER}){GAP}days{GAP}into{_WORDS}{_STOPPAGE}{END}",
    DateKind.STRIKE_DAY,
)
def _nth_day(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    if match["into"]:
        return _strike_day(match.end(), reading, match[0], number(match["into"]))
    if match["of"] is None and not reading.strike_is_meant(match.start(), match.end()):
        return None
    if match["n"] and match["n"].lower() in ("a", "an"):
        return None
    count = ordinal(match["nth"]) if match["nth"] else number(match["n"])
    return _strike_day(match.end(), reading, match[0], count)


def _strike_day(end: int, reading: DateReading, words: str, count: float | None) -> FoundDate:
    """The day that a count gives, of the strikes that are meant and still went on; the first day is day 1.

    Of several it is the one nearest to the day of writing; without one, or with two as near, no day. Where neither side
    nor year is named it lies about the day of writing, or it is of a strike that isn't known.
    """
    if not count or count != int(count):
        return FoundDate(end, None, DateKind.STRIKE_DAY)
    strikes, named = reading.strikes_meant(words, end)
    days, written = {day for strike in strikes if (day := strike.day(int(count)))}, reading.written
    named = named or reading.backward
    if written and (len(days) > 1 or not named):
        behind = {day: (written.last - day).days for day in days}
        near = {abs(behind[day]): day for day in days if behind[day] >= -31 and (named or behind[day] <= 31)}
        days = {near[min(near)]} if near else set()
    return FoundDate(end, day_span(days.pop()) if len(days) == 1 else None, DateKind.STRIKE_DAY)
