"""What the known strikes tell of time: which day “day 136 of the writers' strike” is, and the time of an undated text.

The strikes themselves are `corpus.strikes`', whose they are is told by `corpus.strike_sides`, and reading “the 136th day
of the strike” in a text is `dates`'.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.day_words import DATE, DATE_FORM, MONTH_START, day_of
from corpus.patterns import lazy
from corpus.strike_sides import side_of
from corpus.strikes import STRIKES
from index.dates import Unit, find_dates, find_durations
from index.dates.spans import DateKind, DateSpan, Grain
from index.dates.tense import sentence_start
from index.named_years import years_in
from index.records import Citation, Span

# Days by which an article on a strike's beginning can be dated before it: pages that foretold it, rewritten in their place.
SOON = 60
_NUMBER = lazy(r"\d+")
_MONTH = rf"\b{MONTH_START}"
_DAY_OF_MONTH = lazy(rf"\d.*{_MONTH}|{_MONTH}.*\d|\d[/.-]\d", re.IGNORECASE)  # not “the 76th”
# Before and after a counted day that is itself what is asked for: “so what day was | the 20th day of the strike | in 2023?”
_ASKED_FOR = lazy(
    r".{0,20}?\b(?:when|what|which|whats|date)(?:['’]?s)?\b(?:\W+(?:exact|calendar|day|date|was|is|were|on|of|the))*\W*",
    re.IGNORECASE,
)
_DONE = lazy(r"\W*(?:(?:fall|on|in|again|exactly|(?:19|20)\d\d)\W*)*", re.IGNORECASE)
# “in 20233”, “the year 12023”; but not “in 20000 homes”
_FAR_YEAR = lazy(r"(?<=\bin\s)\d{5,}\b(?!\s*[a-z%])|\byear\s\d{5,}\b", re.IGNORECASE)
_SINCE = lazy(rf"\b(?:have|has|['’]ve) been (?:out )?(?:on strike|striking|on the picket lines?) since {DATE_FORM}")


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A day that a question counts, and the day that it is, where the strike is known.

    `only` where no other day can be meant: it is what is asked for (“when was day 20”), or no strike had it (“the 0th day”).
    """

    count: str
    when: DateSpan | None
    only: bool


def counted_day(question: str, asked_at: date) -> CountedDay | None:
    """The strike day that the question counts (“day 136 of the writers strike”), or None."""
    for one in find_dates(question, written=asked_at):
        if one.kind is DateKind.STRIKE_DAY and (number := _NUMBER().search(one.words)):
            known = one.when if side_of(question) and one.when and is_strike_day(one.when) else None
            asked = _ASKED_FOR().fullmatch(question[: one.span.start]) and _DONE().fullmatch(question[one.span.end :])
            none_had_it = one.when is None and side_of(question) and not years_in(question)
            return CountedDay(number[0], known, only=bool(asked or none_had_it or not int(number[0])))
    return None


def unreal_day(question: str, asked_at: date) -> str:
    """The words of a question for a day or year that no calendar has, as “31 September” and “the year 12023”, or “”."""
    far = _FAR_YEAR().search(question)
    days = (
        one.words
        for one in find_dates(question, written=asked_at)
        if one.when is None and one.kind in (DateKind.PARTIAL, DateKind.ABSOLUTE) and _DAY_OF_MONTH().search(one.words)
    )
    return far[0] if far else next(days, "")


def is_strike_day(when: DateSpan) -> bool:
    return any(strike.first <= when.first <= strike.last for strike in STRIKES)


def time_of(text: str) -> DateSpan | None:
    """When an undated text was written, as far as it says itself: “who have been on strike since July 14” is of 2023.

    The days of the one strike that began on that day, where the names beside it tell whose; None where none or several did.
    """
    for match in _SINCE().finditer(text):
        told = DATE().search(match[0])
        side = side_of(text[sentence_start(text, match.start()) : match.end()])
        strikes = [one for one in STRIKES if told and one.side == side and day_of(told, one.first.year) == one.first]
        if len(strikes) == 1:
            return DateSpan(strikes[0].first, strikes[0].last, Grain.YEAR)
    return None


def first_day(sentence: str, published: date, weekday: int) -> date | None:
    """The first day of the strike that a sentence tells as begun, where its article's date is wrong and lies before it.

    “On Tuesday the writers went on strike”, under a date of April 2023, is of 2 May 2023, a Tuesday. None where no known
    strike of theirs began on such a weekday within `SOON` days.
    """
    side = side_of(sentence)
    days = [
        one.first for one in STRIKES if one.side == side and timedelta(0) < one.first - published <= timedelta(SOON)
    ]
    return days[0] if len(days) == 1 and days[0].weekday() == weekday else None


def counts_in(counted: CountedDay, text: str) -> list[Span]:
    """Where a text counts that day, as “the 103rd day of the strike” or “103 days”."""
    found = [
        one.span
        for one in find_dates(text, written=None)
        if one.kind is DateKind.STRIKE_DAY and counted.count in _NUMBER().findall(one.words)
    ]
    return found + [
        one.span for one in find_durations(text) if one.unit is Unit.DAY and one.count == float(counted.count)
    ]


def find_count(counted: CountedDay, citation: Citation) -> tuple[Span, str] | None:
    """Where a citation counts that day, in offsets of the article, with its words; the highlighted sentence goes first."""
    found = counts_in(counted, citation.text)
    if not found:
        return None
    start = citation.span.start
    best = citation.highlights[0] if citation.highlights else citation.span
    span = min(found, key=lambda one: (not best.start <= one.start + start < best.end, one))
    return Span(span.start + start, span.end + start), span.of(citation.text)
