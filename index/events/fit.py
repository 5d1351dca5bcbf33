"""Tells how well words in an article are of the event that a question asks about: its concepts, its act, who does it.

Works on plain terms, nearest to the date first, as `events.belonging` gives them. What else speaks for a date and against
it is weighed in `events.scores`.
"""

from collections.abc import Sequence

from index.events.acts import OPPOSITES, RELATED, Act
from index.events.questions import Wanted
from index.unions import unions

# What a concept is worth that stands next to the date, in its clause, in the clause around, or elsewhere in the sentence;
# in the rest of the citation or the title, where the sentence names other unions and where it doesn't (“Bargaining resumed
# on …”); and words that mean the same. Judged; UNNAMED was tried from .3 to .7, which changed next to nothing.
LAYERS = (1.0, 0.9, 0.7, 0.5)
AMONG_OTHERS, UNNAMED = 0.3, 0.5
OTHERWISE = 0.85
# Where the question has no concept at all.
UNKNOWN = 0.5
# What an act is worth that the clause tells, but not next to the date; beside its opposite; and one that news tells for it.
IN_CLAUSE, BESIDE_OPPOSITE, INSTEAD = 0.6, 0.6, 0.4


def fit(wanted: Sequence[Wanted], layers: Sequence[Sequence[str]], *, others: bool = False) -> float:
    """The share (0..1) of the question's concepts, by weight, that stand by a date, the nearer the more; `UNKNOWN` where it
    has none.

    `layers` are plain terms: next to the date, of its clause, of the clause around, of the sentence, of the rest. `others`
    tells that the sentence names unions that weren't asked about: then the rest doesn't stand for them.
    """
    if not wanted:
        return UNKNOWN
    sets = [frozenset(layer) for layer in layers]
    worths = (*LAYERS, AMONG_OTHERS if others else UNNAMED)
    total = sum(concept.weight for concept in wanted)
    return sum(concept.weight * _held(concept, sets, worths) for concept in wanted) / total


def _held(concept: Wanted, layers: Sequence[frozenset[str]], worths: Sequence[float]) -> float:
    best = 0.0
    for worth, there in zip(worths, layers, strict=True):
        if worth <= best:
            break
        if concept.own <= there:
            return max(best, worth)
        if worth * OTHERWISE > best and any(phrase <= there for phrase in concept.others):
            best = worth * OTHERWISE
    return best


def act_fit(asked: frozenset[Act], near: frozenset[Act], clause: frozenset[Act]) -> float:
    """1 where the words by a date tell an act that was asked for, −1 where they tell its opposite alone, else between.

    `near` are the acts next to the date, `clause` those of its clause. 0 where no known act is asked for.
    """
    if not asked:
        return 0.0
    opposites = frozenset(other for one in asked for other in OPPOSITES.get(one, frozenset()))
    if asked & near:
        return BESIDE_OPPOSITE if opposites & near else 1.0
    if asked & clause:
        return -INSTEAD if opposites & near else IN_CLAUSE
    if opposites & (near or clause):
        return -1.0
    related = frozenset(other for one in asked for other in RELATED.get(one, frozenset()))
    return INSTEAD if related & (near or clause) else 0.0


def subject_fit(wanted: Sequence[Wanted], subject: Sequence[Sequence[str]] | None) -> float:
    """1 where those who were asked about do it, 0 where others do, ½ where it can't be told.

    `subject` is what `Belonging.subject` gives.
    """
    if not wanted or subject is None:
        return 0.5
    before, near = (frozenset(terms) for terms in subject)
    if any(concept.named_in(near) for concept in wanted):
        return 1.0
    if not before:
        return 0.5
    return float(any(concept.named_in(before) for concept in wanted))


def are_others(named: frozenset[str], asked_about: frozenset[str]) -> bool:
    """Whether unions are named, by key, and none of those asked about or of their parts is among them."""
    if not named or not asked_about:
        return False
    return not any(_family(one) & _family(other) for one in named for other in asked_about)


def _family(key: str) -> frozenset[str]:
    return frozenset((key, unions()[key].part_of)) - {""}
