"""bot.button_ids: an id says all that a press needs, and nothing else passes for one."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.blocks import Style
from bot.button_ids import MAX_CUSTOM_ID, PATTERNS, VERBS, answer_actions, custom_id, page_actions
from tests.bot.hostile import law, lines

SHOWN = 2**63 - 1
ASCII = st.characters(max_codepoint=127)


@st.composite
def ids(draw: st.DrawFn, verb: str) -> tuple[str, dict[str, str]]:
    """An id of the verb, and what it was made of."""
    said = {name: draw(st.from_regex(form, fullmatch=True, alphabet=ASCII)) for name, form in VERBS[verb]}
    shown = draw(st.integers(0, 2**63 - 1))
    assume(sum(map(len, said.values())) + len(said) + len(verb) + 27 < MAX_CUSTOM_ID)
    return custom_id(verb, shown, *said.values()), {"shown": str(shown)} | said


@pytest.mark.parametrize("verb", VERBS)
@law
@given(data=st.data())
def test_an_id_is_read_back_as_what_it_was_made_of_and_by_its_own_verb_alone(verb: str, data: st.DataObject) -> None:
    made, said = data.draw(ids(verb))
    assert len(made) <= MAX_CUSTOM_ID
    read = {other: match.groupdict() for other, pattern in PATTERNS.items() if (match := pattern.fullmatch(made))}
    assert read == {verb: said}


def test_an_id_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="is no id for the verb “articles”"):
        custom_id("articles", SHOWN, "a" * 40, "b" * 40, "c", "d", 1)


@law
@given(lines)
def test_no_other_words_pass_for_an_id(text: str) -> None:
    for pattern in PATTERNS.values():
        assert not pattern.fullmatch(text)
        assert not pattern.fullmatch(f"picket:more:{text}") or text.replace(":", "").isascii()


@pytest.mark.parametrize(
    ("verb", "shown", "arguments"),
    [
        ("more", 1, ()),
        ("more", 1, ("x",)),
        ("more", 1, (1, 2)),
        ("more", -1, (1,)),
        ("more", 10**19, (1,)),
        ("more", 1, (10**6,)),
        ("more", 1, ("١",)),
        ("up", 1, (1,)),
    ],
)
def test_arguments_that_are_not_the_verbs_are_refused(verb: str, shown: int, arguments: tuple[int | str, ...]) -> None:
    with pytest.raises(ValueError, match=f"is no id for the verb “{verb}”"):
        custom_id(verb, shown, *arguments)


def test_a_verb_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        custom_id("dance", 1)


@pytest.mark.parametrize("more", [False, True])
@pytest.mark.parametrize("contexts", [0, 1, 2, 3, 9])
@pytest.mark.parametrize("private", [False, True])
def test_an_answers_buttons_stand_in_two_rows_and_each_has_an_id_of_its_own(
    more: bool, contexts: int, private: bool
) -> None:
    actions = answer_actions(SHOWN, more=more, contexts=contexts, private=private)
    rows = [[action for action in actions if action.row == row] for row in (0, 1)]
    assert [*rows[0], *rows[1]] == list(actions)
    assert all(1 <= len(row) <= 5 for row in rows)
    assert len({action.custom_id for action in actions}) == len(actions)
    labels = [action.label or action.emoji for action in actions]
    assert ("More" in labels) == more
    assert [one for one in labels if one.startswith("Context")] == (
        ["Context"] if contexts == 1 else [f"Context [{number}]" for number in range(1, min(contexts, 3) + 1)]
    )
    assert ("Share" in labels, "Delete" in labels) == (private, not private)
    assert [action.label for action in actions if action.style is Style.MAIN] == ["Ask a follow-up"]


def test_pages_lead_back_and_on_and_not_beyond_the_ends() -> None:
    back, on = page_actions("more", 7, page=2, pages=3)
    assert (back.custom_id, back.disabled) == ("picket:more:7:1", False)
    assert (on.custom_id, on.disabled) == ("picket:more:7:3", False)
    assert [one.disabled for one in page_actions("more", 7, page=1, pages=3)] == [True, False]
    assert [one.disabled for one in page_actions("more", 7, page=3, pages=3)] == [False, True]
    assert page_actions("more", 7, page=1, pages=1) == []


@law
@given(st.integers(1, 999), st.integers(1, 999))
def test_back_and_on_never_share_an_id(page: int, pages: int) -> None:
    actions = page_actions("more", SHOWN, page=page, pages=pages)
    assert len({action.custom_id for action in actions}) == len(actions)
