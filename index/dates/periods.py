"""Reads the periods that a question names: “in september”, “since June”, “last summer”, seen from the day of asking.

A period without a year lies behind, unless the question says “will” or “next”. “Before the strike” names no date and
is left to whoever knows the strikes; so is what a period does to the search.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from corpus.patterns import lazy
from index.dates.finding import merged, reading_of, scan
from index.dates.spans import DateKind, DateSpan
from index.records import Span


class Relation(StrEnum):
    """How a question's words place what is asked for: `OF` only names it (“the 2007 strike”)."""

    IN = "in"
    BEFORE = "before"
    AFTER = "after"
    SINCE = "since"
    UNTIL = "until"
    OF = "of"


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a question; `words`, at `span`, hold the preposition that tells the relation: “since June”."""

    when: DateSpan
    span: Span
    words: str
    relation: Relation


_BEFORE = lazy(
    r"\b(?P<word>in|during|on|over|throughout|within|around|at|for|from|between|before|prior to|by|until|till|up to|"
    r"through|after|following|since|as of|starting)\s+(?:the\s+|about\s+|around\s+)?$",
    re.IGNORECASE,
)
_RELATIONS = {
    "before": Relation.BEFORE,
    "prior to": Relation.BEFORE,
    "by": Relation.UNTIL,
    "until": Relation.UNTIL,
    "till": Relation.UNTIL,
    "up to": Relation.UNTIL,
    "through": Relation.UNTIL,
    "after": Relation.AFTER,
    "following": Relation.AFTER,
    "since": Relation.SINCE,
    "starting": Relation.SINCE,
}
_ONWARDS = lazy(r"\son(?:wards?)?\b", re.IGNORECASE)
# “After the October meeting” can be in October.
_OF_A_THING = {Relation.AFTER: Relation.SINCE, Relation.BEFORE: Relation.UNTIL}
_NAMES_A_THING = lazy(r"['’]s?\s|\s[A-Za-z]")
_NEXT_CLAUSE = lazy(
    r"\s(?:in|on|at|and|or|to|for|with|when|did|was|were|is|are|by|between|about|after|before)\b", re.IGNORECASE
)


def read_period(question: str, *, asked: date) -> list[Period]:
    """The periods that the question names, in order; those that no calendar has (“31 september”) are left out.

    “In 2019” is the whole year, “in september” the latest September that has begun on the day of asking. Never raises.
    """
    reading = reading_of(question, asked, backward=True)
    periods = []
    for one in merged(scan(reading, None), reading):
        if one.when is None or one.kind is DateKind.DURATION:
            continue
        lead = _BEFORE().search(question, max(0, one.span.start - 24), one.span.start)
        start = lead.start() if lead else one.span.start
        after = question[one.span.end : one.span.end + 12]
        thing = _NAMES_A_THING().match(after) and not _NEXT_CLAUSE().match(after)
        if lead:
            relation = _RELATIONS.get(lead["word"].lower(), Relation.IN)
            if thing and lead[0].lower().rstrip().endswith(" the"):
                relation = _OF_A_THING.get(relation, relation)
            if lead["word"].lower() == "from" and _ONWARDS().match(question, one.span.end):
                relation = Relation.SINCE
        elif one.kind in (DateKind.RELATIVE, DateKind.PERIOD, DateKind.WEEKDAY):
            relation = Relation.IN
        else:
            relation = Relation.OF if thing else Relation.IN
        span = Span(start, one.span.end)
        periods.append(Period(one.when, span, span.of(question), relation))
    return periods
