"""Mends typing errors in a question against the words of the articles: “wen did teh writers” → “when did the writers”.
What a chat writes short is written out, “bargaining w/ ppl” as “bargaining with people”.

A word is touched only where neither the articles nor English nor the tables of names know it, and what it was changed
into is told. Which question is searched is left to `reading`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.concepts import named_words
from index.dates.words import HOLIDAY_STARTS, MONTHS, WEEKDAYS
from index.english import is_english
from index.lexical import all_terms
from index.vocabulary import Vocabulary

# Slips that no comparison with articles tells: short words, where everything is near everything. Those in the second
# table are words or names too, and are slips only where a verb of questions follows.
_SLIPS = {
    "adn": "and", "taht": "that", "teh": "the", "hte": "the", "thw": "the", "thier": "their", "thye": "they",
    "waht": "what", "wht": "what", "whta": "what", "wut": "what", "wehn": "when", "whne": "when", "hwen": "when",
    "whn": "when", "wheer": "where", "whre": "where", "wich": "which", "whcih": "which", "whihc": "which", "hwo": "who",
    "hwy": "why", "ddi": "did", "wsa": "was", "hvae": "have", "ahve": "have", "becuase": "because", "wiht": "with",
    "wtih": "with", "strick": "strike", "strikeing": "striking",
    "agian": "again", "agan": "again", "agani": "again", "befor": "before", "befroe": "before",
    "untill": "until", "unitl": "until", "whiel": "while", "sicne": "since", "snce": "since", "theri": "their",
    "thsi": "this", "tehy": "they", "thay": "they", "alot": "a lot",
}  # fmt: skip
_SLIPS_IN_FRONT = {"wen": "when", "whem": "when", "wat": "what", "wot": "what"}
# What is written short in a chat, in small letters, and stands by itself: no error, but neither the articles' words nor the
# cross-encoder's. With it written out, three of 41 golden questions had their sentence among the first three, and one an
# answer, that hadn't. “Ur” and “mar” may be too much else.
_SHORT = {
    "w/": "with", "w": "with", "w/o": "without", "n": "and", "u": "you", "r": "are", "b4": "before", "bc": "because",
    "cuz": "because", "abt": "about", "btwn": "between", "thru": "through", "ppl": "people", "govt": "government",
    "yr": "year", "yrs": "years", "wk": "week", "wks": "weeks", "ep": "episode", "eps": "episodes", "jan": "January",
    "feb": "February", "apr": "April", "aug": "August", "sep": "September", "sept": "September", "oct": "October",
    "nov": "November", "dec": "December", "hrs": "hours", "mins": "minutes", "mil": "million", "tryna": "trying to",
    "gonna": "going to", "wanna": "want to", "gotta": "have to", "wouldve": "would have", "couldve": "could have",
    "shouldve": "should have", "noms": "nominations", "negs": "negotiations", "mtg": "meeting", "mtgs": "meetings",
    "prez": "president", "auth": "authorization", "og": "original", "rn": "right now", "tmrw": "tomorrow", "biz": "business",
}  # fmt: skip
_BY_ITSELF = re.compile(
    r"(?<![\w/'’&.-])(?:" + "|".join(sorted(map(re.escape, _SHORT), key=len, reverse=True)) + r")(?!\.?[\w'’&/-])"
)
_AUXILIARY = re.compile(
    r"\s+(?:is|are|was|were|did|does|do|didnt|didn't|will|would|has|have|had|can|could|s)\b", re.IGNORECASE
)
# What is no word of the question's own: quotations, addresses, mentions, code, emoji.
_UNTOUCHED = re.compile(
    r"“[^”]*”|\"[^\"]*\"|«[^»]*»|`[^`]*`|https?://\S+|www\.\S+|\S+@\S+|[@#]\w+|<[^>]*>|:\w+:", re.IGNORECASE
)
_TOKEN = re.compile(r"\w+(?:['’]\w+)*")
# Words that hold a sentence together; one of them is never what a slip of four letters or more stood for.
_FUNCTION = frozenset(
    "about after again against also any because been before being both does down each even ever every from have having "
    "here into just less like many more most much must near none only other over same shall should since some such than "
    "that their them then there these they this those through until upon very were what when where which while whom whose "
    "will with within would your yours more most once onto per though unless yet".split()
)
# Letters from which one error is believed, and from which two are: in shorter words, too many others are as near. Judged.
# Names are nearer to each other than words (“Walz”, “Walt”, “Waltz”).
_ONE_ERROR, _TWO_ERRORS, _ONE_ERROR_IN_A_NAME = 4, 8, 6
# Of two candidates with two errors each, the more frequent one must be this many times the other.
_CLEARLY = 2
# One of another sound goes first where it is so many times as frequent: “stike” is “strike” where “stake” is rare.
_FAR = 20
# Errors by which stems may differ: one error near a word's end can change two letters of its stem. A candidate that has
# only its beginning in common comes after those with one error.
_STEM_ERRORS, _ENDING = 2, 1.5
# Words of articles looked at for one unknown word, and unknown words looked at in a question: beyond, it is another
# language or no question, and costs more than it helps.
_CANDIDATES, _UNKNOWN = 5, 12
_VOWELS = re.compile(r"(?<!^)[aeiouy]")
_DOUBLED = re.compile(r"(.)\1")

_CALENDAR = frozenset((*MONTHS, *WEEKDAYS)) | HOLIDAY_STARTS


@dataclass(frozen=True, slots=True)
class Change:
    """A word as it was typed, and what it was read as."""

    typed: str
    mended: str


@dataclass(frozen=True, slots=True)
class Mended:
    """The question with its typing errors mended, and what was changed, in its order."""

    text: str
    changes: tuple[Change, ...] = ()


def mend(text: str, vocabulary: Vocabulary) -> Mended:
    """The question with words mended that nobody knows, and short forms written out; as it was where more is unknown than known.

    Costs about 50 µs where every word is English or in the tables, a millisecond for each name, 3 ms for each error.
    """
    kept = _UNTOUCHED.sub(lambda match: "\0" * len(match[0]), text)
    short = {match.start(): match[0] for match in _BY_ITSELF.finditer(kept)}
    tokens = [one for one in _tokens(kept) if one[0] not in short]
    slips = {start: slip for start, word in tokens if (slip := _slip(text, start, word, vocabulary))}
    rest = [(start, word) for start, word in tokens if start not in slips]
    unknown = [(start, word) for start, word in rest if _is_unknown(word, vocabulary)]
    if len(unknown) > _UNKNOWN or len(unknown) == len(tokens):
        return Mended(text)
    cased = sum(word[0].isupper() for _, word in tokens) > len(tokens) / 2
    sure = slips | {start: _SHORT[typed] for start, typed in short.items()}
    found = dict(sure)
    for start, word in unknown:
        mended = _nearest(word, vocabulary, name=word[0].isupper() and not cased and not _begins(text, start))
        if mended:
            found[start] = mended
    if len(unknown) > 2 * sum(start in found for start, _ in unknown):
        found = sure if len(sure) >= len(unknown) else {}
    lengths = dict(tokens) | short
    changes = []
    for start in sorted(found, reverse=True):
        end = start + len(lengths[start])
        changes.append(Change(text[start:end], found[start]))
        text = text[:start] + found[start] + text[end:]
    return Mended(text, tuple(reversed(changes)))


def _tokens(kept: str) -> Iterator[tuple[int, str]]:
    """Where each word of ASCII letters stands that may be touched, with the word."""
    for match in _TOKEN.finditer(kept):
        word = match[0].replace("’", "'")
        if word.replace("'", "").isalpha() and word.isascii():
            yield match.start(), word


def _slip(text: str, start: int, word: str, vocabulary: Vocabulary) -> str:
    """What a short word stood for by the tables, in its case, or “”."""
    plain = word.lower()
    if word.isupper() and not text.isupper():
        return ""
    mended = _SLIPS.get(plain, "")
    if mended and any(vocabulary.frequency(term) for term in all_terms(plain)):
        mended = ""  # a name of the articles
    if not mended and (word.islower() or _begins(text, start)) and _AUXILIARY.match(text, start + len(word)):
        mended = _SLIPS_IN_FRONT.get(plain, "")
    return mended.capitalize() if mended and word[0].isupper() else mended


def unheard_names(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Names in a question that stand in no article and no table, so that no article answers it: “the Halifax dockers”.

    A capital within a sentence makes a name; where most words have one it tells nothing. Short forms are none.
    """
    untouched = [one.span() for one in _UNTOUCHED.finditer(text)]
    words = [one for one in _TOKEN.finditer(text) if not any(a <= one.start() < b for a, b in untouched)]
    if sum(one[0][0].isupper() for one in words) > len(words) / 2:
        return ()
    found = []
    for one in words:
        plain = one[0].lower().removesuffix("'s").removesuffix("’s")
        if len(plain) < _ONE_ERROR or not one[0][0].isupper() or plain.isupper() or _begins(text, one.start()):
            continue
        forms = {plain, plain.removesuffix("s")}
        if named_words().isdisjoint(forms) and _CALENDAR.isdisjoint(forms) and not _is_heard(plain, vocabulary):
            found.append(one[0])
    return tuple(found)


def _is_heard(word: str, vocabulary: Vocabulary) -> bool:
    terms = [term for term in all_terms(word) if len(term) > 1]
    return not terms or any(vocabulary.frequency(term) for term in terms)


def _is_unknown(word: str, vocabulary: Vocabulary) -> bool:
    """Whether neither English nor the tables nor the articles have the word, in this form or as somebody's or several."""
    if len(word) < _ONE_ERROR:
        return False
    plain = word.lower()
    forms = {plain, plain.removesuffix("'s"), plain.removesuffix("s"), plain.replace("'", "")}
    if not named_words().isdisjoint(forms) or is_english(plain.removesuffix("'s").replace("'", "")):
        return False
    # A stem that is known is not enough: “ratifed” has that of “ratification”.
    terms = [term for term in all_terms(plain) if len(term) > 1 and vocabulary.frequency(term)]
    return not any(
        written.lower().replace("’", "'") in forms for term in terms for written in vocabulary.spellings(term)
    )


def _nearest(word: str, vocabulary: Vocabulary, *, name: bool) -> str:
    """The word of the articles that was meant, as they write it, or “” where none is near or several are."""
    from rapidfuzz.distance import OSA  # most questions have no error, and it takes 10 ms to load

    typed = word.lower()
    if name and not word.isupper() and len(typed) < _ONE_ERROR_IN_A_NAME:
        return ""
    most = 2 if len(typed) >= _TWO_ERRORS else 1
    ranked: list[tuple[int, bool, int, str]] = []
    for term, count in _candidates(typed, vocabulary, OSA.distance):
        forms = vocabulary.spellings(term)
        if name and any(form.islower() for form in forms):
            continue  # an ordinary word that begins a sentence somewhere
        for written in forms:
            plain = written.lower().replace("’", "'")
            errors = OSA.distance(typed, plain, score_cutoff=most)
            if errors <= most and _may_be(word, written, count, name=name):
                ranked.append((errors, _sounds(typed) != _sounds(plain), -count, written))
        if ranked and min(ranked)[:2] == (1, False):
            break  # nothing comes nearer, and the candidates after it are rarer
    if not ranked:
        return ""
    ranked.sort()
    best = next((one for one in ranked if one[0] == ranked[0][0] and one[2] <= _FAR * ranked[0][2]), ranked[0])
    rivals = [one for one in ranked if one[:2] == best[:2] and all_terms(one[3]) != all_terms(best[3])]
    if best[0] > 1 and rivals and best[2] > _CLEARLY * rivals[0][2]:
        return ""
    return _cased(best[3], word, vocabulary)


def _candidates(typed: str, vocabulary: Vocabulary, distance: Callable[..., int]) -> Sequence[tuple[str, int]]:
    """The index terms nearest to the typed word's, or to its beginning: an error near the end gives it another ending."""
    terms = all_terms(typed)
    if not terms:  # a word of thousands of letters has no term
        return []
    stem = terms[0]
    found: list[tuple[float, int, str]] = []
    for letters in dict.fromkeys((typed[0], typed[1] + typed[0])):  # the first two may have changed places
        for term, count in vocabulary.beginning(letters):
            length = len(term)
            if abs(length - len(stem)) <= _STEM_ERRORS:
                errors: float = distance(stem, term, score_cutoff=_STEM_ERRORS)
                if errors <= _STEM_ERRORS:
                    found.append((errors, -count, term))
                    continue
            if _ONE_ERROR <= length < len(typed) and distance(typed[:length], term, score_cutoff=1) <= 1:
                found.append((_ENDING, -count, term))
    return [(term, -count) for _, count, term in sorted(found)[:_CANDIDATES]]


def _may_be(word: str, written: str, count: int, *, name: bool) -> bool:
    """Whether a word of the articles may be what was typed: no error of theirs, and a name for a name."""
    if not written.isascii() or written.lower() in _FUNCTION or len(written) < 3:
        return False
    if word.isupper():
        return written.isupper()
    if name and not written[0].isupper():
        return False
    return count > 1 or written[0].isupper() or is_english(written.lower())


def _cased(written: str, word: str, vocabulary: Vocabulary) -> str:
    """The word in the articles' case where it is a name, else in that of the typed one."""
    forms: Sequence[str] = vocabulary.spellings(all_terms(written)[0])
    if any(form.islower() for form in forms):
        written = written.lower()
        return written.capitalize() if word[0].isupper() else written
    return written


def _sounds(word: str) -> str:
    """The word's consonants, doubled ones once: what most typing errors leave alone."""
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", word))


def _begins(text: str, start: int) -> bool:
    """Whether a sentence begins there, where a capital tells nothing."""
    before = text[:start].rstrip()
    return not before or before[-1] in ".?!:…”\"'"
