"""Sentences tile any text, and news texts are cut where a reader would cut them."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Span
from index.sentences import sentence_spans, trim

CASES = tomllib.loads((Path(__file__).parents[1] / "golden" / "sentences.toml").read_text("utf-8"))["case"]


@given(st.text(max_size=400))
def test_sentence_spans_tile_any_text(text: str) -> None:
    spans = sentence_spans(text)
    assert "".join(span.of(text) for span in spans) == text
    assert all(one.end == other.start for one, other in pairwise(spans))


NEWS_LIKE = ["Mr. ", "He left. ", "“Go. ", "Stay,” ", "a.m. ", "PT ", "\n", "\n\n", "? ", '"', "U.S. ", "x"]


@given(st.lists(st.sampled_from(NEWS_LIKE)))
def test_sentence_spans_tile_news_like_text(parts: list[str]) -> None:
    text = "".join(parts)
    assert "".join(span.of(text) for span in sentence_spans(text)) == text


@given(st.text(alphabet=" \n.aB", max_size=60))
def test_no_sentence_but_an_only_one_is_blank(text: str) -> None:
    spans = sentence_spans(text)
    assert len(spans) <= 1 or not any(span.of(text).isspace() for span in spans)


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_a_news_text_is_cut_as_a_reader_would(case: dict[str, object]) -> None:
    text = str(case["input"])
    found = [trim(text, span).of(text) for span in sentence_spans(text)]
    assert found == case["expect"]


def test_trimming_keeps_the_place_and_drops_the_spaces() -> None:
    text = "One.  Two. \n\n"
    spans = [trim(text, span) for span in sentence_spans(text)]
    assert spans == [Span(0, 4), Span(6, 10)]
    assert trim("   ", Span(0, 3)) == Span(3, 3)
