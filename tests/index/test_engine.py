"""The engine: verbatim citations from one whole generation, of nobody's articles but those one may see."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import CorpusError
from corpus.files import ArticleFolder
from index.engine import Changes
from index.errors import DamagedError, EngineError, NoGenerationError, OutdatedError, QuestionError
from index.questions.reading import MAX_QUESTION, clean_question
from index.records import Answer, Outcome, Question, Span
from index.sentences import sentence_spans, trim
from tests.engines import (
    ASKED,
    PLACES,
    CountingModel,
    SmallEngine,
    WordReranking,
    as_another_version_made_it,
    configure,
    open_engine,
    report,
    write,
    write_corpus,
    write_version,
)
from tests.other_process import OtherProcess, other

__all__ = ["other"]  # a fixture

TOLD = Question("Which version is this report of the dockers who walked out?", ASKED)
COLLECTIONS = ("public", "guild:1", "guild:2")
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def now() -> datetime:
    return datetime.now(UTC)


def seen(engine: SmallEngine, question: Question, k: int = 100) -> set[tuple[str, str]]:
    """Collection and id of every article that a search shows, also of those folded into another."""
    _, found = engine.search(question, k)
    return {(one.collection, one.id) for item in found for one in (item.article, *item.also)}


def cited(answer: Answer) -> set[tuple[str, str]]:
    articles = [one for citation in answer.citations for one in (citation.article, *citation.also)]
    return {(one.collection, one.id) for one in (*articles, *answer.nearest)}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SmallEngine]:
    """Twelve articles, indexed."""
    made = open_engine(configure(tmp_path))
    write_corpus(tmp_path / "articles")
    made.reindex(now=now())
    yield made
    made.close()


# --- what was news ----------------------------------------------------------------------------------------------------


def test_what_was_news_when_a_question_was_asked_is_found_beyond_the_depth_of_the_search(tmp_path: Path) -> None:
    """Sixty older articles say more of what is asked than the one of that week."""
    for number in range(60):
        old = write(tmp_path / "articles", f"old-{number}", "Dockers walked out over pay at the pier. " * 3)
        old.write_text(old.read_text("utf-8").replace("2031-05-10", "2031-01-10"), "utf-8")
    write(tmp_path / "articles", "fresh", "The dockers are back. " + "Nobody knows what the harbour will do next. " * 9)
    with closing(open_engine(configure(tmp_path))) as engine:
        engine.reindex(now=now())

        def is_found(asked: datetime, words: str) -> bool:
            return ("public", "fresh") in seen(engine, Question(words, asked), 20)

        words = "did dockers walk out over pay"
        assert is_found(datetime(2031, 5, 12, tzinfo=UTC), words)
        assert not is_found(datetime(2031, 6, 12, tzinfo=UTC), words)
        assert not is_found(datetime(2031, 5, 12, tzinfo=UTC), f"{words} in january")
        assert not is_found(datetime(2031, 5, 12, tzinfo=UTC), f"{words} in the 2019 strike")


# --- who sees what ----------------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.sampled_from(COLLECTIONS), st.integers(0, 2)), min_size=1, max_size=10),
    st.sets(st.sampled_from((*COLLECTIONS, "guild:3"))),
    st.sampled_from(["0", "1"]),
)
@settings(slow, max_examples=25)
def test_only_articles_of_the_allowed_collections_are_found_and_all_of_them(
    tmp_path_factory: pytest.TempPathFactory, given: list[tuple[str, int]], allowed: set[str], gate: str
) -> None:
    place = tmp_path_factory.mktemp("isolation")
    config = configure(place)
    config.write_text(config.read_text().replace(" = 0\n", f" = {gate}\n"))  # 1: always “nothing”, with the nearest
    for number, (collection, kind) in enumerate(given):
        write(place / "articles", f"a{number}", "The mill workers struck. " * (kind + 1), collection=collection)
    engine = open_engine(config)
    engine.reindex(now=now())
    question = Question("When did the mill workers strike?", ASKED, collections=tuple(allowed))
    expected = {(collection, f"a{number}") for number, (collection, _) in enumerate(given) if collection in allowed}
    answer = engine.ask(question)
    assert seen(engine, question) == expected
    assert cited(answer) <= expected
    assert bool(cited(answer)) == bool(expected)
    if gate == "1":
        assert (answer.outcome, answer.citations) == (Outcome.NOTHING, ())
    engine.close()


def test_a_generation_that_an_older_version_made_is_not_gone_back_to_and_a_reindex_makes_a_new_one(
    engine: SmallEngine,
) -> None:
    write_version(engine.folder.directory, 1)
    engine.reindex(now=now())
    for number in (1, 2):
        as_another_version_made_it(engine.generations.folder(number))
    with pytest.raises(DamagedError, match="made by another version of Picket"):
        engine.rollback(1, now=now())
    assert engine.generations.current() == 2
    anew = open_engine(engine.folder.directory.parent / "bot.toml")
    with closing(anew), pytest.raises(DamagedError, match="made by another version of Picket"):
        anew.ask(TOLD)
    report = engine.reindex(now=now())
    assert (report.published, report.embedded, report.failures) == (True, 0, ())
    assert engine.ask(TOLD).citations


def test_a_running_engine_says_what_helps_where_another_model_made_the_generation(engine: SmallEngine) -> None:
    config = engine.folder.directory.parent / "bot.toml"
    engine.ask(TOLD)
    with closing(open_engine(config, CountingModel(32))) as anew:
        anew.reindex(now=now())
        with pytest.raises(OutdatedError, match=r"^Generation 2 was made with hashing@32, not hashing@64; .* restart"):
            engine.ask(TOLD)
        with pytest.raises(OutdatedError, match=r"^Generation 1 was made with hashing@64, .* set \[embedding\] model"):
            anew.rollback(None, now=now())
        assert anew.ask(TOLD).generation == 2
    assert engine.rollback(1, now=now()).number == 1
    assert engine.ask(TOLD).generation == 1


def test_the_filter_is_part_of_the_runs_and_not_a_step_after_them(tmp_path: Path) -> None:
    """Eighty better matches that may not be seen, or are withdrawn, crowd out none of the three that may."""
    engine = open_engine(configure(tmp_path, "[search]\ndepth = 10\n"))
    for number in range(40):
        for collection in ("guild:1", "public"):
            write(
                tmp_path / "articles",
                f"mill-{number}",
                f"When did mill {number} of Tarn strike? Tarn!",
                collection=collection,
            )
    for name in ("one", "two", "three"):
        write(tmp_path / "articles", name, f"Somewhere else entirely, mill number {name} was for sale in Tarn.")
    engine.reindex(now=now())
    for path in (tmp_path / "articles").glob("mill-*.md"):
        path.unlink()
    question = Question("When did the mill of Tarn strike?", ASKED)
    assert seen(engine, question, 10) == {("public", "one"), ("public", "two"), ("public", "three")}
    assert cited(engine.ask(question)) <= {("public", "one"), ("public", "two"), ("public", "three")}
    both = Question(question.text, ASKED, collections=("public", "guild:1"))
    assert {collection for collection, _ in cited(engine.ask(both))} == {"guild:1"}
    engine.close()


@pytest.mark.parametrize("collections", [(), ("guild:3",), ("guild:*",), ("PUBLIC",), ("public OR guild:1",), ("",)])
def test_no_collection_or_one_that_is_not_there_finds_nothing(
    engine: SmallEngine, collections: tuple[str, ...]
) -> None:
    answer = engine.ask(Question(TOLD.text, ASKED, collections=collections))
    assert (answer.outcome, answer.citations, answer.nearest) == (Outcome.NOTHING, (), ())


# --- one generation at a time -----------------------------------------------------------------------------------------


def open_generations(engine: SmallEngine) -> set[str]:
    """The engine's generations of which this process holds a file open or mapped."""
    folders = f"{engine.generations.folders.resolve()}/"
    held = [str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    held += Path("/proc/self/maps").read_text().splitlines()
    return {line.partition(folders)[2].partition("/")[0] for line in held if folders in line}


def test_a_running_engine_notices_what_another_process_publishes_and_takes_back(
    engine: SmallEngine, other: OtherProcess
) -> None:
    config = engine.folder.directory.parent / "bot.toml"
    assert engine.ask(TOLD).generation == 1
    write_version(engine.folder.directory, 1)
    other.reindex(config)
    answer = engine.ask(TOLD)
    assert answer.generation == 2
    assert any("version 1 " in citation.text for citation in answer.citations)
    other.start("rollback", config)
    assert other.finish() == (0, "")
    answer = engine.ask(TOLD)
    assert answer.generation == 1
    assert any("version 0 " in citation.text for citation in answer.citations)
    assert open_generations(engine) == {"000001"}


def test_a_question_under_way_keeps_its_generation(engine: SmallEngine) -> None:
    with engine.searcher() as held:
        for version in range(1, 6):
            write_version(engine.folder.directory, version)
            engine.reindex(now=now())
            assert engine.ask(TOLD).generation == version + 1
        assert held.tables.verify() == 12
        assert "version 0 " in held.tables.article_text(0)
        assert engine.generations.numbers() == [1, 4, 5, 6]
        assert open_generations(engine) == {"000001", "000006"}
    del held
    assert open_generations(engine) == {"000006"}
    engine.close()
    assert open_generations(engine) == set()


def test_eight_threads_ask_while_reindexes_and_rollbacks_go_on(engine: SmallEngine) -> None:
    engine.ask(TOLD)
    versions = {1: 0}
    files = len(list(Path("/proc/self/fd").iterdir()))
    stop, trouble, answers = threading.Event(), list[BaseException](), list[Answer]()

    def ask() -> None:
        try:
            while not stop.is_set():
                answers.append(engine.ask(TOLD))
        except BaseException as error:  # noqa: BLE001 - told to the test
            trouble.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    begun = time.monotonic()
    version = 0
    while version < 12 and time.monotonic() - begun < 30:
        version += 1
        write_version(engine.folder.directory, version)
        versions[engine.reindex(now=now()).generation] = version
        if version % 3 == 0:
            engine.rollback(None, now=now())
    stop.set()
    for thread in threads:
        thread.join()
    assert not trouble
    assert len({answer.generation for answer in answers}) > 3
    for answer in answers:
        assert answer.outcome is Outcome.ANSWERED
        for citation in answer.citations:
            place = next(place for place in PLACES if place.lower() == citation.article.id)
            assert citation.span.of(report(place, versions[answer.generation])) == citation.text
    last = engine.ask(TOLD).generation
    assert open_generations(engine) == {f"{last:06d}"}
    # As many connections as threads that read at once, and nothing of the generations before.
    assert len(list(Path("/proc/self/fd").iterdir())) <= files + 8
    engine.close()
    assert open_generations(engine) == set()


def test_a_closed_engine_may_be_closed_again(engine: SmallEngine) -> None:
    engine.ask(TOLD)
    engine.close()
    engine.close()
    assert open_generations(engine) == set()


# --- verbatim ---------------------------------------------------------------------------------------------------------

WORDS = (
    "strike pay studio union Monday talks Mr. U.S. $5 1,000 2:30 p.m. “Yes,” said… — AI’s naïve e.g. No. "
    "罢工 забастовка إضراب 🎬"
)
words = st.sampled_from(WORDS.split())
lines = st.lists(words, min_size=1, max_size=25).map(" ".join)
ends = st.sampled_from([". ", "! ", "? ", "\n", "\n\n", "… ", ".” "])
parts = lines | st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
texts = st.lists(st.tuples(parts, ends).map("".join), min_size=1, max_size=6).map("".join)


@given(st.lists(texts, min_size=1, max_size=4), words, st.integers(1, 3))
@settings(slow, max_examples=40)
def test_every_citation_is_a_slice_and_every_highlight_a_whole_sentence_of_it(
    tmp_path_factory: pytest.TempPathFactory, contents: list[str], word: str, sentences: int
) -> None:
    place = tmp_path_factory.mktemp("verbatim")
    engine = open_engine(configure(place, f"sentences = {sentences}\n"))
    for number, text in enumerate(contents):
        (place / "articles" / f"a{number}.md").write_text(f"---\ntitle: Report {number}\n---\n\n{text}\n", "utf-8")
    folder = ArticleFolder(place / "articles")
    truth: dict[str, str] = {}
    for stamp in folder.stamps():
        try:
            article = folder.read(stamp.path)
        except CorpusError:
            continue
        truth[article.id] = article.text
    done = engine.reindex(now=now())
    assert (done.articles, len(done.failures)) == (len(truth), len(contents) - len(truth))
    answer = engine.ask(Question(f"what of the report and {word}?", ASKED))
    assert bool(answer.citations) == any(text.strip() for text in truth.values())
    for citation in answer.citations:
        text = truth[citation.article.id]
        assert text[citation.span.start : citation.span.end] == citation.text != ""
        whole = {trim(text, span) for span in sentence_spans(text)}
        within = [span for span in whole if citation.span.start <= span.start and span.end <= citation.span.end]
        assert len(within) <= sentences
        assert citation.highlights
        for span in citation.highlights:
            assert citation.span.start <= span.start < span.end <= citation.span.end
            # A sentence of more pieces than the model reads is cut at words; it is 200 characters long at the least.
            assert span in whole or any(_inside(span, one) and one.end - one.start > 200 for one in whole)
        if all(one.end - one.start <= 200 for one in whole):
            assert {citation.span.start, citation.span.end} <= {at for one in within for at in (one.start, one.end)}
    engine.close()


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


# --- anything may be asked --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallEngine]:
    """One index for many questions."""
    place = tmp_path_factory.mktemp("standing")
    made = open_engine(configure(place))
    write_corpus(place / "articles")
    made.reindex(now=now())
    yield made
    made.close()


@given(st.text(st.characters(exclude_categories=[]), max_size=200))
@settings(slow, max_examples=150)
def test_any_question_is_answered_or_refused_with_a_sentence(standing: SmallEngine, text: str) -> None:
    refused = ""
    try:
        answer = standing.ask(Question(text, ASKED))
    except QuestionError as error:
        refused = str(error)
    else:
        assert answer.outcome in Outcome
        answer.query.text.encode()
    assert not refused or "no words" in refused
    assert bool(refused) == (not any(one.isalnum() for one in text if one.isprintable() or one.isspace()))


@pytest.mark.parametrize("text", ["", " ", "\0", "\n\t", "?!", "\ud800", "\u200b", "—…", "🎬"])
def test_a_question_without_words_is_refused(standing: SmallEngine, text: str) -> None:
    with pytest.raises(QuestionError, match=r"The question has no words; ask something such as “.*”\."):
        standing.ask(Question(text, ASKED))


@pytest.mark.parametrize("text", ["x" * 100_000, "pay " * 30_000, "\0" * 5_000, "“" * (MAX_QUESTION + 1)])
def test_a_huge_question_is_refused_with_the_limit(standing: SmallEngine, text: str) -> None:
    with pytest.raises(QuestionError, match=r"has [\d,]+ characters, over the limit of 4,000; ask it in fewer words"):
        standing.ask(Question(text, ASKED))


@pytest.mark.parametrize(
    "text",
    [
        "x" * MAX_QUESTION,
        "pay " * (MAX_QUESTION // 4),
        "a\0b dockers",
        "dockers \ud83d walk \udc00 out",
        'text:dockers AND NOT (collection:public) OR "walk out"~3^2',
        "* dockers ? [a TO z] {x} +must -not \\escape /regex/",
        "NEAR(dockers walk) OR dockers*",
        "'; drop table passages; --",
        "${HOME} $(id) `id` %s %n {0}",
        "罢工是什么时候开始的？",
        "когда бастовали докеры",
        "متى بدأ الإضراب",
        "ｄｏｃｋｅｒｓ",
        "docke\u0301rs",
        "\u202edockers\u202c",
        "AND OR NOT",
        "the of and",
        "<script>alert(1)</script> @everyone",
    ],
)
def test_no_words_are_taken_for_instructions(standing: SmallEngine, text: str) -> None:
    answer = standing.ask(Question(text, ASKED))
    for citation in answer.citations:
        place = next(place for place in PLACES if place.lower() == citation.article.id)
        assert citation.span.of(report(place, 0)) == citation.text
    assert len(standing.search(Question(text, ASKED), 5)[1]) <= 5


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  when\tdid\r\nit  end? ", "when did it end?"),
        ("cafe\u0301 strike", "café strike"),
        ("a\u200bb\u2028c", "ab c"),
        ("SAG\u00a0AFTRA’s “deal”", "SAG AFTRA’s “deal”"),  # curly quotes stay
    ],
)
def test_a_question_is_cleaned_to_one_line(text: str, clean: str) -> None:
    assert clean_question(text) == clean


def test_the_same_question_has_the_same_answer(standing: SmallEngine) -> None:
    one, two = standing.ask(TOLD), standing.ask(TOLD)
    assert (one.citations, one.confidence, one.outcome) == (two.citations, two.confidence, two.outcome)


def test_status_and_history_tell_what_is_in_use(engine: SmallEngine) -> None:
    write_version(engine.folder.directory, 1)
    engine.reindex(now=now(), whom="moderator 17")
    (engine.folder.directory / "corvale.md").unlink()
    status = engine.status()
    assert (status.manifest.number, status.manifest.made_for, status.manifest.changed) == (2, "moderator 17", 3)
    assert (status.files, status.withdrawn, status.generations) == (11, 1, (1, 2))
    (engine.generations.folder(1) / "passages.db").unlink()
    history = engine.history()
    assert [used for _, used in history] == [True, False]
    assert "lacks passages.db" in str(history[1][0])
    with pytest.raises(EngineError, match=r"000001 lacks passages\.db"):
        engine.rollback(None, now=now())
    current = engine.storage / "index" / "CURRENT"
    current.write_text("rubbish")
    assert [used for _, used in engine.history()] == [False, False]
    current.unlink()
    assert [used for _, used in engine.history()] == [False, False]


# --- what changed -------------------------------------------------------------------------------------------------------


def test_the_changes_between_two_generations_are_told_by_collection(engine: SmallEngine, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    write(folder, "mills", "The millers struck.", collection="guild:5")
    (folder / "corvale.md").unlink()
    write_version(folder, 1)
    report = engine.reindex(now=now())
    assert engine.changes(1, report.generation, ["public"]) == Changes(
        (), (("public", "corvale"),), (("public", "aldmouth"), ("public", "eastholm"), ("public", "inverlake"))
    )
    assert engine.changes(1, report.generation, ["guild:5"]) == Changes((("guild:5", "mills"),), (), ())
    assert engine.changes(1, report.generation, ["guild:6"]) == Changes((), (), ())
    assert list(engine.files_of(report.generation, "guild:5")) == ["guild-5/mills.md"]
    with pytest.raises(NoGenerationError, match="There is no generation 9"):
        engine.changes(9, report.generation, ["public"])


def test_articles_are_listed_newest_first_and_none_of_another_server(engine: SmallEngine, tmp_path: Path) -> None:
    write(tmp_path / "articles", "mills", "The millers struck.", collection="guild:5")
    engine.reindex(now=now())
    assert {one.id for one in engine.articles(["guild:5"])} == {"mills"}
    listed = engine.articles(["public"], since=date(2031, 5, 10), until=date(2031, 5, 10))
    assert len(listed) == 12
    assert "mills" not in {one.id for one in listed}
    assert engine.articles(["public"], since=date(2031, 5, 11)) == []
    found = engine.article("guild:5", "mills")
    assert found is not None
    assert found[1] == "The millers struck."
    assert engine.article("public", "mills") is None
    (tmp_path / "articles" / "guild-5" / "mills.md").unlink()
    assert engine.article("guild:5", "mills") is None
    assert engine.articles(["guild:5"]) == []


# --- the reranker -----------------------------------------------------------------------------------------------------


# Six stories that have little but the dockers in common, so that none folds into another.
STORIES = {
    "pay": "The dockers of Corvale walked out over their pay. Snow fell on the empty quays.",
    "rest": "Longer rest between shifts is what dockers ask for in Dunmere. A mediator came by train.",
    "vote": "By 812 votes to 96 the dockers in Hexley refused an offer. Counting took all night.",
    "talks": "Talks with dockers resumed in Fennick. The port's director brought two lawyers and some cake.",
    "end": "Cranes moved again at Eastholm when dockers went back. Ships had waited for nine days.",
    "rally": "A brass band led the dockers through Brackwater. Shopkeepers handed out tea and soup.",
}


@pytest.fixture
def reread(tmp_path: Path) -> Iterator[SmallEngine]:
    """Six articles, and a reranker that counts words."""
    made = open_engine(configure(tmp_path), reranking=WordReranking())
    for name, text in STORIES.items():
        write(tmp_path / "articles", name, text, title=f"News of the {name}")
    made.reindex(now=now())
    yield made
    made.close()


def test_what_the_reranker_reads_decides_the_order_and_more_is_numbered_on(reread: SmallEngine) -> None:
    answer = reread.ask(Question("who leads the dockers?", ASKED))
    assert answer.citations[0].article.id == "rally"
    assert [one.number for one in answer.citations] == [1, 2, 3]
    assert [one.number for one in answer.further] == list(range(4, 4 + len(answer.further)))
    assert 0 < len(answer.further) <= 12
    shown = [(one.article.id, one.highlights[0]) for one in (*answer.citations, *answer.further)]
    assert len({*shown}) == len(shown)
    assert any(line.startswith("reranked: ") for line in answer.explanation)
    assert sum(", read " in line for line in answer.explanation) >= 3


def test_every_further_citation_is_a_slice_too(reread: SmallEngine) -> None:
    answer = reread.ask(Question("Where did the dockers resume talks?", ASKED))
    assert answer.further
    for one in answer.further:
        found = reread.article("public", one.article.id)
        assert found is not None
        assert one.span.of(found[1]) == one.text


def test_a_search_is_reread_and_loses_no_hit(reread: SmallEngine) -> None:
    question = Question("dockers of Corvale", ASKED)
    assert {identity for _, identity in seen(reread, question)} == STORIES.keys()
    _, found = reread.search(question, 5)
    assert found[0].article.id == "pay"
    scores = [item.hit.score for item in found]
    assert scores == sorted(scores, reverse=True)
    assert [name for name, _, _ in found[0].hit.evidence][-2:] == ["fused", "worded"]
    _, unread = reread.search(question, 5, reread=False)
    assert "fused" not in {name for item in unread for name, _, _ in item.hit.evidence}


def test_no_more_searches_are_under_way_than_there_are_cores(
    engine: SmallEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    cores = len(os.sched_getaffinity(0))
    under_way, counted, most = 0, threading.Lock(), 0
    all_in = threading.Barrier(cores)
    find = engine._find

    def watched(*arguments: Any, **named: Any) -> Any:
        nonlocal under_way, most
        with counted:
            under_way += 1
            most = max(most, under_way)
        all_in.wait(30)  # until as many as may be are here, before any of them ends
        found = find(*arguments, **named)
        all_in.wait(30)
        with counted:
            under_way -= 1
        return found

    monkeypatch.setattr(engine, "_find", watched)
    with ThreadPoolExecutor(4 * cores) as pool:
        asked = [pool.submit(engine.search, TOLD, 5, reread=False) for _ in range(4 * cores)]
        assert all(one.result()[1] for one in asked)
    assert most == cores


def test_no_more_passages_are_read_than_the_setting_says(tmp_path: Path) -> None:
    config = configure(tmp_path)
    config.write_text(config.read_text("utf-8").replace('model = "none"', 'model = "none"\npassages = 4'), "utf-8")
    reranking = WordReranking()
    engine = open_engine(config, reranking=reranking)
    write_corpus(tmp_path / "articles")
    engine.reindex(now=now())
    engine.search(Question("dockers", ASKED), 10)
    assert len(reranking.made.read) == 4
    engine.close()
    assert reranking.made.closed


def test_what_the_gate_sees_is_told_of_questions_alone(reread: SmallEngine, engine: SmallEngine) -> None:
    question = Question("When did the dockers of Hexley vote?", ASKED)
    read, unread = reread.figures(question), engine.figures(question)
    assert read is not None
    assert unread is not None
    assert "reading" in read
    assert "nearest" in unread
    assert reread.figures(Question("thanks bot", ASKED)) is None
    assert reread.figures(Question("When?", ASKED, collections=("guild:9",))) is None


def test_a_reranker_that_is_not_there_gives_a_sentence_and_search_is_refused_too(tmp_path: Path) -> None:
    config = configure(tmp_path)
    config.write_text(config.read_text("utf-8").replace('"none"', '"no-such-reranker"'), "utf-8")
    write_corpus(tmp_path / "articles")
    engine = open_engine(config)
    engine.reindex(now=now())
    with pytest.raises(EngineError, match="“no-such-reranker” is not installed"):
        engine.ask(Question("Who walked out?", ASKED))
    engine.close()


def test_copies_of_one_story_take_no_other_hit_s_place(tmp_path: Path) -> None:
    config = configure(tmp_path, "[search]\ndepth = 60\n")
    for number in range(30):
        write(tmp_path / "articles", f"copy{number}", "The dockers walked out over their pay. The harbour stood still.")
    for place in PLACES[:8]:
        write(tmp_path / "articles", place.lower(), f"{place} dockers. {place} pay. {place} harbour. {place} walked.")
    engine = open_engine(config)
    engine.reindex(now=now())
    _, found = engine.search(Question("The dockers walked out over their pay", ASKED), 8)
    assert len(found) == 8
    assert len({one.article.id.startswith("copy") for one in found}) == 2
    assert len(found[0].also) == 29
    engine.close()
