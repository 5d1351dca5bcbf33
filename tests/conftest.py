"""Hypothesis draws the same examples in every run of `make test`, so that its outcome tells of the code alone.

`make explore` draws others: what it finds becomes a case of its own.
"""

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("new", deadline=None, print_blob=True)
settings.load_profile("same")
