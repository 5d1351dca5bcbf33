"""Unions by the names people give them, in questions, in choices and in articles."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import QuestionError
from index.unions import checked_union, is_of_staff, union_choices, union_named, unions, unions_in, unions_of

anything = st.text(st.characters(exclude_categories=[]), max_size=200)
names = st.lists(
    st.sampled_from(
        [name for one in unions().values() for name in (*one.names, *one.said)] + ["the", "’s", "strike", "1980", "İ"]
    ),
    max_size=8,
).map(" ".join)


def named(text: str) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.key) for one in unions_in(text)]


def test_the_table_is_whole() -> None:
    for key, one in unions().items():
        assert key == one.key
        assert " " not in key  # keys are stored with spaces between
        assert one.name
        assert one.of
        assert one.names
        assert not one.part_of or one.part_of in unions()
        assert (one.until is None) or one.part_of  # a union that ended lives on in another
    assert len({one.shown for one in unions().values()}) == len(unions())


@pytest.mark.parametrize("one", unions().values(), ids=lambda one: one.key)
def test_a_union_is_known_by_each_of_its_names(one: object) -> None:
    known = unions()
    union = known[one.key]  # type: ignore[attr-defined]
    for word in (union.shown, *union.said):
        assert union_named(word) == union.key
    for word in (union.name, *union.names):
        found = union_named(word)
        assert found is not None
        assert found == union.key or union.part_of == found or known[found].part_of == union.key


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("the actors' union", "sag-aftra"),
        ("The actors’ union", "sag-aftra"),
        ("SAG", "sag-aftra"),
        ("sag aftra", "sag-aftra"),
        ("Fran Drescher’s union", "sag-aftra"),
        ("scribes", "wga"),
        ("hollywood crew union", "iatse"),
        ("local 839", "tag"),
        ("the WGA strike", "wga"),
        ("SAG-AFTRA (actors and performers)", "sag-aftra"),
        ("  wga  ", "wga"),
        ("the guild", None),
        ("the alliance", None),
        ("actors and writers", None),
        ("the florists of Aldmouth", None),
        ("", None),
    ],
)
def test_a_person_names_a_union_or_none(said: str, key: str | None) -> None:
    assert union_named(said) == key


def test_a_union_that_nobody_knows_is_refused_with_what_to_do() -> None:
    with pytest.raises(QuestionError, match=r"“the florists”.*such as “SAG-AFTRA”"):
        checked_union("the florists")
    assert checked_union(" ") == ""
    assert checked_union("the scribes") == "wga"


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("did the actors and the writers strike", [("actors", "sag-aftra"), ("writers", "wga")]),
        ("1980 actors strike length", [("actors", "sag")]),
        ("how long did the 1960 sag strike go", [("sag", "sag")]),
        ("what did the actors get in 2023", [("actors", "sag-aftra")]),
        ("was the actors strike of 2023 longer than that of 1980", [("actors", "sag-aftra")]),
        ("SAG-AFTRA’s talks", [("SAG-AFTRA", "sag-aftra")]),
        (
            "Fran Drescher’s union or teamsters local 399?",
            [("Fran Drescher’s union", "sag-aftra"), ("teamsters local 399", "teamsters-399")],
        ),
        ("the writers' guild of america west", [("writers' guild of america west", "wgaw")]),
        ("wages sag and flagships wgax", [("sag", "sag-aftra")]),
        ("did anyone walk out", []),
    ],
)
def test_unions_are_found_in_a_question_the_longest_name_first(question: str, found: list[tuple[str, str]]) -> None:
    assert named(question) == found


@pytest.mark.parametrize(
    ("title", "tags", "text", "keys"),
    [
        ("SAG-AFTRA calls a strike", (), "They met.", ("sag-aftra",)),
        ("Talks", (), "The Writers Guild of America met the directors’ union, DGA and DGA.", ("wga", "dga")),
        ("Talks", (), "x " * 400 + "The WGA was thanked.", ()),  # once, in passing
        ("Talks", (), "x " * 400 + "The WGA was thanked. The WGA smiled.", ("wga",)),
        ("Talks", ("wga-2023", "dga", "deal"), "SAG-AFTRA and SAG-AFTRA.", ("dga",)),  # tags decide
        ("Talks", (), "Wages sag. The flagship sags, and the wga of Aldmouth met.", ()),  # capitals tell
        ("Actors strike", (), "The Screen Actors Guild struck in 1980.", ("sag-aftra", "sag")),
        ("Actors strike", (), "The Screen Actors Guild struck.", ("sag-aftra",)),
        ("Crafts", (), "Members of the Costume Designers Guild met.", ("iatse", "local-892")),
        ("", (), "", ()),
    ],
)
def test_an_article_speaks_of_the_unions_that_it_tells_of(
    title: str, tags: tuple[str, ...], text: str, keys: tuple[str, ...]
) -> None:
    assert unions_of(title, tags, text) == keys


def test_choices_are_the_unions_of_the_corpus_by_any_of_their_names() -> None:
    present = {"wga", "sag-aftra", "iatse", "tag"}
    assert union_choices("", present) == [(unions()[key].shown, key) for key in unions() if key in present]
    assert [key for _, key in union_choices("scri", present)] == ["wga"]
    assert [key for _, key in union_choices("The Anim", present)] == ["tag"]
    assert [key for _, key in union_choices("crew", present)] == ["iatse"]
    assert union_choices("uaw", present) == []
    assert union_choices("", set()) == []
    assert len(union_choices("", set(unions()))) == 25


def test_whatever_is_chosen_is_known() -> None:
    for key, one in unions().items():
        ((shown, value),) = union_choices(one.name, {key})
        assert (shown, union_named(value)) == (one.shown, key)
    assert union_named("sag") == "sag-aftra"


@pytest.mark.parametrize(
    ("text", "staff"),
    [
        ("Employees of the writers' guild strike against their own union", True),
        ("Striking staff of the writers’ guild vote to stay out", True),
        ("when did wga west staffers go on strike", True),
        ("Around 100 people who work for the Writers Guild walked out.", True),
        ("The Writers Guild Staff Union met.", True),
        ("The staff of the studio walked out with the guild.", False),
        ("Members of the writers' guild walked out.", False),
        ("A union of studio employees met.", False),
    ],
)
def test_whom_a_union_employs_is_told_from_its_members(text: str, staff: bool) -> None:
    assert is_of_staff(text) is staff


def test_an_article_is_looked_through_in_no_time() -> None:
    text = "The committee’s members met the press in Aldmouth and spoke of nothing in particular, it was said. " * 600
    begun = time.process_time()
    unions_of("", (), text)
    assert time.process_time() - begun < 0.25  # 60,000 code points: about 3 ms, ten times that on a busy machine


@given(anything | names)
def test_names_are_found_where_they_stand(text: str) -> None:
    found = unions_in(text)
    assert all(one.key in unions() and 0 <= one.start < one.end <= len(text) for one in found)
    assert list(found) == sorted(found, key=lambda one: one.start)
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert set(unions_of(text, (), text)) <= set(unions())
    union_named(text)
    union_choices(text, set(unions()))
