"""`python -m tests.quality_golden`: how well Picket answers the golden questions on its own starter corpus, as it ships.

Reads tests/golden/questions.toml, and apart.toml, whose questions were written apart, asks each question with the settings
of bot.toml, and gives each measure with its 95 % interval. A question that Picket refuses counts as one whose sentence was
not found: that is what a person sees. What the figures must not fall below is `tests.floors`' business, which this command
calls for `--write-floors`.
"""

import argparse
import calendar
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from index.config import load_settings, resolve
from index.engine import Engine
from index.records import Answer, Outcome, Question
from index.terminal import console
from tests.floors import FLOORS, FloorError, write_floors
from tests.quality import Marked, auroc, interval, mark

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ROOT / "tests" / "golden" / "questions.toml"
APART = ROOT / "tests" / "golden" / "apart.toml"
CORPUS = ROOT / "corpus" / "articles"
ASKED = datetime(2026, 7, 1, 12, tzinfo=UTC)  # where a question doesn't say: a few days after the last brief


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question of tests/golden/questions.toml, whose head says what the fields hold."""

    id: str
    text: str
    kind: str
    answerable: bool
    history: tuple[str, ...] = ()
    asked_at: datetime = ASKED
    answer_date: str = ""
    accept_dates: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    gold: tuple[tuple[str, str], ...] = ()  # the article's id, and its sentence

    @property
    def question(self) -> Question:
        return Question(self.text, self.asked_at, context=self.history)


@dataclass(frozen=True, slots=True)
class Judged:
    """A golden question with what came of it; `dated` is None where no date was asked for."""

    question: GoldenQuestion
    marked: Marked
    dated: bool | None
    outcome: bool


def load_questions(path: Path = QUESTIONS) -> list[GoldenQuestion]:
    """The questions in the file's order. TypeError for a key that there isn't, ValueError for what is no TOML."""
    read = []
    for table in tomllib.loads(path.read_text("utf-8"))["question"]:
        gold = tuple((one["article"], one["sentence"]) for one in table.pop("gold", []))
        lists = {key: tuple(table[key]) for key in ("history", "accept_dates", "tags") if key in table}
        read.append(GoldenQuestion(**{**table, **lists, "gold": gold}))
    return read


def days_of(value: str) -> tuple[date, date]:
    """The first and last day of a day (2023-05-02), a month (2023-05) or a year (1941); ValueError for anything else."""
    parts = [int(part) for part in value.split("-")]
    if [len(part) for part in value.split("-")] != [4, 2, 2][: len(parts)]:
        raise ValueError(f"{value} is no day, month or year")
    if len(parts) == 3:
        day = date(parts[0], parts[1], parts[2])
        return day, day
    first, last = (parts[1], parts[1]) if len(parts) == 2 else (1, 12)
    return date(parts[0], first, 1), date(parts[0], last, calendar.monthrange(parts[0], last)[1])


def judge(golden: GoldenQuestion, answer: Answer) -> Judged:
    """What the answer is worth: the sentence, the article, the date to the day or month asked for, and the outcome."""
    record: dict[str, Any] = {
        "text": golden.text,
        "answerable": golden.answerable,
        "gold": [{"sentence": sentence} for _, sentence in golden.gold],
        "gold_docs": [article for article, _ in golden.gold],
    }
    dated: bool | None = None
    if golden.answer_date:
        right = [days_of(value) for value in (golden.answer_date, *golden.accept_dates)]
        dated = answer.when is not None and (answer.when.first, answer.when.last) in right
    return Judged(golden, mark(record, answer), dated, (answer.outcome is not Outcome.NOTHING) == golden.answerable)


def ask_all(engine: Engine, questions: Sequence[GoldenQuestion] | None = None) -> list[Judged]:
    """These questions, or all, asked of the engine, which holds the starter corpus; they make up the cost."""
    return [judge(one, engine.ask(one.question)) for one in (load_questions() if questions is None else questions)]


def measures(judged: Sequence[Judged]) -> dict[str, tuple[list[Judged], Callable[[Sequence[Judged]], float]]]:
    """Of each measure the questions that it is taken over, and how its figure comes of them."""
    answerable = [one for one in judged if one.question.answerable]
    near = [one for one in judged if one.question.answerable or "near-miss" in one.question.tags]
    return {
        "gold sentence in the first citation": (answerable, lambda some: _share(one.marked.first for one in some)),
        "gold sentence in the first three": (answerable, lambda some: _share(one.marked.third for one in some)),
        "highlighted sentence is a gold one": (answerable, lambda some: _share(one.marked.highlighted for one in some)),
        "right article first": (answerable, lambda some: _share(one.marked.article for one in some)),
        "date exact": (
            [one for one in judged if one.dated is not None],
            lambda some: _share(one.dated for one in some),
        ),
        "answerable or not, AUROC": (list(judged), _auroc),
        "answerable or near miss, AUROC": (near, _auroc),
        "outcome right": (list(judged), lambda some: _share(one.outcome for one in some)),
    }


def figures(judged: Sequence[Judged]) -> dict[str, float]:
    """Each measure's figure, between 0 and 1, higher is better."""
    return {name: of(some) for name, (some, of) in measures(judged).items()}


def measure_golden(engine: Engine, questions: Sequence[GoldenQuestion] | None = None) -> dict[str, float]:
    """The figures of an engine that holds the starter corpus, over these questions, or all."""
    return figures(ask_all(engine, questions))


def guarded(questions: Sequence[GoldenQuestion]) -> list[GoldenQuestion]:
    """What the floors are kept on, so that `make test` stays short: all without an answer, every second with one."""
    answerable = {one.id for one in [one for one in questions if one.answerable][::2]}
    return [one for one in questions if not one.answerable or one.id in answerable]


def golden_engine(storage: Path, reranker: str = "") -> Engine:
    """The starter corpus, indexed in `storage` with the settings of bot.toml, or another reranker; the caller closes it.

    The runtime is the same on every machine, since what another one makes of the same text differs in the last digits.
    """
    settings = load_settings(ROOT / "bot.toml")
    settings = settings.model_copy(
        update={
            "corpus": settings.corpus.model_copy(update={"directory": str(CORPUS)}),
            "storage": settings.storage.model_copy(update={"directory": str(storage)}),
            "embedding": settings.embedding.model_copy(update={"runtime": "onnx"}),
            "reranking": settings.reranking.model_copy(update={"model": reranker or settings.reranking.model}),
        }
    )
    engine = Engine(settings, ROOT / "bot.toml")
    engine.reindex(now=ASKED)
    return engine


def main() -> None:
    """Prints the table; the first time it embeds the starter corpus, which takes up to a minute."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality_golden", description=__doc__)
    parser.add_argument("--misses", action="store_true", help="list the questions that went wrong")
    parser.add_argument("--write-floors", action="store_true", help="raise tests/floors.json to what is measured")
    parser.add_argument("--lower", action="store_true", help="with --write-floors: lower floors as well")
    chosen = parser.parse_args()
    if chosen.lower and not chosen.write_floors:
        parser.error("--lower goes with --write-floors")
    engine = golden_engine(_storage())
    try:
        judged = ask_all(engine)
        _print("golden questions", judged, misses=chosen.misses)
        _print("questions written apart", ask_all(engine, load_questions(APART)), misses=chosen.misses)
    finally:
        engine.close()
    if chosen.write_floors:
        ids = {one.id for one in guarded([one.question for one in judged])}
        kept = [one for one in judged if one.question.id in ids]
        counts = {name: len(some) for name, (some, _) in measures(kept).items()}
        try:
            write_floors(FLOORS, figures(kept), counts, QUESTIONS, CORPUS, lower=chosen.lower)
        except FloorError as error:
            sys.exit(str(error))


def _print(name: str, judged: Sequence[Judged], *, misses: bool) -> None:
    out = console()
    answerable = [one for one in judged if one.question.answerable]
    out.print(f"{name}: {len(judged)}, {len(answerable)} answerable")
    for measure, (some, of) in measures(judged).items():
        low, high = interval(some, of)
        out.print(f"  {of(some):.3f} [{low:.3f}, {high:.3f}]  {measure} (n = {len(some)})")
    refused = [one for one in answerable if not one.outcome]
    answered = [one for one in judged if not one.question.answerable and not one.outcome]
    out.print(f"  {len(refused)} answerable questions were refused, {len(answered)} others answered")
    if misses:
        for one in judged:
            wrong = [] if one.outcome else ["outcome"]
            if one.question.answerable:
                wrong += [
                    name for name in ("first", "third", "highlighted", "article") if not getattr(one.marked, name)
                ]
            if wrong or one.dated is False:
                told = ", ".join([*wrong, *(["date"] if one.dated is False else [])])
                out.print(f"  {one.question.id} ({one.marked.confidence:.2f}) {told}: {one.question.text}")


def _storage() -> Path:
    """A storage of its own beside the usual one, whose exported models it shares."""
    usual = resolve(ROOT / "bot.toml", load_settings(ROOT / "bot.toml").storage.directory)
    (usual / "models").mkdir(parents=True, exist_ok=True)
    own = usual / "golden"
    own.mkdir(exist_ok=True)
    if not (own / "models").is_symlink():
        (own / "models").symlink_to(Path("..") / "models")
    return own


def _share(values: Any) -> float:
    return float(np.mean([bool(value) for value in values]))


def _auroc(judged: Sequence[Judged]) -> float:
    return auroc([one.marked for one in judged])


if __name__ == "__main__":
    main()
