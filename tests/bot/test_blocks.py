"""bot.blocks: a line is its parts, however it is given, and blank where nothing stands in it."""

import pytest

from bot.blocks import Line, Part, is_blank, parts_of


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("a", (Part("a"),)),
        (Part("a", bold=True), (Part("a", bold=True),)),
        (("a", Part("b", bold=True)), (Part("a"), Part("b", bold=True))),
        ((), ()),
    ],
)
def test_a_line_is_its_parts(line: Line, parts: tuple[Part, ...]) -> None:
    assert parts_of(line) == parts


@pytest.mark.parametrize(
    ("line", "blank"), [("", True), (" \n", True), ((), True), ((" ", Part("")), True), ((" ", "a"), False)]
)
def test_a_line_of_spaces_is_blank(line: Line, blank: bool) -> None:
    assert is_blank(line) == blank
