"""The records that pass between finding, quoting and answering: frozen, slotted, and nothing but data."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open, in code points of the text it belongs to."""

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
    """What a generation knows of an article; `row` is its number there."""

    row: int
    id: str
    collection: str
    path: str
    title: str
    outlet: str
    url: str | None
    published: date | None


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked. `context` holds the questions they asked before, oldest first."""

    text: str
    asked_at: datetime
    timezone: str = "UTC"
    context: tuple[str, ...] = ()
    collections: tuple[str, ...] = ("public",)


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: the cleaned words, their index terms, terms that say the same, and how deep each run goes."""

    text: str
    terms: tuple[str, ...]
    others: tuple[str, ...]
    collections: tuple[str, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class Hit:
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
class Answer:
    """What Picket says to a question: citations, or an honest nothing with the nearest articles by name."""

    query: Query
    outcome: Outcome
    confidence: float
    citations: tuple[Citation, ...]
    generation: int
    seconds: float
    nearest: tuple[IndexedArticle, ...] = ()
    explanation: tuple[str, ...] = field(default=(), compare=False)
