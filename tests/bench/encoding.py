"""Measures encoding in bulk against sentence-transformers as it comes: speed on the same texts, and what is found.

Speed is taken in turns. What is found is compared over whole articles: the ten nearest of each passage, and, where the
news questions are there, how well the vectors alone rank the articles for them.
"""

import csv
import hashlib
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
from ir_measures import nDCG
from numpy.typing import NDArray

from index.generations import OnProgress
from index.models.embedders import ExportedEncoder
from index.models.embedding import find_model
from index.models.processors import processor
from tests.bench.figures import Figure, interleaved, median_of
from tests.bench.material import MODEL, open_encoder, passage_texts, real_articles, shared_questions

# The reference's vectors are kept: it takes minutes for what doesn't change.
_STEP = 512
GROUP = "encoding passages"


def load_reference(storage: Path) -> Any:
    """sentence-transformers with its own defaults: torch, float32, batches of 32."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TQDM_DISABLE", "1")
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(find_model(MODEL, storage).folder), device="cpu")


def encoding_figures(
    work: Path, export: Path, *, timed: int, rounds: int, most: int | None, progress: OnProgress
) -> list[Figure]:
    """`timed` texts for speed in so many rounds; what is found over at most `most` articles (None: all)."""
    shared = shared_questions()
    reference = load_reference(work / "storage")
    ours = open_encoder(export, "auto")
    try:
        qrels = _qrels(shared / "news" / "qrels.tsv") if shared else []
        articles = real_articles(shared)
        judged = {article for _, article, grade in qrels if grade > 0}
        articles = sorted(articles, key=lambda one: one.id not in judged)[:most]  # those that answer stay in
        passages = passage_texts(articles, ours)
        texts = [text for _, text in passages]
        some = texts[:: max(len(texts) // timed, 1)][:timed]
        speed = _speed(reference, ours, some, rounds, progress)
        theirs = _kept_vectors(work, reference, texts, progress)
        mine = ours.encode_passages(texts, lambda done: progress("ours over all", done, len(texts)))
        found = [
            speed,
            Figure(GROUP, "top-10 overlap", _overlap(theirs, mine), "", 1.0, "sentence-transformers", 0.98,
                   at_least=True, note=f"{len(texts):,} passages"),
        ]  # fmt: skip
        if shared is not None:
            asked = {query for query, _, _ in qrels}
            lines = (shared / "news" / "queries.jsonl").read_text("utf-8").splitlines()
            queries = [(one["id"], one["text"]) for one in map(json.loads, lines) if one["id"] in asked]
            mine_by = _ndcg(queries, qrels, passages, mine, lambda text: ours.encode_question(text))
            theirs_by = _ndcg(
                queries, qrels, passages, theirs, lambda text: reference.encode(text, normalize_embeddings=True)
            )
            found.append(
                Figure(GROUP, "nDCG@10, vectors alone", mine_by, "", theirs_by, "sentence-transformers",
                       round(theirs_by - 0.005, 4), "value", at_least=True,
                       note=f"{len(queries)} news questions, {len(articles):,} articles"),
            )  # fmt: skip
        return found
    finally:
        ours.close()


def _speed(reference: Any, ours: ExportedEncoder, texts: Sequence[str], rounds: int, progress: OnProgress) -> Figure:
    bf16 = any(flag in processor() for flag in ("avx512_bf16", "amx_bf16", " bf16"))

    def timed(encode: Any) -> float:
        begun = time.perf_counter()
        encode(texts)
        return len(texts) / (time.perf_counter() - begun)

    for encode in (reference.encode, ours.encode_passages):
        encode(texts[:32])
    progress("encoding in turns", 0, 1)
    rates = interleaved(
        rounds, {"theirs": lambda: timed(reference.encode), "ours": lambda: timed(ours.encode_passages)}
    )
    return Figure(
        GROUP, "speed", median_of(rates["ours"]), "passages/s", median_of(rates["theirs"]), "sentence-transformers",
        4.0 if bf16 else 2.2, at_least=True,
        note=f"{len(texts)} texts, {rounds} rounds, processor {'with' if bf16 else 'without'} bf16",
    )  # fmt: skip


def _kept_vectors(work: Path, reference: Any, texts: Sequence[str], progress: OnProgress) -> NDArray[np.float32]:
    """The reference's vectors of the texts, of length 1; made once and kept part by part."""
    parts = []
    for start in range(0, len(texts), _STEP):
        progress("sentence-transformers over all", start, len(texts))
        part = texts[start : start + _STEP]
        place = work / f"reference-{hashlib.sha256(chr(0).join(part).encode()).hexdigest()[:24]}.npy"
        if not place.is_file():
            np.save(place, reference.encode(list(part), normalize_embeddings=True))
        parts.append(np.load(place))
    return np.asarray(np.concatenate(parts), np.float32)


def _ndcg(
    queries: Sequence[tuple[str, str]],
    qrels: Sequence[tuple[str, str, int]],
    passages: Sequence[tuple[str, str]],
    vectors: NDArray[np.float32],
    encode: Any,
) -> float:
    """nDCG@10 of the articles, each by its nearest passage."""
    run = []
    for identity, text in queries:
        best: dict[str, float] = {}
        for (article, _), score in zip(passages, (vectors @ encode(text)).tolist(), strict=True):
            if score > best.get(article, -2.0):
                best[article] = score
        run += [ir_measures.ScoredDoc(identity, article, score) for article, score in best.items()]
    judged = [ir_measures.Qrel(query, article, grade) for query, article, grade in qrels]
    return float(ir_measures.calc_aggregate([nDCG @ 10], judged, run)[nDCG @ 10])


def _overlap(reference: NDArray[np.float32], vectors: NDArray[np.float32]) -> float:
    """The share of each passage's ten nearest others that both agree on."""
    shared = 0
    for start in range(0, len(reference), _STEP):
        near = [_nearest(one, start) for one in (reference, vectors)]
        shared += sum(len(set(a) & set(b)) for a, b in zip(*near, strict=True))
    return shared / (10 * len(reference))


def _nearest(vectors: NDArray[np.float32], start: int) -> list[list[int]]:
    cosines = vectors[start : start + _STEP] @ vectors.T
    cosines[np.arange(len(cosines)), np.arange(start, start + len(cosines))] = -2.0
    found: list[list[int]] = np.argpartition(-cosines, 10, axis=1)[:, :10].tolist()
    return found


def _qrels(path: Path) -> list[tuple[str, str, int]]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream, delimiter="\t"))
    return [(query, article, int(grade)) for query, article, grade in rows[1:]]
