"""Reads from a question what an answer to it must hold: its years, unions and numbers, and the kind of thing asked for.

Knows words alone, not meaning: “the 2007 strike” is not answered by a sentence of 2023, “how many” not by one without a
number. How much that weighs against meaning is decided in `quotes` and `answers`.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from corpus.day_words import PRINTED_MONTH, month_number
from corpus.number_words import number
from index.demand_kinds import A_TIME, COUNT_WORDS, HOLDS, NOBODY, ROUGHER, AnswerKind, kind_asked
from index.lexical import all_terms, question_terms
from index.named_years import named_years, years_in
from index.unions import keys_in, unions

_COUNT_WORD = re.compile(rf"\b(?:{COUNT_WORDS})\b", re.IGNORECASE)
_DATE = re.compile(
    rf"\b{PRINTED_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+(?:19|20)\d\d\b)?|\b\d{{1,2}} {PRINTED_MONTH}|\b(?:19|20)\d\d\b"
)
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_SMALL_IN_NAMES = frozenset(("of", "and", "the", "for", "in"))
_SHORT_FORM = re.compile(
    r"\bwhat(?:['’]?s)?\b.{0,12}?\b(?!they|we|it|he|she|you|this|that)([a-z]{2,}(?:-[a-z]+)*) (?:stands?|short) for\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"(?<![\d.,])\d[\d.,]*\s?(?:%|per ?cent\b)|[$£€]\s?\d[\d.,]*")
# One speaker's “we want” tells less of what a union asks for than what is reported of it.
_OWN_WORDS = re.compile(r"\b(?:we|i|our|us|my)\b", re.IGNORECASE)


# Months that are also words or names count where something beside them says that they are months.
_MONTHS = re.compile(
    r"\b(?:(jan(?:uary)?|feb(?:ruary)?|april|apr|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|"
    r"dec(?:ember)?)|(?:(?:in|of|on|since|until|till|by|from|early|late|mid|last|next|this|before|after)[ -]+)"
    r"(may|mar(?:ch)?)(?! (?:i|we|you)\b)|(may|mar(?:ch)?)(?= \d))\b",
    re.IGNORECASE,
)
# What is counted ends where something is said of it: “how many members | does local 12 have”.
_COUNTED = re.compile(
    r"\bhow many (?:of (?:the |them )?)?(?:\d[\d,.]* )?"
    r"((?:(?!(?:do|does|did|is|are|was|were|has|have|had|will|would|can|could|should|may|might|"
    r"the|an?|in|on|at|of|for|from|to|by|with|who|that)\b)[\w’'-]+ ?){1,5})",
    re.IGNORECASE,
)
# Who is asked about isn't who is told of: “who is Ada Webb of the guild”, but “who is Ada Webb's first guest”.
_ASKED_ABOUT = re.compile(
    r"\bwho(?:['’]?s| is| was| are| were) (?:(?:the|an?) [\w’'-]+ )?[\w’-]+(?: [\w’-]+){0,2}?"
    r"(?= (?:of|at|in|for|from|and|during)\b|\W*$)",
    re.IGNORECASE,
)
_FULL_NAME = re.compile(r"(?<![\w’'.-])[A-Z][\w’'.-]+(?: [A-Z][\w’'.-]+)+")
_PLURAL = re.compile(r"\b(?:[a-z-]+[^\Ws]s|people|men|women|children)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Demands:
    """What an answer must hold. `decades` are their first years; `numbers` are those that are no year; `counted` are terms
    of what “how many” asks after, `letters` those of a short form whose full name is asked for; `named` are the terms of a
    question that asks for a person.
    """

    kind: AnswerKind | None
    years: frozenset[int]
    months: frozenset[int]
    unions: frozenset[str]
    numbers: frozenset[str]
    counted: tuple[str, ...] = ()
    letters: str = ""
    decades: frozenset[int] = frozenset()
    named: frozenset[str] = frozenset()

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
    kind = kind_asked(question)
    short = _SHORT_FORM.search(question)
    years, decades, rest = named_years(question)
    counted = _COUNTED.search(question)
    return Demands(
        kind=AnswerKind.FULL_NAME if short else kind,
        years=years,
        months=frozenset(_months_in(question)),
        unions=keys_in(question),
        numbers=frozenset(_plain_number(one) for one in _NUMBER.findall(rest)),
        counted=_terms_counted(counted[1]) if counted and kind is AnswerKind.HOW_MANY else (),
        letters=short[1].replace("-", "").lower() if short else "",
        decades=decades,
        named=frozenset(question_terms(_ASKED_ABOUT.sub(" ", question)))
        if kind in (AnswerKind.WHO, AnswerKind.LEADER)
        else frozenset(),
    )


def holds(demands: Demands, sentence: str) -> float:
    """1 where a sentence has the kind of thing asked for, ½ where only roughly, 0 where not or where no kind is asked for.

    What the question says itself is no answer: its years don't make a sentence say when, nor its names who.
    """
    kind = demands.kind
    if kind is None:
        return 0.0
    if kind is AnswerKind.FULL_NAME:
        return float(_spells_out(demands.letters, sentence))
    for year in demands.years:
        sentence = sentence.replace(str(year), "")
    if kind in (AnswerKind.HOW_MANY, AnswerKind.PERCENT, AnswerKind.MONEY, AnswerKind.HOW_LONG):
        sentence = _DATE.sub(" ", sentence)
        for digits in demands.numbers:
            sentence = re.sub(rf"(?<![\d.,]){re.escape(digits)}(?![\d.,]\d|\d)", " ", sentence)
    if kind is AnswerKind.HOW_MANY:
        sentence = _SHARE.sub(" ", sentence)
    if kind in (AnswerKind.HOW_MANY, AnswerKind.PERCENT, AnswerKind.MONEY):
        sentence = A_TIME.sub(" ", sentence)
    if kind in (AnswerKind.WHO, AnswerKind.LEADER):
        sentence = NOBODY.sub(" it ", _FULL_NAME.sub(lambda name: _unless_named(name[0], demands.named), sentence))
    if not HOLDS[kind].search(sentence):
        rougher = ROUGHER.get(kind)
        return 0.5 if rougher and HOLDS[rougher].search(sentence) else 0.0
    if kind is AnswerKind.WANT and _OWN_WORDS.search(sentence):
        return 0.5
    if kind is AnswerKind.HOW_MANY and demands.counted:
        return 1.0 if _counts(demands.counted, sentence) else 0.5
    return 1.0


def missing(demands: Demands, text: str, published: date | None, unions: Collection[str]) -> Missing:
    """What the question names and a passage hasn't: `text` is heading and passage, the others are its article's.

    The article's own year and month count as named: who reads a piece of May 2017 knows what “Tuesday” is.
    """
    years = years_in(text) | ({published.year} if published else set())
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


def _unless_named(name: str, named: Collection[str]) -> str:
    """“it” for a name of the question, unless it asks for nothing else: “who is Ada Webb”."""
    terms = set(all_terms(re.sub(r"[’']s\b", "", name)))
    return "it" if terms < set(named) else name


def _terms_counted(words: str) -> tuple[str, ...]:
    """The terms of what is counted: of “guild members voted” the members, or all of them where no word is a plural.

    Asked with “many”, which tells something, stop-words don't come back where there are no others.
    """
    return question_terms(f"many {' '.join(_PLURAL.findall(words)) or words}")[1:]


def _counts(terms: Collection[str], sentence: str) -> bool:
    """Whether a number stands at most three words before one of the terms."""
    words = all_terms(sentence)
    places = [place for place, word in enumerate(words) if word[0].isdigit() or word in _COUNT_STEMS]
    return any(set(words[place + 1 : place + 5]) & set(terms) for place in places)


def _months_in(text: str) -> set[int]:
    return {month_number(next(filter(None, match.groups()))) for match in _MONTHS.finditer(text)}


def _plain_number(digits: str) -> str:
    return digits.replace(",", "").rstrip(".")


_COUNT_STEMS = frozenset(term for word in COUNT_WORDS.split("|") for term in all_terms(word))
