"""The shape of the code: who may import whom, how long a module is, and which names are not used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("corpus", "index", "bot")
MODULES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
SOURCES = sorted([*MODULES, *(ROOT / "tests").rglob("*.py")])
MOST_LINES = 400


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


every_module = pytest.mark.parametrize("path", MODULES, ids=named)
every_source = pytest.mark.parametrize("path", SOURCES, ids=named)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(path: Path) -> set[str]:
    """The top-level packages that a module names in its imports, wherever in it these stand."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)} has a relative import"
            found.add((node.module or "").partition(".")[0])
    return found


def variables(code: ast.AST) -> set[str]:
    """The names that code gives to values: locals, parameters, caught exceptions, renamed imports."""
    found: set[str] = set()
    for inner in ast.walk(code):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            found.add(inner.id)
        elif isinstance(inner, ast.arg):
            found.add(inner.arg)
        elif isinstance(inner, ast.ExceptHandler):
            found.add(inner.name or "")
        elif isinstance(inner, ast.alias):
            found.add(inner.asname or "")
    return found


def definitions(code: ast.AST) -> set[str]:
    """The names of its functions, methods and classes."""
    kinds = ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef
    return {inner.name for inner in ast.walk(code) if isinstance(inner, kinds)}


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Contracts: 6 kept, 0 broken." in done.stdout


@every_module
def test_imports_run_one_way(path: Path) -> None:
    floor = path.relative_to(ROOT).parts[0]
    above = set(FLOORS[FLOORS.index(floor) + 1 :])
    assert not imported(path) & (above | {"tests"})


@every_module
def test_asyncio_and_discord_live_in_bot_alone(path: Path) -> None:
    if path.relative_to(ROOT).parts[0] != "bot":
        assert not imported(path) & {"asyncio", "discord", "anyio", "trio"}


@every_module
def test_only_the_exports_name_torch(path: Path) -> None:
    heavy = {"torch", "sentence_transformers", "transformers", "onnx"}
    if named(path) in (
        "index/models/reranker_graph.py",
        "index/models/graph_rewriting.py",
    ):  # the first to ask rewrites the graph
        assert imported(path) & heavy == {"onnx"}
    elif named(path) not in (
        "index/models/export.py",
        "index/models/exporting.py",
        "index/models/reranker_export.py",
        "index/models/question_graph.py",
    ):
        assert not imported(path) & heavy
    at_import = {
        name
        for node in tree(path).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }
    assert not {name.partition(".")[0] for name in at_import} & heavy  # the exports too import it late


@every_module
def test_only_the_models_name_what_runs_them(path: Path) -> None:
    """Their package keeps these from calling home before any of them is imported."""
    if not named(path).startswith("index/models/"):
        assert not imported(path) & {"onnxruntime", "openvino", "huggingface_hub", "sentence_transformers"}


@every_module
def test_a_module_says_in_its_docstring_what_it_does_and_is_not_too_long(path: Path) -> None:
    assert ast.get_docstring(tree(path)), "no docstring"
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


@every_source
def test_no_exception_is_called_as_a_built_in_one_and_no_local_index(path: Path) -> None:
    """An own `IndexError` hides the built-in, and a local `index` the package."""
    assert not definitions(tree(path)) & {"IndexError", "LookupError", "Exception", "Error"}
    assert "index" not in variables(tree(path))


@every_module
def test_names_are_the_fields_words(path: Path) -> None:
    names = variables(tree(path)) | definitions(tree(path))
    words = {word for name in names for word in name.lower().split("_")}
    assert not words & {"chunk", "chunks", "node", "nodes", "doc", "docs", "manager", "helper", "helpers", "utils"}


@every_source
def test_every_function_is_typed(path: Path) -> None:
    untyped = [
        node.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is None
    ]
    assert untyped == []


@every_module
def test_nothing_below_the_edge_reads_a_clock(path: Path) -> None:
    """Times are arguments; `perf_counter`, which measures how long something took, is none."""
    if path.name in ("cli.py", "__main__.py", "chat.py", "streams.py", "measures.py"):
        return
    calls = {
        node.attr
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("datetime", "date")
    }
    assert not calls & {"now", "today", "utcnow"}
