"""Which words are English, by the list that a package carries."""

import importlib.util
from importlib.machinery import ModuleSpec

import pytest
from hypothesis import given
from hypothesis import strategies as st

import index.english
from index.english import is_english


@pytest.mark.parametrize(
    "word",
    [
        "the",
        "strike",
        "rumours",
        "rumors",
        "labor",
        "theater",
        "canceled",
        "unionise",
        "authorise",
        "walkout",
        "picketing",
        "didnt",
        "whats",
    ],
)
def test_words_are_english_in_both_spellings_and_without_apostrophe(word: str) -> None:
    assert is_english(word)


@pytest.mark.parametrize(
    "word", ["comittee", "teh", "wrtiers", "zxcvbn", "strike ", "stri", "12", "", "the 23", "\nthe"]
)
def test_errors_and_pieces_are_not(word: str) -> None:
    assert not is_english(word)


def test_where_the_list_is_missing_every_word_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> ModuleSpec | None:
        return None

    monkeypatch.setattr(importlib.util, "find_spec", gone)
    index.english._words.cache_clear()
    is_english.cache_clear()
    try:
        assert is_english("comittee")
    finally:
        index.english._words.cache_clear()
        is_english.cache_clear()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_nothing_raises(word: str) -> None:
    is_english(word)
