"""Engines without a real model, over small corpora of made-up articles, for tests of what lies between them."""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from corpus.article import format_markdown, make_article
from index.config import IndexFile, load_settings
from index.engine import Engine
from index.generations import MANIFEST, Manifest, file_sizes, file_sums
from index.lexical import Posting, PostingsWriter
from index.models.rerankers import Reranker
from tests.hashing import HashingEncoder, HashingModel, WordReranker

ASKED = datetime(2031, 5, 20, 12, tzinfo=UTC)
ADDED = datetime(2031, 5, 15, tzinfo=UTC)
PLACES = (
    "Aldmouth",
    "Brackwater",
    "Corvale",
    "Dunmere",
    "Eastholm",
    "Fennick",
    "Garrowby",
    "Hexley",
    "Inverlake",
    "Jarrowfield",
    "Kelsing",
    "Lowmoor",
)


class CountingModel(HashingModel):
    """A stand-in that counts how often somebody wanted it loaded."""

    def __init__(self, dimensions: int = 64) -> None:
        super().__init__(dimensions)
        self.asked = 0

    def encoder(self, progress: Callable[[str, int, int], None]) -> HashingEncoder:
        self.asked += 1
        return super().encoder(progress)


class WordReranking:
    """Where an engine has a `WordReranker` from."""

    def __init__(self) -> None:
        self.made = WordReranker()

    def reranker(self) -> Reranker:
        return self.made

    def close(self) -> None:
        self.made.close()


class SmallEngine(Engine):
    """An `Engine` that embeds by hashing, and rereads by counting words or not at all; everything else is the real thing."""

    def __init__(
        self,
        settings: IndexFile,
        config: Path,
        model: CountingModel | None = None,
        reranking: WordReranking | None = None,
    ) -> None:
        super().__init__(settings, config)
        self.model = model or CountingModel()
        self._model = self.model  # type: ignore[assignment]
        if reranking is not None:
            self._reranking = reranking  # type: ignore[assignment]


def build_postings(passages: Iterable[Posting], folder: Path) -> int:
    """Writes the postings of passages, and gives how many there are."""
    writer, count = PostingsWriter(folder), 0
    for passage in passages:
        writer.add(passage)
        count += 1
    writer.close()
    return count


def configure(place: Path, extra: str = "") -> Path:
    """A configuration whose articles and storage lie beside it, without a reranker, which answers whenever anything is found."""
    (place / "articles").mkdir(parents=True, exist_ok=True)
    config = place / "bot.toml"
    config.write_text(
        '[corpus]\ndirectory = "articles"\n[storage]\ndirectory = "var"\n'
        '[reranking]\nmodel = "none"\n[answer]\nnothing_below = 0\nanswered_from = 0\n' + extra,
        "utf-8",
    )
    return config


def open_engine(
    config: Path, model: CountingModel | None = None, reranking: WordReranking | None = None
) -> SmallEngine:
    return SmallEngine(load_settings(config), config, model, reranking)


def write(
    folder: Path,
    name: str,
    text: str,
    *,
    title: str = "",
    collection: str = "public",
    id: str = "",  # noqa: A002 - the record's own word
    outlet: str = "Harbour Post",
) -> Path:
    """One article file, written in place; its id is its name unless another is given."""
    article = make_article(
        id=id or name,
        title=title,
        text=text,
        outlet=outlet,
        published=date(2031, 5, 10),
        added=ADDED,
        collection=collection,
    )
    path = folder / ("" if collection == "public" else collection.replace(":", "-")) / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(format_markdown(article), "utf-8")
    return path


def report(place: str, version: int) -> str:
    """The text of an article of the small corpus; every fourth place's tells the version, and differs in nothing else."""
    told = f"It is version {version} of this report. " if PLACES.index(place) % 4 == 0 else ""
    return (
        f"The dockers of {place} walked out over their pay. {told}The harbour of {place} stood still for days.\n\n"
        f"The port authority of {place} said that it would meet the dockers again. Nobody in {place} named a date."
    )


def write_corpus(folder: Path, version: int = 0) -> None:
    """Twelve articles."""
    for place in PLACES:
        write(folder, place.lower(), report(place, version), title=f"{place} dockers walk out")


def write_version(folder: Path, version: int) -> None:
    """Changes those three of the twelve articles that tell the version."""
    for place in PLACES[::4]:
        write(folder, place.lower(), report(place, version), title=f"{place} dockers walk out")


def as_another_version_made_it(folder: Path) -> None:
    """Turns a generation into what the version before the view of articles left."""
    with sqlite3.connect(folder / "passages.db") as connection:
        connection.execute("drop view indexed")
    connection.close()
    manifest = replace(Manifest.read(folder), scheme="2/", files=file_sizes(folder), sums=file_sums(folder))
    (folder / MANIFEST).write_text(manifest.text(), "utf-8")
