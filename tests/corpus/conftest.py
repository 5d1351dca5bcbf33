"""The fixtures of the corpus's tests: an empty article folder, and an attic beside it."""

from pathlib import Path

import pytest

from corpus.attic import Attic
from corpus.files import ArticleFolder


@pytest.fixture
def folder(tmp_path: Path) -> ArticleFolder:
    made = ArticleFolder(tmp_path / "articles")
    made.prepare()
    return made


@pytest.fixture
def attic(tmp_path: Path) -> Attic:
    return Attic(tmp_path / "attic")
