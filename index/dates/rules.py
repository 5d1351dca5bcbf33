"""What the rules of the date grammar share: the shape of a rule, the tables they are kept in, and years for the yearless.

A rule is a pattern, the words it can begin with, and a resolver, which says what the matched words mean. It returns
None to refuse a look-alike, and a `FoundDate` without days where the words tell a date that can't be known. The rules
stand in `dates.rules_calendar`, `dates.rules_named` and `dates.rules_relative`; which places are tried is left to
`dates.finding`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from corpus.patterns import lazy
from index.dates.reading import DateReading, fitting_year
from index.dates.spans import CALENDAR_ERRORS, DateKind, DateSpan, FoundDate, Grain
from index.dates.words import DAY, GAP, MONTH, THE_YEAR, YEAR

Resolver = Callable[[re.Match[str], DateReading], FoundDate | None]
DIGITS = "0"  # stands for every word that begins with a digit


class Rule(NamedTuple):
    starts: tuple[str, ...]
    pattern: Callable[[], re.Pattern[str]]
    resolve: Resolver
    kind: DateKind


class Table:
    """The rules of one module, in the order in which they are tried: longer forms first."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def rule(self, starts: Iterable[str], pattern: str, kind: DateKind) -> Callable[[Resolver], Resolver]:
        """Enters the decorated resolver; `kind` is what the words are where the calendar has no such day."""

        def keep(resolve: Resolver) -> Resolver:
            self.rules.append(Rule(tuple(starts), lazy(pattern, re.IGNORECASE), resolve, kind))
            return resolve

        return keep


class Grammar:
    """All rules by the word they can begin with."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._by_start: dict[str, tuple[Rule, ...]] = {}
        for each in (rule for table in tables for rule in table.rules):
            for start in dict.fromkeys(each.starts):
                self._by_start[start] = (*self._by_start.get(start, ()), each)

    def rules_for(self, word: str) -> tuple[Rule, ...]:
        """The rules that can begin with the lower-case word, in order; nearly always none."""
        return self._by_start.get(DIGITS if word[0] in "0123456789" else word, ())

    def read(self, reading: DateReading, place: int, word: str) -> FoundDate | None:
        """The expression that begins with the lower-case word at `place`, if one does; never raises."""
        for rule in self.rules_for(word):
            match = rule.pattern().match(reading.text, place)
            if match is None:
                continue
            try:
                found = rule.resolve(match, reading)
            except CALENDAR_ERRORS:  # 31 September, the year 12000
                found = FoundDate(match.end(), None, rule.kind)
            if found is not None:
                return found
        return None


# --- years for dates that name none ---

YEAR_TAIL = rf"(?:,?{GAP}(?P<year>{YEAR})(?!{GAP}(?:people|members|workers|votes)\b)|,?{GAP}(?:of{GAP})?{THE_YEAR})?"
MONTH_DAY = (
    rf"(?P<month>{MONTH})(?:{GAP}|(?<=\.))(?:the{GAP})?(?P<day>{DAY})"
    rf"(?!{GAP}(?:miles?|blocks|percent|people|kilomet\w+|km|writers|years?)\b|%|-day)"
)
DAY_MONTH = rf"(?P<day>{DAY})(?:{GAP}of)?{GAP}(?P<month>{MONTH})"
# How many units on from the day of writing, or from the date named before.
STEPS = dict.fromkeys(("this", "current", "same", "that", "latest"), 0)
STEPS |= dict.fromkeys(("last", "past", "previous", "prior", "preceding"), -1)
STEPS |= dict.fromkeys(("next", "coming", "upcoming", "following"), 1)


def read_year(words: str) -> int:
    year = int(words)
    if year < 1000:
        raise ValueError(f"The year {year} is not read.")
    return year


def short_year(words: str, reading: DateReading) -> int:
    """“'07” as POSIX reads it, but none far after the day of writing: “'46” is 1946."""
    year = int(words) + (2000 if int(words) < 69 else 1900)
    return year - 100 if reading.written and year > reading.written.first.year + 10 else year


def without_year(
    match: re.Match[str], reading: DateReading, in_year: Callable[[int], DateSpan], weekday: int | None = None
) -> DateSpan | None:
    """A date without its year: “of last year”, or the year that the article's day, the tense and the text tell."""
    if match["rel"]:
        year = _years_on(match["rel"], reading)
        return in_year(year) if year else None
    return fitting_year(reading, match.start(), match.end(), in_year, weekday)


def _years_on(word: str, reading: DateReading) -> int | None:
    word = " ".join(word.lower().split())
    if word in ("that", "the same", "the following"):
        return reading.anchor.first.year + (word == "the following") if reading.anchor else None
    return reading.written.first.year + {"this": 0, "last": -1, "next": 1}[word] if reading.written else None


_ORDER = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.SEASON, Grain.YEAR, Grain.DECADE)


def coarser(one: Grain, other: Grain) -> bool:
    return _ORDER.index(one) > _ORDER.index(other)


def nearest_named(
    end: int, reading: DateReading, step: int, in_year: Callable[[int], DateSpan], *, anchor: DateSpan | None = None
) -> FoundDate:
    """“last October” is the latest that ended before today, “next” the first after, “this” the one of this year.

    Seen from the anchor where there is one: “in 1992 … the following spring”.
    """
    written = anchor or reading.written
    if not written:
        return FoundDate(end, None, DateKind.RELATIVE)
    spans = [in_year(written.first.year + years) for years in (-1, 0, 1)]
    if step < 0:
        when = next((span for span in reversed(spans) if span.last < written.first), in_year(written.first.year - 2))
    elif step > 0:
        when = next((span for span in spans if span.first > written.last), in_year(written.first.year + 2))
    else:
        when = spans[1]
        if written.last < when.first and (when.first - written.last).days > 270:  # “this winter”, in January
            when = spans[0]
    return FoundDate(end, when, DateKind.RELATIVE)
