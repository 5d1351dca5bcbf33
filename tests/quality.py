"""`python -m tests.quality`: how well Picket answers, measured on the questions beside the repository, with intervals.

Prints a sentence and nothing else where they are not there. The sentence counts as found where a gold one stands whole
within a quotation, both without punctuation and case; intervals are 95 %, by bootstrap over questions.
"""

import json
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from corpus.files import ArticleFolder, Catalogue
from corpus.keep import keep
from corpus.obtain import obtain
from index.config import IndexFile
from index.engine import Engine
from index.measures import measure
from index.records import Answer, Question
from index.terminal import console

SHARED = Path(__file__).parents[2] / "shared"
_ASKED = datetime(2026, 1, 1, tzinfo=UTC)
_ROUNDS = 2_000  # of the bootstrap; more moves the interval by less than .005
_THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)


@dataclass(frozen=True, slots=True)
class Marked:
    """A question with what came of it."""

    text: str
    answerable: bool
    first: bool
    third: bool
    highlighted: bool
    article: bool
    confidence: float


def main() -> None:
    """Prints the tables; takes a few minutes, most of it embedding."""
    out = console()
    strike = SHARED / "questions" / "strike.jsonl"
    if not strike.exists():
        out.print(f"{strike} is not there, so there is nothing to measure.")
        return
    with tempfile.TemporaryDirectory() as place:
        engine = _engine(Path(place) / "strike", [SHARED / "articles" / "raw"])
        marked = [mark(record, engine.ask(_question(record))) for record in _records(strike)]
        answerable = [one for one in marked if one.answerable]
        out.print(f"strike questions: {len(marked)}, {len(answerable)} answerable")
        _figure("gold sentence in the first citation", [one.first for one in answerable])
        _figure("gold sentence in the first three", [one.third for one in answerable])
        _figure("highlighted sentence is a gold one", [one.highlighted for one in answerable])
        _figure("right article first", [one.article for one in answerable])
        _figure("answerable or not, AUROC", marked, auroc)
        out.print("threshold: answerable questions answered, others refused, right in all")
        for threshold in _THRESHOLDS:
            kept = np.mean([one.confidence >= threshold for one in answerable])
            refused = np.mean([one.confidence < threshold for one in marked if not one.answerable])
            right = np.mean([(one.confidence >= threshold) == one.answerable for one in marked])
            out.print(f"  {threshold:.2f}  {kept:.2f}  {refused:.2f}  {right:.2f}")
        if "--misses" in sys.argv:
            for one in answerable:
                if not (one.first and one.highlighted):
                    out.print(f"  missed: {one.text}")
        news = SHARED / "questions" / "news"
        if "--news" in sys.argv and (news / "corpus.jsonl.gz").exists():
            engine = _engine(Path(place) / "news", [_unpacked(news / "corpus.jsonl.gz", Path(place))])
            for name, value in measure(engine, news / "queries.jsonl", news / "qrels.tsv").items():
                out.print(f"news {name}: {value:.3f}")


def mark(record: dict[str, Any], answer: Answer) -> Marked:
    """Whether the gold sentence, and the right article, came first or among the first three."""
    gold = [_plain(one["sentence"]) for one in record["gold"]]
    quoted = [_plain(citation.text) for citation in answer.citations[:3]]
    first = answer.citations[0] if answer.citations else None
    highlight = ""
    if first:
        span = first.highlights[0]
        highlight = _plain(first.text[span.start - first.span.start : span.end - first.span.start])
    return Marked(
        text=record["text"],
        answerable=record["answerable"],
        first=any(one in text for one in gold for text in quoted[:1]),
        third=any(one in text for one in gold for text in quoted),
        highlighted=bool(highlight) and any(one in highlight or highlight in one for one in gold),
        article=bool(first) and first is not None and first.article.id in record["gold_docs"],
        confidence=answer.confidence,
    )


def auroc(marked: Sequence[Marked]) -> float:
    """How often an answerable question's confidence is over that of one without an answer; ties count half."""
    yes = np.array([one.confidence for one in marked if one.answerable])
    no = np.array([one.confidence for one in marked if not one.answerable])
    if not len(yes) or not len(no):
        return float("nan")
    return float(np.mean((yes[:, None] > no[None, :]) + 0.5 * (yes[:, None] == no[None, :])))


def interval(values: Sequence[Any], of: Callable[[Sequence[Any]], float]) -> tuple[float, float]:
    """The 95 % bootstrap interval of a figure, over resampled questions."""
    chance = np.random.default_rng(2023)
    size = len(values)
    figures = [of([values[place] for place in chance.integers(0, size, size)]) for _ in range(_ROUNDS)]
    return float(np.nanquantile(figures, 0.025)), float(np.nanquantile(figures, 0.975))


def _figure(
    name: str, values: Sequence[Any], of: Callable[[Sequence[Any]], float] = lambda v: float(np.mean(v))
) -> None:
    low, high = interval(values, of)
    console().print(f"  {of(values):.3f} [{low:.3f}, {high:.3f}]  {name}")


def _engine(place: Path, sources: Sequence[Path]) -> Engine:
    """An engine over the sources' articles; nothing is refused, so that confidences can be compared."""
    (place / "articles").mkdir(parents=True)
    table: dict[str, Any] = {
        "corpus": {"directory": str(place / "articles")},
        "storage": {"directory": str(place / "var")},
        "answer": {"nothing_below": 0.0},
    }
    folder = ArticleFolder(place / "articles")
    for source in sources:
        found = obtain(str(source), fetcher=_no_fetcher, today=date(2026, 1, 1))
        for kept in keep(found, folder, Catalogue(folder), now=_ASKED):
            if kept.status == "failed":
                raise SystemExit(kept.note)
    engine = Engine(IndexFile.model_validate(table), place / "bot.toml")
    engine.reindex(now=_ASKED)
    return engine


def _no_fetcher() -> Any:
    raise SystemExit("nothing is fetched while measuring")


def _question(record: dict[str, Any]) -> Question:
    return Question(record["text"], _ASKED, context=tuple(record["history"]))


def _records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _unpacked(path: Path, place: Path) -> Path:
    import gzip

    plain = place / "corpus.jsonl"
    plain.write_bytes(gzip.decompress(path.read_bytes()))
    return plain


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


if __name__ == "__main__":
    main()
