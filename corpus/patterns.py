"""Regular expressions that are compiled at their first use, since most texts need few of those that read dates.

Compiling all of them costs each start 0.2 s; a first question needs a twentieth of that.
"""

import re
from collections.abc import Callable
from functools import cache


def lazy(form: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """A function that gives the compiled pattern. A wrong `form` raises `re.error` there, not here."""

    @cache
    def compiled() -> re.Pattern[str]:
        return re.compile(form, flags)

    return compiled
