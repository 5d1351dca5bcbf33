"""Keeps articles as Markdown files: one folder, one file an article, written so that a kill leaves the old or the new.

Public articles lie in the folder itself or in sub-folders of any name, a server's in `guild-<id>/`. Names that begin
with a dot are passed over. The files are the truth: whatever is in the folder is the corpus.
"""

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from corpus.addresses import canonical_url
from corpus.article import PUBLIC, Article, format_markdown, parse_markdown, text_digest
from corpus.errors import ArticleError, StoreError

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}")
_GUILD_FOLDER = re.compile(r"guild-([0-9]{1,20})")
_TEMPORARY = re.compile(r"\..*\.([0-9]+)\.tmp")
# A stored article is read whole. What may be added is smaller: 10 MB of text, and front matter of 1 MB at most.
MAX_FILE_BYTES = 12_000_000


@dataclass(frozen=True, slots=True)
class Stamp:
    """An article file as the folder lists it: enough to see whether it changed. `path` is relative, with slashes."""

    path: str
    collection: str
    size: int
    modified: int  # nanoseconds


@dataclass(frozen=True, slots=True)
class Entry:
    """What the catalogue remembers of a stored article."""

    id: str
    collection: str
    path: str
    title: str
    outlet: str
    published: str
    url: str | None
    digest: str
    text_digest: str


class ArticleFolder:
    """The article directory. Cheap to make; holds nothing open."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def prepare(self) -> None:
        """Makes the directory where it is not there, and deletes the temporary files of writers that were killed."""
        make_folder(self.directory)
        for folder in self.folders():
            for place in folder.glob(".*.tmp"):
                match = _TEMPORARY.fullmatch(place.name)
                if match and not Path(f"/proc/{match.group(1)}").exists():
                    with contextlib.suppress(OSError):
                        place.unlink()

    def stamps(self) -> list[Stamp]:
        """All article files, by path. One `stat` a file; StoreError where the directory can't be listed."""
        found: list[Stamp] = []
        for _, prefix, collection, items in self._folders():
            for item in items:
                with contextlib.suppress(OSError):  # removed since it was listed, or a link that leads nowhere
                    if item.name.endswith(".md") and item.is_file():
                        status = item.stat()
                        found.append(Stamp(prefix + item.name, collection, status.st_size, status.st_mtime_ns))
        return sorted(found, key=lambda stamp: stamp.path)

    def folders(self) -> list[Path]:
        """The directory and its sub-folders: their modification times change when a file comes or goes."""
        return [folder for folder, _, _, _ in self._folders()]

    def _folders(self) -> Iterator[tuple[Path, str, str, list[os.DirEntry[str]]]]:
        """Each folder with the prefix and collection of what lies in it. Links to folders are not followed."""
        if not self.directory.is_dir():
            raise StoreError(
                f"{self.directory} is no folder of articles; create it or correct [corpus] directory in bot.toml."
            )
        waiting = [(self.directory, "", PUBLIC)]
        while waiting:
            folder, prefix, collection = waiting.pop()
            items = _listed(folder)
            yield folder, prefix, collection, items
            for item in items:
                if item.is_dir(follow_symlinks=False):
                    guild = None if prefix else _GUILD_FOLDER.fullmatch(item.name)
                    inner = f"guild:{guild.group(1)}" if guild else collection
                    waiting.append((Path(item.path), f"{prefix}{item.name}/", inner))

    def read_bytes(self, path: str) -> bytes:
        """The file as it lies; StoreError where it can't be read, ArticleError where it is too large."""
        place = self.directory / path
        try:
            if place.stat().st_size > MAX_FILE_BYTES:
                raise ArticleError(f"“{path}” is larger than {MAX_FILE_BYTES // 1_000_000} MB; split it.")
            return place.read_bytes()
        except OSError as error:
            raise StoreError(f"{place} can't be read ({_why(error)}); {_ADVICE}.") from error

    def parse(self, path: str, raw: bytes) -> Article:
        """The article in `raw`, the contents of the file `path`; ArticleError names the file."""
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ArticleError(f"“{path}” is not UTF-8 at byte {error.start}; save it as UTF-8.") from error
        parts = path.split("/")
        guild = _GUILD_FOLDER.fullmatch(parts[0]) if len(parts) > 1 else None
        collection = f"guild:{guild.group(1)}" if guild else PUBLIC
        return parse_markdown(text, name=parts[-1].removesuffix(".md"), collection=collection)

    def read(self, path: str) -> Article:
        """The stored article."""
        return self.parse(path, self.read_bytes(path))

    def path_for(self, article_id: str, collection: str) -> str:
        """Where an article with this id is written first: its id where that is a plain file name, else a digest."""
        if _PLAIN_NAME.fullmatch(article_id):
            name = article_id
        else:
            slug = re.sub(r"[^A-Za-z0-9]+", "-", article_id).strip("-")[:80] or "article"
            name = f"{slug}-{hashlib.sha256(article_id.encode()).hexdigest()[:12]}"
        return f"{name}.md" if collection == PUBLIC else f"{collection.replace(':', '-')}/{name}.md"

    def write(self, article: Article, *, path: str | None = None) -> str:
        """Writes the article and gives its path, when it is durable. Costs two fsyncs."""
        relative = path or self.path_for(article.id, article.collection)
        place = self.directory / relative
        make_folder(place.parent)
        replace_file(place, format_markdown(article).encode("utf-8"))
        return relative

    def remove(self, path: str) -> None:
        """Deletes the file; the next question no longer finds it."""
        place = self.directory / path
        try:
            place.unlink()
            sync_path(place.parent)
        except OSError as error:
            raise StoreError(f"{place} can't be removed ({_why(error)}); {_ADVICE}.") from error


class Catalogue:
    """What is in the folder, by id, address and text: to see whether something is added again.

    Made by reading every article once (0.5 ms each); `note` keeps it true through writes.
    """

    def __init__(self, folder: ArticleFolder) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self._by_id: dict[tuple[str, str], Entry] = {}
        self._by_url: dict[tuple[str, str], Entry] = {}
        self._by_text: dict[tuple[str, str], Entry] = {}
        self._copies: dict[tuple[str, str], list[str]] = {}
        self._taken: set[str] = set()
        for stamp in folder.stamps():
            self._taken.add(stamp.path)
            try:
                article = folder.read(stamp.path)
            except (ArticleError, StoreError) as error:
                self.problems.append(str(error))
                continue
            known = self._by_id.get((article.collection, article.id))
            if known:
                self._copies.setdefault((article.collection, article.id), []).append(stamp.path)
                self.problems.append(
                    f"“{known.path}” and “{stamp.path}” have the same id “{article.id}”; change one of them."
                )
                continue
            self.note(article, stamp.path)

    def paths(self, entry: Entry) -> list[str]:
        """Every file with the id of the entry in its collection: more than one only where `problems` says so."""
        return [entry.path, *self._copies.get((entry.collection, entry.id), ())]

    def free_path(self, article_id: str, collection: str) -> str:
        """Where a new article can be written without overwriting another's file, or one that can't be read."""
        usual = self.folder.path_for(article_id, collection)
        numbered = (f"{usual.removesuffix('.md')}.{number}.md" for number in count(2))
        return usual if usual not in self._taken else next(path for path in numbered if path not in self._taken)

    def entries(self) -> list[Entry]:
        """All articles, newest first, undated last, then by id."""
        dated = sorted(self._by_id.values(), key=lambda entry: (entry.collection, entry.id))
        return sorted(dated, key=lambda entry: entry.published, reverse=True)

    def with_id(self, article_id: str) -> list[Entry]:
        """The articles of this id, one a collection, public first."""
        found = [entry for entry in self._by_id.values() if entry.id == article_id]
        return sorted(found, key=lambda entry: (entry.collection != PUBLIC, entry.collection))

    def get(self, collection: str, article_id: str) -> Entry | None:
        return self._by_id.get((collection, article_id))

    def with_url(self, collection: str, url: str) -> Entry | None:
        return self._by_url.get((collection, canonical_url(url)))

    def with_text(self, collection: str, text: str) -> Entry | None:
        return self._by_text.get((collection, text_digest(text)))

    def note(self, article: Article, path: str) -> None:
        """Remembers an article that was written."""
        if old := self._by_id.pop((article.collection, article.id), None):
            for table, key in ((self._by_url, canonical_url(old.url or "")), (self._by_text, old.text_digest)):
                if table.get((old.collection, key)) == old:
                    del table[old.collection, key]
        entry = Entry(
            id=article.id,
            collection=article.collection,
            path=path,
            title=article.title,
            outlet=article.outlet,
            published=article.published.isoformat() if article.published else "",
            url=article.url,
            digest=article.digest,
            text_digest=text_digest(article.text),
        )
        self._taken.add(path)
        self._by_id[entry.collection, entry.id] = entry
        if entry.url:
            self._by_url.setdefault((entry.collection, canonical_url(entry.url)), entry)
        self._by_text.setdefault((entry.collection, entry.text_digest), entry)


def replace_file(path: Path, data: bytes) -> None:
    """Writes temp → fsync → replace → fsync folder, so that a kill leaves the old file or the new one.

    Raises StoreError, and leaves the old file, where the disk is full or may not be written. Two threads must not
    write the same file at once.
    """
    temporary = temporary_of(path)
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())  # else the rename may reach the disk before the contents
        temporary.replace(path)
        sync_path(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise StoreError(f"{path} can't be written ({_why(error)}); {_ADVICE}.") from error


def temporary_of(path: Path) -> Path:
    """Where this process first writes what a file is to hold: a name of its own, since many are written side by side."""
    # File names have at most 255 bytes, a character at most four, and long ones may begin alike.
    own = hashlib.sha256(path.name.encode()).hexdigest()[:16]
    return path.with_name(f".{path.name[:48]}.{own}.{os.getpid()}.tmp")


def sync_path(path: Path) -> None:
    """Makes a file's contents durable, or the names in a folder: a rename is on the disk only when its folder is."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def new_id(title: str, text: str, published: date | None) -> str:
    """An id for an article that came without one: date, headline, and enough of its digest to be its own."""
    words = re.sub(r"[^a-z0-9]+", "-", (title or text[:80]).lower())[:60].strip("-")
    return "-".join(filter(None, (published.isoformat() if published else "undated", words, text_digest(text)[:8])))


def plain_id(name: str) -> str:
    """A file's name as an id: what could trouble a shell or a file system becomes a hyphen; may be empty."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:100]


_ADVICE = "check the permissions and the free space there"


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__


def make_folder(folder: Path) -> None:
    """Makes a folder and those above it; StoreError where that can't be done."""
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            sync_path(folder.parent)
    except OSError as error:
        raise StoreError(f"{folder} can't be made ({_why(error)}); {_ADVICE}.") from error


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return [item for item in found if not item.name.startswith(".")]
    except FileNotFoundError:  # removed since its parent was listed
        return []
    except OSError as error:
        raise StoreError(f"{folder} can't be listed ({_why(error)}); {_ADVICE}.") from error
