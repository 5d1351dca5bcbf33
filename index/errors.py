"""Everything that can go wrong with the index, as one tree.

EngineError
├── QuestionError        a question that can't be asked: empty, too long
├── ModelError           the embedding model is missing, unfit or differs from its export
├── BusyError            another process builds
├── NoGenerationError    nothing is indexed yet, or the generation asked for is not there
├── StorageError         the storage directory can't be read or written
│   └── DamagedError         a file in it is not what its manifest says
│       └── OutdatedError        another version or another model made it; a reindex makes it anew
└── BuildError           a generation that failed its own checks and was not published

Every message is one sentence that names the value and the next step; programs print it and end with exit code 1.
"""

from datetime import datetime


class EngineError(Exception):
    """The root: catch this at an edge and print it."""


class QuestionError(EngineError):
    """A question that can't be asked."""


class ModelError(EngineError):
    """The embedding model is missing, unfit or differs from its export."""


class BusyError(EngineError):
    """Another process holds the build lock, since then, where it could be read."""

    def __init__(self, told: str, since: datetime | None) -> None:
        super().__init__(told)
        self.since = since


class NoGenerationError(EngineError):
    """Nothing is indexed yet, or the generation asked for is not there."""


class StorageError(EngineError):
    """The storage directory can't be read or written."""


class DamagedError(StorageError):
    """A stored file is missing, cut short or not what its manifest says."""


class OutdatedError(DamagedError):
    """The generation in use was made by another version of Picket, or with another model."""


class BuildError(EngineError):
    """A new generation failed its own checks; the one in use stays."""
