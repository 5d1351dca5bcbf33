"""Writes days and periods as plain text in the reader's language of dates, by Babel's rules (CLDR) for it.

Plain text, not Discord's time stamps: these would show a day in each reader's time zone, and an article's day is the
day that is printed in it.
"""

from datetime import date
from functools import lru_cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton

_BRITISH = Locale("en", "GB")
# British newspapers write “Tuesday 24 October 2023”; CLDR has a comma after the weekday.
_WITH_WEEKDAY = {"en_GB": "EEEE d MMMM y"}


@lru_cache(maxsize=256)
def language(locale: str) -> Locale:
    """Babel's locale for a name such as “en”, “en-US”, “de” or “pt_BR”; British English where it isn't known.

    The first use of a language reads a file of some 100 kB, a few milliseconds; so call this off the event loop.
    """
    try:
        known = Locale.parse(locale.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return _BRITISH
    return _BRITISH if str(known) in ("en", "root") else known


def is_known(locale: str) -> bool:
    """Whether days can be written in that language."""
    try:
        Locale.parse(locale.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    return True


def day(value: date, locale: str = "en") -> str:
    """24 October 2023."""
    return format_date(value, "long", language(locale))


def weekday(value: date, locale: str = "en") -> str:
    """Tuesday 24 October 2023."""
    known = language(locale)
    return format_date(value, _WITH_WEEKDAY.get(str(known), "full"), known)


def month(value: date, locale: str = "en") -> str:
    """October 2023."""
    return format_skeleton("yMMMM", value, locale=language(locale))


def day_of_month(value: date, locale: str = "en") -> str:
    """24 October."""
    return format_skeleton("MMMMd", value, locale=language(locale))


def period(first: date, last: date, precision: str, locale: str = "en") -> str:
    """A period as coarse as it is known: 24 October 2023; 23–29 Oct 2023; June – August 2023; 2023; 2010–2019."""
    known = language(locale)
    if precision == "quarter" and (first.year, (first.month - 1) // 3) == (last.year, (last.month - 1) // 3):
        return format_skeleton("yQQQQ", first, locale=known)
    if precision in ("year", "decade"):
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    if precision in ("month", "quarter", "season"):
        if (first.year, first.month) == (last.year, last.month):
            return month(first, locale)
        return _between(first, last, "yMMMM", known)
    return day(first, locale) if first == last else _between(first, last, "yMMMd", known)


def _between(first: date, last: date, fields: str, locale: Locale) -> str:
    """From one to the other, without repeating what they share; CLDR's thin spaces become ordinary ones."""
    return " ".join(format_interval(first, last, fields, locale=locale).split())
