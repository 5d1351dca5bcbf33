"""Packs what can't be made again into one file, and puts it back: people's data, the articles and the settings.

The index is no part of it, since a reindex makes it again; nor is the token, which lies elsewhere. The form of the file
is `backup_archive`'s business, and `restore_plan` sees to it that a restore is never half.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from bot.backup_archive import ARTICLES, CONFIG, DATABASE, Contents, check_archive, unpack, write_archive
from bot.config import load_settings
from bot.errors import BackupError, JournalError
from bot.journal_file import copy_database, number_on, verify_database
from bot.restore_plan import PLAN, Plan, replace_all, settle
from bot.storage_lock import Running
from corpus.errors import StoreError
from corpus.files import ArticleFolder, sync_path
from index.config import resolve
from index.errors import EngineError
from index.generations import Generations

# What SQLite may have beside a database: left beside another one, they would damage it.
_LOGS = (f"{DATABASE}-wal", f"{DATABASE}-shm")
# Names with a dot are no articles; the time of the restore stands behind.
_STAGED, _ASIDE, _PACKED = ".restoring-", ".replaced-", ".backup-"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds, and its size in bytes."""

    file: Path
    articles: int
    size: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, when it was packed (ISO, UTC), and the folders where what it replaced stays until it is deleted."""

    articles: int
    made_at: str
    replaced: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class _Places:
    """Where things lie for the configuration file `config`."""

    config: Path
    storage: Path
    articles: Path

    @classmethod
    def read(cls, config: Path, contents: Path) -> Self:
        """As they are when `config` says what the file `contents` says; SettingsError where that can't be used."""
        settings = load_settings(contents)
        place = config.absolute()
        return cls(place, resolve(place, settings.storage.directory), resolve(place, settings.corpus.directory))

    def named(self, name: str) -> tuple[Path, Path]:
        """The folders of this name: in the storage directory and among the articles."""
        return self.storage / name, self.articles / name


def backup(config: Path, target: Path, *, now: datetime) -> BackedUp:
    """Packs everything into `target`, which must not be there yet, and reads all of it again. The bot may run meanwhile.

    BackupError, or JournalError where `bot.db` is at fault; then there is no `target`.
    """
    places = _Places.read(config, config)
    if os.path.lexists(target):
        raise BackupError(f"{target} is there already; name another file, or delete it first.")
    if (places.storage / PLAN).exists():
        raise BackupError(f"A restore in {places.storage} is not finished; start Picket, then back up.")
    if not os.path.lexists(places.storage / DATABASE):
        raise BackupError(
            f"{places.storage / DATABASE} is not there, which Picket makes when it first connects to Discord; connect it once,"
            f" or copy {config} and {places.articles} yourself."
        )
    with _told(target), tempfile.TemporaryDirectory(prefix=_PACKED, dir=_folder_of(target)) as folder:
        database, packed = Path(folder, DATABASE), Path(folder, "packed")
        copy_database(places.storage / DATABASE, database)
        articles = (
            (ARTICLES + _listable(one.path), places.articles / one.path)
            for one in ArticleFolder(places.articles).stamps()
        )
        with os.fdopen(os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            write_archive(stream, [(CONFIG, config), (DATABASE, database), *articles], now)
            stream.flush()
            os.fsync(stream.fileno())
        contents = _checked(packed, target)
        os.link(packed, target)  # a rename would overwrite what somebody else has put there meanwhile
        sync_path(target.absolute().parent)
        return BackedUp(target, len(contents.articles), packed.stat().st_size)


def restore(config: Path, source: Path, *, now: datetime) -> Restored:
    """Puts back all that `source` holds, to where the settings in it say; what was there is moved aside, not deleted.

    Nothing is touched before all of it was checked and lies ready; from then on a kill leaves a plan that the next start
    finishes. BackupError where the file can't be trusted or something can't be written, JournalError where Picket runs,
    EngineError where a reindex does.
    """
    contents, settings = check_archive(source)
    with _told(source), ExitStack() as held:
        _folder_of(config)
        staging = _Staging(source, config.absolute(), now)
        try:
            places = staging.read_settings(settings)
            _hold(held, places, now)
            settle(places.storage)
            plan = staging.prepare(places, contents)
            replace_all(places.storage, plan)
        finally:
            staging.clean()
    return Restored(
        len(contents.articles),
        contents.made_at,
        tuple(folder for folder in dict.fromkeys(places.named(_ASIDE + staging.stamp)) if folder.exists()),
    )


class _Staging:
    """What a restore lays ready, in folders of its own beside what it replaces: so that renames are enough."""

    def __init__(self, source: Path, config: Path, now: datetime) -> None:
        self.stamp = f"{now:%Y%m%dT%H%M%S}"
        self._now = now
        self._source = source
        self._config = config
        self._beside_config = config.parent / f"{_STAGED}{self.stamp}"
        self._made: list[Path] = []
        self._places: _Places | None = None
        self._new_config = False

    def read_settings(self, settings: bytes | None) -> _Places:
        """Where everything goes: as the restored settings say, or those that are there if none were packed."""
        try:
            self._beside_config.mkdir()
        except FileExistsError as error:
            raise BackupError(f"{self._beside_config} is there already; wait a second and try again.") from error
        self._made.append(self._beside_config)
        wanted = self._config
        if settings is not None:
            wanted = self._beside_config / CONFIG
            wanted.write_bytes(settings)
            self._new_config = True
            if self._config.exists():
                shutil.copymode(self._config, wanted)
        try:
            self._places = _Places.read(self._config, wanted)
        except EngineError as error:
            raise BackupError(f"The settings in {self._source} can't be used: {error} Nothing was replaced.") from error
        return self._places

    def prepare(self, places: _Places, contents: Contents) -> Plan:
        """Unpacks and checks; gives the renames that are left to do."""
        storage, articles = places.named(_STAGED + self.stamp)
        old_storage, old_articles = places.named(_ASIDE + self.stamp)
        for left in self._leftovers(places):
            shutil.rmtree(left)
        if old_storage.exists() or old_articles.exists():
            raise BackupError(f"{old_storage} or {old_articles} is there already; wait a second and try again.")
        for folder in (storage, articles):
            folder.mkdir(parents=True, exist_ok=True)
            self._made.append(folder)
        if self._new_config and self._config.exists():  # into the storage: no rename leads to another file system
            shutil.copy2(self._config, storage / "before")

        def place(name: str) -> Path | None:
            if name.startswith(ARTICLES):
                return articles / name.removeprefix(ARTICLES)
            return storage / name if name == DATABASE else None  # the settings lie ready

        unpack(self._source, contents, place)
        try:
            verify_database(storage / DATABASE)
            # More than a thousand million answers: past every id that was given since the backup was made.
            number_on(storage / DATABASE, int(self._now.timestamp()))
        except JournalError as error:
            told = str(error).replace(str(storage / DATABASE), f"{DATABASE} in it")
            raise BackupError(f"{self._source} can't be restored: {told} Nothing was replaced.") from error
        os.sync()  # everything at once: a sync for each article would take a hundred times as long
        before = [one.path for one in ArticleFolder(places.articles).stamps()]
        settings = [(self._beside_config / CONFIG, self._config)] if self._new_config else []
        return Plan(
            aside=_named(
                [
                    (storage / "before", old_storage / CONFIG),
                    *((places.storage / name, old_storage / name) for name in (DATABASE, *_LOGS)),
                    *((places.articles / path, old_articles / path) for path in before),
                ]
            ),
            into=_named(
                [
                    *settings,
                    (storage / DATABASE, places.storage / DATABASE),
                    *((articles / path, places.articles / path) for path in contents.articles),
                ]
            ),
        )

    def clean(self) -> None:
        """Deletes what this run laid ready, unless a plan still needs it. Best effort: the next restore sweeps the rest."""
        if self._places and (self._places.storage / PLAN).exists():
            return
        for folder in self._made:
            shutil.rmtree(folder, ignore_errors=True)

    def _leftovers(self, places: _Places) -> list[Path]:
        """Of restores that were killed before there was a plan."""
        parents = dict.fromkeys((places.config.parent, places.storage, places.articles))
        found = [place for parent in parents for place in parent.glob(f"{_STAGED}*") if place.is_dir()]
        return [place for place in found if place != self._beside_config]


def _hold(held: ExitStack, places: _Places, now: datetime) -> None:
    """Until the end, neither a bot nor a reindex works in the storage directory, nor in the one that was used so far."""
    storages = [places.storage]
    with suppress(EngineError):
        storages.append(_Places.read(places.config, places.config).storage)
    for storage in dict.fromkeys(storages):
        held.callback(Running.claim(storage, now=now, whom="a restore").close)
        held.enter_context(Generations(storage / "index").lock("a restore", now))


def _listable(path: str) -> str:
    """The path as it is; BackupError where its bytes are no text, which the list of contents can't hold."""
    try:
        path.encode()
    except UnicodeEncodeError as error:
        shown = path.encode("utf-8", "backslashreplace").decode("utf-8")
        raise BackupError(
            f"“{shown}” has a name that is not UTF-8, so there is no backup; rename the file, and back up again."
        ) from error
    return path


def _checked(packed: Path, target: Path) -> Contents:
    try:
        return check_archive(packed)[0]
    except BackupError as error:
        raise BackupError(
            f"There is no {target}, since what was packed can't be read back; check the disk there and try again."
        ) from error


def _folder_of(file: Path) -> Path:
    """Where it is to lie; BackupError where that is no folder."""
    folder = file.absolute().parent
    if not folder.is_dir():
        raise BackupError(f"There is no folder {folder}; create it, or name another.")
    return folder


def _named(moves: Iterable[tuple[Path, Path]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(source), str(target)) for source, target in moves)


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        raise BackupError(str(error)) from error
    except OSError as error:
        # A temporary folder means nothing to whom named the file.
        place = file if _PACKED in str(error.filename) else error.filename or file
        raise BackupError(
            f"{place} can't be read or written ({error.strerror}); check the permissions and the free space there."
        ) from error
