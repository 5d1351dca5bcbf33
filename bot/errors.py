"""Everything that can go wrong between people and the engine, as one tree.

BotError
├── JournalError         people's data can't be kept or read: full disk, locked, damaged, of a newer Picket
├── BackupError          an archive that can't be written, read or trusted; nothing was replaced
├── BusyError            the queue of questions is full
├── ClosingError         Picket is about to end
├── SlowError            an answer that takes longer than it may
├── RateError            somebody asks more often than they may
├── WordsError           what a person gave for an option can't be read
├── NotAllowedError      the person may not do this, or not here
├── GoneError            what a button stood for is not there any more
└── SetupError           what the operator has to mend before Picket can run: the token, an address

Every message is one sentence that names the value and the next step; programs print it and end with exit code 1.
"""


class BotError(Exception):
    """The root: catch this at an edge and show it."""


class JournalError(BotError):
    """People's data can't be kept or read; what was asked for was not done, not even in part."""


class BackupError(BotError):
    """An archive that can't be written, read or trusted; nothing was replaced."""


class BusyError(BotError):
    """As many questions wait as may; try again."""


class ClosingError(BotError):
    """Picket is about to end; ask again in a minute."""


class SlowError(BotError):
    """The answer takes longer than it may; whoever computes it goes on, and nobody waits for it."""


class RateError(BotError):
    """Somebody asks more often than they may; `seconds` until they may again."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class WordsError(BotError):
    """What a person gave for an option can't be read, or can't be meant."""


class NotAllowedError(BotError):
    """The person may not do this, or not here."""


class GoneError(BotError):
    """What a button stood for is not there any more, or was never to be seen here."""


class SetupError(BotError):
    """Picket can't run before its operator mends something: the token, an address, what Discord has against it."""
