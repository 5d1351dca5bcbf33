"""What questions ask of time: when, how long, how many, or none of these; which act, and whose."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.events.acts import Act, acts_of, plain_terms
from index.events.asked_acts import main_acts, subject_of
from index.events.questions import EventFacet, read_question, what_is_asked


@pytest.mark.parametrize(
    "question",
    [
        "when did the dyers strike",
        "wen did teh dyers strike??",
        "so when was the deal signed",
        "what day did the dyers walk out",
        "on which date was the vote",
        "what year was that",
        "since when are the dyers out?",
        "how long ago did it end",
        "do you know when the talks resume",
        "what was the strike deadline",
        "dyers strike start date",
        "whats the new deadline",
        "the deal was extended til when?",
        "dyers deal, date?",
        "which nights was the gala",
        "what weekend did the dyers settle",
        "which summer did the dyers strike",
        "which evening were the lamps out",
        "what years was the long strike",
        "90 day dyers strike, what year",
        "longest dyers strike what year was it",
        "new gala date after the strike",
        "first day the dyers could be back at the mill",
        "can you help me find when the dyers walked out",
        "could you check when the vote was",
        "looking for when the guild ratified its contract",
        "do you happen to know the day the dyers went back",
        "the day the dyers went back to work",
        "new contract cutoff for the dyers",
    ],
)
def test_a_question_asks_when(question: str) -> None:
    assert what_is_asked(question) is EventFacet.WHEN


@pytest.mark.parametrize(
    "question",
    [
        "what happened on august 22",
        "was the deal before the vote",
        "who was there when the talks broke off",
        "When the strike ended, who won?",
        "when it comes to pay what do they want",
        "what did they say when asked about pay",
        "who leads the dyers",
        "did the dyers strike in 2017",
        "what happened on the last day the dyers met",
        "thanks bot",
        "what do writers say about the day rate?",
        "what happened after the day she spoke",
        "explain the day player rule",
        "the day players: who are they",
        "do writers need the day off",
    ],
)
def test_a_question_asks_for_no_time(question: str) -> None:
    assert what_is_asked(question) is EventFacet.OTHER


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("how long was the strike", EventFacet.LENGTH),
        ("how many days did it last", EventFacet.LENGTH),
        ("how many dyers struck", EventFacet.COUNT),
        ("what percent voted yes", EventFacet.COUNT),
        ("how much did the strike cost", EventFacet.COUNT),
    ],
)
def test_a_question_asks_for_a_figure(question: str, asked: EventFacet) -> None:
    assert what_is_asked(question) is asked


@pytest.mark.parametrize(
    ("question", "acts"),
    [
        ("when did the dyers go on strike", {Act.BEGIN}),
        ("when did the talks break off", {Act.BREAK}),
        ("when did the guild say it would meet the mill", {Act.SAY}),
        ("when did the Harbour Post say the dyers voted to strike", {Act.VOTE}),
        ("when did the dyers vote to authorize a strike", {Act.AUTHORIZE}),
        ("when did the dyers ratify the deal", {Act.RATIFY}),
        ("when was the dyers strike officially over", {Act.END}),
        ("when did over 1000 dyers vote", {Act.VOTE}),
        ("when was the dyers vote", {Act.VOTE}),
        ("when was the vote announced", {Act.SAY}),
        ("when did voting start", {Act.BEGIN}),
        ("when were the dyers allowed to go back to work", {Act.RESUME, Act.END}),
        ("when is the contract up", {Act.EXPIRE}),
        ("when does the dyers agreement run out", {Act.EXPIRE}),
        ("when was the dyers deal announced", {Act.SAY}),
        ("when did the union call a strike", {Act.BEGIN}),
        ("when did they tear it up at the rally", set()),
        ("when did the nurses return to work", {Act.RESUME, Act.END}),
        ("when did talks begin", {Act.MEET}),
        ("when did the guild say theres finally a deal", {Act.AGREE}),
        ("when are the talks back on", {Act.RESUME}),
        ("when did the guild and the mill start talking again", {Act.RESUME}),
        ("when did the guild and the mill start talking", {Act.MEET}),
        ("what is the last day of the extension they got", {Act.EXPIRE}),
        ("what was the last day of the dyers strike", {Act.END}),
        ("when did the dyers pick their 2031 talks back up", {Act.RESUME}),
        ("when is the fair on now that the strike is over", set()),
        ("when did the mill run as planned after the dyers' deal", set()),
        ("when was it announced now that the strike is over", {Act.SAY}),
        ("when, after the vote, did they walk out", {Act.VOTE, Act.BEGIN}),
        ("when did the governor sign the mill bill", {Act.ENACT}),
        ("when did the guild sign the deal", {Act.AGREE}),
    ],
)
def test_the_act_of_the_main_verb_is_asked_for(question: str, acts: set[Act]) -> None:
    assert main_acts(question) == acts


@pytest.mark.parametrize(
    ("question", "acts"),
    [
        ("when did the wga strike", {Act.BEGIN}),
        ("when did actors strike against video game companies?", {Act.BEGIN}),
        ("When will the writers strike again", {Act.BEGIN}),
        ("when did they avoid the writers strike", set()),
        ("how long did the writers strike last", set()),
        ("when was the writers strike", {Act.BEGIN}),
        ("when was the last actors' walkout?", {Act.BEGIN}),
        ("when was the deal after the strike", {Act.AGREE}),
        ("when did the writers strike end", {Act.END}),
    ],
)
def test_strike_is_an_act_where_it_is_the_verb(question: str, acts: set[Act]) -> None:
    assert main_acts(question) == acts


def test_the_subject_stands_before_the_act() -> None:
    assert subject_of("when did the striking dyers walk out of the mill") == "the striking dyers"
    assert subject_of("when did the mill answer") == "the mill"
    assert subject_of("strike start date") == ""
    assert subject_of("the mill made its first offer in august, what day") == "the mill"
    assert subject_of("the dyers walked out when?") == "the dyers"


def test_another_event_that_only_places_the_one_asked_for_is_not_wanted() -> None:
    read = read_question("when were the talks set to continue after the owners came back", date(2031, 1, 1))
    wanted = {term for one in read.wanted for term in one.own}
    assert "owner" not in wanted
    assert "continu" in wanted


def test_years_of_a_contract_are_a_name_and_others_are_not() -> None:
    assert read_question("when does the 2029 contract expire", date(2031, 1, 1)).labelled
    assert not read_question("when did the 2029 strike end", date(2031, 1, 1)).labelled
    assert read_question("when did the 2029 strike end", date(2031, 1, 1)).years == {2029}


def test_moving_a_day_is_not_what_is_asked_for() -> None:
    before = read_question("when was the gala going to be before they postponed it", date(2031, 1, 1))
    assert (before.original, before.renewed, before.acts) == (True, False, frozenset())
    after = read_question("when will the gala be after the delay", date(2031, 1, 1))
    assert (after.original, after.renewed, after.acts) == (False, True, frozenset())
    moved = read_question("when did they postpone the gala", date(2031, 1, 1))
    assert (moved.original, moved.renewed, moved.acts) == (False, False, frozenset({Act.DELAY}))


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("the end of the strike", {Act.END}),
        ("Talks ended on Friday", {Act.BREAK}),
        ("They called off the strike", {Act.END}),
        ("They called the strike", {Act.BEGIN}),
        ("They went out on strike", {Act.BEGIN}),
        ("Congress stepped in on a rail strike", set()),
        ("The mill is shut, according to its owners", set()),
        ("They signed an accord", {Act.AGREE}),
        ("The owners stormed out of the talks", {Act.BREAK}),
        ("The dyers went back to work", {Act.RESUME, Act.END}),
        ("The refuse collectors marched", set()),
        ("They refused the offer", {Act.REJECT}),
        ("They refused to march", {Act.REJECT}),
    ],
)
def test_a_phrase_is_the_act_that_its_words_are_part_of(text: str, acts: set[Act]) -> None:
    assert acts_of(plain_terms(text)) == acts


def test_irregular_verbs_meet_their_acts() -> None:
    assert acts_of(plain_terms("The talks broke off and the dyers went on strike.")) == {Act.BREAK, Act.BEGIN}
    assert acts_of(plain_terms("They called a strike.")) == {Act.BEGIN}
    assert acts_of(plain_terms("They reached out to the mill.")) == {Act.ASK}


@given(st.text(), st.dates())
def test_any_text_is_read(question: str, asked: date) -> None:
    read = read_question(question, asked)
    assert read.asked in list(EventFacet)
    assert read.order in (-1, 0, 1)
