"""No sentence ends after a word that is written short."""

import pytest

from corpus.abbreviations import ABBREVIATIONS
from corpus.date_evidence import split_sentences
from corpus.furniture_shapes import sentences


@pytest.mark.parametrize("word", ABBREVIATIONS)
def test_a_sentence_goes_on_after_a_shortened_word(word: str) -> None:
    text = f"The crews met {word}. Corvale on the quay."
    assert [one.words for one in split_sentences(text)] == [text]
    assert sentences(text) == [text]
