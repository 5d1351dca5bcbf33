"""Dense search: exact where it says so, honest about recall where not, and never beyond a selection."""

import errno
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index import dense, dense_build
from index.dense import DenseFacts, DenseKind, DenseSearcher, Selection, read_trailer
from index.dense_build import build_dense, sample_queries, suitable_kind
from index.errors import DamagedError, StorageError

Vectors = NDArray[np.float32]
DIMENSIONS = 24
LAWS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def clustered(count: int, seed: int = 1, dimensions: int = DIMENSIONS, topics: int = 40) -> Vectors:
    """Unit vectors around a few topics, as passages lie."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((topics, dimensions))
    rows = centres[rng.integers(0, topics, count)] + 0.5 * rng.standard_normal((count, dimensions))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32)


def steps(count: int, seed: int, dimensions: int = DIMENSIONS) -> Vectors:
    """Vectors of −1, 0 and 1: products are whole numbers, so that nothing is rounded and ties abound."""
    return np.random.default_rng(seed).integers(-1, 2, (count, dimensions)).astype(np.float32)


def brute(vectors: Vectors, query: Vectors, k: int, mask: NDArray[np.bool_] | None = None) -> list[int]:
    """The numbers that exact search must give, ties by number."""
    scores = vectors @ query
    numbers = np.arange(len(vectors)) if mask is None else np.flatnonzero(mask)
    return [int(n) for n in numbers[np.lexsort((numbers, -scores[numbers]))][:k]]


def only_these(numbers: Sequence[int], count: int) -> Selection:
    return Selection(np.isin(np.arange(count), numbers))


def opened(vectors: Vectors, path: Path, kind: DenseKind = DenseKind.AUTO) -> DenseSearcher:
    build_dense(vectors, path, kind=kind)
    return DenseSearcher.open(path, dimensions=vectors.shape[1], count=len(vectors))


@pytest.fixture(scope="module")
def many() -> Vectors:
    return clustered(6_000)


@pytest.fixture(scope="module")
def lists(many: Vectors, tmp_path_factory: pytest.TempPathFactory) -> tuple[DenseSearcher, DenseFacts]:
    path = tmp_path_factory.mktemp("dense") / "vectors.faiss"
    built = build_dense(many, path, kind=DenseKind.IVF)
    return DenseSearcher.open(path, dimensions=DIMENSIONS, count=len(many)), built


@LAWS
@given(count=st.integers(0, 200), k=st.integers(0, 300), seed=st.integers(0, 10**6))
def test_flat_search_is_exact_and_breaks_ties_by_number(tmp_path: Path, count: int, k: int, seed: int) -> None:
    vectors, query = steps(count, seed), steps(1, seed + 1)[0]
    numbers, scores = opened(vectors, tmp_path / "v", DenseKind.FLAT).search(query, k)
    assert numbers.tolist() == brute(vectors, query, k)
    assert scores.tolist() == (vectors @ query)[numbers].tolist()


@LAWS
@given(data=st.data(), count=st.integers(1, 200), k=st.integers(1, 250), seed=st.integers(0, 10**6))
def test_exactly_the_allowed_passages_are_searched(
    tmp_path: Path, data: st.DataObject, count: int, k: int, seed: int
) -> None:
    vectors, query = steps(count, seed), steps(1, seed + 1)[0]
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), dtype=np.bool_)
    searcher = opened(vectors, tmp_path / "v", DenseKind.FLAT)
    numbers, _ = searcher.search(query, k, Selection(mask))
    assert numbers.tolist() == brute(vectors, query, k, mask)


@LAWS
@given(data=st.data(), share=st.sampled_from([0.0002, 0.002, 0.05, 0.5, 0.95, 1.0]), k=st.integers(1, 40))
def test_lists_find_as_many_allowed_passages_as_there_are(
    many: Vectors, lists: tuple[DenseSearcher, DenseFacts], data: st.DataObject, share: float, k: int
) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    mask = rng.random(len(many)) < share
    numbers, scores = lists[0].search(clustered(1, seed=int(rng.integers(1000)))[0], k, Selection(mask))
    assert len(numbers) == len(set(numbers.tolist())) == min(k, mask.sum())
    assert mask[numbers].all()
    assert (np.diff(scores) <= 0).all()


@pytest.mark.parametrize("kind", [DenseKind.FLAT, DenseKind.SQ8, DenseKind.IVF])
def test_the_only_allowed_passage_is_found_wherever_it_lies(tmp_path: Path, many: Vectors, kind: DenseKind) -> None:
    searcher = opened(many, tmp_path / "v", kind)
    for number in (0, 1_234, len(many) - 1):
        only = only_these([number], len(many))
        for query in (many[number], -many[number], many[17]):
            numbers, scores = searcher.search(query, 10, only)
            assert numbers.tolist() == [number]
            assert scores[0] == pytest.approx(float(many[number] @ query), abs=0.02)


def test_lists_are_exact_over_a_small_selection(many: Vectors, lists: tuple[DenseSearcher, DenseFacts]) -> None:
    mask = np.zeros(len(many), dtype=np.bool_)
    mask[np.random.default_rng(3).choice(len(many), 60, replace=False)] = True
    allowed = Selection(mask)
    found = [set(lists[0].search(q, 10, allowed)[0].tolist()) & set(brute(many, q, 10, mask)) for q in clustered(50, 9)]
    assert np.mean([len(hits) / 10 for hits in found]) >= 0.98  # the rest is what 8 bits a dimension cost


@pytest.mark.parametrize("kind", [DenseKind.FLAT, DenseKind.SQ8, DenseKind.IVF])
def test_a_few_vectors_are_compared_as_faiss_compares_them(
    tmp_path: Path, many: Vectors, kind: DenseKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher = opened(many, tmp_path / "v", kind)
    rng = np.random.default_rng(11)
    some = [only_these(rng.choice(len(many), 80).tolist(), len(many)) for _ in range(6)]
    for only in (*some, *some[::-1]):  # twice as many as are kept
        query = clustered(1, seed=int(rng.integers(1000)))[0]
        with monkeypatch.context() as patch:
            patch.setattr("index.dense._KEPT", 3 * 80)
            numbers, scores = searcher.search(query, 20, only)
            patch.setattr("index.dense._FEW", 0)
            theirs, scored = searcher.search(query, 20, only)
        assert numbers.tolist() == theirs.tolist()
        np.testing.assert_allclose(scores, scored, atol=1e-6)


@pytest.mark.parametrize("kind", [DenseKind.FLAT, DenseKind.SQ8, DenseKind.IVF])
def test_a_story_carried_a_hundred_times_comes_in_order_of_number(tmp_path: Path, kind: DenseKind) -> None:
    vectors = clustered(5_000)
    copies = np.sort(np.random.default_rng(5).choice(5_000, 100, replace=False))
    vectors[copies] = vectors[copies[0]]
    searcher = opened(vectors, tmp_path / "v", kind)
    for k in (1, 10, 99):
        assert searcher.search(vectors[copies[0]], k)[0].tolist() == copies[:k].tolist()


@pytest.mark.parametrize("kind", [DenseKind.FLAT, DenseKind.SQ8, DenseKind.IVF])
def test_asking_for_more_than_there_are_gives_all_without_padding(tmp_path: Path, kind: DenseKind) -> None:
    vectors = clustered(4_100)
    numbers, scores = opened(vectors, tmp_path / "v", kind).search(vectors[3], 10_000)
    assert sorted(numbers.tolist()) == list(range(4_100))
    assert len(scores) == 4_100


@pytest.mark.parametrize("count", [0, 1, 7, 300])
@pytest.mark.parametrize("kind", list(DenseKind))
def test_any_kind_can_be_asked_for_however_few_there_are(tmp_path: Path, count: int, kind: DenseKind) -> None:
    vectors = clustered(count)
    built = build_dense(vectors, tmp_path / "v", kind=kind)
    searcher = DenseSearcher.open(tmp_path / "v", dimensions=DIMENSIONS, count=count)
    numbers, _ = searcher.search(clustered(1, seed=8)[0], 10)
    assert len(numbers) == min(10, count)
    expected = DenseKind.SQ8 if kind is DenseKind.SQ8 and count else DenseKind.FLAT
    assert (built.asked, built.kind) == (kind, expected)
    assert (searcher.facts.asked, searcher.facts.kind) == (kind, expected)


@pytest.mark.parametrize(
    ("count", "kind"),
    [
        (0, DenseKind.FLAT),
        (dense_build.FLAT_AT_MOST, DenseKind.FLAT),
        (dense_build.FLAT_AT_MOST + 1, DenseKind.SQ8),
        (dense_build.SQ8_AT_MOST, DenseKind.SQ8),
        (dense_build.SQ8_AT_MOST + 1, DenseKind.IVF),
    ],
)
def test_auto_goes_from_exact_to_compressed_to_lists(count: int, kind: DenseKind) -> None:
    assert suitable_kind(DenseKind.AUTO, count) is kind


def test_recall_is_measured_and_reaches_what_was_wanted(many: Vectors, lists: tuple[DenseSearcher, DenseFacts]) -> None:
    searcher, built = lists
    assert built.recall >= dense_build.RECALL_WANTED
    assert 1 <= built.nprobe < built.nlist
    # Other queries than those it was tuned with, on the same topics.
    queries = clustered(200)
    found = [set(searcher.search(q, 10)[0].tolist()) & set(brute(many, q, 10)) for q in queries]
    assert np.mean([len(hits) / 10 for hits in found]) >= 0.93


def test_eight_bits_a_dimension_lose_next_to_nothing(tmp_path: Path, many: Vectors) -> None:
    built = build_dense(many, tmp_path / "v", kind=DenseKind.SQ8)
    assert 0.95 <= built.recall <= 1
    assert (tmp_path / "v").stat().st_size < many.nbytes / 4 + 2_000


@pytest.mark.parametrize("kind", [DenseKind.SQ8, DenseKind.IVF])
def test_vectors_unlike_all_others_keep_what_they_are(tmp_path: Path, kind: DenseKind) -> None:
    vectors = clustered(16_000)
    odd = np.eye(DIMENSIONS, dtype=np.float32)  # the largest value that there is, in each dimension once
    vectors[-DIMENSIONS:] = odd
    searcher = opened(vectors, tmp_path / "v", kind)
    for number in range(len(vectors) - DIMENSIONS, len(vectors)):
        only = only_these([number], len(vectors))
        assert searcher.search(vectors[number], 1, only)[1][0] > 0.99


def test_sample_queries_lie_as_far_from_passages_as_questions_do() -> None:
    vectors = clustered(3_000, dimensions=384, topics=300)
    nearest = (sample_queries(vectors) @ vectors.T).max(axis=1)
    assert 0.45 < np.median(nearest) < 0.75


@pytest.mark.parametrize("kind", [DenseKind.FLAT, DenseKind.SQ8, DenseKind.IVF])
def test_the_same_vectors_give_the_same_bytes(tmp_path: Path, many: Vectors, kind: DenseKind) -> None:
    np.save(tmp_path / "rows.npy", many)
    build_dense(many, tmp_path / "a", kind=kind)
    build_dense(np.load(tmp_path / "rows.npy", mmap_mode="r"), tmp_path / "b", kind=kind)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("kind", [DenseKind.FLAT, DenseKind.SQ8, DenseKind.IVF])
def test_threads_get_the_answers_that_one_gets(tmp_path: Path, many: Vectors, kind: DenseKind) -> None:
    searcher = opened(many, tmp_path / "v", kind)
    queries = clustered(60, seed=4)
    half = Selection(np.arange(len(many)) % 2 == 0)

    def answer(query: Vectors) -> list[list[int]]:
        return [searcher.search(query, 20, allowed)[0].tolist() for allowed in (None, half)]

    alone = [answer(query) for query in queries]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(answer, [*queries] * 4)) == alone * 4


def test_a_search_starts_no_threads_in_whichever_thread_it_runs(tmp_path: Path) -> None:
    vectors = clustered(50)
    searcher = opened(vectors, tmp_path / "v", DenseKind.SQ8)
    seen: list[int] = []

    def search() -> None:
        searcher.search(vectors[0], 3)
        seen.append(faiss.omp_get_max_threads())

    thread = threading.Thread(target=search)
    thread.start()
    thread.join()
    assert seen == [1]


def test_building_leaves_the_number_of_threads_as_it_was(tmp_path: Path) -> None:
    faiss.omp_set_num_threads(1)
    build_dense(clustered(50), tmp_path / "v")
    assert faiss.omp_get_max_threads() == 1


def test_a_file_that_is_missing_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match=r"vectors\.faiss is missing; run “python -m index reindex --full”"):
        DenseSearcher.open(tmp_path / "vectors.faiss", dimensions=DIMENSIONS, count=3)


@pytest.mark.parametrize(("dimensions", "count"), [(DIMENSIONS, 99), (DIMENSIONS, 101), (DIMENSIONS + 1, 100)])
def test_vectors_of_another_model_or_other_passages_are_refused(tmp_path: Path, dimensions: int, count: int) -> None:
    build_dense(clustered(100), tmp_path / "v")
    with pytest.raises(
        DamagedError, match=r"holds 100 vectors of 24 dimensions where .* run “python -m index reindex --full”"
    ):
        DenseSearcher.open(tmp_path / "v", dimensions=dimensions, count=count)


def damaged_copies(content: bytes) -> st.SearchStrategy[bytes]:
    """Cut short, one byte altered, a stretch of zeros, something appended, or something else altogether."""
    place = st.integers(0, len(content) - 1)

    def altered(at: int, flip: int) -> bytes:
        return content[:at] + bytes([content[at] ^ flip]) + content[at + 1 :]

    def zeroed(at: int) -> bytes:
        return content[:at] + bytes(len(content) - at)

    return st.one_of(
        place.map(lambda at: content[:at]),
        st.builds(altered, place, st.integers(1, 255)),
        place.map(zeroed),
        st.binary(min_size=1, max_size=50).map(content.__add__),
        st.binary(max_size=200),
    )


@settings(LAWS, max_examples=150)
@given(data=st.data(), kind=st.sampled_from([DenseKind.FLAT, DenseKind.SQ8, DenseKind.IVF]))
def test_a_damaged_file_is_refused_before_faiss_reads_it(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, kind: DenseKind
) -> None:
    path = tmp_path_factory.getbasetemp() / f"damaged-{kind}"
    whole = path.with_suffix(".whole")
    if not whole.exists():
        build_dense(clustered(4_000, dimensions=4), whole, kind=kind)
    content = whole.read_bytes()
    path.write_bytes(data.draw(damaged_copies(content)))
    if path.read_bytes() == content:
        return  # zeros where zeros were
    with pytest.raises(DamagedError, match="run “python -m index reindex --full”"):
        DenseSearcher.open(path, dimensions=4, count=4_000)


@settings(LAWS, max_examples=60)
@given(at=st.integers(0, 10**6), kind=st.sampled_from([DenseKind.FLAT, DenseKind.SQ8, DenseKind.IVF]))
def test_in_a_file_too_large_to_check_whole_an_altered_vector_harms_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, at: int, kind: DenseKind
) -> None:
    path = tmp_path_factory.getbasetemp() / f"large-{kind}"
    whole = path.with_suffix(".whole")
    if not whole.exists():
        build_dense(clustered(4_000, dimensions=4), whole, kind=kind)
    content = bytearray(whole.read_bytes())
    facts = read_trailer(whole)
    at %= facts.faiss_bytes
    content[at] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DamagedError, match="was altered"):
        DenseSearcher.open(path, dimensions=4, count=4_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dense, "CHECKED_ON_OPENING", 0)
        if at < facts.structure_bytes:
            with pytest.raises(DamagedError, match="was altered"):
                DenseSearcher.open(path, dimensions=4, count=4_000)
        else:
            searcher = DenseSearcher.open(path, dimensions=4, count=4_000)
            numbers, _ = searcher.search(clustered(1, dimensions=4)[0], 4_000, Selection(np.ones(4_000, np.bool_)))
            assert set(numbers.tolist()) <= set(range(4_000))


def test_a_whole_file_passes_and_its_facts_are_those_of_the_build(tmp_path: Path, many: Vectors) -> None:
    built = build_dense(many, tmp_path / "v", kind=DenseKind.IVF)
    facts = DenseSearcher.open(tmp_path / "v", dimensions=DIMENSIONS, count=len(many)).facts
    assert {name: asdict(facts)[name] for name in asdict(built)} == asdict(built)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told(many: Vectors) -> None:
    with pytest.raises(StorageError, match=os.strerror(errno.ENOSPC)) as caught:
        build_dense(many, Path("/dev/full"))
    assert isinstance(caught.value.__cause__, OSError)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="can't be written"):
        build_dense(clustered(3), tmp_path / "nowhere" / "v")


def test_a_closed_searcher_says_so(tmp_path: Path) -> None:
    searcher = opened(clustered(5), tmp_path / "v")
    searcher.close()
    searcher.close()
    with pytest.raises(ValueError, match="closed"):
        searcher.search(clustered(1)[0], 1)


def test_what_does_not_fit_together_is_refused(tmp_path: Path) -> None:
    searcher = opened(clustered(5), tmp_path / "v")
    with pytest.raises(ValueError, match="selection among 6 passages"):
        searcher.search(clustered(1)[0], 1, Selection(np.ones(6, dtype=np.bool_)))
    with pytest.raises(ValueError, match="shape"):
        searcher.search(np.zeros(3, dtype=np.float32), 1)
    with pytest.raises(ValueError, match="float32"):
        build_dense(np.zeros((3, 4), dtype=np.float64), tmp_path / "w")


@LAWS
@given(numbers=st.sets(st.integers(0, 59)))
def test_a_selection_has_the_passages_of_its_mask(numbers: set[int]) -> None:
    selection = only_these(sorted(numbers), 60)
    assert selection.size == len(numbers)
    assert selection.numbers().tolist() == sorted(numbers)
    assert {n for n in range(-3, 80) if n >= 0 and selection.selector.is_member(n)} == numbers
