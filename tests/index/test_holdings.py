"""What a generation has by day and by union, and what a vocabulary shows of it, over real tables and postings."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.fusion import fuse
from index.holdings import AGEING, FAVOUR, Holdings, together
from index.lexical import LexicalSearcher, Posting
from index.questions.asked_period import UNDATED
from index.records import Hit, ReadPeriod, Run
from index.tables import ArticleRow, PassageRow, TableReader, TableWriter
from index.vocabulary import SeenWords
from tests.engines import build_postings

# (collection, published, unions, text), in the order of their rows; each is one passage.
ROWS = (
    ("guild:7", date(2031, 5, 20), "", "The Guildhall weavers met. Their Ombudsman spoke."),
    ("public", date(2031, 5, 10), "wga", "The writers met the committee. The Committee said nothing."),
    ("public", date(2031, 6, 10), "wga sag-aftra", "The committee met again, and a committeeman wrote."),
    ("public", None, "sag-aftra", "An undated committee met."),
    ("public", date(2031, 7, 20), "", "The ferries sailed."),
)
JUNE = ReadPeriod("in june", date(2031, 6, 1), date(2031, 6, 30))
PUBLIC = ("public",)
NOBODY: frozenset[int] = frozenset()


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TableReader]:
    path = tmp_path_factory.mktemp("holdings") / "passages.db"
    writer = TableWriter(path)
    for row, (collection, published, unions, text) in enumerate(ROWS):
        article = ArticleRow(
            str(row),
            collection,
            f"{row}.md",
            "",
            "Harbour Post",
            None,
            published,
            "Ombudswoman",
            text,
            "d",
            "f",
            1,
            1,
            unions,
        )
        writer.add(row, article, row, [PassageRow(0, 0, str(len(text)), text)])
    writer.close()
    reader = TableReader(path)
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def holdings(tables: TableReader) -> Holdings:
    return Holdings(tables)


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalSearcher:
    folder = tmp_path_factory.mktemp("holdings") / "postings"
    build_postings((Posting(row, row, one[0], None, "Ombudswoman", one[3]) for row, one in enumerate(ROWS)), folder)
    return LexicalSearcher(folder)


@pytest.mark.parametrize(
    ("union", "since", "until", "outside"),
    [
        ("", None, None, set()),
        ("wga", None, None, {0, 3, 4}),
        ("", date(2031, 6, 10), None, {0, 1, 3}),
        ("", None, date(2031, 5, 20), {2, 3, 4}),
        ("", date(2031, 5, 20), date(2031, 6, 10), {1, 3, 4}),
        ("sag-aftra", date(2031, 1, 1), None, {0, 1, 3, 4}),
        ("uaw", None, None, {0, 1, 2, 3, 4}),
        ("", date.max, date.max, {0, 1, 2, 3, 4}),
    ],
)
def test_a_choice_leaves_out_what_is_not_of_it_and_what_is_undated(
    holdings: Holdings, union: str, since: date | None, until: date | None, outside: set[int]
) -> None:
    assert holdings.outside(union, since, until) == outside
    assert holdings.outside(union, since, until) == outside  # as it is remembered


def test_articles_are_counted_that_may_be_seen(holdings: Holdings) -> None:
    assert holdings.counted(PUBLIC, NOBODY)(date(2031, 5, 1), date(2031, 5, 31)) == 1
    assert holdings.counted(("public", "guild:7"), NOBODY)(date(2031, 5, 1), date(2031, 5, 31)) == 2
    assert holdings.counted(PUBLIC, frozenset({1}))(date(2031, 5, 1), date(2031, 5, 31)) == 0
    assert holdings.counted((), NOBODY)(date.min, date.max) == 0
    assert holdings.counted(PUBLIC, NOBODY)(date.min, date.max) == 3  # the undated one is of no day


def test_a_period_is_favoured_only_where_an_article_of_it_may_be_seen(holdings: Holdings) -> None:
    """Else what another server has, or what is gone, would move a server's own articles."""
    public = frozenset(PUBLIC)
    assert holdings.has(JUNE, public, NOBODY)
    assert not holdings.has(JUNE, frozenset({"guild:9"}), NOBODY)
    assert not holdings.has(JUNE, public, frozenset({2}))
    assert not holdings.has(ReadPeriod("in 1960", date(1960, 1, 1), date(1960, 12, 31)), public, NOBODY)


def test_an_undated_article_may_be_of_any_period(holdings: Holdings) -> None:
    assert np.flatnonzero(holdings.within(JUNE)).tolist() == [2, 3]


def test_articles_of_the_period_come_first_and_undated_ones_before_the_others(holdings: Holdings) -> None:
    run = Run("lexical", tuple(Hit(number, rank, 0.5) for rank, number in enumerate((0, 1, 2, 3, 4), start=1)))
    favour = holdings.favour((run, Run("dense", ())), JUNE, np.arange(5, dtype=np.int32))
    fused = fuse(run, Run("dense", ()), 0.5, favour)
    assert [hit.number for hit in fused.hits] == [2, 3, 0, 1, 4]
    assert [hit.rank for hit in fused.hits] == [1, 2, 3, 4, 5]
    assert [hit.score for hit in fused.hits[:3]] == [0.5 + FAVOUR, 0.5 + FAVOUR * UNDATED, 0.5]
    assert all(hit.evidence == (("lexical", run_hit.rank, 0.5),) for hit in fused.hits for run_hit in run.hits
               if run_hit.number == hit.number)  # fmt: skip
    news = holdings.favour((run, Run("dense", ())), JUNE, np.arange(5, dtype=np.int32), undated=0.0)
    assert [hit.number for hit in fuse(run, Run("dense", ()), 0.5, news).hits] == [2, 0, 1, 3, 4]


def test_what_says_far_more_stays_before_what_is_of_the_period(holdings: Holdings) -> None:
    runs = Run("lexical", (Hit(4, 1, 1.0), Hit(0, 2, 0.0), Hit(2, 3, 0.0))), Run("dense", ())
    favour = holdings.favour(runs, JUNE, np.arange(5, dtype=np.int32))
    assert [hit.number for hit in fuse(*runs, 0.5, favour).hits] == [4, 2, 0]


def test_two_runs_are_put_together_by_their_scores_and_none_is_told_twice() -> None:
    one = Run("lexical", (Hit(1, 1, 3.0), Hit(2, 2, 1.0)), 0.5)
    other = Run("lexical", (Hit(3, 1, 2.0), Hit(2, 2, 1.0), Hit(0, 3, 1.0)), 0.25)
    both = together(one, other)
    assert [(hit.number, hit.rank, hit.score) for hit in both.hits] == [
        (1, 1, 3.0),
        (3, 2, 2.0),
        (0, 3, 1.0),
        (2, 4, 1.0),
    ]
    assert both.seconds == 0.75


def test_words_are_those_of_the_passages_that_may_be_seen(tables: TableReader, lexical: LexicalSearcher) -> None:
    seen = SeenWords(lexical, tables, PUBLIC, NOBODY)
    assert seen.frequency("committe") == 3
    assert seen.frequency("guildhal") == 0
    assert dict(seen.beginning("comm"))["committe"] == 3
    assert seen.beginning("guild") == []
    assert seen.spellings("weaver") == []
    both = SeenWords(lexical, tables, ("public", "guild:7"), NOBODY)
    assert both.frequency("guildhal") == 1
    assert [term for term, _ in both.beginning("guild")] == ["guildhal"]
    assert both.spellings("weaver") == ["weavers"]


def test_words_of_headings_are_known_but_none_is_mended_into_them(
    tables: TableReader, lexical: LexicalSearcher
) -> None:
    seen = SeenWords(lexical, tables, PUBLIC, NOBODY)
    assert seen.frequency("ombudswoman") > 0
    assert seen.beginning("ombudsw") == []


def test_words_of_a_withdrawn_article_are_gone(tables: TableReader, lexical: LexicalSearcher) -> None:
    seen = SeenWords(lexical, tables, PUBLIC, frozenset({4}))
    assert seen.frequency("ferri") == 0
    assert seen.beginning("ferr") == []
    assert SeenWords(lexical, tables, PUBLIC, NOBODY).spellings("ferri") == ["ferries"]


def test_a_word_is_written_as_it_is_most_often(tables: TableReader, lexical: LexicalSearcher) -> None:
    assert SeenWords(lexical, tables, PUBLIC, NOBODY).spellings("committe") == ["committee", "Committee"]


def test_nobody_sees_words_of_no_collection(tables: TableReader, lexical: LexicalSearcher) -> None:
    seen = SeenWords(lexical, tables, ("guild:9",), NOBODY)
    assert (seen.frequency("committe"), seen.beginning("c"), seen.spellings("committe")) == (0, (), [])


def test_what_is_years_older_than_the_newest_found_counts_less(tmp_path: Path) -> None:
    days = (date(2031, 6, 1), date(2030, 6, 1), None, date(2023, 6, 1), date(1960, 1, 1))
    writer = TableWriter(tmp_path / "passages.db")
    for row, published in enumerate(days):
        article = ArticleRow(str(row), "public", f"{row}.md", "", "", None, published, "", "Met.", "d", "f", 1, 1, "")
        writer.add(row, article, row, [PassageRow(0, 0, "4", "Met.")])
    writer.close()
    reader = TableReader(tmp_path / "passages.db")
    try:
        run = Run("dense", tuple(Hit(number, number + 1, 1.0) for number in range(5)))
        aged = Holdings(reader).ageing((run,), np.arange(5, dtype=np.int32))
        assert (aged[0], aged[1], aged.get(2, 0.0)) == (0.0, 0.0, 0.0)
        assert 0.0 < aged[3] < aged[4] < AGEING
        older = Holdings(reader).ageing((Run("dense", run.hits[3:]),), np.arange(5, dtype=np.int32))
        assert older[3] == 0.0 < older[4]
        assert Holdings(reader).ageing((Run("dense", ()),), np.arange(5, dtype=np.int32)) == {}
    finally:
        reader.close()


def test_articles_of_one_year_have_no_age(holdings: Holdings) -> None:
    run = Run("dense", tuple(Hit(number, number + 1, 1.0) for number in range(len(ROWS))))
    assert holdings.ageing((run,), np.arange(len(ROWS), dtype=np.int32)) == {}
