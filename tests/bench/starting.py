"""Measures cold processes: from start to first answer, and what stays resident while serving."""

import json
from collections.abc import Sequence
from pathlib import Path

from tests.bench.children import child, run
from tests.bench.figures import Figure, interleaved, median_of
from tests.bench.material import Stock

ST = "sentence-transformers"


def starting_figures(stock: Stock, work: Path, text: str, *, rounds: int) -> list[Figure]:
    """Seconds from the start of a process to its end, beside one that loads sentence-transformers for one question."""
    config, storage = str(stock.config), str(work / "storage")
    seconds = interleaved(
        rounds,
        {
            "theirs": lambda: child("reference", storage, text)[0],
            "ask": lambda: run("-m", "index", "ask", "--json", "--config", config, "--", text)[0],
            "answer": lambda: _without_torch("answer", config, text),
            "search": lambda: _without_torch("search", config, text),
        },
    )
    theirs = median_of(seconds["theirs"])
    group = f"start to first answer, {stock.passages:,} passages"
    names = {
        "ask": "python -m index ask --json",
        "answer": "as a library, a cited answer",
        "search": "as a library, ten passages",
    }
    return [
        Figure(group, name, median_of(seconds[key]), "s", theirs, f"{ST}, one question", 0.2, note=f"{rounds} rounds")
        for key, name in names.items()
    ]


def memory_figures(stocks: Sequence[tuple[Stock, float]], work: Path, texts: Sequence[str]) -> list[Figure]:
    """Megabytes resident (VmRSS) after questions from eight threads; each stock has its own limit."""
    place = work / "questions.json"
    place.write_text(json.dumps(list(texts)), "utf-8")
    _, theirs = child("serve-reference", str(work / "storage"), str(place))
    found = []
    for stock, limit in stocks:
        _, ours = child("serve", str(stock.config), str(place))
        _refuse_torch("serving", ours)
        found += [
            Figure("resident memory while serving", f"{stock.passages:,} passages, {what}", ours[key], "MB",
                   theirs["encoding"], f"{ST}, encoding alone", limit, "value", note=f"{len(texts)} questions")
            for what, key in (("searching", "searching"), ("answering too", "answering"))
        ]  # fmt: skip
    return found


def _without_torch(what: str, *arguments: str) -> float:
    seconds, told = child(what, *arguments)
    _refuse_torch(what, told)
    return seconds


def _refuse_torch(what: str, told: dict[str, object]) -> None:
    if told["torch"]:
        raise RuntimeError(f"{what} imported torch")
