"""Picks from a passage the contiguous whole sentences to quote, one to three, and the one among them that answers.

Scores come from meaning (the model's cosine), from the question's rarer words, and from whether a sentence holds the
kind of thing that was asked for. An ellipsis can turn a quotation's meaning round, so nothing is left out inside.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.concepts import Concept, coverage
from index.errors import BuildError
from index.lexical import all_terms
from index.records import Citation, Found, Span
from index.sentences import trim

_MONTH = (
    r"(?:Jan(?:uary|\.)|Feb(?:ruary|\.)|March|April|May|June|July|Aug(?:ust|\.)|"
    r"Sept(?:ember|\.)|Oct(?:ober|\.)|Nov(?:ember|\.)|Dec(?:ember|\.))"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_COUNT = r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|billion)"
# What a question asks for, by its words, and what a sentence that answers it holds. First match wins.
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(r"\bhow long\b|\bhow many (?:days|weeks|months)\b|\blength\b", re.IGNORECASE),
        re.compile(rf"\b{_COUNT}(?:st|nd|rd|th)?[ -](?:\w+ )?(?:day|week|month|year)s?\b", re.IGNORECASE),
    ),
    (
        re.compile(r"\bhow (?:many|much|large|big)\b|\bpercent(?:age)?\b|\bwhat share\b", re.IGNORECASE),
        re.compile(rf"[$%]|\b{_COUNT}\b"),
    ),
    (
        re.compile(
            r"^\W*w[eh]+n\b|\bwhen\b|\bwhat (?:day|date|time)\b|\bwhich (?:day|date)\b|\bdeadline\b",
            re.IGNORECASE,
        ),
        re.compile(rf"\b{_MONTH}(?=[\s,.]|$)|\b{_WEEKDAY}\b|\b(?:yesterday|today|tomorrow)\b|\b(?:19|20)\d\d\b"),
    ),
    (
        re.compile(r"\bwho\b|\bwhose\b", re.IGNORECASE),
        re.compile(r"(?<=\S )(?:[A-Z][\w’'-]+|[A-Z]{2,})(?: [A-Z][\w’'-]+)*"),
    ),
)
# Picked from some hundreds of combinations on the development questions, the seed ones among them, so they flatter there
# (docs/quality.md). A sentence counts half by itself and half together with the one before it, which says who “the two
# groups” are.
COSINE, COVERAGE, KIND = 0.4, 0.6, 0.3
WITH_CONTEXT = 0.5
Number = TypeVar("Number", float, NDArray[Any])
# Three sentences at most, and no more than fits beside two others on one card.
MAX_CHARACTERS = 700
# What ends a sentence; a line without it is a heading, which names a topic and answers nothing.
_ENDED = re.compile(r"[.?!…。！？][)\]”’\"'»]*$")


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence of a passage, trimmed, with its score against the question and what it is made of.

    `cosine` and `coverage` are means of the sentence's own and of those it has together with the one before.
    """

    span: Span
    text: str
    cosine: float
    coverage: float
    kind: bool

    @property
    def score(self) -> float:
        return COSINE * self.cosine + COVERAGE * self.coverage + KIND * self.kind


@dataclass(frozen=True, slots=True)
class Quotation:
    """A found passage with its sentences scored; quotations are ordered by their best sentence."""

    found: Found
    sentences: tuple[Scored, ...]

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


def wanted_kind(question: str) -> re.Pattern[str] | None:
    """What a sentence must hold to answer the kind of question; None where the question doesn't tell."""
    return next((holds for asks, holds in _KINDS if asks.search(question)), None)


def ranked(
    question: str,
    items: Sequence[tuple[Found, Sequence[tuple[Span, str]], NDArray[np.float32]]],
    vector: NDArray[np.float32],
    concepts: Sequence[Concept],
    weights: Mapping[str, float],
) -> list[Quotation]:
    """Passages with their sentences and the sentences' vectors (a unit row each), scored; the best answer first.

    `vector` is the question's, `weights` has the rarity of every term of the concepts.
    """
    kind = wanted_kind(question)
    made = []
    for found, sentences, vectors in items:
        before = np.vstack([vectors[:1], vectors[:-1]])
        # The mean stands for the vector of both sentences' text, which would double what is encoded.
        together: NDArray[np.float32] = vectors + before
        together /= np.linalg.norm(together, axis=1, keepdims=True)
        cosines: list[float] = (_mean(vectors @ vector, together @ vector)).tolist()
        words = [all_terms(text) for _, text in sentences]
        scored = tuple(
            Scored(
                span,
                text,
                cosines[place],
                _mean(
                    coverage(concepts, weights, words[place]),
                    coverage(concepts, weights, (words[place - 1] if place else ()) + words[place]),
                ),
                bool(kind and kind.search(text)),
            )
            for place, (span, text) in enumerate(sentences)
        )
        made.append(Quotation(found, scored))
    return sorted(made, key=lambda one: (-one.best.score, one.found.hit.rank))


def _mean(alone: Number, in_context: Number) -> Number:
    return (1 - WITH_CONTEXT) * alone + WITH_CONTEXT * in_context


def without_repeats(quotations: Sequence[Quotation]) -> list[Quotation]:
    """The quotations in their order, without those whose best sentence was another's: passages overlap."""
    first = {(one.found.article.row, one.best.span): one for one in reversed(quotations)}
    return [one for one in quotations if first[one.found.article.row, one.best.span] is one]


def best_of(scored: Sequence[Scored]) -> int:
    """The place of the best sentence, the first of equals; a heading only where there is nothing else."""
    return max(
        range(len(scored)), key=lambda place: (bool(_ENDED.search(scored[place].text)), scored[place].score, -place)
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
