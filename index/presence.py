"""Sees which indexed articles are no longer in the folder, so that a removed article is never found again.

The folder is the truth: taking a file away withdraws its article from the very next question, in every process,
without anything else being told. What is in the file when it stays is `builder`'s business.
"""

import threading
import time
from pathlib import Path

from corpus.errors import CorpusError
from corpus.files import ArticleFolder
from index.errors import StorageError
from index.generations import Manifest
from index.searcher import Searcher

# A folder changed so recently may change again without its time stamp moving: kernels stamp in ticks of 1 to 10 ms.
_GRAIN = 50_000_000  # nanoseconds


class Presence:
    """Which articles of a generation are gone from the folder. Costs one `stat` a folder while nothing changes."""

    def __init__(self, folder: ArticleFolder) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._manifest: Manifest | None = None
        self._stamps: dict[Path, int] = {}
        self._withdrawn: frozenset[int] = frozenset()

    def withdrawn(self, searcher: Searcher) -> frozenset[int]:
        """The rows of the searcher's articles whose files are gone."""
        with self._lock:
            if self._manifest is not searcher.manifest or self._changed():
                self._scan(searcher)
            return self._withdrawn

    def _changed(self) -> bool:
        if not self._stamps:
            return True
        try:
            return any(folder.stat().st_mtime_ns != stamp for folder, stamp in self._stamps.items())
        except OSError:
            return True

    def _scan(self, searcher: Searcher) -> None:
        begun = time.time_ns()
        try:
            folders = {folder: folder.stat().st_mtime_ns for folder in self._folder.folders()}
            there = {stamp.path for stamp in self._folder.stamps()}
        except CorpusError as error:
            raise StorageError(str(error)) from error
        except OSError as error:
            raise StorageError(f"{error.filename} can't be read ({error.strerror}); check its permissions.") from error
        self._withdrawn = frozenset(row for path, row in searcher.tables.paths().items() if path not in there)
        self._manifest = searcher.manifest  # not its number, which comes again where somebody deleted the index
        # Against the scan's begin: listing a large folder takes longer than a tick.
        fresh = any(abs(begun - stamp) < _GRAIN for stamp in folders.values())
        self._stamps = {} if fresh else folders
