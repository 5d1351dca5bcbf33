"""Finds words that tell how long something took: “148 days”, “a 118-day strike”, “nearly five months”.

Ages, rates (“$450 a day”) and what only points to a date (“two weeks ago”) are left out. When it happened is left to
`dates.finding`.
"""

import re

from corpus.number_words import number
from corpus.patterns import lazy
from index.dates.spans import Duration, Unit
from index.dates.words import ABOUT, END, GAP, NUMBER
from index.records import Span

_DURATION = lazy(
    rf"(?<![^\W_])(?<![$€£.,/:-])(?P<about>{ABOUT}{GAP})?(?P<range>{NUMBER}(?:{GAP}(?:to|or){GAP}|[-–]))?"
    rf"(?P<count>{NUMBER}|several|(?:a{GAP})?few|many){END}(?P<dash>-|{GAP})"
    rf"(?:(?:more|full|whole|straight|consecutive|long|entire|gruelling|grueling){GAP})?"
    rf"(?P<unit>minute|hour|day|week|month|year|decade)s?{END}(?P<half>{GAP}and{GAP}a{GAP}half{END})?"
    rf"(?P<long>-long{END})?(?P<so>{GAP}or{GAP}so{END})?",
    re.IGNORECASE,
)
_POINTS = lazy(
    r"(?:[-\s]olds?\b|\sof\sage\b|\s(?:ago|later|earlier|hence|from\s(?:now|today)|prior\sto|in\sadvance)\b)",
    re.IGNORECASE,
)
_RATE = lazy(
    r"(?:[0-9]|million|billion|thousand|times|once|twice|percent|%|dollars?|pay|hours|days)\s*$", re.IGNORECASE
)
_LENGTH_BEFORE = lazy(
    r"\b(?:for|in|within|over|than|about|nearly|almost|lasted|lasts?|took|takes?|least|most|after|entire|whole|roughly|"
    r"around|spent|through|only|just|by)\s*$",
    re.IGNORECASE,
)


def find_durations(text: str) -> list[Duration]:
    """Every length of time in the text, in order; never raises. `count` may be a fraction (“5 1/2 hours”).

    The words hold what makes the length approximate (“nearly five months”); of “three to four weeks” the count is 4.
    """
    found = []
    for match in _DURATION().finditer(text):
        count = match["count"].lower()
        if _POINTS().match(text, match.end()):
            continue
        bare = count in ("a", "an") or (count == "one" and match["dash"] != "-")
        before = text[max(0, match.start() - 16) : match.start()]
        if (
            bare
            and not match["about"]
            and (_RATE().search(before) or not _LENGTH_BEFORE().search(before))
            and not (match["half"] or match["long"])
        ):
            continue
        value = number(count)
        if match["half"] and value is not None:
            value += 0.5
        about = bool(match["about"] or match["range"] or match["so"] or value is None)
        span = Span(match.start(), match.end())
        found.append(Duration(span, span.of(text), value, Unit(match["unit"].lower()), about))
    return found
