"""Finds in what is cited how an event came out, where articles tell it in two opposite ways: ratified here, rejected there.

Each outcome comes with its day, as far as that can be told, and with how well it belongs to what is asked, as figures do in
`events.figures`. What a clause tells is `events.outcome_clauses`' part; whether two outcomes are of one event is left to
`differences`.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.day_words import MONTH
from corpus.patterns import lazy
from index.dates import find_dates
from index.dates.spans import DateExpression, DateKind, Grain
from index.events.acts import plain_terms
from index.events.belonging import Belonging, Role
from index.events.clauses import clause_at, clauses_of
from index.events.fit import fit
from index.events.mentions import BEFORE, sentences_in
from index.events.outcome_clauses import Match, Telling, content, matches_in, others_in
from index.events.outcome_questions import asked_about
from index.events.outcome_words import FORMS, Matter
from index.events.questions import EventQuestion
from index.records import Citation, Span
from index.sentences import sentence_spans
from index.unions import keys_in

# How much of those who were asked about must stand by an outcome: half, which is what the rest of a citation is worth where
# the clause says “members” and no other union is named. Judged.
LEAST_FIT = 0.5
# Code points from an article's start in which a clause without a date tells the news of the article's own day, as `answering`
# has it. Farther down it may tell what happened long ago.
LEAD = 500
LONG = 90  # code points of words to show; of longer ones the verb alone is shown
_SEEN_FROM_WRITING = (DateKind.WEEKDAY, DateKind.RELATIVE, DateKind.HOLIDAY, DateKind.PARTIAL)
# What somebody does himself, so that who did it must be who was asked about.
_DONE = frozenset((Matter.VOTE, Matter.STRIKE_VOTE, Matter.WALKOUT))
_PASSIVE_QUESTION = lazy(r"\b(?:was|were|is|are|been|being)\b")
# A sentence of the article that tells the contrary of another time; one that says that what stood there was wrong; and votes
# that are told of “it”.
_OTHER_DAY = lazy(rf"\b(?:earlier|ago|last|{MONTH}|\d{{4}})\b")
_OTHER_TIME = lazy(
    rf"\b(?:had|earlier|previous\w*|ago|last|after|before|since|first|initial\w*|{MONTH}|if|would|could|\d{{4}})\b"
)
_PUT_RIGHT = lazy(
    r"\b(?:[Cc]orrect(?:ed|ion|ions|ing)|[Rr]ecounts?|[Rr]etract(?:ed|s|ion)|misstated|earlier\s+version|in\s+error|by\s+mistake)\b"
)
_OF_IT = {
    True: lazy(r"\b(?:ratif(?:y|ied)|approved?|accept(?:ed)?|back(?:ed)?|endorsed?)\s+(?:it|them)\b", re.IGNORECASE),
    False: lazy(
        r"\breject(?:ed)?\s+(?:it|them)\b|\bvot(?:e|ed)\s+(?:(?:it|them)\s+down|(?:down|against)\s+(?:it|them))\b"
        r"|\bturn(?:ed)?\s+(?:it|them)\s+down\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class ToldOutcome:
    """How an event came out, by one clause: `span` in the article, `words` its text there, `name` to show.

    `good` is the first of the matter's two outcomes, `lasting` a state that an end may follow. `offer` tells that an offer
    was decided on and no deal, `body` that others than members did so, or which court, `doers` by which names. `day` is what
    the clause says, `news` the article's own day where that stands in for it; one of them is known. `fit` (0..1) tells how
    much of those asked about stands by it, `others` who else does, `around` every term of the citation.
    """

    citation: int
    article: int
    source: str
    span: Span
    words: str
    matter: Matter
    name: str
    good: bool
    lasting: bool
    offer: bool
    body: str
    doers: frozenset[str]
    day: date | None
    news: date | None
    fit: float
    others: frozenset[str]
    around: frozenset[str]


def outcomes_told(
    read: EventQuestion,
    matters: frozenset[Matter],
    citations: Sequence[Citation],
    texts: Mapping[int, str],
    asked_at: date,
) -> list[ToldOutcome]:
    """The outcomes of these matters, in order; empty where sources tell none of them in two ways. Never raises.

    `texts` hold the articles' texts by row. Costs about 0.4 ms for four citations, and 1 to 2 ms where two of them have words
    for opposite things.
    """
    likely = _told_both_ways(matters, citations)
    forms = [one for one in FORMS if one.matter in likely]
    matched = [(one, matches_in(forms, one.text, sentences_in(one))) for one in citations] if forms else []
    found = {(match.form.matter, match.good, _source_of(one)) for one, matches in matched for match in matches}
    made: list[ToldOutcome] = []
    for citation, matches in matched:
        denied = [one for one in matches if _is_denied(one, _source_of(citation), found)]
        if denied:
            made += _Reader(read, citation, texts[citation.article.row], asked_at).outcomes(denied, matches)
    return made


def _told_both_ways(matters: frozenset[Matter], citations: Sequence[Citation]) -> frozenset[Matter]:
    """The matters of which the sources have words for both outcomes; all else needs no closer look."""
    return frozenset(
        matter
        for matter in matters
        if _has_words(matter, citations, good=False) and _has_words(matter, citations, good=True)
    )


def _has_words(matter: Matter, citations: Sequence[Citation], *, good: bool) -> bool:
    # Whether a ruling is for the workers is told by its object.
    forms = [one for one in FORMS if one.matter is matter and (one.good == good or matter is Matter.RULING)]
    return any(form.pattern().search(one.text) for form in forms for one in citations)


def _source_of(citation: Citation) -> str:
    """Who tells it: the outlet, or the article where none is known. Two articles of one outlet are one source."""
    return " ".join(citation.article.outlet.casefold().split()) or f"article {citation.article.row}"


def _is_denied(one: Match, source: str, found: Collection[tuple[Matter, bool, str]]) -> bool:
    """Whether another source has words for the contrary."""
    return any(matter is one.form.matter and good != one.good and other != source for matter, good, other in found)


class _Reader:
    """Reads the outcomes of one citation against a question."""

    def __init__(self, read: EventQuestion, citation: Citation, text: str, asked_at: date) -> None:
        self._citation = citation
        self._text = text
        article = citation.article
        self._published = article.published
        self._trusted = bool(article.published and not article.doubt and article.published <= asked_at)
        self._rest = plain_terms(f"{article.title} {citation.text}")
        self._who = asked_about(read)
        self._doer = None if not self._who or _PASSIVE_QUESTION().search(read.text) else self._who[0]
        self._asked = keys_in(read.text)
        low = max(0, citation.span.start - BEFORE)
        self._start = citation.span.start - low
        self._dates = find_dates(
            text[low : citation.span.end],
            written=article.published,
            within=Span(self._start, citation.span.end - low),
        )

    def outcomes(self, denied: Sequence[Match], matches: Sequence[Match]) -> list[ToldOutcome]:
        """Those of the citation's matches that other sources deny, as far as they can be compared."""
        made = []
        for one in denied:
            told = self._outcome(one, [other.verb for other in matches if other.place == one.place])
            if told and not self._is_put_right(told, one.place):
                made.append(told)
        return made

    def _outcome(self, match: Match, verbs: Sequence[Span]) -> ToldOutcome | None:
        sentence = match.place.of(self._citation.text)
        dates = self._dates_in(match.place)
        clauses = clauses_of(sentence, sorted({*verbs, *(place for place, _ in dates)}))
        number = clause_at(clauses, match.verb.start)
        telling = Telling.of(match, sentence, clauses, clauses[number])
        if telling.is_unreal():
            return None
        belonging = Belonging(sentence, clauses, sorted(set(verbs)), match.verb)
        fits, others = self._belongs(telling, belonging, sentence)
        if fits < LEAST_FIT:
            return None
        mine = [one for place, one in dates if clause_at(clauses, place.start) == number]
        # Where a cut by the dates alone would give it others, “rejected the deal and studios on Friday” isn't understood.
        whole = clauses_of(sentence, [place for place, _ in dates])
        home = clause_at(whole, match.verb.start)
        if mine != [one for place, one in dates if clause_at(whole, place.start) == home]:
            return None
        day = self._day(
            [(Belonging(sentence, clauses, [place], place).role(), one) for place, one in dates if one in mine]
        )
        lead = self._trusted and match.place.start + self._citation.span.start <= LEAD
        news = self._published if lead and not mine and not telling.precedes(clauses[number]) else None
        if day is None and news is None:
            return None
        citation = self._citation
        start, end = match.found.span() if len(match.found[0]) <= LONG else match.found.span("v")
        span = Span(match.place.start + start, match.place.start + end)
        return ToldOutcome(
            citation=citation.number,
            article=citation.article.row,
            source=_source_of(citation),
            span=Span(span.start + citation.span.start, span.end + citation.span.start),
            words=span.of(citation.text),
            matter=match.form.matter,
            name=match.name,
            good=match.good,
            lasting=match.form.lasting,
            offer=match.offer,
            body=telling.body(),
            doers=self._doers(telling),
            day=day,
            news=news,
            fit=fits,
            others=others,
            around=frozenset(self._rest),
        )

    def _dates_in(self, place: Span) -> list[tuple[Span, DateExpression]]:
        """The dates of a sentence of the citation, in its offsets."""
        start = self._start + place.start
        return [
            (Span(one.span.start - start, one.span.end - start), one)
            for one in self._dates
            if one.kind is not DateKind.DURATION
            and start <= one.span.start
            and one.span.end <= start + place.end - place.start
        ]

    def _belongs(self, telling: Telling, belonging: Belonging, sentence: str) -> tuple[float, frozenset[str]]:
        """How much of those asked about stands by it, 0 where others do, and the names that weren't asked about."""
        names = telling.names()
        named = keys_in(names)
        others = others_in(names, self._who) | (named - self._asked)
        layers = belonging.layers(self._rest)
        there = frozenset((*layers[1], *plain_terms(names)))
        if others and not all(concept.named_in(there) for concept in self._who):
            return 0.0, others
        if self._doer and telling.match.form.matter in _DONE:
            terms = frozenset(plain_terms(telling.doer))
            if content(telling.doer) and not self._doer.named_in(terms):
                return 0.0, others
        return fit(self._who, layers, others=bool(keys_in(sentence) - self._asked)), others

    def _doers(self, telling: Telling) -> frozenset[str]:
        """Who did what one does oneself, those asked about by the question's name for them; empty where it isn't told."""
        if telling.match.form.matter not in _DONE:
            return frozenset()
        terms = frozenset(plain_terms(telling.doer))
        asked = frozenset(term for one in self._who if one.named_in(terms) for term in one.own)
        return asked | content(telling.doer) | keys_in(telling.doer)

    def _day(self, dates: Sequence[tuple[Role, DateExpression]]) -> date | None:
        """The one day that the clause tells, where it is told for sure; None for none, for two, and for “since” a day."""
        days = set()
        for role, one in dates:
            sure = self._trusted or one.kind not in _SEEN_FROM_WRITING
            if one.when is None or one.when.grain is not Grain.DAY or one.when.first != one.when.last or not sure:
                return None
            if role is not Role.AT:
                return None
            days.add(one.when.first)
        return days.pop() if len(days) == 1 else None

    def _is_put_right(self, told: ToldOutcome, home: Span) -> bool:
        """Whether the article tells the contrary as well, of no other time, and so can't be held to either.

        `home` is the sentence of the outcome, in the citation.
        """
        if _PUT_RIGHT().search(self._text):
            return True
        sentences = sentence_spans(self._text)
        forms = [one for one in FORMS if one.matter is told.matter]
        contrary = [
            one.place
            for one in matches_in(forms, self._text, sentences)
            if one.good != told.good and one.offer == told.offer
        ]
        if told.matter is Matter.VOTE:
            contrary += [one for one in sentences if _OF_IT[not told.good]().search(one.of(self._text))]
        start = home.start + self._citation.span.start
        return any(
            not (_OTHER_DAY if place.start <= start < place.end else _OTHER_TIME)().search(place.of(self._text))
            for place in contrary
        )
