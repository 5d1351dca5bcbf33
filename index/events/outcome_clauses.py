"""Tells of a clause that words an outcome whether that happened, to which event it belongs, and who did it.

“If members reject the deal” and “an earlier offer was rejected” are no outcome of what is asked about. The words of
outcomes are `events.outcome_words`'; days and the question are left to `events.outcomes`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.number_words import CARDINALS
from corpus.patterns import lazy
from index.events.acts import plain_terms
from index.events.clauses import Clause, Link
from index.events.outcome_questions import GENERIC
from index.events.outcome_words import OFFER, Form, Matter
from index.events.questions import Wanted
from index.records import Span

# What hasn't happened, or may not have.
_UNREAL = lazy(
    r"\b(?:[Ww]ill|[Ww]ould|[Cc]ould|[Cc]an|may|might|[Ss]hould|[Mm]ust|shall|cannot|[Ii]f|[Uu]nless|[Ww]hether|until|[Nn]ot|[Nn]ever|"
    r"[Nn]or|[Nn]either|hardly|threaten\w*|urg(?:ed?|ing)|expect\w*|likely|poised|recommend\w*|[Nn]obody|[Nn]o\s+\w+|[Nn]one|hop(?:ed?|es|ing)|"
    r"consider\w*|lest|suppos\w*|fear\w*|asked|called\s+on|want\w*|plan(?:s|ned)?|promis\w*|predict\w*|vow\w*)\b|n['’]t\b"
    r"|\b(?:nearly|almost)\s+$"
)
_DOUBTED = lazy(
    r"\?|^\W*(?:had|were|should)\b|\b(?:den(?:y|ied|ies|ying)|false(?:ly)?|rumou?rs?|rumou?red|hoax|incorrect(?:ly)?|misstated|correction|erroneous(?:ly)?|"
    r"mistaken(?:ly)?|wrongly|earlier\s+version|untrue|disputed|invented|fabricated|imagin\w+|hypothetical\w*|predict\w+|forecast\w*|polls?|surveys?|early\s+counts?|partial\s+count|projected|"
    r"retract\w*)\b",
    re.IGNORECASE,
)
# Marks of another deal, vote or round than the one at hand.
_ANOTHER = lazy(
    r"\b(?:earlier|previous|prior|first|initial|original|second|third|fourth|another|former|old|similar|separate|interim|side|"
    r"extension|partial|temporary|licen[sc]ing|confidentiality|many|several|some|other|various|1[89]\d\d|20\d\d)\b",
    re.IGNORECASE,
)
_NOT_ALL_OF_IT = lazy(
    r"\s(?:(?:on|over|about|regarding|covering)\s+(?!(?:a|the|an|its|their|all|late|early|\w+day|[A-Z]\w+\.?\s\d)\b)"
    r"|to\s+(?!(?:end|avert|settle)\b))"
)
# “Had rejected” tells what lay before the rest: only with a day of its own can its time be told.
_BEFORE_THE_REST = lazy(
    r"\b(?:had|earlier|previously|initially|originally|once|twice|first|recently|lately|last\s+(?:week|month|year|spring|summer|autumn|fall|winter))\b",
    re.IGNORECASE,
)
# “The rejected offer”, “to be ratified”: no verb that tells.
_ADJECTIVE = lazy(
    r"\b(?:the|a|an|its|their|any|this|these|newly|recently|be|being|to|of|having|get)\s+(?:\w+ly\s+)?$", re.IGNORECASE
)
_PRONOUN = lazy(
    r"\b(?:he|she|we|i|you|who|it|they|some|others|many|few|none|one)\s+(?:(?:have|has|\w+ly)\s+)*$", re.IGNORECASE
)
_SHARE = lazy(r"(?P<share>\d+(?:\.\d+)?)\s?(?:%|per\s?cent\b)", re.IGNORECASE)
_PART = lazy(
    rf"\b(?:some|many|several|few|minority|half|thirds?|quarter|dozens?|hundreds|thousands|{'|'.join(CARDINALS)}|"
    r"individual|dissident|locals)\b|(?<!['’]s )(?<!ocal )\b\d",
    re.IGNORECASE,
)
# Who decides otherwise than the members do.
_BODIES = (
    ("delegates", lazy(r"\b(?:delegates?|electors?)\b", re.IGNORECASE)),
    (
        "leaders",
        lazy(
            r"\b(?:board|council|committee|executive|leaders?|leadership|negotiators?|president|officials?|chief|team)\b",
            re.IGNORECASE,
        ),
    ),
    ("court", lazy(r"\b(?:judges?|court|arbitrators?|tribunal)\b", re.IGNORECASE)),
    ("employer", lazy(r"\b(?:compan(?:y|ies)|management|employers?|bosses|owners?|firm)\b", re.IGNORECASE)),
)
_COURT = lazy(
    r"\b(?:appeals?|supreme|federal|labou?r|state|high|district|arbitrator|tribunal|judge|court|board|commission)\b",
    re.IGNORECASE,
)
# Where the names end that belong to a verb: “with the port | on Friday”.
_ENDS = lazy(
    r"[,;:.!?()“”\"—–]|\s(?:on|in|at|after|before|over|late|early|following|that|which|who|to|for|when|as|but|while|where|because|"
    r"ending|through|during|until|since|without|despite|last|this)\b",
    re.IGNORECASE,
)
_CLAUSE_END = lazy(r"[;:.!?()]|,\s|\s(?:after|before|as|when|while|who|which|that)\s", re.IGNORECASE)
_BY = lazy(r"\sby\s+(?P<doer>[^,;.()]+)", re.IGNORECASE)
_BESIDE = lazy(r"[,;:—–]|\s(?:and|but|while|then)\s", re.IGNORECASE)
_VERB = lazy(r"\b(?:\w+ed|was|were|is|are|has|have|had|went|began|broke|met|said|told|held|made)\b")
_LOCAL = lazy(r"\blocal\s+(\d+)", re.IGNORECASE)
_NAME = lazy(r"[^\W\d_][\w’'&-]*")
_PLAIN = lazy(r"\b(?:\w+ly|[\w-]+-(?:hour|day|week|month|year|long|minute))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Match:
    """An outcome's words in a sentence; `place` is the sentence's, in offsets of the text that was searched."""

    form: Form
    found: re.Match[str]
    place: Span

    @property
    def good(self) -> bool:
        """Which of the matter's outcomes it is; a ruling against the employer is one for the workers."""
        return self.form.good == bool(self.found["s"]) if self.form.matter is Matter.RULING else self.form.good

    @property
    def offer(self) -> bool:
        """Whether an offer was decided on, and no deal."""
        return self.form.matter is Matter.VOTE and bool(
            re.fullmatch(OFFER, self.found.groupdict().get("o") or "", re.I)
        )

    @property
    def verb(self) -> Span:
        return Span(*self.found.span("v"))

    @property
    def name(self) -> str:
        if self.form.matter is Matter.RULING:
            return f"ruled for the {'workers' if self.good else 'employer'}"
        return self.form.name


def matches_in(forms: Sequence[Form], text: str, sentences: Sequence[Span]) -> list[Match]:
    """Where sentences of a text word an outcome, in order; of two that overlap and say opposite things, neither."""
    made: list[Match] = []
    for place in sentences:
        sentence = place.of(text)
        here = [Match(form, found, place) for form in forms for found in form.pattern().finditer(sentence)]
        made += [
            one for one in here if not _ANOTHER().search(one.found[0]) and not any(_denies(one, two) for two in here)
        ]
    return made


def _denies(one: Match, other: Match) -> bool:
    return (
        one.form.matter is other.form.matter
        and one.good != other.good
        and other.found.start() < one.found.end()
        and one.found.start() < other.found.end()
    )


@dataclass(frozen=True, slots=True)
class Telling:
    """What a clause has around an outcome: the words before it, those after it, and who did it, “” where it isn't told."""

    match: Match
    sentence: str
    before: str
    after: str
    doer: str
    over: str  # the clause that it hangs on: “the union denied | that members rejected the deal”

    @classmethod
    def of(cls, match: Match, sentence: str, clauses: Sequence[Clause], clause: Clause) -> "Telling":
        before = _before(sentence, clauses, clause, match.found.start())
        after = sentence[match.found.end() :]
        by = _BY().search(_CLAUSE_END().split(after)[0])
        if match.form.passive:
            doer = by["doer"] if by else ""
        else:
            doer = _last(before)
        over = clauses[clause.around].text(sentence) if clause.around >= 0 else ""
        return cls(match, sentence, before, after, doer, over)

    def is_unreal(self) -> bool:
        """Whether it is denied, foretold, wished for, one of several such events, or told of somebody unnamed."""
        found, before = self.match.found, self.before
        verbal = found.start() == found.start("v")
        return bool(
            _UNREAL().search(before)
            or _UNREAL().search(self.over)
            or _UNREAL().search(found[0][: found.start("v") - found.start()])
            or _DOUBTED().search(self.sentence)
            or (verbal and (_ADJECTIVE().search(before) or _PRONOUN().search(before) or not before.strip(" ,“\"'")))
            or (self.match.form.matter is Matter.DEAL and self.match.good and _NOT_ALL_OF_IT().match(self.after))
            or (self.match.form.matter in (Matter.VOTE, Matter.STRIKE_VOTE) and self._is_part())
        )

    def _is_part(self) -> bool:
        """Whether only some did it: “four of the twelve locals”, “45% of members voted against”."""
        share = _SHARE().search(f"{self.doer} {self.match.found[0]}")
        if share:
            return float(share["share"]) <= 50
        return bool(_PART().search(self.doer))

    def precedes(self, clause: Clause) -> bool:
        """Whether it may tell of another day than the article's: “had rejected”, “after members rejected”."""
        return clause.link in (Link.SAME_TIME, Link.OTHER_TIME) or bool(
            _BEFORE_THE_REST().search(f"{self.before} {_CLAUSE_END().split(self.after)[0]}")
        )

    def body(self) -> str:
        """Who decided, where that makes another decision of it: delegates, leaders, the employer, the kind of court; else “”."""
        if self.match.form.matter is Matter.RULING:
            return " ".join(sorted({word.lower() for word in _COURT().findall(self.doer)}))
        return next((name for name, form in _BODIES if form().search(self.doer)), "")

    def names(self) -> str:
        """The words that tell whose event it is: who did it, what it was done to, and with whom."""
        found, verb = self.match.found, self.match.verb
        start, end = found.span()
        object_ = f"{self.sentence[start : verb.start]} {self.sentence[verb.end : end]}"
        # Whoever averts a strike, it is that of others.
        subject = "" if self.match.form.passive and start == verb.start else _last(self.before)
        return f"{subject} {object_} {_ENDS().split(self.after)[0]} {self.doer}"


def content(words: str) -> frozenset[str]:
    """The plain terms that tell one dispute from another: names of people, places and firms."""
    kept = " ".join(_NAME().findall(_PLAIN().sub(" ", words)))
    terms = frozenset(term for term in plain_terms(kept) if term not in GENERIC and len(term) > 1)
    return terms | frozenset(f"local {number}" for number in _LOCAL().findall(words))


def others_in(words: str, who: Sequence[Wanted]) -> frozenset[str]:
    """The same without those who were asked about, by whatever name."""
    terms = frozenset(plain_terms(words))
    asked = frozenset(term for one in who for phrase in (one.own, *one.others) if phrase <= terms for term in phrase)
    return content(words) - asked


def _before(sentence: str, clauses: Sequence[Clause], clause: Clause, end: int) -> str:
    """The clause's words before a place; where it has none, the subject of the clause that it goes on from."""
    words = " ".join(sentence[part.start : min(part.end, end)] for part in clause.parts if part.start < end)
    if words.strip(" ,“\"'") and not re.fullmatch(r"[\W]*(?:and|but|or|then)?\W*", words):
        return words
    if clause.link is Link.BESIDE and clause.around >= 0:
        around = clauses[clause.around].text(sentence)
        verb = _VERB().search(around)
        return f"{around[: verb.start()]} " if verb else words
    return words


def _last(before: str) -> str:
    """The words after the last border that still name somebody: “The port stayed shut, and | the dockers”."""
    parts = _BESIDE().split(before)
    for place in range(len(parts) - 1, -1, -1):
        if _NAME().search(_PLAIN().sub("", parts[place])) and not _TIME_ALONE().fullmatch(parts[place]):
            if place and not _VERB().search(" ".join(parts[:place])):
                return before  # “the dockers and the port”, “On Monday, members”
            return parts[place]
    return before


_TIME_ALONE = lazy(
    r"\W*(?:(?:on|late|early|in|have|has|also|then)\s+)*(?:\w+day\s*)?(?:night|evening|morning)?\W*", re.IGNORECASE
)
