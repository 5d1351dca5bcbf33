"""Measures ranking by ir-measures: queries and judgements in, nDCG@10, R@10 and RR@10 out."""

import json
from datetime import UTC, datetime
from pathlib import Path

import ir_measures
from ir_measures import RR, R, nDCG

from index.engine import Engine
from index.errors import EngineError, QuestionError
from index.output import trec_lines, trec_name
from index.records import Question

# Every measure looks at ten articles; two passages of an article count once.
_ARTICLES, _PASSAGES = 10, 20
# trec_eval keeps a counter for every grade up to the highest, and numbers of C; TREC's own grades go from -2 to 4.
_HIGHEST_GRADE = 1_000


def measure(engine: Engine, queries: Path, qrels: Path) -> dict[str, float | int]:
    """The means over the judged queries; one that finds nothing or isn't in `queries` counts 0, as in trec_eval -c.

    A query is asked at its "asked_at", on its "date", or now, whichever it has first: “this week” is of that day.
    EngineError where a file is not of its form, or the two have no query in common.
    """
    judged = [ir_measures.Qrel(query, trec_name(article), grade) for query, article, grade in _qrels(qrels)]
    known = {item.query_id for item in judged}
    asked = [(identity, *query) for identity, query in _queries(queries).items() if identity in known]
    if not asked:
        raise EngineError(f"No query of {queries} is judged in {qrels}; give two files with the same query ids.")
    run = []
    for identity, text, moment in asked:
        try:
            _, found = engine.search(Question(text, moment or datetime.now(UTC)), _PASSAGES)
        except QuestionError:
            continue
        for line in trec_lines(identity, found, _ARTICLES):
            _, _, article, _, score, _ = line.split(" ")
            run.append(ir_measures.ScoredDoc(identity, article, float(score)))
    figures = ir_measures.calc_aggregate([nDCG @ 10, R @ 10, RR @ 10], judged, run)
    return {"queries": len(asked), **{str(name): float(figures[name]) for name in (nDCG @ 10, R @ 10, RR @ 10)}}


def _queries(path: Path) -> dict[str, tuple[str, datetime | None]]:
    found: dict[str, tuple[str, datetime | None]] = {}
    for number, line in _lines(path):
        try:
            record = json.loads(line)
            identity, text = record["id"], record["text"]
            if not isinstance(identity, str | int) or not isinstance(text, str):
                raise TypeError
            said = record.get("asked_at", record.get("date"))
            moment = None if said is None else datetime.fromisoformat(said)
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise EngineError(f'Line {number} of {path} is no query; write {{"id": "1", "text": "…"}}.') from error
        if str(identity) in found:
            raise EngineError(f"Line {number} of {path} has the id “{identity}” again; give each query its own.")
        if moment is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        found[str(identity)] = (text, moment)
    return found


def _qrels(path: Path) -> list[tuple[str, str, int]]:
    """`query article grade`, tab separated, or TREC's four columns; a first line of names is passed over."""
    found = []
    for number, line in _lines(path):
        columns = line.split("\t") if "\t" in line else line.split()
        try:
            query, *_, article, grade = columns
            judged = int(grade)
        except ValueError as error:
            if number == 1 and len(columns) > 2 and columns[-1][:1].isalpha():
                continue
            raise EngineError(
                f"Line {number} of {path} is no judgement; write query, article and grade, a whole number."
            ) from error
        if abs(judged) > _HIGHEST_GRADE:
            raise EngineError(
                f"Line {number} of {path} has the grade {grade[:40]}; write one from -{_HIGHEST_GRADE:,} to {_HIGHEST_GRADE:,}."
            )
        found.append((query, article, judged))
    return found


def _lines(path: Path) -> list[tuple[int, str]]:
    """Numbered lines without blank ones; U+2028 and the like are part of a text, not the end of a line."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(f"{path} can't be read ({error}); name another file.") from error
    return [(number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip()]
