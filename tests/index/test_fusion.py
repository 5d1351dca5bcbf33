"""Fusing runs, whatever order they come in; folding what is one story in several outlets, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import NEAR_COPY, fold, fuse, near_copy, shingles
from index.records import Hit, Run

# Whole numbers: two scores that differ in the last bit alone are equal once scaled.
scores = st.integers(-10_000, 10_000).map(float)
weights = st.floats(0, 1)
words = st.lists(st.sampled_from("strike pay talks union day mill dock owner".split()), max_size=25).map(" ".join)

WIRE = (
    "ALDMOUTH (Wire) – The weavers of Aldmouth walked out on Monday morning after the mill owners withdrew their offer "
    "of a fifth day of rest. About 400 workers marched to the town hall, where the mayor promised to meet both sides "
    "before the end of the week. The owners said that they had been taken by surprise."
)
EDITED = (
    "The weavers of Aldmouth walked out Monday morning after the mill owners withdrew their offer of a fifth day of "
    "rest. About 400 workers marched to the town hall, where the mayor promised to meet both sides before the end of "
    "the week, officials said. The owners said they had been taken by surprise."
)
REPORT = (
    "Four hundred mill hands left their looms in Aldmouth on Monday. They had been promised five days' rest, and the "
    "promise was broken, said Ada Webb, who leads their union. The mayor wants to see the owners and the union by "
    "Friday. Nobody at the mill had expected a walkout so soon."
)


@st.composite
def runs(draw: st.DrawFn, name: str) -> Run:
    found = draw(st.dictionaries(st.integers(0, 40), scores, max_size=12))
    ordered = sorted(found, key=lambda number: (-found[number], number))
    return Run(name, tuple(Hit(number, rank, found[number]) for rank, number in enumerate(ordered, 1)), 0.5)


@given(runs("lexical"), runs("dense"), weights, st.randoms(use_true_random=False))
def test_the_order_of_the_hits_given_changes_nothing(lexical: Run, dense: Run, weight: float, random: object) -> None:
    def shuffled(run: Run) -> Run:
        hits = list(run.hits)
        random.shuffle(hits)  # type: ignore[attr-defined]
        return Run(run.name, tuple(hits), run.seconds)

    assert fuse(shuffled(lexical), shuffled(dense), weight) == fuse(lexical, dense, weight)


@given(runs("lexical"), runs("dense"), weights)
def test_fused_hits_are_ranked_from_one_with_scores_within_nought_and_one(
    lexical: Run, dense: Run, weight: float
) -> None:
    fused = fuse(lexical, dense, weight)
    assert {hit.number for hit in fused.hits} == {hit.number for run in (lexical, dense) for hit in run.hits}
    assert [hit.rank for hit in fused.hits] == list(range(1, len(fused.hits) + 1))
    assert all(-1e-9 <= hit.score <= 1 + 1e-9 for hit in fused.hits)
    keys = [(-hit.score, hit.number) for hit in fused.hits]
    assert keys == sorted(keys)
    assert fused.seconds == lexical.seconds + dense.seconds


@given(runs("lexical"), runs("dense"), weights)
def test_a_hit_tells_its_rank_and_score_in_each_run_it_comes_from(lexical: Run, dense: Run, weight: float) -> None:
    there = {(run.name, hit.number): (hit.rank, hit.score) for run in (lexical, dense) for hit in run.hits}
    told = {
        (name, hit.number): (rank, score)
        for hit in fuse(lexical, dense, weight).hits
        for name, rank, score in hit.evidence
    }
    assert told == there


@given(runs("lexical"), runs("dense"), st.sampled_from([0.0, 1.0]))
def test_a_run_of_no_weight_moves_nothing(lexical: Run, dense: Run, weight: float) -> None:
    heavy = lexical if weight else dense
    mine = {hit.number for hit in heavy.hits}
    fused = [hit for hit in fuse(lexical, dense, weight).hits if hit.number in mine and hit.score > 0]
    expected = [hit.number for hit in heavy.hits]
    assert [hit.number for hit in fused] == [number for number in expected if number in {hit.number for hit in fused}]
    assert all(hit.score == 0 for hit in fuse(lexical, dense, weight).hits if hit.number not in mine)


def test_what_both_runs_agree_on_comes_first() -> None:
    lexical = Run("lexical", (Hit(7, 1, 9.0), Hit(5, 2, 8.0), Hit(3, 3, 1.0)))
    dense = Run("dense", (Hit(9, 1, 0.9), Hit(5, 2, 0.8), Hit(3, 3, 0.1)))
    fused = fuse(lexical, dense, 0.5)
    assert [hit.number for hit in fused.hits] == [5, 7, 9, 3]
    assert fused.hits[0].score == pytest.approx(0.875)
    assert fused.hits[0].evidence == (("lexical", 2, 8.0), ("dense", 2, 0.8))


def test_equal_scores_go_by_number() -> None:
    tied = Run("dense", (Hit(9, 1, 0.5), Hit(2, 2, 0.5), Hit(4, 3, 0.5)))
    assert [hit.number for hit in fuse(Run("lexical", ()), tied, 0.5).hits] == [2, 4, 9]


def test_two_empty_runs_make_an_empty_one() -> None:
    assert fuse(Run("lexical", ()), Run("dense", ()), 0.5).hits == ()


# --- near-copies ------------------------------------------------------------------------------------------------------


def test_a_story_with_small_edits_folds_into_the_first_of_it() -> None:
    assert fold([(1, WIRE), (2, EDITED)]) == [(1, [2])]
    assert fold([(2, EDITED), (1, WIRE)]) == [(2, [1])]


def test_a_part_of_a_story_folds_into_the_whole() -> None:
    assert fold([(1, WIRE), (2, WIRE[: len(WIRE) // 2])]) == [(1, [2])]


def test_distinct_reports_of_one_event_stay_apart() -> None:
    assert fold([(1, WIRE), (2, REPORT), (3, EDITED)]) == [(1, [3]), (2, [])]
    shared = len(shingles(WIRE) & shingles(REPORT)) / min(len(shingles(WIRE)), len(shingles(REPORT)))
    assert shared < NEAR_COPY / 2


def test_letters_and_marks_make_no_difference() -> None:
    assert fold([(1, WIRE), (2, WIRE.upper().replace(".", " !"))]) == [(1, [2])]


def test_short_and_empty_texts_fold_only_into_the_same() -> None:
    assert fold([(1, "On strike"), (2, "on strike!"), (3, "Off strike"), (4, ""), (5, "")]) == [
        (1, [2]),
        (3, []),
        (4, [5]),
    ]


@given(words, words)
def test_being_a_near_copy_goes_both_ways(one: str, other: str) -> None:
    assert near_copy(shingles(one), shingles(other)) == near_copy(shingles(other), shingles(one))
    assert near_copy(shingles(one), shingles(one))


@given(st.lists(words, max_size=8))
def test_folding_loses_nothing_and_keeps_the_order(texts: list[str]) -> None:
    groups = fold(list(enumerate(texts)))
    assert sorted(key for first, copies in groups for key in (first, *copies)) == list(range(len(texts)))
    assert [first for first, _ in groups] == sorted(first for first, _ in groups)
    for first, copies in groups:
        assert copies == sorted(copies)
        assert all(copy > first and near_copy(shingles(texts[first]), shingles(texts[copy])) for copy in copies)
