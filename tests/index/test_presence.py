"""A removed article is withdrawn from the next question, and an unchanged folder costs next to nothing."""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.files import ArticleFolder, Stamp
from index.errors import StorageError
from index.presence import Presence
from index.searcher import Searcher
from tests.engines import SmallEngine, configure, open_engine, write

HOUR_AGO = time.time() - 3_600


class CountingFolder(ArticleFolder):
    """Counts how often all files were listed."""

    listed = 0

    def stamps(self) -> list[Stamp]:
        self.listed += 1
        return super().stamps()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SmallEngine]:
    made = open_engine(configure(tmp_path))
    for name in ("anvil", "barge", "crane"):
        write(tmp_path / "articles", name, f"The {name} makers struck.")
    write(tmp_path / "articles", "dredge", "The dredgers struck.", collection="guild:5")
    made.reindex(now=datetime.now(UTC))
    yield made
    made.close()


def withdrawn(presence: Presence, searcher: Searcher) -> set[str]:
    names = searcher.tables.identities()
    return {names[row][1] for row in presence.withdrawn(searcher)}


def test_a_file_that_goes_is_noticed_and_one_that_comes_back_too(engine: SmallEngine) -> None:
    presence = Presence(engine.folder)
    articles = engine.folder.directory
    with engine.searcher() as searcher:
        assert withdrawn(presence, searcher) == set()
        kept = (articles / "barge.md").read_bytes()
        (articles / "barge.md").unlink()
        assert withdrawn(presence, searcher) == {"barge"}
        (articles / "barge.md").write_bytes(kept)
        assert withdrawn(presence, searcher) == set()
        (articles / "barge.md").rename(articles / "other.md")
        assert withdrawn(presence, searcher) == {"barge"}


def test_a_folder_that_goes_takes_its_articles_along(engine: SmallEngine) -> None:
    presence = Presence(engine.folder)
    with engine.searcher() as searcher:
        assert withdrawn(presence, searcher) == set()
        (engine.folder.directory / "guild-5" / "dredge.md").unlink()
        assert withdrawn(presence, searcher) == {"dredge"}
        shutil.rmtree(engine.folder.directory / "guild-5")
        assert withdrawn(presence, searcher) == {"dredge"}


def test_removals_that_follow_each_other_within_a_tick_are_all_noticed(engine: SmallEngine) -> None:
    presence = Presence(engine.folder)
    gone: set[str] = set()
    with engine.searcher() as searcher:
        for name in ("anvil", "barge", "crane"):
            (engine.folder.directory / f"{name}.md").unlink()
            gone.add(name)
            assert withdrawn(presence, searcher) == gone


def test_a_removal_during_a_slow_listing_is_noticed(engine: SmallEngine) -> None:
    """The file goes after it was listed, within the same tick as the folder's last change; listing takes on."""

    class SlowFolder(ArticleFolder):
        slow = True

        def stamps(self) -> list[Stamp]:
            found = super().stamps()
            if self.slow:
                self.slow = False
                stamp = self.directory.stat().st_mtime_ns
                (self.directory / "barge.md").unlink()
                os.utime(self.directory, ns=(stamp, stamp))
                while time.time_ns() < stamp + 200_000_000:
                    pass
            return found

    presence = Presence(SlowFolder(engine.folder.directory))
    (engine.folder.directory / "note.txt").touch()
    with engine.searcher() as searcher:
        assert withdrawn(presence, searcher) == set()
        assert withdrawn(presence, searcher) == {"barge"}


def test_a_settled_folder_is_listed_once(engine: SmallEngine) -> None:
    folder = CountingFolder(engine.folder.directory)
    presence = Presence(folder)
    for place in folder.folders():
        os.utime(place, (HOUR_AGO, HOUR_AGO))
    with engine.searcher() as searcher:
        for _ in range(5):
            assert withdrawn(presence, searcher) == set()
        assert folder.listed == 1
        (folder.directory / "crane.md").unlink()
        assert withdrawn(presence, searcher) == {"crane"}


def test_a_folder_with_a_time_to_come_is_listed_once_as_well(engine: SmallEngine) -> None:
    folder = CountingFolder(engine.folder.directory)
    presence = Presence(folder)
    os.utime(folder.directory / "guild-5", (HOUR_AGO, HOUR_AGO))
    os.utime(folder.directory, (HOUR_AGO + 90_000, HOUR_AGO + 90_000))
    with engine.searcher() as searcher:
        for _ in range(5):
            assert withdrawn(presence, searcher) == set()
    assert folder.listed == 1


def test_another_generation_of_the_same_number_is_looked_at_anew(engine: SmallEngine, tmp_path: Path) -> None:
    presence = Presence(engine.folder)
    (engine.folder.directory / "anvil.md").unlink()
    for place in engine.folder.folders():
        os.utime(place, (HOUR_AGO, HOUR_AGO))
    with engine.searcher() as searcher:
        assert (searcher.number, withdrawn(presence, searcher)) == (1, {"anvil"})
    shutil.rmtree(tmp_path / "var" / "index")
    engine.reindex(now=datetime.now(UTC))
    for place in engine.folder.folders():
        os.utime(place, (HOUR_AGO, HOUR_AGO))
    with engine.searcher() as searcher:
        assert (searcher.number, withdrawn(presence, searcher)) == (1, set())


def test_a_folder_that_is_gone_is_said(engine: SmallEngine) -> None:
    presence = Presence(engine.folder)
    with engine.searcher() as searcher:
        shutil.rmtree(engine.folder.directory)
        with pytest.raises(StorageError, match=r"articles is no folder of articles; .*bot\.toml"):
            presence.withdrawn(searcher)
