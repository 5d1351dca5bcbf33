"""Cuts a sentence into clauses, so that a date can be told to belong to one event of the sentence and not to another.

“The strike that began July 14 ended Wednesday” has two clauses: July 14 belongs to beginning, Wednesday to ending. No
grammar is parsed: closed lists of conjunctions, relative words and verbs of news English decide, and where nothing
does, the sentence stays whole. What a clause has to do with a question is left to `answering`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.patterns import lazy
from index.records import Span


class Link(StrEnum):
    """How a clause hangs on the one around it."""

    MAIN = "main"
    BESIDE = "beside"  # “…, and the guild answered on Friday”: as good as a sentence of its own
    SAYS = "says"  # “…, the union said on Monday”: tells what the clause around it holds
    SAME_TIME = "same time"  # “when the studios walked away Friday”: tells the time of the clause around it as well
    OTHER_TIME = "other time"  # “after …”, “that began …”, “which …”


@dataclass(frozen=True, slots=True)
class Clause:
    """Parts of a sentence that tell one event; `around` is the place of the clause it hangs on, −1 for none.

    `before` are the last words of the clause around it: “a strike” of “a strike that began July 14”.
    """

    parts: tuple[Span, ...]
    link: Link
    around: int
    before: str

    def text(self, sentence: str) -> str:
        return " ".join(part.of(sentence) for part in self.parts)


# A clause has a verb. These, and what ends in “-ed”, are what news uses after a conjunction.
_VERB = (
    r"(?:[a-z]+ed|was|were|is|are|has|have|had|will|would|could|can|may|might|did|does|do|began|went|broke|met|fell|came|"
    r"said|told|held|made|took|got|left|led|saw|sent|won|lost|gave|sat|ran|struck|quit|wrote|spoke|stood|rose|kept|"
    r"begins?|starts?|ends?|expires?|resumes?|returns?|opens?|walks?|goes?|meets?|votes?|isn['’]t|wasn['’]t|hasn['’]t|"
    r"didn['’]t|won['’]t|tore|let|put|set|hit|cut)"
)
_REPORTS = (
    r"(?:said|says|announced|told|reported|reports|confirmed|wrote|posted|tweeted|shared|revealed|added|stated|noted|"
    r"explained|insisted|claimed|warned|argued|declared)"
)
_SAYS_THAT = lazy(
    rf"\b(?:{_REPORTS}|saying|say|tell|announce|announcing|revealing|telling|agreed|decided|suggest\w*|fear\w*|hope\w*|"
    r"mean\w*|news|word|statement|meant|believe\w*|expect\w*|know\w*|knew|thought|think\w*|learned|is|was|clear)"
    r"[^,;]{0,40}(?:,[^,;]{0,30},[^,;]{0,20})?$",
    re.IGNORECASE,
)
_BORDER = lazy(
    r"(?P<strong>[;:](?=\s)|[.!?][”\"’')]+\s+(?=[“\"A-Z])|(?<=[a-z]{4})[.!?]\s+(?=[“\"A-Z]))"
    r"|(?P<dash>\s[—–―−-]{1,2}\s|—)|(?P<open>\()|(?P<close>\))"
    r"|,?\s(?P<relative>who|which|whose|whom|where|that)\b"
    r"|,?\s(?P<same>when|as|with)\s"
    r"|,?\s(?P<time>after|before|because|although|though|while|whereas|until|unless|if|since|once)\s"
    r"|,?\s(?P<beside>and|but|or|so|yet)\s"
    rf"|,\s(?P<reports>(?:[\w.’'&-]+\s){{1,9}}?{_REPORTS}\b)"
    r"|(?P<comma>,)(?=[\s”\"])",
)
_FINITE = lazy(rf"^[^;:()—]{{0,90}}?\b{_VERB}\b")
_FINITE_HERE = lazy(rf"^[^,;:()—]{{0,90}}?\b{_VERB}\b")
_RUNS = lazy(r"(?:runs?|lasts?|extends?)\b")  # “contracts that run until May”
_VERB_NEXT = lazy(rf"\s{_VERB}\b")
_DASH = lazy(r"\s[—–―−-]{1,2}\s|—")
_ANY_VERB = lazy(rf"\b{_VERB}\b")
_SUBJECT = lazy(
    r"^(?:[“\"‘'(]?(?:the|a|an|its|their|his|her|it|they|he|she|we|you|both|all|no|some|many|this|that|these|those|there|"
    r"each|neither|talks|negotiations|members|workers|writers|actors|studios|producers|officials)\b|[“\"‘']?[A-Z0-9])"
)
_FRONTED = lazy(
    r"^[\W_]*(?:(?P<same>When|As)|(?P<time>After|Before|Because|Although|Though|While|Until|Unless|If|Since|Once|Following))\s"
)
_DETERMINED = lazy(r",?\s(?:(?:the|a|an|its|their|his|her|it|they|he|she)\b|[A-Z])")  # matched at a place: no “^”
_WORDS_BEFORE = 5  # how much of “thousands of screenwriters” tells who “who” is


def clauses_of(sentence: str, dates: Sequence[Span]) -> list[Clause]:
    """The clauses of a sentence, whose parts tile it but for the borders; `dates` lie within, and are never cut.

    The first is the main clause. Never raises; costs about 30 µs.
    """
    cutter = _Cutter(sentence, dates)
    cutter.cut()
    return cutter.clauses()


def clause_at(clauses: Sequence[Clause], place: int) -> int:
    """The number of the clause in which the place lies; of a border's place, the clause before it."""
    best, reached = 0, -1
    for number, clause in enumerate(clauses):
        for part in clause.parts:
            if part.start <= place < part.end:
                return number
            if reached < part.start <= place:
                best, reached = number, part.start
    return best


@dataclass(slots=True)
class _Open:
    """A clause that is being read: its parts so far, and where in the sentence its next part begins."""

    link: Link
    around: int
    before: str
    parts: list[Span]
    ends_at_comma: bool
    bracket: bool = False
    ends_at: int = -1


class _Cutter:
    def __init__(self, sentence: str, dates: Sequence[Span]) -> None:
        self._sentence = sentence
        self._dates = dates
        self._made: list[_Open] = [_Open(Link.MAIN, -1, "", [], ends_at_comma=False)]
        self._here = 0
        self._start = 0

    def clauses(self) -> list[Clause]:
        return [Clause(tuple(one.parts), one.link, one.around, one.before) for one in self._made]

    def cut(self) -> None:
        sentence = self._sentence
        place = self._fronted()
        while border := _BORDER().search(sentence, place):
            place = max(border.end(border.lastgroup or 0), place + 1)
            if any(date.start < border.end() - 1 and border.start() < date.end for date in self._dates):
                continue
            self._end_by(border.start())
            self._at(border)
        self._end_by(len(sentence))
        self._close(len(sentence))

    def _end_by(self, place: int) -> None:
        """Ends a clause whose end was seen when it began: “that began July 14 | ended Wednesday”."""
        here = self._made[self._here]
        if 0 <= here.ends_at <= place:
            self._close(here.ends_at)
            self._here = max(here.around, 0)

    def _fronted(self) -> int:
        """“After talks ended Wednesday night the committee …”: the clause in front, and the main one after it."""
        front = _FRONTED().match(self._sentence)
        if front is None or any(date.start <= front.end() for date in self._dates):
            return 0
        link = Link.SAME_TIME if front["same"] else Link.OTHER_TIME
        comma = self._sentence.find(",", front.end())
        while comma >= 0 and any(date.start < comma < date.end for date in self._dates):
            comma = self._sentence.find(",", comma + 1)
        first = next((date for date in self._dates if comma < 0 or date.end <= comma), None)
        end = comma
        if first and _DETERMINED().match(self._sentence, first.end) and self._sentence[first.end] != ",":
            end = first.end
        if end < 0:
            return 0
        self._made.append(_Open(link, 0, "", [Span(0, end)], ends_at_comma=True))
        self._start = end
        return end + (self._sentence[end : end + 1] == ",")

    def _at(self, border: re.Match[str]) -> None:
        kind, start, end = border.lastgroup, border.start(), border.end()
        after = self._sentence[end:]
        comma = border[0].startswith(",")
        if comma and self._made[self._here].ends_at_comma and not self._goes_on(border):
            self._close(start)
            self._here = self._made[self._here].around
            self._start = start
        if kind == "strong":
            if border[0][0] != ":" or not self._in_quotes(start):
                self._open(start, Link.BESIDE, -1, ends_at_comma=False)
        elif kind == "dash":
            if not self._leave_bracket(start):
                paired = _DASH().search(self._sentence, end) is not None
                link = Link.OTHER_TIME if paired else Link.BESIDE
                self._open(start, link, self._here if paired else -1, ends_at_comma=False, bracket=paired)
        elif kind == "open":
            self._open(start, Link.OTHER_TIME, self._here, ends_at_comma=False, bracket=True)
        elif kind == "close":
            self._leave_bracket(end)
        elif kind == "reports":
            if self._has_verb(start):  # not “At a meeting Thursday, the president said”
                self._open(start, Link.SAYS, self._here, ends_at_comma=True)
        elif kind == "relative":
            self._relative(border)
        elif kind == "same":
            if border["same"] == "with":
                if comma and re.match(r"(?:\S+\s){1,5}\w+ing\b", after):
                    self._open(start, Link.SAME_TIME, self._here, ends_at_comma=False)
            elif _FINITE().match(after) and (border["same"] == "when" or _SUBJECT().match(after)):
                self._open(start, Link.SAME_TIME, self._here, ends_at_comma=True)
        elif kind == "time":
            if comma and border["time"] in ("while", "whereas") and self._both_dated(end) and _FINITE().match(after):
                self._open(start, Link.OTHER_TIME, self._here, ends_at_comma=False)  # to the end, whatever it holds
            elif not self._is_date(end) and (_FINITE_HERE().match(after) or re.match(r"\w+ing\b", after)):
                self._open(start, Link.OTHER_TIME, self._here, ends_at_comma=True)
        elif kind == "beside" and not self._is_date(end) and self._both_dated(end) and self._has_verb(start):
            if (_SUBJECT().match(after) or comma) and _FINITE().match(after):
                self._open(start, Link.BESIDE, -1, ends_at_comma=False)
            elif re.match(rf"{_VERB}\b", after):
                self._open(start, Link.BESIDE, self._here, ends_at_comma=False)

    def _relative(self, border: re.Match[str]) -> None:
        word, start, after = border["relative"], border.start(), self._sentence[border.end() :]
        if self._is_date(border.end() + 1) or not (_FINITE().match(after) or _RUNS().match(after, 1)):
            return
        if word == "that" and _SAYS_THAT().search(self._sentence[max(0, start - 70) : start]):
            self._open(start, Link.BESIDE, self._here, ends_at_comma=False)
        else:
            self._open(start, Link.OTHER_TIME, self._here, ends_at_comma=True)
            date = next((one for one in self._dates if one.start >= border.end()), None)
            if date and _VERB_NEXT().match(self._sentence, date.end):
                self._made[self._here].ends_at = date.end

    def _goes_on(self, border: re.Match[str]) -> bool:
        """Whether the clause goes on after a comma: a list, or a name between commas."""
        after = self._sentence[border.end() :]
        return border.lastgroup == "comma" and bool(
            re.match(r"\s(?:\w+\s){1,3}(?:and|or)\s|\s(?:Inc|Jr|Sr|Calif|N\.Y|D\.C)\b", after)
        )

    def _is_date(self, place: int) -> bool:
        """Whether a date begins here, or after “the”: “before the Dec. 9 deadline” has no verb."""
        if self._sentence.startswith("the ", place):
            place += 4
        return any(date.start <= place < date.end for date in self._dates)

    def _has_verb(self, end: int) -> bool:
        """Whether the clause that is being read has its verb already."""
        parts = [*self._made[self._here].parts, Span(self._start, end)]
        return any(_ANY_VERB().search(self._sentence, part.start, part.end) for part in parts if part.end > part.start)

    def _both_dated(self, place: int) -> bool:
        """Whether dates stand on both sides: else nothing is gained by a cut."""
        return any(date.end <= place for date in self._dates) and any(date.start >= place for date in self._dates)

    def _open(self, start: int, link: Link, around: int, *, ends_at_comma: bool, bracket: bool = False) -> None:
        words = self._sentence[self._start : start].split()
        before = " ".join(words[-_WORDS_BEFORE:]) if link not in (Link.BESIDE, Link.SAYS) else ""
        self._close(start)
        self._made.append(_Open(link, around, before, [], ends_at_comma, bracket))
        self._here = len(self._made) - 1
        self._start = start

    def _close(self, end: int) -> None:
        if end > self._start:
            self._made[self._here].parts.append(Span(self._start, end))
        self._start = end

    def _leave_bracket(self, end: int) -> bool:
        """Goes back to the clause around the open bracket or dash; False where none is open."""
        there = self._here
        while there > 0 and not self._made[there].bracket:
            there = self._made[there].around if self._made[there].around >= 0 else 0
        if not self._made[there].bracket:
            return False
        self._close(end)
        self._here = max(self._made[there].around, 0)
        return True

    def _in_quotes(self, place: int) -> bool:
        before = self._sentence[:place]
        return before.count("“") > before.count("”") or before.count('"') % 2 == 1
