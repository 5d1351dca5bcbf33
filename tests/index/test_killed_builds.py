"""A reindex that is killed, whenever that is, leaves a whole generation in use, and the next one completes."""

import random
import shutil
import signal
import statistics
import time
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from index.generations import Generations, Manifest
from index.records import Outcome, Question
from tests.engines import ASKED, PLACES, configure, open_engine, report, write_corpus, write_version
from tests.other_process import OtherProcess, other

__all__ = ["other"]  # a fixture

pytestmark = pytest.mark.kill
KILLS = 200
SEED = 20230502
TOLD = Question("Which version is this report of the dockers who walked out?", ASKED)


def version_in_use(config: Path) -> int:
    """What a fresh start answers from: a whole generation, all of whose articles are of this one version."""
    engine = open_engine(config)
    try:
        answer = engine.ask(TOLD)
        assert answer.outcome is Outcome.ANSWERED
        folder = engine.generations.folder(answer.generation)
        Manifest.read(folder).verify(folder)
        _, found = engine.search(TOLD, 50)
        with engine.searcher() as searcher:
            texts = {row: searcher.tables.article_text(row) for row in range(searcher.tables.articles)}
            ids = [name for _, name in searcher.tables.identities()]
            assert searcher.tables.verify() == searcher.lexical.count == len(texts) == len(PLACES)
            assert searcher.number == answer.generation
        everyone = {article.id for item in found for article in (item.article, *item.also)}
        assert everyone == {place.lower() for place in PLACES}
        version = int(texts[0].partition("version ")[2].split()[0])
        assert [texts[row] for row in range(len(ids))] == [report(place, version) for place in PLACES]
        for citation in answer.citations:
            assert texts[citation.article.row][citation.span.start : citation.span.end] == citation.text != ""
        return version
    finally:
        engine.close()


def leftovers(config: Path) -> list[str]:
    folders = config.parent / "var" / "index" / "generations"
    return sorted(place.name for place in folders.iterdir() if place.suffix)


def check_completed(other: OtherProcess, config: Path, version: int) -> float:
    """A reindex in the other process does what the killed one couldn't, and tidies up after it; the seconds it took."""
    took = other.reindex(config)
    assert version_in_use(config) == version
    generations = Generations(config.parent / "var" / "index")
    assert leftovers(config) == []
    assert generations.current() == generations.numbers()[-1]
    assert len(generations.numbers()) <= 3
    return took


@pytest.fixture
def config(tmp_path: Path, other: OtherProcess) -> Path:
    made = configure(tmp_path)
    write_corpus(tmp_path / "articles")
    other.reindex(made)
    return made


def test_a_kill_at_two_hundred_random_moments_leaves_a_whole_generation(config: Path, other: OtherProcess) -> None:
    articles = config.parent / "articles"
    rng = random.Random(SEED)
    version = used = 0
    durations: list[float] = []
    for version in range(1, 6):
        write_version(articles, version)
        durations.append(other.reindex(config))
    used = version_in_use(config)
    assert used == version
    seen: Counter[str] = Counter()
    kills = tries = 0
    while kills < KILLS:
        tries += 1
        assert tries < 3 * KILLS, f"only {kills} kills came in time: {seen}"
        version += 1
        write_version(articles, version)
        moment = rng.random() * statistics.median(durations[-5:])
        begun = time.perf_counter()
        other.start("reindex", config)
        time.sleep(moment)
        status = other.kill()
        if status == 0:  # it was faster than usual
            durations.append(time.perf_counter() - begun)
        else:
            assert status == -signal.SIGKILL
            kills += 1
        before, used = used, version_in_use(config)
        assert used in (before, version)
        seen["published" if used == version else "building" if leftovers(config) else "early"] += 1
        if status and kills % 10 == 0:
            version += 1
            write_version(articles, version)
            durations.append(check_completed(other, config, version))  # the machine may be busier by now
            used = version
    # The moments were spread over the whole of it, not only over what comes before the first file.
    assert seen["building"] > KILLS / 10, seen
    assert seen["early"] > 0, seen


def test_a_kill_before_every_single_step_leaves_a_whole_generation(config: Path, other: OtherProcess) -> None:
    articles, storage, saved = config.parent / "articles", config.parent / "var", config.parent / "saved"
    for version in range(1, 4):
        write_version(articles, version)
        other.reindex(config)
    (storage / "index" / "generations" / "000009.building" / "postings").mkdir(parents=True)
    (storage / "index" / "generations" / "000009.building" / "passages.db").write_bytes(b"half")
    shutil.copytree(storage, saved)
    write_version(articles, 4)
    seen: Counter[str] = Counter()
    for step in count(1):
        shutil.rmtree(storage)
        shutil.copytree(saved, storage)
        other.start("reindex", config, kill_at=step)
        status, said = other.finish()
        used = version_in_use(config)
        if status == 0:
            break
        assert (status, said) == (-signal.SIGKILL, ""), step
        assert used in (3, 4), step
        seen["published" if used == 4 else "building" if "000005.building" in leftovers(config) else "early"] += 1
    assert used == 4
    # Every stage was met: before the folder, in it, and after CURRENT was replaced but before all was tidied up.
    assert min(seen[stage] for stage in ("early", "building", "published")) > 4, seen
    assert leftovers(config) == []


def test_the_very_first_reindex_may_be_killed_too(tmp_path: Path, other: OtherProcess) -> None:
    config = configure(tmp_path)
    write_corpus(tmp_path / "articles")
    for step in range(1, 200, 9):
        other.start("reindex", config, kill_at=step)
        if other.finish()[0] == 0:
            break
        if (tmp_path / "var" / "index" / "CURRENT").exists():
            assert version_in_use(config) == 0
    check_completed(other, config, 0)
