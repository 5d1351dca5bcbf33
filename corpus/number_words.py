"""Reads numbers as English writes them: “twenty-five”, “two dozen”, “5 1/2”, “one hundred and third”, “136th”.

Holds their words, for all who look for them; where in a text a number may stand is left to those.
"""

import re

ONES = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINAL_ONES = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
)
CARDINALS = {word: n for n, word in enumerate(ONES, 1)} | {word: 10 * n for n, word in enumerate(TENS, 2)}
CARDINALS |= {"hundred": 100}
ORDINALS = {word: n for n, word in enumerate(_ORDINAL_ONES, 1)}
ORDINALS |= {f"{word[:-1]}ieth": 10 * n for n, word in enumerate(TENS, 2)} | {"hundredth": 100}
_TIMES = {"couple": 2, "dozen": 12, "hundred": 100}  # what they follow is multiplied: “two dozen”, “a couple hundred”


def number(words: str) -> float | None:
    """The number that “118”, “5 1/2”, “a couple of”, “two dozen” or “one hundred and three” is; None for others."""
    plain = [word for word in re.split(r"[\s-]+", words.lower().replace("½", ".5")) if word not in ("", "and", "of")]
    if len(plain) > 1:  # an article is one by itself alone, not in “a six-day strike”
        plain = [word for word in plain if word not in ("a", "an")]
    total = 0.0
    for word in plain:
        if word in _TIMES:
            total = (total or 1) * _TIMES[word]
        elif word in CARDINALS:
            total += CARDINALS[word]
        elif word == "half":
            total += 0.5
        elif word in ("a", "an"):
            total += 1
        elif re.fullmatch(r"[0-9]/[1-9]", word):
            total += int(word[0]) / int(word[2])
        elif re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", word):
            total += float(word)
        else:
            return None
    return total


def ordinal(words: str) -> int | None:
    """The number that “136th”, “hundredth”, “twenty-first” or “a hundred and third” is; None for others."""
    words = re.sub(r"^an?[\s-]+", "", words.lower())
    if match := re.fullmatch(r"([0-9]+)(?:st|nd|rd|th)", words):
        return int(match[1])
    *heads, tail = re.split(r"[\s-]+", words)
    head = number(" ".join(heads))
    if tail not in ORDINALS or head is None:
        return None
    return int(head or 1) * 100 if tail == "hundredth" else int(head) + ORDINALS[tail]
