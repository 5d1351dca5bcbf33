"""Reads a time zone or a language as people name it: “Europe/London”, “london”, “German”, “de”.

What can't be read is told with the nearest names.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale

from bot import days, words_settings
from bot.errors import WordsError

_LONGEST = 60  # characters; the longest time zone has 32, and nobody's language is longer
_OFFERED = 3


def time_zone(text: str) -> str:
    """The zone's name in the time zone database; WordsError, with the nearest names, where it is none.

    Costs some 50 ms the first time, since the names are read from the disk.
    """
    wanted, names = _squeezed(text).replace(" ", "_"), _zones()
    if found := names.get(wanted):
        return found
    raise WordsError(words_settings.no_zone(_short(text), [names[one] for one in _near(wanted, names)]))


def language(text: str) -> str:
    """The short name of a language in which days can be written (“de”, “pt_BR”); WordsError where there is none.

    Takes the short name, or what the language is called in English.
    """
    wanted = _squeezed(text)
    named = _languages()
    if found := named.get(wanted):
        return found
    short = wanted.replace("-", "_")
    if len(short) <= _LONGEST and short and days.is_known(short):
        return str(Locale.parse(short))
    raise WordsError(
        words_settings.no_language(_short(text), [language_name(named[one]) for one in _near(wanted, named)])
    )


def language_name(locale: str) -> str:
    """What a language is called in English, with its short name."""
    known = days.language(locale)
    return f"{known.get_display_name('en') or known} ({locale})"


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """All zones by their name in lower case, and by the last part of it where no other zone has the same."""
    names = sorted(available_timezones())
    cities: dict[str, list[str]] = {}
    for name in names:
        area, slash, city = name.rpartition("/")
        if slash and area != "Etc":
            cities.setdefault(city.lower(), []).append(name)
    return {city: of[0] for city, of in cities.items() if len(of) == 1} | {name.lower(): name for name in names}


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    """Short names by the languages' English names in lower case."""
    return {name.lower(): short for short, name in sorted(Locale("en").languages.items()) if days.is_known(short)}


def _near(wanted: str, names: Iterable[str]) -> list[str]:
    return get_close_matches(wanted[:_LONGEST], list(names), n=_OFFERED, cutoff=0.6)


def _squeezed(text: str) -> str:
    return " ".join(text.split()).lower()


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else words[:_LONGEST] + "…"
