"""Passages are runs of whole sentences that cover the article and never exceed what the model reads."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import passages
from index.passages import HEADING_PIECES, MAX_PASSAGE_CHARACTERS, PieceCounter, cut, heading, shorten_heading
from index.sentences import sentence_spans


def by_characters(words: Sequence[str]) -> list[int]:
    """A tokenizer's stand-in: a piece for every four characters of a word."""
    return [-(-len(word) // 4) for word in words]


WORDS = st.sampled_from(["The", "writers", "walked", "out", "on", "May", "2", "U.S.", "talks", "résumé", "\n", "\n\n"])
TEXTS = st.lists(st.builds(" ".join, st.lists(WORDS, min_size=1, max_size=30)), max_size=12).map(
    lambda parts: ". ".join(part.capitalize() for part in parts)
)


@given(TEXTS, st.integers(8, 60), st.integers(0, 3))
def test_passages_are_slices_that_cover_the_text(text: str, target: int, overlap: int) -> None:
    cuts = cut(text, "en", PieceCounter(by_characters), target=target, limit=64, overlap=overlap)
    covered = 0
    for one in cuts:
        assert one.span.start <= covered < one.span.end
        assert [one.sentences[0].start, one.sentences[-1].end] == [one.span.start, one.span.end]
        assert all(a.end == b.start for a, b in zip(one.sentences, one.sentences[1:], strict=False))
        covered = one.span.end
    assert covered == len(text)


@given(TEXTS, st.integers(8, 60))
def test_no_passage_is_longer_than_the_model_reads(text: str, target: int) -> None:
    counter = PieceCounter(by_characters)
    for one in cut(text, "en", counter, target=target, limit=24, overlap=1):
        assert counter.count([one.span.of(text)])[0] <= max(24, target)


@given(TEXTS)
def test_passages_begin_and_end_where_sentences_do(text: str) -> None:
    borders = {0, *(span.end for span in sentence_spans(text))}
    for one in cut(text, "en", PieceCounter(by_characters), target=40, limit=10_000, overlap=1):
        assert {one.span.start, one.span.end} <= borders


def test_an_endless_sentence_is_cut_at_words() -> None:
    text = "strike " * 5_000
    counter = PieceCounter(by_characters)
    cuts = cut(text, "en", counter, target=100, limit=100, overlap=1)
    assert "".join(one.span.of(text) for one in cuts) == text
    assert max(counter.count([one.span.of(text) for one in cuts])) <= 100


def test_an_endless_word_is_cut_by_characters() -> None:
    text = "a" * 100_000
    cuts = cut(text, "en", PieceCounter(lambda words: [1 for _ in words]), target=100, limit=200, overlap=0)
    assert "".join(one.span.of(text) for one in cuts) == text
    assert max(one.span.end - one.span.start for one in cuts) <= MAX_PASSAGE_CHARACTERS


def test_overlap_repeats_the_last_sentence() -> None:
    text = "Alpha met beta here. Bo met Cy. Epsilon met zeta again."
    plain = cut(text, "en", PieceCounter(by_characters), target=12, limit=50, overlap=0)
    lapped = cut(text, "en", PieceCounter(by_characters), target=12, limit=50, overlap=1)
    assert [one.span.of(text) for one in plain] == ["Alpha met beta here. Bo met Cy. ", "Epsilon met zeta again."]
    assert lapped[1].span.of(text) == "Bo met Cy. Epsilon met zeta again."


def test_a_long_heading_is_cut_at_a_word() -> None:
    head = heading("word " * 100, "Outlet", None)
    short = shorten_heading(head, PieceCounter(by_characters))
    assert head.startswith(short)
    assert short.endswith("word")
    assert PieceCounter(by_characters).count([short]) == [HEADING_PIECES]


def test_each_word_is_counted_once() -> None:
    asked: list[str] = []

    def count(words: Sequence[str]) -> list[int]:
        asked.extend(words)
        return by_characters(words)

    counter = PieceCounter(count)
    assert counter.count(["the strike, the strike", "strike!"]) == counter.count(["strike the, strike the", "!strike"])
    assert sorted(asked) == ["!", ",", "strike", "the"]


def test_what_is_forgotten_is_counted_again_without_the_tokenizer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def count(words: Sequence[str]) -> list[int]:
        asked.extend(words)
        return by_characters(words)

    monkeypatch.setattr(passages, "_REMEMBERED", 1)
    counter = PieceCounter(count)
    first = counter.count(["The strike, the talks."])
    assert first == [sum(by_characters(["The", "strike", ",", "the", "talks", "."]))]
    counter.count(["Talks."])
    assert counter.count(["The strike, the talks."]) == first
    assert sorted(asked) == sorted(["The", "strike", ",", "the", "talks", ".", "Talks"])
