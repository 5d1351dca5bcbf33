"""Rules for dates told by number: years, months and days, and spans of them.

Weekdays, seasons and holidays are left to `dates.rules_named`, “last year” and “two days later” to `dates.rules_relative`.
"""

import re
from collections.abc import Callable
from datetime import date

from corpus.patterns import lazy
from index.dates.lookalikes import is_count, is_month, is_year, previous_word
from index.dates.reading import DateReading
from index.dates.rules import DAY_MONTH, DIGITS, MONTH_DAY, YEAR_TAIL, Table, read_year, short_year, without_year
from index.dates.spans import (
    SPAN_OF,
    DateKind,
    DateSpan,
    FoundDate,
    Grain,
    day_span,
    decade_span,
    month_span,
    neighbour,
    year_span,
)
from index.dates.tense import AHEAD
from index.dates.words import DAY, END, GAP, MONTH, MONTHS, WEEKDAY, YEAR

TABLE = Table()


def day_of(words: str) -> int:
    """The number of “24” or “24th”."""
    return int(words.rstrip("stndrhSTNDRH"))


@TABLE.rule((DIGITS,), r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])(?:T[0-9:.]{4,15}Z?)?", DateKind.ABSOLUTE)
def _iso(match: re.Match[str], _: DateReading) -> FoundDate | None:
    return FoundDate(match.end(4), day_span(date(read_year(match[1]), int(match[3]), int(match[4]))), DateKind.ABSOLUTE)


@TABLE.rule((DIGITS,), r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9]|[/.-][0-9])", DateKind.ABSOLUTE)
def _numeric(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    if len(match[4]) == 2 and match[2] != "/" and match.start() not in reading.sure:  # a version or a score
        return None
    month, day = int(match[1]), int(match[3])
    if match[2] == "." or month > 12 >= day:
        month, day = day, month
    year = short_year(match[4], reading) if len(match[4]) == 2 else read_year(match[4])
    return FoundDate(match.end(), day_span(date(year, month, day)), DateKind.ABSOLUTE)


_LAST_LINK = rf"(?:[^\S\n]{{0,3}}[-–—][^\S\n]{{0,3}}|,?{GAP}(?:and|or|to|through|until){GAP}(?:the{GAP})?)"
_LINK = rf"(?:{_LAST_LINK}|,{GAP})"
_LIST_YEAR = lazy(rf"(?:{_LINK}(?:(?P<month>{MONTH}){GAP})?{DAY}){{1,3}},?{GAP}(?P<year>{YEAR})", re.IGNORECASE)


def month_and_day(match: re.Match[str], reading: DateReading, weekday: int | None = None) -> FoundDate:
    month = MONTHS[match["month"].lower().rstrip(".")]
    day = day_of(match["day"])
    end = match.end()
    if match["year"]:
        return FoundDate(end, day_span(date(read_year(match["year"]), month, day)), DateKind.ABSOLUTE)
    if later := _LIST_YEAR().match(reading.text, end):
        turns = (
            later["month"] is not None and MONTHS[later["month"].lower().rstrip(".")] < month
        )  # Nov. 5 to Feb. 12, 2008
        return FoundDate(end, day_span(date(read_year(later["year"]) - turns, month, day)), DateKind.ABSOLUTE)

    def in_year(year: int) -> DateSpan:
        return day_span(date(year, month, day))

    last = reading.last
    if last and last.first.month == month and last.first.day < day and reading.continues_list(match.start()):
        return FoundDate(end, in_year(last.first.year), DateKind.PARTIAL)  # “20, 21 and 22 December”: of one year
    return FoundDate(end, without_year(match, reading, in_year, weekday), DateKind.PARTIAL)


_NOT_A_DAY = lazy(r"\s(?:on|in|to|through|outside|down|for|against|with|up|be|not|also|have)\b", re.IGNORECASE)


_NEXT_DAY = rf"(?:{WEEKDAY}{GAP}(?:the{GAP})?)?{DAY}"
_DAY_BEFORE_DAYS = (
    rf"(?P<day>{DAY})(?={_LINK}(?:{WEEKDAY}{GAP}(?:the{GAP})?)?(?P<next>{DAY}))(?=(?:{_LINK}{_NEXT_DAY}){{0,6}}?{_LAST_LINK}"
    rf"{_NEXT_DAY}(?:{GAP}of)?{GAP}(?P<month>{MONTH})(?!{GAP}[0-9]{{1,2}}{END}){YEAR_TAIL})"
)


def _of_list(match: re.Match[str], reading: DateReading, weekday: int | None = None) -> FoundDate | None:
    """“| 20, 21 and 22 December”, “from | 9 to 11 October”: the month and the year stand after the last day."""
    if match["month"] in ("may", "march") and not reading.casual:  # “between 5 and 10 may go”
        return None
    counted = reading.text[match.start() - 1 : match.start()] in ("$", "€", "£", "#", "-", "–")
    if counted or day_of(match["day"]) >= day_of(match["next"]):
        return None  # “lost 5-4 June 3”, “cost $20 and 25 May saw more”
    return month_and_day(match, reading, weekday)


@TABLE.rule((DIGITS,), _DAY_BEFORE_DAYS, DateKind.PARTIAL)
def _day_before_days(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    return _of_list(match, reading)


# The forms of a date that can follow a weekday, and what they mean.
DATED: tuple[
    tuple[Callable[[], re.Pattern[str]], Callable[[re.Match[str], DateReading, int], FoundDate | None]], ...
] = (
    (lazy(MONTH_DAY + YEAR_TAIL, re.IGNORECASE), month_and_day),
    (lazy(DAY_MONTH + YEAR_TAIL, re.IGNORECASE), month_and_day),
    (lazy(_DAY_BEFORE_DAYS, re.IGNORECASE), _of_list),
)


@TABLE.rule((DIGITS,), DAY_MONTH + YEAR_TAIL, DateKind.PARTIAL)
def _day_month(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    if match["month"] in ("may", "march") and not match["year"] and _NOT_A_DAY().match(reading.text, match.end()):
        return None
    found = month_and_day(match, reading)
    return found._replace(end=before_stop(match, reading)) if found.end == match.end("month") else found


def before_stop(match: re.Match[str], reading: DateReading) -> int:
    """Where a month's name ends: before the sentence's full stop, unless it is the abbreviation's too."""
    end = match.end("month")
    if match["month"].endswith(".") and not reading.text[end : end + 2].strip(" \n"):
        end -= len(match["month"]) > 5 or match["month"].lower() in ("may.", "june.", "july.")
    return end


@TABLE.rule(MONTHS, MONTH_DAY + YEAR_TAIL, DateKind.PARTIAL)
def _month_day(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    return month_and_day(match, reading)


@TABLE.rule(
    MONTHS,
    rf"(?P<month>{MONTH})(?:,?{GAP}(?:of{GAP})?(?P<year>{YEAR})|{GAP}['’](?P<short>[0-9]{{2}})(?![0-9]))",
    DateKind.ABSOLUTE,
)
def _month_year(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    year = read_year(match["year"]) if match["year"] else short_year(match["short"], reading)
    return FoundDate(match.end(), month_span(year, MONTHS[match["month"].lower().rstrip(".")]), DateKind.ABSOLUTE)


@TABLE.rule(
    MONTHS,
    rf"(?P<month>{MONTH})(?:,?{GAP}(?:of{GAP})?(?P<rel>this|last|next|that|the same|the following){GAP}year{END})?",
    DateKind.PARTIAL,
)
def _month(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    if not match["rel"] and not is_month(reading, match.start(), match.end("month")):
        return None
    month_number = MONTHS[match["month"].lower().rstrip(".")]
    end = match.end() if match["rel"] else before_stop(match, reading)
    return FoundDate(end, without_year(match, reading, lambda year: month_span(year, month_number)), DateKind.PARTIAL)


@TABLE.rule((DIGITS,), r"((?:19|20)[0-9]{2})[-–—/]((?:19|20)?[0-9]{2})(?![0-9]|[-–/][0-9])", DateKind.ABSOLUTE)
def _years(match: re.Match[str], _: DateReading) -> FoundDate | None:
    """“2007-08” and “1994-97” are years; “2023-10” is a month, since 10 can't end what begins with 23."""
    first, second = int(match[1]), int(match[2])
    last = second if second > 99 else first - first % 100 + second + (100 if first % 100 == 99 else 0)
    if last > first:
        return FoundDate(
            match.end(), DateSpan(year_span(first).first, year_span(last).last, Grain.YEAR), DateKind.PERIOD
        )
    return FoundDate(match.end(), month_span(first, second), DateKind.ABSOLUTE) if 1 <= second <= 12 else None


@TABLE.rule((DIGITS,), r"([0-9]{2})[-–/]([0-9]{2})(?![0-9]|[-–/][0-9])", DateKind.PERIOD)
def _short_years(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    """“the 07-08 strike”, “’07–’08”: only years that follow each other."""
    first = short_year(match[1], reading)
    if int(match[2]) != (int(match[1]) + 1) % 100 or previous_word(reading, match.start()) not in (
        "the",
        "in",
        "during",
    ):
        return None
    return FoundDate(
        match.end(), DateSpan(year_span(first).first, year_span(first + 1).last, Grain.YEAR), DateKind.PERIOD
    )


@TABLE.rule((DIGITS,), rf"([0-9]{{3}}0|[0-9]0)['’]?s{END}", DateKind.ABSOLUTE)
def _decade(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    if len(match[1]) == 4:
        return FoundDate(match.end(), decade_span(read_year(match[1])), DateKind.ABSOLUTE)
    start = match.start() - (reading.text[match.start() - 1 : match.start()] in ("'", "’", "‘"))
    tail = previous_word(reading, start)
    if tail not in ("the", "early", "late", "mid") or reading.text[match.end() : match.end() + 1] == "%":
        return None
    if re.search(r"\b(?:his|her|their|in|my)\W+(?:early |late |mid-?)?$", reading.text[: match.start()][-24:]):
        return None  # “in his 30s”
    return FoundDate(
        match.end(),
        decade_span(1900 + int(match[1]) if int(match[1]) >= 20 else 2000 + int(match[1])),
        DateKind.ABSOLUTE,
    )


@TABLE.rule((DIGITS,), YEAR + r"(?![^\W_])", DateKind.ABSOLUTE)
def _bare_year(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    if not is_year(reading, match.start(), match.end()):
        return None
    return FoundDate(match.end(), year_span(int(match[0])), DateKind.ABSOLUTE)


@TABLE.rule(
    (DIGITS,),
    rf"([0-9]{{2}})(?={GAP}(?:writers|actors|strike|wga|sag|walkout|contract)|[^\w’'/:.,%-]|[.,?!]?(?:\s|$))",
    DateKind.ABSOLUTE,
)
def _apostrophe_year(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    before = reading.text[max(0, match.start() - 12) : match.start()]
    if not re.search(
        r"(?:\b(?:in|of|the|since|from|until|summer|fall|spring|winter|and|to)|[’'‘][0-9]{2},)\s[’'‘]$",
        before,
        re.IGNORECASE,
    ):
        return None
    return FoundDate(match.end(), year_span(short_year(match[1], reading)), DateKind.ABSOLUTE)


_OWN_YEAR = lazy(rf",?{GAP}{YEAR}")
_GOES_ON = lazy(
    r"$|\s*[.,;:!?)”\"–—\n-]|\s(?:at|to|that|when|as|after|before|but|was|is|were|will|until|through|for"
    r"|in(?!\sa\srow)|of\s(?:the|that|this|last|next|each|every)\s(?:month|year)"
    r"|(?:and|or)(?!\s[0-9]{1,2}(?:st|nd|rd|th)\s[a-z]{4,}s\b))\b",  # “1st and 2nd rounds”
    re.IGNORECASE,
)


@TABLE.rule(
    (DIGITS,),
    rf"([0-9]{{1,2}})(st|nd|rd|th)?{END}(?![.,:][0-9])(?:{GAP}of{GAP}(this|last|next){GAP}month{END})?",
    DateKind.PARTIAL,
)
def _day_alone(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    """“Oct. 24 and | 25”, “on the | 24th”."""
    day = int(match[1])
    if (
        reading.last
        and reading.continues_list(match.start())
        and (
            _GOES_ON().match(reading.text, match.end())
            or (
                day > reading.last.first.day
                and reading.leads_to_later(match.start())
                # “Sept. 20-24 talks”, but “from Sept. 20 to 24 talks”
                and (reading.text[match.start() - 1] in "-–" or not is_count(reading, match.end()))
            )
        )
    ):
        own = _OWN_YEAR().match(reading.text, match.end())  # it has been read already, for the first of the list
        end = own.end() if own else max(match.end(1), match.end(2))
        return FoundDate(end, day_span(reading.last.first.replace(day=day)), DateKind.PARTIAL)
    if not match[2] or (previous_word(reading, match.start()) != "the" and not match[3]):
        return None
    if not match[3] and not _GOES_ON().match(reading.text, match.end()):
        return None
    if not match[3] and previous_word(reading, match.start() - len("the ")) == "in":  # an innings, a district
        return None
    if match[3] and reading.written:
        step = {"this": 0, "last": -1, "next": 1}[match[3].lower()]
        here = neighbour(SPAN_OF[Grain.MONTH](reading.written.first), step)
        return FoundDate(match.end(), day_span(here.first.replace(day=day)), DateKind.RELATIVE)
    if reading.anchor and reading.anchor.grain in (Grain.DAY, Grain.MONTH):
        return FoundDate(match.end(), day_span(reading.anchor.first.replace(day=day)), DateKind.PARTIAL)
    if reading.written is None:
        return FoundDate(match.end(), None, DateKind.PARTIAL)
    back = reading.tense(match.start(), match.end()) not in AHEAD
    for months in range(0, -3, -1) if back else range(3):
        here = neighbour(SPAN_OF[Grain.MONTH](reading.written.last), months)
        if day <= here.last.day:
            whole = day_span(here.first.replace(day=day))
            if (whole.first <= reading.written.last) if back else (whole.first >= reading.written.first):
                return FoundDate(match.end(), whole, DateKind.PARTIAL)
    return FoundDate(match.end(), None, DateKind.PARTIAL)
