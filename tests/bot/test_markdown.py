"""bot.markdown: what the eye reads of a block is its text, whatever the text holds; tried with a reader of its own."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import Fields, Heading, Line, Link, Listing, Note, Paragraph, Part, Progress, Quote, Rule, Source
from bot.markdown import bar, block_markdown, length, line_markdown
from tests.bot.discord_markdown import plain, read, styles_of, text_of
from tests.bot.hostile import TRICKS, law, lines, texts

pieces = st.lists(st.builds(Part, lines, st.booleans()), max_size=5).map(tuple)


@law
@given(texts)
def test_a_paragraph_reads_as_its_text_and_as_nothing_else(text: str) -> None:
    signs = read(block_markdown(Paragraph(text)))
    assert plain(text_of(signs)) == plain(text)
    assert styles_of(signs) == set()


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_works_wherever_it_stands(trick: str) -> None:
    for before, after in itertools.product(
        ["", " ", "a", "a ", "\\", "*", ":", "1", "\n"], ["", " x", "x", "*", ":", "\\"]
    ):
        text = before + trick[:400] + after
        signs = read(line_markdown((text, Part("told", bold=True), text)))
        assert plain(text_of(signs)) == plain(f"{text}told{text}")
        assert text_of(signs, "bold") == "told"
        assert styles_of(signs) == {"bold"}


@law
@given(pieces)
def test_bold_is_just_what_is_said_to_be_bold(line: tuple[Part, ...]) -> None:
    signs = read(line_markdown(line, apart=False))
    assert plain(text_of(signs)) == plain("".join(part.text for part in line))
    bold = "".join(sign.character if "bold" in sign.styles else " " for sign in signs)
    expected = "".join(plain(part.text) if part.bold else "" for part in line)
    assert "".join(plain(bold).split()) == "".join(expected.split())
    assert styles_of(signs) <= {"bold"}


@law
@given(lines)
def test_each_block_is_shown_in_its_own_style_and_no_other(text: str) -> None:
    for block, style in (
        (Heading(text), "heading"),
        (Note(text), "small"),
        (Listing((text,)), "list"),
        (Quote(((Part(text),),)), "quote"),
    ):
        signs = read(block_markdown(block))
        assert plain(text_of(signs)) == plain(text)
        if not text_of(signs).endswith("#"):
            assert styles_of(signs) == ({style} if plain(text) else set())


@pytest.mark.parametrize("text", ["We are #", "#", "##", "Number 1 # #"])
def test_signs_at_a_headings_end_are_seen(text: str) -> None:
    assert text_of(read(block_markdown(Heading(text)))) == text


@law
@given(st.lists(lines, min_size=2, max_size=4))
def test_lines_of_a_list_stay_apart(items: list[str]) -> None:
    signs = read(block_markdown(Listing(tuple(items))))
    assert [plain(one) for one in text_of(signs).split("\n") if one] == [plain(one) for one in items if plain(one)]


@law
@given(lines)
def test_what_is_written_from_right_to_left_does_not_turn_what_stands_beside_it(name: str) -> None:
    line = ("1: ", f"שלום {name}", ", 24 October 2031")
    told = line_markdown(line)
    assert told.count("\u2068") == told.count("\u2069") == 1
    assert told.endswith("\u2069, 24 October 2031")
    assert "\u2068" not in line_markdown(("1: ", "Harbour Post", ", 24 October 2031"))


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(" \n"),
        Heading("\u200b"),
        Note(""),
        Listing(("", "\u2800")),
        Fields((("Outlet", ""),)),
        Quote(()),
        Quote(((Part("\u202e"),),)),
        Rule(),
    ],
)
def test_where_there_is_nothing_to_see_there_is_no_markup_either(block: Paragraph) -> None:
    assert block_markdown(block) == ""
    assert length(block) == 0


def test_fields_are_names_in_bold_with_their_values() -> None:
    told = block_markdown(Fields((("Outlet", "Harbour *Post*"), ("Date", "2031"))))
    assert told == "**Outlet**: Harbour \\*Post\\*\n**Date**: 2031"


def test_a_source_is_its_first_quote_then_number_and_reference_then_its_notes() -> None:
    quotes = (Quote(((Part("Short. "), Part("Long.", bold=True)),)), Quote(((Part("Long."),),)))
    source = Source(2, ("Harbour Post", ", undated"), quotes, ("Also in Evening Star",), Link("https://post.example/"))
    assert block_markdown(source) == ("> Short. **Long.**\n\\[2] Harbour Post, undated\n-# Also in Evening Star")


@pytest.mark.parametrize("url", ["ftp://post.example/_a_", "https://post.example/" + "a" * 500])
def test_an_address_that_no_button_can_hold_is_told_as_text(url: str) -> None:
    for block in (Source(None, "Harbour Post", link=Link(url)), Link(url)):
        signs = read(block_markdown(block))
        assert text_of(signs).replace("…", "").removeprefix("Harbour Post\n") in f"Link: {url}"
        assert styles_of(signs) <= {"small"}


@pytest.mark.parametrize(
    ("done", "total", "full"),
    [(0, 10, 0), (1, 10, 2), (10, 10, 20), (12, 10, 20), (3, 0, 0), (-1, 10, 0), (999, 1_000, 19)],
)
def test_a_bar_is_as_full_as_the_work_is_done(done: int, total: int, full: int) -> None:
    assert bar(done, total) == "▰" * full + "▱" * (20 - full)


def test_progress_tells_stage_bar_count_and_note() -> None:
    told = block_markdown(Progress("Embedding passages", 1_250, 5_000, "about a minute left"))
    assert told == f"Embedding passages\n{'▰' * 5}{'▱' * 15} 1,250 of 5,000 (25 %)\n-# about a minute left"
    assert "of" not in block_markdown(Progress("Reading articles", 7, 0))


@law
@given(st.one_of(lines, pieces))
def test_a_line_is_one_line_without_spaces_at_its_ends(line: Line) -> None:
    told = line_markdown(line)
    assert told == told.strip()
    assert "\n" not in told


def test_a_person_is_named_by_discord_and_what_stands_beside_keeps_its_style() -> None:
    line = ("by ", Part("moderator 77", person=77), ": ", Part("add", bold=True))
    assert line_markdown(line, apart=False) == "by <@77>: **add**"
    assert "<@77>" not in line_markdown("<@77>")
