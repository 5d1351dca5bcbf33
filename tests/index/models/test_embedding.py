"""Finding the model that a setting names, and telling its revision without reading its weights again."""

import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from index.errors import ModelError
from index.models.embedding import find_model, sample_texts
from tests.real_model import PACKAGE

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "My model"
    (made / "1_Pooling").mkdir(parents=True)
    (made / "config.json").write_text("{}")
    (made / "1_Pooling" / "config.json").write_text('{"pooling_mode": "mean"}')
    (made / "tokenizer.json").write_text("{}")
    (made / "model.safetensors").write_bytes(b"weights")
    return made


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    return tmp_path / "var"


def test_an_installed_package_is_found_without_running_its_code(storage: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from index.models.embedding import find_model;"
        f"print(find_model({PACKAGE!r}, Path(sys.argv[1])).folder);"
        "print([name for name in sys.modules if 'minilm' in name or name in ('torch', 'huggingface_hub')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(storage)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    found, loaded = done.stdout.splitlines()
    assert (Path(found) / "model.safetensors").is_file()
    assert loaded == "[]"
    assert find_model(PACKAGE, storage).key.startswith(f"{PACKAGE}@")


def test_a_folder_is_found_and_its_name_made_fit_for_files(folder: Path, storage: Path) -> None:
    model = find_model(str(folder), storage)
    assert model.folder == folder
    assert model.name == "My-model"
    assert model.export_folder(storage) == storage / "models" / f"My-model-{model.revision}"
    assert model.key == f"My-model@{model.revision}"
    assert len(model.revision) == 12


@pytest.mark.parametrize("changed", ["config.json", "1_Pooling/config.json", "tokenizer.json", "model.safetensors"])
def test_whatever_decides_a_vector_changes_the_revision(folder: Path, storage: Path, changed: str) -> None:
    before = find_model(str(folder), storage).revision
    (folder / changed).write_bytes((folder / changed).read_bytes() + b" ")
    assert find_model(str(folder), storage).revision != before


def test_the_readme_does_not_change_the_revision(folder: Path, storage: Path) -> None:
    before = find_model(str(folder), storage).revision
    (folder / "README.md").write_text("about it")
    assert find_model(str(folder), storage).revision == before


def test_the_same_files_elsewhere_have_the_same_revision(folder: Path, storage: Path) -> None:
    before = find_model(str(folder), storage).revision
    moved = folder.rename(folder.with_name("moved"))
    assert find_model(str(moved), storage).revision == before


def test_weights_that_have_not_changed_are_not_read_again(folder: Path, storage: Path) -> None:
    model = find_model(str(folder), storage)
    weights = folder / "model.safetensors"
    stamp = weights.stat()
    weights.write_bytes(b"WEIGHTS")
    os.utime(weights, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # same size, same time: taken for the same
    assert find_model(str(folder), storage).revision == model.revision
    os.utime(weights, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1))
    assert find_model(str(folder), storage).revision != model.revision


@pytest.mark.parametrize("note", ["", "no json", "[]", '{"X": 3}', '{"X": {"stamps": [], "revision": "made up"}}'])
def test_a_damaged_note_of_revisions_is_made_again(folder: Path, storage: Path, note: str) -> None:
    revision = find_model(str(folder), storage).revision
    kept = storage / "models" / "revisions.json"
    kept.write_text(note.replace("X", str(folder)))
    assert find_model(str(folder), storage).revision == revision
    assert json.loads(kept.read_text())[str(folder)]["revision"] == revision


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("no-such-package-of-weights", "is not installed; install"),
        ("numpy", "carries no weights"),
        ("/no/such/folder", "is no folder"),
        ("./models/none", "is no folder"),
        ("a/b/c", "is no folder"),
        ("what ever?", "neither a folder, a package nor a hub name"),
        ("", "neither a folder, a package nor a hub name"),
    ],
)
def test_a_model_that_is_not_there_is_named_with_what_to_do(setting: str, why: str, storage: Path) -> None:
    with pytest.raises(ModelError, match=why) as told:
        find_model(setting, storage)
    assert f"“{setting}”" in str(told.value)


@pytest.mark.parametrize("missing", ["model.safetensors", "config.json"])
def test_a_folder_without_weights_or_layout_is_no_model(folder: Path, storage: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(ModelError, match="holds no sentence-transformers model with weights"):
        find_model(str(folder), storage)


def test_a_revision_that_cannot_be_kept_is_told_all_the_same(folder: Path, storage: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert find_model(str(folder), tmp_path / "file") == find_model(str(folder), storage)


def from_hub(home: Path, storage: Path, setting: str) -> "subprocess.CompletedProcess[str]":
    script = (
        "import sys; from pathlib import Path; from index.errors import ModelError\n"
        "from index.models.embedding import find_model\n"
        "try: print(find_model(sys.argv[1], Path(sys.argv[2])).key)\n"
        "except ModelError as error: print(error)\n"
    )
    environment = {**os.environ, "HF_HOME": str(home), "HF_HUB_OFFLINE": "1"}
    environment.pop("HF_HUB_CACHE", None)
    return subprocess.run(
        [sys.executable, "-c", script, setting, str(storage)],
        capture_output=True, text=True, check=True, cwd=ROOT, env=environment,
    )  # fmt: skip


def test_an_unknown_hub_model_is_not_asked_for_when_the_hub_is_off_limits(tmp_path: Path, storage: Path) -> None:
    told = from_hub(tmp_path, storage, "nobody/no-such-model").stdout
    assert "“nobody/no-such-model” is not in the local hub cache and HF_HUB_OFFLINE is set; unset it" in told


def test_a_hub_model_in_the_local_cache_is_found_offline(folder: Path, tmp_path: Path, storage: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    cached = tmp_path / "home" / "hub" / "models--somebody--small-model"
    (cached / "snapshots").mkdir(parents=True)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(commit)
    folder.rename(cached / "snapshots" / commit)
    told = from_hub(tmp_path / "home", storage, "somebody/small-model").stdout
    assert told.startswith("small-model@")


def test_sample_texts_are_paragraphs_without_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: One\n---\n\nFirst part.\n\nSecond part.\n")
    (tmp_path / "b.md").write_bytes(b"\xff\xfe broken")
    (tmp_path / "c.md").write_text("No front matter.\n\n" + "long " * 500)
    texts = sample_texts(tmp_path)
    assert texts[:3] == ["First part.", "Second part.", "No front matter."]
    assert len(texts[3]) == 500
    assert sample_texts(tmp_path, most=2) == texts[:2]
    assert sample_texts(tmp_path / "none") == []


def test_the_default_model_is_the_one_that_is_installed() -> None:
    assert metadata.version(PACKAGE)
