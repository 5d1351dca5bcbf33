"""Turns the acts found in one sentence into events: sure or not, whose, and on which day.

A sentence is cut into clauses at the words that join them; what a clause makes unsure, and what a sentence tells of long
ago, is no event. Whose an act is tells `told_sides`; finding the acts is `told_events`'.
"""

import re
from collections.abc import Sequence
from datetime import date

from corpus.day_words import YEAR
from corpus.patterns import lazy
from index.dates import find_dates
from index.dates.spans import DateExpression, DateKind, Grain
from index.doubts.told_records import Dated, Deed, ToldEvent
from index.doubts.told_sides import Sides
from index.doubts.told_words import (
    BODIES,
    BORDER,
    CONTRACT,
    DOUBTFUL,
    GOVERNED,
    GRANTED,
    LONG_AGO,
    MEMBERS,
    OBJECT,
    OF_ELSE,
    OTHER_VERB,
    UNSURE,
)

# Code points between an act and its date. Judged.
_FAR = 80
_WORDS = 80  # of an event's words, as they are shown
_STRIKE_DID = lazy(r"(?:strike|walkout|work\sstoppage)\b(?!.*\b(?:that|which)\b).*", re.IGNORECASE | re.DOTALL)
# What all dates have that are looked for, so that few sentences are read for them.
_DATE_LIKE = lazy(
    r"\d|day\b|tonight|week|month|year|morning|ago\b|summer|spring|\bfall\b|autumn|winter"
    r"|\b(?:January|February|March|April|May|June|July|August|[A-Z]\w+ber)\b"
)
_FLOATING = lazy(
    r"(?:earlier\s|later?\s|early\s)*(?:today|yesterday|tonight|last\snight|last\sweek(?:end)?|over\sthe\sweekend"
    r"|this\s(?:morning|afternoon|evening|week(?:end)?))",
    re.IGNORECASE,
)
# What may stand before a date that opens a clause.
_OPENS = lazy(
    r"\W*(?:(?:[Oo]n|[Ll]ate|[Ee]arly|[Aa]t|[Jj]ust|[Bb]y|past|of|the\snight|midnight|\d[\d:.]*\s?[ap]\.?m\.?,?|\d\d?:\d\d)\s)*\W*"
)


class ClauseReader:
    """One sentence, and what its acts need to be told: clauses, sides, dates."""

    def __init__(self, words: str, sides: Sides) -> None:
        self._words = words
        self._small = words.lower()
        self._sides = sides
        self._borders = [(one.start(), one.end()) for one in BORDER().finditer(words)]

    def events(self, told: Sequence[tuple[Deed, re.Match[str]]], published: date | None) -> list[ToldEvent]:
        sure = [
            (deed, match, self._sides.side_of(deed, match, *self._clause(match)))
            for deed, match in told
            if self._is_sure(deed, match)
        ]
        sure = [one for one in sure if one[2]]
        if not sure:
            return []
        dates = []
        if _DATE_LIKE().search(self._words):
            dates = [one for one in find_dates(self._words, written=published) if one.kind is not DateKind.DURATION]
        # The dates of acts that are left out are theirs: they don't tell when the others were.
        owned = [self._date_of(match, dates) for _, match in told]
        of = {match: one for (_, match), one in zip(told, owned, strict=True)}
        loose = any(_how_dated(one) is not Dated.FLOATING for one in dates if one not in owned)
        long_ago = bool(LONG_AGO().search(self._small))
        silent = None if loose or "the first time" in self._words else Dated.NONE
        found = []
        for deed, match, side in sure:
            own = of[match]
            dated = _how_dated(own) if own else silent
            if dated is None or (dated is not Dated.FULL and (long_ago or self._has_bare_year(dates))):
                continue
            day = own.when.first if own and own.when and own.when.grain in (Grain.DAY, Grain.MONTH) else None
            if day and own and own.when and own.when.grain is Grain.MONTH:
                day = day.replace(day=1) if dated is Dated.MONTH else None
            words = " ".join(match[0].split())[:_WORDS].rstrip()
            found.append(ToldEvent(side, deed, dated, day, words))
        return found

    def _is_sure(self, deed: Deed, match: re.Match[str]) -> bool:
        left, right = self._clause(match)
        before, after = self._words[left : match.start()], self._words[match.end() : right]
        if left and self._words[:left].rstrip().endswith(("before", "Before", "until", "Until", "if", "If")):
            return False
        if GRANTED().search(before):
            before = ""
        if UNSURE().search(before) or UNSURE().search(match[0]) or UNSURE().match(after.lstrip()):
            return False
        if DOUBTFUL().search(self._small):
            return False
        if _STRIKE_DID().fullmatch(match[0]) and (GOVERNED().search(before) or OBJECT().match(after)):
            return False
        if deed is Deed.AGREED and OF_ELSE().match(after):
            return False
        if deed in (Deed.RATIFIED, Deed.REJECTED):
            if BODIES().search(before.lower()) or not CONTRACT().search(self._small):
                return False
            return not match[0].lower().startswith("approved") or bool(MEMBERS().search(self._small, left, right))
        return True

    def _clause(self, match: re.Match[str]) -> tuple[int, int]:
        """Where the clause around a match begins and ends."""
        left = max((end for _, end in self._borders if end <= match.start()), default=0)
        right = min((start for start, _ in self._borders if start >= match.end()), default=len(self._words))
        return left, right

    # --- when ---

    def _date_of(self, match: re.Match[str], dates: Sequence[DateExpression]) -> DateExpression | None:
        """The date that stands after the words of the act, before them, or opens their clause."""
        after = next((one for one in dates if one.span.start >= match.end()), None)
        if after:
            gap = self._words[match.end() : after.span.start]
            if (
                len(gap) <= _FAR
                and "," not in gap.rstrip(", ")
                and not BORDER().search(gap)
                and not OTHER_VERB().search(gap)
            ):
                return after
        before = [one for one in dates if one.span.end <= match.start()]
        if before:
            last = before[-1]
            gap = self._words[last.span.end : match.start()]
            left, _ = self._clause(match)
            if not BORDER().search(gap):
                opens = _OPENS().fullmatch(self._words, left, last.span.start)
                if (opens and len(gap) <= _FAR) or not gap.strip():
                    return last
        return None

    def _has_bare_year(self, dates: Sequence[DateExpression]) -> bool:
        """Whether the sentence names a year that is not a day's."""
        days = [one.span for one in dates if one.when and one.when.grain is Grain.DAY]
        return any(
            not any(span.start <= year.start() < span.end for span in days) for year in YEAR().finditer(self._words)
        )


def _how_dated(one: DateExpression) -> Dated | None:
    """How an expression dates; None where it tells no one day, nor a time about the article's."""
    if one.kind is DateKind.WEEKDAY or (one.kind is not DateKind.PERIOD and _FLOATING().fullmatch(one.words)):
        return Dated.FLOATING
    if one.when and one.when.grain is Grain.MONTH and one.kind is DateKind.PARTIAL:
        return Dated.MONTH
    if one.when is None or one.when.grain is not Grain.DAY or one.when.first != one.when.last:
        return None
    return {DateKind.ABSOLUTE: Dated.FULL, DateKind.PARTIAL: Dated.YEARLESS}.get(one.kind)
