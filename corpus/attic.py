"""Keeps what article files held before they were replaced or removed, so that a change can be undone.

One folder a collection, one file a version, named by the SHA-256 of its bytes; what is there is never changed. When it was
put aside last is the time of its file. Which version belongs where is told by the generations of the index.
"""

import hashlib
import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from corpus.article import check_collection
from corpus.errors import StoreError
from corpus.files import ArticleFolder, make_folder, replace_file, sync_path


@dataclass(frozen=True, slots=True)
class Undoing:
    """What makes a collection what it was: versions to put back, files to take away, and versions that are not kept.

    `mark` is another one, of at most 17 digits, where the change is another or a file of the collection is.
    """

    back: tuple[tuple[str, str], ...]  # path in the article folder, SHA-256
    away: tuple[str, ...]
    missing: tuple[str, ...]
    mark: int = field(default=0, compare=False)


class Attic:
    """The versions under one directory. Cheap to make; holds nothing open."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def keep(self, folder: ArticleFolder, path: str, collection: str) -> str:
        """Keeps the file as it lies, when it is durable; gives its SHA-256 in hexadecimal. Costs two fsyncs."""
        raw = folder.read_bytes(path)
        digest = hashlib.sha256(raw).hexdigest()
        place = self._place(collection, digest)
        try:
            os.utime(place)
        except FileNotFoundError:
            make_folder(place.parent)
            replace_file(place, raw)
        except OSError as error:
            raise StoreError(f"{place} can't be written ({error.strerror}); check its permissions.") from error
        return digest

    def take(self, folder: ArticleFolder, path: str, collection: str) -> None:
        """Moves the file out of the folder, when that is durable. Needs no room where both lie on one disk."""
        source = folder.directory / path
        place = self._place(collection, hashlib.sha256(folder.read_bytes(path)).hexdigest())
        with suppress(OSError):  # another disk, or another user's file or folder: then it is copied
            # What has another name besides could still be written by that.
            if not place.exists() and not source.is_symlink() and source.stat().st_nlink == 1:
                make_folder(place.parent)
                # The time comes first: a kill after the rename would leave an old one, by which it could be pruned at once.
                os.utime(source)
                sync_path(source)  # somebody else may have written it
                source.rename(place)
        if source.is_symlink() or source.exists():
            self.keep(folder, path, collection)
            folder.remove(path)
            return
        try:
            sync_path(place.parent)
            sync_path(source.parent)
        except OSError as error:
            raise StoreError(f"{path} can't be removed ({error.strerror}); check the disk.") from error

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
        kept = {digest for _, digest in wanted if self._holds(collection, digest)}
        back = tuple((path, digest) for path, digest in wanted if digest in kept)
        away = tuple(path for path in there if path not in then)
        missing = tuple(path for path, digest in wanted if digest not in kept)
        mark = hashlib.blake2b(repr((back, away, missing, now)).encode("utf-8", "surrogatepass"), digest_size=7)
        return Undoing(back, away, missing, int.from_bytes(mark.digest()))

    def undo(
        self, folder: ArticleFolder, collection: str, undoing: Undoing, done: list[tuple[str, str]] | None = None
    ) -> None:
        """Puts back and takes away, file by file, each kept before it goes: undoing can be undone.

        `done` gets the sign (+, -) and path of each when it is durable, so that it tells how far an error let it come.
        """
        done = [] if done is None else done
        for path, digest in undoing.back:
            raw = self.version(collection, digest)
            place = folder.directory / path
            if os.path.exists(place):  # noqa: PTH110 - where it can't be looked for, writing tells why
                self.keep(folder, path, collection)
            make_folder(place.parent)
            replace_file(place, raw)
            done.append(("+", path))
        for path in undoing.away:
            self.take(folder, path, collection)
            done.append(("-", path))

    def collections(self) -> list[str]:
        """The servers' collections of which versions were put aside."""
        return sorted(
            folder.name.replace("-", ":") for folder in self._directory.glob("guild-*") if folder.name[6:].isdecimal()
        )

    def prune(self, collection: str, keep: Collection[str], *, before: datetime | None = None) -> int:
        """Deletes the collection's versions but those named, and those put aside since `before`; gives how many went.

        The folder goes with the last of them.
        """
        gone = 0
        folder = self._place(collection, "x").parent
        try:
            for place in folder.glob("*.md"):
                aside = place.stat().st_mtime
                if place.stem not in keep and (before is None or aside < before.timestamp()):
                    place.unlink()
                    gone += 1
        except OSError as error:
            raise StoreError(f"{error.filename} can't be removed ({error.strerror}); check its permissions.") from error
        with suppress(OSError):  # something lies there, or nothing ever did
            folder.rmdir()
        return gone

    def _holds(self, collection: str, digest: str) -> bool:
        place = self._place(collection, digest)
        try:
            return place.is_file()
        except OSError as error:
            raise StoreError(f"{place} can't be looked for ({error.strerror}); check its permissions.") from error

    def _place(self, collection: str, digest: str) -> Path:
        return self._directory / check_collection(collection).replace(":", "-") / f"{digest}.md"
