"""bot.fitting: whatever is to be shown fits into a message, and what can't is left out as a whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.blocks import (
    Action,
    Block,
    Choosing,
    Controls,
    Fields,
    Heading,
    Link,
    Listing,
    Menu,
    Note,
    Paragraph,
    Part,
    Progress,
    Quote,
    Rule,
    Source,
)
from bot.fitting import cost, fit, rows_of, weight_of
from bot.markdown import block_markdown, length
from tests.bot.discord_markdown import plain, read, text_of
from tests.bot.hostile import law, lines, texts, urls

quotes = st.builds(lambda text: Quote(((Part(text, bold=True),),)), texts)
sources = st.builds(
    Source,
    st.none() | st.integers(1, 9),
    texts,
    st.lists(quotes, max_size=3).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
    st.none() | st.builds(Link, urls.map(lambda url: url or ""), lines),
)
texts_or_lines = st.one_of(lines, texts)
blocks = st.one_of(
    st.builds(Heading, texts_or_lines),
    st.builds(Paragraph, texts_or_lines),
    st.builds(Note, texts_or_lines),
    st.builds(Listing, st.lists(texts_or_lines, max_size=6).map(tuple)),
    st.builds(Fields, st.lists(st.tuples(lines, texts_or_lines), max_size=4).map(tuple)),
    st.builds(Progress, lines, st.integers(0, 10**6), st.integers(0, 10**6)),
    quotes,
    st.builds(Link, urls.map(lambda url: url or ""), lines),
    sources,
    st.builds(Rule),
    st.builds(lambda number: Controls((Action(f"id{number}", "Yes"),)), st.integers(0, 9)),
)


def texts_of(shown: tuple[Block, ...]) -> int:
    return sum(length(block) + 1 for block in shown)


def sentence(text: str) -> Quote:
    return Quote(((Part(text),),))


@law
@given(st.lists(blocks, max_size=25), st.integers(25, 39), st.integers(300, 4_000))
def test_whatever_is_given_fits(given_blocks: list[Block], components: int, text: int) -> None:
    shown = fit(given_blocks, components=components, text=text)
    assert shown
    assert cost(shown) <= components
    assert texts_of(shown) <= text
    assert [one for one in shown if isinstance(one, Controls)] == [
        one for one in given_blocks if isinstance(one, Controls)
    ]


@law
@given(st.lists(blocks, max_size=25), st.integers(300, 4_000))
def test_a_quote_is_shown_whole_or_not_at_all(given_blocks: list[Block], text: int) -> None:
    whole = [one for one in given_blocks if isinstance(one, Quote)]
    for block in fit(given_blocks, text=text):
        if isinstance(block, Quote):
            assert block in whole
        if isinstance(block, Source):
            assert any(
                isinstance(one, Source)
                and block.reference == one.reference
                and (not block.quotes or one.quotes[-len(block.quotes) :] == block.quotes)
                for one in given_blocks
            )


def test_what_fits_is_left_as_it_is() -> None:
    given_blocks = (
        Heading("Sources differ"),
        Listing(("One", "Two")),
        Rule(),
        Source(1, "Harbour Post", (sentence("A."),)),
    )
    assert fit(given_blocks) == given_blocks


def test_rules_stand_only_between_what_is_seen() -> None:
    a, b = Paragraph("a"), Paragraph("b")
    assert fit([Rule(), a, Rule(), Note(" "), Rule(), b, Rule()]) == (a, Rule(), b)


@pytest.mark.parametrize("given_blocks", [[], [Rule()], [Paragraph("\u200b"), Controls(())]])
def test_a_message_is_never_empty(given_blocks: list[Block]) -> None:
    assert fit(given_blocks) == (Note(words.NOTHING_TO_SHOW),)


def test_the_longest_quote_gives_way_first_and_only_as_far_as_it_must() -> None:
    long = Source(1, "Harbour Post", (sentence("a" * 900), sentence("b" * 500), sentence("c" * 100)))
    short = Source(2, "Evening Star", (sentence("d" * 400), sentence("e" * 50)))
    first, second = fit([long, short], text=1_000)
    assert isinstance(first, Source)
    assert first.quotes[0] == sentence("b" * 500)
    assert second == short


def test_where_no_quote_fits_the_source_stays_and_it_is_said() -> None:
    source = Source(1, "Harbour Post", (sentence("a" * 5_000), sentence("b" * 4_000)), ("Also in Evening Star",))
    (shown,) = fit([source])
    told = text_of(read(block_markdown(shown)))
    assert told == f"[1] Harbour Post\n{words.QUOTE_TOO_LONG}\nAlso in Evening Star"


def test_a_quote_alone_that_is_too_long_is_replaced_by_words() -> None:
    assert fit([sentence("a" * 5_000)]) == (Note(words.QUOTE_TOO_LONG),)


@pytest.mark.parametrize(
    "block",
    [Paragraph("word " * 2_000), Heading("word " * 2_000), Note(("a ", Part("word " * 2_000, bold=True)))],
)
def test_a_text_that_is_too_long_is_cut_and_it_is_said(block: Paragraph) -> None:
    shown, note = fit([block])
    assert note == Note(words.NOT_ALL_SHOWN)
    told = text_of(read(block_markdown(shown)))
    assert told.endswith("word…")
    assert 3_800 < len(told) <= 4_000


def test_a_list_that_is_too_long_ends_between_two_items() -> None:
    listing, note = fit([Listing(tuple(f"Article {number}: {'word ' * 30}" for number in range(40)))])
    assert isinstance(listing, Listing)
    assert listing.items == tuple(f"Article {number}: {'word ' * 30}" for number in range(len(listing.items)))
    assert 20 <= len(listing.items) < 40
    assert note == Note(words.NOT_ALL_SHOWN)


def test_what_comes_after_the_end_is_left_out_but_buttons_stay() -> None:
    keep = Controls((Action("keep", "Keep"),))
    shown = fit(
        [Paragraph("a" * 3_000), Rule(), sentence("b" * 900), Rule(), Fields((("n", "c" * 900),)), keep, Note("d")]
    )
    assert shown == (
        Paragraph("a" * 3_000),
        Rule(),
        Note(words.QUOTE_TOO_LONG),
        Rule(),
        Fields((("n", "c" * 900),)),
        keep,
        Note("d"),
    )
    shown = fit([Paragraph("a" * 3_000), Rule(), Listing(("b" * 1_200,)), Note("c"), keep])
    assert shown == (Paragraph("a" * 3_000), Note(words.NOT_ALL_SHOWN), keep)


def test_with_too_many_components_the_last_are_left_out_and_it_is_said() -> None:
    sources = [Source(number, "Harbour Post", link=Link("https://post.example/")) for number in range(1, 20)]
    shown = fit(sources)
    assert shown == (*sources[:12], Note(words.NOT_ALL_SHOWN))
    assert cost(shown) == 37


def test_controls_that_are_too_many_are_a_mistake_of_the_caller() -> None:
    many = Controls(tuple(Action(f"id{number}", "Yes") for number in range(36)))
    with pytest.raises(ValueError, match="44 components of controls leave no room in 39; use fewer"):
        fit([Paragraph("a"), many])


def test_texts_next_to_each_other_cost_one_component() -> None:
    assert cost([Heading("a"), Paragraph("b"), Note("c")]) == 1
    assert cost([Heading("a"), Rule(), Note("c")]) == 3
    assert cost([Source(1, "a", link=Link("https://post.example/")), Source(1, "a", link=Link("gopher:x"))]) == 4
    assert cost([Link("https://post.example/"), Paragraph("a"), Link("gopher:x")]) == 3
    assert cost([Controls((Action("a"), Action("b"), Menu("c")))]) == 5


def test_buttons_of_a_row_stand_together_up_to_five_and_menus_alone() -> None:
    actions = [Action(f"a{number}") for number in range(6)]
    other = Action("b", row=1)
    menu = Menu("m", choosing=Choosing.ROLES)
    assert rows_of(Controls((*actions, other, menu, actions[0]))) == [
        actions[:5],
        actions[5:],
        [other],
        [menu],
        [actions[0]],
    ]


def test_heavy_menus_are_weighed() -> None:
    assert weight_of(Controls((Action("ab", "cde"), Menu("fg", "hij")))) == 10


@law
@given(texts)
def test_a_cut_line_is_the_beginning_of_what_was_given(text: str) -> None:
    shown = fit([Paragraph(("Said: ", Part(text, bold=True)))], text=200)
    told = plain(text_of(read(block_markdown(shown[0]))))
    if shown[-1] == Note(words.NOT_ALL_SHOWN) and shown[0] != shown[-1]:
        told = told.removesuffix("…")
    assert plain(f"Said: {text}").startswith(told) or shown == (Note(words.NOT_ALL_SHOWN),)
