"""Golden cases and made-up citations for the tests of dating events: tests/golden/events/attachment.toml tells the form."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from index.events.answering import EventAnswer, read_event
from index.events.questions import read_question
from index.records import Citation, IndexedArticle, Span
from index.sentences import sentence_spans, trim

ASKED = date(2031, 12, 1)


def cite(number: int, told: dict[str, Any]) -> Citation:
    """The highlighted sentence of an article with its neighbours, as a citation; the article's row is its number."""
    text = told["text"]
    spans = [trim(text, one) for one in sentence_spans(text)]
    spans = [one for one in spans if one.end > one.start]
    place = next(at for at, one in enumerate(spans) if told.get("highlight", "") in one.of(text))
    whole = Span(spans[max(0, place - 1)].start, spans[min(len(spans) - 1, place + 1)].end)
    article = IndexedArticle(
        number,
        f"article-{number}",
        "public",
        f"article-{number}.md",
        told.get("title", ""),
        told.get("outlet", f"Outlet {number}"),
        None,
        told.get("published"),
        doubt=told.get("doubt", ""),
    )
    return Citation(number, article, whole, whole.of(text), (spans[place],), (), 1.0)


def cited(*articles: dict[str, Any]) -> tuple[list[Citation], dict[int, str]]:
    """Citations of made-up articles, first to last, and the articles' texts by row."""
    citations = [cite(number, told) for number, told in enumerate(articles, start=1)]
    return citations, {number: told["text"] for number, told in enumerate(articles, start=1)}


def answer_to(
    question: str, *articles: dict[str, Any], asked: date = ASKED, rarity: Mapping[str, float] | None = None
) -> EventAnswer:
    """What made-up articles that are all cited tell to a question."""
    citations, texts = cited(*articles)
    return read_event(read_question(question, asked, rarity or {}), asked, citations, texts)
