"""Texts of our own to compare a model's export with its reference, where the corpus has too few of its own."""

from dataclasses import dataclass
from itertools import islice

_WHO = (
    "the dockers of the north harbour", "two hundred bus drivers", "the nurses' union", "a guild of stage painters",
    "the film composers", "warehouse staff in the suburbs", "the teachers of nine schools", "hotel cleaners",
    "the pilots' association", "coal miners", "the city orchestra", "game developers", "postal workers",
    "the bakers' cooperative", "lift engineers", "the museum guards", "refuse collectors", "train dispatchers",
    "young doctors", "the lighthouse keepers",
)  # fmt: skip
_DID = (
    "walked out over unpaid overtime", "voted to accept a three-year contract", "asked a mediator for help",
    "turned down an offer of four per cent", "marched through the old town in heavy rain", "went back to work",
    "want a say in how software replaces them", "won a pension after eleven weeks", "filed a complaint in court",
    "cut the night shift in half", "published the text of the agreement", "lost the support of the council",
    "set a deadline of midnight", "shared soup with passers-by at the gate", "elected a new president",
    "stopped all ships for a day", "complained of broken heating", "praised the new safety rules",
    "called the talks a waste of time", "agreed to share the cost of training",
)  # fmt: skip
_WHEN = (
    "on Monday morning", "in the spring of 1998", "after the holidays", "while the owners were abroad", "last night",
    "for the first time in thirty years", "at a meeting that nobody had announced", "before the harvest", "in March",
)  # fmt: skip
_ODD = (
    "", " ", "strike", "?", "naïve café façade", "「ストライキはいつ終わりますか」", "Когда закончится забастовка?",
    "🪧 100% №1 — “quoted” … <b>not mark-up</b> & more", "pay " * 400, "unbroken" * 60, "line\none\ttwo\r\nthree",
    "THE UNION SAID NO.", "7.5% over 3 years; $1,250.00 a week (from 1/7)",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Specimens:
    """`odd` ones are empty, short, in other scripts or longer than a model reads; `plain` ones are like passages."""

    odd: list[str]
    plain: list[str]


def specimen_texts(count: int = 256) -> Specimens:
    """Always the same texts; the plain ones run from one sentence to eight."""
    return Specimens([*_ODD], [*islice(_plain(), count)])


def _plain() -> "list[str]":
    # Strides that share no factor with the lists' lengths walk through every pairing before one comes again.
    def sentence(number: int) -> str:
        who = _WHO[(number * 7 + number // 20) % len(_WHO)]
        did = _DID[(number * 11 + number // 400 * 3 + number // 20 * 9) % len(_DID)]
        return f"{who[0].upper()}{who[1:]} {did} {_WHEN[number * 5 % len(_WHEN)]}."

    texts, number = [], 0
    for position in range(400):
        size = 1 + position * 3 % 8
        texts.append(" ".join(sentence(number + step) for step in range(size)))
        number += size
    return texts
