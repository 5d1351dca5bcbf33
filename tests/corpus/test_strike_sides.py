import pytest

from corpus.strike_sides import OTHERS, side_of, sides_in
from corpus.strikes import STRIKES


@pytest.mark.parametrize(
    ("words", "sides", "side"),
    [
        ("the WGAE's 103rd day out", "writers", "writers"),
        ("day 20 of the screenwriters’ walkout", "writers", "writers"),
        ("when did sag-aftra's strike hit day 50", "actors", "actors"),
        ("the performers have struck since July 14", "actors", "actors"),
        ("voice actors on their 12th day", "games", "games"),  # their union is the actors'
        ("the gaming strike", "games", "games"),
        ("game workers, unlike the writers", "games writers", ""),
        ("the actors joined the writers", "actors writers", ""),
        ("the 42nd day of the nurse strike", OTHERS, ""),
        ("a nurse walked with the actors", "actors", "actors"),
        ("dock-workers and writers", f"writers {OTHERS}", "writers"),
        ("Actors’ Equity", OTHERS, ""),
        ("the name of the game; prices sagged", "", ""),
    ],
)
def test_whose_strike_is_told_by_names(words: str, sides: str, side: str) -> None:
    assert sides_in(words) == set(sides.split())
    assert side_of(words) == side


def test_every_known_strike_is_of_a_side_that_words_can_name() -> None:
    assert {strike.side for strike in STRIKES} == {
        *sides_in("writers"),
        *sides_in("actors"),
        *sides_in("video game performers"),
    }
