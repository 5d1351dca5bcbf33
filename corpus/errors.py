"""Everything that can go wrong with articles, as one tree.

CorpusError
├── ConfigError             the configuration file
├── ArticleError            a file or record that is no article
├── StoreError              the article directory can't be read or written
└── FetchError              an address that can't be fetched
    ├── UnsafeAddressError      it must not be fetched at all
    ├── TooLargeError           it is larger than the limit
    └── FetchTimeoutError       it took longer than the limit

Every message is one sentence that names the value and the next step; programs print it and end with exit code 1.
"""


class CorpusError(Exception):
    """The root: catch this at an edge and print it."""


class ConfigError(CorpusError):
    """The configuration file is missing, unreadable or says something impossible."""


class ArticleError(CorpusError):
    """What was given is not an article: no text, bad front matter, wrong types."""


class StoreError(CorpusError):
    """The article directory or a file in it can't be read or written."""


class FetchError(CorpusError):
    """An address could not be fetched."""


class UnsafeAddressError(FetchError):
    """An address that a stranger named and that must not be connected to."""


class TooLargeError(FetchError):
    """What the address sends is larger than the limit."""


class FetchTimeoutError(FetchError):
    """What the address sends takes longer than the limit."""
