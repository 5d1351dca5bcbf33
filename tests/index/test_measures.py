"""Figures reckoned by hand on a tiny corpus, the same as ir-measures gives for the run that `search --trec` writes."""

import math
from datetime import UTC, datetime
from pathlib import Path

import ir_measures
import pytest
from ir_measures import RR, R, nDCG

from index.engine import Engine
from index.errors import EngineError
from index.measures import measure
from index.output import trec_lines
from index.records import Question
from tests.engines import ASKED, configure, open_engine, write

# Each query names its articles by a word that stands in them more and less often, in texts of one length: the order
# in which they are found is the order in which they are named here.
FOUND = {"kiln": ["kiln-3", "kiln-2", "kiln-1"], "loom": ["loom-3", "loom-2", "loom-1"]}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    place = tmp_path_factory.mktemp("measured")
    config = configure(place)
    for word in FOUND:
        for count in (1, 2, 3):
            fillers = [f"{word}filler{count}number{k}" for k in range(12 - count)]
            write(place / "articles", f"{word}-{count}", " ".join([word] * count + fillers) + ".")
    made = open_engine(config)
    made.reindex(now=ASKED)
    return made


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    path = tmp_path / "queries.jsonl"
    path.write_text('{"id":"k","text":"kiln"}\n{"id":"l","text":"loom"}\n{"id":"unjudged","text":"kiln"}\n')
    return path


def qrels(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "qrels.tsv"
    path.write_text(text, "utf-8")
    return path


def test_the_corpus_is_found_in_the_order_that_the_figures_below_suppose(engine: Engine) -> None:
    for word, expected in FOUND.items():
        _, found = engine.search(Question(word, ASKED), 3)
        assert [item.article.id for item in found] == expected


def test_the_figures_are_those_reckoned_by_hand(engine: Engine, queries: Path, tmp_path: Path) -> None:
    # k: the second found has grade 1. l: the first has 1, the third 2; a fourth that is judged isn't in the corpus.
    judged = qrels(tmp_path, "query\tarticle\tgrade\nk\tkiln-2\t1\nl\tloom-3\t1\nl\tloom-1\t2\nl\tloom-9\t1\n")
    figures = measure(engine, queries, judged)
    k = (1 / math.log2(3)) / 1
    l = (1 / math.log2(2) + 2 / math.log2(4)) / (2 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4))  # noqa: E741
    assert figures == {
        "queries": 2,
        "nDCG@10": pytest.approx((k + l) / 2),
        "R@10": pytest.approx((1 + 2 / 3) / 2),
        "RR@10": pytest.approx((1 / 2 + 1) / 2),
    }


def test_the_figures_are_those_of_ir_measures_for_the_run_as_it_is_written(
    engine: Engine, queries: Path, tmp_path: Path
) -> None:
    judged = qrels(tmp_path, "k 0 kiln-1 1\nk 0 loom-3 2\nl 0 loom-2 1\nl 0 kiln-1 0\n")
    run = tmp_path / "measured.run"
    with run.open("w") as stream:
        for identity, text in (("k", "kiln"), ("l", "loom")):
            _, found = engine.search(Question(text, ASKED), 20)
            stream.writelines(f"{line}\n" for line in trec_lines(identity, found, 10))
    told = ir_measures.calc_aggregate(
        [nDCG @ 10, R @ 10, RR @ 10],
        list(ir_measures.read_trec_qrels(str(judged))),
        list(ir_measures.read_trec_run(str(run))),
    )
    figures = measure(engine, queries, judged)
    assert {name: figures[name] for name in ("nDCG@10", "R@10", "RR@10")} == {
        str(name): pytest.approx(value) for name, value in told.items()
    }


def test_a_judged_query_that_finds_nothing_counts_nought(engine: Engine, tmp_path: Path) -> None:
    asked = tmp_path / "queries.jsonl"
    asked.write_text('{"id":"k","text":"kiln"}\n{"id":"none","text":"?!"}\n')
    figures = measure(engine, asked, qrels(tmp_path, "k\tkiln-3\t1\nnone\tkiln-3\t1\n"))
    assert figures == {"queries": 2, "nDCG@10": 0.5, "R@10": 0.5, "RR@10": 0.5}


def test_line_separators_within_a_text_do_not_end_a_query(engine: Engine, tmp_path: Path) -> None:
    asked = tmp_path / "queries.jsonl"
    asked.write_text('\ufeff{"id":1,"text":"kiln\u2028and kiln"}\r\n\r\n', "utf-8")
    assert measure(engine, asked, qrels(tmp_path, "1\tkiln-3\t1\n"))["RR@10"] == 1.0


@pytest.mark.parametrize(
    ("asked", "judged", "told"),
    [
        ("{\n", "k\tkiln-3\t1\n", "Line 1 of .*queries.jsonl is no query"),
        ('{"id":"k","text":"kiln"}\n\n[]\n', "k\tkiln-3\t1\n", "Line 3 of .*queries.jsonl is no query"),
        ('{"id":["k"],"text":"kiln"}\n', "k\tkiln-3\t1\n", "Line 1 of .*queries.jsonl is no query"),
        ('{"id":"k"}\n', "k\tkiln-3\t1\n", "Line 1 of .*queries.jsonl is no query"),
        ('{"id":"k","text":"a"}\n{"id":"k","text":"b"}\n', "k\tkiln-3\t1\n", "Line 2 of .* has the id “k” again"),
        ('{"id":"k","text":"kiln"}\n', "k\tkiln-3\t1\nk\tkiln-3\n", "Line 2 of .*qrels.tsv is no judgement"),
        ('{"id":"k","text":"kiln"}\n', "k\tkiln-3\t1\n\nk\tkiln-3\tgood\n", "Line 3 of .*qrels.tsv is no judgement"),
        ('{"id":1,"text":"kiln"}\n', "1\tx\t1.5\n", "Line 1 of .* is no judgement; .* grade, a whole number"),
        (
            '{"id":1,"text":"kiln"}\n',
            f"1\tx\t1\n1\ty\t{'9' * 20}\n",
            f"Line 2 of .* has the grade {'9' * 20}; write one",
        ),
        ('{"id":1,"text":"kiln"}\n', "1\tx\t-1001\n", "has the grade -1001; write one from -1,000 to 1,000"),
        ('{"id":1,"text":"kiln"}\n', f"1\tx\t{'9' * 5_000}\n", "Line 1 of .*qrels.tsv is no judgement"),
        ('{"id":1,"text":"kiln"}\n', "1\tx\t-\n", "Line 1 of .*qrels.tsv is no judgement"),
        ('{"id":1,"text":"kiln"}\n', "1\tx\n", "Line 1 of .*qrels.tsv is no judgement"),
        ('{"id":"k","text":"kiln"}\n', "", "No query of .*queries.jsonl is judged in .*qrels.tsv"),
        ('{"id":"k","text":"kiln"}\n', "l\tkiln-3\t1\n", "No query of .* is judged"),
        ("", "l\tkiln-3\t1\n", "No query of .* is judged"),
    ],
)
def test_a_file_of_another_form_is_told_with_its_line(
    engine: Engine, tmp_path: Path, asked: str, judged: str, told: str
) -> None:
    queries = tmp_path / "queries.jsonl"
    queries.write_text(asked)
    with pytest.raises(EngineError, match=told):
        measure(engine, queries, qrels(tmp_path, judged))


def test_a_file_that_can_not_be_read_is_told(engine: Engine, queries: Path, tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"\xff")
    for path in (tmp_path / "none", tmp_path / "latin"):
        with pytest.raises(EngineError, match=r"can't be read .* name another file"):
            measure(engine, queries, path)


def test_a_query_is_asked_on_its_own_day(engine: Engine, tmp_path: Path) -> None:
    queries = tmp_path / "dated.jsonl"
    queries.write_text(
        '{"id":"a","text":"kiln","date":"2031-05-12"}\n'
        '{"id":"b","text":"loom","asked_at":"2031-05-13T09:30:00Z","date":"2030-01-01"}\n'
        '{"id":"c","text":"kiln"}\n'
    )
    asked: list[datetime] = []

    class Listening:
        def search(self, question: Question, k: int) -> object:
            asked.append(question.asked_at)
            return engine.search(question, k)

    begun = datetime.now(UTC)
    measure(Listening(), queries, qrels(tmp_path, "a\tkiln-1\t1\nb\tloom-1\t1\nc\tkiln-1\t1\n"))  # type: ignore[arg-type]
    assert asked[:2] == [datetime(2031, 5, 12, tzinfo=UTC), datetime(2031, 5, 13, 9, 30, tzinfo=UTC)]
    assert begun <= asked[2] <= datetime.now(UTC)


def test_a_day_that_is_none_is_refused_with_its_line(engine: Engine, tmp_path: Path) -> None:
    queries = tmp_path / "dated.jsonl"
    queries.write_text('{"id":"a","text":"kiln","date":"31 September"}\n')
    with pytest.raises(EngineError, match=r"Line 1 of .* is no query"):
        measure(engine, queries, qrels(tmp_path, "a\tkiln-1\t1\n"))
