"""The archive's database connection, its transactions and its clock; knows no table's meaning."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from xnat_tui.demo.archive.tables import TABLES

Row = tuple[Any, ...]


def stamp(moment: datetime | None = None) -> str:
    """Return a moment (default: now) as XNAT prints time stamps: local, without zone, with milliseconds."""
    return (moment or datetime.now()).isoformat(sep=" ", timespec="milliseconds")


def to_json(values: Mapping[str, Any] | Sequence[Any]) -> str:
    """Return the stored form of a group of values."""
    return json.dumps(values, separators=(",", ":"))


class Store:
    """One SQLite database and one folder of plain files, shared by threads.

    All access goes through one connection and one re-entrant lock: the threads of a server that come
    and go leave no connection behind.

    Args:
        root: the archive's folder; made, with its database, when missing.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files_root = root / "files"
        self.files_root.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(root / "archive.db", check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")  # demo data: speed over survival of a power cut
        self._db.execute("PRAGMA foreign_keys=ON")
        self._db.executescript(TABLES)

    def close(self) -> None:
        """Close the database; the archive cannot be used afterwards. Closing twice is harmless."""
        with self._lock:
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """Run everything inside as one transaction: all of it is stored, or nothing; may be nested."""
        with self._lock:
            outermost = self._depth == 0
            if outermost:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                if outermost:
                    self._db.execute("ROLLBACK")
                raise
            else:
                if outermost:
                    self._db.execute("COMMIT")
            finally:
                self._depth -= 1

    def _run(self, sql: str, *args: object) -> int:
        """Run one statement; return the number of rows it changed."""
        with self._lock:
            return self._db.execute(sql, args).rowcount

    def _insert(self, sql: str, *args: object) -> int:
        """Run one INSERT; return the number that the database gave the new row."""
        with self._lock:
            return self._db.execute(sql, args).lastrowid or 0

    def _rows(self, sql: str, *args: object) -> list[Row]:
        with self._lock:
            return self._db.execute(sql, args).fetchall()

    def _row(self, sql: str, *args: object) -> Row | None:
        with self._lock:
            row: Row | None = self._db.execute(sql, args).fetchone()
            return row

    def _value(self, sql: str, *args: object) -> Any:
        """Return the first cell of the first row, or None when there is no row."""
        row = self._row(sql, *args)
        return row[0] if row else None

    def _take_numbers(self, counter: str, count: int = 1) -> range:
        """Reserve `count` successive numbers of a counter that starts at 1."""
        with self.bulk():
            last = self._value("SELECT last FROM counters WHERE name = ?", counter) or 0
            self._run("INSERT OR REPLACE INTO counters VALUES (?, ?)", counter, last + count)
        return range(last + 1, last + count + 1)

    def _sweep_folders(self) -> None:
        """Remove from the disk the folders of resources that a deletion or its cascade has removed."""
        for (resource_id,) in self._rows("SELECT resource_id FROM orphan_folders"):
            shutil.rmtree(self.files_root / str(resource_id), ignore_errors=True)
            self._run("DELETE FROM orphan_folders WHERE resource_id = ?", resource_id)
