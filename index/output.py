"""Turns answers and hits into the JSON that programs rely on; offsets count code points of the article's text."""

import json
from collections.abc import Sequence
from typing import Any

from index.records import Answer, Difference, Found, IndexedArticle, When

_TREC_DIGITS = 6


def json_line(fields: object) -> bytes:
    """One value as one line of JSON in UTF-8, whatever the terminal's encoding; lone surrogates as escapes."""
    line = json.dumps(fields, ensure_ascii=False, allow_nan=False)
    try:
        return line.encode()
    except UnicodeEncodeError:
        return json.dumps(fields, allow_nan=False).encode()


def answer_fields(identity: str | int | None, question: str, answer: Answer) -> dict[str, Any]:
    """One answer, as `ask --json` and `ask --jsonl` print it."""
    return {
        "id": identity,
        "question": question,
        "outcome": str(answer.outcome),
        "confidence": round(answer.confidence, 4),
        "when": when_fields(answer.when) if answer.when else None,
        "differences": [told_fields(one) for one in answer.differences],
        "earlier": [told_fields(one) for one in answer.earlier],
        "citations": [
            {
                "number": citation.number,
                "article": article_fields(citation.article),
                "start": citation.span.start,
                "end": citation.span.end,
                "text": citation.text,
                "highlights": [[span.start, span.end] for span in citation.highlights],
                "also": [article_fields(article) for article in citation.also],
                "score": round(citation.score, 6),
            }
            for citation in answer.citations
        ],
        "generation": answer.generation,
        "seconds": round(answer.seconds, 6),
    }


def when_fields(when: When) -> dict[str, Any]:
    """The date of the event; `words` are verbatim, and “” where the day of the cited article itself is the evidence."""
    return {
        "first": when.first.isoformat(),
        "last": when.last.isoformat(),
        "precision": when.precision,
        "words": when.words,
        "citation": when.citation,
    }


def told_fields(told: Difference) -> dict[str, Any]:
    """What one citation says where sources differ, or of an earlier time; `words` are verbatim, or “”."""
    return {"value": told.value, "words": told.words, "citation": told.citation}


def failure_fields(identity: str | int | None, question: str, sentence: str) -> dict[str, Any]:
    """A question of a stream that can't be asked: the same keys, with the reason, so that the stream goes on."""
    return {
        "id": identity,
        "question": question,
        "outcome": "nothing",
        "confidence": 0.0,
        "when": None,
        "differences": [],
        "earlier": [],
        "citations": [],
        "generation": None,
        "seconds": 0.0,
        "error": sentence,
    }


def search_fields(identity: str | int | None, found: Sequence[Found]) -> dict[str, Any]:
    """The hits of one search, as `search --json` prints them."""
    return {
        "id": identity,
        "hits": [
            {
                "rank": rank,
                "score": round(item.hit.score, 6),
                "article_id": item.article.id,
                "start": item.passage.span.start,
                "end": item.passage.span.end,
                "text": item.passage.text,
            }
            for rank, item in enumerate(found, start=1)
        ],
    }


def search_failure_fields(identity: str | int | None, _question: str, sentence: str) -> dict[str, Any]:
    """A text of a stream that can't be searched: no hits, and the reason."""
    return {"id": identity, "hits": [], "error": sentence}


def trec_lines(identity: str, found: Sequence[Found], most: int) -> list[str]:
    """A TREC run of the `most` best articles, each ranked by its best passage, near-copies right behind the best one.

    Readers of runs sort by score and break ties each in their own way, so equal scores are set apart by the smallest
    step that is written. Spaces in ids, for which TREC has no place, are `_`.
    """
    topic = trec_name(identity)
    best: dict[str, float] = {}
    for item in found:
        for one in (item.article, *item.also):
            best.setdefault(trec_name(one.id), item.hit.score)
    lines: list[str] = []
    last = float("inf")
    for rank, (article, score) in enumerate(list(best.items())[:most], start=1):
        last = min(round(score, _TREC_DIGITS), last - 10**-_TREC_DIGITS)
        lines.append(f"{topic} Q0 {article} {rank} {last:.{_TREC_DIGITS}f} picket")
    return lines


def trec_name(identity: str) -> str:
    """An id as it stands in a TREC run, in one word."""
    return "_".join(identity.encode("utf-8", "replace").decode().split())


def article_fields(article: IndexedArticle) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "outlet": article.outlet,
        "url": article.url,
        "published": article.published.isoformat() if article.published else None,
    }
