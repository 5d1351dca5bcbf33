"""Turns what the journal kept of an answer back into citations, from the articles as they are now.

A quotation comes back only where its article still has that very text in that very place; else it is said to be lost.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.conversations import LASTING
from bot.journal_records import Reference, Shown
from corpus.article import text_digest
from index.engine import Engine
from index.records import Answer, Citation, IndexedArticle, Outcome, Query, Span

# Answers held whole for “Share”, some 10 kB each. A judgement: a private answer is shared within minutes or not at all.
_MOST = 500


class Lost(StrEnum):
    """Why a quotation can't be shown any more."""

    GONE = "gone"  # withdrawn, or of a collection that may not be seen from here
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation in its article: `text` is the article's, whole."""

    article: IndexedArticle
    text: str
    span: Span
    highlight: Span

    def citation(self, number: int) -> Citation:
        return Citation(number, self.article, self.span, self.span.of(self.text), (self.highlight,), (), 0.0)


def resolve(engine: Engine, reference: Reference, collections: Collection[str]) -> Quoted | Lost:
    """The quotation, from a thread: it reads the index."""
    if reference.collection not in collections:
        return Lost.GONE
    found = engine.article(reference.collection, reference.article_id)
    if found is None:
        return Lost.GONE
    article, text = found
    span = Span(reference.start, reference.end)
    if text_digest(span.of(text)) != reference.digest:
        return Lost.CHANGED
    return Quoted(article, text, span, Span(reference.highlight_start, reference.highlight_end))


def citations(
    engine: Engine, references: Sequence[Reference], collections: Collection[str], *, number: int = 1
) -> tuple[list[Citation], int]:
    """Those that are still there, numbered from `number` on as they were, and how many are lost."""
    found: list[Citation] = []
    for place, reference in enumerate(references, start=number):
        quoted = resolve(engine, reference, collections)
        if isinstance(quoted, Quoted):
            found.append(quoted.citation(place))
    return found, len(references) - len(found)


def answer_again(engine: Engine, shown: Shown, collections: Collection[str]) -> tuple[Answer, int]:
    """The answer as far as it was kept (without the date that it told), and how many of its citations are lost."""
    cited, lost = citations(engine, shown.references[: shown.first], collections)
    further, _ = citations(engine, shown.references[shown.first :], collections, number=shown.first + 1)
    answer = Answer(
        query=Query(shown.question or "", (), (), tuple(collections), 0),
        outcome=Outcome(shown.outcome),
        confidence=shown.confidence,
        citations=tuple(cited),
        generation=shown.generation,
        seconds=0.0,
        further=tuple(further),
    )
    return answer, lost


def is_whole(engine: Engine, answer: Answer, collections: Collection[str]) -> bool:
    """Whether all articles that an answer cites or names may be seen and are still there; from a thread: it reads the index."""
    cited = (*answer.citations, *answer.further)
    named = (*(one.article for one in cited), *(also for one in cited for also in one.also), *answer.nearest)
    return all(
        one.collection in collections and engine.article(one.collection, one.id) is not None
        for one in dict.fromkeys(named)
    )


class RecentAnswers:
    """Private answers as they were given, by their ids in the journal, so that they can be shared as they were shown.

    In memory only, for `lasting`, and on the event loop only; after that, a restart, or many answers since, they are
    asked or made again.
    """

    def __init__(self, most: int = _MOST, lasting: timedelta = LASTING) -> None:
        self._most = most
        self._lasting = lasting
        self._answers: OrderedDict[int, tuple[int, Answer]] = OrderedDict()  # with who asked
        self._sharing: set[int] = set()

    def keep(self, shown: int, answer: Answer, person: int) -> None:
        self._answers[shown] = (person, answer)
        if len(self._answers) > self._most:
            self._answers.popitem(last=False)
        asyncio.get_running_loop().call_later(self._lasting.total_seconds(), self.forget, shown)

    def get(self, shown: int) -> Answer | None:
        kept = self._answers.get(shown)
        return kept[1] if kept else None

    def forget(self, shown: int) -> None:
        self._answers.pop(shown, None)

    def forget_person(self, person: int) -> None:
        """Drops everything that was answered to a person."""
        for shown in [shown for shown, (asker, _) in self._answers.items() if asker == person]:
            self.forget(shown)

    def begin_sharing(self, shown: int) -> bool:
        """Whether it isn't being shared at this moment; from then on it is. What was shared before, the journal knows."""
        if shown in self._sharing:
            return False
        self._sharing.add(shown)
        return True

    def end_sharing(self, shown: int) -> None:
        """It was shared, or that failed and may be tried again."""
        self._sharing.discard(shown)
