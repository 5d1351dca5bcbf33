"""`passages.db`: what is written is read back, whole; what is not whole is refused."""

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import DamagedError, StorageError
from index.records import Passage, Span
from index.tables import ArticleRow, PassageRow, TableReader, TableWriter, sentence_lengths

ROW = ArticleRow(
    id="talks",
    collection="public",
    path="talks.md",
    title="Talks",
    outlet="Harbour Post",
    url=None,
    published=date(2031, 5, 10),
    heading="Talks — Harbour Post",
    text="Talks began. They ended.",
    digest="d",
    file_digest="f",
    size=24,
    modified=1_900_000_000_000_000_007,
)
letters = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def passages(first: int, row: int, article: ArticleRow, cuts: Sequence[Sequence[int]]) -> list[Passage]:
    """Passages one after the other; each is given by the lengths of its sentences."""
    made, start = [], 0
    for ordinal, lengths in enumerate(cuts):
        borders = list(accumulate(lengths, initial=start))
        spans = tuple(Span(one, two) for one, two in pairwise(borders))
        whole = Span(start, borders[-1])
        made.append(Passage(first + ordinal, row, ordinal, whole, article.heading, whole.of(article.text), spans))
        start = borders[-1]
    return made


def stored(passage: Passage) -> PassageRow:
    return PassageRow(passage.ordinal, passage.span.start, sentence_lengths(passage.sentences), passage.text)


def fill(path: Path, articles: Sequence[tuple[ArticleRow, Sequence[Sequence[int]]]]) -> list[list[Passage]]:
    writer, first, written = TableWriter(path), 0, []
    for row, (article, cuts) in enumerate(articles):
        written.append(passages(first, row, article, cuts))
        writer.add(row, article, first, [stored(one) for one in written[-1]])
        first += len(cuts)
    writer.close()
    return written


@st.composite
def cut_articles(draw: st.DrawFn) -> tuple[ArticleRow, list[list[int]]]:
    sentences = draw(st.lists(st.lists(letters.filter(bool), min_size=1, max_size=3), max_size=3))
    text = "".join(one for group in sentences for one in group)
    article = replace(
        ROW,
        text=text,
        title=draw(letters),
        heading=draw(letters),
        url=draw(st.none() | letters),
        published=draw(st.none() | st.dates()),
    )
    return article, [[len(one) for one in group] for group in sentences]


@given(st.lists(cut_articles(), max_size=5))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, articles: list[tuple[ArticleRow, list[list[int]]]]
) -> None:
    path = tmp_path_factory.mktemp("tables") / "passages.db"
    named = [(replace(one, id=f"a{row}", path=f"a{row}.md"), cuts) for row, (one, cuts) in enumerate(articles)]
    written = fill(path, named)
    assert [place.name for place in path.parent.iterdir()] == ["passages.db"]  # no journal, no log beside it
    reader = TableReader(path)
    assert reader.articles == len(named)
    assert reader.passages == reader.verify() == sum(map(len, written))
    assert list(reader.ranges()) == list(pairwise(accumulate(map(len, written), initial=0)))
    rows = range(0, len(named), 2)
    taken_over = [(named[row][0], [stored(one) for one in written[row]]) for row in rows]
    assert list(reader.read(rows)) == taken_over
    for row, (article, _) in enumerate(named):
        assert reader.article_text(row) == article.text
        for passage in written[row]:
            found, of = reader.passages_of([passage.number])[passage.number]
            assert found == passage
            assert (of.row, of.id, of.url, of.published) == (row, article.id, article.url, article.published)
    assert reader.paths() == {f"a{row}.md": row for row in range(len(named))}
    assert [(row.row, row.modified) for row in reader.files()] == [(row, ROW.modified) for row in range(len(named))]
    reader.close()


def test_an_article_without_passages_has_an_empty_range(tmp_path: Path) -> None:
    empty = replace(ROW, id="empty", text="")
    fill(tmp_path / "passages.db", [(empty, []), (ROW, [[13, 11]]), (empty, []), (ROW, [[13], [11]]), (empty, [])])
    reader = TableReader(tmp_path / "passages.db")
    assert list(reader.ranges()) == [(0, 0), (0, 1), (1, 1), (1, 3), (3, 3)]
    reader.close()


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.db", "two.db"):
        fill(tmp_path / name, [(ROW, [[13], [11]])])
    assert (tmp_path / "one.db").read_bytes() == (tmp_path / "two.db").read_bytes()


@pytest.mark.parametrize(
    "harm",
    [
        "update passages set text = 'Walks began. '",
        "update passages set start = 1",
        "update passages set sentences = '12'",
        "update passages set sentences = ''",
        "update passages set article = 5",
        "update passages set number = 4 where number = 1",
        "update articles set text = 'Other words entirely.'",
        "delete from articles",
    ],
)
def test_a_passage_that_is_no_slice_is_refused(tmp_path: Path, harm: str) -> None:
    path = tmp_path / "passages.db"
    fill(path, [(ROW, [[13], [11]])])
    with sqlite3.connect(path) as connection:
        connection.execute(harm)
    connection.close()
    reader = TableReader(path)
    with pytest.raises(DamagedError, match=r"no slice of its article; run .*reindex --full"):
        reader.verify()
    reader.close()


@pytest.mark.parametrize("contents", [b"not a database, and longer than its header would be" * 20, b""])
def test_what_is_no_database_is_refused(tmp_path: Path, contents: bytes) -> None:
    (tmp_path / "passages.db").write_bytes(contents)
    with pytest.raises(DamagedError, match=r"passages\.db can't be read \(.*\); run .*reindex --full"):
        TableReader(tmp_path / "passages.db")


def test_a_table_of_an_older_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "passages.db"
    fill(path, [(ROW, [[13], [11]])])
    with sqlite3.connect(path) as connection:
        connection.execute("drop view indexed")
    connection.close()
    with pytest.raises(DamagedError, match=r"made by another version of Picket; run .*reindex”"):
        TableReader(path)


def test_a_table_cut_short_while_it_is_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "passages.db"
    fill(path, [(replace(ROW, text="x" * 50_000), [[50_000]])])
    reader = TableReader(path)
    path.write_bytes(path.read_bytes()[:8192])
    with pytest.raises(DamagedError, match="reindex --full"):
        reader.article_text(0)
    reader.close()


def test_a_place_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"nowhere/passages\.db can't be written or read .*check"):
        TableWriter(tmp_path / "nowhere" / "passages.db")
    with pytest.raises(StorageError, match=r"nowhere\.db can't be written or read .*check"):
        TableReader(tmp_path / "nowhere.db")


def test_threads_that_end_leave_no_open_file_behind(tmp_path: Path) -> None:
    fill(tmp_path / "passages.db", [(ROW, [[13], [11]])])
    before = len(list(Path("/proc/self/fd").iterdir()))
    reader = TableReader(tmp_path / "passages.db")
    read: list[str] = []
    for _ in range(50):
        thread = threading.Thread(target=lambda: read.append(reader.article_text(0)))
        thread.start()
        thread.join()
    assert read == [ROW.text] * 50
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 2
    reader.close()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before  # what others left open may be collected meanwhile
