"""Says whether a word is English, by the word list that symspellpy carries (82,765 words, MIT).

The list is read at the first word that a corpus doesn't know, in about a millisecond, and searched as it is: a table
of it would cost 80 ms and 10 MB for what a question rarely needs.
"""

import importlib.util
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

_FILE = "frequency_dictionary_en_82_765.txt"
# Words that are remembered: those of some hundred questions, in half a MB.
_REMEMBERED = 4_096
# Without their apostrophe, as people type them; the list has them with it.
_CONTRACTIONS = frozenset(
    "aint arent cant couldnt couldve didnt doesnt dont hadnt hasnt havent hes howd hows im isnt itll its ive lets mustnt "
    "shes shouldnt shouldve somebodys thats theres theyd theyll theyre theyve wasnt werent whats whens wheres whos whys "
    "wont wouldnt wouldve yall youd youll youre youve".split()
)
# labor, theater, canceled, catalog, unionise and unionize, offense.
_SPELLINGS = tuple(
    (re.compile(form), other)
    for form, other in (
        (r"or", "our"),
        (r"er(s?)$", r"re\1"),
        (r"(?<=[aeiou])l(?=ed$|ing$|er$|ers$|or$|ors$)", "ll"),
        (r"og(s?)$", r"ogue\1"),
        (r"is(?=e|ing|ation)", "iz"),
        (r"iz(?=e|ing|ation)", "is"),
        (r"ense(s?)$", r"ence\1"),
    )
)


@lru_cache(maxsize=_REMEMBERED)
def is_english(word: str) -> bool:
    """Whether a word of ASCII letters in small letters is in the list; costs about 0.3 ms, and nothing when asked again.

    True of every word where the list is not there: then nothing is taken for a slip.
    """
    if word in _CONTRACTIONS:
        return True
    words = _words()
    return not words or any(f"\n{form} ".encode() in words for form in (word, *_other_spellings(word)))


def _other_spellings(word: str) -> Iterator[str]:
    """The word as it is spelt on the other side of the Atlantic: of some words the list has one spelling alone."""
    for pattern, other in _SPELLINGS:
        changed = pattern.sub(other, word)
        if changed != word:
            yield changed


@cache
def _words() -> bytes:
    """The list: a word, a space, its frequency, on a line each, the first after a line end as all are; or nothing."""
    try:
        found = importlib.util.find_spec("symspellpy")
        if found is None or found.origin is None:
            return b""
        return b"\n" + (Path(found.origin).parent / _FILE).read_bytes().removeprefix(b"\xef\xbb\xbf")
    except (OSError, ImportError, ValueError):
        return b""
