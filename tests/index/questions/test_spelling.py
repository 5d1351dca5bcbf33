"""Typing errors: mended where the articles tell what was meant, and nothing else is touched."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.questions.spelling import mend
from tests.vocabularies import TextVocabulary

with (Path(__file__).parents[2] / "golden" / "reading" / "spelling.toml").open("rb") as _stream:
    GOLDEN: dict[str, Any] = tomllib.load(_stream)
ARTICLES = TextVocabulary(GOLDEN["articles"])
anything = st.text(st.characters(exclude_categories=[]), max_size=200)
words = st.lists(
    st.sampled_from(
        ["teh", "wen", "did", "comittee", "the", "strike", "wrtiers", "“teh”", "Beyoncé", "?", "AMTPP", "2023"]
    ),
    max_size=12,
).map(" ".join)


@pytest.mark.parametrize("case", GOLDEN["case"], ids=lambda case: case["label"])
def test_a_question_is_read_as_expected(case: dict[str, Any]) -> None:
    mended = mend(case["input"], ARTICLES)
    assert mended.text == case["expect"]
    assert bool(mended.changes) == (case["input"] != case["expect"])


def test_what_was_changed_is_told_in_its_order() -> None:
    changes = mend("wen did teh comittee meet", ARTICLES).changes
    assert [(one.typed, one.mended) for one in changes] == [("wen", "when"), ("teh", "the"), ("comittee", "committee")]


def test_nothing_is_mended_where_there_are_no_articles() -> None:
    nothing = TextVocabulary([])
    assert mend("who leads the comittee of the wrtiers", nothing).text == "who leads the comittee of the wrtiers"


def test_the_more_frequent_of_two_near_words_is_taken() -> None:
    articles = TextVocabulary(["The miners met."] * 3 + ["The mixers met."] * 30)
    assert mend("when did the mirers meet", articles).text in ("when did the miners meet", "when did the mixers meet")
    assert mend("when did the mirers meet", articles).text == "when did the mixers meet"


def test_a_word_of_another_sound_comes_after_one_of_the_same() -> None:
    articles = TextVocabulary(["The committee met."] * 2 + ["They commits."] * 40)
    assert mend("when did the commitee meet", articles).text == "when did the committee meet"


def test_a_far_more_frequent_word_comes_before_one_of_the_same_sound() -> None:
    articles = TextVocabulary(["Much is at stake."] * 2 + ["They strike."] * 60)
    assert mend("the stike vote", articles).text == "the strike vote"


def test_many_unknown_words_are_another_language() -> None:
    text = "strkie " * 13 + "the strike"
    assert mend(text, ARTICLES).text == text


@settings(deadline=None)
@given(anything | words)
def test_mending_never_raises_and_twice_changes_no_more(text: str) -> None:
    once = mend(text, ARTICLES)
    assert bool(once.changes) == (once.text != text) or any(one.typed == one.mended for one in once.changes)
    assert mend(once.text, ARTICLES).text == once.text


@given(st.lists(st.sampled_from(GOLDEN["articles"]), min_size=1, max_size=3).map(" ".join))
def test_what_articles_say_is_never_changed(text: str) -> None:
    assert mend(text, ARTICLES).text == text
