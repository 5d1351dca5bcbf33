"""The cache of vectors: what is stored comes back, and nothing that happens to its file is worse than a sentence."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.errors import DamagedError, StorageError
from index.vectors import VectorCache

MODEL = "small@0123456789ab"


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def unit(rows: int, dimensions: int = 8, seed: int = 0) -> NDArray[np.float32]:
    made = np.random.default_rng(seed).normal(size=(rows, dimensions)).astype(np.float32)
    vectors: NDArray[np.float32] = made / np.linalg.norm(made, axis=1, keepdims=True)
    return vectors


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "embeddings.db"


@pytest.fixture
def cache(path: Path) -> Iterator[VectorCache]:
    with VectorCache(path) as opened:
        yield opened


def test_a_stored_vector_comes_back_with_length_one(cache: VectorCache) -> None:
    vectors = unit(3)
    cache.store(MODEL, [digest("a"), digest("b"), digest("c")], vectors)
    found, back = cache.lookup(MODEL, [digest("c"), digest("x"), digest("a"), digest("a")])
    assert found.tolist() == [True, False, True, True]
    assert back.dtype == np.float32
    np.testing.assert_allclose(back[[0, 2, 3]], vectors[[2, 0, 0]], atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(back[found], axis=1), 1, atol=1e-6)
    assert not back[1].any()


def test_models_do_not_see_each_others_vectors(cache: VectorCache) -> None:
    cache.store(MODEL, [digest("a")], unit(1, 8))
    cache.store("other@1", [digest("a")], unit(1, 16))
    assert cache.lookup(MODEL, [digest("a")])[1].shape == (1, 8)
    assert cache.lookup("other@1", [digest("a")])[1].shape == (1, 16)
    found, vectors = cache.lookup("third@1", [digest("a")])
    assert not found.any()
    assert vectors.shape == (1, 0)


def test_storing_again_replaces(cache: VectorCache) -> None:
    first, second = unit(1, seed=1), unit(1, seed=2)
    cache.store(MODEL, [digest("a")], first)
    cache.store(MODEL, [digest("a")], second)
    np.testing.assert_allclose(cache.lookup(MODEL, [digest("a")])[1], second, atol=1e-3)


def test_other_dimensions_for_a_known_model_are_refused_and_nothing_is_stored(cache: VectorCache) -> None:
    cache.store(MODEL, [digest("a")], unit(1, 8))
    with pytest.raises(ValueError, match="dimensions"):
        cache.store(MODEL, [digest("b")], unit(1, 9))
    assert cache.lookup(MODEL, [digest("a"), digest("b")])[0].tolist() == [True, False]


def test_digests_and_vectors_of_unlike_number_are_refused(cache: VectorCache) -> None:
    with pytest.raises(ValueError, match="digests"):
        cache.store(MODEL, [digest("a"), digest("b")], unit(1))


def test_nothing_asked_gives_nothing(cache: VectorCache) -> None:
    cache.store(MODEL, [], unit(0))
    assert cache.lookup(MODEL, [])[1].shape == (0, 0)
    cache.store(MODEL, [digest("a")], unit(1))
    assert cache.lookup(MODEL, [])[1].shape == (0, 8)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 2_000), max_size=1_500), st.sets(st.integers(0, 2_000)))
def test_a_lookup_finds_exactly_what_was_stored(asked: list[int], stored: set[int]) -> None:
    with VectorCache(Path(":memory:")) as cache:
        rows = unit(2_001, 4)
        order = sorted(stored)
        cache.store(MODEL, [digest(str(k)) for k in order], rows[order])
        found, back = cache.lookup(MODEL, [digest(str(k)) for k in asked])
        assert found.tolist() == [k in stored for k in asked]
        if stored:
            np.testing.assert_allclose(back[found], rows[[k for k in asked if k in stored]], atol=1e-3)


def test_pruning_keeps_what_is_named_of_every_model_and_gives_space_back(cache: VectorCache, path: Path) -> None:
    names = [digest(str(k)) for k in range(2_000)]
    cache.store(MODEL, names, unit(2_000, 64))
    cache.store("other@1", names[:1], unit(1))
    cache.store("gone@1", names[5:6], unit(1))
    cache.close()
    before = path.stat().st_size
    with VectorCache(path) as again:
        assert again.prune(names[:5]) == 1_996
        assert again.lookup(MODEL, names)[0].sum() == 5
        assert again.lookup("other@1", names[:1])[0].all()
        assert again.lookup("gone@1", names[5:6])[1].shape == (1, 0)
    assert path.stat().st_size < before / 10


def test_a_reader_works_beside_a_writer(path: Path) -> None:
    with VectorCache(path) as writer, VectorCache(path) as reader:
        writer.store(MODEL, [digest("a")], unit(1))
        assert reader.lookup(MODEL, [digest("a")])[0].all()


def test_a_kill_loses_at_most_the_last_batch(path: Path) -> None:
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        import numpy as np
        from index.vectors import VectorCache
        cache = VectorCache(Path(sys.argv[1]))
        for number in range(10_000):
            vectors = np.zeros((8, 64), np.float32)
            vectors[:, number % 64] = 1
            cache.store("m@1", [number.to_bytes(16, "big") + k.to_bytes(16, "big") for k in range(8)], vectors)
            print(number, flush=True)
        """
    )
    for lines in (1, 7, 30):
        writer = subprocess.Popen(
            [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        )
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(lines)][-1]
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        with VectorCache(path) as cache:
            whole = [n.to_bytes(16, "big") + k.to_bytes(16, "big") for n in range(told + 1) for k in range(8)]
            assert cache.lookup("m@1", whole)[0].all()
            after = [(told + 1).to_bytes(16, "big") + k.to_bytes(16, "big") for k in range(8)]
            assert cache.lookup("m@1", after)[0].sum() in (0, 8)
        path.unlink()


def test_a_file_that_is_no_database_is_named_with_what_to_do(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all " * 300)
    with pytest.raises(DamagedError, match=r"embeddings\.db is damaged.*delete it: the next reindex"):
        VectorCache(path)
    assert path.read_bytes().startswith(b"no database")


def test_a_database_cut_short_is_damage(path: Path) -> None:
    names = [digest(str(k)) for k in range(500)]
    with VectorCache(path) as cache:
        cache.store(MODEL, names, unit(500, 64))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(DamagedError, match="delete it"), VectorCache(path) as cut:
        cut.lookup(MODEL, names)


def test_another_programs_table_is_damage(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as stranger:
        stranger.execute("create table vectors (colour text)")
    stranger.close()
    with pytest.raises(DamagedError, match="delete it"):
        VectorCache(path)


@pytest.mark.parametrize(
    "blob",
    [b"", b"short", np.zeros(8, "<f2").tobytes(), np.full(8, np.nan, "<f2").tobytes(), np.full(8, 9, "<f2").tobytes()],
)
def test_a_vector_that_cannot_be_one_is_damage(path: Path, blob: bytes) -> None:
    with VectorCache(path) as cache:
        cache.store(MODEL, [digest("a")], unit(1))
    with sqlite3.connect(path) as stranger:
        stranger.execute("update vectors set vector = ?", (blob,))
    stranger.close()
    with VectorCache(path) as cache, pytest.raises(DamagedError, match="delete it"):
        cache.lookup(MODEL, [digest("a")])


def test_a_locked_file_is_a_storage_error_not_damage(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.vectors._BUSY_SECONDS", 0.05)
    with VectorCache(path) as cache:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("begin immediate")
        with pytest.raises(StorageError, match=r"embeddings\.db can't be used.*locked") as told:
            cache.store(MODEL, [digest("a")], unit(1))
        holder.execute("rollback")
        holder.close()
        assert not isinstance(told.value, DamagedError)
        cache.store(MODEL, [digest("a")], unit(1))
        assert cache.lookup(MODEL, [digest("a")])[0].all()


def test_a_full_disk_is_a_storage_error_and_what_was_there_stays(path: Path) -> None:
    with VectorCache(path) as cache:
        cache.store(MODEL, [digest("a")], unit(1))
        pages = cache._database.conn.execute("pragma page_count").fetchone()[0]
        cache._database.conn.execute(f"pragma max_page_count = {pages}")  # SQLite then says that the disk is full
        names = [digest(str(k)) for k in range(5_000)]
        with pytest.raises(StorageError, match=r"full.*free space"):
            cache.store(MODEL, names, unit(5_000))
        found = cache.lookup(MODEL, [digest("a"), *names])[0]
        assert found[0]
        assert found.sum() == 1


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="var"):
        VectorCache(tmp_path / "var" / "embeddings.db")


def test_a_folder_in_the_files_place_is_a_storage_error(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StorageError, match=r"embeddings\.db can't be used"):
        VectorCache(path)
