"""Dates of events the whole way: from article files through an index to the answer, its JSON and its terminal card."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

from corpus.article import format_markdown, make_article
from corpus.files import ArticleFolder
from index.doubts.own_words import doubt_of
from index.output import answer_fields
from index.records import Question
from index.terminal import console, show_answer
from tests.engines import SmallEngine, configure, open_engine

ASKED = datetime(2031, 12, 1, 12, tzinfo=UTC)
CORPUS = Path(__file__).parents[3] / "corpus" / "articles"


def corpus(place: Path, **articles: tuple[date | None, str]) -> SmallEngine:
    """An engine over articles of those names, days and texts, each of an outlet of its own."""
    config = configure(place)
    for name, (published, text) in articles.items():
        article = make_article(
            id=name, title=name, text=text, outlet=f"{name} Post", published=published, added=ASKED, collection="public"
        )
        (place / "articles" / f"{name}.md").write_text(format_markdown(article), "utf-8")
    engine = open_engine(config)
    engine.reindex(now=ASKED)
    return engine


def test_a_when_question_is_answered_with_the_date_and_the_words_it_came_from(tmp_path: Path) -> None:
    engine = corpus(
        tmp_path, echo=(date(2031, 10, 28), "The porters of Aldmouth resumed talks with the airline Monday.")
    )
    try:
        answer = engine.ask(Question("when did the porters resume talks with the airline", ASKED))
    finally:
        engine.close()
    assert answer_fields(1, "q", answer)["when"] == {
        "first": "2031-10-27",
        "last": "2031-10-27",
        "precision": "day",
        "words": "Monday",
        "citation": 1,
    }
    assert any(line.startswith("when: 27 October 2031 from “Monday” in [1]") for line in answer.explanation)


def test_sources_that_differ_are_both_told_newest_first(tmp_path: Path) -> None:
    engine = corpus(
        tmp_path,
        echo=(date(2031, 10, 4), "On October 2 the porters of Aldmouth resumed talks with the airline in a hotel."),
        star=(date(2031, 11, 8), "The porters of Aldmouth resumed talks with the airline on October 24, it said."),
    )
    try:
        answer = engine.ask(Question("when did the porters resume talks with the airline", ASKED))
    finally:
        engine.close()
    assert [one.value for one in answer.differences] == ["24 October 2031", "2 October 2031"]
    numbered = {one.number: one.article.id for one in answer.citations}
    assert [numbered[one.citation] for one in answer.differences] == ["star", "echo"]


def test_an_article_that_contradicts_its_date_is_marked_and_its_weekdays_tell_no_date(tmp_path: Path) -> None:
    text = "The porters of Aldmouth settled with the airline on Sunday. The airport reopened on Sept. 25, after a calm night."
    engine = corpus(tmp_path, echo=(date(2031, 9, 21), text))
    try:
        answer = engine.ask(Question("when did the porters settle with the airline", ASKED))
    finally:
        engine.close()
    assert answer.citations[0].article.doubt == "It tells “Sept. 25” as past, but is dated 21 September 2031."
    assert answer.when is None
    stream = io.StringIO()
    show_answer(console(stream), answer)
    assert "echo Post, 21 September 2031 (date uncertain)" in stream.getvalue()


def test_a_question_that_asks_for_no_date_gets_none(tmp_path: Path) -> None:
    engine = corpus(
        tmp_path, echo=(date(2031, 10, 28), "The porters of Aldmouth resumed talks with the airline Monday.")
    )
    try:
        answer = engine.ask(Question("what did the porters of Aldmouth do with the airline on Monday", ASKED))
    finally:
        engine.close()
    assert answer.citations
    assert answer.when is None


def test_no_article_of_the_starter_corpus_contradicts_its_date() -> None:
    folder = ArticleFolder(CORPUS)
    articles = [folder.read(stamp.path) for stamp in folder.stamps()]
    assert len(articles) > 200
    assert [one.id for one in articles if doubt_of(one.text, one.published, one.added.date())] == []
