"""Measures reindexing: nothing changed, one article in a hundred changed, and everything anew with cached vectors."""

import shutil
import time
from pathlib import Path
from typing import Any

from corpus.article import changed
from corpus.files import ArticleFolder
from index.lexical import Posting
from index.tables import TableReader
from tests.bench.children import child
from tests.bench.figures import Figure, median_of
from tests.bench.material import Stock, open_encoder, passage_texts, write_article
from tests.engines import build_postings

_ONE_IN = 100


def unchanged_figure(stock: Stock, *, rounds: int) -> Figure:
    """The whole process, from its start, beside one that lists the files."""
    _settled(stock)
    seconds, listing = [], []
    for _ in range(rounds):
        listing.append(child("list", str(stock.folder / "articles"))[0])
        took, report = _reindexed(stock, embeds=False)
        if report["published"]:
            raise RuntimeError("a generation was published though nothing had changed")
        seconds.append(took)
    return Figure(
        f"reindex, {stock.passages:,} passages", "nothing changed", median_of(seconds), "s", median_of(listing),
        "a process that lists the files", 2.0, "value", note="0 embedded, torch not imported",
    )  # fmt: skip


def changed_figure(stock: Stock, export: Path, *, rounds: int) -> Figure:
    """The whole process, less the encoding of the same texts in a process that has the model at hand."""
    _settled(stock)
    folder = ArticleFolder(stock.folder / "articles")
    originals = [folder.read(stamp.path) for stamp in folder.stamps()[::_ONE_IN]]
    encoder = open_encoder(export, "auto")
    beyond, encoding, stages, embedded = [], [], {}, 0
    try:
        encoder.encode_passages(["A strike ends."])
        for _ in range(rounds):
            mark = f"Talks were broken off again after {time.time_ns()} hours."
            articles = [changed(one, text=f"{one.text}\n\n{mark}") for one in originals]
            for one in articles:
                write_article(folder.directory, one, modified=None)
            took, report = _reindexed(stock, embeds=True)
            texts = [text for _, text in passage_texts(articles, encoder) if mark in text]
            begun = time.perf_counter()
            encoder.encode_passages(texts)
            encoding.append(time.perf_counter() - begun)
            beyond.append(took - encoding[-1])
            stages, embedded = report["stages"], report["embedded"]
    finally:
        encoder.close()
        for one in originals:
            write_article(folder.directory, one)
        _settled(stock)
    return Figure(
        f"reindex, {stock.passages:,} passages", "1 % of the articles changed, beyond encoding", median_of(beyond), "s",
        median_of(encoding), f"encoding {embedded} passages", 3.0, "value", note=_told(stages),
    )  # fmt: skip


def anew_figure(stock: Stock, work: Path, *, rounds: int) -> Figure:
    """Everything parsed, cut, indexed and published with the vectors at hand, beside writing the postings alone."""
    seconds, postings, stages = [], [], {}
    for _ in range(rounds):
        shutil.rmtree(stock.index)
        took, report = _reindexed(stock, embeds=False)
        seconds.append(took)
        stages = report["stages"]
        postings.append(_postings(stock, work))
    return Figure(
        "index without encoding", f"{stock.passages:,} passages, cached vectors", median_of(seconds), "s",
        median_of(postings), "writing the postings alone", 15.0, "value", note=_told(stages),
    )  # fmt: skip


def _postings(stock: Stock, work: Path) -> float:
    reader = TableReader(max((stock.index / "generations").glob("[0-9]*[0-9]")) / "passages.db")
    passages = [
        Posting(passage.number, passage.article, "public", article.published, passage.heading, passage.text)
        for start in range(0, reader.passages, 10_000)
        for passage, article in reader.passages_of(range(start, min(start + 10_000, reader.passages))).values()
    ]
    reader.close()
    place = work / "postings"
    begun = time.perf_counter()
    build_postings(iter(passages), place)
    took = time.perf_counter() - begun
    shutil.rmtree(place)
    return took


def _settled(stock: Stock) -> None:
    """An index that is up to date and younger than every article, so that the next reindex finds nothing to read."""
    child("reindex", str(stock.config))


def _reindexed(stock: Stock, *, embeds: bool) -> tuple[float, dict[str, Any]]:
    took, report = child("reindex", str(stock.config))
    if report["failures"] or bool(report["embedded"]) is not embeds or report["torch"]:
        raise RuntimeError(f"the reindex did not do what is measured: {report}")
    return took, report


def _told(stages: dict[str, float]) -> str:
    return ", ".join(f"{name} {seconds:.1f}" for name, seconds in stages.items())
