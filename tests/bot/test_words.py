"""bot.words: each sentence is one, fits where it is shown, and says what it is given."""

import pytest

from bot import words
from bot.blocks import parts_of
from index.records import Aside

SENTENCES = {name: value for name, value in vars(words).items() if name.isupper() and isinstance(value, str)}
BUTTONS = [words.MORE, words.FOLLOW_UP, words.SHARE, words.DELETE, words.PREVIOUS, words.NEXT, words.OPEN, words.READ]


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_is_one_line_of_a_length_to_be_read(name: str) -> None:
    text = SENTENCES[name]
    assert text == text.strip()
    assert 0 < len(text) <= 130
    assert "\n" not in text


def test_labels_fit_a_phone_and_each_button_has_its_own() -> None:
    labels = [*BUTTONS, words.context_of(1, 3), words.context_of(1, 1), words.read_button(3)]
    assert all(len(label) <= 20 for label in labels)
    assert len(set(labels)) == len(labels)


def test_every_aside_has_a_sentence_that_is_no_other_ones() -> None:
    assert set(words.ASIDES) == set(Aside)
    assert len(set(words.ASIDES.values())) == len(Aside)


def test_what_comes_from_elsewhere_is_a_piece_of_its_own() -> None:
    for line, foreign in (
        (words.showing_answers_for("x"), "x"),
        (words.read_period("x", "2031"), "x"),
        (words.date_from("x", "10 May 2031", 1), "x"),
        (words.difference("5 May", "x", ("Harbour Post",), 1), "x"),
        (words.also_in([("x", ", undated")], 0), "x"),
        (words.link_text("x"), "x"),
    ):
        assert foreign in [part.text for part in parts_of(line)]


@pytest.mark.parametrize(
    ("done", "total", "told"),
    [(0, 0, "0"), (5, 0, "5"), (1, 3, "1 of 3 (33 %)"), (1_000, 1_000, "1,000 of 1,000 (100 %)")],
)
def test_a_count_is_told_with_its_share(done: int, total: int, told: str) -> None:
    assert words.done_of(done, total) == told
