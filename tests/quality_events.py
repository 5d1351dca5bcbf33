"""Measures whether a question's date is found once its sentence is: each gold sentence is cited with its neighbours.

Run it as `python -m tests.quality_events`; `--errors` lists what was told otherwise. It reads the golden questions on the
starter corpus, and the questions beside the repository where they are there. No model is needed; it takes some seconds.
"""

import csv
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from corpus.files import ArticleFolder
from index.doubts.own_words import doubt_of
from index.events.answering import read_event
from index.events.questions import read_question
from index.records import Citation, IndexedArticle, Span, When
from index.sentences import sentence_spans, trim
from tests.quality_dates import SHARED, STRIKE, say

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "tests" / "golden" / "questions.toml"
CORPUS = ROOT / "corpus" / "articles"
_ASKED = date(2026, 7, 1)


@dataclass(frozen=True, slots=True)
class Gold:
    """A when-question with the dates that are right, and its gold sentences, each with the article that it is in."""

    text: str
    asked: date
    accepted: tuple[str, ...]
    sentences: tuple[tuple[IndexedArticle, str, str], ...]  # article, its text, the sentence


def main() -> None:
    errors = "--errors" in sys.argv
    measure("golden questions", list(golden()), errors=errors)
    if STRIKE.is_file():
        measure("strike questions", list(strike()), errors=errors)
    else:
        print("The strike questions are not in ../shared/questions, so they are not measured.")


def golden() -> Iterator[Gold]:
    """The golden when-questions that stand by themselves."""
    articles = {}
    folder = ArticleFolder(CORPUS)
    for row, stamp in enumerate(folder.stamps()):
        article = folder.read(stamp.path)
        known = _article(row, article.id, article.title, article.outlet, article.published, article.text)
        articles[article.id] = (known, article.text)
    for one in tomllib.loads(QUESTIONS.read_text("utf-8"))["question"]:
        if one.get("answer_date") and not one.get("history"):
            asked = one["asked_at"].date() if "asked_at" in one else _ASKED
            accepted = (one["answer_date"], *one.get("accept_dates", ()))
            yield Gold(
                one["text"], asked, accepted, tuple((*articles[g["article"]], g["sentence"]) for g in one["gold"])
            )


def strike() -> Iterator[Gold]:
    """The development when-questions, on articles dated as their manifest says."""
    articles = {}
    with (SHARED / "articles" / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)):
            text = (SHARED / "articles" / row["file"]).read_text("utf-8")
            published = date.fromisoformat(row["published"]) if row["published"] else None
            known = _article(number, row["id"], row["title"], row["outlet"], published, text)
            articles[row["id"]] = (known, text)
    for line in STRIKE.read_text("utf-8").splitlines():
        one: dict[str, Any] = json.loads(line)
        if one["answer_date"] and one["kind"] == "when":
            accepted = (one["answer_date"], *one["accept_dates"])
            gold = tuple((*articles[g["doc"]], g["sentence"]) for g in one["gold"])
            yield Gold(one["text"], _ASKED, accepted, gold)


def _article(row: int, identity: str, title: str, outlet: str, published: date | None, text: str) -> IndexedArticle:
    doubt = doubt_of(text, published)
    return IndexedArticle(row, identity, "public", f"{identity}.md", title, outlet, None, published, doubt=doubt)


def measure(name: str, questions: Sequence[Gold], *, errors: bool) -> None:
    """Prints the share of gold sentences, and of questions by at least half of theirs, from which the date is right."""
    by_question = []
    for one in questions:
        hits = []
        for article, text, sentence in one.sentences:
            citation = cite(article, text, sentence)
            if citation is None:
                print(f"{article.id} has no sentence that begins “{sentence[:60]}”.")
                continue
            answer = read_event(read_question(one.text, one.asked), one.asked, [citation], {article.row: text})
            hits.append(is_right(answer.when, one.accepted))
            if errors and not hits[-1]:
                print(f"{one.text} {one.accepted}: told {answer.when} from {' '.join(sentence.split())[:200]}")
                print(*(f"    {line}" for line in answer.explanation), sep="\n")
        by_question.append(hits)
    say(f"{name}: the date from each gold sentence", by_question)
    say(f"{name}: from half of a question's sentences", [[2 * sum(hits) >= len(hits) > 0] for hits in by_question])


def cite(article: IndexedArticle, text: str, sentence: str) -> Citation | None:
    """The sentence, highlighted, with its neighbours; None where the article hasn't it."""
    spans = [trim(text, one) for one in sentence_spans(text)]
    wanted = _plain(sentence)
    there = (place for place, one in enumerate(spans) if one.end > one.start and _meets(_plain(one.of(text)), wanted))
    place = next(there, None)
    if place is None:
        return None
    whole = Span(spans[max(0, place - 1)].start, spans[min(len(spans) - 1, place + 1)].end)
    return Citation(1, article, whole, whole.of(text), (spans[place],), (), 1.0)


def _meets(one: str, other: str) -> bool:
    """Whether one sentence is in the other; a few words are not enough."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) > 20 and short in long)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def is_right(when: When | None, accepted: Sequence[str]) -> bool:
    """Whether the days told lie in one of the accepted days, months or years, from the first to the last."""
    return when is not None and any(
        when.first.isoformat().startswith(value) and when.last.isoformat().startswith(value) for value in accepted
    )


if __name__ == "__main__":
    main()
