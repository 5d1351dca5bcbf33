"""Turns measurements into figures: each with its reference of the same run, the target, and whether it is met.

How they are measured is the other modules' business; how a run ends up in a table and in JSON is decided here.
"""

import json
import os
import platform
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from rich import box
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing. `reference` was measured in the same run, in turn with `value` and in the same unit.

    `goal` bounds the ratio where `goal_on` says so, else the value itself; None where nothing was promised.
    """

    group: str
    name: str
    value: float
    unit: str
    reference: float
    against: str
    goal: float | None = None
    goal_on: Literal["ratio", "value"] = "ratio"
    at_least: bool = False
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.value / self.reference if self.reference else float("nan")

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        judged = self.ratio if self.goal_on == "ratio" else self.value
        return judged >= self.goal if self.at_least else judged <= self.goal

    @property
    def target(self) -> str:
        if self.goal is None:
            return ""
        unit = "×" if self.goal_on == "ratio" else self.unit
        return f"{'≥' if self.at_least else '≤'} {self.goal:g} {unit}".strip()


def median_of(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, the next greater one where none is exactly there."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def alternating(rounds: int, ways: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Each way once a round, in an order that turns: what else the machine does hits all of them alike."""
    for number in range(rounds):
        shift = number % len(ways)
        for way in (*ways[shift:], *ways[:shift]):
            yield number, way


def interleaved(rounds: int, ways: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
    """What each way returned in each round."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _, name in alternating(rounds, list(ways)):
        found[name].append(ways[name]())
    return found


def show(figures: Sequence[Figure], console: Console) -> None:
    """The table: in colour in a terminal, plain where it is piped."""
    table = Table(box=box.SIMPLE if console.is_terminal else None, pad_edge=False)
    for name in ("what", "measured", "reference", "ratio", "target", ""):
        table.add_column(name, justify="right" if name in ("measured", "ratio") else "left")
    group = ""
    for one in figures:
        if one.group != group:
            group = one.group
            table.add_section()
            table.add_row(f"[bold]{group}[/bold]")
        verdict = {True: "[green]met[/green]", False: "[red]missed[/red]", None: ""}[one.met]
        table.add_row(
            f"  {one.name}" + (f" [dim]({one.note})[/dim]" if one.note else ""),
            f"{_short(one.value)} {one.unit}",
            f"{_short(one.reference)} {one.unit}: {one.against}",
            f"{one.ratio:.2f} ×",
            one.target,
            verdict,
        )
    console.print(table)


def write(figures: Sequence[Figure], path: Path, facts: dict[str, Any]) -> None:
    """`bench.json`: the machine, then every figure with its ratio, target and verdict."""
    rows = [{**asdict(one), "ratio": one.ratio, "target": one.target, "met": one.met} for one in figures]
    path.write_text(json.dumps({**facts, "figures": rows}, ensure_ascii=False, indent=1) + "\n", "utf-8")


def machine() -> dict[str, Any]:
    """Where it was measured; the load tells how far the absolute numbers are to be trusted."""
    from index.models.processors import processor

    return {
        "processor": processor(),
        "python": platform.python_version(),
        "cores": sorted(os.sched_getaffinity(0)),
        "load": [round(one, 2) for one in os.getloadavg()],
    }


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
