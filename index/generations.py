"""Publishes, pins and prunes generations: immutable folders, one atomic pointer, and a lock that names its holder.

    index/
        CURRENT                 the number in use, replaced atomically
        BUILD.lock              held (flock) by the one that builds; says since when and for whom
        generations/
            000007/             manifest.json passages.db postings/ vectors.faiss; never changed once there
            000008.building/    not yet published, swept by the next build

What is inside a generation is made by `builder` and read by `searcher`.
"""

import fcntl
import json
import os
import re
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter

from corpus.errors import StoreError
from corpus.files import replace_file, sync_path
from index.dense import DenseFacts
from index.errors import BusyError, DamagedError, NoGenerationError, StorageError

_NUMBER = re.compile(r"[0-9]{6,}")
MANIFEST = "manifest.json"
REINDEX = "run “python -m index reindex”"

# Told the stage, how much of it is done, and of how much.
OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be indexed: the collection it would be in, and a sentence that says why."""

    collection: str
    why: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is: how it was made, what it holds, and how large each of its files must be."""

    number: int
    made_at: str  # ISO, UTC
    made_for: str
    model: str  # with its revision
    dimensions: int
    scheme: str  # how articles were cut; rows of another scheme are not taken over
    articles: int
    passages: int
    added: int
    removed: int
    changed: int
    failures: tuple[Failure, ...]
    dense: DenseFacts
    files: dict[str, int]  # bytes, by path within the generation
    sums: dict[str, int]  # CRC-32, by path within the generation

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The manifest in a folder; DamagedError where it or a file it names is missing or has another size."""
        number = folder.name
        try:
            manifest = TypeAdapter(cls).validate_json((folder / MANIFEST).read_bytes())
            datetime.fromisoformat(manifest.made_at)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise DamagedError(f"Generation {number} has no {MANIFEST}; {REINDEX} or roll back.") from error
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "it is no manifest of this version"
            raise DamagedError(f"{folder / MANIFEST} can't be read ({why}); {REINDEX} or roll back.") from error
        for name, size in manifest.files.items():
            try:
                found = (folder / name).stat().st_size
            except (OSError, ValueError) as error:
                raise DamagedError(f"Generation {number} lacks {name}; {REINDEX} or roll back.") from error
            if found != size:
                raise DamagedError(
                    f"Generation {number} is damaged ({name} has {found} bytes, not {size}); {REINDEX} or roll back."
                )
        return manifest

    def verify(self, folder: Path) -> None:
        """Reads every file (about 1 GB a second); DamagedError where a byte is not what was written."""
        for name, expected in self.sums.items():
            try:
                found = _sum(folder / name)
            except (OSError, ValueError) as error:
                why = getattr(error, "strerror", None) or error
                raise DamagedError(f"{folder / name} can't be read ({why}); {REINDEX} or roll back.") from error
            if found != expected:
                raise DamagedError(f"Generation {folder.name} is damaged ({name} was altered); {REINDEX} or roll back.")

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


class Pin:
    """Keeps a generation from being pruned, by any process, until `close`: a shared lock on its manifest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._descriptor: int | None = os.open(folder / MANIFEST, os.O_RDONLY)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class Generations:
    """The generations under one storage directory. Holds nothing open."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folders = root / "generations"

    def folder(self, number: int) -> Path:
        return self.folders / f"{number:06d}"

    def numbers(self) -> list[int]:
        """The published generations, oldest first."""
        try:
            return sorted(int(place.name) for place in self.folders.iterdir() if _NUMBER.fullmatch(place.name))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StorageError(f"{self.folders} can't be listed ({error.strerror}); check its permissions.") from error

    def current(self) -> int:
        """The generation in use; NoGenerationError where nothing is indexed, DamagedError where CURRENT is garbage."""
        place = self.root / "CURRENT"
        try:
            text = place.read_text("utf-8").strip()
        except FileNotFoundError as error:
            raise NoGenerationError(f"Nothing is indexed yet; {REINDEX}.") from error
        except (IsADirectoryError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            raise DamagedError(f"{place} can't be read ({why}); {REINDEX} or roll back.") from error
        except OSError as error:
            raise StorageError(
                f"{place} can't be read ({error.strerror}); check its permissions and those of the folders above it."
            ) from error
        if not _NUMBER.fullmatch(text):
            raise DamagedError(f"{place} says “{text[:40]}”, which is no generation; {REINDEX} or roll back.")
        return int(text)

    def stamp(self) -> tuple[int, int, bytes]:
        """Changes whenever another generation was published; costs 10 µs.

        The number alone would not do, since it comes again where somebody deleted the index; nor would time and inode,
        which both may come again where two follow each other within a tick of the clock.
        """
        try:
            with (self.root / "CURRENT").open("rb", buffering=0) as stream:
                status = os.fstat(stream.fileno())
                return (status.st_mtime_ns, status.st_ino, stream.read(64) or b"")
        except OSError:
            return (0, 0, b"")

    def pin_current(self) -> tuple[int, Pin]:
        """The current generation, held. Between reading its name and holding it, it may be pruned: then once more."""
        for _ in range(10):
            number = self.current()
            try:
                pin = Pin(self.folder(number))
            except (FileNotFoundError, NotADirectoryError) as error:
                if self.current() != number:
                    continue
                raise DamagedError(f"Generation {number:06d} has no {MANIFEST}; {REINDEX} or roll back.") from error
            except OSError as error:
                raise StorageError(
                    f"{self.folder(number) / MANIFEST} can't be read ({error.strerror}); check its permissions."
                ) from error
            if (self.folder(number) / MANIFEST).exists():
                return number, pin
            pin.close()
        raise StorageError(f"{self.root} keeps changing; try again.")

    @contextmanager
    def lock(self, whom: str, now: datetime) -> Iterator[None]:
        """Held while one builds; BusyError at once where another does. A killed holder's lock is free."""
        place = self.root / "BUILD.lock"
        try:
            self.folders.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(place, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StorageError(
                f"{error.filename or place} can't be written ({error.strerror}); check the permissions and the free space there."
            ) from error
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise _busy(os.pread(descriptor, 4096, 0)) from error
            holder = json.dumps({"process": os.getpid(), "since": now.isoformat(timespec="seconds"), "for": whom})
            with _mapped(place):
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, holder.encode(), 0)
            yield
            with suppress(OSError):
                os.ftruncate(descriptor, 0)
        finally:
            os.close(descriptor)

    def begin(self) -> tuple[int, Path]:
        """Under the lock: the next number and an empty folder to build it in. Leftovers of killed builds go."""
        with _mapped(self.folders):
            stuck = [int(place.stem) for place in self.sweep() if _NUMBER.fullmatch(place.stem)]
            taken = [*self.numbers(), *stuck]
            with suppress(StorageError, NoGenerationError):
                taken.append(self.current())
            building = self.folders / f"{max(taken, default=0) + 1:06d}.building"
            building.mkdir()
        return int(building.stem), building

    def sweep(self) -> list[Path]:
        """Under the lock: deletes what killed builds and pruning left; gives the folders that can't be deleted."""
        with _mapped(self.folders):
            left = [place for place in self.folders.iterdir() if place.suffix in (".building", ".pruned")]
        for place in left:
            shutil.rmtree(place, ignore_errors=True)
        return sorted(place for place in left if place.exists())

    def publish(self, manifest: Manifest, building: Path) -> None:
        """Under the lock: makes the folder durable, names it, and points CURRENT at it, in this order."""
        with _mapped(building):
            (building / MANIFEST).write_text(manifest.text(), "utf-8")
            for place in (*sorted(building.rglob("*")), building):
                sync_path(place)
            building.rename(self.folder(manifest.number))
            sync_path(self.folders)
        self.point_at(manifest.number)

    def point_at(self, number: int) -> None:
        """Makes a published generation the current one."""
        with _mapped(self.root):
            replace_file(self.root / "CURRENT", f"{number:06d}\n".encode())

    @contextmanager
    def pinned(self, number: int) -> Iterator[Path]:
        """The folder of a kept generation, held meanwhile; NoGenerationError where it is not kept."""
        try:
            pin = Pin(self.folder(number))
        except OSError as error:
            known = ", ".join(map(str, self.numbers())) or "none"
            raise NoGenerationError(
                f"There is no generation {number} (there are: {known}); choose one of these."
            ) from error
        try:
            yield self.folder(number)
        finally:
            pin.close()

    def rollback(self, number: int | None, check: Callable[[Path], None] | None = None) -> int:
        """Under the lock: makes an older whole generation current; gives its number.

        By default the one before; the newest where CURRENT doesn't say which is in use. `check` raises where the folder of
        that generation can't be served; then the one in use stays.
        """
        numbers = self.numbers()
        known = ", ".join(str(one) for one in numbers) or "none"
        if number is None:
            older = numbers
            with suppress(StorageError, NoGenerationError):
                current = self.current()
                older = [one for one in numbers if one < current]
            if not older and not numbers:
                raise NoGenerationError(f"Nothing is indexed yet; {REINDEX}.")
            if not older:
                raise NoGenerationError(
                    f"There is no generation before {self.current()} (there are: {known}); {REINDEX}."
                )
            number = older[-1]
        elif number not in numbers:
            raise NoGenerationError(f"There is no generation {number} (there are: {known}); choose one of these.")
        Manifest.read(self.folder(number)).verify(self.folder(number))
        if check is not None:
            check(self.folder(number))
        self.point_at(number)
        return number

    def prune(self, keep: int) -> list[int]:
        """Under the lock: takes away all but the newest `keep`, never the current or a pinned one; gives what went.

        What can't be taken away or deleted stays for the next time.
        """
        current, gone = self.current(), []
        for number in self.numbers()[:-keep]:
            folder = self.folder(number)
            if number == current:
                continue
            with suppress(OSError), _unpinned(folder) as free:
                if free:
                    folder.rename(folder.with_suffix(".pruned"))  # first the name: a kill leaves no half generation
                    gone.append(number)
        self.sweep()
        return gone


def file_sizes(folder: Path) -> dict[str, int]:
    """Bytes of every file below the folder, by relative path, in a stable order."""
    return {place.relative_to(folder).as_posix(): place.stat().st_size for place in _files(folder)}


def file_sums(folder: Path) -> dict[str, int]:
    """CRC-32 of every file below the folder, by relative path, in a stable order."""
    return {place.relative_to(folder).as_posix(): _sum(place) for place in _files(folder)}


def _files(folder: Path) -> list[Path]:
    return sorted(place for place in folder.rglob("*") if place.is_file() and place.name != MANIFEST)


def _sum(place: Path) -> int:
    total = 0
    with place.open("rb") as stream:
        while part := stream.read(1 << 20):
            total = zlib.crc32(part, total)
    return total


def _busy(contents: bytes) -> BusyError:
    try:
        holder = json.loads(contents)
        since = datetime.fromisoformat(holder["since"])
        told = f"since {holder['since']} for {holder['for']} (process {holder['process']})"
    except (ValueError, KeyError, TypeError):
        since, told = None, "in another process"
    return BusyError(f"A reindex is running {told}; wait until it ends.", since)


@contextmanager
def _unpinned(folder: Path) -> Iterator[bool]:
    """Whether nobody holds the generation; until the with-statement ends, nobody can."""
    try:
        descriptor = os.open(folder / MANIFEST, os.O_RDONLY)
    except OSError:
        yield True  # no manifest: nobody can serve it
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


@contextmanager
def _mapped(place: Path) -> Iterator[None]:
    try:
        yield
    except StoreError as error:  # says it already
        raise StorageError(str(error)) from error
    except OSError as error:
        raise StorageError(
            f"{place} can't be written ({error.strerror or error}); check the permissions and the free space there."
        ) from error
