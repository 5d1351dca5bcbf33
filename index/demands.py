"""Reads from a question what an answer to it must hold: its years, unions and numbers, and the kind of thing asked for.

Knows words alone, not meaning: “the 2007 strike” is not answered by a sentence of 2023, “how many” not by one without a
number. How much that weighs against meaning is decided in `quotes` and `answers`.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from index.dates.words import number
from index.lexical import all_terms, question_terms
from index.named_years import named_years, years_told
from index.unions import unions, unions_in

_MONTH = (
    r"(?:Jan(?:uary|\.)|Feb(?:ruary|\.)|Mar(?:ch|\.)|Apr(?:il|\.)|May|June|July|Aug(?:ust|\.)|"
    r"Sept?(?:ember|\.)|Oct(?:ober|\.)|Nov(?:ember|\.)|Dec(?:ember|\.))"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_COUNT_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty|thirty|forty|fifty|sixty|"
    "seventy|eighty|ninety|dozen|hundred|thousand|million|billion|half|third|quarter"
)
_COUNT_WORD = re.compile(rf"\b(?:{_COUNT_WORDS})\b", re.IGNORECASE)
_COUNT = rf"(?:(?<![\d.,])\d[\d,.]*|(?:{_COUNT_WORDS})s?)"
_UNIT = r"(?:second|minute|hour|day|week|month|year)s?"
_DATE = re.compile(
    rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+(?:19|20)\d\d\b)?|\b\d{{1,2}} {_MONTH}|\b(?:19|20)\d\d\b"
)
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
# What has names, where several are asked for.
_NAMED = (
    "companies|shows|movies|films|games|streamers|outlets|ceos|stars|celebrities|showrunners|hosts|names|states|cities|"
    "countries"
)


class Kind(StrEnum):
    """What a question asks for, where its words tell."""

    AGE = "age"
    TIME_OF_DAY = "time of day"
    WHEN = "when"
    HOW_LONG = "how long"
    TURNOUT = "turnout"
    PERCENT = "percent"
    MONEY = "money"
    HOW_MANY = "how many"
    WHO = "who"
    WHICH = "which"
    WHERE = "where"
    WHY = "why"
    WANT = "want"
    FULL_NAME = "full name"


def _any(*patterns: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile("|".join(patterns), flags)


# “Ratification date”, “what's the new date of it”; not “to date”.
DATE_ASKED = (
    r"(?<!\bto )(?<!\bof )\bdates?\W*$|"
    r"\b(?:what|which)(?:['’]?s| is| was| were| are)? (?:the )?(?:[\w’'-]+ ){0,3}(?<!\bto )dates?\b|"
    r"\b(?:new|original|revised|rescheduled) (?:[\w’']+ )?date\b"
)
# What a question asks for, by its words; the first that fits counts.
_ASKS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.AGE, _any(r"\bhow old\b", r"\b(?:what|whats|what's) (?:is |was )?(?:the |his |her |their )?age\b")),
    (
        Kind.HOW_LONG,
        _any(
            r"\bhow (?:long|late|far into)\b",
            r"\bhow (?:many|much) (?:more )?(?:days|weeks|months|years|yrs|hours|time)\b",
            r"\blength\b",
        ),
    ),
    (Kind.TURNOUT, _any(r"\bturnout\b", r"\bhow many (?:\w+ ){0,4}(?:took part|turned out|cast)\b")),
    (
        Kind.HOW_MANY,
        _any(
            r"\bhow (?:big|large) (?:is|are|was|were) (?:the )?(?:[\w’'-]+ ){0,3}(?:guild|union|membership|alliance|local)\b"
        ),
    ),
    (
        Kind.PERCENT,
        _any(
            r"%",
            r"\bper ?cent(?:age)?\b",
            r"\b(?:what|which) (?:share|margin|fraction|proportion)\b",
            r"\bhow much (?:worse|better|higher|lower|bigger|smaller|greater|fewer)\b",
            r"\bby (?:what margin|how much)\b",
            r"\bhow big\b(?! (?:of )?an? (?:deal|thing|issue|problem)\b)",
        ),
    ),
    (Kind.MONEY, _any(r"\bhow much\b", r"\bhow expensive\b", r"\bworth\b")),
    (
        Kind.HOW_MANY,
        _any(
            r"\bhow (?:many|large)\b",
            r"\bwhat number\b",
            r"\bvote count\b",
            r"\bwhat was the (?:count|split|tally|score)\b",
        ),
    ),
    (
        Kind.TIME_OF_DAY,
        _any(r"\b(?:what|which)(?: exact| specific)? time\b(?! (?:frame|zone|slot|of (?:the )?(?:year|month)))"),
    ),
    (
        Kind.WHEN,
        _any(
            r"^\W*(?!what happen)(?:[\w’']+\W+){0,3}w[eh]{1,2}n(?:s|’s|'s)?\b",
            r"\bwhen\W*$",
            r"[,;:–-]\s*when\b",
            r"\bwhen(?:['’]?s| (?:was|were|is|are|did|do|does|will|would|can|could|should|has|have|had))\b",
            r"\b(?:what|which) (?:day|date|night|evening|morning|afternoon|year|month|week|weekend|weekday)s?\b",
            r"\bdeadline\b",
            r"^\W*date\b",
            DATE_ASKED,
        ),
    ),
    (
        Kind.WHO,
        _any(
            r"\bwho(?:se|m|s|['’]s)?\b",
            r"\bwhich (?:people|person)\b",
            r"^\W*(?:the |current )*(?:ceo|president|head|boss|leader|chair|chief|director|host|mayor|governor) of\b",
        ),
    ),
    (
        Kind.WHICH,
        _any(
            r"\bwhich (?:[\w’'-]+ ){0,3}?[a-z]{2,}[^s\W]s\b",
            rf"\bwhat (?:(?!is|was|are|were|do|does|did|the\b)[\w’'-]+ ){{0,2}}?(?:{_NAMED})\b",
        ),
    ),
    (
        Kind.WANT,
        _any(
            r"\bwhat(?:['’]?s| is| was| are| were)\b.{1,50} (?:strikes?|striking|walkout|dispute|picketing|walking out)"
            r" (?:all )?(?:about|over|for)\W*$",
            r"\b(?:main|key|big|biggest|core|sticking) (?:\w+ )?(?:issues?|points?|concerns?|complaints?|grievances?)\b",
            r"\b(?:issues|grievances|sticking points?) (?:of|in|for|behind|between|at)\b",
            r"\bhold[- ]?up\b",
        ),
    ),
    (Kind.WHERE, _any(r"\bwhere\b", r"\b(?:what|which) (?:city|place|town|hotel)\b")),
    (Kind.WHY, _any(r"\bwhy\b", r"\bhow come\b", r"\bwhat (?:for|was the reason|made|makes|led)\b", r"\breason\b")),
    (
        Kind.WANT,
        _any(
            r"\bwhat(?:['’]?s)? (?:do|does|did|are|is|was|were|have|has|had)?\b(?:(?!\b(?:say|said|tell|told|think)\b).){0,60}?"
            r"\b(?:want|seek|demand|ask\w* for|bargain\w* for|fight\w* (?:for|over)|(?:mad|angry|upset) about)",
            r"\bdemands\b",
        ),
    ),
)
_SMALL_IN_NAMES = frozenset(("of", "and", "the", "for", "in"))
_SHORT_FORM = re.compile(
    r"\bwhat(?:['’]?s)?\b.{0,12}?\b(?!they|we|it|he|she|you|this|that)([a-z]{2,}(?:-[a-z]+)*) (?:stands?|short) for\b",
    re.IGNORECASE,
)
_NAME = r"(?<![\w’'.&-])[“\"‘']?[A-Z][\w’'.&-]+(?: (?:of |the )?[A-Z][\w’'.&-]+)*(?:['’]s|[”\"’'])?"
# What is called so is nobody: “Hollywood Teamsters”, “Tony Awards”, “New York”.
_NOBODY = re.compile(
    r"(?<![\w’'.-])(?:[A-Z][\w’'.-]+ (?:of (?:the )?|and )?)*\b(?:Guilds?|Unions?|Alliance|Association|Federation|Academy|"
    r"Awards?|Teamsters|Studios?|Pictures|Bros|Networks?|Times|Agreements?|Contracts?|Show|Local|Brotherhood|University|Group|Company|"
    r"Entertainment|Television|Films?|House|Senate|Angeles|York|States|City|County|Hollywood|Act|Today|News|Week|Emmys?)\b"
    r"(?: (?:of (?:the )?|and )?[A-Z][\w’'.-]+)*"
)
_SHARE = re.compile(r"(?<![\d.,])\d[\d.,]*\s?(?:%|per ?cent\b)|[$£€]\s?\d[\d.,]*")
# What a sentence has that answers such a question; dates and names are told by their capitals.
_HOLDS: dict[Kind, re.Pattern[str]] = {
    Kind.AGE: _any(rf"\b{_COUNT}(?:-| )years?(?:-| )old\b", r"\bage[ds]?(?: of)? \d", r", \d{2},", r"\bborn\b"),
    Kind.HOW_LONG: _any(
        rf"\b{_COUNT}(?:st|nd|rd|th)?(?:-| |-\w+ | \w+ )?{_UNIT}\b",
        r"\b(?:for|take|takes|took) (?:days|weeks|months|years|decades)\b",
    ),
    Kind.TURNOUT: _any(
        r"\bturnout\b", r"\btook part\b", r"\bparticipat", r"\bcast\b", r"\bballots\b", r"\b(?:eligible|entitled)\b"
    ),
    Kind.PERCENT: _any(r"\d\s?%", r"\bper ?cent\b", rf"\b{_COUNT} to {_COUNT}\b"),
    Kind.MONEY: _any(r"[$£€]\s?\d", r"\d\s?%", r"\bper ?cent\b", r"\b(?:million|billion) dollars\b"),
    Kind.HOW_MANY: _any(rf"\b{_COUNT}\b"),
    Kind.TIME_OF_DAY: _any(
        r"\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b", r"\b(?:noon|midnight|midday|o['’]clock)\b", r"\b\d{1,2}:\d\d\b"
    ),
    Kind.WHEN: _any(
        rf"\b{_MONTH}(?=[\s,.]|$)",
        rf"\b{_WEEKDAY}s?\b",
        r"\b(?:yesterday|today|tonight|tomorrow|midnight|noon|weekend)\b",
        r"\b(?:18|19|20)\d\d\b",
        r"\b(?:last|next|this|past) (?:week|month|year|spring|summer|fall|autumn|winter)\b",
        rf"\b{_COUNT} (?:day|week|month|year)s? (?:ago|later|earlier|after|before)\b",
        r"\ba (?:day|week|month|year) (?:ago|later|earlier)\b",
        flags=re.NOFLAG,
    ),
    Kind.WHO: _any(r"(?<=\S )[A-Z][\w’'-]+(?: [A-Z][\w’'.-]+)+", r"^[A-Z][a-z’'-]+ [A-Z][a-z’'-]+\b", flags=re.NOFLAG),
    Kind.WHICH: _any(rf"{_NAME},? (?:and|or|&) (?:the )?{_NAME}", rf"{_NAME}[,;] (?:the )?{_NAME}", flags=re.NOFLAG),
    Kind.WHERE: _any(
        r"\b(?:in|at|near|outside|from|to) (?:the |a )?[A-Z][\w’'-]+",
        r"\bhotel\b",
        r"\bheadquarters\b",
        r"\bZoom\b",
        flags=re.NOFLAG,
    ),
    Kind.WHY: _any(
        r"\b(?:because|since|due to|so that|in order|after|amid|over|as|reason|cited|citing|objection|issue|demand|want|seek|"
        r"to protest|led to|for fear|would)\w*\b"
    ),
    Kind.WANT: _any(
        r"\b(?:want|seek|sought|demand|insist|propos|at odds|dispute|object|issue|concern|grievance|sticking|priorit)\w*",
        r"\b(?:look|ask|push|call|press|bargain|fight)\w* for\b",
    ),
}
# What answers such a question roughly.
_ROUGHER = {Kind.PERCENT: Kind.HOW_MANY, Kind.MONEY: Kind.HOW_MANY, Kind.TIME_OF_DAY: Kind.WHEN}
# One speaker's “we want” tells less of what a union asks for than what is reported of it.
_OWN_WORDS = re.compile(r"\b(?:we|i|our|us|my)\b", re.IGNORECASE)


# Months that are also words or names count where something beside them says that they are months.
_MONTHS = re.compile(
    r"\b(?:(jan(?:uary)?|feb(?:ruary)?|april|apr|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|"
    r"dec(?:ember)?)|(?:(?:in|of|on|since|until|till|by|from|early|late|mid|last|next|this|before|after)[ -]+)"
    r"(may|mar(?:ch)?)(?! (?:i|we|you)\b)|(may|mar(?:ch)?)(?= \d))\b",
    re.IGNORECASE,
)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_COUNTED = re.compile(r"\bhow many (?:of the |of )?((?:[a-z’'-]+ ){0,2}[a-z’'-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Demands:
    """What an answer must hold. `decades` are their first years; `numbers` are those that are no year; `counted` are terms
    of what “how many” asks after, `letters` those of a short form whose full name is asked for.
    """

    kind: Kind | None
    years: frozenset[int]
    months: frozenset[int]
    unions: frozenset[str]
    numbers: frozenset[str]
    counted: tuple[str, ...] = ()
    letters: str = ""
    decades: frozenset[int] = frozenset()

    @property
    def all_years(self) -> frozenset[int]:
        """The years that an answer may be of: those named, and all of a decade."""
        return self.years | {first + step for first in self.decades for step in range(10)}


@dataclass(frozen=True, slots=True)
class Missing:
    """Shares, 0 to 1, of what a question names that a passage doesn't have; 0 where it names none."""

    years: float
    months: float
    unions: float
    numbers: float


NOTHING_MISSING = Missing(0.0, 0.0, 0.0, 0.0)


def demands_of(question: str) -> Demands:
    """What the question's words tell of its answer."""
    kind = next((kind for kind, asks in _ASKS if asks.search(question)), None)
    short = _SHORT_FORM.search(question)
    years, decades, rest = named_years(question)
    counted = _COUNTED.search(question)
    return Demands(
        kind=Kind.FULL_NAME if short else kind,
        years=years,
        months=frozenset(_months_in(question)),
        unions=frozenset(mention.key for mention in unions_in(question)),
        numbers=frozenset(_plain_number(one) for one in _NUMBER.findall(rest)),
        # Asked with “many”, which tells something, stop-words don't come back where there are no others.
        counted=question_terms(f"many {counted[1]}")[1:] if counted and kind is Kind.HOW_MANY else (),
        letters=short[1].replace("-", "").lower() if short else "",
        decades=decades,
    )


def holds(demands: Demands, sentence: str) -> float:
    """1 where a sentence has the kind of thing asked for, ½ where only roughly, 0 where not or where no kind is asked for.

    What the question says itself is no answer: its years don't make a sentence say when.
    """
    kind = demands.kind
    if kind is None:
        return 0.0
    if kind is Kind.FULL_NAME:
        return float(_spells_out(demands.letters, sentence))
    for year in demands.years:
        sentence = sentence.replace(str(year), "")
    if kind in (Kind.HOW_MANY, Kind.PERCENT, Kind.MONEY, Kind.HOW_LONG):
        sentence = _DATE.sub(" ", sentence)
        for digits in demands.numbers:
            sentence = re.sub(rf"(?<![\d.,]){re.escape(digits)}(?![\d.,]\d|\d)", " ", sentence)
    if kind is Kind.HOW_MANY:
        sentence = _SHARE.sub(" ", sentence)
    if kind is Kind.WHO:
        sentence = _NOBODY.sub(" it ", sentence)
    if not _HOLDS[kind].search(sentence):
        rougher = _ROUGHER.get(kind)
        return 0.5 if rougher and _HOLDS[rougher].search(sentence) else 0.0
    if kind is Kind.WANT and _OWN_WORDS.search(sentence):
        return 0.5
    if kind is Kind.HOW_MANY and demands.counted:
        return 1.0 if _counts(demands.counted, sentence) else 0.5
    return 1.0


def missing(demands: Demands, text: str, published: date | None, unions: Collection[str]) -> Missing:
    """What the question names and a passage hasn't: `text` is heading and passage, the others are its article's.

    The article's own year and month count as named: who reads a piece of May 2017 knows what “Tuesday” is.
    """
    years = years_told(text) | ({published.year} if published else set())
    months = _months_in(text) | ({published.month} if published else set())
    numbers = {_plain_number(one) for one in _NUMBER.findall(text)}
    if demands.numbers - numbers:
        numbers |= {f"{count:g}" for one in _COUNT_WORD.findall(text) if (count := number(one)) is not None}
    known = bool(published or years)  # of an undated text that names no year, nobody can say that it is of another
    return Missing(
        years=_lacking_years(demands, years) if known else _lacking_years(demands, ()) / 2,
        months=_lacking(demands.months, months),
        unions=_lacking_unions(demands.unions, unions),
        numbers=_lacking(demands.numbers, numbers),
    )


def _lacking(wanted: Collection[object], there: Collection[object]) -> float:
    return sum(one not in there for one in wanted) / len(wanted) if wanted else 0.0


def _lacking_years(demands: Demands, there: Collection[int]) -> float:
    """Of a decade any year will do."""
    lacking = [year not in there for year in demands.years]
    lacking += [not any(first + step in there for step in range(10)) for first in demands.decades]
    return sum(lacking) / len(lacking) if lacking else 0.0


def _lacking_unions(wanted: Collection[str], there: Collection[str]) -> float:
    """A union is there too where one that belongs to it is, or the one that it belongs to; of a craft's own local that tells
    only half.
    """
    known = unions()
    family = {*there, *(known[key].part_of for key in there if key in known)}

    def lacking(key: str) -> float:
        if key in family:
            return 0.0
        if key not in known or known[key].part_of not in there:
            return 1.0
        return 0.0 if known[key].merged else 0.5

    return sum(map(lacking, wanted)) / len(wanted) if wanted else 0.0


def _spells_out(letters: str, sentence: str) -> bool:
    """Whether capitalised words that follow each other begin with these letters: IATSE in “… Alliance of Theatrical …”."""
    initials = "".join(
        "" if word in _SMALL_IN_NAMES else word[0].lower() if word[0].isupper() else " "
        for word in re.findall(r"[^\W\d_]+", sentence)
    )
    return letters in initials


def _counts(terms: Collection[str], sentence: str) -> bool:
    """Whether a number stands at most three words before one of the terms."""
    words = all_terms(sentence)
    places = [place for place, word in enumerate(words) if word[0].isdigit() or word in _COUNT_STEMS]
    return any(set(words[place + 1 : place + 5]) & set(terms) for place in places)


def _months_in(text: str) -> set[int]:
    return {_MONTH_NAMES.index(next(filter(None, match.groups()))[:3].lower()) + 1 for match in _MONTHS.finditer(text)}


def _plain_number(digits: str) -> str:
    return digits.replace(",", "").rstrip(".")


_COUNT_STEMS = frozenset(term for word in _COUNT_WORDS.split("|") for term in all_terms(word))
