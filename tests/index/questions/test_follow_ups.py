"""Questions that lean on earlier ones, and those that stand alone whatever was asked before."""

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.questions.follow_ups import complete
from index.questions.references import ReferentKind, references

_GOLDEN = Path(__file__).parents[2] / "golden"
with (_GOLDEN / "reading" / "follow_ups.toml").open("rb") as _stream:
    CASES: list[dict[str, Any]] = tomllib.load(_stream)["case"]
with (_GOLDEN / "reading" / "asides.toml").open("rb") as _stream:
    QUESTIONS = [
        text for case in tomllib.load(_stream)["case"] if case["expect"] == "question" for text in case["inputs"]
    ]
anything = st.text(st.characters(exclude_categories=[]), max_size=120)
pieces = st.lists(
    st.sampled_from(
        [
            "and",
            "the",
            "actors",
            "she",
            "it",
            "its",
            "they",
            "that",
            "strike",
            "in 2007",
            "Aldmouth",
            "in Brackwell",
            "what about",
            "?",
            "who",
            "’s",
            "too",
        ]
    ),
    max_size=10,
).map(" ".join)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_a_question_is_completed_as_expected(case: dict[str, Any]) -> None:
    completed = complete(case["input"], case["before"])
    assert completed.text == case["expect"]
    assert bool(completed.leant_on) == (case["input"] != case["expect"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_a_completed_question_stands_alone(case: dict[str, Any]) -> None:
    assert complete(case["expect"], []).text == case["expect"]


def test_what_was_leant_on_is_the_last_question_as_it_was_read() -> None:
    completed = complete("how old is she", ["who is the president of sag-aftra", "what show was she in?"])
    assert completed.leant_on == "what show was the president of sag-aftra in"


def test_questions_that_say_enough_lean_on_nothing() -> None:
    told = [text for text in QUESTIONS if len(text.split()) >= 7]
    leaning = {text for text in told if complete(text, ["when did the teamsters ratify their 2022 contract"]).leant_on}
    assert len(told) >= 60
    # “The deal” and “the union” of a question about the teamsters are theirs.
    assert leaning <= {text for text in told if "the deal" in text or "the union" in text}


def test_pronouns_are_found_with_what_they_stand_for() -> None:
    found = references("did she tell them about it")
    assert [one.kind for one in found] == [ReferentKind.PERSON, ReferentKind.MANY, ReferentKind.THING]


def test_a_long_question_leans_on_nothing() -> None:
    text = "and it? " * 200
    assert complete(text, ["when did the strike end"]).text == text


@pytest.mark.parametrize(
    "text", ["and " * 70, "?" * 300, "the " * 70 + "strike", "it's " * 50, "who is " * 40, ", " * 140 + "it"]
)
def test_no_text_takes_long(text: str) -> None:
    begun = time.process_time()
    complete(text, [text, text])
    complete("and it?", [text])
    assert time.process_time() - begun < 1


@settings(deadline=None)
@given(anything | pieces, st.lists(anything | pieces, max_size=4))
def test_nothing_raises_and_nothing_before_changes_nothing(text: str, before: list[str]) -> None:
    complete(text, before)
    assert complete(text, []).text == text
