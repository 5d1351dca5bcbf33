"""Picks from a passage the contiguous whole sentences to quote, one to three, and the one among them that answers.

A sentence's score comes from its meaning, from the question's rarer words, and from whether it holds the kind of thing that
was asked for. Meaning is what the cross-encoder read in it, or, without one, the cosine of its vector. An ellipsis can turn
a quotation's meaning round, so nothing is left out inside.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.concepts import Concept, coverage
from index.demands import NOTHING_MISSING, Demands, Missing, holds
from index.errors import BuildError
from index.lexical import all_terms
from index.named_years import years_in
from index.records import Citation, Found, Span
from index.sentences import trim

# For sentences of passages that the cross-encoder read: its number, the kind of thing asked for, the question's words, and
# the date where one is asked for. The first three were fitted to the sentences of passages that hold a gold one, of the
# development questions and of those on the starter corpus; half or twice the fourth changed two of 226 (docs/experiments.md).
READ, READ_KIND, READ_COVERAGE, READ_DATE = 0.16, 2.4, 2.0, 2.0
# What a sentence loses that names years, and none of those asked about: of the 2023 strike's length “100 days in 2007” tells
# nothing. 2 gave no question more, 3 lost one.
OTHER_YEARS = 1.0
# What a sentence counts as that wasn't read: less than most that are.
UNREAD = -8.0
# For sentences that are known by their vectors. Picked from some hundreds of combinations on the development questions, the
# seed ones among them, so they flatter there. A sentence counts half by itself and half together with the one before it,
# which says who “the two groups” are.
COSINE, COVERAGE, KIND = 0.4, 0.6, 0.3
WITH_CONTEXT = 0.5
Number = TypeVar("Number", float, NDArray[Any])
# How far below the best reading of all one may lie to be offered as more: a judgement. Half the way from a clear yes to no.
WORTH_MORE = 8.0
# Three sentences at most, and no more than fits beside two others on one card.
MAX_CHARACTERS = 700
# A statement has a word, and its end, which is a semicolon in a list; a line that hasn’t is a heading, a question or the rest of
# a caption (“2022.”), which names a topic and answers nothing.
_STATEMENT = re.compile(r"[\W\d_]*[^\W\d_].*(?:[.!…。！;]|; (?:and|or))[)\]”’\"'»]*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence of a passage, trimmed, with its score against the question and what it is made of.

    `meaning` is the cross-encoder's number or the cosine, None where neither is known. `kind` is 1 where it holds the kind
    of thing asked for. `date` is the weight of its best date for a when-question, 0 where none is known.
    """

    span: Span
    text: str
    score: float
    meaning: float | None
    coverage: float
    kind: float
    date: float = 0.0


@dataclass(frozen=True, slots=True)
class Quotation:
    """A found passage with its sentences scored.

    `reading` is the cross-encoder's number for the passage, None without one. `coverage` is the share of the question's
    concepts in heading and passage, `missing` what of its years, unions and numbers is not there.
    """

    found: Found
    sentences: tuple[Scored, ...]
    reading: float | None = None
    coverage: float = 0.0
    missing: Missing = NOTHING_MISSING

    @property
    def best(self) -> Scored:
        return self.sentences[best_of(self.sentences)]


def sentences_of(found: Found) -> list[tuple[Span, str]]:
    """The passage's sentences without the spaces around them, in order; never an empty one."""
    start = found.passage.span.start
    spans = (trim(found.passage.text, Span(one.start - start, one.end - start)) for one in found.passage.sentences)
    return [
        (Span(start + one.start, start + one.end), one.of(found.passage.text)) for one in spans if one.end > one.start
    ]


def scored_by_reading(
    demands: Demands,
    sentences: Sequence[tuple[Span, str]],
    read: Sequence[float | None],
    dates: Sequence[float],
    concepts: Sequence[Concept],
    weights: Mapping[str, float],
) -> tuple[Scored, ...]:
    """Sentences by what the cross-encoder read in each (None where it read nothing), by words, kind, and their dates' worth.

    `weights` has the rarity of every term of the concepts.
    """
    made = []
    for (span, text), meaning, date in zip(sentences, read, dates, strict=True):
        covered, kind = coverage(concepts, weights, all_terms(text)), holds(demands, text)
        number = UNREAD if meaning is None else meaning
        score = READ * number + READ_KIND * kind + READ_COVERAGE * covered + READ_DATE * date
        if demands.all_years and (told := years_in(text)) and not told & demands.all_years:
            score -= OTHER_YEARS
        made.append(Scored(span, text, score, meaning, covered, kind, date))
    return tuple(made)


def scored_by_vectors(
    demands: Demands,
    sentences: Sequence[tuple[Span, str]],
    vectors: NDArray[np.float32],
    question: NDArray[np.float32],
    concepts: Sequence[Concept],
    weights: Mapping[str, float],
) -> tuple[Scored, ...]:
    """Sentences by their vectors (a unit row each) and the question's; `weights` as above."""
    before = np.vstack([vectors[:1], vectors[:-1]])
    # The mean stands for the vector of both sentences' text, which would double what is encoded.
    together: NDArray[np.float32] = vectors + before
    together /= np.linalg.norm(together, axis=1, keepdims=True)
    cosines: list[float] = (_mean(vectors @ question, together @ question)).tolist()
    words = [all_terms(text) for _, text in sentences]
    made = []
    for place, (span, text) in enumerate(sentences):
        covered = _mean(
            coverage(concepts, weights, words[place]),
            coverage(concepts, weights, (words[place - 1] if place else ()) + words[place]),
        )
        kind = holds(demands, text)
        score = COSINE * cosines[place] + COVERAGE * covered + KIND * kind
        made.append(Scored(span, text, score, cosines[place], covered, kind))
    return tuple(made)


def _mean(alone: Number, in_context: Number) -> Number:
    return (1 - WITH_CONTEXT) * alone + WITH_CONTEXT * in_context


def without_repeats(quotations: Sequence[Quotation]) -> list[Quotation]:
    """The quotations in their order, of those with the same best sentence one alone: passages overlap.

    It takes the first one's place, and is the one in which the sentences beside the best tell more.
    """
    same: dict[tuple[int, Span], list[Quotation]] = {}
    for one in quotations:
        same.setdefault((one.found.article.row, one.best.span), []).append(one)
    return [max(group, key=_company) for group in same.values()]


def _company(one: Quotation) -> float:
    """The score of the better sentence beside the best one; only those that were read alike compare."""
    best = best_of(one.sentences)
    beside = [other.score for other in (*one.sentences[max(0, best - 1) : best], *one.sentences[best + 1 : best + 2])]
    return max(beside, default=-math.inf) if one.best.meaning is not None else -math.inf


def at_most(quotations: Sequence[Quotation], per_article: int) -> list[Quotation]:
    """The quotations in their order, no more than so many of one article."""
    taken: Counter[int] = Counter()
    kept = []
    for one in quotations:
        taken[one.found.article.row] += 1
        if taken[one.found.article.row] <= per_article:
            kept.append(one)
    return kept


def worth_more(others: Sequence[Quotation], quotations: Sequence[Quotation]) -> list[Quotation]:
    """Those of the others that may still tell something: of passages that were read, not far below the best one's reading."""
    best = max((one.reading for one in quotations if one.reading is not None), default=None)
    if best is None:
        return [*others]
    return [one for one in others if one.reading is not None and one.reading >= best - WORTH_MORE]


def best_of(scored: Sequence[Scored]) -> int:
    """The place of the best sentence, the first of equals; a heading or a question only where there is nothing else."""
    return best_first(scored)[0]


def best_first(scored: Sequence[Scored]) -> list[int]:
    """The places of the sentences, the best first, headings and questions last."""
    return sorted(
        range(len(scored)), key=lambda place: (not _STATEMENT.match(scored[place].text), -scored[place].score, place)
    )


def quote(number: int, found: Found, scored: Sequence[Scored], sentences: int) -> Citation:
    """The window of at most `sentences` around the best one, which is highlighted.

    It grows on the side of the better neighbour, and only over sentences that follow each other in the passage.
    Raises BuildError where the text is no slice of the passage, which no question should ever see.
    """
    best = first = last = best_of(scored)
    while last - first + 1 < sentences:
        sides = [place for place in (first - 1, last + 1) if 0 <= place < len(scored)]
        sides = [place for place in sides if _length(scored, min(first, place), max(last, place)) <= MAX_CHARACTERS]
        if not sides:
            break
        place = max(sides, key=lambda side: (scored[side].score, -side))
        first, last = min(first, place), max(last, place)
    span = Span(scored[first].span.start, scored[last].span.end)
    start = found.passage.span.start
    text = found.passage.text[span.start - start : span.end - start]
    if not text or not text.startswith(scored[first].text) or not text.endswith(scored[last].text):
        raise BuildError(
            f"A quotation of “{found.article.id}” is no slice of it; run “python -m index reindex --full”."
        )
    return Citation(number, found.article, span, text, (scored[best].span,), found.also, found.hit.score)


def _length(scored: Sequence[Scored], first: int, last: int) -> int:
    return scored[last].span.end - scored[first].span.start
