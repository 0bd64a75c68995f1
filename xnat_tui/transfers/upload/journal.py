"""The journal of an upload: what the server has acknowledged, so that nothing is sent twice after a crash."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from xnat_tui.core.paths import state_dir
from xnat_tui.transfers.journal import explaining, open_database
from xnat_tui.transfers.upload.parcels import Sendable

_TABLES = """
CREATE TABLE IF NOT EXISTS sendings (
    job TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    place TEXT NOT NULL,
    error TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (job, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS places (
    job TEXT NOT NULL,
    uri TEXT NOT NULL,
    PRIMARY KEY (job, uri)
) WITHOUT ROWID;
"""

NOWHERE = "-"
"""The place of what the server took and filtered out."""


def upload_journal_file(base_url: str, *what: str) -> Path:
    """Return the file that knows what a script's calls have sent to a server.

    Args:
        base_url: the server.
        what: everything that makes two uploads the same one: source, target, way.
    """
    text = "\n".join((base_url, *what))
    name = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return state_dir() / "uploads" / f"{name}.db"


class UploadJournal:
    """What one job has sent; shared by its threads.

    Everything is written at once: what is acknowledged is known after any crash of the program.
    """

    def __init__(self, connection: sqlite3.Connection, job: str = "") -> None:
        """Use an open connection, which may be used by other threads under this journal's lock only.

        Args:
            connection: opened with `check_same_thread=False`.
            job: whose sendings; a journal of a script's own holds one job, without a name.
        """
        self._connection = connection
        self._job = job
        self._lock = threading.Lock()
        with self._writing():
            connection.executescript(_TABLES)

    @classmethod
    def open(cls, file: Path) -> UploadJournal:
        """Open a journal of one job, making it if needed, readable by its owner only."""
        with explaining(file):
            return cls(open_database(file))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> UploadJournal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def clear(self) -> None:
        """Forget everything, to start over."""
        with self._writing():
            for table in ("sendings", "places"):
                self._connection.execute(f"DELETE FROM {table} WHERE job = ?", (self._job,))

    def acknowledged(self) -> dict[str, tuple[str, str]]:
        """Return, by name, the version and the place of everything that the server has taken."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT name, version, place FROM sendings WHERE job = ? AND place <> ''", (self._job,)
            )
            return {name: (version, place) for name, version, place in rows}

    def acknowledge(self, items: Iterable[Sendable], uris: Sequence[str]) -> None:
        """Write down that the server has taken items.

        Args:
            items: what was sent.
            uris: sessions that the server has begun for them, and that somebody has to commit; none for what
                it filtered out.
        """
        place = uris[0] if uris else NOWHERE
        with self._writing():
            self._connection.executemany(
                "INSERT OR IGNORE INTO places VALUES (?, ?)", ((self._job, uri) for uri in uris)
            )
            self._write((item.name, item.version, place, "") for item in items)

    def fail(self, item: Sendable, error: str) -> None:
        """Write down that an item did not arrive."""
        with self._writing():
            self._write([(item.name, item.version, "", error)])

    def places(self) -> list[str]:
        """Return the sessions begun."""
        with self._lock:
            rows = self._connection.execute("SELECT uri FROM places WHERE job = ? ORDER BY uri", (self._job,))
            return [uri for (uri,) in rows]

    def _write(self, rows: Iterable[tuple[str, str, str, str]]) -> None:
        self._connection.executemany(
            "INSERT INTO sendings (job, name, version, place, error) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET version = excluded.version, place = excluded.place,"
            " error = excluded.error, attempts = attempts + 1",
            ((self._job, *row) for row in rows),
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, explaining(), self._connection:
            yield
