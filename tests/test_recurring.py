"""What happened again and again, asked of the starter corpus with the real model: the latest leads, unless a time is named."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.dates.spans import day_span
from index.engine import Engine
from index.events.differences import say_span
from index.records import Outcome, Question
from tests.quality_golden import ASKED
from tests.real_model import exported_storage, starter

__all__ = ["exported_storage", "starter"]  # fixtures

CASES = tomllib.loads((Path(__file__).parent / "golden" / "recurring.toml").read_text("utf-8"))["case"]


def cases() -> list[Any]:
    found = []
    for case in CASES:
        failure = case.get("known_failure")
        marks = [pytest.mark.xfail(strict=True, reason=failure)] if failure else []
        found.append(pytest.param(case, id=case["text"], marks=marks))
    return found


@pytest.mark.model
@pytest.mark.parametrize("case", cases())
def test_the_latest_leads_unless_a_time_is_named(case: dict[str, Any], starter: Engine) -> None:
    answer = starter.ask(Question(case["text"], ASKED))
    assert answer.outcome is not Outcome.NOTHING
    if "date" in case:
        assert answer.when is not None
        assert answer.when.first.isoformat() in case["date"], answer.explanation
    assert {one.value for one in answer.differences}.isdisjoint(case.get("never", ()))
    said = {say_span(day_span(date.fromisoformat(day))) if len(day) > 4 else day for day in case.get("earlier", ())}
    assert {one.value for one in answer.earlier} <= said


@pytest.mark.model
def test_times_before_are_told_where_they_are_cited(starter: Engine) -> None:
    answers = [starter.ask(Question(case["text"], ASKED)) for case in CASES if "earlier" in case]
    assert sum(bool(one.earlier) for one in answers) >= 4
