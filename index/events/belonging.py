"""Tells what a date in a sentence belongs to: the words next to it, of its clause, of the clauses it shares its time with.

“The guild offered counterproposals on August 15” is what August 15 belongs to, whatever else the sentence tells. Cutting
clauses is `events.clauses`' part; how well that is the event asked about is judged in `events.mentions`.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from corpus.patterns import lazy
from index.events.acts import Act, acts_of, plain_terms
from index.events.clauses import Clause, Link, clause_at
from index.records import Span


class Role(StrEnum):
    """What the word before a date makes of it."""

    AT = "at"
    SINCE = "since"
    FROM = "from"
    UNTIL = "until"
    NOT_SINCE = "not since"


_SINCE = lazy(r"\b(?:since|dating (?:back )?to|ever since)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
# “had not struck since 1980”, “the first strike since 1960”: what happened then is another time.
_NONE_BETWEEN = lazy(r"\b(?:not|never|no|nor|first|longest|largest|biggest)\b|n['’]t\b", re.IGNORECASE)
_FROM = lazy(r"\b(?:from|dates? from|dating from|starting|beginning|effective)\s+(?:on\s+)?(?:the\s+)?$", re.IGNORECASE)
_UNTIL = lazy(
    r"\b(?:(?:until|till|through|before)\s+(?:(?!on\b)\w+\s+){0,2}"
    r"|by\s+(?:(?!(?:on|its|their|his|her|members?)\b)\w+\s+){0,2}"  # “ratified by its members June 24”
    r"|to\s+(?:(?:early|mid|late|the\s+end\s+of)\s+)?)$",
    re.IGNORECASE,
)
_ORIGINAL = lazy(
    r"\b(?:original(?:ly)?|initially|previously|(?:was|were|been)\s+(?:\w+\s+)?(?:set|scheduled|slated|planned|due|supposed|"
    r"expected)|(?<!now )(?<!is )(?<!are )(?:set|scheduled|slated|planned)\s+for|would\s+have|had\s+been\s+(?:set|due))\b",
    re.IGNORECASE,
)
_DENIED = lazy(
    r"\b(?:do|does|did|is|are|was|were|has|have|had|will|would)(?:n['’]t|\s+(?:\w+ly\s+)?(?:not|never))\b(?!\s+(?:only|just|yet|since)\b)"
    r"|\bnever\b",
    re.IGNORECASE,
)
_FORMER = lazy(
    r"\b(?:previous|prior|former|preceding|earlier)\s+(?:\w+\s+)?(?:agreement|contract|deal|pact|strike|walkout|vote|ballot|round|"
    r"negotiation|dispute|election)s?\b",
    re.IGNORECASE,
)
_DENIES = lazy(r"\b(?:den(?:y|ies|ied|ying))\b[^,;]{0,60}$", re.IGNORECASE)
# “Postponing plans to resume flights until Monday evening”
_PUT_OFF = lazy(r"\b(?:postpon|delay|defer|suspend|push)\w*\s+(?:\w+\s+){0,3}?plans?\s+(?:to|for)\b", re.IGNORECASE)
_TALKS = lazy(r"\b(?:talks|negotiations?|bargaining|discussions|meetings?)\b", re.IGNORECASE)
_VOTING = lazy(r"\b(?:voting|ballots?|balloting|hearings?|mediation)\b", re.IGNORECASE)
_VOTING_BEGINS = lazy(
    r"\b(?:voting|ballots?|balloting|hearings?|mediation)\s+(?:\w+\s+){0,4}?(?:beg[aiu]n|start|open|commence|launch)\w*"
    r"|\b(?:beg[aiu]n|start|open|commence|launch)\w*\s+(?:\w+\s+)?(?:voting|ballots?|balloting|hearings?|mediation)\b",
    re.IGNORECASE,
)
# Whoever of a union votes, the first that is told: “got the approval of the board and went to the members”.
_BOARD = r"boards?|council|committee|leaders|leadership"
_BODY = lazy(rf"\b(?:(?P<board>{_BOARD})|members(?:hip)?|voters|delegates|rank[ -]and[ -]file)\b", re.IGNORECASE)
_BODY_ASKED = lazy(rf"\b(?:{_BOARD}|bosses|chiefs|heads|officers|officials)\b", re.IGNORECASE)
# “Entered the third week of their strike Thursday”: it began before.
_UNDER_WAY = lazy(
    r"\benter(?:ed|s|ing)?\s+(?:(?:its|their|the|a)\s+)?[\w-]+\s+(?:full\s+)?(?:day|week|month|year)\b", re.IGNORECASE
)
_STRIKE = lazy(r"\b(?:strikes?|walkouts?|stoppages?|pickets?|picketing)\b", re.IGNORECASE)
_RELATIVE = lazy(r",?\s?(?:who|which|that)\b")
_ENDING = lazy(
    r"\b(?:ending|(?:that|which)\s+(?:end|ends|ended))\s+(?:(?:a|an|the|its|their|this)\s+)?(?:[\w-]+\s+){0,3}?"
    r"(?:strikes?|walkouts?|stoppages?)\b",
    re.IGNORECASE,
)
_WOULD = lazy(r"\b(?:would|could|might|may)\b")
_UNLESS = lazy(r"\b(?:unless|if no|failing|without an? (?:deal|agreement|contract))\b", re.IGNORECASE)
_PLANNED = lazy(
    r"\b(?:is|are|was|were|be|been)\s+(?:\w+\s+)?(?:set|scheduled|slated|planned|due|supposed|expected|to)\b"
    r"|\b(?:plans?|hopes?|intends?|scheduled|slated|set)\s+(?:to|for)\b|\bwill\b",
    re.IGNORECASE,
)
_HABIT = lazy(
    r"\b(?:every|each|generally|usually|typically|traditionally|normally|annual(?:ly)?|often|always)\b", re.IGNORECASE
)
_FIRST = lazy(r"\b(?:first|initial(?:ly)?)\b", re.IGNORECASE)
_LAST = lazy(r"\b(?:last|latest|most recent(?:ly)?|again)\b(?!\s(?:week|month|year|night))", re.IGNORECASE)
_VERB = lazy(
    r"\b(?:\w+ed|was|were|is|are|has|have|had|will|would|could|did|does|began|went|broke|met|fell|came|said|told|held|made|took|"
    r"got|led|sent|won|struck|quit|wrote|who|which|that)\b"
)
_PRONOUN = lazy(
    r"^\W*(?:they|it|he|she|we|both|the (?:two|union|guild|groups?|sides?|alliance|parties))\b", re.IGNORECASE
)
_THERE = lazy(r"\bthere\W*$", re.IGNORECASE)
_APPOSED = lazy(r",?\s?(?:on|in)?\s?(?:the\s)?")  # “the week after, on Tuesday, November 14”: one event
_NEXT = lazy(r",|\s(?:and|but|then)\s")
# “At the beginning of January” begins nothing.
_PART_OF_TIME = lazy(
    r"\b(?:beginning|start|end|close)\sof\s(?=(?:the\s(?:day|week|month|year)|last|this|next|(?:19|20)\d\d"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*)\b)"
)
# “Must still ratify it”: it has yet to be done.
_DUTY = lazy(
    r"\b(?:must|(?:ha(?:s|ve)|needs?)\s+(?:still\s+|yet\s+)?to|(?:still|yet)\s+(?:ha(?:s|ve)\s+|needs?\s+)?to)"
    r"\s+(?:(?:still|also|now|first)\s+)?(?:be\s+)?\w+",
    re.IGNORECASE,
)
_UNDONE = lazy(r"\b(?:will|would|could|may|might|must|plans?|expects?|ha(?:s|ve|d)\s+(?:yet\s+)?to)\b", re.IGNORECASE)
_TAIL = 25  # code points after a date that are its own as well: “on Friday in Burbank”
_FRONTED = 3  # words before a date that opens its clause: “But on early Monday, …”


class Belonging:
    """What one date of a sentence belongs to; `dates` are all dates of the sentence, `where` is this one's place.

    `lengths` are those of `dates` that tell how long, and not when: “a four-year contract”.
    """

    def __init__(
        self,
        sentence: str,
        clauses: Sequence[Clause],
        dates: Sequence[Span],
        where: Span,
        lengths: Sequence[Span] = (),
    ) -> None:
        self._sentence = sentence
        self._clauses = clauses
        self._dates = dates
        self._where = where
        self._lengths = frozenset(lengths)
        self._number = clause_at(clauses, where.start)

    @property
    def clause(self) -> Clause:
        return self._clauses[self._number]

    def role(self) -> Role:
        before = self._sentence[: self._where.start]
        if _SINCE().search(before):
            own = before[self.clause.parts[0].start :]
            return Role.NOT_SINCE if _NONE_BETWEEN().search(own) else Role.SINCE
        if _FROM().search(before):
            return Role.FROM
        return Role.UNTIL if _UNTIL().search(before) else Role.AT

    def original(self) -> bool:
        """Whether the day had only been planned: “was set to expire Friday”."""
        return bool(_ORIGINAL().search(self.near()))

    def denied(self) -> bool:
        """Whether it tells what didn't happen: “the vote of May 2 does not begin a strike”, “denied a report that …”."""
        near = self.near()
        denied, verb = _DENIED().search(near), _VERB().search(near)
        if denied is not None and (verb is None or denied.start() <= verb.start()):
            return True
        around = self.clause.around
        told = around >= 0 and re.match(r",?\s?that\b", self._text()) is not None
        return told and _DENIES().search(self._clauses[around].text(self._sentence)) is not None

    def of_talks(self) -> bool:
        """Whether talks do it, and no strike: “talks were set to begin on March 20”."""
        words = self.before_verb()
        return bool(_TALKS().search(words)) and not _STRIKE().search(words)

    def of_a_vote(self, asked: str) -> bool:
        """Whether a vote or a hearing begins, which `asked`, the question, doesn't speak of: “voting begins Oct. 18”."""
        return bool(_VOTING_BEGINS().search(self.near())) and not _VOTING().search(asked)

    def of_a_board(self, asked: str) -> bool:
        """Whether a board does it, which `asked`, the question, doesn't speak of: it approves what the members have yet to
        ratify.
        """
        body = _BODY().search(f"{self.clause.before} {self.near()}")
        return body is not None and body["board"] is not None and not _BODY_ASKED().search(asked)

    def aside(self, asked: frozenset[Act]) -> bool:
        """Whether its relative clause tells a strike beside the act that was asked for, which the sentence tells elsewhere:
        “accepted the offer, ending a dispute that led to a strike in December”.
        """
        own, words = self.clause, self._text()
        if own.link is not Link.OTHER_TIME or not _RELATIVE().match(words) or not _STRIKE().search(words):
            return False
        rest = " ".join(one.text(self._sentence) for one in self._clauses if one is not own)
        return bool(asked & acts_of(plain_terms(rest))) and not asked & acts_of(plain_terms(words))

    def ending(self) -> str:
        """The words that tell that a strike ended at that moment: “reached a deal, | the last of three that end a strike”."""
        hanging = [
            one.text(self._sentence)
            for number, one in enumerate(self._clauses)
            if one.around == self._number and not self._has_day(number)
        ]
        own = self._text() if self._lengths.issuperset(self._siblings()) else self.near()
        return next((text for text in (own, *hanging) if _ENDING().search(text)), "")

    def under_way(self) -> bool:
        """Whether it tells how long something had gone on: “entered its fourth day on Thursday”."""
        return bool(_UNDER_WAY().search(self.near()))

    def put_off(self) -> bool:
        """Whether a plan was put off to that day, kept or not: “postponing plans to reopen until Monday”."""
        return self.role() is Role.UNTIL and bool(_PUT_OFF().search(self.near()))

    def supposed(self) -> bool:
        """Whether it tells what would happen in some case alone: “would walk out on May 2 unless …”."""
        return bool(_WOULD().search(self.near()) and _UNLESS().search(self._sentence))

    def planned(self) -> bool:
        """Whether the day is told as a plan, kept or not: “are set to continue Tuesday”."""
        return bool(_PLANNED().search(self.near())) or self.original() or self.put_off()

    def ordinal(self) -> int:
        """−1 where the words by the date tell of a first time, 1 of a last, else 0."""
        near = self.near()
        return -1 if _FIRST().search(near) else 1 if _LAST().search(near) else 0

    def former(self) -> bool:
        """Whether it tells of the time before: “the previous agreement was ratified in 2022”."""
        return names_former(self.near())

    def habit(self) -> bool:
        """Whether it tells what happens again and again: “are generally held every September”."""
        return bool(_HABIT().search(self.near()))

    def act_terms(self, *, done: bool = False) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The plain terms next to the date, and of its clause with those that share its time; both without `before`.

        With `done` without what had yet to be done: “members must still ratify it”.
        """
        near, shared = (
            plain_terms(_PART_OF_TIME().sub("", _DUTY().sub("", words) if done else words))
            for words in (self.near(), " ".join(self._shared()))
        )
        return near, shared

    def layers(self, rest: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """The plain terms next to the date, of its clause, of the clause around, of the sentence, and `rest`."""
        clause = self.clause
        near = f"{clause.before} {self.near()}" if self._opens_clause() else self.near()
        shared = " ".join((clause.before, *self._shared()))
        inside = clause.around >= 0 and clause.link is not Link.SAYS
        around = self._clauses[clause.around].text(self._sentence) if inside else ""
        return (
            plain_terms(near),
            plain_terms(shared),
            plain_terms(f"{shared} {around}"),
            plain_terms(self._sentence),
            tuple(rest),
        )

    def subject(self) -> tuple[tuple[str, ...], ...] | None:
        """The plain terms before the verb of the date's clause, and those next to the date; None where none tells it."""
        clause = self.clause
        if clause.link is Link.OTHER_TIME and clause.before and re.match(r",?\s(?:who|which|that)\b", self._text()):
            return (plain_terms(clause.before), ())
        words = self.before_verb()
        near = self.near() if self._siblings() else ""
        if _THERE().search(words):  # “there was an offer from the studios”: who made it stands behind
            return ((), plain_terms(near)) if near else None
        if not words.strip(" ,“\"'") or _PRONOUN().match(words):
            return ((), plain_terms(near)) if near else None
        return (plain_terms(words), plain_terms(near))

    def before_verb(self) -> str:
        """The words of the date's clause before its verb; “” where it has none."""
        text = self._text()
        verb = _VERB().search(text)
        return text[: verb.start()] if verb else ""

    def near(self) -> str:
        """The words of the clause that are the date's own where the clause has several dates.

        Those after it where it opens the clause (“On Friday, the guild …”), else those between it and the one before; with
        the words before the first where they have no verb: “line 3 reopens on Monday, | line 4 on Friday”.
        """
        others = self._siblings()
        if not others:
            return self._text()
        words = self._between(others)
        if _VERB().search(words) or acts_of(plain_terms(words)):
            return words
        first = min(others, key=lambda one: one.start).start
        return f"{self._sentence[self.clause.parts[0].start : first]} {words}" if first < self._where.start else words

    def _between(self, others: Sequence[Span]) -> str:
        parts = self.clause.parts
        start, end = parts[0].start, parts[-1].end
        before = [
            one.end
            for one in others
            if one.end <= self._where.start and not _APPOSED().fullmatch(self._sentence[one.end : self._where.start])
        ]
        after = [one.start for one in others if one.start >= self._where.end]
        if len(self._sentence[start : self._where.start].split()) <= _FRONTED:
            return self._sentence[self._where.end : min(after, default=end)]
        tail = self._sentence[self._where.end : min(self._where.end + _TAIL, min(after, default=end))]
        return self._sentence[max(before, default=start) : self._where.end] + (
            _NEXT().split(tail)[0] if after else tail
        )

    def _text(self) -> str:
        return self.clause.text(self._sentence)

    def _shared(self) -> list[str]:
        """The texts of the clauses that tell the same moment: the date's own, and others without a date of their own."""
        clause = self.clause
        shared = [self._text()]
        if clause.link is Link.SAME_TIME and clause.around >= 0 and not self._dated(clause.around):
            shared.append(self._clauses[clause.around].text(self._sentence))
        for number, other in enumerate(self._clauses):
            if other.link is Link.SAME_TIME and other.around == self._number and not self._dated(number):
                shared.append(other.text(self._sentence))
        return shared

    def told(self, *, done: bool = False) -> str:
        """What a saying tells that has no date of its own: “said Wednesday | that the guild had asked for a meeting”, “members
        ratified it, | the union said Wednesday”. With `done` nothing that is to come or denied.
        """
        own = self.clause
        numbers = (
            [own.around]
            if own.link is Link.SAYS
            else [
                number
                for number, other in enumerate(self._clauses)
                if other.around == self._number and other.link is Link.BESIDE
            ]
        )
        texts = [self._clauses[number].text(self._sentence) for number in numbers if not self._has_day(number)]
        return " ".join(text for text in texts if not (done and (_UNDONE().search(text) or _DENIED().search(text))))

    def _dated(self, number: int) -> bool:
        return any(clause_at(self._clauses, one.start) == number for one in self._dates)

    def _has_day(self, number: int) -> bool:
        days = (one for one in self._dates if one not in self._lengths)
        return any(clause_at(self._clauses, one.start) == number for one in days)

    def _siblings(self) -> list[Span]:
        """The other dates of the clause."""
        return [
            one for one in self._dates if one != self._where and clause_at(self._clauses, one.start) == self._number
        ]

    def _opens_clause(self) -> bool:
        return not any(one.start < self._where.start for one in self._siblings())


def names_former(words: str) -> bool:
    """Whether the words name the strike, contract or vote before."""
    return bool(_FORMER().search(words))
