"""A reindex does what is needed and no more, tells what it left out, and whatever fails leaves what was in use."""

import json
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Article
from corpus.files import ArticleFolder
from index.builder import BuildReport
from index.engine import no_progress
from index.errors import BuildError, DamagedError, EngineError, StorageError
from index.generations import Failure, Generations, Manifest, OnProgress
from index.lexical import PostingsWriter
from index.records import Outcome, Question
from tests.engines import ASKED, PLACES, CountingModel, SmallEngine, configure, open_engine, report, write, write_corpus
from tests.hashing import HashingEncoder
from tests.other_process import OtherProcess, other

__all__ = ["other"]  # a fixture

HOUR_AGO = time.time() - 3_600
DOCKERS = Question("Where did the dockers walk out over their pay?", ASKED)


class WatchedFolder(ArticleFolder):
    """Notes which files were read and which were parsed."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.opened: list[str] = []
        self.parsed: list[str] = []

    def read_bytes(self, path: str) -> bytes:
        self.opened.append(path)
        return super().read_bytes(path)

    def parse(self, path: str, raw: bytes) -> Article:
        self.parsed.append(path)
        return super().parse(path, raw)


class Place:
    """One index and its articles; every reindex is that of a fresh process, and is watched."""

    def __init__(self, folder: Path, extra: str = "") -> None:
        self.config = configure(folder, extra)
        self.articles = folder / "articles"
        self.index = folder / "var" / "index"
        self.model = CountingModel()
        self.folder = WatchedFolder(self.articles)

    def engine(self) -> SmallEngine:
        made = open_engine(self.config, self.model)
        made.folder = self.folder
        return made

    def reindex(self, *, full: bool = False, progress: OnProgress = no_progress) -> BuildReport:
        self.model = CountingModel(self.model.made.dimensions)
        self.folder = WatchedFolder(self.articles)
        engine = self.engine()
        try:
            return engine.reindex(full=full, now=datetime.now(UTC), progress=progress)
        finally:
            engine.close()

    def found(self, question: Question = DOCKERS) -> set[str]:
        """The ids of all articles that a fresh process finds."""
        engine = self.engine()
        try:
            _, found = engine.search(question, 100)
            return {article.id for item in found for article in (item.article, *item.also)}
        finally:
            engine.close()

    def rows(self, number: int) -> list[tuple[object, ...]]:
        """All that a generation holds of its articles and passages."""
        place = self.index / "generations" / f"{number:06d}" / "passages.db"
        connection = sqlite3.connect(place)
        rows = connection.execute("select * from articles order by row").fetchall()
        rows += connection.execute("select * from passages order by number").fetchall()
        connection.close()
        return rows


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Twelve articles, indexed."""
    made = Place(tmp_path)
    write_corpus(made.articles)
    first = made.reindex()
    assert (first.published, first.generation, first.articles, first.embedded) == (True, 1, 12, 12)
    return made


@pytest.fixture
def unharmed(place: Place) -> Iterator[Place]:
    """What is tried fails, and afterwards everything is as it was and the next reindex does what is due."""
    write(place.articles, "mills", "The millers of Tarn struck. Their mills stood still.")
    yield place
    generations = Generations(place.index)
    assert (generations.current(), generations.numbers()) == (1, [1])
    assert [one.name for one in generations.folders.iterdir()] == ["000001"]
    assert place.found() == {name.lower() for name in PLACES}
    done = place.reindex()
    assert (done.published, done.added, done.articles) == (True, 1, 13)
    assert "mills" in place.found()


# --- no more than is needed -------------------------------------------------------------------------------------------


def test_nothing_changed_publishes_nothing_embeds_nothing_and_asks_for_no_model(place: Place) -> None:
    again = place.reindex()
    assert (again.published, again.generation, again.articles, again.passages) == (False, 1, 12, 12)
    assert (again.added, again.removed, again.changed, again.embedded, again.failures) == (0, 0, 0, 0, ())
    assert (place.model.asked, place.folder.parsed) == (0, [])
    assert Generations(place.index).numbers() == [1]


def test_files_older_than_the_generation_are_not_even_read(place: Place) -> None:
    for path in place.articles.iterdir():
        os.utime(path, (HOUR_AGO, HOUR_AGO))
    write(place.articles, "mills", "The millers of Tarn struck.")
    assert place.reindex().added == 1  # and now the old times are known
    assert not place.reindex().published
    assert place.folder.opened == ["mills.md"]  # as young as the generation: it may have changed again since


def test_a_touched_file_is_read_but_not_parsed_and_nothing_is_published(place: Place) -> None:
    (place.articles / "corvale.md").touch()
    os.utime(place.articles / "dunmere.md", (HOUR_AGO, HOUR_AGO))
    again = place.reindex()
    assert (again.published, place.folder.parsed, place.model.asked) == (False, [], 0)
    assert {"corvale.md", "dunmere.md"} <= set(place.folder.opened)


def test_a_change_that_keeps_size_and_time_is_seen_while_the_clock_may_not_have_moved(place: Place) -> None:
    path = place.articles / "corvale.md"
    status = path.stat()
    write(place.articles, "corvale", report("Corvale", 0).replace("days", "eons"), title="Corvale dockers walk out")
    assert path.stat().st_size == status.st_size
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert place.reindex().changed == 1


def test_of_one_changed_article_only_the_new_texts_are_embedded(place: Place) -> None:
    long = "\n\n".join(f"Paragraph {k} tells of the strike in words of its own, at some length. " * 4 for k in range(9))
    write(place.articles, "long", long)
    many = place.reindex().embedded
    assert many > 4
    write(place.articles, "long", long + "\n\nAnd on Friday it ended.")
    changed = place.reindex()
    assert (changed.published, changed.changed, changed.added, changed.removed) == (True, 1, 0, 0)
    assert 1 <= changed.embedded == place.model.made.encoded <= 2
    assert place.folder.parsed == ["long.md"]
    assert changed.articles == 13


def test_full_parses_everything_and_embeds_nothing(place: Place) -> None:
    full = place.reindex(full=True)
    assert (full.published, full.generation, full.embedded, place.model.made.encoded) == (True, 2, 0, 0)
    assert (full.added, full.removed, full.changed) == (0, 0, 0)
    assert len(place.folder.parsed) == 12
    assert place.rows(2) == place.rows(1)


def test_the_model_is_loaded_beside_the_cutting_where_and_only_where_a_text_is_new(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []
    encode = HashingEncoder.encode_passages

    def watched(self: HashingEncoder, texts: Sequence[str], *rest: Any) -> Any:
        asked.append((threading.current_thread().name.partition("_")[0], len(texts)))
        return encode(self, texts, *rest)

    monkeypatch.setattr(HashingEncoder, "encode_passages", watched)
    place.reindex(full=True)
    assert asked == []
    write(place.articles, "mills", "The millers of Tarn struck. Their mills stood still.")
    place.reindex(full=True)
    assert sorted(asked) == [("MainThread", 1), ("building", 0)]


def test_postings_that_can_not_be_ended_are_said_and_change_nothing(
    unharmed: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: PostingsWriter) -> None:
        self.abandon()
        raise StorageError("no free space")

    with monkeypatch.context() as patch:
        patch.setattr(PostingsWriter, "close", full)
        with pytest.raises(StorageError, match="no free space"):
            unharmed.reindex()


def test_a_text_that_several_articles_share_is_embedded_once(tmp_path: Path) -> None:
    place = Place(tmp_path)
    for name in ("one", "two", "three"):
        write(place.articles, name, "The same words stand in each of them.", title="Same")
    first = place.reindex()
    assert (first.passages, first.embedded, place.model.made.encoded) == (3, 1, 1)
    write(place.articles, "four", "The same words stand in each of them.", title="Same")
    assert place.reindex().embedded == 0


def test_the_same_articles_give_the_same_rows_and_vectors_however_they_came(tmp_path: Path) -> None:
    at_once, by_and_by = Place(tmp_path / "a"), Place(tmp_path / "b")
    write_corpus(at_once.articles)
    for path in at_once.articles.iterdir():
        os.utime(path, (HOUR_AGO, HOUR_AGO))
    at_once.reindex()
    for path in sorted(at_once.articles.iterdir(), reverse=True):
        shutil.copy2(path, by_and_by.articles / path.name)
        last = by_and_by.reindex()
    assert last.generation == 12
    assert by_and_by.rows(12) == at_once.rows(1)
    vectors = [
        one.index / "generations" / name / "vectors.faiss" for one, name in ((at_once, "000001"), (by_and_by, "000012"))
    ]
    assert vectors[0].read_bytes() == vectors[1].read_bytes()


# --- coming, going, failing -------------------------------------------------------------------------------------------


def test_a_removed_article_is_withdrawn_at_once_also_elsewhere_and_dropped_by_a_reindex(place: Place) -> None:
    running = place.engine()
    _, before = running.search(DOCKERS, 50)
    kept = (place.articles / "hexley.md").read_bytes()
    (place.articles / "hexley.md").unlink()
    assert place.found() == {name.lower() for name in PLACES} - {"hexley"}
    for question in (DOCKERS, Question("What did the port authority of Hexley say?", ASKED)):
        _, after = running.search(question, 50)
        shown = {article.id for item in after for article in (item.article, *item.also)}
        assert len(shown) == 11
        assert "hexley" not in shown
        assert all("Hexley" not in citation.text for citation in running.ask(question).citations)
    dropped = place.reindex()
    assert (dropped.published, dropped.removed, dropped.articles, dropped.embedded) == (True, 1, 11, 0)
    assert place.model.asked == 0
    (place.articles / "hexley.md").write_bytes(kept)
    back = place.reindex()
    assert (back.added, back.articles, back.embedded) == (1, 12, 0)
    _, again = running.search(DOCKERS, 50)
    assert [item.passage.text for item in again] == [item.passage.text for item in before]
    running.close()


def test_a_bad_article_is_told_and_the_others_are_published(place: Place) -> None:
    (place.articles / "bad.md").write_bytes(b"---\ntitle: [\n---\nText.\n")
    (place.articles / "latin.md").write_bytes(b"---\ntitle: x\n---\nCaf\xe9.\n")
    (place.articles / "empty.md").write_bytes(b"")
    write(place.articles, "good", "The weavers struck too.")
    done = place.reindex()
    assert (done.published, done.articles, done.added) == (True, 13, 1)
    assert [sum(name in line.why for line in done.failures) for name in ("bad", "latin", "empty")] == [1, 1, 1]
    assert Manifest.read(place.index / "generations" / "000002").failures == done.failures
    again = place.reindex()  # told again, but nothing to publish
    assert (again.published, again.failures) == (False, done.failures)


def test_a_bad_article_alone_makes_no_generation_and_pushes_none_out(place: Place) -> None:
    (place.articles / "bad.md").write_bytes(b"\xff")
    done = place.reindex()
    assert (done.published, done.generation, done.articles, len(done.failures)) == (False, 1, 12, 1)
    (place.articles / "bad.md").unlink()
    done = place.reindex()
    assert (done.published, done.generation, done.articles, done.failures) == (False, 1, 12, ())


def test_vectors_that_can_not_be_pruned_after_a_full_reindex_are_a_remark(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise StorageError("no free space")

    monkeypatch.setattr("index.vectors.VectorCache.prune", full)
    done = place.reindex(full=True)
    assert (done.published, done.generation, done.remarks) == (True, 2, ("no free space",))
    assert place.found() == {name.lower() for name in PLACES}


def test_an_article_that_turns_bad_is_taken_out_and_told(place: Place) -> None:
    (place.articles / "kelsing.md").write_bytes(b"\xff")
    done = place.reindex()
    assert (done.published, done.removed, done.articles) == (True, 1, 11)
    assert "kelsing.md" in done.failures[0].why
    assert "kelsing" not in place.found()


def test_of_two_files_with_one_id_the_first_is_kept_and_the_other_told(place: Place) -> None:
    write(place.articles, "zz-copy", "Another text under a name that is taken.", id="aldmouth")
    for _ in range(2):
        done = place.reindex()
        assert (done.published, done.articles) == (False, 12)  # it was there first, also by name: nothing changes
        why = "“aldmouth.md” and “zz-copy.md” have the same id “aldmouth”; change one of them."
        assert done.failures == (Failure("public", why),)
    write(place.articles, "aa-copy", "A third text under a name that is taken.", id="aldmouth")
    done = place.reindex()
    assert (done.published, done.changed, done.articles, len(done.failures)) == (True, 1, 12, 2)
    (place.articles / "aa-copy.md").unlink()
    (place.articles / "zz-copy.md").unlink()
    done = place.reindex()
    assert (done.published, done.changed, done.articles, done.failures) == (True, 1, 12, ())


def test_the_same_id_in_two_collections_is_two_articles(place: Place) -> None:
    write(place.articles, "aldmouth", "The server's own words on it.", collection="guild:5")
    done = place.reindex()
    assert (done.articles, done.added, done.failures) == (13, 1, ())


def test_an_empty_folder_gives_an_empty_generation_that_answers_nothing(tmp_path: Path) -> None:
    place = Place(tmp_path)
    done = place.reindex()
    assert (done.published, done.articles, done.passages) == (True, 0, 0)
    assert not place.reindex().published
    engine = place.engine()
    answer = engine.ask(DOCKERS)
    assert (answer.outcome, answer.citations, answer.nearest) == (Outcome.NOTHING, (), ())
    assert engine.search(DOCKERS, 10)[1] == []
    engine.close()
    write(place.articles, "mills", "The millers of Tarn struck.")
    assert place.reindex().added == 1
    assert place.found() == {"mills"}


def test_a_folder_of_bad_articles_alone_says_so_and_answers_nothing(place: Place) -> None:
    for path in place.articles.iterdir():
        path.write_bytes(b"\xff")
    done = place.reindex()
    assert (done.published, done.articles, done.removed, len(done.failures)) == (True, 0, 12, 12)
    assert place.found() == set()


def test_a_missing_folder_of_articles_is_said_and_changes_nothing(place: Place) -> None:
    place.articles.rename(place.articles.with_name("elsewhere"))
    with pytest.raises(StorageError, match=r"articles is no folder of articles; .*bot\.toml"):
        place.reindex()
    assert Generations(place.index).current() == 1


def test_names_that_are_not_utf_8_and_letters_that_are_none_are_told_or_indexed(place: Place) -> None:
    source = (place.articles / "corvale.md").read_bytes()
    (place.articles / os.fsdecode(b"caf\xe9.md")).write_bytes(source.replace(b"id: corvale", b"id: cafe"))
    (place.articles / "odd.md").write_bytes(
        b'---\ntitle: "half \\uD800 a letter"\nid: odd\n---\nThe odd makers struck.\n'
    )
    done = place.reindex()
    assert any(r"caf\udce9.md” has a name that is not UTF-8; rename the file" in line.why for line in done.failures)
    json.dumps([line.why for line in done.failures], ensure_ascii=False).encode()
    assert not place.reindex().published


@pytest.mark.parametrize(
    "text",
    ["word " * 200_000, "x" * 1_000_000, "罢工。" * 30_000, "🎬" * 50_000, "a.\n" * 30_000],
    ids=["endless sentence", "one word", "no spaces", "emoji", "tiny lines"],
)
def test_an_article_out_of_all_proportion_is_indexed_and_found(tmp_path: Path, text: str) -> None:
    place = Place(tmp_path)
    write(place.articles, "huge", text)
    write(place.articles, "mills", "The millers of Tarn struck.")
    done = place.reindex()
    assert (done.articles, done.failures) == (2, ())
    assert place.found(Question("millers of Tarn", ASKED)) >= {"mills"}


# --- what fails leaves everything -------------------------------------------------------------------------------------


class CancelledError(Exception):
    """What a progress raises that was told to stop."""


@pytest.mark.parametrize("stage", ["reading", "cutting", "embedding", "vectors", "verifying"])
def test_a_progress_that_raises_cancels(unharmed: Place, stage: str) -> None:
    def cancel(at: str, done: int, total: int) -> None:
        if at == stage:
            raise CancelledError

    with pytest.raises(CancelledError):
        unharmed.reindex(progress=cancel)


def test_an_encoder_that_fails_is_reported_as_it_is(unharmed: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("tests.hashing.HashingEncoder.encode_passages", fail)
        with pytest.raises(MemoryError):
            unharmed.reindex()


def test_a_generation_whose_counts_disagree_is_not_published(unharmed: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("index.tables.TableReader.verify", lambda _: 3)
        with pytest.raises(BuildError, match="don't agree; the one in use stays"):
            unharmed.reindex()


@pytest.mark.parametrize("limit", [1, 50, 500, 2_000, 8_000, 16_000, 30_000])
def test_a_full_disk_is_said_and_changes_nothing(unharmed: Place, other: OtherProcess, limit: int) -> None:
    other.start("reindex", unharmed.config, file_limit=limit)
    status, said = other.finish()
    assert status == 1, said
    assert said.startswith("StorageError: ")
    assert any(advice in said for advice in ("free space", "free some space"))


@pytest.mark.parametrize("where", ["", "index", "index/BUILD.lock", "embeddings.db"])
def test_something_in_the_way_is_named(tmp_path: Path, where: str) -> None:
    place = Place(tmp_path)
    write_corpus(place.articles)
    blocked = tmp_path / "var" / where
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.mkdir() if "." in where else blocked.write_text("in the way")
    with pytest.raises(StorageError, match=r"var.* can't be (written|used|made) .*check"):
        place.reindex()


def test_damaged_vectors_kept_are_said_with_what_to_do(unharmed: Place) -> None:
    kept = unharmed.config.parent / "var" / "embeddings.db"
    saved = kept.read_bytes()
    kept.write_bytes(b"garbage " * 1_000)
    with pytest.raises(DamagedError, match=r"embeddings\.db is damaged .*delete it"):
        unharmed.reindex()
    kept.write_bytes(saved)


def test_vectors_of_other_dimensions_than_the_model_makes_are_refused(unharmed: Place) -> None:
    kept = unharmed.config.parent / "var" / "embeddings.db"
    saved = kept.read_bytes()
    connection = sqlite3.connect(kept)
    with connection:
        connection.execute("delete from vectors")
        connection.execute("update models set dimensions = 32")
    connection.close()
    with pytest.raises(DamagedError, match=r"have 32 dimensions and the model makes 64; delete embeddings\.db"):
        unharmed.reindex()
    kept.write_bytes(saved)


# --- other models and settings ----------------------------------------------------------------------------------------


def test_another_model_embeds_everything_anew_and_until_then_says_so(place: Place) -> None:
    place.model = CountingModel(32)
    engine = place.engine()
    with pytest.raises(DamagedError, match=r"was made with hashing@64, not hashing@32; run “python -m index reindex”"):
        engine.ask(DOCKERS)
    engine.close()
    done = place.reindex()
    assert (done.published, done.embedded, len(place.folder.parsed), done.changed) == (True, 12, 12, 0)
    assert Manifest.read(place.index / "generations" / "000002").dimensions == 32
    assert len(place.found()) == 12
    place.model = CountingModel(64)
    back = place.reindex()
    assert (back.published, back.embedded) == (True, 0)  # the first model's vectors were kept


def test_other_settings_of_cutting_parse_everything_anew(place: Place) -> None:
    configure(place.articles.parent, "[passages]\npieces = 16\n")
    done = place.reindex()
    assert (done.published, len(place.folder.parsed)) == (True, 12)
    assert done.passages > 12
    assert not place.reindex().published


def test_the_settings_say_how_many_generations_are_kept(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.config.write_text(place.config.read_text().replace('"var"', '"var"\ngenerations = 2'))
    for version in range(5):
        write(place.articles, "mills", f"The millers of Tarn struck {version} times.")
        place.reindex()
    assert Generations(place.index).numbers() == [4, 5]


def test_what_a_rollback_brought_back_is_brought_up_to_date_by_a_reindex(place: Place) -> None:
    write(place.articles, "mills", "The millers of Tarn struck.")
    place.reindex()
    engine = place.engine()
    assert engine.rollback(None, now=ASKED).number == 1
    assert "mills" not in place.found()
    again = place.reindex()
    assert (again.published, again.generation, again.added, again.embedded) == (True, 3, 1, 0)
    assert "mills" in place.found()
    engine.close()


def test_progress_tells_stages_in_order_and_ends_each_at_its_total(place: Place) -> None:
    write(place.articles, "mills", "The millers of Tarn struck.")
    told: list[tuple[str, int, int]] = []
    place.reindex(progress=lambda *one: told.append(one))
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages == ["reading", "cutting", "embedding", "vectors", "verifying"]
    for stage in stages:
        done = [(one, total) for name, one, total in told if name == stage]
        assert done == sorted(done)
        assert done[-1][0] == done[-1][1]


@pytest.mark.parametrize("call", [lambda engine: engine.ask(DOCKERS), lambda engine: engine.status()])
def test_before_the_first_reindex_a_question_says_what_to_do(
    tmp_path: Path, call: Callable[[SmallEngine], object]
) -> None:
    engine = Place(tmp_path).engine()
    with pytest.raises(EngineError, match="Nothing is indexed yet; run “python -m index reindex”"):
        call(engine)
    engine.close()
