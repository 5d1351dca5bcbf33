"""What a reindex would find, told without one: it agrees with what the reindex then does."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.drift import Drift, drift
from index.errors import NoGenerationError
from tests.engines import ADDED, SmallEngine, configure, open_engine, write


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SmallEngine]:
    """Two articles, indexed, and a file that can't be."""
    config = configure(tmp_path)
    for name in ("bakers", "weavers"):
        write(tmp_path / "articles", name, f"The {name} of Aldmouth walked out on Monday.")
    (tmp_path / "articles" / "broken.md").write_bytes(b"\xff")
    with closing(open_engine(config)) as made:
        made.reindex(now=ADDED)
        yield made


@pytest.fixture
def articles(engine: SmallEngine) -> Path:
    return engine.folder.directory


def counts(found: Drift) -> tuple[int, int, int]:
    return found.new, found.changed, found.gone


def test_where_nothing_changed_nothing_is_told_but_what_can_not_be_indexed(engine: SmallEngine, articles: Path) -> None:
    (articles / "bakers.md").touch()
    found = drift(engine)
    assert counts(found) == (0, 0, 0)
    assert found.told == ""
    assert [one.why for one in found.failures] == ["“broken.md” is not UTF-8 at byte 0; save it as UTF-8."]


def test_it_counts_what_the_next_reindex_counts(engine: SmallEngine, articles: Path) -> None:
    write(articles, "bakers", "The bakers of Aldmouth went back on Tuesday.")
    write(articles, "dockers", "The dockers of Corvale walked out.")
    write(articles, "nurses", "The nurses of Corvale met.", collection="guild:7")
    (articles / "weavers.md").unlink()
    found = drift(engine)
    assert found.told == "2 new, 1 changed, 1 gone"
    done = engine.reindex(now=ADDED)
    assert (done.added, done.changed, done.removed) == counts(found)
    assert done.failures == found.failures
    assert drift(engine).told == ""


def test_a_broken_file_that_is_gone_hides_nothing_new(engine: SmallEngine, articles: Path) -> None:
    (articles / "broken.md").unlink()
    write(articles, "dockers", "The dockers of Corvale walked out.")
    assert drift(engine) == Drift(1, 0, 0, ())


def test_a_second_file_with_an_id_that_is_taken_is_no_new_article(engine: SmallEngine, articles: Path) -> None:
    write(articles, "zweavers", "The weavers of Aldmouth walked out on Monday.", id="weavers")
    found = drift(engine)
    assert counts(found) == (0, 0, 0)
    assert "have the same id “weavers”" in " ".join(one.why for one in found.failures)


def test_an_article_whose_file_was_renamed_has_changed(engine: SmallEngine, articles: Path) -> None:
    (articles / "weavers.md").rename(articles / "spinners.md")
    assert counts(drift(engine)) == (0, 1, 0)


def test_without_a_generation_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    with closing(open_engine(configure(tmp_path))) as engine, pytest.raises(NoGenerationError):
        drift(engine)


def test_other_settings_are_told_since_everything_is_made_anew(engine: SmallEngine) -> None:
    passages = engine.settings.passages.model_copy(update={"pieces": 64})
    engine.settings = engine.settings.model_copy(update={"passages": passages})
    assert drift(engine).told == "other settings of model or passages"
