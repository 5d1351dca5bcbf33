"""Reads the day that English words name: “Oct 24, 2023”, “Tue, 24 Oct 2023 10:00 GMT”, “2023-10-24T10:00:00Z”.

Holds the names of months and weekdays, for all who read dates, and the patterns of a date in print. What a day says about
an article is left to `dating`.
"""

import re
from datetime import date, datetime

from corpus.patterns import lazy

MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# The first letters of a month, and a weekday in full.
MONTH_START = f"(?:{'|'.join(name[:3] for name in MONTH_NAMES)})"
FULL_WEEKDAY = f"(?:{'|'.join(WEEKDAY_NAMES)})"
# A month in full, or short with its stop.
PRINTED_MONTH = (
    r"(?:Jan(?:uary|\.)|Feb(?:ruary|\.)|Mar(?:ch|\.)|Apr(?:il|\.)|May|June|July|Aug(?:ust|\.)|"
    r"Sept?(?:ember|\.)|Oct(?:ober|\.)|Nov(?:ember|\.)|Dec(?:ember|\.))"
)
# Patterns of a date in print. DATE_FORM names its parts weekday, month, day and year, or month2 and day2, or iso.
MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day\b|\b\.?)"
DATE_FORM = (
    rf"(?:\b(?P<weekday>{WEEKDAY}),?\s{{1,3}})?(?:\bthe\s)?"
    rf"(?:\b(?P<month>{MONTH})\s{{0,2}}(?P<day>\d\d?)(?:st|nd|rd|th)?"
    rf"|\b(?P<day2>\d\d?)(?:st|nd|rd|th)?\s(?:of\s)?(?P<month2>{MONTH}))"
    r"(?![\w:]|,\d{3})(?:,?\s{1,3}(?P<year>(?:19|20)\d\d)\b)?"
    r"|(?<![\d-])(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?![\d-])"
)
DATE = lazy(DATE_FORM)
ANY_CASE_DATE = lazy(DATE_FORM, re.IGNORECASE)  # for by-lines, which are often set in capitals
BARE_DAY = lazy(rf"\b({FULL_WEEKDAY})\b(?!,?\s(?:the\s)?(?:{MONTH}\b|\d))")
YEAR = lazy(r"(?<![\d$£€,.])(?:18|19|20)\d\d(?![\d%]|[.,]\d)")
# What may stand beside a date that is all of a line or value: a weekday, an hour, a zone, punctuation.
FILLER = lazy(
    rf"\b{WEEKDAY}|\b\d\d?(?:[:.]\d\d){{1,2}}\s?(?:[ap]\.?\s?m\b\.?)?|\b\d\d?\s?[ap]\.?\s?m\b\.?"
    r"|\(?\b\d{4}\s(?:GMT|HKT|UTC)\b\)?|[+-]\d\d:?\d\d\b"
    r"|\b(?:[ECMP][SD]?T|GMT|UTC|BST|IST|AE[SD]T|on|at|local|time)\b|[\s|·•—–,;:()/.-]",
    re.IGNORECASE,
)


def parse_day(words: str) -> date | None:
    """The day that is all of `words`, or None where there is none or its weekday is another.

    Reads “2023-10-24T10:00:00Z”, “Oct 24, 2023” and “Tue, 24 Oct 2023 10:00 GMT”. A moment's day is the one of its
    own time zone. Numbers alone count only with the year in front.
    """
    words = " ".join(words.split())
    if len(words) > 60:  # the longest form, with weekday, month, time and zone, has about 45
        return None
    words = re.sub(r"^(\d{4})([/-])(\d\d?)\2(\d\d?)\b", lambda m: f"{m[1]}-{m[3]:0>2}-{m[4]:0>2}", words)
    try:
        return datetime.fromisoformat(words).date()
    except ValueError:
        match = ANY_CASE_DATE().match(words)
    if match is None or FILLER().sub("", words[match.end() :]):
        return None
    day = day_of(match)
    return day if fits(match, day) else None


def say(day: date) -> str:
    """The day as “14 September 2023”, in English whatever the locale."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def day_of(match: re.Match[str], year: int | None = None) -> date | None:
    """The day of a match of DATE_FORM, in `year` where it names none; None where there is no such day."""
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        year = int(match["year"]) if match["year"] else year
        month = month_number(match["month"] or match["month2"])
        return date(year, month, int(match["day"] or match["day2"])) if year else None
    except ValueError:
        return None


def month_number(name: str) -> int:
    """1 for “January”, “Jan.” or “JAN”; ValueError where no month begins so."""
    return [month[:3].lower() for month in MONTH_NAMES].index(name[:3].lower()) + 1


def fits(match: re.Match[str], day: date | None) -> bool:
    """Whether there is a day, and the match of DATE_FORM names no other weekday than the day's."""
    return day is not None and (
        not match["weekday"] or WEEKDAY_NAMES[day.weekday()][:3].lower() == match["weekday"][:3].lower()
    )


def nearest_day(match: re.Match[str], anchor: date | None) -> date | None:
    """The day of a date without year, in the fitting year that is nearest to `anchor`; of two, the earlier."""
    if anchor is None:
        return None
    # A date returns to its weekday after at most 12 years (over 1900 or 2100, which are no leap years).
    days = [day_of(match, year) for year in range(max(anchor.year - 12, 1), min(anchor.year + 12, 9999) + 1)]
    fitting = [day for day in days if day and fits(match, day)]
    return min(fitting, key=lambda day: (abs((day - anchor).days), day), default=None)
