"""The records that pass between finding, quoting and answering: frozen, slotted, and nothing but data.

Beside `Answer` is what follows from one, for whoever shows it.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from corpus.article import PUBLIC

# Judged: what a strike's articles say of its state has changed within a year.
_OLD = timedelta(days=365)
_YEAR = re.compile(r"\b(?:19|20)\d\ds?\b|\bthe [’']?\d0s\b")


class Span(NamedTuple):
    """Half-open, in code points of the text it belongs to. A tuple, as a question makes hundreds."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article: `text == article.text[span.start:span.end]`.

    `number` is the row id, tantivy's number and the FAISS id, dense from 0 within its generation. `heading` (title,
    outlet, date) helps finding and is never quoted. `sentences` tile the passage, in offsets of the article.
    """

    number: int
    article: int
    ordinal: int
    span: Span
    heading: str
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """What a generation knows of an article; `row` is its number there.

    `unions` are the keys of the unions that it speaks of; `doubt` is a sentence where its own words, or other articles,
    contradict its date.
    """

    row: int
    id: str
    collection: str
    path: str
    title: str
    outlet: str
    url: str | None
    published: date | None
    unions: tuple[str, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked. `context` holds the questions they asked before, oldest first.

    `since` and `until`, both included, and `union`, a name as people say it, narrow down what is searched.
    """

    text: str
    asked_at: datetime
    timezone: str = "UTC"
    context: tuple[str, ...] = ()
    collections: tuple[str, ...] = (PUBLIC,)
    since: date | None = None
    until: date | None = None
    union: str = ""


@dataclass(frozen=True, slots=True)
class ReadPeriod:
    """How a question's words for a time were read; both days are included, None is open."""

    words: str
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: the cleaned words, their index terms, terms that say the same, and how deep each run goes."""

    text: str
    terms: tuple[str, ...]
    others: tuple[str, ...]
    collections: tuple[str, ...]
    depth: int
    when: ReadPeriod | None = None


class Hit(NamedTuple):
    """A passage's place in one run. `evidence` says, per earlier run, its rank and score there."""

    number: int
    rank: int
    score: float
    evidence: tuple[tuple[str, int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Hits best first: a higher score is better, and comparable only within its run; ties by passage number."""

    name: str
    hits: tuple[Hit, ...]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """A hit with its passage and article, and the articles that say the same in the same words."""

    hit: Hit
    passage: Passage
    article: IndexedArticle
    also: tuple[IndexedArticle, ...] = ()


class Outcome(StrEnum):
    ANSWERED = "answered"
    WEAK = "weak"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Citation:
    """One to three contiguous whole sentences of an article, verbatim: `text == article.text[span]`.

    `highlights` are spans in the same offsets, the answering sentence first.
    """

    number: int
    article: IndexedArticle
    span: Span
    text: str
    highlights: tuple[Span, ...]
    also: tuple[IndexedArticle, ...]
    score: float


@dataclass(frozen=True, slots=True)
class When:
    """The date of the event asked about, both days included, and the words of citation number `citation` it came from.

    `precision` is a grain: day, week, month, quarter, season, year or decade.
    """

    first: date
    last: date
    precision: str
    words: str
    citation: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What one citation says where sources differ, or of an earlier time: a value to show (“136 days”) and its words."""

    value: str
    words: str
    citation: int


class Aside(StrEnum):
    """What was said to Picket that is no question about strikes, and gets a short sentence without a citation."""

    CHITCHAT = "chitchat"
    OPINION = "opinion"
    INSTRUCTION = "instruction"
    OFF_TOPIC = "off-topic"


@dataclass(frozen=True, slots=True)
class Answer:
    """What Picket says to a question: citations, or an honest nothing with the nearest articles by name.

    `further` are the citations after those shown first, numbered on. `differences` holds two or more where sources
    differ, newest first; `earlier` the times before `when` where it happened several times, latest first. `read_as` is the
    question as it was read where that differs (a typo mended), else “”.
    """

    query: Query
    outcome: Outcome
    confidence: float
    citations: tuple[Citation, ...]
    generation: int
    seconds: float
    nearest: tuple[IndexedArticle, ...] = ()
    when: When | None = None
    differences: tuple[Difference, ...] = ()
    earlier: tuple[Difference, ...] = ()
    further: tuple[Citation, ...] = ()
    read_as: str = ""
    aside: Aside | None = None
    explanation: tuple[str, ...] = field(default=(), compare=False)


def settled_date(answer: Answer) -> When | None:
    """The date that may be told alone: one on which sources differ is told among the others, since it would seem settled."""
    differing = {one.citation for one in answer.differences}
    return answer.when if answer.when and answer.when.citation not in differing else None


def old_since(answer: Answer, asked: date) -> date | None:
    """The newest cited article's day where that is over a year ago and the question names no time of its own."""
    known = [one.article.published for one in answer.citations if one.article.published]
    if not known or answer.query.when or _YEAR.search(answer.query.text):
        return None
    newest = max(known)
    return newest if asked - newest > _OLD else None
