"""Says whose strike words speak of, by the names in them: the sides of `strikes`, or others."""

import re

from corpus.patterns import lazy

OTHERS = "others"
_STRIKE = r"(?:strikes?|walkouts?|stoppage)"
_SIDES = tuple(
    (side, lazy(rf"\b(?:{words})\b", re.IGNORECASE))
    for side, words in (
        (
            "games",
            rf"video[- ]?games?|interactive media|voice actors|"
            rf"gam(?:es?|ing) (?:companies|performers|actors|workers|makers|industry|{_STRIKE})",
        ),
        ("writers", r"WGA[EW]?|(?:screen|script)?writers?|scribes?"),
        ("actors", r"SAG|SAGAFTRA|actors?(?!['’]? Equity)|performers?"),
        # Others whose strikes news counts by days; the list can't be whole, but a count needs a name of the three.
        (
            OTHERS,
            r"UAW|Teamsters|Unite Here|NewsGuild|IATSE|Kaiser|(?:junior )?doctors|longshore\w*|staff(?:ers)?|graduate|"
            r"commercials?|Actors['’]? Equity|against (?:the )?advertis\w+|advertisers['’]|"
            r"(?:auto|dock|hotel|hospital|health ?care|rail|railway|airline|postal|steel|warehouse)[- ]?workers?|railroads?|"
            r"(?:nurse|teacher|doctor|pilot|janitor|driver|docker|steelworker|machinist|miner|journalist|musician|barista)"
            rf"(?:s|(?= {_STRIKE}\b))",
        ),
    )
)


def sides_in(words: str) -> set[str]:
    """All sides that the words name. Of “the actors of video games” only “games”: their union is the actors'."""
    named = {side for side, form in _SIDES if form().search(words)}
    return named - {"actors"} if "games" in named else named


def side_of(words: str) -> str:
    """The side of a known strike that the words name, whoever else is named; “” where they name none, or two."""
    known = sides_in(words) - {OTHERS}
    return known.pop() if len(known) == 1 else ""
