"""Decides whether what was found answers the question: answered, weak, or an honest nothing.

Confidence is a probability: a logistic regression on a few plain figures of what would be cited. Its coefficients are in
`gate.toml`, written by `python -m tests.calibrate`; docs/quality.md tells how it was trained and how far it can be believed.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.config import AnswerSettings
from index.demand_kinds import AnswerKind
from index.events.acts import plain_terms
from index.events.fit import fit
from index.events.questions import EventFacet
from index.quotes import Quotation, Scored, best_of
from index.ranking import RankedQuestion
from index.records import Outcome

GATE = Path(__file__).parent / "gate.toml"
# The cross-encoder's numbers reach from −11 to 11; its figures are tenths, so that all are of one size.
_SCALE = 10.0
# What it says of nothing at all, where no other passage was read.
_WORST = -11.0
# Words of a question that count: from here on all are long.
_LONG = 20
# What a date weighs that fits a when-question well, its act and its concepts told beside it.
_WELL_DATED = 1.2


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, the probability that it follows from, and what that was made of."""

    outcome: Outcome
    confidence: float
    explanation: tuple[str, ...]


def judge(quotations: Sequence[Quotation], question: RankedQuestion, settings: AnswerSettings) -> Verdict:
    """The verdict on a question's quotations, best first; nothing found is nothing, whatever the thresholds."""
    if not quotations:
        return Verdict(Outcome.NOTHING, 0.0, ("no passage was found",))
    part = "vectors" if quotations[0].reading is None else "reading"
    weights, values = gate()[part], figures(quotations, question)
    total = weights["intercept"] + sum(weights[name] * value for name, value in values.items())
    confidence = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
    if confidence < settings.nothing_below:
        outcome = Outcome.NOTHING
    else:
        outcome = Outcome.ANSWERED if confidence >= settings.answered_from else Outcome.WEAK
    made_of = ", ".join(f"{name} {value:.2f} × {weights[name]:+.2f}" for name, value in values.items() if value)
    told = (
        f"{outcome}: confidence {confidence:.3f}; nothing below {settings.nothing_below}, "
        f"answered from {settings.answered_from}",
        f"confidence is made of {weights['intercept']:+.2f}, {made_of or 'nothing else'}",
    )
    return Verdict(outcome, confidence, told)


def figures(quotations: Sequence[Quotation], question: RankedQuestion) -> dict[str, float]:
    """What the gate sees of the quotations, best first and at least one: by name, each about −1 to 1.

    `told` is the share of the question's concepts that stand in about what is quoted, and half of those that only title and
    passage have; `covered` is that of the best sentence alone, by rarity. A question that names a time has more that can be
    missed, of a `long` one less is read, and of a name `unheard` in all articles none tells. An article that is about no
    union is news from `elsewhere`, where words tell less and reading more. With a cross-encoder `reading` is what it says of
    the first passage, `margin` how far that lies above the best of the others, since what answers stands out, and
    `lacks_date` how far the dates in what is quoted fall short of a when-question. Without one `sentence` is the best
    sentence's cosine, `nearest` the best of all that is cited, and `coverage` what of the question the passage has.
    """
    first, demands = quotations[0], question.demands
    lack, told = first.missing, _told(first)
    # Why, and which, is told in too many ways to miss a word for it.
    asks = demands.kind not in (None, AnswerKind.WHY, AnswerKind.WHICH)
    found = {
        "told": _share(question, first, told),
        "names_time": float(bool(demands.all_years) or question.when is not None),
        "lacks_years": lack.years,
        "lacks_unions": lack.unions,
        "covered": first.best.coverage,
        "lacks_kind": float(asks) * (1.0 - max(_kind(one) for one in told)),
        "long": min(len(question.text.split()), _LONG) / _LONG,
        "elsewhere": float(not first.found.article.unions),
        "unheard": float(bool(question.unheard)),
    }
    found["told_elsewhere"] = found["told"] * found["elsewhere"]
    if first.reading is not None:
        others = max((one.reading for one in quotations[1:] if one.reading is not None), default=_WORST)
        short = max(0.0, _WELL_DATED - max(one.date for one in told))
        return {
            **found,
            "lacks_date": short if question.event.asked is EventFacet.WHEN else 0.0,
            "reading": first.reading / _SCALE,
            "reading_elsewhere": first.reading / _SCALE * found["elsewhere"],
            "margin": (first.reading - others) / _SCALE,
        }
    cosines = [[sentence.meaning or 0.0 for sentence in one.sentences] for one in quotations[:3]]
    return {
        **found,
        "sentence": first.best.meaning or 0.0,
        "coverage": first.coverage,
        "nearest": max(max(one) for one in cosines),
    }


def _share(question: RankedQuestion, first: Quotation, told: Sequence[Scored]) -> float:
    terms = plain_terms(" ".join(one.text for one in told))
    around = plain_terms(f"{first.found.article.title} {first.found.passage.text}")
    return fit(question.event.wanted, (terms, terms, terms, terms, around))


def _kind(one: Scored) -> float:
    """Whether it has the kind of thing asked for; a day can be told by counting, without a date."""
    return 1.0 if one.date >= _WELL_DATED else one.kind


def _told(one: Quotation) -> tuple[Scored, ...]:
    """The best sentence with its neighbours: about what is quoted."""
    place = best_of(one.sentences)
    return one.sentences[max(0, place - 1) : place + 2]


@cache
def gate() -> Mapping[str, Mapping[str, float]]:
    """The coefficients by name: `reading` with a cross-encoder, `vectors` without one."""
    with GATE.open("rb") as stream:
        return tomllib.load(stream)
