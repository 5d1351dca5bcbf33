"""What was not answered, grouped by likeness: what belongs together, what doesn't, and that order plays no part."""

import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gaps import MOST, MOST_WORDS, group
from bot.journal_records import Missed
from index.lexical import MAX_TERMS

NOON = datetime(2031, 5, 20, 12, tzinfo=UTC)

# Made up, two wordings each: 25 that a moderator would want as one, 31 as two. The threshold was chosen on these.
SAME = (
    ("when did the dockers of Aldmouth walk out", "When did the Aldmouth dockers walk out?"),
    ("when did the dockers of Aldmouth walk out", "wen did teh aldmouth dockers walk out"),
    ("when did the dockers of Aldmouth walk out", "whats the date the Aldmouth dockers walked out"),
    ("who leads the bakers union", "who is the leader of the bakers' union?"),
    ("who leads the bakers union", "who leads the bakers’ union now"),
    ("how long did the ferry strike last", "how long did the ferry strikes last?"),
    ("how long did the ferry strike last", "how long the ferry strike lasted"),
    ("what did the port authority offer", "what was the port authority's offer"),
    ("what did the port authority offer", "what has the port authority offered?"),
    ("did the nurses of Corvale get a deal", "have the Corvale nurses got a deal yet"),
    ("did the nurses of Corvale get a deal", "did the corvale nurses get their deal"),
    ("how much pay do the drivers want", "how much pay did the drivers want?"),
    ("how much pay do the drivers want", "how much more pay do the tram drivers want"),
    ("when does the teachers contract expire", "when is the teachers' contract expiring"),
    ("when does the teachers contract expire", "when does the teachers contract end"),
    ("why are the miners of Dunmere striking", "why do the Dunmere miners strike"),
    ("why are the miners of Dunmere striking", "why r the miners of dunmere on strike??"),
    ("how many workers are on strike in Eastholm", "how many workers strike in Eastholm"),
    ("how many workers are on strike in Eastholm", "how many people are on strike in eastholm"),
    ("who negotiates for the studios", "who is negotiating for the studios"),
    ("will the post be delivered during the strike", "is post delivered during the strike"),
    ("what is the strike pay of the printers", "how much strike pay do the printers get"),
    ("are the trains running on friday", "do trains run on Friday?"),
    ("Aldmouth strike end", "when did the Aldmouth strike end?"),
    ("refuse collectors Hexley deal", "did the Hexley refuse collectors reach a deal"),
)
DIFFERENT = (
    ("when did the dockers of Aldmouth walk out", "when did the dockers of Brackwater walk out"),
    ("when did the dockers of Aldmouth walk out", "when did the nurses of Aldmouth walk out"),
    ("when did the dockers of Aldmouth walk out", "why did the bakers of Aldmouth go back"),
    ("who leads the bakers union", "who leads the printers union"),
    ("who leads the bakers union", "how many members has the bakers union"),
    ("how long did the ferry strike last", "how long did the bus strike last"),
    ("how long did the ferry strike last", "how much did the ferry strike cost"),
    ("when did the ferry strike begin", "when did the ferry strike end"),
    ("what did the port authority offer", "what did the port authority say about rumours"),
    ("what did the port authority offer", "what did the unions offer the port"),
    ("did the nurses of Corvale get a deal", "did the nurses of Kelsing get a deal"),
    ("did the nurses of Corvale get a deal", "how many nurses of Corvale walked out"),
    ("how much pay do the drivers want", "how many hours do the drivers want"),
    ("when does the teachers contract expire", "when does the firefighters contract expire"),
    ("when did the actors strike in 1980 end", "when did the actors strike in 1960 end"),
    ("how many workers are on strike in Eastholm", "how many workers are on strike in Fennick"),
    ("who negotiates for the studios", "who negotiates for the writers"),
    ("what is the strike pay of the printers", "what is the strike pay of the painters"),
    ("are the trains running on friday", "are the trains running on monday"),
    ("when did the writers strike end", "when did the actors strike end"),
    ("strike", "when did the dockers of Aldmouth strike"),
    ("strike", "why are the miners of Dunmere on strike"),
    ("dockers strike", "how much did the dockers strike cost the port"),
    ("dockers strike", "when did the dockers strike end"),
    ("how much did the dockers strike cost the port", "when did the dockers strike end"),
    ("did the writers go on strike in 2017", "did the writers go on strike in 2007"),
    ("when do talks with the tram drivers resume", "when do talks with the dockers resume"),
    ("what did the mayor say about the strike", "what did the minister say about the strike"),
    ("how many hours of rest do the crews get", "how many hours of work do the crews do"),
    ("who won the football", "thanks bot you are the best"),
    ("when did local 491 vote", "when did local 399 vote"),
)


def missed(
    number: int,
    question: str,
    *,
    asker: str = "a",
    nothing: bool = True,
    disliked: int = 0,
    reasons: tuple[str, ...] = (),
) -> Missed:
    return Missed(number, question, asker, NOON + timedelta(minutes=number), nothing, disliked, reasons)


def one_gap(pair: tuple[str, str]) -> bool:
    return len(group(missed(number, text) for number, text in enumerate(pair))) == 1


def test_no_question_is_no_gap() -> None:
    assert group([]) == []


def test_questions_that_ask_the_same_are_one_gap_and_others_are_not() -> None:
    """The figures of `gaps.ALIKE`, counted again: a change of the threshold or the terms has to say what it costs."""
    joined = [pair for pair in SAME if one_gap(pair)]
    wrongly = [pair for pair in DIFFERENT if one_gap(pair)]
    assert (len(SAME), len(DIFFERENT)) == (25, 31)
    assert len(joined) == 21
    assert wrongly == [
        ("what is the strike pay of the printers", "what is the strike pay of the painters"),  # taken for a typo
        ("dockers strike", "when did the dockers strike end"),
    ]


def test_a_gap_tells_how_often_and_by_how_many_it_was_asked_and_what_was_wrong() -> None:
    gaps = group(
        [
            missed(1, "Who leads the bakers union?", asker="a"),
            missed(
                2, "who leads the bakers union", asker="b", nothing=False, disliked=2, reasons=("old", "wrong union")
            ),
            missed(3, "Who leads the bakers union?", asker="a"),
            missed(4, "are the trains running on friday", asker="b", nothing=False, disliked=1, reasons=("old",)),
            missed(5, "who leads the bakers’ union now", asker="b", disliked=1, reasons=("old",)),
        ]
    )
    first, second = gaps
    assert first.question == "Who leads the bakers union?"
    assert first.others == ("who leads the bakers’ union now", "who leads the bakers union")
    assert (first.times, first.people, first.nothing, first.disliked) == (4, 2, 3, 3)
    assert first.reasons == ("old", "wrong union")
    assert first.last == NOON + timedelta(minutes=5)
    assert (second.times, second.nothing, second.disliked, second.reasons) == (1, 0, 1, ("old",))


def test_the_gap_asked_most_often_comes_first_and_of_equals_the_latest() -> None:
    gaps = group(
        missed(number, text)
        for number, text in enumerate(
            ["who leads the bakers", "are trains running", "who leads the bakers", "did the nurses get a deal"]
        )
    )
    assert [gap.question for gap in gaps] == ["who leads the bakers", "did the nurses get a deal", "are trains running"]


def test_questions_without_a_word_are_only_alike_when_they_are_equal() -> None:
    assert len(group([missed(1, "🤷"), missed(2, "🤷"), missed(3, "❓")])) == 2


def test_questions_are_joined_through_others_between_them() -> None:
    words = ["pay strike dockers ferry tram", "pay strike dockers ferry post", "pay strike dockers mine post"]
    assert not one_gap((words[0], words[2]))
    assert len(group(missed(number, text) for number, text in enumerate(words))) == 1


def test_gaps_are_the_same_in_every_process() -> None:
    """Sets of words come in another order in each; of these three words the middle one is a typo from both others."""
    script = (
        "from tests.bot.test_gaps import group, missed\n"
        "words = ('kelsina', 'kelsino', 'kelsinot')\n"
        "asked = [*(f'{word} dockers pay' for word in words), ' '.join(words)]\n"
        "print(group(missed(n, text) for n, text in enumerate(asked)))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=Path(__file__).parents[2],
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(6)
    }
    assert len(said) == 1


def made_up_word(chance: Random) -> str:
    return "".join(chance.choices("bcdfghjklmnpqrtvwxz", k=9))


def all_different(chance: Random, questions: int) -> list[str]:
    return [" ".join(made_up_word(chance) for _ in range(MAX_TERMS)) for _ in range(questions)]


def all_a_letter_apart(_: Random, questions: int) -> list[str]:
    letters = (chr(code) for code in count(0x4E00))
    return [" ".join(f"aaaa{next(letters)}" for _ in range(MAX_TERMS)) for _ in range(questions)]


def all_of_the_same_words(chance: Random, questions: int) -> list[str]:
    words = [made_up_word(chance) for _ in range(6_000)]
    return [" ".join(chance.choices(words, k=MAX_TERMS)) for _ in range(questions)]


@pytest.mark.parametrize(
    ("made", "questions"), [(all_different, MOST), (all_a_letter_apart, 100), (all_of_the_same_words, MOST)]
)
def test_the_longest_questions_there_can_be_take_little_memory(
    made: Callable[[Random, int], list[str]], questions: int
) -> None:
    asked = [missed(number, text) for number, text in enumerate(made(Random(1), questions))]
    tracemalloc.start()
    try:
        gaps = group(asked)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sum(gap.times for gap in gaps) == questions
    assert peak < 50_000_000


def test_only_so_many_words_are_compared_for_typos_and_those_asked_often_are_among_them() -> None:
    """Comparing grows with the square of their number."""
    chance = Random(1)
    pair = (missed(1, "dockers Kelsington pay"), missed(2, "dockers Kelsingtan pay"))
    assert len(group(pair)) == 1
    filling = [
        missed(10 + number, text)
        for number, text in enumerate(all_different(chance, MOST_WORDS // MAX_TERMS + 1))
        for _ in range(2)
    ]
    others = len(group(filling))
    assert len(group([*filling, *pair])) == others + 2
    often = [missed(number, one.question) for number, one in enumerate(pair * 3)]
    assert len(group([*filling, *often])) == others + 1


def test_one_endless_word_is_alike_to_nothing_else() -> None:
    words = ["a" * 1_900 + made_up_word(Random(number)) + "b" * 1_900 for number in range(3)]
    assert len(group(missed(number, word) for number, word in enumerate([*words, f"{words[0]}b"]))) == 4


wordings = st.lists(
    st.sampled_from(
        "dockers docker Dockers bakers nurses of Aldmouth Aldmuoth Corvale when why strike struck pay 1980".split()
    ),
    min_size=1,
    max_size=5,
).map(" ".join)
questions = st.lists(st.one_of(wordings, st.text(max_size=12)), max_size=12).map(
    lambda texts: [
        missed(number, text, asker=str(number % 3), disliked=number % 2) for number, text in enumerate(texts)
    ]
)


@given(questions, st.randoms(use_true_random=False))
def test_gaps_do_not_depend_on_the_order_of_the_questions(asked: list[Missed], chance: object) -> None:
    other = list(asked)
    chance.shuffle(other)  # type: ignore[attr-defined]
    assert group(other) == group(asked)


@given(questions)
def test_every_question_is_counted_in_one_gap(asked: list[Missed]) -> None:
    gaps = group(asked)
    assert sum(gap.times for gap in gaps) == len(asked)
    assert sum(gap.disliked for gap in gaps) == sum(one.disliked for one in asked)
    assert sorted(text for gap in gaps for text in (gap.question, *gap.others)) == sorted(
        {one.question for one in asked}
    )
    assert [gap.times for gap in gaps] == sorted((gap.times for gap in gaps), reverse=True)
