"""Makes regular expressions, compiled at their first use, since most texts need few of those that read dates.

Compiling all of them costs each start 0.2 s; a first question needs a twentieth of that.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache


def lazy(form: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """A function that gives the compiled pattern. A wrong `form` raises `re.error` there, not here."""

    @cache
    def compiled() -> re.Pattern[str]:
        return re.compile(form, flags)

    return compiled


def one_of(words: Iterable[str]) -> str:
    """A form for one of the words, the longest first."""
    return "(?:" + "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True)) + ")"
