"""Keeps what article files held before they were replaced or removed, so that a change can be undone.

One folder a collection, one file a version, named by the SHA-256 of its bytes; what is there is never changed. Which
version belongs where is told by the generations of the index.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from corpus.article import check_collection
from corpus.errors import StoreError
from corpus.files import ArticleFolder, make_folder, replace_file


@dataclass(frozen=True, slots=True)
class Undoing:
    """What makes a collection what it was: versions to put back, files to take away, and versions that are not kept."""

    back: tuple[tuple[str, str], ...]  # path in the article folder, SHA-256
    away: tuple[str, ...]
    missing: tuple[str, ...]


class Attic:
    """The versions under one directory. Cheap to make; holds nothing open."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def keep(self, folder: ArticleFolder, path: str, collection: str) -> str:
        """Keeps the file as it lies, when it is durable; gives its SHA-256 in hexadecimal. Costs two fsyncs."""
        raw = folder.read_bytes(path)
        digest = hashlib.sha256(raw).hexdigest()
        place = self._place(collection, digest)
        if not place.exists():
            make_folder(place.parent)
            replace_file(place, raw)
        return digest

    def version(self, collection: str, digest: str) -> bytes:
        """The bytes with this SHA-256; StoreError where they are not kept or were altered."""
        place = self._place(collection, digest)
        try:
            raw = place.read_bytes()
        except OSError as error:
            raise StoreError(
                f"The version {digest[:12]} can't be read ({error.strerror}); it can't be put back."
            ) from error
        if hashlib.sha256(raw).hexdigest() != digest:
            raise StoreError(f"The version {digest[:12]} was altered; delete {place}.")
        return raw

    def undoing(self, folder: ArticleFolder, collection: str, then: dict[str, str]) -> Undoing:
        """How the collection's files become `then` (path → SHA-256). Reads every file of the collection once."""
        there = [stamp.path for stamp in folder.stamps() if stamp.collection == collection]
        now = {path: hashlib.sha256(folder.read_bytes(path)).hexdigest() for path in there}
        wanted = sorted((path, digest) for path, digest in then.items() if now.get(path) != digest)
        kept = {digest for _, digest in wanted if self._place(collection, digest).is_file()}
        return Undoing(
            back=tuple((path, digest) for path, digest in wanted if digest in kept),
            away=tuple(path for path in there if path not in then),
            missing=tuple(path for path, digest in wanted if digest not in kept),
        )

    def undo(self, folder: ArticleFolder, collection: str, undoing: Undoing) -> None:
        """Puts back and takes away, file by file, each kept before it goes: undoing can be undone."""
        for path, digest in undoing.back:
            raw = self.version(collection, digest)
            place = folder.directory / path
            if place.exists():
                self.keep(folder, path, collection)
            make_folder(place.parent)
            replace_file(place, raw)
        for path in undoing.away:
            self.keep(folder, path, collection)
            folder.remove(path)

    def prune(self, collection: str, keep: Collection[str]) -> int:
        """Deletes the collection's versions but those named; gives how many went."""
        gone = 0
        try:
            for place in self._place(collection, "x").parent.glob("*.md"):
                if place.stem not in keep:
                    place.unlink()
                    gone += 1
        except OSError as error:
            raise StoreError(f"{error.filename} can't be removed ({error.strerror}); check its permissions.") from error
        return gone

    def _place(self, collection: str, digest: str) -> Path:
        return self._directory / check_collection(collection).replace(":", "-") / f"{digest}.md"
