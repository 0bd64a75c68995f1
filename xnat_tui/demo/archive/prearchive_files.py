"""Files of sessions in the prearchive: their rows, their places, and the facts read from their headers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xnat_tui.demo.archive.prearchive import Prearchive
from xnat_tui.demo.archive.store import Row, to_json

_COLUMNS = "session, folder, name, resource, scan, size, facts"


@dataclass(frozen=True)
class PrearchiveFile:
    """One received object.

    Attributes:
        session_id: number of the session.
        folder: the scan's directory, named after the series number.
        resource: label of the scan's resource.
        scan: the scan that it was built into; empty before.
        facts: values of its header by DICOM keyword.
    """

    session_id: int
    folder: str
    name: str
    resource: str
    scan: str
    size_bytes: int
    facts: Mapping[str, str]


def _file(row: Row) -> PrearchiveFile:
    return PrearchiveFile(*(*row[:6], json.loads(row[6])))


class PrearchiveFiles(Prearchive):
    """The part of the archive that keeps the files of the prearchive. Prearchived files have no digests."""

    def prearchive_location(self, session_id: int, folder: str, resource: str, name: str) -> Path:
        """Return where a file lies or would lie: `SCANS/<folder>/<resource>/<name>` of its session."""
        return self.prearchive_folder(session_id) / "SCANS" / folder / resource / name

    def location_of(self, file: PrearchiveFile) -> Path:
        """Return where a file lies."""
        return self.prearchive_location(file.session_id, file.folder, file.resource, file.name)

    def add_prearchive_file(self, file: PrearchiveFile) -> None:
        """Note a file that is in its place; one of the same name is replaced."""
        sql = f"INSERT OR REPLACE INTO prearchive_files ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        texts = (file.folder, file.name, file.resource, file.scan, file.size_bytes)
        self._run(sql, file.session_id, *texts, to_json(file.facts))

    def prearchive_file(
        self, session_id: int, folder: str, resource: str, name: str
    ) -> PrearchiveFile | None:
        """Return one file of a session, or None."""
        where = "session = ? AND folder = ? AND resource = ? AND name = ?"
        sql = f"SELECT {_COLUMNS} FROM prearchive_files WHERE {where}"
        row = self._row(sql, session_id, folder, resource, name)
        return _file(row) if row else None

    def prearchive_files(self, session_id: int) -> list[PrearchiveFile]:
        """Return all files of a session, sorted by folder and name."""
        sql = f"SELECT {_COLUMNS} FROM prearchive_files WHERE session = ? ORDER BY folder, resource, name"
        return [_file(row) for row in self._rows(sql, session_id)]

    def assign_scan(self, file: PrearchiveFile, scan: str) -> None:
        """Note into which scan a file was built."""
        where = "session = ? AND folder = ? AND resource = ? AND name = ?"
        sql = f"UPDATE prearchive_files SET scan = ? WHERE {where}"
        self._run(sql, scan, file.session_id, file.folder, file.resource, file.name)

    def has_unbuilt_files(self, session_id: int) -> bool:
        """Tell whether files have arrived that no build has seen."""
        sql = "SELECT 1 FROM prearchive_files WHERE session = ? AND scan = '' LIMIT 1"
        return self._row(sql, session_id) is not None

    def delete_prearchive_scan(self, session_id: int, scan: str) -> None:
        """Delete the files of a scan."""
        with self.bulk():
            for file in self.prearchive_files(session_id):
                if file.scan == scan:
                    self.location_of(file).unlink(missing_ok=True)
            self._run("DELETE FROM prearchive_files WHERE session = ? AND scan = ?", session_id, scan)
