"""`python -m tests.quality`: how well Picket answers, measured on the questions beside the repository, as it ships, and on
our own about the same articles (tests/golden/apart_real.jsonl).

Prints a sentence and nothing else where they are not there. The sentence counts as found where a gold one stands whole
within a quotation, both without punctuation and case; a question that is refused has none. Intervals are 95 %, by bootstrap
over questions. `--misses` lists what failed, `--model NAME` takes another reranker or “none”, `--news [N]` ranks news for
every Nth weekly question too.
"""

import argparse
import hashlib
import json
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from corpus.files import ArticleFolder, Catalogue
from corpus.keep import keep
from corpus.obtain import obtain
from index.config import IndexFile, load_settings, resolve
from index.engine import Engine
from index.measures import measure
from index.records import Answer, Outcome, Question, Span
from index.terminal import console

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
STRIKE = SHARED / "questions" / "strike.jsonl"
NEWS = SHARED / "questions" / "news"
APART = ROOT / "tests" / "golden" / "apart_real.jsonl"
_ASKED = datetime(2026, 1, 1, tzinfo=UTC)
_ROUNDS = 2_000  # of the bootstrap; more moves the interval by less than .005
_THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_NEAR = {"near-miss", "other-union", "other-year"}
_BINS = 5


@dataclass(frozen=True, slots=True)
class Marked:
    """A question with what came of it; `dated` is None where no date was asked for, `near` is a near miss."""

    text: str
    answerable: bool
    first: bool
    third: bool
    highlighted: bool
    article: bool
    confidence: float
    dated: bool | None = None
    outcome: bool = False
    near: bool = False
    seconds: float = 0.0


def main() -> None:
    """Prints the tables; takes a few minutes, most of it embedding and reading."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality", description=__doc__)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--model", default=IndexFile().reranking.model)
    parser.add_argument("--news", nargs="?", type=int, const=1, default=0, metavar="N")
    chosen = parser.parse_args()
    if not STRIKE.exists():
        console().print(f"{STRIKE} is not there, so there is nothing to measure.")
        return
    with tempfile.TemporaryDirectory() as place:
        with closing(strike_engine(Path(place) / "strike", chosen.model)) as engine:
            _tell("strike questions", marked_all(engine, strike_records()), misses=chosen.misses)
            _tell("our own on the same articles", marked_all(engine, apart_records(engine)), misses=chosen.misses)
        if chosen.news:
            _news(Path(place), chosen.model, chosen.news)


def marked_all(engine: Engine, records: Sequence[dict[str, Any]]) -> list[Marked]:
    """These questions, asked of the engine that holds their articles; the first one warms it up."""
    engine.ask(question_of(records[0]))
    marked = []
    for record in records:
        begun = time.perf_counter()
        answer = engine.ask(question_of(record))
        marked.append(mark(record, answer, time.perf_counter() - begun))
    return marked


def mark(record: dict[str, Any], answer: Answer, seconds: float = 0.0) -> Marked:
    """Whether the gold sentence, and the right article, came first or among the first three, and the rest."""
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
        dated=_dated(record, answer),
        outcome=(answer.outcome is not Outcome.NOTHING) == record["answerable"],
        near=is_near(record),
        seconds=seconds,
    )


def auroc(marked: Sequence[Marked]) -> float:
    """How often an answerable question's confidence is over that of one without an answer; ties count half."""
    return auroc_of([one.answerable for one in marked], [one.confidence for one in marked])


def auroc_of(answerable: Sequence[bool], confidence: Sequence[float]) -> float:
    """The same of two sequences in one order; not a number where one side is empty."""
    there = np.array(answerable, bool)
    yes, no = np.array(confidence)[there], np.array(confidence)[~there]
    if not len(yes) or not len(no):
        return float("nan")
    return float(np.mean((yes[:, None] > no[None, :]) + 0.5 * (yes[:, None] == no[None, :])))


def interval(values: Sequence[Any], of: Callable[[Sequence[Any]], float]) -> tuple[float, float]:
    """The 95 % bootstrap interval of a figure, over resampled questions."""
    chance = np.random.default_rng(2023)
    size = len(values)
    figures = [of([values[place] for place in chance.integers(0, size, size)]) for _ in range(_ROUNDS)]
    return float(np.nanquantile(figures, 0.025)), float(np.nanquantile(figures, 0.975))


def reliability(answerable: Sequence[bool], confidence: Sequence[float]) -> list[tuple[float, float, int]]:
    """In fifths of the scale: the mean confidence, the share that is answerable, and how many questions; none empty."""
    there, said = np.array(answerable, float), np.array(confidence)
    fifth = np.minimum((said * _BINS).astype(int), _BINS - 1)
    return [
        (float(said[fifth == one].mean()), float(there[fifth == one].mean()), int((fifth == one).sum()))
        for one in range(_BINS)
        if (fifth == one).any()
    ]


def is_near(record: dict[str, Any]) -> bool:
    """Whether a question asks for what no article has about something that they know."""
    return not record["answerable"] and bool(_NEAR & {*record.get("tags", ())})


def strike_records() -> list[dict[str, Any]]:
    """The questions about strikes, as the file beside the repository has them."""
    return [json.loads(line) for line in STRIKE.read_text("utf-8").splitlines() if line.strip()]


def apart_records(engine: Engine) -> list[dict[str, Any]]:
    """Our own questions on the same articles, in the same form, from the engine that holds these.

    The file has where a gold sentence stands, and what it was: not the sentence, which is others' text. ValueError where
    another one stands there.
    """
    records = [json.loads(line) for line in APART.read_text("utf-8").splitlines()]
    for record in records:
        for gold in record["gold"]:
            found = engine.article("public", gold["doc"])
            gold["sentence"] = Span(gold["start"], gold["end"]).of(found[1]) if found else ""
            if digest_of(gold["sentence"]) != gold["digest"]:
                raise ValueError(f"{record['id']}: another sentence stands in {gold['doc']} at {gold['start']}")
    return records


def digest_of(sentence: str) -> str:
    """What tells a sentence from others, whatever marks and capitals it has."""
    return hashlib.sha256(_plain(sentence).encode()).hexdigest()[:12]


def question_of(record: dict[str, Any]) -> Question:
    return Question(record["text"], _ASKED, context=tuple(record["history"]))


def strike_engine(place: Path, reranker: str) -> Engine:
    """An engine, as it ships but for the reranker, over the articles that the questions about strikes are about."""
    return engine_over(place, SHARED / "articles" / "raw", reranker)


def _tell(name: str, marked: Sequence[Marked], *, misses: bool) -> None:
    out = console()
    answerable = [one for one in marked if one.answerable]
    out.print(f"{name}: {len(marked)}, {len(answerable)} answerable")
    _figure("gold sentence in the first citation", [one.first for one in answerable])
    _figure("gold sentence in the first three", [one.third for one in answerable])
    _figure("highlighted sentence is a gold one", [one.highlighted for one in answerable])
    _figure("right article first", [one.article for one in answerable])
    _figure("date exact (when-questions)", [one.dated for one in answerable if one.dated is not None])
    _figure("answerable or not, AUROC", marked, auroc)
    _figure("answerable or near miss, AUROC", [one for one in marked if one.answerable or one.near], auroc)
    _figure("outcome right", [one.outcome for one in marked])
    waited = np.array([one.seconds for one in marked]) * 1e3
    out.print(f"  {np.median(waited):.0f} ms p50, {np.quantile(waited, 0.95):.0f} ms p95, on the corpus at hand")
    out.print("threshold: answerable questions answered, others refused, right in all")
    for threshold in _THRESHOLDS:
        kept = np.mean([one.confidence >= threshold for one in answerable])
        refused = np.mean([one.confidence < threshold for one in marked if not one.answerable])
        right = np.mean([(one.confidence >= threshold) == one.answerable for one in marked])
        out.print(f"  {threshold:.2f}  {kept:.2f}  {refused:.2f}  {right:.2f}")
    out.print("reliability: mean confidence, share that is answerable, questions")
    for said, share, count in reliability([one.answerable for one in marked], [one.confidence for one in marked]):
        out.print(f"  {said:.2f}  {share:.2f}  {count}")
    if misses:
        for one in marked:
            wrong = [name for name in ("first", "highlighted") if one.answerable and not getattr(one, name)]
            wrong += ["date"] * (one.dated is False) + ["outcome"] * (not one.outcome)
            if wrong:
                out.print(f"  {', '.join(wrong)} ({one.confidence:.2f}): {one.text}")


def _figure(
    name: str, values: Sequence[Any], of: Callable[[Sequence[Any]], float] = lambda v: float(np.mean(v))
) -> None:
    low, high = interval(values, of)
    console().print(f"  {of(values):.3f} [{low:.3f}, {high:.3f}]  {name} (n = {len(values)})")


def _news(place: Path, reranker: str, step: int) -> None:
    """Every `step`th of the weekly news questions: how articles are ranked, and whether an answer is known to be there."""
    queries = news_queries()[::step]
    (place / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), "utf-8")
    with closing(news_engine(place / "news", reranker)) as engine:
        for name, value in measure(engine, place / "queries.jsonl", NEWS / "qrels.tsv").items():
            console().print(f"news {name}: {value:.3f}")
        answers = [engine.ask(news_question(one)) for one in queries]
        asked_of = engine.status().manifest.passages
    pairs = [(bool(one["answerable"]), answer.confidence) for one, answer in zip(queries, answers, strict=True)]
    waited = np.array([one.seconds for one in answers]) * 1e3
    console().print(
        f"news: {np.median(waited):.0f} ms p50, {np.quantile(waited, 0.95):.0f} ms p95, {asked_of:,} passages"
    )
    low, high = interval(pairs, lambda some: auroc_of(*zip(*some, strict=True)))
    console().print(f"news AUROC: {auroc_of(*zip(*pairs, strict=True)):.3f} [{low:.3f}, {high:.3f}]")


def news_queries() -> list[dict[str, Any]]:
    """The weekly news questions, as the file beside the repository has them."""
    return [json.loads(line) for line in (NEWS / "queries.jsonl").read_text("utf-8").splitlines() if line.strip()]


def news_question(query: dict[str, Any]) -> Question:
    """A news question on the day on which it was asked."""
    return Question(query["text"], datetime.fromisoformat(query["date"]).replace(tzinfo=UTC))


def news_engine(place: Path, reranker: str) -> Engine:
    """An engine over the news articles, which takes minutes to embed them."""
    import gzip

    place.mkdir(parents=True, exist_ok=True)
    (place / "corpus.jsonl").write_bytes(gzip.decompress((NEWS / "corpus.jsonl.gz").read_bytes()))
    return engine_over(place / "engine", place / "corpus.jsonl", reranker)


def engine_over(place: Path, source: Path, reranker: str) -> Engine:
    """An engine over the source's articles."""
    (place / "articles").mkdir(parents=True)
    lend_models(place / "var")
    table: dict[str, Any] = {
        "corpus": {"directory": str(place / "articles")},
        "storage": {"directory": str(place / "var")},
        "reranking": {"model": reranker},
    }
    keep_all(source, ArticleFolder(place / "articles"))
    engine = Engine(IndexFile.model_validate(table), place / "bot.toml")
    engine.reindex(now=_ASKED)
    return engine


def keep_all(source: Path, folder: ArticleFolder) -> None:
    """Brings the source's articles into the folder, as moderators would; SystemExit where one can't be read."""
    found = obtain(str(source), fetcher=_no_fetcher, today=date(2026, 1, 1))
    for kept in keep(found, Catalogue(folder), now=_ASKED):
        if kept.status == "failed":
            raise SystemExit(kept.note)


def lend_models(storage: Path) -> None:
    """Makes a storage that has the exported models of the usual one, and nothing else."""
    usual = resolve(ROOT / "bot.toml", load_settings(ROOT / "bot.toml").storage.directory)
    (usual / "models").mkdir(parents=True, exist_ok=True)
    storage.mkdir(parents=True)
    (storage / "models").symlink_to(usual / "models")


def _dated(record: dict[str, Any], answer: Answer) -> bool | None:
    """Whether the date told is one of those that count, of their own grain (a day, a month or a year).

    A week, which they can't tell, is right where its month counts.
    """
    if not record.get("answer_date"):
        return None
    if answer.when is None:
        return False
    told = {"day": 10, "week": 7, "month": 7, "year": 4}.get(answer.when.precision)
    right = {record["answer_date"], *record.get("accept_dates", ())}
    return answer.when.first.isoformat()[:told] in right if told else False


def _no_fetcher() -> Any:
    raise SystemExit("nothing is fetched while measuring")


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


if __name__ == "__main__":
    main()
