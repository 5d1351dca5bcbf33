"""Measures one question over a million passages: real vectors with noise, beside the postings and rows of repeated text.

The generation is written by the floor's own parts but not by the builder, which would cut a million passages first.
Takes about ten minutes, 4 GB of disk and 6 GB of memory, and so runs only where it is asked for.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.dense import DenseSearcher
from index.dense_build import build_dense, exact_nearest
from index.engine import Engine
from index.generations import Generations, Manifest, OnProgress, file_sizes, file_sums
from index.lexical import Posting
from index.passages import SCHEME
from index.records import Question
from index.tables import ArticleRow, PassageRow, TableReader, TableWriter
from tests.bench.asking import CORES, HITS, NOW, one_by_one
from tests.bench.bare import BareEncoder
from tests.bench.figures import Figure, median_of, percentile
from tests.bench.material import FORMAT, Stock, noisy, real_vectors
from tests.engines import build_postings

MILLION = 1_000_000


def million_figures(
    stock: Stock, work: Path, export: Path, texts: Sequence[str], progress: OnProgress, count: int = MILLION
) -> list[Figure]:
    """p50 and p99 of the whole question, and recall@10 of the vectors for the questions' own."""
    folder = work / f"stock-{FORMAT}-{SCHEME}-million-{count}"
    vectors = noisy(real_vectors(work, export, progress), count)
    if not (folder / "made.json").is_file():
        _make(stock, folder, vectors, progress)
    engine, bare = Engine.open(folder / "bot.toml"), BareEncoder(export, threads=CORES)
    try:
        found = [engine.search(Question(text, NOW), HITS, reread=False)[1] for text in texts[:30]]
        if not all(found):  # fewer than HITS are right: repeated text is folded into the first of its kind
            raise RuntimeError("nothing was found for a question")
        waits = one_by_one(
            {"bare": bare.encode, "search": lambda text: engine.search(Question(text, NOW), HITS, reread=False)}, texts
        )
    finally:
        engine.close()
    recall, built, dense = _recall(folder, vectors, np.stack([bare.encode(text) for text in texts]))
    group = f"one question, {count:,} passages"
    against = "bare ONNX float32, both cores"
    return [
        Figure(group, "p50, text to ten passages", 1e3 * median_of(waits["search"]), "ms",
               1e3 * median_of(waits["bare"]), against, 12.0, "value", note=f"{len(texts)} questions, {dense}"),
        Figure(group, "p99", 1e3 * percentile(waits["search"], 0.99), "ms",
               1e3 * percentile(waits["bare"], 0.99), against),
        Figure(group, "recall@10 of the vectors", recall, "", 1.0, "exact search", 0.95, at_least=True,
               note=f"{built:.3f} when built"),
    ]  # fmt: skip


def _make(stock: Stock, folder: Path, vectors: NDArray[np.float32], progress: OnProgress) -> None:
    """One published generation over `stock`'s passages, again and again, each article with a file of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "articles").mkdir(parents=True)
    (folder / "bot.toml").write_text(
        f"[corpus]\ndirectory = {json.dumps(str(folder / 'articles'))}\n"
        f"[storage]\ndirectory = {json.dumps(str(folder / 'var'))}\n",
        "utf-8",
    )
    shutil.copytree(stock.storage / "models", folder / "var" / "models")
    generations = Generations(folder / "var" / "index")
    now = datetime.now(UTC)
    source = stock.index / "generations" / f"{Generations(stock.index).current():06d}"
    reader = TableReader(source / "passages.db")
    with generations.lock("the bench", now):
        number, building = generations.begin()
        writer = TableWriter(building / "passages.db")
        articles = [0]
        passages = _repeated(reader, writer, folder / "articles", len(vectors), articles, progress)
        written = build_postings(passages, building / "postings")
        writer.close()
        progress("a million vectors", 0, 1)
        dense = build_dense(vectors, building / "vectors.faiss")
        manifest = replace(
            Manifest.read(source),
            number=number,
            articles=articles[0],
            passages=written,
            dense=dense,
            files=file_sizes(building),
            sums=file_sums(building),
        )
        generations.publish(manifest, building)
    reader.close()
    (folder / "made.json").write_text(json.dumps({"articles": articles[0], "passages": written}), "utf-8")


def _repeated(
    reader: TableReader, writer: TableWriter, articles: Path, count: int, rows: list[int], progress: OnProgress
) -> Iterator[Posting]:
    """Passages of the reader's articles in turn until there are `count`, written as they go; `rows` counts articles."""
    first = 0
    originals: list[tuple[ArticleRow, list[PassageRow]]] = list(reader.read(range(reader.articles)))
    while first < count:
        row = rows[0]
        article, passages = originals[row % reader.articles]
        mine = passages[: count - first]
        named = _named(article, row)
        writer.add(row, named, first, mine)
        (articles / named.path).touch()  # an article without a file would count as withdrawn
        for number, passage in enumerate(mine, start=first):
            yield Posting(number, row, named.collection, named.published, named.heading, passage.text)
        first += len(mine)
        rows[0] += 1
        if row % 1_024 == 0:
            progress("a million passages", first, count)


def _named(article: ArticleRow, row: int) -> ArticleRow:
    return replace(article, id=f"again-{row:06d}", path=f"again-{row:06d}.md")


def _recall(folder: Path, vectors: NDArray[np.float32], queries: NDArray[np.float32]) -> tuple[float, float, str]:
    """The share of the exact ten nearest that is found, by score; what the build measured; the kind that was built."""
    root = folder / "var" / "index"
    place = root / "generations" / f"{Generations(root).current():06d}" / "vectors.faiss"
    searcher = DenseSearcher.open(place, dimensions=vectors.shape[1], count=len(vectors))
    borders = exact_nearest(vectors, queries, 10)[1].min(axis=1)
    shares = []
    for query, border in zip(queries, borders, strict=True):
        numbers, _ = searcher.search(query, 10)
        shares.append(float(np.mean(vectors[numbers] @ query >= border - 1e-6)))
    facts = searcher.facts
    searcher.close()
    return sum(shares) / len(shares), facts.recall, f"{facts.kind}, {facts.nprobe} of {facts.nlist} lists"
