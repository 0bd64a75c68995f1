"""The table of items: one row for each file that a job has to do with. Functions take a connection.

They are used on a journal of a script's own and inside the queue's, and commit nothing themselves.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xnat_tui.transfers.items import Item, ItemState, Outcome, Proof

_TABLES = """
CREATE TABLE IF NOT EXISTS items (
    job TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    path TEXT NOT NULL,
    owner TEXT NOT NULL,
    size_bytes INTEGER,
    digest TEXT NOT NULL,
    target TEXT NOT NULL,
    state TEXT NOT NULL,
    proof TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    run INTEGER NOT NULL,
    PRIMARY KEY (job, resource_id, path)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS folders (
    job TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    folder TEXT NOT NULL,
    folded TEXT NOT NULL,
    PRIMARY KEY (job, resource_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS folders_by_name ON folders (job, folded);
"""

_ITEM_COLUMNS = "resource_id, path, owner, size_bytes, digest, target"


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What an earlier run wrote down of an item."""

    size_bytes: int | None
    digest: str
    target: str
    state: str
    proof: str


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables unless they are there."""
    connection.executescript(_TABLES)


def next_run(connection: sqlite3.Connection, job: str) -> int:
    """Return a number for a run of a job that no earlier run has."""
    (last,) = connection.execute("SELECT max(run) FROM items WHERE job = ?", (job,)).fetchone()
    return (last or 0) + 1


def known_items(connection: sqlite3.Connection, job: str, resource_id: str) -> dict[str, KnownItem]:
    """Return what is known of the files of a resource, by path."""
    rows = connection.execute(
        "SELECT path, size_bytes, digest, target, state, proof FROM items WHERE job = ? AND resource_id = ?",
        (job, resource_id),
    )
    return {path: KnownItem(*facts) for path, *facts in rows}


def add_items(
    connection: sqlite3.Connection,
    job: str,
    run: int,
    items: Iterable[tuple[Item, ItemState, Proof | None]],
) -> None:
    """Write down items of a run with their states; what was known of them before is replaced."""
    connection.executemany(
        f"INSERT OR REPLACE INTO items (job, run, {_ITEM_COLUMNS}, state, proof)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                *(job, run, item.resource_id, item.path, item.owner, item.size_bytes, item.digest),
                *(item.target, state, proof or ""),
            )
            for item, state, proof in items
        ),
    )


def waiting_items(
    connection: sqlite3.Connection, job: str, run: int, resource_ids: Iterable[str]
) -> Iterator[Item]:
    """Yield the items of resources that a run still has to move, in order of resource and path."""
    for resource_id in resource_ids:
        rows = connection.execute(
            f"SELECT {_ITEM_COLUMNS} FROM items"
            " WHERE job = ? AND resource_id = ? AND run = ? AND state = ? ORDER BY path",
            (job, resource_id, run, ItemState.WAITING),
        )
        for row in rows.fetchall():
            yield Item(*row)


def record(connection: sqlite3.Connection, job: str, outcomes: Iterable[Outcome]) -> None:
    """Write down what became of items."""
    connection.executemany(
        "UPDATE items SET state = ?, proof = ?, error = ?, attempts = attempts + 1"
        " WHERE job = ? AND resource_id = ? AND path = ?",
        (
            (
                ItemState.FAILED if outcome.proof is None else ItemState.DONE,
                *(outcome.proof or "", outcome.error, job, outcome.item.resource_id, outcome.item.path),
            )
            for outcome in outcomes
        ),
    )


def folder_of(connection: sqlite3.Connection, job: str, resource_id: str) -> str:
    """Return the folder in which an earlier run put a resource, "" when there was none."""
    row = connection.execute(
        "SELECT folder FROM folders WHERE job = ? AND resource_id = ?", (job, resource_id)
    ).fetchone()
    return row[0] if row else ""


def is_taken(connection: sqlite3.Connection, job: str, resource_id: str, folder: str) -> bool:
    """Tell whether another resource has a folder, whatever its case."""
    row = connection.execute(
        "SELECT 1 FROM folders WHERE job = ? AND folded = ? AND resource_id <> ?",
        (job, folder.casefold(), resource_id),
    ).fetchone()
    return row is not None


def keep_folder(connection: sqlite3.Connection, job: str, resource_id: str, folder: str) -> None:
    """Remember the folder of a resource, so that an edited scan type does not move it."""
    connection.execute(
        "INSERT OR REPLACE INTO folders VALUES (?, ?, ?, ?)", (job, resource_id, folder, folder.casefold())
    )
