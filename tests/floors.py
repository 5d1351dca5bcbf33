"""What the golden measures must not fall below: read from tests/floors.json, and written there by tests.quality_golden.

A floor holds only for the questions and the corpus that it was measured on, so the file keeps their digests. Floors
rise by themselves; one is lowered only where that is asked for. Measuring is `tests.quality_golden`'s.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FLOORS = Path(__file__).with_name("floors.json")
# Below the measured value: the cross-encoder's int8 gives other last digits on another processor, which can turn a
# question over. Three questions, and .02 of an AUROC, are judged: no second kind of processor was at hand.
_QUESTIONS_SLACK = 3
_AUROC_SLACK = 0.02
_SCALE = 1_000  # floors have three places


class FloorError(Exception):
    """The floors can't be written or read; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Floors:
    """The floor and the measured value of each measure, and the SHA-256 of what they were measured on."""

    questions: str
    corpus: str
    floors: dict[str, float]
    measured: dict[str, float]


def read_floors(path: Path) -> Floors:
    """The floors of a file; FloorError where there is none or it holds something else."""
    try:
        table = json.loads(path.read_text("utf-8"))
        return Floors(**{key: table[key] for key in ("questions", "corpus", "floors", "measured")})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FloorError(f"{path.name} can't be read; run “python -m tests.quality_golden --write-floors”.") from error


def write_floors(
    path: Path,
    measured: Mapping[str, float],
    counts: Mapping[str, int],
    questions: Path,
    corpus: Path,
    *,
    lower: bool = False,
) -> Floors:
    """Raises the floors to a little below what was measured over so many questions, and writes them.

    FloorError, with nothing written, where a measure lies below its floor, unless `lower`, which sets all anew.
    """
    old = read_floors(path).floors if path.exists() else {}
    wrong = [name for name, value in measured.items() if not 0 <= value <= 1]
    if wrong:
        raise FloorError(f"Of “{wrong[0]}” came {measured[wrong[0]]}, which is no share; nothing was written.")
    fallen = [
        f"“{name}” from {old[name]} to {value:.3f}" for name, value in measured.items() if value < old.get(name, 0)
    ]
    gone = [f"“{name}” is not measured" for name in old if name not in measured]
    if (fallen or gone) and not lower:
        raise FloorError(f"Floors would fall: {'; '.join(fallen + gone)}. Give --lower if that is meant.")
    new = {name: floor_of(name, value, counts[name]) for name, value in measured.items()}
    kept = new if lower else {name: max(value, old.get(name, 0.0)) for name, value in new.items()}
    floors = Floors(
        digest(questions), digest(corpus), kept, {name: round(value, 4) for name, value in measured.items()}
    )
    table = {"questions": floors.questions, "corpus": floors.corpus, "floors": kept, "measured": floors.measured}
    path.write_text(json.dumps(table, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return floors


def floor_of(name: str, value: float, count: int) -> float:
    """Three questions below a share, .02 below an AUROC, rounded down to three places; never below 0."""
    slack = _AUROC_SLACK if "AUROC" in name else _QUESTIONS_SLACK / count
    return max(0.0, math.floor((value - slack) * _SCALE + 1e-9) / _SCALE)


def digest(place: Path) -> str:
    """The SHA-256, in hexadecimal, of a file, or of the names and contents of a folder's Markdown files."""
    files = [place] if place.is_file() else sorted(place.rglob("*.md"))
    found = hashlib.sha256()
    for file in files:
        name = file.name if file == place else file.relative_to(place).as_posix()
        content = file.read_bytes().replace(b"\r\n", b"\n")
        found.update(f"{name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()
