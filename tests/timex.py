"""Reads dates as marked-up texts hold them: at places that are given, as TIMEX3 values, to measure the reading by.

Finding dates in a text, and what their words mean, is left to `dates.finding`.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from corpus.patterns import lazy
from index.dates.finding import reading_of, scan
from index.dates.spans import DateExpression, DateKind, DateSpan, Grain
from index.records import Span

# Words that tell no date, nearer or farther, or how often, by their TIMEX3 value.
_VAGUE = {
    "P1D": ("daily",),
    "P1W": ("weekly",),
    "P1M": ("monthly",),
    "P1Y": ("annually", "yearly"),
    "PRESENT_REF": ("now", "current", "currently", "at present", "presently", "present", "these days", "nowadays"),
    "PAST_REF": ("recently", "recent", "previously", "formerly", "the past", "past", "earlier", "once", "lately"),
    "FUTURE_REF": ("future", "the future", "soon", "later", "in the future", "the near future", "near future"),
}
_VAGUE_VALUES = {word: value for value, words in _VAGUE.items() for word in words}
# “a great day”, “in the quarter”: the one named last
_BARE_UNIT = lazy(r"(?:the )?(day|week|month|quarter|year)\W*")
_CLOCK = lazy(r"\b([0-9]{1,2})(?::([0-9]{2}))?\s?([ap])\.?m\b")


def dates_at(text: str, places: Sequence[Span], *, written: DateSpan | date | None) -> list[DateExpression]:
    """The expressions at places that are known to hold one, in their order.

    A place that is a part of a longer expression has its days (“March” of “early March”).
    """
    reading = reading_of(text, written)
    reading.sure = frozenset(place.start for place in places)
    found = scan(reading, None)
    return [_at(place, found, text) for place in places]


def _at(place: Span, found: list[DateExpression], text: str) -> DateExpression:
    words = place.of(text)
    overlapping = [
        (min(place.end, one.span.end) - max(place.start, one.span.start), one)
        for one in found
        if one.span.start < place.end and place.start < one.span.end and one.kind is not DateKind.DURATION
    ]
    if overlapping:
        _, best = max(overlapping, key=lambda pair: pair[0])
        return DateExpression(place, words, best.when, best.kind)
    unit = _BARE_UNIT().fullmatch(words.lower())
    if unit is None:
        return DateExpression(place, words, None, DateKind.VAGUE)
    grain = Grain(unit[1])
    named = [one for one in found if one.span.end <= place.start and one.when and one.when.grain is grain]
    return DateExpression(place, words, named[-1].when if named else None, DateKind.RELATIVE)


def timex_value(expression: DateExpression) -> str:
    """The TIMEX3 value (ISO-TimeML) of an expression, as 1998-04-12, 1998-W15, 1998-SU, 199X or PAST_REF; else “”."""
    words = expression.words.lower().strip(" .")
    if expression.kind is DateKind.VAGUE:
        return _VAGUE_VALUES.get(words, "")
    when = expression.when
    if when is None:
        return "PAST_REF" if words.endswith(" ago") else ""
    first = when.first
    if when.grain is Grain.DAY:
        if when.last - first == timedelta(1) and "weekend" in words:
            return f"{_iso_week(first)}-WE"
        return first.isoformat() + _clock(words)
    if when.grain is Grain.WEEK:
        return _iso_week(first)
    if when.grain is Grain.SEASON:
        return f"{first.year:04}-{('SP', 'SU', 'FA', 'WI')[first.month // 3 - 1]}"
    if when.grain is Grain.QUARTER:
        return f"{first.year:04}-Q{(first.month + 2) // 3}"
    if when.grain is Grain.DECADE:
        return f"{first.year // 10:03}X"
    return first.isoformat()[: {Grain.MONTH: 7, Grain.YEAR: 4}[when.grain]]


def _clock(words: str) -> str:
    match = _CLOCK().search(words)
    return f"T{int(match[1]) % 12 + 12 * (match[3] == 'p'):02}:{match[2] or '00'}" if match else ""


def _iso_week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"
