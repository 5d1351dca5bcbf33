"""Reads what a question asks of time: the date of an event, how long it took, how many there were, or none of these.

Gives with it what the event is known by: the question's concepts, the acts it names, and the periods it sets. Finding
the event in what is cited is left to `events.clauses` and `answering`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from corpus.patterns import lazy
from index.concepts import concepts_of
from index.dates.periods import Period, Relation, read_period
from index.dates.spans import Grain
from index.demand_kinds import DATE_ASKED
from index.demands import demands_of
from index.events.acts import FORMAL, Act, plain, plain_terms
from index.events.asked_acts import ASKING, TIME, UNTIL_WHEN, WHEN, main_acts, subject_of

# The rarity by which a concept weighs twice what one does that is everywhere. Of 199 when-questions, all concepts alike gave
# 154 right dates, this 158, half or a quarter of it 156.
HALF_RARE = 4.0
_ALL_ALIKE: Mapping[str, float] = MappingProxyType({})


class EventFacet(StrEnum):
    """What an answer has to hold."""

    WHEN = "when"
    LENGTH = "how long"
    COUNT = "how many"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A concept of the question as plain terms: its own, and the phrases that say it otherwise; a rare one weighs more."""

    own: frozenset[str]
    others: tuple[frozenset[str], ...]
    weight: float = 1.0

    def named_in(self, terms: frozenset[str]) -> bool:
        return self.own <= terms or any(phrase <= terms for phrase in self.others)


@dataclass(frozen=True, slots=True)
class EventQuestion:
    """A question as far as it is about time.

    `wanted` are the concepts that tell the event from others, `subject` those of them that do it, `acts` what is asked
    for. `order` is −1 where the first of several such events is meant and 1 where the last is. `years` are those that it
    names, `labelled` where they may only name a contract. `planned` where a plan's day is meant, `original` where one that
    was given up may be, `renewed` where the one that took its place is. `ahead` where what is to come is, `past` where what
    happened is (“when did”), `state` where “since when” is asked. `grain` is a month's or a year's where no more is asked
    for. `until` where the end of a time is, or the day by which something must be done. `coming` where it can't have been yet
    (“the next vote”).
    """

    asked: EventFacet
    text: str
    wanted: tuple[Wanted, ...]
    subject: tuple[Wanted, ...]
    acts: frozenset[Act]
    periods: tuple[Period, ...]
    order: int = 0
    grain: Grain | None = None
    years: frozenset[int] = frozenset()
    labelled: bool = False
    planned: bool = False
    original: bool = False
    ahead: bool = False
    state: bool = False
    until: bool = False
    renewed: bool = False
    past: bool = False
    coming: bool = False

    @property
    def momentary(self) -> bool:
        """Whether it asks when something was done that takes no years."""
        return self.asked is EventFacet.WHEN and bool(self.acts) and not self.acts & {Act.BEGIN, Act.END, Act.EXPIRE}

    @property
    def whole(self) -> bool:
        """Whether it asks how long a strike was that is over."""
        return self.asked is EventFacet.LENGTH and bool(_WAS_LONG().search(self.text))

    @property
    def formal(self) -> bool:
        """Whether it asks for what is told by its own words: a date beside none of them is of something else."""
        return bool(self.acts) and (
            self.acts <= FORMAL
            or (self.acts == {Act.END} and bool(_STRIKE_ENDS().search(self.text)))
            or (self.acts == {Act.BEGIN} and bool(_STRIKE_BEGINS().search(self.text)))
        )


_LEAD = r"^\W*(?:(?:and|so|but|ok|okay|hey|hi|um|well|please|also|then|bot|picket|or|btw|yo|sorry)\W+){0,3}"
_FINDING = r"know|tell me|remember|recall|find(?: out)?|figure out|check|look up|looking for|confirm|clarify|give|curious about"
_SEEKING = rf"{_FINDING}|idea|sure|say|wondering|wonder|ask|see|show|explain|curious|interested in|need|after|about"
# “The day the dyers went back”, but not “the day rate”.
_THE_DAY = r"the\s+(?:exact\s+)?(?:day|date)\b(?!\s+(?:off|rates?|players?|performers?|jobs?|rules?)\b)"
_BY_WHEN = lazy(
    rf"{_LEAD}(?:(?:since|until|till|by|from|starting)\s+)?{WHEN}(?:['’]?s|['’]ll|['’]d)?\b(?!\s+it\s+comes\b)"
    rf"|(?:\b(?:{_SEEKING}|and|or)|[,:?])\s+(?:me\s+)?(?:since\s+|until\s+|by\s+)?{WHEN}\b(?!\s+(?:you|it comes|i)\b)"
    rf"|\b(?:{_FINDING})\s+(?:me\s+)?{_THE_DAY}(?!\s+(?:of|and)\b)\s+\w+|{_LEAD}{_THE_DAY}"
    rf"|\b{WHEN}(?:['’]?s|\s+{ASKING})\b"
    rf"|(?:{_LEAD}|[,;:]\s*|\b(?:on|in|by|from|since|until|at|and|know|of)\s+)(?:what|which|wat|whats|what['’]?s\s+the)\s+"
    rf"(?:exact\s+|calendar\s+|specific\s+)?{TIME}\b"
    rf"|\b(?:what|which|wat)\s+(?:exact\s+)?{TIME}\s+(?:was|were|is|did|do|does|will|would)\b"
    rf"|\b{WHEN}\s*[?!.]*$|\b(?:what|which)\s+(?:day|date)\b|{DATE_ASKED}|^\W*date\b|\b{WHEN}\s+was\s+it\b"
    rf"|\bhow\s+(?:long|many\s+(?:days|weeks|months|years))\s+ago\b|\b(?:since|until|by)\s+{WHEN}\b",
    re.IGNORECASE,
)
_HAS_A_DATE = r"(?:strike|walkout|stoppage|release|premiere)"
_NAMES_DATE = lazy(
    r"(?:\b(?:what|which|what['’]?s|whats|give|tell|the)\b.{0,60}|^.{0,40})"
    r"\b(?:(?:start|end|begin\w*|expir\w+|release|air|premiere|vote|return|exact|strike|walkout)\s+date"
    r"|(?:new|original|revised|rescheduled)\s+(?:[\w'’]+\s+)?date"
    rf"|{_HAS_A_DATE}\s+(?:year|month)"
    r"|date\s+(?:of|for|that|when)|deadline|cut-?off|expiration|start\s+day"
    r"|(?<!on the )(?<!on its )(?<!on their )(?:first|last|final)\s+day"
    r"(?=\s+(?:of|the|they|that|it|we)\b|\W*$))\b",
    re.IGNORECASE,
)
# “When the strike ended, who won?”, “what happened when talks broke off”: the clause only sets the scene.
_SCENE = lazy(
    rf"{_LEAD}{WHEN}\s+(?!{ASKING}\b)[^,?]+[,?]\s*(?:who|what|how|why|where|which|did|was|were|is|are|do|does)\b"
    rf"|\b(?:what|who|why|where|how|which\s+(?!{TIME}\b)\w+)\b(?!.*\bdeadline\b)[^?,]*\s(?<!know\s)(?<!knows\s){WHEN}\s"
    rf"(?!{ASKING}\b)",
    re.IGNORECASE,
)
_LENGTH = lazy(
    r"\bhow\s+(?:long|late|far\s+into|much\s+longer)\b(?!\s+ago)|\bhow\s+many\s+(?:\w+\s+)?(?:days|weeks|months|years)\b(?!\s+ago)"
    r"|\b(?:length|duration)\b|\bnumber\s+of\s+(?:days|weeks|months)\b",
    re.IGNORECASE,
)
_COUNT = lazy(
    r"\bhow\s+(?:many|much|large|big|high)\b|\bper\s?cent(?:age)?\b|\bwhat\s+share\b|\bnumber\s+of\b|\bvote\s+(?:count|tally)\b",
    re.IGNORECASE,
)
# “the 2023 contract expires”: its year needn't be the event's.
_LABEL = lazy(
    r"(?:\d\d|['’]\d\d)\s+(?:[\w/'’-]+\s+){0,3}(?:contract|deal|agreement|pact|terms|negotiations?|talks|emmys?|oscars?|"
    r"golden globes|awards?|ceremony|season)\b"
    r"|\b(?:contract|deal|agreement|pact)s?\s+(?:from|of)\s+(?:\d{4}|['’]?\d\d)\b",
    re.IGNORECASE,
)
# Before words that tell a day and are what is asked: “what was the first day of the strike”.
_ITSELF = lazy(
    rf"{_LEAD}(?:(?:what|which|wat|{WHEN})\s+(?:(?:day|date)\s+)?(?:was|were|is)|whats|what['’]s|{WHEN}['’]?s)\s+",
    re.IGNORECASE,
)
_GRAIN = lazy(
    rf"\b(?:what|which|wat|{_HAS_A_DATE})\s+(?:(?P<grain>month|year)|(?:exact\s+)?(?P<day>day|date|night|evening|morning))s?\b"
    r"(?!\s*(?:and|&|or|,|/)\s*(?:\w+\s+)?(?:day|date|month)\b)",
    re.IGNORECASE,
)
_FIRST = lazy(
    r"\b(?:first|initial(?:ly)?|earliest|begin\s+to)\b(?!\s+(?:emmy|offer|deal|contract|counter))", re.IGNORECASE
)
_LAST = lazy(r"\b(?:last|most\s+recent(?:ly)?|latest|previous(?:ly)?)\b(?!\s+\w*\s*tonight)", re.IGNORECASE)
_PLANNED = lazy(
    r"\b(?:planned|scheduled|slated|expected|due|set\s+to|going\s+to|supposed|meant|gonna)\b", re.IGNORECASE
)
_ORIGINAL = lazy(
    r"\b(?:original(?:ly)?|initially|supposed|meant|would(?:\s+\w+)*\s+have|first\s+(?:planned|scheduled|set))\b",
    re.IGNORECASE,
)
_RENEWED = lazy(
    r"\b(?:new|revised|rescheduled|updated)\s+(?:\w+\s+)?(?:date|day|deadline|time|slot)\b"
    r"|\b(?:rescheduled|moved|pushed)\s+to\b(?!\s+\w)",  # “moved to january” is known
    re.IGNORECASE,
)
_AHEAD = lazy(
    rf"\b{WHEN}\s+(?:will|is|are|do|does|can|['’]ll)\b|\bwill\b|\bnext\b"
    rf"|\b(?:what|which)\s+{TIME}\s+(?:is|are|will|do|does)\b",
    re.IGNORECASE,
)
_DID = lazy(rf"\b(?:{WHEN}|{TIME})\s+did\b", re.IGNORECASE)
_STRIKE_ENDS = lazy(
    r"\b(?:strike|walkout|stoppage|lockout)s?\s+(?:officially\s+|actually\s+|finally\s+)?"
    r"(?:end(?:ed|s|ing)?|finish(?:ed)?|(?:get\s+)?over\W*$|(?:called|call)\s+off)\b",
    re.IGNORECASE,
)
_STRIKE_BEGINS = lazy(
    r"\b(?:(?:go|went|gone|are|were)\s+on\s+strike|(?:strike|walkout|stoppage)s?\s+(?:(?:officially|actually|first)\s+)?"
    r"(?:beg[aiu]n|start)\w*)\b",
    re.IGNORECASE,
)
_WAS_LONG = lazy(
    r"^(?!.*\b(?:long|short)est\b).*\b(?:was|did)\b.*\b(?:strikes?|walkout|stoppage|walk\s+out)\b(?!.*\b(?:before|by|after|when|until)\b)"
    r"|\b(?:were|was)\b.*\b(?:on\s+strike|out)\W*$",
    re.IGNORECASE,
)
_NEXT = lazy(
    rf"\b{WHEN}(?:['’]?s|\s+(?:is|are|will|does|do))\b.*\bnext\b(?!\s+(?:day|night|morning|week|month|year|to)\b)",
    re.IGNORECASE,
)
_UNTIL = lazy(UNTIL_WHEN, re.IGNORECASE)
_DUTY = lazy(
    r"\bmust\b|\b(?:have|has|had|need|needs|needed)\s+to\b", re.IGNORECASE
)  # “when must they be back”: by a day
_STATE = lazy(rf"\bsince\s+{WHEN}\b|\bhow\s+long\s+(?:has|have)\b|\bago\b", re.IGNORECASE)

# “When was it to be before it was moved”, “when will it be after the delay”: the moving isn't what is asked for.
_MOVING = r"(?:postpon|delay|push|mov|bump|reschedul|extend|extension|chang)\w*"
_BEFORE_MOVED = lazy(rf"\bbefore\s+(?:\w+\s+){{1,4}}?{_MOVING}\b.*", re.IGNORECASE)
_AFTER_MOVED = lazy(rf"\b(?:after|following|because of|due to)\s+(?:\w+\s+){{1,4}}?{_MOVING}\b.*", re.IGNORECASE)

# Words of the asking, which no event is known by.
_ASKING_TERMS = frozenset(
    plain_terms(
        "when day date month year week weekday weekend night evening morning afternoon time exactly exact precise what which "
        "long many much how ago number first last again happen happened take place took occur know tell me remember in on at "
        "since until by actually finally officially recently ever end-of begin"
    )
) - frozenset(plain_terms("begin end"))


def asks_for_first(text: str) -> bool:
    """Whether the first of several events is asked for."""
    return bool(_FIRST().search(text))


def read_question(text: str, asked_at: date, rarity: Mapping[str, float] = _ALL_ALIKE) -> EventQuestion:
    """The question as far as it is about time; never raises. Costs about 0.3 ms. `rarity` is by index term, as BM25 has it."""
    asked = what_is_asked(text)
    own = _without_scene(text)
    periods = tuple(
        one
        for one in read_period(text, asked=asked_at)
        if one.span.start <= len(own) + 1 and not _ITSELF().fullmatch(text[: one.span.start])
    )
    told = text
    for period in reversed(periods):
        if period.relation is not Relation.OF:  # “the 2007 strike” is known by its year
            told = f"{told[: period.span.start]} {told[period.span.end :]}"
    before, after = _BEFORE_MOVED().search(told), _AFTER_MOVED().search(told)
    if moved := before or after:
        told = told[: moved.start()]
    renewed = after is not None or _RENEWED().search(text) is not None
    planned = before is not None or bool(_PLANNED().search(text))
    original = before is not None or bool(_ORIGINAL().search(text))
    ahead = renewed or bool(_AHEAD().search(text))
    acts = main_acts(told)
    order = -1 if asks_for_first(text) else 1 if _LAST().search(text) else 0
    return EventQuestion(
        asked,
        text,
        _wanted(_without_scene(told), rarity) or _wanted(told, rarity),
        _wanted(subject_of(told), rarity),
        acts,
        periods,
        order,
        _grain_asked(text),
        demands_of(text).all_years,
        bool(_LABEL().search(text)),
        planned and not renewed,
        original and not renewed,
        ahead,
        bool(_STATE().search(text)),
        bool(_UNTIL().search(text) or _DUTY().search(text)),
        renewed,
        bool(_DID().search(text)) and not (planned or original or ahead or Act.EXPIRE in acts),
        bool(_NEXT().search(text)),
    )


def _grain_asked(text: str) -> Grain | None:
    asked = _GRAIN().search(text)
    if asked is None:
        return None
    return Grain.DAY if asked["day"] else Grain(asked["grain"].lower())


_OTHER_EVENT = lazy(rf"\s(?:after|before|while|because|since|when(?!\s+{ASKING}\b))\s(?=.*\w)", re.IGNORECASE)
_LEAST_WORDS = 4  # of a question's own clause: “when, after the vote, …” has none


def _without_scene(text: str) -> str:
    """The question without the event that it names to place its own: “… continue | after the owners came back”."""
    found = _OTHER_EVENT().search(text)
    if found is None or len(text[: found.start()].split()) < _LEAST_WORDS:
        return text
    return text[: found.start()]


def _wanted(words: str, rarity: Mapping[str, float]) -> tuple[Wanted, ...]:
    concepts = (one for one in concepts_of(words) if not _ASKING_TERMS.issuperset(plain(one.terms)))
    return tuple(
        Wanted(
            frozenset(plain(one.terms)),
            tuple(frozenset(plain(phrase)) for phrase in one.others),
            1 + max((rarity.get(term, 0.0) for term in one.terms), default=0.0) / HALF_RARE,
        )
        for one in concepts
    )


def what_is_asked(text: str) -> EventFacet:
    """Whether a question asks when, how long, how many, or something else. “What happened on 22 August” asks no when."""
    if _LENGTH().search(text):
        return EventFacet.LENGTH
    if _BY_WHEN().search(text) and not _SCENE().search(text):
        return EventFacet.WHEN
    if _COUNT().search(text):
        return EventFacet.COUNT
    if _NAMES_DATE().search(text):
        return EventFacet.WHEN
    return EventFacet.OTHER
