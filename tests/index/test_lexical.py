"""Finding by words: whatever is asked is a query, and what may not be seen is not found."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import DamagedError, OutdatedError, StorageError
from index.lexical import MAX_TERMS, LexicalSearcher, Posting, all_terms, question_terms
from index.records import Run
from tests.engines import build_postings

ROOT = Path(__file__).parents[2]
anything = st.text(st.characters(exclude_categories=[]), max_size=200)
syntax = st.lists(
    st.sampled_from(
        ["text:", "AND", "OR", "NOT", "NEAR/2", '"', "(", ")", "*", "^9", "~", "[a TO b]", "\\", "/x/", "dock"]
    ),
    max_size=12,
).map(" ".join)

# (article, collection, heading, text), in the order of their numbers.
ROWS = (
    (0, "public", "Dockers walk out", "The dockers of Aldmouth walked out over their pay."),
    (0, "public", "Dockers walk out", "The harbour stood still. Nobody named a date."),
    (1, "public", "Bakers sign", "The bakers signed a contract. Pay, pay, pay is what they had asked for."),
    (2, "guild:7", "Memo", "The dockers' memo speaks of pay."),
    (3, "guild:8", "Memo", "Another memo speaks of the dockers' pay."),
    (4, "public", "Café strike", "Waiters in the café café café stopped. 罢工 開始."),
)

# Of articles, by row; the others have none.
DAYS = {0: date(2023, 7, 14), 1: date(2023, 9, 30), 2: date(2023, 10, 1), 3: date(2024, 1, 2)}


def postings(folder: Path, rows: Sequence[tuple[int, str, str, str]]) -> LexicalSearcher:
    items = [
        Posting(number, row, collection, DAYS.get(row), heading, text)
        for number, (row, collection, heading, text) in enumerate(rows)
    ]
    assert build_postings(items, folder) == len(rows)
    return LexicalSearcher(folder)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> LexicalSearcher:
    return postings(tmp_path_factory.mktemp("lexical") / "postings", ROWS)


def run(
    searcher: LexicalSearcher,
    text: str,
    depth: int = 10,
    collections: tuple[str, ...] | None = None,
    withdrawn: frozenset[int] = frozenset(),
    days: tuple[date, date] | None = None,
    others: tuple[str, ...] = (),
) -> Run:
    return searcher.run(
        question_terms(text), depth, collections=collections, withdrawn=withdrawn, days=days, others=others
    )


def numbers(found: Run) -> list[int]:
    return [hit.number for hit in found.hits]


@settings(max_examples=200, deadline=None)
@given(
    anything | syntax,
    st.sampled_from([None, ("public",), ("guild:7",), ("guild:9",)]),
    st.frozensets(st.integers(0, 5)),
    st.none() | st.tuples(st.dates(), st.dates()) | st.just((date(2023, 8, 1), date(2023, 12, 31))),
)
def test_any_question_makes_a_query_that_finds_only_what_may_be_seen(
    searcher: LexicalSearcher,
    text: str,
    collections: tuple[str, ...] | None,
    withdrawn: frozenset[int],
    days: tuple[date, date] | None,
) -> None:
    found = run(searcher, text, collections=collections, withdrawn=withdrawn, days=days)
    for rank, hit in enumerate(found.hits, start=1):
        article, collection, *_ = ROWS[hit.number]
        assert hit.rank == rank
        assert hit.score > 0
        assert collections is None or collection in collections
        assert article not in withdrawn
        assert days is None or article not in DAYS or days[0] <= DAYS[article] <= days[1]
    keys = [(-hit.score, hit.number) for hit in found.hits]
    assert keys == sorted(keys)
    assert len(set(numbers(found))) == len(found.hits)


@given(anything)
def test_terms_of_a_question_are_among_those_of_its_text(text: str) -> None:
    terms = question_terms(text)
    assert len(set(terms)) == len(terms) <= MAX_TERMS
    assert set(terms) <= set(all_terms(text))


def test_a_query_looks_for_words_and_not_for_syntax(searcher: LexicalSearcher) -> None:
    assert numbers(run(searcher, "text:bakers")) == numbers(run(searcher, "text bakers"))
    assert 2 in numbers(run(searcher, "-bakers NOT bakers"))
    assert numbers(run(searcher, "dock*")) == numbers(run(searcher, "dock"))


def test_words_are_found_by_their_stems_without_case_or_accents(searcher: LexicalSearcher) -> None:
    assert numbers(run(searcher, "DOCKER walking"))[0] == 0
    assert numbers(run(searcher, "cafe")) == numbers(run(searcher, "CAFÉ")) == [5]
    assert numbers(run(searcher, "罢工")) == [5]


def test_what_is_rarer_or_said_more_often_is_better(searcher: LexicalSearcher) -> None:
    assert numbers(run(searcher, "harbour pay"))[0] == 1
    assert numbers(run(searcher, "pay", collections=("public",)))[0] == 2


def test_the_heading_counts_but_less_than_the_text(tmp_path: Path) -> None:
    made = postings(
        tmp_path / "p",
        (
            (0, "public", "Weavers", "They met again."),
            (1, "public", "Monday", "Weavers met."),
            (2, "public", "X", "Y z."),
        ),
    )
    assert numbers(run(made, "weavers")) == [1, 0]


def test_equal_passages_go_by_number(tmp_path: Path) -> None:
    made = postings(tmp_path / "p", tuple((row, "public", "", "The same words.") for row in range(9)))
    found = run(made, "same words", depth=5)
    assert numbers(found) == [0, 1, 2, 3, 4]
    assert len({hit.score for hit in found.hits}) == 1


def test_among_articles_of_some_days_scores_are_as_among_all(searcher: LexicalSearcher) -> None:
    everywhere = {hit.number: hit.score for hit in run(searcher, "harbour pay dockers café").hits}
    some = run(searcher, "harbour pay dockers café", days=(date(2023, 9, 30), date(2023, 12, 31)))
    assert {hit.number: hit.score for hit in some.hits} == {
        number: score for number, score in everywhere.items() if ROWS[number][0] in (1, 2, 4)
    }
    assert len(some.hits) == 3  # the café is of no day, and so may be of any
    assert numbers(run(searcher, "harbour pay dockers café", days=(date.max, date.min))) == [5]


def test_other_words_for_the_same_find_too_but_count_less(searcher: LexicalSearcher) -> None:
    assert numbers(run(searcher, "stevedores")) == []
    found = run(searcher, "stevedores contract", others=("docker",))
    assert numbers(found)[0] == 2
    assert {0, 3, 4} <= set(numbers(found))


def test_stop_words_count_only_where_there_are_no_others(searcher: LexicalSearcher) -> None:
    assert question_terms("when did the dockers walk out") == ("docker", "walk")
    assert question_terms("who was it") == ("who", "was", "it")
    assert question_terms("how long, how many, not first") == ("long", "mani", "not", "first")


def test_a_huge_question_is_cut_to_its_first_terms(searcher: LexicalSearcher) -> None:
    text = " ".join(f"word{k}" for k in range(5_000))
    assert question_terms(text) == tuple(f"word{k}" for k in range(MAX_TERMS))
    assert numbers(run(searcher, "y" * 100_000)) == []


def test_no_terms_and_no_passages_find_nothing(searcher: LexicalSearcher, tmp_path: Path) -> None:
    assert run(searcher, "…").hits == ()
    assert run(postings(tmp_path / "p", ()), "pay").hits == ()


def test_how_many_passages_hold_a_term_is_told(searcher: LexicalSearcher) -> None:
    assert (searcher.count, searcher.frequency("docker"), searcher.frequency("nobodi"), searcher.frequency("x")) == (
        6,
        3,
        1,
        0,
    )


def test_postings_are_written_anew_over_old_ones(tmp_path: Path) -> None:
    postings(tmp_path / "p", ROWS)
    assert postings(tmp_path / "p", ROWS[:1]).count == 1


def test_a_writer_that_has_ended_leaves_no_lock(tmp_path: Path) -> None:
    assert build_postings([Posting(0, 0, "public", None, "Dockers", "They walked out.")], tmp_path / "p") == 1
    assert not list((tmp_path / "p").glob("*.lock"))


def test_lone_surrogates_in_an_article_are_indexed_as_something_else(tmp_path: Path) -> None:
    made = postings(tmp_path / "p", ((0, "public", "\ud800", "The dock\udfff strike."),))
    assert numbers(run(made, "strike \udfff")) == [0]


def test_postings_that_are_damaged_or_gone_are_told(tmp_path: Path) -> None:
    postings(tmp_path / "p", ROWS)
    (tmp_path / "p" / "meta.json").write_text("{")
    for folder in (tmp_path / "p", tmp_path / "none"):
        with pytest.raises(DamagedError, match=r"can't be read .* run “python -m index reindex --full”"):
            LexicalSearcher(folder)


def test_postings_of_a_version_that_knew_no_days_are_told_to_be_outdated(tmp_path: Path) -> None:
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", tokenizer_name="picket", index_option="freq")
    tantivy.Index(schema.build(), path=str(tmp_path))
    with pytest.raises(OutdatedError, match="made by another version of Picket; run “python -m index reindex”"):
        LexicalSearcher(tmp_path)


READ_ONLY = """
import os, sys
from datetime import date
from pathlib import Path
from index.lexical import LexicalSearcher
folder = Path(sys.argv[1])
assert not os.access(folder, os.W_OK, effective_ids=True)
found = LexicalSearcher(folder)
hits = found.run(("docker",), 5, collections=("public",), withdrawn=frozenset({1}), days=(date.min, date.max)).hits
print([hit.number for hit in hits], found.frequency("pay"), found.beginning("dock", collections=None, withdrawn=frozenset()))
"""


def test_postings_in_a_folder_that_may_not_be_written_are_searched(tmp_path: Path) -> None:
    postings(tmp_path / "p", ROWS)
    (tmp_path / "p").chmod(0o555)
    # Root may write anywhere, unless it gives that up.
    command = ["setpriv", "--bounding-set", "-dac_override"] if os.geteuid() == 0 else []
    if command and not shutil.which("setpriv"):
        pytest.skip("needs a user who isn't root, or setpriv")
    links = tmp_path / "links"
    links.mkdir()
    done = subprocess.run(
        [*command, sys.executable, "-c", READ_ONLY, str(tmp_path / "p")],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(links)},
        capture_output=True,
        text=True,
        check=False,
    )
    (tmp_path / "p").chmod(0o755)
    assert (done.stdout, done.stderr) == ("[0, 1] 4 [('docker', 3)]\n", "")
    assert not list(links.iterdir())


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StorageError, match=r"can't be written .* check permissions and free space"):
        build_postings([], tmp_path / "file" / "postings")
