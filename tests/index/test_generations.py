"""Generations: published whole or not at all, held while in use, and honest about damage and about who builds."""

import fcntl
import json
import os
import random
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dense import DenseFacts, DenseKind
from index.errors import BusyError, DamagedError, EngineError, NoGenerationError, StorageError
from index.generations import MANIFEST, Failure, Generations, Manifest, Pin, file_sizes, file_sums
from index.searcher import Searcher
from tests.engines import configure, open_engine, write_corpus, write_version
from tests.other_process import OtherProcess, other

__all__ = ["other"]  # a fixture

NOW = datetime(2031, 5, 20, 9, 30, tzinfo=UTC)
PLAIN = Manifest(
    number=1,
    made_at="2031-05-20T09:30:00+00:00",
    made_for="the operator",
    model="hashing@64",
    dimensions=64,
    scheme="1",
    articles=1,
    passages=1,
    added=1,
    removed=0,
    changed=0,
    failures=(Failure("public", "“bad.md” has no text; add some."),),
    dense=DenseFacts(DenseKind.FLAT, DenseKind.FLAT, 1, 64, 1.0, 0, 0),
    files={},
    sums={},
)


def publish(generations: Generations, contents: bytes = b"rows") -> int:
    """A generation of two files that nobody could search."""
    with generations.lock("the operator", NOW):
        number, building = generations.begin()
        (building / "postings").mkdir()
        (building / "passages.db").write_bytes(contents)
        (building / "postings" / "meta.json").write_bytes(b"{}")
        manifest = replace(PLAIN, number=number, files=file_sizes(building), sums=file_sums(building))
        generations.publish(manifest, building)
    return number


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "index")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An index of one real generation."""
    made = configure(tmp_path)
    write_corpus(tmp_path / "articles")
    engine = open_engine(made)
    engine.reindex(now=datetime.now(UTC))
    engine.close()
    return made


# --- publishing and reading -------------------------------------------------------------------------------------------


def test_nothing_indexed_is_said_with_the_next_step(generations: Generations) -> None:
    assert generations.numbers() == []
    for ask in (generations.current, generations.pin_current, lambda: generations.rollback(None)):
        with pytest.raises(NoGenerationError, match="Nothing is indexed yet; run “python -m index reindex”"):
            ask()


def test_a_published_generation_is_current_and_reads_as_it_was_written(generations: Generations) -> None:
    assert [publish(generations), publish(generations)] == [1, 2]
    assert (generations.numbers(), generations.current()) == ([1, 2], 2)
    read = Manifest.read(generations.folder(2))
    assert read == replace(PLAIN, number=2, files=read.files, sums=read.sums)
    assert read.files == {"passages.db": 4, "postings/meta.json": 2}
    read.verify(generations.folder(2))


def test_what_killed_builds_left_is_swept_and_its_number_not_skipped(generations: Generations) -> None:
    publish(generations)
    for name in ("000002.building", "000009.building", "000000.pruned"):
        (generations.folders / name / "postings").mkdir(parents=True)
    with generations.lock("the operator", NOW):
        assert generations.begin()[0] == 2
    assert sorted(place.name for place in generations.folders.iterdir()) == ["000001", "000002.building"]


def test_a_number_is_not_used_again_after_a_rollback(generations: Generations) -> None:
    for _ in range(3):
        publish(generations)
    generations.rollback(1)
    assert publish(generations) == 4
    assert generations.current() == 4


def test_every_publication_changes_the_stamp_however_fast_they_follow(generations: Generations) -> None:
    publish(generations)
    publish(generations)
    before = generations.stamp()
    for number in (1, 2) * 20:
        generations.point_at(number)
        assert generations.stamp() != before
        before = generations.stamp()
    (generations.root / "CURRENT").unlink()
    assert generations.stamp() != before


# --- the lock ---------------------------------------------------------------------------------------------------------


def test_a_second_builder_is_told_since_when_for_whom_and_which_process(generations: Generations) -> None:
    with (
        generations.lock("moderator 17", NOW),
        pytest.raises(BusyError, match=r"since 2031-05-20T09:30:00\+00:00 for moderator 17 \(process \d+\); wait"),
        generations.lock("somebody else", NOW),
    ):
        pytest.fail("two hold the lock")
    with generations.lock("somebody else", NOW):  # and then it is free again
        pass


def test_another_process_is_named_and_its_lock_is_free_once_it_is_killed(config: Path, other: OtherProcess) -> None:
    engine = open_engine(config)
    other.start("lock", config)
    for call in (lambda: engine.reindex(now=NOW), lambda: engine.rollback(None, now=NOW)):
        with pytest.raises(BusyError, match=rf"for somebody else \(process {other.pid}\)"):
            call()
    other.kill()
    assert not engine.reindex(now=NOW).published
    engine.close()


def test_the_lock_is_free_after_a_failure_and_garbage_in_it_is_no_trouble(generations: Generations) -> None:
    with pytest.raises(ZeroDivisionError), generations.lock("the operator", NOW):
        raise ZeroDivisionError
    for garbage in (b"\xff\0{", b"[]", b'{"since": 3}', b"9" * 10_000):
        with generations.lock("the operator", NOW):
            (generations.root / "BUILD.lock").write_bytes(garbage)
            with pytest.raises(BusyError, match="in another process"), generations.lock("x", NOW):
                pytest.fail("two hold the lock")


def test_a_file_where_the_storage_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("in the way")
    blocked = Generations(tmp_path / "index")
    with pytest.raises(StorageError, match=r"index.* can't be written .*check"), blocked.lock("the operator", NOW):
        pytest.fail("there is no lock")


# --- pinning and pruning ----------------------------------------------------------------------------------------------


def test_pruning_keeps_the_newest_the_current_and_what_is_pinned(generations: Generations) -> None:
    for _ in range(7):
        publish(generations)
    pin = Pin(generations.folder(3))
    generations.point_at(2)
    assert generations.prune(2) == [1, 4, 5]
    assert generations.numbers() == [2, 3, 6, 7]
    pin.close()
    pin.close()
    assert generations.prune(2) == [3]
    assert generations.current() == 2


def test_what_another_process_serves_is_not_pruned_until_it_ends(config: Path, other: OtherProcess) -> None:
    engine = open_engine(config)
    other.start("pin", config)
    for version in range(1, 6):
        write_version(config.parent / "articles", version)
        engine.reindex(now=datetime.now(UTC))
    assert engine.generations.numbers() == [1, 4, 5, 6]
    other.kill()
    write_version(config.parent / "articles", 9)
    engine.reindex(now=datetime.now(UTC))
    assert engine.generations.numbers() == [5, 6, 7]
    engine.close()


def test_nobody_can_pin_a_generation_at_the_moment_it_is_pruned(
    generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        publish(generations)
    rename, met = Path.rename, list[str]()

    def watched(place: Path, target: Path) -> Path:
        descriptor = os.open(place / MANIFEST, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        os.close(descriptor)
        met.append(place.name)
        return rename(place, target)

    monkeypatch.setattr(Path, "rename", watched)
    assert generations.prune(1) == [1, 2]
    assert met == ["000001", "000002"]


def test_whoever_pins_gets_a_whole_generation_while_others_are_pruned(generations: Generations) -> None:
    publish(generations)
    stop, trouble, held = threading.Event(), list[BaseException](), list[int]()

    def serve() -> None:
        try:
            while not stop.is_set():
                number, pin = generations.pin_current()
                Manifest.read(generations.folder(number)).verify(generations.folder(number))
                held.append(number)
                pin.close()
        except BaseException as error:  # noqa: BLE001 - told to the test
            trouble.append(error)

    threads = [threading.Thread(target=serve) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(15):
        publish(generations)
        generations.prune(1)
    stop.set()
    for thread in threads:
        thread.join()
    assert not trouble
    assert set(held) <= set(range(1, 17))
    assert len(set(held)) > 1


# --- rolling back -----------------------------------------------------------------------------------------------------


def test_rolling_back_goes_to_the_one_before_or_the_one_named(generations: Generations) -> None:
    for _ in range(3):
        publish(generations)
    assert [generations.rollback(None), generations.current()] == [2, 2]
    assert [generations.rollback(3), generations.rollback(1), generations.current()] == [3, 1, 1]
    with pytest.raises(NoGenerationError, match=r"no generation before 1 \(there are: 1, 2, 3\)"):
        generations.rollback(None)
    with pytest.raises(NoGenerationError, match=r"no generation 8 \(there are: 1, 2, 3\); choose one"):
        generations.rollback(8)
    assert generations.current() == 1


@pytest.mark.parametrize("harm", ["shorter", "altered", "missing", "manifest"])
def test_a_damaged_generation_is_not_gone_back_to(generations: Generations, harm: str) -> None:
    publish(generations)
    publish(generations)
    place = generations.folder(1) / "passages.db"
    match harm:
        case "shorter":
            place.write_bytes(b"ro")
        case "altered":
            place.write_bytes(b"r0ws")
        case "missing":
            place.unlink()
        case _:
            (generations.folder(1) / MANIFEST).write_text("{}")
    with pytest.raises(DamagedError, match="000001"):
        generations.rollback(None)
    assert generations.current() == 2


def test_where_current_is_lost_rolling_back_takes_the_newest(generations: Generations) -> None:
    for _ in range(3):
        publish(generations)
    for loss in (lambda place: place.write_bytes(b"\xff garbage"), Path.unlink):
        loss(generations.root / "CURRENT")
        assert generations.rollback(None) == generations.current() == 3


# --- damage -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "contents", [b"", b"7", b"latest", b"-00001", b"../../etc", b"\xff\xfe", b"0" * 5 + b"\n", b"\0" * 7]
)
def test_garbage_in_current_is_said_and_a_reindex_mends_it(config: Path, contents: bytes) -> None:
    place = config.parent / "var" / "index" / "CURRENT"
    place.write_bytes(contents)
    engine = open_engine(config)
    with pytest.raises(DamagedError, match=r"CURRENT.*python -m index reindex.* or roll back"), engine.searcher():
        pytest.fail("there is nothing to serve")
    report = engine.reindex(now=datetime.now(UTC))
    assert (report.published, report.generation, report.embedded) == (True, 2, 0)
    with engine.searcher() as searcher:
        assert searcher.number == 2
    engine.close()


def test_current_may_name_what_is_gone_or_be_a_folder(config: Path) -> None:
    generations = Generations(config.parent / "var" / "index")
    generations.point_at(7)
    with pytest.raises(DamagedError, match=r"Generation 000007 has no manifest\.json; run"):
        Searcher.open_current(generations)
    (generations.root / "CURRENT").unlink()
    (generations.root / "CURRENT").mkdir()
    with pytest.raises(DamagedError, match="CURRENT can't be read"):
        Searcher.open_current(generations)
    engine = open_engine(config)
    for change in (lambda: engine.reindex(now=datetime.now(UTC), full=True), lambda: engine.rollback(1, now=NOW)):
        with pytest.raises(StorageError, match=r"CURRENT can't be written \(Is a directory\); check") as refusal:
            change()
        assert str(refusal.value).count("can't be written") == 1
    engine.close()


def refusal(folder: Path) -> str:
    with pytest.raises(DamagedError) as refused:
        Manifest.read(folder)
    return str(refused.value)


def check_manifest(folder: Path, contents: bytes) -> None:
    """Whatever the file holds, it is a manifest or a DamagedError says otherwise in one line."""
    (folder / MANIFEST).write_bytes(contents)
    said = ""
    try:
        Manifest.read(folder)
    except DamagedError as error:
        said = str(error)
    assert not said or ("reindex" in said and "\n" not in said)


@given(st.binary(max_size=300))
def test_no_bytes_in_a_manifest_raise_anything_else(tmp_path_factory: pytest.TempPathFactory, contents: bytes) -> None:
    check_manifest(tmp_path_factory.mktemp("000001", numbered=True), contents)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(Manifest.__slots__), anything)
def test_no_value_in_a_manifest_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: object
) -> None:
    whole = json.loads(PLAIN.text())
    check_manifest(tmp_path_factory.mktemp("000001", numbered=True), json.dumps(whole | {name: value}).encode())


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.pop("files"),
        lambda table: table.update(files=5),
        lambda table: table.update(files={"passages.db": "large"}),
        lambda table: table.update(files={"a\0b": 4}),
        lambda table: table.update(made_at="yesterday"),
        lambda table: table.update(passages=None),
    ],
)
def test_a_manifest_of_the_wrong_form_is_named(generations: Generations, change: Callable[[object], None]) -> None:
    folder = generations.folder(publish(generations))
    table = json.loads((folder / MANIFEST).read_text())
    change(table)
    (folder / MANIFEST).write_text(json.dumps(table))
    assert "000001" in refusal(folder)


def test_a_deeply_nested_manifest_is_refused(generations: Generations) -> None:
    folder = generations.folder(publish(generations))
    (folder / MANIFEST).write_text("[" * 100_000)
    assert MANIFEST in refusal(folder)


@pytest.mark.parametrize("seed", range(12))
def test_a_file_cut_short_or_gone_is_named_and_a_reindex_heals_it(config: Path, seed: int) -> None:
    rng = random.Random(seed)
    folder = config.parent / "var" / "index" / "generations" / "000001"
    place = rng.choice([one for one in sorted(folder.rglob("*")) if one.is_file() and one.stat().st_size])
    if seed % 3:
        place.write_bytes(place.read_bytes()[: rng.randrange(place.stat().st_size)])
    else:
        place.unlink()
    engine = open_engine(config)
    with pytest.raises(DamagedError, match="reindex") as refused, engine.searcher():
        pytest.fail("this is damaged")
    assert place.relative_to(folder).as_posix() in str(refused.value)
    assert "000001" in str(refused.value)
    report = engine.reindex(now=datetime.now(UTC))
    assert (report.published, report.articles, report.embedded, report.failures) == (True, 12, 0, ())
    with engine.searcher() as searcher:
        assert (searcher.number, searcher.tables.articles) == (2, 12)
    engine.close()


@pytest.mark.parametrize("seed", range(8))
def test_a_byte_altered_without_trace_is_healed_by_the_next_reindex(config: Path, seed: int) -> None:
    rng = random.Random(seed)
    folder = config.parent / "var" / "index" / "generations" / "000001"
    files = [one for one in sorted(folder.rglob("*")) if one.is_file() and one.stat().st_size and one.name != MANIFEST]
    place = files[seed % len(files)]
    contents = bytearray(place.read_bytes())
    contents[rng.randrange(len(contents))] ^= 1 << rng.randrange(8)
    place.write_bytes(contents)
    engine = open_engine(config)
    report = engine.reindex(now=datetime.now(UTC))
    assert (report.published, report.articles, report.embedded) == (True, 12, 0)
    with engine.searcher() as searcher:
        assert searcher.number == 2
        searcher.manifest.verify(engine.generations.folder(2))
    engine.close()


def test_an_engine_serves_on_when_a_damaged_generation_is_published(config: Path) -> None:
    engine = open_engine(config)
    with engine.searcher() as searcher:
        assert searcher.number == 1
    (engine.generations.folder(2)).mkdir()
    (engine.generations.folder(2) / MANIFEST).write_text("{}")
    engine.generations.point_at(2)
    for _ in range(2):
        with engine.searcher() as searcher:
            assert searcher.number == 1
            assert searcher.tables.articles == 12
    fresh = open_engine(config)
    with pytest.raises(EngineError, match="000002"), fresh.searcher():
        pytest.fail("this is damaged")
    report = fresh.reindex(now=datetime.now(UTC))
    for one in (engine, fresh):
        with one.searcher() as searcher:
            assert searcher.number == report.generation == 3
        one.close()
