"""Fusing runs, whatever order they come in; folding what is one story in several outlets, and nothing else."""

from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import NEAR_COPY, fold, fuse, near_copy, shingles
from index.records import Answer, Hit, Question, Run
from tests.engines import ASKED, WordReranking, configure, open_engine, write

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


def folded(*texts: str) -> list[tuple[int, list[int]]]:
    """The groups of texts, numbered from one, of articles without a day."""
    return fold([(number, text, None) for number, text in enumerate(texts, start=1)])


def test_a_story_with_small_edits_folds_into_the_first_of_it() -> None:
    assert folded(WIRE, EDITED) == [(1, [2])]
    assert folded(EDITED, WIRE) == [(1, [2])]


def test_a_part_of_a_story_folds_into_the_whole() -> None:
    assert folded(WIRE, WIRE[: len(WIRE) // 2]) == [(1, [2])]


def test_distinct_reports_of_one_event_stay_apart() -> None:
    assert folded(WIRE, REPORT, EDITED) == [(1, [3]), (2, [])]
    shared = len(shingles(WIRE) & shingles(REPORT)) / min(len(shingles(WIRE)), len(shingles(REPORT)))
    assert shared < NEAR_COPY / 2


def test_letters_and_marks_make_no_difference() -> None:
    assert folded(WIRE, WIRE.upper().replace(".", " !")) == [(1, [2])]


def test_short_and_empty_texts_fold_only_into_the_same() -> None:
    assert folded("On strike", "on strike!", "Off strike", "", "") == [(1, [2]), (3, []), (4, [5])]


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("400 workers", "650 workers"),
        ("400 workers", "4,000 workers"),
        ("About 400", "About nine hundred"),
        ("on Monday morning", "on Tuesday morning"),
        ("on Monday morning", "on the third morning"),
        ("on Monday morning", "on 9 June in the morning"),
        ("weavers of Aldmouth", "weavers of Brackwater"),
        ("weavers of Aldmouth", "weavers of Upper Hexley"),
    ],
)
def test_a_text_that_tells_another_figure_day_or_name_is_no_copy(words: str, others: str) -> None:
    story = WIRE.removeprefix("ALDMOUTH (Wire) – ")
    other = story.replace(words, others)
    assert near_copy(shingles(story), shingles(other))
    assert folded(story, other) == folded(other, story) == [(1, []), (2, [])]


def test_short_texts_that_differ_in_who_it_was_are_no_copies() -> None:
    told = "Potters downed their tools and marched to the gates of the works, where the owners had hung a notice."
    assert folded(told, told.replace("Potters", "Miners")) == [(1, []), (2, [])]


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("ALDMOUTH (Wire) – ", ""),
        ("ALDMOUTH (Wire) – ", "By Ada Webb of the Harbour Post\n"),
        ("The owners said", "But the owners said"),
        ("About 400 workers", "About 400 of their workers"),
        ("surprise.", "surprise. Jo Finch of the Harbour Post wrote this from Hexley."),
        ("on Monday", "Monday"),
    ],
)
def test_a_copy_may_be_worded_otherwise_beside_what_it_tells(words: str, others: str) -> None:
    assert folded(WIRE, WIRE.replace(words, others)) == folded(WIRE.replace(words, others), WIRE) == [(1, [2])]


def test_of_copies_the_earliest_leads_and_those_without_a_day_come_last() -> None:
    days = [None, date(2023, 5, 23), date(2023, 5, 3), date(2023, 5, 15)]
    assert fold([(key, WIRE, day) for key, day in enumerate(days)]) == [(2, [0, 1, 3])]
    assert fold([(1, WIRE, date(2023, 5, 23)), (2, EDITED, date(2023, 5, 3))]) == [(2, [1])]


def test_two_passages_of_a_story_of_one_day_are_led_by_one_article() -> None:
    day, second = date(2023, 5, 3), "The second passage of the story. " * 9
    ranked = [(18, WIRE, day), (20, WIRE, day), (21, second, day), (19, second, day)]
    assert fold(ranked) == [(18, [20]), (19, [21])]


def test_an_earlier_copy_that_tells_less_leads_nothing() -> None:
    half = WIRE[: len(WIRE) // 2]
    assert fold([(1, WIRE, date(2023, 5, 23)), (2, half, date(2023, 5, 3))]) == [(1, [2])]
    assert fold([(1, half, date(2023, 5, 23)), (2, WIRE, date(2023, 5, 3))]) == [(2, [1])]
    figure = WIRE.replace("About 400 workers", "Workers")
    assert fold([(1, WIRE, date(2023, 5, 23)), (2, figure, date(2023, 5, 3))]) == [(1, [2])]


@given(words, words)
def test_being_a_near_copy_goes_both_ways(one: str, other: str) -> None:
    assert near_copy(shingles(one), shingles(other)) == near_copy(shingles(other), shingles(one))
    assert near_copy(shingles(one), shingles(one))


@given(st.lists(words, max_size=8), st.lists(st.none() | st.dates(), min_size=8, max_size=8))
def test_folding_loses_nothing_and_keeps_the_order(texts: list[str], days: list[date | None]) -> None:
    groups = fold([(key, text, day) for key, (text, day) in enumerate(zip(texts, days, strict=False))])
    members = [sorted((lead, *copies)) for lead, copies in groups]
    assert sorted(key for group in members for key in group) == list(range(len(texts)))
    assert [group[0] for group in members] == sorted(group[0] for group in members)
    for (lead, copies), (first, *others) in zip(groups, members, strict=True):
        assert copies == sorted(copies)
        assert all(near_copy(shingles(texts[first]), shingles(texts[copy])) for copy in others)
        assert lead == first or (days[lead] or date.max) < (days[first] or date.max)


# --- in an answer -----------------------------------------------------------------------------------------------------


def asked(tmp_path: Path, text: str, *stories: tuple[str, date, str], reranking: WordReranking | None = None) -> Answer:
    """What is answered from stories (outlet, day, text); their ids come in the same order."""
    config = configure(tmp_path)
    config.write_text(config.read_text("utf-8").replace('"none"', '"none"\npassages = 1'), "utf-8")
    for place, (outlet, published, words) in enumerate(stories):
        path = write(tmp_path / "articles", f"story-{place}", words, title="Weavers walk out")
        told = path.read_text("utf-8").replace("Harbour Post", outlet).replace("2031-05-10", published.isoformat())
        path.write_text(told, "utf-8")
    with closing(open_engine(config, reranking=reranking)) as engine:
        engine.reindex(now=datetime.now(UTC))
        return engine.ask(Question(text, ASKED))


FLIGHTS = (
    "Airport staff walked out on {} and {} flights were cancelled, the airline said. Some {} members of the union stood "
    "at the gates of the airport from the early morning. The airline has asked for a meeting with the union this week."
)
WALKED = (
    "The weavers of Aldmouth walked out on Tuesday morning, after the mill owners withdrew their offer of a day of rest. "
    "They marched to the town hall, where the mayor promised to meet both sides before the end of the week."
)


def test_copies_that_differ_in_the_figure_asked_for_are_cited_both_and_told_to_differ(tmp_path: Path) -> None:
    answer = asked(
        tmp_path,
        "How many flights were cancelled?",
        ("Harbour Post", date(2031, 5, 7), FLIGHTS.format("Tuesday", "140", "2,300")),
        ("Dunmere Echo", date(2031, 5, 6), FLIGHTS.format("Monday", "210", "1,500")),
    )
    assert {one.article.outlet for one in answer.citations} == {"Harbour Post", "Dunmere Echo"}
    assert not any(one.also for one in answer.citations)
    assert [one.value for one in answer.differences] == ["140", "210"]


@pytest.mark.parametrize("read", [False, True])
def test_a_repost_gives_the_story_no_other_day(tmp_path: Path, read: bool) -> None:
    answer = asked(
        tmp_path,
        "When did the weavers of Aldmouth walk out?",
        ("Dunmere Echo", date(2031, 5, 15), WALKED),
        ("Harbour Post", date(2031, 5, 7), WALKED),
        reranking=WordReranking() if read else None,
    )
    (citation,) = answer.citations
    assert (citation.article.outlet, [one.outlet for one in citation.also]) == ("Harbour Post", ["Dunmere Echo"])
    assert answer.when is not None
    assert answer.when.first == date(2031, 5, 6)
    assert any("read" in line for line in answer.explanation if line.startswith("passage")) is read
