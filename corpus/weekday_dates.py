"""Finds the latest day that an article names with its weekday and tells as past: “On Wednesday, September 13, …”.

Such a day seldom has its year; it is found from the other evidence, the weekdays and the years the text names.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from corpus.date_evidence import EARLIEST, LEAD, MAX_MENTIONS, Finding, Sentence, is_looked_back_at, make_finding
from corpus.day_words import BARE_DAY, DATE, DATE_FORM, MONTH, WEEKDAY_NAMES, YEAR, day_of, fits, nearest_day
from corpus.patterns import lazy
from corpus.strikes import STRIKES

_TOLD = (  # what news reports as done, beside a day
    r"(?:said|told|announced|confirmed|revealed|reported|reached|asked|met|voted|agreed|issued|released|sent|wrote|"
    r"tweeted|shared|filed|signed|approved|rejected|unveiled|declared|called|walked|gathered|picketed|ratified|"
    r"suspended|resumed|accused|ruled|arrested|testified|resigned|fired|charged|returned|delivered|made|offered|"
    r"published|presented|joined|rallied|marched|recaps)"
)
_TOLD_WORD = lazy(rf"\b{_TOLD}\b")
_LEADS_IN = lazy(rf"(?:^\W{{0,2}}(?:On )?|\b{_TOLD}\b.{{0,80}} on |\b{_TOLD}(?: out)?(?: early| late)? |\bnews of )$")
_NOT_YET = lazy(
    r"\b(?:will|would|shall|could|should|may|might|must|if|scheduled|rescheduled|slated|set|expect(?:s|ed)?|"
    r"plan(?:s|ned)?|due|until|upcoming|next|going to|hopes?|deadline|tickets?|airs|starts|begins|"
    r"opens|takes place|kicks? off|tomorrow|through)\b|['’]ll\b"
)
_CAPTION = lazy(
    r"Getty|Reuters\b|AFP|\bAP(?: Photo)?\b|/AP|Hide Caption|[Pp]hoto|Courtesy|\b(?:is|are) seen\b|\bpictured\b|"
    r"\bpose"
)
# What only says when something was: “The contract, which members ratified on …”, “When the guild called a strike on …”
_CLAUSE = lazy(
    r"(?:(?:[,;–—] |\()(?:\w+ ){0,2}(?:which|who|whom|whose)\b|[,;–—] (?:when|where|after|since)\b)[^,;–—]*$"
    r"|^\W*(?:[Ee]ver since|[Ww]hen|[Aa]fter|[Ss]ince|[Bb]efore|[Oo]nce|[Ww]hile|[Bb]y the time)\b[^,]*$"
)
_AGO = lazy(r"^,?(?: \w+){1,4} (?:years?|months|summers?|decades?) ago\b", re.IGNORECASE)
_ONGOING_SINCE = lazy(rf"\b(?:strike|striking|picket lines?) since {DATE_FORM}")
_MONTH_AND_YEAR = lazy(rf"\b{MONTH}\s(?:\d\d?(?:st|nd|rd|th)?,?\s)?((?:19|20)\d\d)\b")


@dataclass(frozen=True, slots=True)
class _Pair:
    match: re.Match[str]
    sentence: Sentence

    @property
    def position(self) -> int:
        return self.sentence.start + self.match.start()


def find_weekday_date(sentences: Sequence[Sentence], text: str, anchor: date | None, latest: date) -> Iterator[Finding]:
    """The latest day that the text names with weekday and date and tells as past, as “On Wednesday, September 13, …”.

    Its year is the fitting one nearest to the other evidence, else the one that `_year` finds. Alone it dates an
    article only in the lead, or where the lead's “said Thursday” is that day or one of the two after it, and only
    where nothing is told of a later date.
    """
    pairs = list(islice(_told_pairs(sentences), MAX_MENTIONS))
    year = None if anchor else _year(pairs, text, latest)
    dated = []
    for pair in pairs:
        own = bool(pair.match["year"])
        day = day_of(pair.match) if own else nearest_day(pair.match, anchor) if anchor else day_of(pair.match, year)
        if day and EARLIEST <= day <= latest and fits(pair.match, day):
            dated.append((day, pair))
    if not dated:
        return
    day, pair = max(dated, key=lambda item: (item[0], -item[1].position))
    news = _news_day(sentences, day)
    background = _names_later_day(sentences, day) or is_looked_back_at(sentences, pair.sentence)
    if news and news <= latest and not background:
        yield make_finding("weekday and date", news, pair.match[0], first=day)
    elif pair.position < LEAD and not background:
        yield make_finding("weekday and date", day, pair.match[0])
    else:  # a day without year is at most a year old
        after = 36_500 if pair.match["year"] else 330
        yield make_finding("weekday and date", day, pair.match[0], after=after, alone=False)


def _names_later_day(sentences: Sequence[Sentence], day: date) -> bool:
    """Whether a later date, up to half a year on, is told as past: then `day` is background, not the news."""
    for sentence in sentences:
        if not _NOT_YET().search(sentence.words):
            for match in DATE().finditer(sentence.words):
                other = day_of(match, day.year)
                if other and 0 < (other - day).days < 183:
                    return True
    return False


def _told_pairs(sentences: Sequence[Sentence]) -> Iterator[_Pair]:
    for i, sentence in enumerate(sentences):
        credit = "".join(follower.words for follower in sentences[i + 1 : i + 2] if len(follower.words) < 80)
        if not _TOLD_WORD().search(sentence.words) or _NOT_YET().search(sentence.words):
            continue
        if _CAPTION().search(sentence.words) or _CAPTION().search(credit):
            continue
        for match in DATE().finditer(sentence.words):
            before = sentence.words[: match.start()]
            if not match["weekday"] or not _LEADS_IN().search(before) or _CLAUSE().search(before):
                continue
            if not _AGO().search(sentence.words[match.end() :]):
                yield _Pair(match, sentence)


def _year(pairs: Sequence[_Pair], text: str, latest: date) -> int | None:
    """The one year in which all pairs fit and which the text itself supports.

    A pair fits every fifth, sixth or eleventh year. It is the latest year the text names, if it names it beside a
    month, or the year of the one strike that began on the day since which the text says people are on strike.
    """
    if not pairs:
        return None
    yearless = [pair.match for pair in pairs if not pair.match["year"]]
    fitting = {
        year
        for year in range(EARLIEST.year, latest.year + 1)
        if all((day := day_of(match, year)) and fits(match, day) and day <= latest for match in yearless)
    }
    for since in _ONGOING_SINCE().finditer(text):
        running = {strike for strike in STRIKES if day_of(since, strike.first.year) == strike.first}
        years = {strike.first.year for strike in running} & fitting
        if len(years) == 1:
            return years.pop()
    named = {int(match[0]) for match in YEAR().finditer(text)}
    beside_month = {int(match[1]) for match in _MONTH_AND_YEAR().finditer(text)}
    if named and (year := max(named)) in fitting & beside_month:
        return year
    return None


def _news_day(sentences: Sequence[Sentence], day: date) -> date | None:
    """The day of the lead's first “… said Thursday” where that is `day` or one of the two days after it.

    Three to six days on it is as likely a day before `day`.
    """
    for sentence in sentences:
        if sentence.start > LEAD:
            return None
        if _NOT_YET().search(sentence.words) or not _TOLD_WORD().search(sentence.words):
            continue
        for bare in BARE_DAY().finditer(sentence.words):
            ahead = (WEEKDAY_NAMES.index(bare[1]) - day.weekday()) % 7
            return day + timedelta(days=ahead) if ahead <= 2 else None
    return None
