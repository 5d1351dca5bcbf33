import pytest

from corpus.number_words import CARDINALS, ORDINALS, number, ordinal


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("118", 118),
        ("twenty-five", 25),
        ("One hundred and three", 103),
        ("a hundred", 100),
        ("a six", 6),
        ("a", 1),
        ("a dozen", 12),
        ("two dozen", 24),
        ("half a dozen", 6),
        ("a half-dozen", 6),
        ("a couple of", 2),
        ("a couple hundred", 200),
        ("a half", 0.5),
        ("one and a half", 1.5),
        ("two-and-a-half", 2.5),
        ("5 1/2", 5.5),
        ("5½", 5.5),
        ("several", None),
        ("third", None),
    ],
)
def test_numbers_are_read(words: str, read: float | None) -> None:
    assert number(words) == read


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("136th", 136),
        ("an 80th", 80),
        ("third", 3),
        ("a third", 3),
        ("twenty-first", 21),
        ("one hundred and third", 103),
        ("a hundred twenty-first", 121),
        ("two hundredth", 200),
        ("hundredth", 100),
        ("three", None),
        ("next third", None),
    ],
)
def test_places_in_a_row_are_read(words: str, read: int | None) -> None:
    assert ordinal(words) == read


def test_each_word_is_its_own_number() -> None:
    assert {word: number(word) for word in CARDINALS} == CARDINALS
    assert {word: ordinal(word) for word in ORDINALS} == ORDINALS
