"""Keeps vectors on disk by model and text, so that no text is ever embedded twice.

One SQLite file, `embeddings.db`. A text is known by the SHA-256 of exactly what was embedded. Making the vectors is
`models.embedders`' business; searching them is `dense`'s.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from index.errors import DamagedError, StorageError

# Half the size of float32. Over 1,500 news passages it moved no cosine by more than 0.0001, and 1 of 7,000 neighbours
# among the top ten.
_STORED = np.dtype("<f2")
# Digests asked for at once: from 100 to 10,000 it makes no difference, and SQLite allows 32,766 parameters.
_ASKED = 500
_BUSY_SECONDS = 10.0
_SCHEMA = """
create table if not exists models (
    id integer primary key, name text not null unique, dimensions integer not null
);
create table if not exists vectors (
    model integer not null references models, digest blob not null, vector blob not null,
    unique (model, digest)
);
"""


class VectorCache:
    """The vectors of all models. One writer, any number of readers; use one object from one thread at a time.

    DamagedError where the file is not what it should be, StorageError where it can't be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._mapped():
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None)
            self._database = Database(connection)
            try:
                # With a log readers don't wait for the writer. After a power cut the last batches may be missing.
                connection.execute("pragma journal_mode = wal")
                connection.execute("pragma synchronous = normal")
                connection.execute("pragma cache_size = -32000")  # 32 MB: the key of some 500,000 texts
                connection.executescript(_SCHEMA)
                connection.execute("select model, digest, vector from vectors limit 1").fetchall()
            except BaseException:
                connection.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def lookup(self, model: str, digests: Sequence[bytes]) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
        """Which digests are known, (n,), and their vectors, (n, d), of length 1; zeros where not known.

        d is 0 for a model that has no vectors yet. 100,000 take about a second.
        """
        with self._mapped():
            key, dimensions = self._model(model)
            found = np.zeros(len(digests), np.bool_)
            vectors = np.zeros((len(digests), dimensions), np.float32)
            if not dimensions:
                return found, vectors
            first: dict[bytes, int] = {}
            repeated = [
                (place, first[digest])
                for place, digest in enumerate(digests)
                if first.setdefault(digest, place) != place
            ]
            asked = sorted(first)  # in the order of the index
            for start in range(0, len(asked), _ASKED):
                some = asked[start : start + _ASKED]
                rows = self._database.conn.execute(
                    f"select digest, vector from vectors where model = ? and digest in ({','.join('?' * len(some))})",  # noqa: S608 - question marks alone
                    (key, *some),
                ).fetchall()
                if rows:
                    places = [first[row[0]] for row in rows]
                    vectors[places] = self._vectors([row[1] for row in rows], dimensions)
                    found[places] = True
            for place, earlier in repeated:
                vectors[place], found[place] = vectors[earlier], found[earlier]
            return found, vectors

    def store(self, model: str, digests: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Keeps one batch, all of it or nothing; a digest that is known gets the new vector.

        `vectors` is (n, d), rows of length 1. ValueError where the two don't fit together.
        """
        if vectors.ndim != 2 or len(vectors) != len(digests):
            raise ValueError(f"{len(digests)} digests for vectors of shape {vectors.shape}")
        if not len(digests):
            return
        with self._mapped(), self._transaction() as connection:
            key, dimensions = self._model(model)
            if not dimensions:
                dimensions = vectors.shape[1]
                key = connection.execute(
                    "insert into models (name, dimensions) values (?, ?) returning id", (model, dimensions)
                ).fetchone()[0]
            if vectors.shape[1] != dimensions:
                raise ValueError(f"{model} has vectors of {dimensions} dimensions here, not {vectors.shape[1]}")
            stored = vectors.astype(_STORED)
            connection.executemany(
                "insert into vectors (model, digest, vector) values (?, ?, ?) "
                "on conflict do update set vector = excluded.vector",
                ((key, digest, row.tobytes()) for digest, row in zip(digests, stored, strict=True)),
            )

    def prune(self, keep: Sequence[bytes]) -> int:
        """Forgets every text but those in `keep`, of all models, gives the space back, and tells how many went."""
        with self._mapped():
            with self._transaction() as connection:
                connection.execute("create temporary table kept (digest blob primary key) without rowid")
                connection.executemany("insert or ignore into kept values (?)", ((digest,) for digest in keep))
                gone = connection.execute("delete from vectors where digest not in (select digest from kept)").rowcount
                connection.execute("drop table kept")
                connection.execute("delete from models where id not in (select model from vectors)")
            if gone:
                self._database.conn.execute("vacuum")
        return int(gone)

    def close(self) -> None:
        with self._mapped():
            self._database.conn.close()

    def _model(self, name: str) -> tuple[int, int]:
        """Key and dimensions; zeros for a model without vectors."""
        row = self._database.conn.execute("select id, dimensions from models where name = ?", (name,)).fetchone()
        if row is None:
            return 0, 0
        if not isinstance(row[1], int) or not 0 < row[1] <= 65_536:
            raise self._damaged(f"dimensions {row[1]!r}")
        return row[0], row[1]

    def _vectors(self, blobs: list[bytes], dimensions: int) -> NDArray[np.float32]:
        width = dimensions * _STORED.itemsize
        if any(not isinstance(blob, bytes) or len(blob) != width for blob in blobs):
            raise self._damaged("a vector of another size")
        vectors = np.frombuffer(b"".join(blobs), _STORED).reshape(-1, dimensions).astype(np.float32)
        norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        if not np.all(np.abs(norms - 1) < 0.01):  # rounding to float16 moves a length by 0.0005 at most
            raise self._damaged("a vector that is not of length 1")
        vectors /= norms[:, None]
        return vectors

    def _damaged(self, why: str) -> DamagedError:
        return DamagedError(f"{self._path} is damaged ({why}); delete it: the next reindex embeds every text again.")

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection: sqlite3.Connection = self._database.conn
        connection.execute("begin immediate")
        try:
            yield connection
        except BaseException:
            if connection.in_transaction:  # a full disk has already ended it
                connection.execute("rollback")
            raise
        connection.execute("commit")

    @contextlib.contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "no such column" in str(error):
                raise self._damaged(str(error)) from error
            raise StorageError(
                f"{self._path} can't be used ({error}); check its permissions, the free space there, "
                "and that no other program holds it."
            ) from error
        except OSError as error:
            raise StorageError(
                f"{self._path} can't be made ({error.strerror}); check the permissions of {self._path.parent}."
            ) from error
