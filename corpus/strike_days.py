"""Finds the day on which an article counts a strike's days: “the strike, now in its 136th day”.

Only counts that tell how long a strike lasts *now* are read: not history, not a guess ahead, not a rounded length.
The strikes themselves are left to `strikes`.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

from corpus.date_evidence import LEAD, MAX_MENTIONS, Finding, Sentence, is_looked_back_at, make_finding
from corpus.day_words import BARE_DAY, DATE, WEEKDAY_NAMES, YEAR, day_of
from corpus.number_words import CARDINALS, ORDINALS, number, ordinal
from corpus.patterns import lazy, one_of
from corpus.strike_sides import sides_in
from corpus.strikes import STRIKES

_NUMBER_WORD = one_of((*CARDINALS, *ORDINALS))
_NUMBER = rf"(?P<number>\d{{1,3}}(?:st|nd|rd|th)?|(?:an? )?{_NUMBER_WORD}(?:[ -](?:and[ -])?{_NUMBER_WORD}){{0,4}})"
_STOPPAGE = r"(?:strikes?|walkout|work stoppage|stoppage)"
_MODIFIERS = r"(?:[\w&.'’/-]+ ){0,5}?"  # “of the writers’ strike”, “the guild's ongoing strike”
_COUNTS = tuple(
    lazy(form, re.IGNORECASE)
    for form in (
        rf"\b{_STOPPAGE} (?:has|have) (?:now |already |so far )?"
        r"(?:lasted|gone on|run|dragged on|stretched|continued|been (?:going on|under ?way))"
        rf"(?: on)?(?: for)? {_NUMBER} days\b",
        r"\b(?:has|have|['’]ve) (?:now |already )?been (?:out )?"
        rf"(?:on strike|striking|on the picket lines?|picketing) (?:for )?{_NUMBER} days\b",
        rf"(?<![\w-]){_NUMBER}[- ]day(?:[- ](?:old|long))? {_MODIFIERS}{_STOPPAGE}\b",
        rf"(?<![\w-]){_NUMBER} day of {_MODIFIERS}{_STOPPAGE}\b",
        rf"(?<![\w-]){_NUMBER} (?:straight )?day on (?:strike|the picket lines?)\b",
        rf"\b{_STOPPAGE}(?:,| [—–-]+)?(?: (?:which|that))?(?: (?:is|was))? (?:now )?"
        rf"(?:in|on|at|enters|entered|reaches|reached|hits|hit) (?:its |the )?{_NUMBER} day\b",
        rf"\bday {_NUMBER} (?:of|in) {_MODIFIERS}{_STOPPAGE}\b",
        rf"\b{_STOPPAGE}[:,]?(?: (?:is|now|on|in|at|enters|entered|reaches|reached|hits|hit)){{0,3}}"
        rf" day {_NUMBER}\b",
        rf"(?<![\w-]){_NUMBER} days into {_MODIFIERS}{_STOPPAGE}\b",
    )
)
_ABOUT_STRIKES = lazy(r"strik|walkout|stoppage|picket", re.IGNORECASE)  # the patterns above are slow
# “has lasted 136 days”; “the 136-day strike”; “the 136th day of the strike”
_PERFECT_FORMS, _LENGTH_FORM, _DAY_FORMS = (0, 1), 2, (3, 4, 5, 6, 7)
# A length that is nearly the whole strike's is told after its end, for years, and outlets differ by a day or two.
_NEAR_THE_END = 3  # days
_HISTORY_BEFORE = lazy(
    r"\b(?:than|nearly|about|almost|around|over|some|roughly|approximately|first|last|previous|past|prior|earlier|every|"
    r"record|surpass\w*|exceed\w*|match\w*|eclips\w*|end(?:ed|s|ing)?(?: of| to)?|after|following|since|settled|resolved|"
    r"concluded|survived|least|another|original|infamous|crippling|bitter)(?: an?| the| their| its)?"
    r"(?: [\w'’-]+){0,2}\s*[\w'’-]*$",
    re.IGNORECASE,
)
_HISTORY_AFTER = lazy(
    r"^[^.]{0,60}?\b(?:ago|earlier|ended|that ended|was settled|in the (?:late|early|19)|before|under contract|then)\b",
    re.IGNORECASE,
)
_HISTORY = lazy(
    r"\b(?:had (?:lasted|gone|been|dragged|stretched)|anniversary|back in|back then|at the time|decades?|"
    r"history of|in history|recall(?:s|ed)|remember(?:s|ed)?|looking back|once)\b|\b(?:would|will|could|might|if)\b|\bmay\b"
)
# A time beside which “on day 80” is history; “has lasted 80 days” tells of now beside it, too.
_LONG_AGO = lazy(
    r"\b(?:years?|summers?|winters?|seasons?|decades?) (?:ago|later|earlier)\b|\bby the time\b|\bin those days\b|"
    r"\blast (?:year|summer|fall|autumn|winter|spring|season)\b|"
    r"^\W*(?:\w+ ){1,3}(?:days|weeks?|months?) (?:ago|later|earlier)\b|"
    r"\blast (?:week|month),? (?:on|by|at) (?:the )?$",
    re.IGNORECASE,
)
_WHEN_BEFORE = lazy(r"\bwhen\b[^,;:]*$", re.IGNORECASE)
_WHEN_AFTER = lazy(r"^[^,;:]*\bwhen\b", re.IGNORECASE)
_WAS = lazy(r"\b(?:was|were)(?: \w+)? (?:on|in|at)(?: (?:the|its|their))? $")  # not “It was day 127 of …”
_NOW = lazy(r"\b(?:today|now|mark(?:s|ed|ing)|enters|entered|entering|is|are|as of|so far)\b|^\W*day\b", re.IGNORECASE)
_SCREEN_ACTORS = lazy(r"SAG|Screen Actors|Hollywood")


def find_strike_day(sentences: Sequence[Sentence], text: str, anchor: date | None, latest: date) -> Iterator[Finding]:
    """The latest day that a count of strike days gives, of the counts that tell how long a strike lasts *now*.

    A count that fits two strikes gives nothing, unless other evidence is on one of the two days.
    """
    counted: dict[date, str] = {}
    for i, form, match, count in islice(_counts(sentences), MAX_MENTIONS):
        sides = _sides(sentences[max(i - 1, 0) : i + 1], match, text)
        days = {
            day
            for strike in STRIKES
            if strike.side in sides
            and (day := strike.day(count))
            and day <= latest
            and not (form == _LENGTH_FORM and day > strike.last - timedelta(_NEAR_THE_END))
            and _weekday_agrees(sentences[i], match, day)
        }
        if len(days) > 1:
            days = {day for day in days if _supported(day, days, text, anchor)}
        if len(days) == 1:
            counted[days.pop()] = match[0]
    if counted:
        day = max(counted)
        yield make_finding("strike day", day, counted[day])


def _counts(sentences: Sequence[Sentence]) -> Iterator[tuple[int, int, re.Match[str], int]]:
    """Each count that tells the moment of writing: number of its sentence, of its form, the match, the days."""
    for i, sentence in enumerate(sentences):
        if _ABOUT_STRIKES().search(sentence.words):
            for form, pattern in enumerate(_COUNTS):
                for match in pattern().finditer(sentence.words):
                    count = _number(match["number"])
                    if count is None or not _is_now(sentence, match, form):
                        continue
                    if form in _PERFECT_FORMS or not is_looked_back_at(sentences, sentence):
                        yield i, form, match, count


def _is_now(sentence: Sentence, match: re.Match[str], form: int) -> bool:
    """Whether the count tells the moment of writing: not history, not a guess ahead, not rounded, not a told date."""
    words = sentence.words
    before, after = words[: match.start()], words[match.end() :]
    if YEAR().search(words) or re.search(r"['’]\d\d\b", words) or _HISTORY().search(words):
        return False
    for told in DATE().finditer(words):
        if not any(day_of(told, strike.first.year) == strike.first for strike in STRIKES):
            return False  # “On Aug. 9, day 100 of the strike, …” tells that day; “since May 2” only the start
    if _HISTORY_BEFORE().search(before[-60:]) or _HISTORY_AFTER().search(after):
        return False
    if form not in _PERFECT_FORMS and (_LONG_AGO().search(words) or _LONG_AGO().search(before)):
        return False
    if form in _DAY_FORMS and _is_past(before, match, after, bool(BARE_DAY().search(words))):
        return False
    if form in _DAY_FORMS and sentence.start > LEAD:
        return bool(_NOW().search(words) or BARE_DAY().search(words))
    return True


def _is_past(before: str, match: re.Match[str], after: str, has_weekday: bool) -> bool:
    """Whether the count only says when something else was: “when the strike entered its 80th day, she left”.

    News says “was” and “when” of its own day as well, but beside a weekday: “The strike was in its 80th day Friday.”
    """
    if _WHEN_BEFORE().search(before):
        return True
    was = re.search(r"\bwas\b", match[0]) or _WAS().search(before[-60:])
    return not has_weekday and bool(was or _WHEN_AFTER().search(after))


def _sides(around: Sequence[Sentence], match: re.Match[str], text: str) -> set[str]:
    """Whose strike it is: named in the count or as its owner, else in its sentence, the one before, the text.

    The first of these places that names anyone decides, and gives nothing where it names several.
    """
    words = around[-1].words
    # “SAG-AFTRA's 103-day strike”
    owner = re.search(r"[\w-]+(?: [\w-]+)?(?:['’]s|s['’]) $", words[: match.start()][-60:])
    for place in (match[0], owner[0] if owner else "", words, around[0].words, text):
        named = sides_in(place)
        if named == {"actors"} and "games" in sides_in(text):
            return {"actors", "games"}
        if named == {"actors"} and "Equity" in text and not _SCREEN_ACTORS().search(text):
            return set()  # the actors of the stage
        if named:
            return named if len(named) == 1 else set()
    return set()


def _weekday_agrees(sentence: Sentence, match: re.Match[str], day: date) -> bool:
    """False where “Thursday marked the 136th day” says another weekday than `day`'s (or the next: some count from 0)."""
    before = sentence.words[: match.start()]
    named = re.search(r"(\w+day) (?:marked|marks|is|was) (?:the |day |their |its )?$", before)
    if named is None or named[1] not in WEEKDAY_NAMES:
        return True
    return (WEEKDAY_NAMES.index(named[1]) - day.weekday()) % 7 in (0, 1)


def _supported(day: date, days: set[date], text: str, anchor: date | None) -> bool:
    """Whether `day`, of several, is the only one that the rest of the text leaves possible."""
    if anchor:
        return abs((day - anchor).days) <= 2
    named = [int(match[0]) for match in YEAR().finditer(text)]
    # SAG-AFTRA exists since 30 March 2012, and no text names a year that is more than two ahead of it.
    floor = max([2012 if "SAG-AFTRA" in text else 0, *(year - 2 for year in named if year <= max(days).year + 2)])
    started = {
        strike.first
        for strike in STRIKES
        for match in DATE().finditer(text)
        if day_of(match, strike.first.year) == strike.first
    }
    starts = {strike.first for strike in STRIKES if strike.first <= day <= strike.last}
    return day.year >= floor and (bool(started & starts) if started else day.year >= floor > min(days).year)


def _number(words: str) -> int | None:
    """“136”, “136th”, “one hundred and third” → the number, or None below 3: “the first day” is told for years."""
    count = ordinal(words) or number(words)
    return int(count) if count and 3 <= count <= 999 else None
