"""Reads the days that people give beside a question, as people write days.

Everything here is synchronous, and may read a disk on first use: call it off the event loop.
"""

import re
from datetime import date, datetime
from typing import Literal

from bot import words_asking
from bot.errors import WordsError
from index.dates import read_period
from index.questions.asked_period import local_day

Option = Literal["since", "until"]

# “since June” typed into the option “since” says the word twice.
_LEAD = re.compile(r"^(?:since|from|after|until|till|up to|before|in|on|the)\s+", re.IGNORECASE)
_TODAY = frozenset({"now", "today"})
_NUMBERS = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})")
# “the 2nd of May”, “24. October”: said in many ways, read in one.
_ORDINAL = re.compile(r"\b([0-9]{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?=[A-Za-z])", re.IGNORECASE)
# As long as the longest that can be meant, with room: “the third week of September two years ago”.
_LONGEST = 80


def period(since: str | None, until: str | None, *, now: datetime, timezone: str) -> tuple[date | None, date | None]:
    """Both options as days, the first of “since”'s words and the last of “until”'s; WordsError names what can't be read."""
    today = local_day(now, timezone)
    first = read_day("since", since, today) if since and since.strip() else None
    last = read_day("until", until, today) if until and until.strip() else None
    if first and last and first > last:
        raise WordsError(words_asking.wrong_order(_short(since), _short(until)))
    return first, last


def read_day(option: Option, text: str, today: date) -> date:
    """The day that the words mean: “October 2023” is its first day as `since` and its last as `until`.

    A date without year lies behind. 5/6/2023, which is two days to two people, is asked about instead of guessed.
    """
    words = " ".join(text.split())
    while lead := _LEAD.match(words):
        words = words[lead.end() :]
    words = _ORDINAL.sub(r"\1 ", words)
    if words.lower() in _TODAY:
        return today
    if numbers := _NUMBERS.fullmatch(words):
        return _by_numbers(option, text, *(int(one) for one in numbers.groups()))
    # The reading is the questions' own, so that “since June” means the same in a question and beside it.
    read = read_period(f"{option} {words}", asked=today) if len(words) <= _LONGEST else []
    if len(read) != 1 or read[0].words != f"{option} {words}":
        raise WordsError(words_asking.unread_day(option, _short(text)))
    return read[0].when.first if option == "since" else read[0].when.last


def _by_numbers(option: Option, text: str, one: int, two: int, year: int) -> date:
    days = {day for month, number in ((one, two), (two, one)) if (day := _date(year, month, number))}
    if len(days) == 1:
        return days.pop()
    if not days:
        raise WordsError(words_asking.unread_day(option, _short(text)))
    first, second = (f"{day.day} {day:%B} {day.year}" for day in sorted(days))
    raise WordsError(words_asking.two_days(option, _short(text), first, second))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _short(text: str | None) -> str:
    words = " ".join((text or "").split())
    return words if len(words) <= _LONGEST else words[:_LONGEST] + "…"
