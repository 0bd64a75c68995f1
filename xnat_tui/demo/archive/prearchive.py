"""The prearchive's table: sessions that were received and wait to be built and archived.

Their files are `prearchive_files`; what is done with them is the business of `xnat_tui.demo.ingest`.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xnat_tui.demo.archive.store import Row, Store, stamp

UNASSIGNED = "Unassigned"
_LASTMOD_STEP_S = 15.0
_MOST_SUFFIXES = 3
_COLUMNS = (
    "id, project, timestamp, folder, name, subject, tag, status, autoarchive, source, visit, protocol,"
    " timezone, prevent_anon, prevent_auto_commit, direct, scan_date, scan_time, uploaded, lastmod,"
    " touched_s, document"
)
_SETTABLE = frozenset(
    {
        *("project", "timestamp", "name", "subject", "status", "autoarchive", "source", "visit", "protocol"),
        *("timezone", "direct", "scan_date", "scan_time", "uploaded", "document"),
    }
)


@dataclass(frozen=True)
class NewPrearchiveSession:
    """What is known of a session when its first object arrives.

    Attributes:
        project: project id; empty when no project was found.
        name: session label.
        tag: StudyInstanceUID.
        folder: its directory's name, safe for a path.
        timestamp: forced first coordinate; empty takes the present moment.
        direct: bound for the archive without being listed in the prearchive.
    """

    project: str
    name: str
    tag: str
    folder: str
    subject: str = ""
    timestamp: str = ""
    autoarchive: str = ""
    source: str = ""
    visit: str = ""
    protocol: str = ""
    timezone: str = ""
    prevent_anon: bool = False
    prevent_auto_commit: bool = False
    direct: bool = False


@dataclass(frozen=True)
class PrearchiveSession:
    """One row of the prearchive.

    Attributes:
        project: project id; empty for the Unassigned.
        folder: XNAT's `folderName`, part of its URL; `name` is the label and may differ.
        tag: StudyInstanceUID.
        direct: it goes to the archive by itself and is listed under `/xapi/direct-archive` only.
        touched_s: when its last object arrived, seconds since the epoch.
        document: what was built of it; empty before the first build.
    """

    id: int
    project: str
    timestamp: str
    folder: str
    name: str
    subject: str
    tag: str
    status: str
    autoarchive: str
    source: str
    visit: str
    protocol: str
    timezone: str
    prevent_anon: bool
    prevent_auto_commit: bool
    direct: bool
    scan_date: str
    scan_time: str
    uploaded: str
    lastmod: str
    touched_s: float
    document: Mapping[str, Any]

    @property
    def url(self) -> str:
        """Its place, without `/data` in front."""
        return f"/prearchive/projects/{self.project or UNASSIGNED}/{self.timestamp}/{self.folder}"

    @property
    def is_locked(self) -> bool:
        """Whether somebody works on it at this moment."""
        return self.status.startswith("_")


def _session(row: Row) -> PrearchiveSession:
    flags = (bool(row[13]), bool(row[14]), bool(row[15]))
    return PrearchiveSession(*(*row[:13], *flags, *row[16:21], json.loads(row[21] or "{}")))


class Prearchive(Store):
    """The part of the archive that keeps the sessions of the prearchive."""

    def prearchive_folder(self, session_id: int) -> Path:
        """Return where on the disk a session of the prearchive lies."""
        return self.root / "prearchive" / str(session_id)

    def add_prearchive_session(self, new: NewPrearchiveSession) -> PrearchiveSession:
        """Add a session in state RECEIVING; a taken folder gets `_1` to `_3` behind its name.

        Raises:
            FileExistsError: all of these are taken.
        """
        moment = new.timestamp or datetime.now().strftime("%Y%m%d_%H%M%S%f")[:18]
        with self.bulk():
            folder = self._free_folder(new.project, moment, new.folder)
            names = [name.strip() for name in _COLUMNS.split(",")]
            values = {
                **new.__dict__,
                "id": None,
                "timestamp": moment,
                "folder": folder,
                "status": "RECEIVING",
                "lastmod": stamp(),
                "touched_s": time.time(),
            }
            texts = [values.get(name, "") for name in names]
            marks = ", ".join("?" * len(names))
            number = self._insert(f"INSERT INTO prearchive ({_COLUMNS}) VALUES ({marks})", *texts)
            return self._known(number)

    def _free_folder(self, project: str, moment: str, folder: str) -> str:
        for suffix in ("", *(f"_{number}" for number in range(1, _MOST_SUFFIXES + 1))):
            if self.find_prearchive_session(project, moment, folder + suffix) is None:
                return folder + suffix
        raise FileExistsError(f"{folder} is taken in the prearchive of {project}")

    def _known(self, session_id: int) -> PrearchiveSession:
        found = self.prearchive_session(session_id)
        assert found is not None
        return found

    def prearchive_session(self, session_id: int) -> PrearchiveSession | None:
        """Return the session of a number, or None."""
        row = self._row(f"SELECT {_COLUMNS} FROM prearchive WHERE id = ?", session_id)
        return _session(row) if row else None

    def find_prearchive_session(self, project: str, timestamp: str, folder: str) -> PrearchiveSession | None:
        """Return the session at these coordinates, or None; the project of the Unassigned is empty."""
        where = "project = ? AND timestamp = ? AND folder = ?"
        row = self._row(f"SELECT {_COLUMNS} FROM prearchive WHERE {where}", project, timestamp, folder)
        return _session(row) if row else None

    def prearchive_session_of(
        self, project: str, tag: str, name: str, *, direct: bool = False
    ) -> PrearchiveSession | None:
        """Return the newest session of this StudyInstanceUID and label in a project, or None."""
        where = "project = ? AND tag = ? AND name = ? AND direct = ? ORDER BY id DESC"
        row = self._row(f"SELECT {_COLUMNS} FROM prearchive WHERE {where}", project, tag, name, direct)
        return _session(row) if row else None

    def prearchive_sessions(
        self, projects: Sequence[str] | None = None, *, tag: str = "", direct: bool = False
    ) -> list[PrearchiveSession]:
        """Return sessions in the order of their arrival.

        Args:
            projects: only of these; an empty text among them stands for the Unassigned; None for all.
            tag: only of this StudyInstanceUID.
            direct: those on their way to the archive, instead of those that wait.
        """
        rows = self._rows(f"SELECT {_COLUMNS} FROM prearchive WHERE direct = ? ORDER BY id", direct)
        found = [_session(row) for row in rows]
        return [
            each for each in found if (projects is None or each.project in projects) and tag in ("", each.tag)
        ]

    def update_prearchive_session(self, session_id: int, **values: object) -> None:
        """Change columns of a session by their names; its time of change follows."""
        with self.bulk():
            for column, value in values.items():
                if column not in _SETTABLE:
                    raise ValueError(f"the prearchive has no settable column {column}")
                self._run(f"UPDATE prearchive SET {column} = ? WHERE id = ?", value, session_id)
            self._run("UPDATE prearchive SET lastmod = ? WHERE id = ?", stamp(), session_id)

    def set_prearchive_status(self, session_id: int, status: str, *, unless_locked: bool = True) -> bool:
        """Set a session's status; False when it is locked, or gone."""
        with self.bulk():
            session = self.prearchive_session(session_id)
            if session is None or (unless_locked and session.is_locked):
                return False
            self.update_prearchive_session(session_id, status=status)
        return True

    def touch_prearchive_session(self, session: PrearchiveSession, status: str) -> None:
        """Note that an object has arrived; as on a real server `lastmod` follows every 15 seconds only."""
        now = time.time()
        with self.bulk():
            sql = "UPDATE prearchive SET touched_s = ?, status = ? WHERE id = ?"
            self._run(sql, now, status, session.id)
            if status != session.status or now - session.touched_s > _LASTMOD_STEP_S:
                self._run("UPDATE prearchive SET lastmod = ? WHERE id = ?", stamp(), session.id)

    def receiving_sessions(self) -> list[tuple[int, float]]:
        """Return number and time of the last object of the sessions that the site builds by itself.

        Those of the source "uploader" and those that forbid it wait for a commit.
        """
        where = "status = 'RECEIVING' AND NOT prevent_auto_commit AND source != 'uploader'"
        rows = self._rows(f"SELECT id, touched_s FROM prearchive WHERE {where} ORDER BY id")
        return [(row[0], row[1]) for row in rows]

    def free_prearchive_locks(self) -> None:
        """Give sessions on which a server worked when it was killed back to the next build."""
        resting = "('RECEIVING', 'READY', 'CONFLICT', 'ERROR')"
        self._run(f"UPDATE prearchive SET status = 'RECEIVING' WHERE status NOT IN {resting}")

    def delete_prearchive_session(self, session_id: int) -> None:
        """Delete a session with its files and logs."""
        self._run("DELETE FROM prearchive WHERE id = ?", session_id)
        shutil.rmtree(self.prearchive_folder(session_id), ignore_errors=True)

    def log_prearchive(self, session_id: int, entry: str) -> None:
        """Add an entry to a session's log; its number is the moment in milliseconds."""
        with self.bulk():
            last = self._value("SELECT max(id) FROM prearchive_logs") or 0
            number = max(int(time.time() * 1000), last + 1)
            self._run("INSERT INTO prearchive_logs VALUES (?, ?, ?)", number, session_id, entry)

    def prearchive_logs(self, session_id: int) -> list[tuple[int, str]]:
        """Return number and text of a session's log entries, oldest first."""
        sql = "SELECT id, entry FROM prearchive_logs WHERE session = ? ORDER BY id"
        return [(row[0], row[1]) for row in self._rows(sql, session_id)]
