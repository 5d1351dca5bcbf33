"""What is measured in a process of its own: `python -m tests.bench.children WHAT ARGUMENT…` prints one line of JSON.

Starts the process, too, and gives what it printed with the seconds from start to end.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_ENVIRONMENT = {"HF_HUB_OFFLINE": "1", "TQDM_DISABLE": "1", "TOKENIZERS_PARALLELISM": "true", "PYTHONUTF8": "1"}


def run(*command: str) -> tuple[float, dict[str, Any]]:
    """Seconds of `python COMMAND…` from start to end, and the JSON that its last line holds."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, **_ENVIRONMENT}, capture_output=True, text=True
    )
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise RuntimeError(f"python {' '.join(command)[:200]} ended with {done.returncode}: {done.stderr[-600:]}")
    lines = done.stdout.strip().splitlines()
    printed = json.loads(lines[-1]) if lines else {}
    return seconds, printed if isinstance(printed, dict) else {}


def child(*command: str) -> tuple[float, dict[str, Any]]:
    """One of the processes below."""
    return run("-m", "tests.bench.children", *command)


def _answer(config: str, text: str) -> dict[str, Any]:
    """A program that uses the index as a library, from its start to its first answer."""
    from index.engine import Engine
    from index.records import Question

    engine = Engine.open(Path(config))
    answer = engine.ask(Question(text, datetime.now(UTC)))
    engine.close()
    return {"citations": len(answer.citations), "torch": "torch" in sys.modules}


def _search(config: str, text: str) -> dict[str, Any]:
    """The same, but for passages without quotations."""
    from index.engine import Engine
    from index.records import Question

    engine = Engine.open(Path(config))
    _, found = engine.search(Question(text, datetime.now(UTC)), 10, reread=False)
    engine.close()
    return {"passages": len(found), "torch": "torch" in sys.modules}


def _reference(storage: str, text: str) -> dict[str, Any]:
    """sentence-transformers imported, the model loaded, one question encoded."""
    from tests.bench.encoding import load_reference

    vector = load_reference(Path(storage)).encode(text)
    return {"dimensions": len(vector)}


def _serve(config: str, texts: str) -> dict[str, Any]:
    """What stays resident after answering questions from eight threads, in megabytes."""
    from index.engine import Engine
    from index.records import Question
    from tests.bench.asking import NOW, rate

    asked = json.loads(Path(texts).read_text("utf-8"))
    engine = Engine.open(Path(config))
    rate(lambda text: engine.search(Question(text, NOW), 10, reread=False), asked)
    searching = _resident()
    rate(lambda text: engine.ask(Question(text, NOW)), asked[:40])
    return {"searching": searching, "answering": _resident(), "torch": "torch" in sys.modules}


def _serve_reference(storage: str, texts: str) -> dict[str, Any]:
    """The same of a process that only encodes, by sentence-transformers."""
    from tests.bench.encoding import load_reference

    model = load_reference(Path(storage))
    for text in json.loads(Path(texts).read_text("utf-8")):
        model.encode(text)
    return {"encoding": _resident()}


def _reindex(config: str) -> dict[str, Any]:
    from index.engine import Engine

    engine = Engine.open(Path(config))
    report = engine.reindex(now=datetime.now(UTC))
    engine.close()
    return {
        "published": report.published,
        "passages": report.passages,
        "embedded": report.embedded,
        "failures": len(report.failures),
        "seconds": report.seconds,
        "stages": report.stages,
        "torch": "torch" in sys.modules,
    }


def _list(folder: str) -> dict[str, Any]:
    """The least a reindex must do: see every file's size and time."""
    with os.scandir(folder) as found:
        return {"bytes": sum(one.stat().st_size for one in found)}


def _resident() -> float:
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError("/proc/self/status tells no VmRSS")


_KNOWN: dict[str, Callable[..., dict[str, Any]]] = {
    "answer": _answer,
    "search": _search,
    "reference": _reference,
    "serve": _serve,
    "serve-reference": _serve_reference,
    "reindex": _reindex,
    "list": _list,
}

if __name__ == "__main__":
    print(json.dumps(_KNOWN[sys.argv[1]](*sys.argv[2:])))
