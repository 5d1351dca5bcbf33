"""Finds and weighs passages for a question that was read: runs over a searcher, reread by a cross-encoder where there is one.

Gives `Quotation`s, the best first; whether they answer is for `answers` to judge. Without a cross-encoder the sentences'
vectors take its place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.config import IndexFile
from index.models.embedders import Encoder
from index.models.rerankers import Reranker
from index.questions.asked_period import favoured_days
from index.questions.reading import ReadQuestion
from index.quotes import Quotation, scored_by_vectors, sentences_of
from index.ranking import WORDED, RankedQuestion, Read, by_sentences, quotation, read_closely, reread
from index.records import Found, IndexedArticle, Query, Run
from index.searcher import Searcher

# What a passage loses, beside sentence scores that reach from 0 to 1.3, that lacks what the question names. In proportion
# to what it loses before a cross-encoder; judged.
_LACK = 0.3


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for a question: its runs in order, the passages of the last, and what the cross-encoder read.

    `vector` is the question's; `read` is by the passages' numbers, and empty without a cross-encoder.
    """

    query: Query
    question: RankedQuestion
    vector: NDArray[np.float32]
    runs: tuple[Run, ...]
    found: list[Found]
    read: dict[int, Read]


@dataclass(frozen=True, slots=True)
class Models:
    """What reads questions, sentences and, where the setting has one, passages."""

    encoder: Encoder
    reranker: Reranker | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much is looked for: the `k` best passages, at most so many of an article as the settings say, and `spare` more.

    Not `thorough`, fewer passages are read where the answer is clear.
    """

    k: int
    spare: int = 0
    thorough: bool = True


def find(
    searcher: Searcher,
    reading: ReadQuestion,
    hidden: frozenset[int],
    wanted: Wanted,
    models: Models,
    settings: IndexFile,
) -> Findings:
    """The passages that are wanted, the best first; `hidden` are rows of articles to leave out.

    Most of the time goes to the cross-encoder: some 20 ms a passage of 128 word pieces on two slow cores, else the
    question's own vector.
    """
    query = reading.query(max(settings.search.depth, wanted.k))
    terms = {term for one in reading.concepts for term in one.terms}
    rarity = {term: _rarity(searcher, term) for term in terms}
    question = RankedQuestion(query.text, reading.concepts, rarity, query.when, reading.day, reading.unheard)
    vector = models.encoder.encode_question(query.text)
    runs: tuple[Run, ...] = searcher.runs(
        query, vector, hidden, settings.search, news=question.news, latest=question.latest
    )
    read: dict[int, Read] = {}
    if models.reranker is not None and runs[-1].hits:
        pool = max(WORDED, settings.reranking.passages)
        passages = searcher.tables.passages_of([hit.number for hit in runs[-1].hits[:pool]])
        worded = by_sentences(question, runs[-1], passages)
        first = {hit.number: passages[hit.number] for hit in worded.hits[: settings.reranking.passages]}
        reranked, read = reread(question, worded, first, models.reranker, thorough=wanted.thorough)
        runs = (*runs, worded, reranked)
    found = searcher.found(runs[-1], wanted.k, settings.search.passages_per_article + wanted.spare)
    return Findings(query, question, vector, runs, found, read)


def weigh(findings: Findings, cited: int, text_of: Callable[[int], str], models: Models) -> list[Quotation]:
    """The passages as quotations, the best first, of which `cited` will be shown; some 8 ms a sentence that is read.

    `text_of` gives an article's text by row.
    """
    if models.reranker is not None:
        return read_closely(findings.question, findings.found, findings.read, models.reranker, text_of, cited)
    question = findings.question
    items = [(item, cut) for item in findings.found if (cut := sentences_of(item))]
    if not items:
        return []
    vectors = models.encoder.encode_sentences([text for _, cut in items for _, text in cut])
    parts = np.split(vectors, np.cumsum([len(cut) for _, cut in items])[:-1])
    made = [
        quotation(
            question,
            item,
            scored_by_vectors(question.demands, cut, part, findings.vector, question.concepts, question.weights),
            None,
        )
        for (item, cut), part in zip(items, parts, strict=True)
    ]
    return sorted(made, key=lambda one: (_LACK * _lacks(one) - one.best.score, one.found.hit.rank))


def nearest(findings: Findings) -> tuple[IndexedArticle, ...]:
    """The three articles that come nearest, to name where none answers."""
    return tuple({item.article.row: item.article for item in findings.found}.values())[:3]


def explain(findings: Findings, quotations: Sequence[Quotation]) -> list[str]:
    """A line for each run and for each passage: how it was found, what was read in it, what it lacks, its best sentence; and
    for each article whose date is in doubt, why.
    """
    wanted = findings.question.demands
    years = [*map(str, sorted(wanted.years)), *(f"{first}s" for first in sorted(wanted.decades))]
    named = [*years, *sorted(wanted.unions), *sorted(wanted.numbers)]
    lines = [f"asks: {wanted.kind or 'no known kind of thing'}; names {', '.join(named) or 'no year, union or number'}"]
    if findings.question.news:
        first, last = favoured_days(findings.question.news)
        lines.append(f"names no time: articles of {first} to {last}, where there are any, are favoured")
    lines += [f"{run.name}: {len(run.hits)} hits in {run.seconds * 1000:.1f} ms" for run in findings.runs]
    if findings.read:
        lines.append(f"the cross-encoder read {len(findings.read)} passages")
    for one in quotations:
        hit, best = one.found.hit, one.best
        came = ", ".join(f"{name} rank {rank} ({score:.3f})" for name, rank, score in hit.evidence)
        also = f"; also {', '.join(other.id for other in one.found.also)}" if one.found.also else ""
        lack = one.missing
        lacks = "; ".join(
            f"lacks {share:.0%} of the {what} asked for"
            for what, share in (("years", lack.years), ("unions", lack.unions), ("numbers", lack.numbers))
            if share
        )
        read = "" if one.reading is None else f", read {one.reading:.2f}"
        meaning = "" if best.meaning is None else f"meaning {best.meaning:.2f}, "
        lines.append(
            f"passage {one.found.passage.number} of {one.found.article.id}: {hit.score:.3f} from {came}{read}; "
            f"{lacks + '; ' if lacks else ''}best sentence {best.score:.3f} ({meaning}coverage {best.coverage:.3f}, "
            f"kind {best.kind:.1f}){also}"
        )
    doubted = {one.found.article.id: one.found.article.doubt for one in quotations if one.found.article.doubt}
    lines += [f"the date of {identity} is uncertain: {' '.join(doubt.split())}" for identity, doubt in doubted.items()]
    return lines


def _lacks(one: Quotation) -> float:
    return one.missing.years + (one.missing.unions + one.missing.numbers) / 2


def _rarity(searcher: Searcher, term: str) -> float:
    """How much a term tells: BM25's inverse document frequency over the passages."""
    count, there = searcher.lexical.count, searcher.lexical.frequency(term)
    return float(np.log1p((count - there + 0.5) / (there + 0.5)))
