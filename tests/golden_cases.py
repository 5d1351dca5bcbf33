"""Golden cases as parameters of a test: what is known to fail is a strict expected failure."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

_GOLDEN = Path(__file__).parent / "golden"


def golden_cases(files: str) -> list[Any]:
    """The cases of the files under tests/golden that match, in order: “events/*”, “dates/periods”."""
    found = []
    for path in sorted(_GOLDEN.glob(f"{files}.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            failure = case.get("known_failure")
            marks = [pytest.mark.xfail(strict=True, reason=failure)] if failure else []
            found.append(pytest.param(case, id=f"{path.stem}: {case['label']}", marks=marks))
    return found
