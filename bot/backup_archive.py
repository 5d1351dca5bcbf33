"""The file of a backup: a gzipped tar of `bot.toml`, `bot.db`, `articles/…` and, at its end, a digest of each.

Writes, checks and unpacks it. Where its members come from and go to is `backups`' business.
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from pydantic import TypeAdapter

from bot.errors import BackupError

CONFIG, DATABASE, ARTICLES, CONTENTS = "bot.toml", "bot.db", "articles/", "backup.json"
_FORMAT = 1
_PIECE = 1 << 20
# The settings and the list of contents are read whole. The list takes some 150 bytes an article.
_LARGEST = 500_000_000


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup says of itself: when it was made (ISO), and the SHA-256 of each file by its name in it."""

    format: int
    made_at: str
    files: dict[str, str]

    @property
    def articles(self) -> list[str]:
        """Their paths in the folder of articles."""
        return sorted(name.removeprefix(ARTICLES) for name in self.files if name.startswith(ARTICLES))


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


_CONTENTS = TypeAdapter(Contents)


def write_archive(stream: IO[bytes], members: Iterable[tuple[str, Path]], made_at: datetime) -> Contents:
    """Packs the files under these names. One that is gone when its turn comes was removed meanwhile, and is left out."""
    files: dict[str, str] = {}
    with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=6, format=tarfile.PAX_FORMAT) as archive:
        for name, place in members:
            try:
                opened = place.open("rb")
            except FileNotFoundError:
                continue
            with opened as file:
                # Picket replaces articles, but an editor writes over them: their size is that of what was read.
                text = None if name == DATABASE else file.read()
                size = os.fstat(file.fileno()).st_size if text is None else len(text)
                digesting = _Digesting(file if text is None else io.BytesIO(text))
                archive.addfile(_member(name, size), digesting)
            files[name] = digesting.digest
        contents = Contents(_FORMAT, made_at.isoformat(timespec="seconds"), files)
        listed = json.dumps(asdict(contents), indent=1).encode()
        archive.addfile(_member(CONTENTS, len(listed)), io.BytesIO(listed))
    return contents


def check_archive(path: Path) -> tuple[Contents, bytes | None]:
    """Reads all of it. What it holds, and the `bot.toml` in it if there is one; BackupError where a byte is not right."""
    found: dict[str, str] = {}
    config: bytes | None = None
    listed: bytes | None = None
    with _opened(path) as archive:
        for name, size, stream in _members(path, archive):
            if listed is not None or name in found:
                raise _wrong(path, f"“{name}” stands where it should not")
            if name == CONTENTS:
                listed = _small(path, name, size, stream)
                continue
            if name == CONFIG:
                config = _small(path, name, size, stream)
                stream = io.BytesIO(config)
            found[name] = _drain(stream, None)
    if listed is None:
        raise _wrong(path, "it has no list of contents at its end")
    try:
        table = json.loads(listed)
        newer = isinstance(table, dict) and isinstance(table.get("format"), int) and table["format"] > _FORMAT
        contents = None if newer else _CONTENTS.validate_json(listed, strict=True)
    except (ValueError, RecursionError) as error:
        raise _wrong(path, "its list of contents can't be read") from error
    if contents is None:
        raise BackupError(f"{path} was made by a newer Picket; update Picket and restore it then.")
    for name in sorted(contents.files.keys() | found.keys()):
        if contents.files.get(name) != found.get(name):
            raise _wrong(path, f"“{name}” is not what was packed")
    if DATABASE not in found:
        raise _wrong(path, f"it has no {DATABASE}")
    return contents, config


def unpack(path: Path, contents: Contents, places: Callable[[str], Path | None]) -> None:
    """Writes each file to the place that its name is given, if any. BackupError where it is no longer what was checked."""
    left = dict(contents.files)
    with _opened(path) as archive:
        for name, _, stream in _members(path, archive):
            if name == CONTENTS:
                break
            if place := places(name):
                place.parent.mkdir(parents=True, exist_ok=True)
                # People's data are nobody else's to read; articles are as the system makes files.
                mode = 0o600 if name == DATABASE else 0o666
                with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as target:
                    digest = _drain(stream, target)
            else:
                digest = _drain(stream, None)
            if left.pop(name, None) != digest:
                raise _wrong(path, f"“{name}” has changed since it was checked")
    if left:
        raise _wrong(path, f"“{min(left)}” has gone since it was checked")


class _Digesting:
    """A stream that knows the SHA-256 of what was read from it."""

    def __init__(self, stream: _Readable) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self._hash.update(piece)
        return piece


def _drain(stream: _Readable, target: IO[bytes] | None) -> str:
    digesting = _Digesting(stream)
    while piece := digesting.read(_PIECE):
        if target:
            target.write(piece)
    return digesting.digest


def _member(name: str, size: int) -> tarfile.TarInfo:
    """Nobody's in particular, and readable by its owner alone: it holds what people said."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _members(path: Path, archive: tarfile.TarFile) -> Iterator[tuple[str, int, IO[bytes]]]:
    """Name, size and stream of each. Nothing that would be written elsewhere than in the folder it is for."""
    for member in archive:
        parts = member.name.split("/")
        plain = all(part and not part.startswith(".") for part in parts) and "\0" not in member.name
        known = member.name in (CONFIG, DATABASE, CONTENTS) or (
            member.name.startswith(ARTICLES) and member.name.endswith(".md") and plain
        )
        stream = archive.extractfile(member) if member.isreg() and known else None
        if stream is None:
            raise _wrong(path, f"“{member.name[:100]}” is nothing that a backup holds")
        yield member.name, member.size, stream


def _small(path: Path, name: str, size: int, stream: IO[bytes]) -> bytes:
    if size > _LARGEST:
        raise _wrong(path, f"“{name}” has {size:,} bytes")
    return stream.read()


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with gzip.open(path) as stream:
            with tarfile.open(fileobj=stream, mode="r:") as archive:
                yield archive
            while stream.read(_PIECE):  # what follows the last member: the checksum of the whole stands at its end
                pass
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise _wrong(path, str(error)) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BackupError(f"{error.filename or path} is not there; name another file.") from error
    except OSError as error:
        if error.errno is None:  # gzip's own
            raise _wrong(path, str(error)) from error
        raise BackupError(
            f"{error.filename or path} can't be read or written ({error.strerror}); check the permissions and the free space"
            " there."
        ) from error


def _wrong(path: Path, why: str) -> BackupError:
    return BackupError(f"{path} is no whole backup of Picket ({why}); nothing was replaced: restore another one.")
