"""The journal of a job: an SQLite file that says what has arrived, and is believed after every crash."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from xnat_tui.core.exceptions import OperationError
from xnat_tui.core.paths import make_private, state_dir
from xnat_tui.transfers import item_table
from xnat_tui.transfers.item_table import KnownItem
from xnat_tui.transfers.items import Item, ItemState, Outcome, Proof

_BUSY_S = 30.0
_MOUNTS = Path("/proc/self/mounts")
_NETWORK_TYPES = ("nfs", "cifs", "smb", "afs", "lustre", "gpfs", "beegfs", "ceph", "9p", "fuse.", "panfs")


def journal_file(base_url: str, destination: Path) -> Path:
    """Return the file that knows what a script's calls have put into a folder from a server."""
    what = f"{base_url}\n{destination.resolve()}"
    name = hashlib.sha256(what.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return state_dir() / "downloads" / f"{name}.db"


class Journal:
    """The items of one job; shared by the threads that move them.

    Attributes:
        run: number of this run of the job; items of other runs are left alone.
    """

    def __init__(self, connection: sqlite3.Connection, job: str = "") -> None:
        """Use an open connection, which may be used by other threads under this journal's lock only.

        Args:
            connection: opened with `check_same_thread=False`.
            job: whose items; a journal of a script's own holds one job, without a name.
        """
        self._connection = connection
        self._job = job
        self._lock = threading.Lock()
        with self._writing():
            item_table.create_tables(connection)
            self.run = item_table.next_run(connection, job)

    @classmethod
    def open(cls, file: Path, *, mode: str = "") -> Journal:
        """Open a journal of one job, making it if needed, readable by its owner only.

        Args:
            file: where it is.
            mode: SQLite's journal mode. By default WAL, except on network file systems, where processes
                cannot share the memory that it needs.
        """
        with explaining(file):
            return cls(open_database(file, mode=mode))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def known(self, resource_id: str) -> dict[str, KnownItem]:
        """Return what earlier runs wrote down of the files of a resource, by path."""
        with self._lock:
            return item_table.known_items(self._connection, self._job, resource_id)

    def add(self, items: Iterable[tuple[Item, ItemState, Proof | None]]) -> None:
        """Write down items of this run."""
        with self._writing():
            item_table.add_items(self._connection, self._job, self.run, items)

    def waiting(self, resource_ids: Iterable[str]) -> list[Item]:
        """Return the items of resources that this run still has to move."""
        with self._lock:
            rows = item_table.waiting_items(self._connection, self._job, self.run, resource_ids)
            return list(rows)

    def record(self, outcomes: Iterable[Outcome]) -> None:
        """Write down what became of items; what is done must be safe on the disk already."""
        with self._writing():
            item_table.record(self._connection, self._job, outcomes)

    def folder(self, resource_id: str) -> str:
        """Return the folder that a resource was given before, "" when there was none."""
        with self._lock:
            return item_table.folder_of(self._connection, self._job, resource_id)

    def give_folder(self, resource_id: str, folder: str) -> str:
        """Remember a resource's folder; return another when a second resource has it, whatever the case."""
        with self._writing():
            if item_table.is_taken(self._connection, self._job, resource_id, folder):
                folder = f"{folder}~{resource_id}"
            item_table.keep_folder(self._connection, self._job, resource_id, folder)
            return folder

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, explaining(), self._connection:
            yield


def open_database(file: Path, *, mode: str = "") -> sqlite3.Connection:
    """Open a database of its owner's alone, making it if needed; threads share it under a lock of theirs.

    Args:
        file: where it is.
        mode: SQLite's journal mode; see `Journal.open`.
    """
    make_private(file.parent)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(file, timeout=_BUSY_S, check_same_thread=False)
    connection.execute(f"PRAGMA journal_mode = {mode or journal_mode(file)}")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def journal_mode(file: Path, mounts: Path = _MOUNTS) -> str:
    """Return the journal mode that fits the file system of a file: "WAL", or "DELETE" across a network.

    Where the system does not tell (no `mounts`), "DELETE" is right everywhere.
    """
    try:
        lines = mounts.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return "DELETE"
    best, kind = "", ""
    folder = f"{file.resolve().parent}/"
    for line in lines:
        _, point, found, *_ = line.split(" ")
        point = point.replace("\\040", " ").rstrip("/") + "/"
        if folder.startswith(point) and len(point) >= len(best):
            best, kind = point, found
    return "DELETE" if kind.startswith(_NETWORK_TYPES) or not kind else "WAL"


@contextmanager
def explaining(file: Path | None = None) -> Iterator[None]:
    """Turn errors of SQLite into ours."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        where = f" {file}" if file else ""
        raise OperationError(
            f"The journal of transfers{where} cannot be used: {error}.",
            advice="XNAT_TUI_STATE_DIR names another folder for it.",
        ) from error
