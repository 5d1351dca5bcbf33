"""Says where an article's own words contradict its date, in a sentence, or “” where they don't: for “date uncertain”.

Looked at are its beginning and end: a date after the day on which it was added, dates told as past that lie after its own,
weekdays that fit their dates in no year about it, counted days and months of a known strike, and one that hadn't begun.
Precision comes first: a doubt that is wrong makes readers distrust a right date. Dating articles is `corpus.dating`'s.
"""

import re
from datetime import date, timedelta

from corpus.date_evidence import LATEST, Sentence, split_sentences
from corpus.day_words import DATE, FULL_WEEKDAY, PRINTED_MONTH, WEEKDAY_NAMES, YEAR, day_of, fits, say
from corpus.number_words import CARDINALS, number
from corpus.patterns import lazy
from corpus.strike_days import find_strike_day
from corpus.strike_sides import side_of
from corpus.strikes import STRIKES, Strike
from index.dates.tense import sentence_end, sentence_start
from index.events.strikes import SOON

# Code points that are read: news tells its moment at the top, and a strike's day there or in the last lines.
HEAD, TAIL = 6_000, 1_500
# Days. A time zone, and the hours between writing and its date; a count that starts at 0.
NEAR = 1
# Days. A weekday beside a date without a year speaks for a year that near.
HALF_A_YEAR = 183
# Days. A weekly may tell a count of the week before.
LATE = 10
# Days by which a strike told in months may be told long: “five-month-old” on its 120th day.
ROUNDED = 45

_STRIKE = ("strike", "striking", "walkout", "stoppage", "picket")
# A count of days as `corpus.strike_days` reads them; a look for it costs less than cutting a text into sentences.
_COUNT = lazy(
    rf"\bday (?:\d|{'|'.join(CARDINALS)})|(?:\d(?:st|nd|rd|th)?|[a-z])[ -]days?\b",
    re.IGNORECASE,
)
# Numbers are looked for first, then months before them: ten times as fast as looking for months.
_NUMBER = lazy(r"\s(?=\d\d?\b(?![%:]|,\d))")
_MONTH_BEFORE = lazy(rf"(?:\b{FULL_WEEKDAY},?\s)?\b{PRINTED_MONTH}$")
_ENDS_MONTH = ("y", "h", "l", "e", "t", "r", ".")
# Right before a date, what tells that it is past: “which began Sept. 25”, “was ratified by members on June 24”.
_TOLD = (
    r"(?:[a-z]{2,}ed|was|were|began|went|came|fell|broke|met|held|sat|won|lost|left|led|took|made|ran|rose|struck|quit|"
    r"shut|died)"
)
_NO_GAP = r"(?:(?:to|for|until|till|before|as|through|from|of)\b|by\s$)"
_PAST = lazy(
    rf"(?<![-\w])(?<!\bbe\s)(?<!\bis\s)(?<!\bare\s)(?<!\bbeen\s)(?<!\bto\s){_TOLD}\s"
    rf"(?:(?!{_NO_GAP})[a-z’'-]+\s){{0,4}}(?:on\s|early\s|late\s|early on\s|late on\s)?(?:\w+day,?\s)?$"
)
# A date in front of a noun is its name: “the Aug. 16 primary”.
_NO_NAME = lazy(
    r"\s*(?:$|[.,;:)”\"’—–]|(?:and|but|as|after|when|while|in|at|with|to|by|that|because|following|during)\b)"
)
_CLAUSE = lazy(r"[,;:—–]\s|[,;:—–]$|\s(?:which|who|that|where)\s")
_AHEAD = lazy(
    r"\b(?:will|would|shall|could|should|may|might|must|if|scheduled|rescheduled|slated|expect\w*|plann?\w*|due|upcoming|next|"
    r"hop\w+|deadline|tickets?|airs|starts|begins|opens|tomorrow|until|set|propos\w+|last year|years? ago|anniversary|"
    r"born|attacks?|postponed|moved|delayed|extended|agreed|releas\w+|premier\w+)\b|['’]ll\b",
    re.IGNORECASE,
)
_BEGUN = lazy(
    r"\b(?:went on strike|walked out|walked off|(?:have|has) (?:gone|been) on strike|on strike since|"
    r"strike (?:that )?(?:began|started))\b",
    re.IGNORECASE,
)
_NOT_YET = lazy(
    r"\b(?:will|would|could|may|might|if|threat\w*|unless|before|averted?|avoid\w*|last|previous\w*|ago|history|once|when|"
    r"(?:19|20)\d\d|first|earlier|since|authoriz\w+|vote\w*)\b",
    re.IGNORECASE,
)
# “the five-month-old strike”, not “plans for a six-month walkout”.
_MONTHS_OLD = lazy(
    r"(?:\b(?:the|their|this|its|ongoing|current|now)\s(?:[\w’'-]+\s)?|['’]s?\s)"
    r"(?P<count>\d\d?|[a-z]+)[- ]month(?:[- ](?:old|long))?\s(?:[\w’'/-]+\s){0,4}?(?:strike|walkout|stoppage)\b",
    re.IGNORECASE,
)


def doubt_of(text: str, published: date | None, added: date | None = None) -> str:
    """A sentence on what contradicts the article's date, or “”; an undated article has nothing to be doubted.

    `added` is the day on which the article came into the corpus. Never raises. About 0.3 ms for news of 500 words.
    """
    if published is None:
        return ""
    if added and published > added + timedelta(NEAR):
        return f"It is dated {say(published)}, but was in the corpus on {say(added)} already."
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    found = _told_dates(text, published)
    if not found and any(word in text for word in _STRIKE):
        found = _counted_days(text, published) or _strike_age(text, published)
    return found


def _told_dates(text: str, published: date) -> str:
    """A day told as past that lies after the article's own, or weekdays that fit their dates in no year about it."""
    wrong, fitting = "", False
    for digits in _NUMBER().finditer(text):
        place = digits.start()
        if text[place - 1 : place] not in _ENDS_MONTH:
            continue
        month = _MONTH_BEFORE().search(text, max(0, place - 24), place)
        match = DATE().match(text, month.start()) if month else None
        day = day_of(match, published.year) if match else None
        if match is None or day is None:
            continue
        if match["weekday"] and not match["year"]:
            days = [other for step in (-1, 0, 1) if (other := day_of(match, published.year + step))]
            near = [other for other in days if abs((other - published).days) <= HALF_A_YEAR]
            fitting |= any(fits(match, other) for other in near)
            if near and not wrong:
                nearest = min(near, key=lambda other: abs((other - published).days))
                weekday = WEEKDAY_NAMES[nearest.weekday()]
                wrong = f"It speaks of “{_words(match)}”, which in {nearest.year} was a {weekday}."
        # Farther ahead than `SOON` it is more likely of another year, unless it names its own.
        ahead = (day - published).days
        far = ahead > SOON
        if ahead > NEAR and (match["year"] or not far) and _is_past(match, text, far=far):
            return f"It tells “{_words(match)}” as past, but is dated {say(published)}."
    return "" if fitting else wrong


def _is_past(match: re.Match[str], text: str, *, far: bool) -> bool:
    """Whether the words right before a date tell it as past, and nothing in its clause looks ahead; if `far`, nothing in its
    sentence: “printed May 5, 2025 as the day on which the raise would apply”.
    """
    before = text[sentence_start(text, match.start()) : match.start()]
    after = text[match.end() : sentence_end(text, match.end())]
    clause = f"{_CLAUSE().split(before)[-1]} {_CLAUSE().split(after)[0]}"
    return bool(
        _PAST().search(before)
        and _NO_NAME().match(after)
        and not _AHEAD().search(f"{before} {after}" if far else clause)
        and (match["year"] or not YEAR().search(f"{before} {after}"))
    )


def _words(match: re.Match[str]) -> str:
    return " ".join(match[0].split())


def _counted_days(text: str, published: date) -> str:
    """“the strike's 136th day”, on another day than its 136th."""
    if not any(_near(published, strike) for strike in STRIKES) or not _COUNT().search(text):
        return ""
    lines = {text.rfind("\n", 0, match.start()) + 1 for match in _COUNT().finditer(text)}
    pieces = [
        (start, text[start : end if (end := text.find("\n", start)) >= 0 else len(text)]) for start in sorted(lines)
    ]
    sentences = [
        Sentence(start + one.start, one.words)
        for start, line in pieces
        if any(word in line for word in _STRIKE)
        for one in split_sentences(line)
    ]
    for finding in find_strike_day(sentences, text, published, LATEST):
        counted = finding.evidence.day
        if counted > published + timedelta(NEAR) or counted < published - timedelta(LATE):
            return f"It counts “{finding.evidence.words}”, which was {say(counted)}, but is dated {say(published)}."
    return ""


def _strike_age(text: str, published: date) -> str:
    """A strike told as older than it was, or as begun before it had begun."""
    for match in _MONTHS_OLD().finditer(text) if "month" in text.lower() else ():
        sentence = text[sentence_start(text, match.start()) : sentence_end(text, match.end())]
        months = number(match["count"]) or 0
        side = side_of(match[0]) or side_of(sentence)
        for strike in STRIKES:
            if strike.side == side and strike.first <= published <= strike.last and not YEAR().search(sentence):
                lasted = (published - strike.first).days + 1
                if months * 30 > lasted + ROUNDED:
                    words = text[match.start("count") : match.end()]
                    return f"It speaks of a “{words}”, which on {say(published)} was {lasted} days old."
    for strike in STRIKES:
        if timedelta(NEAR) < strike.first - published <= timedelta(SOON):
            for match in _BEGUN().finditer(text):
                sentence = text[sentence_start(text, match.start()) : sentence_end(text, match.end())]
                if side_of(sentence) == strike.side and not _NOT_YET().search(sentence.replace(match[0], "")):
                    return f"It says “{match[0]}”, but is dated {say(published)}, and that strike began on {say(strike.first)}."
    return ""


def _near(day: date, strike: Strike) -> bool:
    return strike.first - timedelta(SOON) <= day <= strike.last + timedelta(SOON)
