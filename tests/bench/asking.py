"""Measures warm questions: one at a time, and from eight threads, each beside the bare encoding of the same question."""

import gc
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from index.engine import Engine
from index.records import Question
from tests.bench.bare import BareEncoder
from tests.bench.figures import Figure, alternating, interleaved, median_of, percentile
from tests.bench.material import Stock

THREADS = 8
CORES = 2
HITS = 10
_TURN = 20
# When the questions are asked; no figure depends on it.
NOW = datetime(2024, 6, 1, tzinfo=UTC)


def asking_figures(stock: Stock, export: Path, texts: Sequence[str], *, rounds: int, answers: int) -> list[Figure]:
    """p50 and p99 of `texts` asked one by one, questions a second from eight threads, and how long answers take."""
    engine = Engine.open(stock.config)
    bare, single = BareEncoder(export, threads=CORES), BareEncoder(export, threads=1)
    group = f"one question, warm, {stock.passages:,} passages"

    def search(text: str) -> None:
        _, found = engine.search(Question(text, NOW), HITS, reread=False)
        if len(found) != HITS or not all(one.passage.text for one in found):
            raise RuntimeError(f"{len(found)} passages for “{text}”, not {HITS}")

    def answer(text: str) -> None:
        engine.ask(Question(text, NOW))

    try:
        ways: dict[str, Callable[[str], object]] = {
            "bare": bare.encode,
            "single": single.encode,
            "search": search,
            "answer": answer,
        }
        for text in texts[:30]:
            for name in ("bare", "single", "search"):
                ways[name](text)
        waits = one_by_one({name: ways[name] for name in ("bare", "single", "search")}, texts)
        answering = one_by_one({name: ways[name] for name in ("bare", "answer")}, texts[:answers])
        rates = interleaved(
            rounds,
            {name: lambda way=ways[name]: rate(way, texts) for name in ("single", "search")},  # type: ignore[misc]
        )
    finally:
        engine.close()
    against, by_one = "bare ONNX float32, both cores", "bare ONNX float32, one thread"
    p50, p99 = (
        {name: 1e3 * take for name, take in measured.items()}
        for measured in (
            {name: median_of(found) for name, found in waits.items()},
            {name: percentile(found, 0.99) for name, found in waits.items()},
        )
    )
    by_rank = [search / bare for search, bare in zip(waits["search"], waits["bare"], strict=True)]
    return [
        Figure(group, "p50, text to ten passages", p50["search"], "ms", p50["bare"], against, 1.5,
               note=f"{len(texts)} questions; median of each question's ratio {median_of(by_rank):.2f}"),
        Figure(group, "the same beside one thread", p50["search"], "ms", p50["single"], by_one),
        Figure(group, "p99", p99["search"], "ms", p99["bare"], against, 15.0, "value"),
        Figure(group, "eight threads", median_of(rates["search"]), "questions/s", median_of(rates["single"]), by_one,
               250.0, "value", at_least=True, note=f"{rounds} rounds"),
        Figure(group, "p50, text to cited answer", 1e3 * median_of(answering["answer"]), "ms",
               1e3 * median_of(answering["bare"]), against, 250.0, "value", note=f"{answers} questions"),
        Figure(group, "p95, text to cited answer", 1e3 * percentile(answering["answer"], 0.95), "ms",
               1e3 * percentile(answering["bare"], 0.95), against, 500.0, "value"),
    ]  # fmt: skip


def one_by_one(ways: dict[str, Callable[[str], object]], texts: Sequence[str]) -> dict[str, list[float]]:
    """Seconds of each way for each text, in turns of some questions: after each, other models would fill the caches."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    gc.collect()
    for turn, name in alternating(-(-len(texts) // _TURN), list(ways)):
        for text in texts[turn * _TURN : (turn + 1) * _TURN]:
            begun = time.perf_counter()
            ways[name](text)
            found[name].append(time.perf_counter() - begun)
    return found


def rate(way: Callable[[str], object], texts: Sequence[str], threads: int = THREADS) -> float:
    """Texts a second, from so many threads that each take the next one when they are done."""
    waiting = iter(texts)
    lock = threading.Lock()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for text in _taking(waiting, lock):
                way(text)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            failed.append(error)

    running = [threading.Thread(target=work) for _ in range(threads)]
    begun = time.perf_counter()
    for one in running:
        one.start()
    for one in running:
        one.join()
    if failed:
        raise failed[0]
    return len(texts) / (time.perf_counter() - begun)


def _taking(waiting: Iterator[str], lock: threading.Lock) -> Iterator[str]:
    while True:
        with lock:
            text = next(waiting, None)
        if text is None:
            return
        yield text
