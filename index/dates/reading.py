"""What is known while a text is read for dates: the day of writing, the tense, the date named last, the strikes.

Chooses the week of a bare weekday and the year of a bare month; the words themselves are left to `dates.rules`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from corpus.patterns import lazy
from corpus.strike_sides import OTHERS, sides_in
from corpus.strikes import STRIKES, Strike
from index.dates.spans import CALENDAR_ERRORS, DateKind, DateSpan, FoundDate, Grain, day_span, weekend_of, year_span
from index.dates.tense import AHEAD, Tense, sentence_end, sentence_start, tense_at
from index.dates.words import WEEKDAY

# Days. A date without year lies within half a year of the writing, nearly always; beyond a tense's word against it,
# a clearly nearer year wins: “was set to expire June 30”, told on 14 July, and “a Jan. 14 deadline”, on 6 January.
JUST_PAST, JUST_AHEAD, FAR = 75, 45, 240
LEAP = 8  # years between two of 29 February, at most: no leap year in 1900 or 2100
DEPTH = 3  # expressions within each other: “late in the week of | the day after | May 2”
NEAR = 400  # a weekday beside a date speaks for a year only that near

_FIRST_WORD = lazy(r"[^\W_]+")
_LEADING_THE = lazy(r"the[^\S\n]", re.IGNORECASE)
_LIST_LINK = lazy(r"(?:\s?[-–—]\s?|,?\s(?:and|or|to|through|until)\s(?:the\s)?|,\s)$", re.IGNORECASE)
_WEEKDAY_LAST = lazy(rf"\b{WEEKDAY}(?:\s(?:night|morning|afternoon|evening))?$", re.IGNORECASE)
FROM = lazy(r"\bfrom\s(?:the\s)?$", re.IGNORECASE)
BETWEEN = lazy(r"\bbetween\s(?:the\s)?$", re.IGNORECASE)
_DAY_LAST = lazy(r"(?<![0-9])[0-9]{1,2}(?:st|nd|rd|th)?$")
_STOPPAGE = lazy(r"\b(?:strik(?:e|es|ing)|walkout|stoppage|picket(?:s|ing|ers)?)\b", re.IGNORECASE)
_A_STOPPAGE = r"(?:strike|walkout|stoppage|lockout)"
_OTHER_COUNT = lazy(r"^\s(?:of|on|in)\s(?!(?:the\s)?(?:[\w’']+\s){0,4}(?:strike|walkout|stoppage))", re.IGNORECASE)
# “Of the months-long strike”, but “of the hotel strike”; “the strike at Boeing”, but “the strike against Netflix”.
_OF_ANY_STRIKE = lazy(
    r"(?i:the|an?|its|their|our|his|her|this|that|unions?|guilds?|union['’]s|guild['’]s|hollywood(?:['’]s)?"
    r"|(?:entertainment|film|industry|tv|television|work|labor|labour|picket|first|second|third|last|current|double|dual|twin|own"
    r"|joint|historic|great|big|bitter|costly|creative)(?:['’]s)?|nationwide|national|summer|what|has|become)"
    r"|[a-z-]*(?:ing|ed|ous|ive|long|old|est)|[0-9]{4}(?:-[0-9]{2})?"
)
_WHOSE = lazy(r"\s(?:of|on|in|for|into)\s(.+)\s\S+$", re.IGNORECASE)
_AT_OTHERS = lazy(
    r"\s(?:at|by|against)\s(?:the\s)?(?!The\s|Walt|AMPTP|Alliance|Netflix|Disney|Paramount|Warner|Universal|Sony|Amazon|Apple|NBC|CBS|ABC"
    r"|Fox|Hollywood|WGA|SAG|Writers|Screen)[A-Z]"
)
_YEAR_OF_STRIKE = lazy(r"\b(?P<year>(?:19|20)[0-9]{2})\b")
_OF_YEAR = lazy(r"\s(?:of|in)\s(?P<year>(?:19|20)[0-9]{2})\b")
_AT_NIGHT = lazy(r"\blate (?:on )?[A-Z]|day (?:night|evening)$|\btonight$")
_IN_YEAR = lazy(r"\b(?:[Ii]n|[Dd]uring|[Bb]ack in|[Oo]f|[Ee]arly in|[Ll]ate in)\s(?:the\s)?$")
# “The 1988 strike began …” tells of 1988, “… as long as the 1988 strike” doesn't.
_OPENS_WITH = lazy(r"\W*(?:(?:but|and|during|in)\s)?(?:an?|the|that|[^.,;:]{2,40}['’]s?)\s", re.IGNORECASE)
_OF_STOPPAGE = lazy(
    rf"\s(?:[\w&’'-]+\s){{0,3}}?{_A_STOPPAGE}\b(?!['’]|\s(?:veterans?|captains?|leaders?|organi[sz]ers?|lawyers?|deal"
    r"|contract|agreement|settlement|vote|authori[sz]ation|documentary|film|book|diary|fund)\b)",
    re.IGNORECASE,
)
_GOES_ON_ABOUT = lazy(rf"\W*(?:[Tt]hat\s{_A_STOPPAGE}\b|[Ii]t\s(?:began|started|lasted|ended|ran|dragged)\b)")
_OF_THE_PRESENT = lazy(
    r"\b(?:is|are|has|have|now|this|current|since|who|whose|said|says|told|tells|according"
    r"|report\w*|releas\w*|publish\w*|warn\w*|announc\w*)\b",
    re.IGNORECASE,
)
_LASTS = lazy(r"\b(?:until|till|through)\b", re.IGNORECASE)
_ENDS = lazy(r"\b(?:until|till|through|ended|ending|settled|returned)\b", re.IGNORECASE)
_AFTER = lazy(r"\bafter\b", re.IGNORECASE)  # “struck in August after talks until March”: of the same year
# “Will vote Friday, and Thursday they rallied”, “Wednesday, Tuesday night's session”: no list of days.
_NO_LIST = lazy(
    r"(?:\s(?:night|morning|afternoon|evening))?(?:['’]s|\s(?:they|he|she|it|we|I|you|the|an?)\b)", re.IGNORECASE
)


@dataclass(slots=True)
class DateReading:
    """One pass over a text. `text` is as long as the text given, letter for letter."""

    text: str
    written: DateSpan | None
    read: Callable[["DateReading", int, str], FoundDate | None]  # the grammar, for expressions within expressions
    backward: bool = False  # a question: periods without a year lie behind, unless it says “will”
    sure: frozenset[int] = frozenset()  # places known to be dates, where look-alikes are not feared
    anchor: DateSpan | None = None  # the date named last
    day_anchor: date | None = None  # the day named last
    last: DateSpan | None = None
    last_start: int = -1
    last_end: int = -1
    year_named: tuple[DateSpan, int] | None = None  # “In 1960”, “The 2007-08 strike”: the years and where they stand
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

    def read_on(self, place: int) -> FoundDate | None:
        """The date that follows an expression's first words, as in “early | on Tuesday”; no durations."""
        the = _LEADING_THE().match(self.text, place)
        place = the.end() if the else place
        word = _FIRST_WORD().match(self.text, place)
        if word is None or self.depth == DEPTH:
            return None
        self.depth += 1
        found = self.read(self, place, word[0].lower())
        self.depth -= 1
        return found if found and found.kind is not DateKind.DURATION else None

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
        self.last, self.last_start, self.last_end = when, start, end
        if when is None:
            return
        self.anchor = when
        if when.grain is Grain.DAY and when.first == when.last:
            self.day_anchor = when.first
        if when.grain is Grain.YEAR and self._names_year(start, end, when):
            self.year_named = (when, start)
        elif (  # “in the spring of 1960, from March 7”
            when.grain is Grain.SEASON
            and self.text[end - 4 : end] == f"{when.first.year}"
            and _IN_YEAR().search(self.text, max(0, start - 12), start)
        ):
            self.year_named = (year_span(when.first.year), start)

    def _names_year(self, start: int, end: int, when: DateSpan) -> bool:
        """Whether the dates that follow “In 1960” or “The 2007-08 strike”, at `start`, are of that year."""
        if not (self.text[start].isdigit() and self.text[end - 1].isdigit() and when.last.year - when.first.year <= 1):
            return False
        if _IN_YEAR().search(self.text, max(0, start - 12), start):
            return True
        if self.written is None or self.written.first.year <= when.last.year:
            return False
        opening = sentence_start(self.text, start)
        return bool(_OPENS_WITH().fullmatch(self.text, opening, start) and _OF_STOPPAGE().match(self.text, end))

    def year_for(self, start: int, end: int, in_year: Callable[[int], DateSpan]) -> DateSpan | None:
        """The date at `start` in the year that was named: in its sentence, or in the one before, of a strike alone."""
        if self.year_named is None or self.tense(start, end) is Tense.FUTURE:
            return None
        years, place = self.year_named
        opening = sentence_start(self.text, start)
        if opening > place and not (
            sentence_start(self.text, opening - 2) <= place
            and self.anchor is not None
            and self.anchor.first in years
            and _GOES_ON_ABOUT().match(self.text, opening)
            and _STOPPAGE().search(self.text, sentence_start(self.text, place), opening)
        ):
            return None
        led = opening <= place and _IN_YEAR().search(self.text, max(0, place - 12), place)
        if not led and not self._tells_of_strike(place, start, end):
            return None
        when, before = in_year(years.first.year), self.last
        if years.last.year > years.first.year and when.first.month <= 6:
            when = in_year(years.last.year)  # “the 2007-08 strike”: it lasted over New Year
        if not led and years.last.year == years.first.year and self._before_strike(place, start, when):
            when = in_year(years.last.year + 1)  # “the 2007 writers strike ended in February”
        earlier = before and before.first in years and before.grain is not Grain.YEAR and when.last < before.first
        if (
            earlier
            and (_LASTS if led else _ENDS)().search(self.text, self.last_end, start)
            and not _AFTER().search(self.text, self.last_end, start)
        ):
            when = in_year(when.first.year + 1)
        return when

    def _tells_of_strike(self, place: int, start: int, end: int) -> bool:
        """Whether the date at `start` is told of the strike whose year stands at `place`, and not of a report on it."""
        if _OF_THE_PRESENT().search(self.text, place, start):
            return False
        clause = self.text.rfind(";", place, start)
        if clause >= 0 and not _GOES_ON_ABOUT().match(self.text, clause + 1):
            return False
        return self.tense(start, end) not in AHEAD or _LASTS().search(self.text, place, start) is not None

    def _before_strike(self, place: int, start: int, when: DateSpan) -> bool:
        """Whether the strike of a known side, of the year at `place`, began only after that date of its first year."""
        sides = sides_in(self.text[place:start])
        return any(
            strike.side in sides
            and strike.first.year == when.first.year < strike.last.year
            and when.last < strike.first
            for strike in STRIKES
        )

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

    def leads_to_later(self, place: int) -> bool:
        """Whether a number at `place` that goes on with a list ends a span: “Oct. 20-| 24”, “from Oct. 20 to | 24”."""
        link = self.text[self.last_end : place].split()[0].lower()
        lead = max(0, self.last_start - 14)
        if link == "and":
            return BETWEEN().search(self.text, lead, self.last_start) is not None
        if link in ("to", "through", "until"):
            return FROM().search(self.text, lead, self.last_start) is not None
        return self.text[self.last_end] in "-–"

    def weekday(self, weekday: int, start: int, end: int) -> DateSpan | None:
        """The nearest such day, back or ahead by the tense; the day of writing itself counts in both directions.

        Of days that lie ahead, each in a list is after the one before it: “Tuesday, Thursday and Saturday”.
        """
        today = self.today
        if today is None:
            return None
        if self.tense(start, end) in AHEAD:
            listed = self.last and self.last.first >= today and self._goes_on_with_weekdays(weekday, start, end)
            earliest = self.last.first + timedelta(1) if self.last and listed else today
            return day_span(earliest + timedelta((weekday - earliest.weekday()) % 7))
        back = (today.weekday() - weekday) % 7
        if back == 6 and self.told_at_night:
            return day_span(today + timedelta(1))
        return day_span(today - timedelta(back))

    def _goes_on_with_weekdays(self, weekday: int, start: int, end: int) -> bool:
        eve = self.last is not None and (self.last.first - timedelta(1)).weekday() == weekday
        return (
            not eve  # “Thursday or Wednesday”
            and _LIST_LINK().fullmatch(self.text, self.last_end, start) is not None
            and _WEEKDAY_LAST().search(self.text, self.last_start, self.last_end) is not None
            and not _NO_LIST().match(self.text, end)
        )

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

    def strikes_meant(self, words: str, end: int) -> tuple[list[Strike], bool]:
        """The strikes whose side is named in the words, else in the sentence; else all. Whether side or year is named.

        None where others strike: the words (“of the Boeing strike”) or a text that names no side of these strikes.
        """
        strikes = list(STRIKES)
        year = _YEAR_OF_STRIKE().search(words) or _OF_YEAR().match(self.text, end)
        if year:
            strikes = [one for one in strikes if one.first.year <= int(year["year"]) <= one.last.year]
        sentence = self.text[sentence_start(self.text, end) : sentence_end(self.text, end)]
        for place in (words, sentence):
            sides = sides_in(place)
            if sides - {OTHERS}:
                return [strike for strike in strikes if strike.side in sides], True
            if place is words and (sides or _names_others(words)):
                return [], True
        if _AT_OTHERS().match(self.text, end):
            return [], True
        if self._others_strike is None:
            self._others_strike = sides_in(self.text) == {OTHERS}
        return ([], True) if self._others_strike else (strikes, year is not None)


def _names_others(words: str) -> bool:
    """Whether “the 42nd day of the Boeing strike” says whose it is: by a word that any strike could not have."""
    whose = _WHOSE().search(words)
    return whose is not None and any(not _OF_ANY_STRIKE().fullmatch(word) for word in whose[1].split())


def fitting_year(
    reading: DateReading, start: int, end: int, in_year: Callable[[int], DateSpan], weekday: int | None = None
) -> DateSpan | None:
    """The date in the year that fits: the sentence's own (“In 1960”), else the one nearest the day of writing by tense.

    A weekday beside the date chooses among the years about the writing; where none has it, the source erred, and the
    nearest stays. Raises ValueError where no year has such a day (31 September).
    """
    named = reading.year_for(start, end, in_year)
    if named and (weekday is None or named.first.weekday() == weekday):
        return named
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


def _looks_back(reading: DateReading, start: int, end: int, past: DateSpan, ahead: DateSpan, written: DateSpan) -> bool:
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
