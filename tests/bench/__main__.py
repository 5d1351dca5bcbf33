"""`python -m tests.bench [--scale small] [--only GROUP]… [--million]`: a table on standard output, and bench.json."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tests.bench.asking import CORES, asking_figures
from tests.bench.children import ROOT
from tests.bench.encoding import encoding_figures
from tests.bench.figures import Figure, machine, show, write
from tests.bench.material import exported, questions, shared_questions, stock
from tests.bench.million import MILLION, million_figures
from tests.bench.reindexing import anew_figure, changed_figure, unchanged_figure
from tests.bench.starting import memory_figures, starting_figures

GROUPS = ("encoding", "asking", "starting", "memory", "reindexing", "anew")


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured; the small one shows in about a minute or two that the bench works, no more."""

    passages: int
    many: int
    asked: int
    answers: int
    rounds: int
    timed: int
    articles: int | None
    million: int


FULL = Scale(20_000, 100_000, 400, 100, 5, 256, 300, MILLION)
SMALL = Scale(2_000, 5_000, 40, 3, 1, 32, 20, 50_000)


def main() -> None:
    options = _options()
    os.chdir(ROOT)
    # A promise for two cores is measured on two, however many there are.
    cores = sorted(os.sched_getaffinity(0))[:CORES]
    os.sched_setaffinity(0, cores)  # before any library counts them; children inherit it
    console, begun = Console(width=None if sys.stdout.isatty() else 200), time.perf_counter()
    facts = {"begun": machine(), "scale": "small" if options.scale is SMALL else "full"}
    load = os.getloadavg()[0]
    figures: list[Figure] = []
    for name, measure in _measures(options.scale, options.work, options.million).items():
        if options.only and name not in options.only:
            continue
        before = os.getloadavg()[0]
        found = measure()
        figures += found
        _say(f"{name}: done after {time.perf_counter() - begun:,.0f} s (load {before:.1f} before)")
        # Written after every group: what comes later may fail, and takes long.
        write(figures, options.out, {**facts, "ended": machine()})
    show(figures, console)
    console.print(
        f"cores {cores}, load {load:.1f} before and {os.getloadavg()[0]:.1f} after; {options.out}", style="dim"
    )


def _measures(scale: Scale, work: Path, million: bool) -> dict[str, Callable[[], list[Figure]]]:
    """What is measured, by group, in the order of the table; the corpora are made when first needed."""
    work.mkdir(parents=True, exist_ok=True)
    progress = _Progress()
    export = exported(work, progress)
    texts = questions(shared_questions(), scale.asked)

    def few() -> list[Figure]:
        made = stock(work, scale.passages, export, progress)
        return asking_figures(made, export, texts, rounds=scale.rounds, answers=scale.answers)

    def memory() -> list[Figure]:
        stocks = [(stock(work, count, export, progress), limit) for count, limit in _limits(scale)]
        return memory_figures(stocks, work, texts)

    def reindexing() -> list[Figure]:
        made = stock(work, scale.passages, export, progress)
        return [unchanged_figure(made, rounds=scale.rounds), changed_figure(made, export, rounds=scale.rounds)]

    found: dict[str, Callable[[], list[Figure]]] = {
        "encoding": lambda: encoding_figures(
            work, export, timed=scale.timed, rounds=scale.rounds, most=scale.articles, progress=progress
        ),
        "asking": few,
        "starting": lambda: starting_figures(
            stock(work, scale.passages, export, progress), work, texts[0], rounds=scale.rounds
        ),
        "memory": memory,
        "reindexing": reindexing,
        "anew": lambda: [
            anew_figure(stock(work, scale.many, export, progress), work, rounds=max(scale.rounds // 2, 1))
        ],
    }
    if million:
        found["million"] = lambda: million_figures(
            stock(work, scale.many, export, progress), work, export, texts, progress, scale.million
        )
    return found


def _limits(scale: Scale) -> list[tuple[int, float]]:
    return [(scale.passages, 300.0), (scale.many, 500.0)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--scale", type={"small": SMALL, "full": FULL}.__getitem__, default=FULL, metavar="small|full")
    parser.add_argument("--only", action="append", choices=[*GROUPS, "million"], help="only this group; repeatable")
    parser.add_argument("--million", action="store_true", help="also a million passages: ten minutes, 6 GB of memory")
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "bench", help="where corpora are kept between runs")
    parser.add_argument("--out", type=Path, default=ROOT / "bench.json")
    return parser.parse_args()


class _Progress:
    """A line on standard error for each stage that takes long."""

    def __init__(self) -> None:
        self._stage = ""
        self._told = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage or now - self._told > 10:
            self._stage, self._told = stage, now
            _say(f"  {stage}: {done:,} of {total:,}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
