"""Questions as people type them, alone or after others, asked of the starter corpus with the real model."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from index.engine import Engine
from index.records import Outcome, Question
from tests.quality_golden import ASKED
from tests.real_model import exported_storage, starter

__all__ = ["exported_storage", "starter"]  # fixtures

CASES = tomllib.loads((Path(__file__).parent / "golden" / "asked.toml").read_text("utf-8"))["case"]


@pytest.mark.model
@pytest.mark.parametrize("case", CASES, ids=lambda case: " / ".join((*case.get("before", ()), case["text"])))
def test_a_question_is_answered_as_its_case_says(case: dict[str, Any], starter: Engine) -> None:
    answer = starter.ask(Question(case["text"], ASKED, context=tuple(case.get("before", ()))))
    assert (answer.outcome is Outcome.NOTHING) == case.get("refused", False)
    if "date" in case:
        led = answer.when.first.isoformat() if answer.when else "none"
        assert led == case["date"], answer.explanation
    if "says" in case:
        assert case["says"] in answer.citations[0].text, answer.explanation
