"""Orders found passages by what a cross-encoder reads in them, less what they lack of the question.

Hands scored passages to `quotes` and `answers`; finding them is the searcher's, running the model `rerankers`' business.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, repeat

from index.concepts import Concept, coverage
from index.demands import Demands, Missing, demands_of, missing
from index.fusion import rerank
from index.lexical import all_terms
from index.passages import embedded_text
from index.question_periods import period_fit
from index.quotes import Quotation, Scored, scored_by_reading, sentences_of
from index.records import Found, IndexedArticle, Passage, ReadPeriod, Run
from index.rerankers import Reranker
from index.unions import unions_of

# What a passage loses, in the cross-encoder's own numbers, that lacks all the years, unions or numbers which the question
# names. Its numbers reach from −11 to 11, and it hardly knows 2007 from 2023. Fitted to the development questions and to
# those on the starter corpus apart (5.2 and 7.4, 2.8 and 1.2, 2.1 and 4.1); three fifths or one and a half times as much
# changed at most two of 208 questions (docs/quality.md).
YEARS, UNIONS, NUMBERS = 5.0, 2.0, 2.5
# What a passage loses whose article is not of the period that the question asks about, and what one gains that was news in
# the week before a question that names no time. Judged: with these, weekly news questions reach an nDCG@10 of .782 when
# asked on their day, and .749 when asked years later; 4 and 3 changed nothing.
PERIOD, NEWS = 3.0, 2.0
# Days: a weekly question looks back on its week and the day before it; time zones reach a day ahead.
_WEEK, _AHEAD = 8, 1


@dataclass(frozen=True, slots=True)
class Read:
    """What the cross-encoder says of a passage, and what the passage lacks of the question."""

    score: float
    missing: Missing


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as passages are weighed against it. `weights` has the rarity of every term of the concepts."""

    text: str
    demands: Demands
    concepts: tuple[Concept, ...]
    weights: Mapping[str, float]
    when: ReadPeriod | None
    day: date


def asked(
    text: str, concepts: tuple[Concept, ...], weights: Mapping[str, float], when: ReadPeriod | None, day: date
) -> Asked:
    """The question `text`, asked on `day`, about the period `when` where it names one."""
    return Asked(text, demands_of(text), concepts, weights, when, day)


def lacking(question: Asked, passage: Passage, article: IndexedArticle) -> Missing:
    """What a passage lacks of what the question names; one that names no union is about its article's."""
    named = unions_of(passage.heading, (), passage.text) or article.unions
    return missing(question.demands, _whole(passage), article.published, named)


def reread(
    question: Asked, fused: Run, passages: Mapping[int, tuple[Passage, IndexedArticle]], reranker: Reranker
) -> tuple[Run, dict[int, Read]]:
    """The fused run in the order of what the cross-encoder says of the `passages`, and what was read in each, by number."""
    begun = time.perf_counter()
    numbers = [hit.number for hit in fused.hits if hit.number in passages]
    scores = reranker.scores(question.text, [_whole(passages[number][0]) for number in numbers]).tolist()
    read = {
        number: Read(score, lacking(question, *passages[number])) for number, score in zip(numbers, scores, strict=True)
    }
    adjusted = {
        number: one.score - _loss(question, one.missing, passages[number][1].published) for number, one in read.items()
    }
    return rerank(fused, adjusted, time.perf_counter() - begun), read


def read_closely(
    question: Asked, found: Sequence[Found], passages: Mapping[int, Read], reranker: Reranker, most: int
) -> list[Quotation]:
    """Quotations of the found passages in their order; of the first `most`, the cross-encoder reads each sentence too."""
    items = [(item, cut) for item in found if (cut := sentences_of(item))]
    # A sentence is read below its article's title, which says who “they” are.
    texts = [f"{item.article.title}\n{text}" for item, cut in items[:most] for _, text in cut]
    read: Iterator[float | None] = chain(reranker.scores(question.text, texts).tolist() if texts else (), repeat(None))
    made = []
    for item, cut in items:
        scored = scored_by_reading(
            question.demands, cut, [next(read) for _ in cut], question.concepts, question.weights
        )
        made.append(quotation(question, item, scored, passages.get(item.passage.number)))
    return made


def quotation(question: Asked, found: Found, sentences: tuple[Scored, ...], read: Read | None) -> Quotation:
    """A found passage with its scored sentences, and what it holds and lacks of the question as a whole."""
    lack = read.missing if read else lacking(question, found.passage, found.article)
    words = all_terms(_whole(found.passage))
    return Quotation(
        found,
        sentences,
        read.score if read else None,
        coverage(question.concepts, question.weights, words),
        lack,
    )


def _whole(passage: Passage) -> str:
    """A passage with its heading: what it is about often stands nowhere else."""
    return embedded_text(passage.heading, passage.text)


def _loss(question: Asked, lack: Missing, published: date | None) -> float:
    """What is taken off a passage's reading for what it lacks, and for its article's day."""
    lost = YEARS * lack.years + UNIONS * lack.unions + NUMBERS * lack.numbers
    if question.when:
        return lost + PERIOD * (1 - period_fit(question.when, published))
    fresh = published and -_AHEAD <= (question.day - published).days <= _WEEK
    return lost - NEWS if fresh and not question.demands.years else lost
