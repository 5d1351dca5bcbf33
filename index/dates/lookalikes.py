"""Tells dates from words that look like them: “may”, “march”, names, counts, prices, ages and addresses.

Each test answers for one word at its place, from the words beside it; places that are known to be dates pass.
"""

import re

from corpus.patterns import lazy
from index.dates.reading import DateReading
from index.dates.words import AMBIGUOUS_MONTHS, MONTHS, UNITS, WEEKDAY_NAMES, WEEKDAYS, WORDLIKE_WEEKDAYS, word_set

_PREVIOUS = lazy(r"([\w$€£#’'.&]+)[-\s,]{0,3}$")
_NEXT = lazy(r"[\s-]{0,2}([A-Za-z][\w’']*)")

_TIME_PREPOSITIONS = word_set(
    "in since until till by before after during from to through for early late mid of between throughout around about "
    "and or last next this past every each begin began ends start on as"
)
_SURE_PREPOSITIONS = word_set("in since until till by during early late mid last next this past between throughout")
_DETERMINERS = word_set("the a an its their his her our last next this that")
_DAY_PREPOSITIONS = word_set("on by until since before after through from late early last next this til till")
_VERB_AFTER_MAY = word_set("be have not also well never still even yet or")
_ON_THE_MARCH = word_set(
    "on to in for from through down against outside past across into with of over up toward towards"
)
_NAMED_BY_DAY = word_set("Addams Times Post Mail Mirror Express")
_BEFORE_OTHER_DAYS = word_set("black good bloody freaky super ruby manic cyber ash joe girl every each")


def previous_word(reading: DateReading, place: int) -> str:
    """The lower-case word before `place` in its line, or “”."""
    match = _PREVIOUS().search(reading.text, max(0, place - 24), place)
    return match[1].lower() if match else ""


def _next_word(reading: DateReading, place: int) -> str:
    match = _NEXT().match(reading.text, place)
    return match[1] if match else ""


def is_month(reading: DateReading, start: int, end: int) -> bool:
    """Whether a month's name that stands alone is the month."""
    if start in reading.sure:
        return True
    words = reading.text[start:end]
    word = words.lower().rstrip(".")
    before, after = previous_word(reading, start), _next_word(reading, end)
    if before in MONTHS and reading.text[start - 1 : start] == " " and reading.text[start - 2 : start - 1].isalpha():
        return False  # “May December”
    if words[0].islower():
        if len(word) == 3 and word != "may":
            return before in _SURE_PREPOSITIONS
        if word == "may":
            led = before in _SURE_PREPOSITIONS - {"this"} or (
                reading.casual and before in ("from", "to", "before", "after")
            )
            return led and after.lower() not in _VERB_AFTER_MAY
        if word == "march":
            return before in _SURE_PREPOSITIONS - {"this", "by", "past"} and (
                after.lower() not in _ON_THE_MARCH or reading.casual
            )
        if word not in AMBIGUOUS_MONTHS:
            return True
        return before in _TIME_PREPOSITIONS or (reading.casual and before == "the")
    if word not in AMBIGUOUS_MONTHS:
        return len(word) > 3 or words.endswith(".") or before in _TIME_PREPOSITIONS
    if after == "Madness":
        return False
    if after[:1].isupper() and after.lower() not in WEEKDAYS and after.upper() != after:
        # “In June Netflix said”, “an August Gallup poll”, but “by August Wilson”.
        return before in _SURE_PREPOSITIONS - {"by"} or before in ("a", "an")
    if before in _SURE_PREPOSITIONS:
        return not (word == "may" and after.lower() in _VERB_AFTER_MAY)
    if word == "march" and after.lower() in _ON_THE_MARCH - {"in"}:
        return False
    if word == "may" and after.lower() in _VERB_AFTER_MAY:
        return False
    raw = _PREVIOUS().search(reading.text, max(0, start - 24), start)
    if raw and raw[1][0].isupper() and raw[1].lower() not in _TIME_PREPOSITIONS | _DETERMINERS:
        return False  # “Women's March”, “Fredric March”
    if before in _TIME_PREPOSITIONS:
        return bool(re.match(r"(?:['’]s\b|[\s.,;:!?)–—-]|$)", reading.text[end : end + 2]))
    return before in _DETERMINERS and bool(after) and after[0].islower()


def is_weekday(reading: DateReading, start: int, end: int) -> bool:
    """Whether a weekday's name is a day: no title (“Saturday Night Live”), no star (“the sun”), no plural."""
    if start in reading.sure:
        return True
    words = reading.text[start:end]
    word = words.lower()
    before, after = previous_word(reading, start), _next_word(reading, end)
    if word not in WEEKDAY_NAMES:
        if word in WORDLIKE_WEEKDAYS and not (words[0].isupper() and reading.text[end : end + 1] == "."):
            return (
                before in ("on", "last", "next", "until", "by")
                and (reading.casual or words[0].isupper())
                and (word != "sun" or after == "")
            )
        return words[0].isupper() or before in _DAY_PREPOSITIONS
    if after.lower() in ("night", "morning", "nights", "mornings") and after[0].isupper():
        return False  # “Saturday Night Live”, “CBS Sunday Morning”
    if reading.text[end : end + 7].lower() == " the 13" or after in _NAMED_BY_DAY:
        return False
    if before in _BEFORE_OTHER_DAYS:
        return False
    quoted = reading.text[start - 1 : start] in ("“", '"', "‘", "'") and reading.text[end : end + 1] in (
        "”",
        '"',
        "’",
        ",",
    )
    return not quoted or reading.text[end : end + 2] in ("’s", "'s")


_PREPOSITIONS_OF_SEASONS = word_set(
    "in by over during through until since before after for from of into all throughout"
)


def is_season(reading: DateReading, start: int, end: int) -> bool:
    """Whether a season's name is the season: “in the fall”, and not “may fall”, “the fall of the studio”."""
    if start in reading.sure:
        return True
    word, before = reading.text[start:end].lower(), previous_word(reading, start)
    after = _next_word(reading, end).lower()
    if before == "the":
        earlier = previous_word(reading, start - 4)
        if after == "of" or earlier not in _PREPOSITIONS_OF_SEASONS:
            return (
                after != "of" and word in ("summer", "winter", "autumn") and earlier in ("", "and", "over", "between")
            )
        return not after or after in _FOLLOWS_SEASON or word in ("summer", "winter", "autumn")
    return before in ("in", "by", "since", "until", "during", "through", "early", "late", "mid") and after != "of"


_FOLLOWS_SEASON = word_set(
    "and or as but when that to with after before by at if for because semester season term while from"
)


_YEAR_PREPOSITIONS = word_set(
    "in since of from until till by before after between through during early late mid and to the for a an its fiscal "
    "summer fall autumn spring winter circa around post pre late- mid- election year back last this"
) | frozenset(MONTHS)
_BEFORE_COUNTS = word_set(
    "about nearly over some than almost approximately roughly least most only local room no flight route area box "
    "channel suite apartment unit page number section article another up"
)
_AFTER_COUNTS = lazy(
    r"(?:-|\s)?(?:percent|%|km|miles?|feet|acres?|gmt|utc|hours|hrs|people|members|times|votes|p\.?m|a\.?m|block|dollars|"
    r"per cent|million|billion|euros|pounds|points|degrees|extra|more|of (?:them|its|the|those|our))\b|\s?%"
    r"|(?:\s[A-Z][\w.]*)?\s(?:St|Street|Ave|Avenue|Blvd|Boulevard|Rd|Road|Dr|Drive|Lane|Way)\b",
    re.IGNORECASE,
)
_PLURAL = lazy(r"\s([a-z][a-z-]+\s)?([a-z]+[^s\W]s)\b")
# “Between July 14 and 20 films stopped”, but “from Sept. 20 to 24 cost millions”
_COUNTED = lazy(r"\s(?!(?:has|was|does|always)\b)[a-z]+[^\Wsiu]s\b")


def is_year(reading: DateReading, start: int, end: int) -> bool:
    """Whether four digits are a year: no count (“2000 writers”), price, address, hour or number of a local."""
    if start in reading.sure:
        return True
    text, year = reading.text, int(reading.text[start:end])
    before = previous_word(reading, start)
    if start and (text[start - 1] in "$€£#.,:/@_+" or text[max(0, start - 2) : start] in ("$ ", "£ ", "€ ")):
        return False
    if text[start - 1 : start] in ("-", "–") and text[max(0, start - 2) : start - 1].isdigit():
        return False  # the end of a telephone number
    if _AFTER_COUNTS().match(text, end) or text[end : end + 1] in ("/", ":", "_", "@") or before in _BEFORE_COUNTS:
        return False
    if re.match(r"\.[0-9]|,[0-9]{3}|-[0-9]", text[end : end + 4]):
        return False
    led = before in _YEAR_PREPOSITIONS
    if not 1900 <= year <= 2099:
        return (
            led
            and before in ("in", "since", "of", "from", "until", "by", "before", "after", "between", "and")
            and (1000 <= year <= 2999 and not re.match(r"\s[a-z]", text[end : end + 2]))
        )
    # “the union's 2023 strikes”, “from 2007 to 2008 writers struck”
    owned = re.search(
        r"['’]s?\s$|\b(?:from [12][0-9]{3} to|between [12][0-9]{3} and)\s$",
        text[max(0, start - 18) : start],
        re.IGNORECASE,
    )
    counts = (not led or before in ("and", "to", "a", "for", "last", "this")) and _PLURAL().match(text, end)
    return owned is not None or not counts


def is_count(reading: DateReading, end: int) -> bool:
    """Whether the number that ends there counts what follows: “from Oct. 1 to 5 percent”, “Aug. 3 and 11 members”."""
    return bool(_AFTER_COUNTS().match(reading.text, end) or _COUNTED().match(reading.text, end))


_ONE_OF_MANY = word_set(
    "for in within over than about nearly almost lasted took take takes least most after entire whole last lasts roughly "
    "around spent through"
)
_OF_PRICE = lazy(
    r"[$€£]\s?[0-9][0-9.,]*(?:\s(?:million|billion|thousand))?\s?$|\b(?:times|hours|days|percent|once|twice)\s?$"
)


def is_bare_unit(reading: DateReading, match: re.Match[str]) -> bool:
    """Whether “103 days” is a length: no age, no rate (“$450 a day”), no saying (“one day”)."""
    count, before = match["n"].lower(), previous_word(reading, match.start())
    if match.start() in reading.sure:
        return True
    if _OF_PRICE().search(reading.text, max(0, match.start() - 24), match.start()):
        return False
    if count in ("a", "an") or (count in ("one", "some") and match["dash"] != "-"):
        return before in _ONE_OF_MANY
    return match["unit"].lower() in UNITS
