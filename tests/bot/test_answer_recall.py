"""Kept answers against articles that stay, change and go."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.answer_recall import Lost, Quoted, RecentAnswers, answer_again, citations, is_whole, resolve
from bot.journal_records import GONE, Reference, Shown
from corpus.article import text_digest
from index.records import Answer, Outcome, Query, Question, Span
from tests.engines import ADDED, SmallEngine, configure, open_engine, write

TEXT = "The dockers of Aldmouth walked out. The harbour stood still. Nobody named a date."
QUOTED = "The harbour stood still."


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SmallEngine]:
    config = configure(tmp_path)
    write(tmp_path / "articles", "aldmouth", TEXT, title="Dockers walk out")
    write(tmp_path / "articles", "mill", "The mill closed. " + TEXT, collection="guild:7")
    made = open_engine(config)
    made.reindex(now=ADDED)
    yield made
    made.close()


def reference(collection: str, identity: str, text: str, quoted: str = QUOTED) -> Reference:
    start = text.index(quoted)
    return Reference(collection, identity, start, start + len(quoted), start, start + len(quoted), text_digest(quoted))


PUBLIC = reference("public", "aldmouth", TEXT)
OWN = reference("guild:7", "mill", "The mill closed. " + TEXT)


def test_a_quotation_comes_back_while_its_article_says_it_there(engine: SmallEngine) -> None:
    quoted = resolve(engine, PUBLIC, ("public",))
    assert isinstance(quoted, Quoted)
    assert quoted.span.of(quoted.text) == QUOTED
    citation = quoted.citation(4)
    assert (citation.number, citation.text, citation.article.id) == (4, QUOTED, "aldmouth")
    assert citation.highlights == (citation.span,)


def test_an_article_of_a_collection_that_may_not_be_seen_is_gone(engine: SmallEngine) -> None:
    assert resolve(engine, OWN, ("public", "guild:8")) is Lost.GONE
    assert isinstance(resolve(engine, OWN, ("public", "guild:7")), Quoted)


def test_a_withdrawn_article_is_gone_at_once(engine: SmallEngine) -> None:
    engine.folder.remove("aldmouth.md")
    assert resolve(engine, PUBLIC, ("public",)) is Lost.GONE


def test_an_article_that_changed_there_is_not_quoted(engine: SmallEngine) -> None:
    write(engine.folder.directory, "aldmouth", TEXT.replace("stood still", "is open"), title="Dockers walk out")
    engine.reindex(now=ADDED)
    assert resolve(engine, PUBLIC, ("public",)) is Lost.CHANGED


def test_offsets_that_lie_outside_the_text_and_places_of_a_forgotten_server_quote_nothing(engine: SmallEngine) -> None:
    assert resolve(engine, replace(PUBLIC, start=10**6, end=10**6 + 5), ("public",)) is Lost.CHANGED
    assert resolve(engine, GONE, ("public", "")) is Lost.GONE


def test_those_that_are_left_keep_their_numbers(engine: SmallEngine) -> None:
    found, lost = citations(engine, (PUBLIC, OWN, PUBLIC), ("public",), number=4)
    assert [one.number for one in found] == [4, 6]
    assert lost == 1


def test_an_answer_is_made_again_with_what_was_shown_first_and_further(engine: SmallEngine) -> None:
    shown = Shown(
        7,
        8,
        "me",
        datetime(2031, 5, 20, tzinfo=UTC),
        "what stood still?",
        "weak",
        0.4,
        True,
        1,
        (PUBLIC, OWN, PUBLIC),
        1,
    )
    answer, lost = answer_again(engine, shown, ("public", "guild:7"))
    assert (answer.outcome, answer.confidence, answer.generation, lost) == (Outcome.WEAK, 0.4, 1, 0)
    assert [one.number for one in answer.citations] == [1]
    assert [one.number for one in answer.further] == [2, 3]
    assert answer.citations[0].span == Span(PUBLIC.start, PUBLIC.end)
    assert answer_again(engine, replace(shown, first=2), ("public",))[1] == 1


def test_an_answer_is_whole_while_all_that_it_names_may_be_seen_and_is_there(engine: SmallEngine) -> None:
    both = ("public", "guild:7")
    answer = engine.ask(Question("did the harbour stand still?", ADDED, collections=both))
    named = [found[0] for one in (PUBLIC, OWN) if (found := engine.article(one.collection, one.article_id))]
    nothing = replace(answer, citations=(), further=(), nearest=tuple(named))
    for one in (answer, nothing):
        assert is_whole(engine, one, both)
        assert not is_whole(engine, one, ("public",))
    engine.folder.remove("aldmouth.md")
    assert not any(is_whole(engine, one, both) for one in (answer, nothing))


NO_ANSWER = Answer(Query("q", (), (), (), 0), Outcome.NOTHING, 0.0, (), 1, 0.0)


async def test_recent_answers_are_bounded_and_shared_once() -> None:
    kept = RecentAnswers(most=2)
    for number in range(1, 4):
        kept.keep(number, NO_ANSWER, 1)
    assert kept.get(1) is None
    assert kept.get(3) is NO_ANSWER
    kept.forget(3)
    assert kept.get(3) is None
    assert kept.begin_sharing(2)
    assert not kept.begin_sharing(2)
    kept.end_sharing(2)
    assert kept.begin_sharing(2)


async def test_recent_answers_go_after_their_time_though_no_other_comes() -> None:
    kept = RecentAnswers(lasting=timedelta())
    kept.keep(1, NO_ANSWER, 1)
    assert kept.get(1) is NO_ANSWER
    while kept.get(1) is not None:
        await asyncio.sleep(0)


async def test_recent_answers_to_a_person_go_with_the_person() -> None:
    kept = RecentAnswers()
    for number, person in enumerate((1, 2, 1)):
        kept.keep(number, NO_ANSWER, person)
    kept.forget_person(1)
    assert [kept.get(number) for number in range(3)] == [None, NO_ANSWER, None]
