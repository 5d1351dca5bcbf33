"""The words that dates are made of: names, numbers, units, holidays, and the pieces of pattern built from them.

Only English is read. Patterns are matched without regard to case; `dates.rules` minds it where a name is also a word.
"""

from collections.abc import Callable
from datetime import date, timedelta

from corpus import day_words
from corpus.number_words import CARDINALS, ORDINALS, TENS, number
from corpus.patterns import one_of
from index.dates.spans import Unit, easter, nth_weekday

WEEKDAY_NAMES = tuple(name.lower() for name in day_words.WEEKDAY_NAMES)
SEASON_NAMES = {"spring": 1, "summer": 2, "fall": 3, "autumn": 3, "winter": 4}

MONTHS = {name: number for number, name in enumerate(map(str.lower, day_words.MONTH_NAMES), 1)}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9, "setp": 9, "febuary": 2, "agust": 8}
WEEKDAYS = {name: number for number, name in enumerate(WEEKDAY_NAMES)}
WEEKDAYS |= {"tues": 1, "weds": 2, "wed": 2, "thur": 3, "thurs": 3, "wensday": 2, "wednsday": 2, "teusday": 1}
WEEKDAYS |= {name[:3]: number for name, number in WEEKDAYS.items()}

# Names of months and weekdays that are other words or people's names too: they need a date's company.
AMBIGUOUS_MONTHS = frozenset({"march", "april", "may", "june", "august", "mar", "jan", "dec", "jun", "apr"})
# “The sun”, “they sat”, “they wed”: short names that are words of their own.
WORDLIKE_WEEKDAYS = frozenset({"sun", "sat", "mon", "wed"})

UNITS = {unit.value: unit for unit in Unit} | {f"{unit.value}s": unit for unit in Unit}
# With what a number that is written in words can begin.
NUMBER_STARTS = (*CARDINALS, "a", "an", "half", "several", "few", "couple", "many", "some")
ORDINAL_STARTS = (*ORDINALS, *CARDINALS, "a")
QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}

PARTS = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}

# The days of US and some other holidays in a year; the floating ones by their law's wording.
HOLIDAYS: dict[str, Callable[[int], date]] = {
    r"new year['’]?s eve": lambda year: date(year, 12, 31),
    r"new year['’]?s day": lambda year: date(year, 1, 1),
    r"(?:martin luther king,? jr\.? day|mlk day)": lambda year: nth_weekday(year, 1, 0, 3),
    r"valentine['’]?s day": lambda year: date(year, 2, 14),
    r"presidents['’]? day": lambda year: nth_weekday(year, 2, 0, 3),
    r"st\.? patrick['’]?s day": lambda year: date(year, 3, 17),
    r"april fools['’]? day": lambda year: date(year, 4, 1),
    r"palm sunday": lambda year: easter(year) - timedelta(7),
    r"good friday": lambda year: easter(year) - timedelta(2),
    r"easter monday": lambda year: easter(year) + timedelta(1),
    r"easter(?: sunday)?": easter,
    r"may day": lambda year: date(year, 5, 1),
    r"mother['’]?s day": lambda year: nth_weekday(year, 5, 6, 2),
    r"memorial day": lambda year: nth_weekday(year, 5, 0, -1),
    r"father['’]?s day": lambda year: nth_weekday(year, 6, 6, 3),
    r"juneteenth": lambda year: date(year, 6, 19),
    r"canada day": lambda year: date(year, 7, 1),
    r"(?:independence day|(?:the )?fourth of july)": lambda year: date(year, 7, 4),
    r"labou?r day": lambda year: nth_weekday(year, 9, 0, 1),
    r"(?:columbus|indigenous peoples['’]?) day": lambda year: nth_weekday(year, 10, 0, 2),
    r"halloween": lambda year: date(year, 10, 31),
    r"election day": lambda year: nth_weekday(year, 11, 0, 1) + timedelta(1),
    r"veterans['’]? day": lambda year: date(year, 11, 11),
    r"thanksgiving(?: day)?": lambda year: nth_weekday(year, 11, 3, 4),
    r"black friday": lambda year: nth_weekday(year, 11, 3, 4) + timedelta(1),
    r"cyber monday": lambda year: nth_weekday(year, 11, 3, 4) + timedelta(4),
    r"(?:christmas|xmas) eve": lambda year: date(year, 12, 24),
    r"(?:christmas|xmas)(?: day)?": lambda year: date(year, 12, 25),
    r"boxing day": lambda year: date(year, 12, 26),
    r"new year['’]?s": lambda year: date(year, 1, 1),
}


def word_set(words: str) -> frozenset[str]:
    """The words of a line, as a set to look them up in."""
    return frozenset(words.split())


# A gap never crosses a line's end, which is a paragraph's.
GAP = r"[^\S\n]{1,3}"
END = r"(?![^\W_])"
MONTH = rf"{one_of(MONTHS)}{END}\.?"
WEEKDAY = rf"{one_of(WEEKDAYS)}{END}"
SEASON = rf"{one_of(SEASON_NAMES)}{END}"
YEAR = r"[0-9]{4}(?![0-9]|,[0-9])"
DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?(?![^\W_]|[:.,][0-9])"
NUMBER_WORD = one_of(CARDINALS)
NUMBER = (
    rf"(?:[0-9]{{1,4}}(?:{GAP}and{GAP}a{GAP}half|\.[0-9]|{GAP}[0-9]/[0-9]|½)?"
    rf"|(?:an?{GAP})?{NUMBER_WORD}(?:[ -](?:and[ -])?{NUMBER_WORD}){{0,3}}(?:[ -]and[ -]a[ -]half|{GAP}dozen)?"
    rf"|half[ -]an?[ -]dozen|an?{GAP}(?:couple{GAP}of|dozen|half[ -]dozen|half)|an?){END}"
)
# Before a number that is not told exactly.
ABOUT = (
    r"(?:just |a little |slightly |well )?(?:nearly|almost|about|around|roughly|approximately|some|more than|less than|"
    r"fewer than|over|under|at least|at most|up to|close to|as (?:long|many) as|an estimated)"
)
ORDINAL = (
    r"(?:[0-9]{1,4}(?:st|nd|rd|th)"
    rf"|(?:(?:one|two|three)?[ -]?hundred[ -](?:and[ -])?)?(?:{one_of(TENS)}-)?{one_of(ORDINALS)}){END}"
)
THE_YEAR = rf"(?P<rel>this|last|next|that|the{GAP}same|the{GAP}following){GAP}year{END}"
UNIT = r"(?:days?|weeks?|fortnights?|months?|years?|decades?)" + END


HOLIDAY_STARTS = word_set(
    "new martin mlk valentine valentines presidents st april palm good easter may mother mothers memorial father fathers "
    "juneteenth canada independence fourth labor labour columbus indigenous halloween election veterans thanksgiving black cyber "
    "christmas xmas boxing"
)


def measure(count: str, unit: str) -> tuple[float | None, Unit]:
    """The number and the unit of “three” “days”; a fortnight is two weeks."""
    how_many, word = number(count), unit.lower()
    if word.startswith("fortnight"):
        return (how_many * 2 if how_many else None), Unit.WEEK
    return how_many, UNITS[word]
