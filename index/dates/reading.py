"""What is known while a text is read for dates: the day of writing, the tense, the date named last, the strikes.

Chooses the week of a bare weekday and the year of a bare month; the words themselves are left to `dates.rules`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from corpus.patterns import lazy
from corpus.strikes import Strike
from index.dates.spans import CALENDAR_ERRORS, DateSpan, Found, Grain, Kind, day_span, weekend_of
from index.dates.tense import AHEAD, Tense, sentence_end, sentence_start, tense_at

# Days. A date without year lies within half a year of the writing, nearly always; beyond a tense's word against it,
# a clearly nearer year wins: “was set to expire June 30”, told on 14 July, and “a Jan. 14 deadline”, on 6 January.
JUST_PAST, JUST_AHEAD, FAR = 75, 45, 240
LEAP = 8  # years between two of 29 February, at most: no leap year in 1900 or 2100
DEPTH = 3  # expressions within each other: “late in the week of | the day after | May 2”
NEAR = 400  # a weekday beside a date speaks for a year only that near

_FIRST_WORD = lazy(r"[^\W_]+")
_LEADING_THE = lazy(r"the[^\S\n]", re.IGNORECASE)
_LIST_LINK = lazy(r"(?:\s?[-–—]\s?|,?\s(?:and|or|to|through|until)\s(?:the\s)?|,\s)$", re.IGNORECASE)
_DAY_LAST = lazy(r"(?<![0-9])[0-9]{1,2}(?:st|nd|rd|th)?$")
_STOPPAGE = lazy(r"\b(?:strik(?:e|es|ing)|walkout|stoppage|picket(?:s|ing|ers)?)\b", re.IGNORECASE)
_OTHER_COUNT = lazy(r"^\s(?:of|on|in)\s(?!(?:the\s)?(?:[\w’']+\s){0,4}(?:strike|walkout|stoppage))", re.IGNORECASE)
_SIDES = {
    "games": lazy(r"video[- ]?games?|\bgam(?:e|ing)\b", re.IGNORECASE),
    "writers": lazy(r"\bWGA|\bwriters?\b|\bscribes?\b|\bscreenwriters?\b", re.IGNORECASE),
    "actors": lazy(r"\bSAG|\bactors?\b|\bperformers?\b|\bscreen actors", re.IGNORECASE),
}
_OTHER_SIDES = lazy(
    r"\bUAW\b|\bauto[- ]?workers?\b|\bTeamsters?\b|\b"
    r"(?:nurse|teacher|doctor|janitor|driver|docker|steelworker)(?:s\b|\s(?:strike|walkout)\b)"
    r"|\b(?:dock|hotel|hospital|healthcare|health care|rail|railway|airline|postal|steel|warehouse) ?workers?\b|\bKaiser\b",
    re.IGNORECASE,
)
_AT_NIGHT = lazy(r"\blate (?:on )?[A-Z]|day (?:night|evening)$|\btonight$")
_IN_YEAR = lazy(r"\b(?:[Ii]n|[Dd]uring|[Bb]ack in|[Oo]f|[Ee]arly in|[Ll]ate in)\s$")


@dataclass(slots=True)
class Reading:
    """One pass over a text. `text` is as long as the text given, letter for letter."""

    text: str
    written: DateSpan | None
    strikes: Sequence[Strike]
    read: Callable[["Reading", int, str], Found | None]  # the grammar, for expressions within expressions
    day_first: bool = False
    backward: bool = False  # a question: periods without a year lie behind, unless it says “will”
    sure: frozenset[int] = frozenset()  # places known to be dates, where look-alikes are not feared
    anchor: DateSpan | None = None  # the date named last
    day_anchor: date | None = None  # the day named last
    last: DateSpan | None = None
    last_end: int = -1
    year_named: tuple[int, int] | None = None  # “In 1960”: the year and where it stands
    depth: int = 0
    told_at_night: bool = False  # the day of writing is told as “late Sunday”: “Monday” is then the day after it
    _tenses: dict[int, Tense] = field(default_factory=dict)
    _others_strike: bool | None = None

    @property
    def today(self) -> date | None:
        written = self.written
        return written.first if written and written.first == written.last else None

    @property
    def casual(self) -> bool:
        """Whether the text is typed without capitals."""
        return self.backward

    def read_on(self, place: int) -> Found | None:
        """The date that follows an expression's first words, as in “early | on Tuesday”; no durations."""
        the = _LEADING_THE().match(self.text, place)
        place = the.end() if the else place
        word = _FIRST_WORD().match(self.text, place)
        if word is None or self.depth == DEPTH:
            return None
        self.depth += 1
        found = self.read(self, place, word[0].lower())
        self.depth -= 1
        return found if found and found.kind is not Kind.DURATION else None

    def tense(self, start: int, end: int) -> Tense:
        known = self._tenses.get(start)
        if known is None:
            known = tense_at(self.text, start, end)
            if self.backward and known is not Tense.FUTURE:
                known = Tense.PAST
            self._tenses[start] = known
        return known

    def note(self, start: int, end: int, when: DateSpan | None) -> None:
        """Keeps what was found for the expressions after it."""
        if when and when == self.written and _AT_NIGHT().search(self.text, start, end):
            self.told_at_night = True
        self.last, self.last_end = when, end
        if when is None:
            return
        self.anchor = when
        if when.grain is Grain.DAY and when.first == when.last:
            self.day_anchor = when.first
        if when.grain is Grain.YEAR and end - start == 4 and _IN_YEAR().search(self.text, max(0, start - 12), start):
            self.year_named = (when.first.year, start)

    def continues_list(self, place: int) -> bool:
        """Whether a bare number at `place` goes on with a list of days: “Oct. 24 and | 25”."""
        last = self.last
        if last is None or last.grain is not Grain.DAY or last.first != last.last or place - self.last_end > 12:
            return False
        between = self.text[self.last_end : place]
        return (
            bool(between)
            and _LIST_LINK().fullmatch(between) is not None
            and _DAY_LAST().search(self.text, max(0, self.last_end - 5), self.last_end) is not None
        )

    def weekday(self, weekday: int, start: int, end: int) -> DateSpan | None:
        """The nearest such day, back or ahead by the tense; the day of writing itself counts in both directions."""
        today = self.today
        if today is None:
            return None
        if self.tense(start, end) in AHEAD:
            return day_span(today + timedelta((weekday - today.weekday()) % 7))
        back = (today.weekday() - weekday) % 7
        if back == 6 and self.told_at_night:
            return day_span(today + timedelta(1))
        return day_span(today - timedelta(back))

    def weekend(self, step: int, start: int, end: int) -> DateSpan | None:
        """“the weekend” (0), “last weekend” (−1): the one before or after the day of writing, by the tense."""
        today = self.today
        if today is None:
            return None
        this = weekend_of(today)
        if step:
            return weekend_of(today + timedelta(7 * step))
        ahead = self.tense(start, end) in AHEAD
        return this if ahead or today.weekday() >= 5 else weekend_of(today - timedelta(7))

    def strike_is_meant(self, start: int, end: int) -> bool:
        """Whether “its 100th day” counts a strike: the sentence speaks of one, and of no other count."""
        if _OTHER_COUNT().match(self.text[end : end + 60]):
            return False
        return _STOPPAGE().search(self.text, sentence_start(self.text, start), sentence_end(self.text, end)) is not None

    def strikes_meant(self, words: str, end: int) -> list[Strike]:
        """The strikes whose side is named in the words, else in the sentence; all of them where none is.

        None where others strike: the words, or a text that names no side of these strikes, name nurses or the like.
        """
        sentence = self.text[sentence_start(self.text, end) : sentence_end(self.text, end)]
        for place in (words, sentence):
            if sides := _sides_in(place):
                return [strike for strike in self.strikes if strike.side in sides]
            if place is words and _OTHER_SIDES().search(words):
                return []
        if self._others_strike is None:
            self._others_strike = bool(_OTHER_SIDES().search(self.text)) and not _sides_in(self.text)
        return [] if self._others_strike else list(self.strikes)


def _sides_in(words: str) -> list[str]:
    sides = [side for side, form in _SIDES.items() if form().search(words)]
    return ["games"] if "games" in sides else sides


def fitting_year(
    reading: Reading, start: int, end: int, in_year: Callable[[int], DateSpan], weekday: int | None = None
) -> DateSpan | None:
    """The date in the year that fits: the sentence's own (“In 1960”), else the one nearest the day of writing by tense.

    A weekday beside the date chooses among the years about the writing; where none has it, the source erred, and the
    nearest stays. Raises ValueError where no year has such a day (31 September).
    """
    named = reading.year_named
    if named and sentence_start(reading.text, start) <= named[1] and reading.tense(start, end) is not Tense.FUTURE:
        return in_year(named[0])
    written = reading.written or (reading.anchor if not reading.backward else None)
    if written is None:
        in_year(2000)  # a leap year: raises for days that no year has
        return None
    spans: list[DateSpan] = []
    for reach in (1, LEAP):
        years = range(written.first.year - reach, written.first.year + reach + 1)
        spans = [span for year in years if (span := _span_in(in_year, year))]
        if any(span.first <= written.last for span in spans) and any(span.last >= written.first for span in spans):
            break
    if not spans:
        raise ValueError("No year about the day of writing has such a day.")
    near = [span for span in spans if abs((span.first - written.last).days) <= NEAR] or spans
    if weekday is not None and (fitting := [span for span in near if span.first.weekday() == weekday]):
        return min(fitting, key=lambda span: abs((span.first - written.last).days))
    past = max((span for span in spans if span.first <= written.last), key=lambda span: span.first, default=None)
    ahead = min((span for span in spans if span.last >= written.first), key=lambda span: span.first, default=None)
    if past is None or ahead is None or past == ahead:
        return past or ahead
    return past if _looks_back(reading, start, end, past, ahead, written) else ahead


def _span_in(in_year: Callable[[int], DateSpan], year: int) -> DateSpan | None:
    try:
        return in_year(year)
    except CALENDAR_ERRORS:
        return None


def _looks_back(reading: Reading, start: int, end: int, past: DateSpan, ahead: DateSpan, written: DateSpan) -> bool:
    behind, before = (written.last - past.last).days, (ahead.first - written.last).days
    tense = reading.tense(start, end)
    if reading.backward:
        return tense is not Tense.FUTURE
    if tense is Tense.PAST:
        return not (before <= JUST_AHEAD and behind > FAR)
    if tense is Tense.FUTURE:
        return behind <= JUST_PAST and before > FAR
    if tense is Tense.OPEN:
        return behind * 2 < before
    return behind <= before * 2
