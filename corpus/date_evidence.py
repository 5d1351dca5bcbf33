"""What the readers of evidence share: the sentences they read, the findings they give, and how far a kind can be off.

The readers of each kind are `bylines`, `weekday_dates` and `strike_days`; weighing what they find is left to `dating`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corpus.abbreviations import ABBREVIATIONS
from corpus.number_words import CARDINALS
from corpus.patterns import lazy

LEAD = 700  # code points: about the first three sentences of a news text
# Articles on the web are not older; the years that are read end there.
EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
MAX_SENTENCE = 1_000  # code points; what goes on longer is no sentence, and slow to search
MAX_MENTIONS = 50  # pairs and counts that are weighed; an article with more is a list or an attack
MAX_WORDS = 120  # of evidence, in code points: one line of a preview

# Kinds in order of trust, with the days before and after its own day on which an article that holds such
# evidence can have come out: addresses are stamped in other time zones, datelines are written before printing,
# strike days are counted from 0 by some, and a weekday beside a date tells the news of the last six days.
TOLERANCE = {
    "meta data": (0, 0),
    "feed": (0, 0),  # what the feed says that named the page, which says nothing itself
    "by-line": (1, 1),
    "dateline": (0, 2),
    "url": (1, 1),
    "strike day": (1, 1),
    "weekday and date": (0, 6),
}
KINDS = tuple(TOLERANCE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a day: its kind (a key of TOLERANCE), the day, and the words that say so."""

    kind: str
    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Evidence with the first and last day on which an article that holds it can have come out."""

    evidence: Evidence
    first: date
    last: date
    alone: bool = True  # whether it may date an article, or only check other evidence


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the text that is read, and where in it the sentence starts."""

    start: int
    words: str


# No end after one letter (“a.m.”, “J.”) or a title: a sentence cut there loses its “will”.
_NO_SHORT_WORD = "".join(rf"(?<!\b{word})" for word in ABBREVIATIONS)
_SENTENCE = lazy(
    rf"[^\n]+?(?:(?=[.!?])(?<!\b[A-Za-z]){_NO_SHORT_WORD}"
    r"[.!?][”\"’')\]]*(?=\s+[A-Z“\"‘(])|(?=\n)|\Z)"
)


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of at most MAX_SENTENCE code points; a paragraph's end always ends one."""
    return tuple(
        Sentence(match.start(), match[0]) for match in _SENTENCE().finditer(text) if len(match[0]) <= MAX_SENTENCE
    )


# “That was two years ago.”, “Two years later she drives a bus.”
_LOOKS_BACK = lazy(
    r"^\W*(?:that|this|it|all (?:of )?(?:that|this))\b[^.]{0,60}\b(?:was|were|is|happened)(?: [\w’'-]+){1,4} "
    r"(?:years?|months|summers?|decades?) ago\b"
    r"|^\W*(?:(?:now|but|and|more than|nearly|almost|about|just|some|over),? ){0,3}"
    rf"(?:an?|{'|'.join(CARDINALS)}|\d+|several|many|a few|a couple of) (?:full |long )?"
    r"(?:(?:years?|summers?|decades?) (?:later|on)|(?:weeks?|months?) later)\b",
    re.IGNORECASE,
)


def is_looked_back_at(sentences: Sequence[Sentence], told: Sentence) -> bool:
    """Whether one of the sentences soon after `told` says that it was long ago."""
    after = (one for one in sentences if told.start < one.start <= told.start + LEAD)
    return any(_LOOKS_BACK().search(one.words) for one in after)


def make_finding(
    kind: str,
    day: date,
    words: str,
    *,
    first: date | None = None,
    after: int | None = None,
    alone: bool = True,
) -> Finding:
    """A finding whose words are cut to one line; `first` and `after` (days) stand in for the kind's tolerance."""
    early, late = TOLERANCE[kind]
    words = " ".join(words.split())
    if len(words) > MAX_WORDS:
        words = words[:MAX_WORDS].rsplit(" ", 1)[0] + " …"
    first = first or _shifted(day, -early)
    return Finding(Evidence(kind, day, words), first, _shifted(day, late if after is None else after), alone)


def _shifted(day: date, days: int) -> date:
    """The day so many days on, as far as the calendar goes."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))
