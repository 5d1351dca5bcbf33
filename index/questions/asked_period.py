"""Reads the time a question asks about as days to favour: “in september”, “before the strike”, “last summer”.

`dates.periods` finds the words and their calendar days; here they become one period for the search, which a person is told.
A period favours articles of its days and hides none: what happened in it is also told later, and undated articles may be
of it. Only what a person chose apart from the words (since, until) hides.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from corpus.patterns import lazy
from corpus.strike_sides import OTHERS, sides_in
from corpus.strikes import STRIKES
from index.dates import Grain, Period, Relation, read_period
from index.named_years import years_in
from index.records import ReadPeriod
from index.unions import unions_in

# How many articles that may be seen are of these days, both included.
Counted = Callable[[date, date], int]

# News tells of a period for a while after it: a third of its length, within these days. Judged.
_LEAST_AFTER, _MOST_AFTER = 3, 45
# An undated article may be of any time. Judged: between those of the period and all others.
UNDATED = 0.5
# Days: a question that names no time may look back on its week and the day before it; time zones reach a day ahead.
_WEEK, _TOMORROW = 8, 1
# Days. What happens again and again is asked about as it happened last: a year of news is of one dispute, and a union's
# contract runs out twice in seven. Judged.
_SAME_TIME, _HALF_AGE = 365, 7 * 365
# How far a month without a year is looked for in the past: a corpus older than that is asked with years.
_YEARS_BACK = 60
_OLDEST = date(1, 1, 1)

_STRIKE_TIME = lazy(
    r"\b(?P<relation>before|prior to|ahead of|leading up to|until|till|during|throughout|amid|in the middle of|after|"
    r"following|since)\s+(?:(?:the|that|this|their|last)\s+)*(?P<whose>(?:[\w&'’/-]+\s+){0,4}?)"
    r"(?P<strike>strikes?|walkout|stoppage)\b(?:\s+(?:of|in)\s+(?P<year>(?:18|19|20)\d\d)\b)?"
    r"(?:\s+(?:(?:had|was|were|has|is)\s+)*"
    r"(?P<point>beg[au]n|start(?:ed|s)?|called|end(?:ed|s)?|over|finished|settled|stopped))?",
    re.IGNORECASE,
)
_COMPARED = lazy(r"\b(?:than|as)(?: (?:in|of|it was|they were))?\s$", re.IGNORECASE)  # “how much worse than last year”
# “Why was it moved to January”, “pushed back until May”.
_MOVED = lazy(
    r"\b(?:mov|push|postpon|delay|extend|reschedul|bump|shift)\w*\s+(?:back\s+|out\s+)?(?:to\s+)?$", re.IGNORECASE
)
_COUNTED_FROM = lazy(r"\b(?:days?|nights?|weeks?|months?|years?|hours?|hour|ever|not|long)\s$", re.IGNORECASE)
_NO_OWNER = lazy(
    r"\b(?:and|or|did|do|does|was|were|is|are|had|has|have|the|on|to|in|of|for|they|he|she|it)\b", re.IGNORECASE
)
_STRIKE_DAY = lazy(r"\bday\b.*\b(?:strike|walkout|stoppage)\b|\bday\s\d", re.IGNORECASE)
_HAS_YEAR = lazy(r"\b\d{4}\b|['’]\d\d\b|\b\d\d[-/–]\d\d\b|\d[-/.]\d+[-/.]\d")
_RELATIVE = lazy(
    r"\b(?:last|past|previous|this|next|coming|current|recent\w*|ago|yesterday|today|tonight|tomorrow|now|since then|earlier|"
    r"later|week|weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
_BEHIND = lazy(r"\b(?:did|didn['’]?t|was|were|had|has|have|when['’]?d|who['’]?d)\b", re.IGNORECASE)
_AHEAD = lazy(r"\b(?:will|won['’]?t|going to|gonna|upcoming|shall)\b", re.IGNORECASE)
_MONTH_OR_SEASON = lazy(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|spring|summer|fall|autumn|winter)", re.IGNORECASE
)


def local_day(asked_at: datetime, timezone: str) -> date:
    """The day on which a person asked, where they are; in UTC where nobody knows the time zone."""
    if asked_at.tzinfo is None:
        return asked_at.date()
    try:
        return asked_at.astimezone(ZoneInfo(timezone)).date()
    except (KeyError, ValueError, OSError, OverflowError):
        return asked_at.date()


def period_of(question: str, *, asked: date, counted: Counted) -> ReadPeriod | None:
    """The period that a question's words ask about, or None. Never raises.

    Words without a year mean the latest such days of which there are articles: in a corpus of 2023 “in august” is not
    last August. A year that names a thing (“the 2007 strike”) is no period: it is told of at any time.
    """
    about_strike = _strike_time(question, asked, counted)
    if about_strike:
        return about_strike
    periods = [one for one in read_period(question, asked=asked) if _asks_about(one, question)]
    if not periods:
        return None
    behind = bool(_BEHIND().search(question)) and not _AHEAD().search(question)
    spans = [_days(one, asked, counted, behind) for one in periods]
    words = (
        question[periods[0].span.start : periods[-1].span.end] if _adjoining(periods, question) else periods[0].words
    )
    if words == periods[0].words:
        spans = spans[:1]
    return ReadPeriod(words, *_together(spans))


def period_fit(when: ReadPeriod | None, published: date | None) -> float:
    """How well an article's date fits what a question asks about: 1 in the period or a while after it, 0 outside.

    Undated articles are between; without a period every article fits alike, and is 0.
    """
    if when is None:
        return 0.0
    if published is None:
        return UNDATED
    first, last = favoured_days(when)
    return 1.0 if first <= published <= last else 0.0


def age_fit(published: date | None, newest: date) -> float:
    """How long before the newest article another was published: 0 within a year and where undated, 1 very long before."""
    age = (newest - published).days - _SAME_TIME if published else 0
    return 1.0 - 0.5 ** (age / _HALF_AGE) if age > 0 else 0.0


def favoured_days(when: ReadPeriod) -> tuple[date, date]:
    """The days, both included, on which articles tell of the period: its own, and a while after."""
    first, last = when.first or _OLDEST, when.last or date.max
    if when.last is None:
        return first, last
    length = (last - first).days + 1 if when.first else _MOST_AFTER
    after = min(max(length // 3, _LEAST_AFTER), _MOST_AFTER)
    return first, last + timedelta(min(after, (date.max - last).days))


def news_of(day: date) -> ReadPeriod:
    """The period whose articles, as `favoured_days` has them, were news on a day: of the week before it."""
    first = max(day.toordinal() - _WEEK, 1)
    last = min(day.toordinal() + _TOMORROW, date.max.toordinal()) - _LEAST_AFTER
    return ReadPeriod("", date.fromordinal(first), date.fromordinal(max(last, first)))


def told(when: ReadPeriod) -> str:
    """“in september” is read as September 2023."""
    first, last = when.first, when.last
    if first is None or last is None:
        days = f"from {_day(first)} on" if first else f"until {_day(last)}" if last else "any time"
    elif first == last:
        days = _day(first)
    elif (first.day, first.month, last.day, last.month) == (1, 1, 31, 12):
        days = f"{first.year}" if first.year == last.year else f"{first.year} to {last.year}"
    elif (first.year, first.month) == (last.year, last.month):
        whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
        days = f"{first:%B} {first.year}" if whole else f"{first.day} to {_day(last)}"
    else:
        days = f"{_day(first)} to {_day(last)}"
    return f"“{when.words}” is read as {days}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _asks_about(period: Period, question: str) -> bool:
    """Whether the words say when, and not which strike or which day of it, what is compared with, or where something moved to."""
    before = question[: period.span.start]
    if _STRIKE_DAY().search(period.words) or _COMPARED().search(before):
        return False
    if _MOVED().search(before) and (before.endswith("to ") or period.relation is Relation.UNTIL):
        return False
    return period.relation is not Relation.OF or period.when.grain not in (Grain.YEAR, Grain.DECADE)


def _days(period: Period, asked: date, counted: Counted, behind: bool) -> tuple[date | None, date | None]:
    first, last = _with_articles(period, asked, counted, behind)
    one_day = timedelta(1)
    match period.relation:
        case Relation.BEFORE:
            return None, first - one_day if first > _OLDEST else first
        case Relation.UNTIL:
            return None, last
        case Relation.AFTER:
            return (last + one_day if last < date.max else last), None
        case Relation.SINCE:
            return first, None
        case _:
            return first, last


def _with_articles(period: Period, asked: date, counted: Counted, behind: bool) -> tuple[date, date]:
    """The period's days, or those of the latest earlier year of which there are articles, where the words name no year.

    `behind` where the question asks for what has been: “when did they resume talks in october” is no October to come.
    """
    first, last = period.when.first, period.when.last
    words = period.words
    ahead = first > asked
    if _HAS_YEAR().search(words) or _RELATIVE().search(words) or not _MONTH_OR_SEASON().search(words):
        return first, last
    if ahead and not behind:
        return first, last
    begun: tuple[date, date] | None = None
    for back in range(int(ahead), _YEARS_BACK):
        try:
            days = first.replace(year=first.year - back), last.replace(year=last.year - back)
        except ValueError:  # 29 February, or before the year 1
            continue
        begun = begun or days
        if counted(*days):
            return days
    return begun or (first, last)


def _adjoining(periods: Sequence[Period], question: str) -> bool:
    """Whether several periods are one: “since june and before october”, “in may or june”."""
    between = (question[one.span.end : other.span.start].strip(" ,") for one, other in pairwise(periods))
    return len(periods) > 1 and all(words.lower() in ("", "and", "or", "but", "to") for words in between)


def _together(spans: Sequence[tuple[date | None, date | None]]) -> tuple[date | None, date | None]:
    """What all spans have in common where there is such a time (“since june, before october”), else all from end to end."""
    firsts, lasts = [first for first, _ in spans if first], [last for _, last in spans if last]
    first, last = max(firsts, default=None), min(lasts, default=None)
    if first is None or last is None or first <= last:
        return first, last
    return (min(firsts), max(lasts)) if min(firsts) <= max(lasts) else spans[0]


def _strike_time(question: str, asked: date, counted: Counted) -> ReadPeriod | None:
    """“Before the strike”, “since the actors' strike ended”, “during the walkout”: days about a strike that is known."""
    for match in _STRIKE_TIME().finditer(question):
        if _COUNTED_FROM().search(question[: match.start()]) or _NO_OWNER().search(match["whose"]):
            continue
        meant = _strike_meant(match[0], question, asked, counted)
        if meant is None:
            return None
        first, last = meant
        day = timedelta(1)
        ended = (match["point"] or "").lower().startswith(("end", "over", "finish", "settl", "stop"))
        begun = bool(match["point"]) and not ended
        relation = match["relation"].lower()
        days: tuple[date | None, date | None]
        if relation in ("during", "throughout", "amid", "in the middle of"):
            days = first, last
        elif relation in ("after", "following", "since"):
            # “Since the strike” counts from its beginning, “after the strike” from its end.
            days = (first if begun or (relation == "since" and not ended) else last + day), None
        else:
            days = None, (last if ended else first - day)
        return ReadPeriod(match[0], *days)
    return None


def _strike_meant(whose: str, question: str, asked: date, counted: Counted) -> tuple[date, date] | None:
    """The days of the strike that is meant, or None where its side had none.

    Named by its side and its year; else the one under way on the day of asking; else the one, or those at one time, that
    most articles are of, the latest of equals.
    """
    begun = [strike for strike in STRIKES if strike.first <= asked]
    named = _sides(whose) or _sides(question)
    if named:
        begun = [strike for strike in begun if strike.side in named]
    years = years_in(whose) or years_in(question)
    if years:
        begun = [one for one in begun if any(one.first.year <= year <= one.last.year for year in years)]
    if not begun:
        return None
    waves: list[tuple[date, date]] = []
    for one in sorted(begun, key=lambda strike: strike.first):
        if waves and one.first <= waves[-1][1]:
            waves[-1] = waves[-1][0], max(waves[-1][1], one.last)
        else:
            waves.append((one.first, one.last))
    now = [wave for wave in waves if wave[0] <= asked <= wave[1]]
    return now[-1] if now else max(waves, key=lambda wave: (counted(*wave), wave[0]))


def _sides(words: str) -> set[str]:
    """The sides of `strikes` that the words name; else “others” where they name another union."""
    return sides_in(words) - {OTHERS} or {OTHERS for _ in unions_in(words)}
