"""What a question speaks of, and how much of it a sentence holds, by whichever name."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import index.concepts
from index.concepts import OTHER_WORDS, Concept, concepts_of, coverage, named_words, other_terms, people_in
from index.lexical import all_terms
from index.unions import unions

anything = st.text(st.characters(exclude_categories=[]), max_size=120)
with (Path(index.concepts.__file__).parent / "aliases.toml").open("rb") as _stream:
    _TABLE = tomllib.load(_stream)
GROUPS: list[list[str]] = [group["words"] for group in _TABLE["same"]]
PEOPLE: list[dict[str, Any]] = _TABLE["person"]


def covered(question: str, text: str) -> float:
    """The share of the question that the text holds, every term of the same weight."""
    concepts = concepts_of(question)
    weights = {term: 1.0 for one in concepts for term in one.terms}
    return coverage(concepts, weights, all_terms(text))


@pytest.mark.parametrize("words", GROUPS, ids=lambda words: words[0])
def test_a_group_has_two_phrases_at_least_and_none_twice(words: list[str]) -> None:
    assert len(set(map(str.lower, words))) == len(words)
    phrases = {all_terms(word) for word in words}
    assert len(phrases) >= 2
    assert () not in phrases


@pytest.mark.parametrize("words", GROUPS, ids=lambda words: words[0])
def test_each_phrase_of_a_group_finds_the_others_once(words: list[str]) -> None:
    phrases = {all_terms(word) for word in words}
    for word in words:
        first = concepts_of(word)[0]
        assert first.terms not in first.others
        assert len(set(first.others)) == len(first.others)
        if first.terms == all_terms(word):  # not where a longer phrase of another group begins with it
            assert set(first.others) == phrases - {first.terms}


def test_no_phrase_stands_in_two_groups() -> None:
    groups = [{all_terms(word) for word in words} for words in GROUPS]
    groups += [{all_terms(name) for one in unions().values() for name in (one.name, *one.names, *one.said)}]
    groups += [{all_terms(name) for name in person["names"]} for person in PEOPLE]
    groups += [{all_terms(role) for person in PEOPLE for role in person["roles"]}]
    twice = {phrase for place, one in enumerate(groups) for other in groups[place + 1 :] for phrase in one & other}
    assert twice == set()


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("the scribes", "The WGA met on Monday."),
        ("scribes", "The Writers Guild of America met on Monday."),
        ("WGA", "Screenwriters met on Monday."),
        ("the actors", "SAG-AFTRA went home."),
        ("sag aftra", "The performers went home."),
        ("walkout", "They walked out."),
        ("AI", "They fear artificial intelligence."),
    ],
)
def test_another_name_counts_but_less_than_the_own(question: str, text: str) -> None:
    assert covered(question, text) == OTHER_WORDS
    assert covered(question, question) == 1


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("the scribes", "A guild of bakers met."),  # one word of another name is not the name
        ("AI", "Intelligence that is artificial"),  # its words, but not as the phrase
        ("the scribes", "They wrote it down."),
        ("bakers", "The WGA met."),
    ],
)
def test_a_part_of_another_name_is_not_the_name(question: str, text: str) -> None:
    assert covered(question, text) == 0


def test_a_longer_phrase_goes_before_a_shorter_one() -> None:
    (whole,) = concepts_of("background actors")
    assert whole.terms == all_terms("background actors")
    assert all_terms("extras") in whole.others
    assert [one.terms for one in concepts_of("Writers Guild of America")] == [all_terms("Writers Guild of America")]
    assert [one.terms for one in concepts_of("Writers Guild awards")] == [all_terms("Writers Guild"), ("award",)]


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person["names"][0])
def test_a_person_means_their_names_and_roles_and_a_role_means_those_who_had_it(person: dict[str, Any]) -> None:
    names = {all_terms(name) for name in person["names"]}
    roles = {all_terms(role) for role in person["roles"]}
    assert person.get("union", "wga") in unions()
    for name in person["names"]:
        (found,) = concepts_of(name)
        assert set(found.others) == (names | roles) - {found.terms}
    for role in person["roles"]:
        found = concepts_of(role)[0]
        if found.terms == all_terms(role):
            assert set(found.others) >= names
            assert not set(found.others) & roles


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Fran Drescher's union", "SAG-AFTRA went home."),
        ("hollywood crew union", "IATSE went home."),
        ("studios' alliance", "The AMPTP met on Monday."),
        ("the writers' negotiator", "Ellen Stutzman spoke."),
        ("Drescher", "The SAG-AFTRA president spoke."),
        ("the gang of four", "The chief executives met."),
    ],
)
def test_people_unions_and_employers_are_known_by_what_they_are_called(question: str, text: str) -> None:
    assert covered(question, text) == OTHER_WORDS


@pytest.mark.parametrize(
    ("question", "known", "unknown"),
    [
        ("the actors in 1980", "SAG", "SAG-AFTRA"),
        ("the actors of 1960", "Screen Actors Guild", "SAG-AFTRA"),
        ("the actors in 2023", "SAG-AFTRA", "AFTRA"),
        ("the actors of 1980 and 2023", "SAG-AFTRA", "Broadway"),
    ],
)
def test_a_name_of_another_time_means_nothing(question: str, known: str, unknown: str) -> None:
    (actors, *_) = concepts_of(question)
    assert actors.terms == all_terms("actors")
    assert all_terms(known) in actors.others
    assert all_terms(unknown) not in actors.others


def test_the_words_that_hold_a_phrase_together_are_not_needed() -> None:
    assert covered("president of SAG-AFTRA", "The SAG-AFTRA president spoke.") == 1
    assert covered("walk out", "They walk.") == 0


def test_people_are_found_in_a_text_as_it_names_them() -> None:
    assert people_in("did Fran Drescher or the  actors’ negotiator meet bob iger") == (
        "Fran Drescher",
        "the  actors’ negotiator",
        "bob iger",
    )
    assert people_in("did anyone frantically meet") == ()


def test_every_word_of_the_tables_is_known() -> None:
    assert {"drescher", "crabtree", "ireland", "sag", "amptp", "showrunner's"} - named_words() == {"showrunner's"}


def test_words_of_no_group_are_concepts_of_their_own_and_stop_words_none() -> None:
    assert concepts_of("what did the bakers of Aldmouth eat") == (
        Concept(("baker",)),
        Concept(("aldmouth",)),
        Concept(("eat",)),
    )


def test_a_concept_said_twice_counts_once() -> None:
    assert concepts_of("bakers, bakers and a baker") == (Concept(("baker",)),)


def test_rarer_words_count_for_more() -> None:
    concepts = concepts_of("bakers of Aldmouth")
    weights = {"baker": 1.0, "aldmouth": 3.0}
    assert coverage(concepts, weights, all_terms("Aldmouth slept.")) == 0.75
    assert coverage(concepts, weights, all_terms("The bakers slept.")) == 0.25


def test_nothing_asked_or_nothing_known_covers_nothing() -> None:
    assert coverage((), {}, all_terms("The bakers slept.")) == 0
    assert coverage(concepts_of("bakers"), {}, all_terms("The bakers slept.")) == 0
    assert covered("bakers", "") == 0


@given(anything, anything)
def test_coverage_is_a_share_whatever_is_asked(question: str, text: str) -> None:
    assert 0 <= covered(question, text) <= 1
    if concepts_of(question):
        assert covered(question, question) == pytest.approx(1)


@given(anything | st.lists(st.sampled_from([word for words in GROUPS for word in words]), max_size=5).map(" ".join))
def test_other_terms_are_none_of_the_questions_own(question: str) -> None:
    concepts = concepts_of(question)
    others = other_terms(concepts)
    assert len(set(others)) == len(others)
    assert not set(others) & {term for one in concepts for term in one.terms}
    assert not set(others) & {"the", "of", "for", "a", "in", "to"}
