"""Scans of sessions; their ids are texts and never change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xnat_tui.demo.archive.store import Row, Store, stamp, to_json
from xnat_tui.demo.refusal import Refusal

_COLUMNS = (
    "pk, session_id, id, xsi_type, type, quality, series_description, note, vals, insert_date, insert_user"
)
_TEXTS = frozenset({"type", "quality", "series_description", "note"})


@dataclass(frozen=True)
class Scan:
    """One scan.

    Attributes:
        pk: XNAT's `xnat_imagescandata_id`, unique on the server.
        id: unique in the session.
        values: other fields of the schema, by their path ("parameters/voxelRes/x").
    """

    pk: int
    session_id: str
    id: str
    xsi_type: str
    type: str
    quality: str
    series_description: str
    note: str
    values: Mapping[str, Any]
    insert_date: str
    insert_user: str


def _scan(row: Row) -> Scan:
    return Scan(*(*row[:8], json.loads(row[8]), *row[9:]))


class Scans(Store):
    """The part of the archive that keeps scans."""

    def add_scan(
        self,
        session_id: str,
        scan_id: str,
        xsi_type: str,
        *,
        type: str = "",
        quality: str = "",
        series_description: str = "",
        note: str = "",
        values: Mapping[str, Any] | None = None,
        insert_user: str = "admin",
        inserted: datetime | None = None,
    ) -> int:
        """Add a scan to a session; return its `xnat_imagescandata_id`.

        Raises:
            Refusal: 409 when the session has a scan of that id.
        """
        with self.bulk():
            if self.scan(session_id, scan_id):
                raise Refusal(409, "Specified scan already exists.")
            texts = (type, quality, series_description, note)
            sql = f"INSERT INTO scans ({_COLUMNS}) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            made = (to_json(values or {}), stamp(inserted), insert_user)
            return self._insert(sql, session_id, scan_id, xsi_type, *texts, *made)

    def scan(self, session_id: str, scan_id: str) -> Scan | None:
        """Return a scan of a session, or None."""
        row = self._row(f"SELECT {_COLUMNS} FROM scans WHERE session_id = ? AND id = ?", session_id, scan_id)
        return _scan(row) if row else None

    def scans(self, session_id: str) -> list[Scan]:
        """Return the scans of a session in the order of their making."""
        rows = self._rows(f"SELECT {_COLUMNS} FROM scans WHERE session_id = ? ORDER BY pk", session_id)
        return [_scan(row) for row in rows]

    def choose_scans(self, session_id: str, choice: str) -> list[Scan]:
        """Return the scans that a path segment names.

        As on a real server it may be `*`, `ALL`, ids or scan types with commas between them, or `NULL`
        for scans without type; `[SLASH]` and `[COMMA]` stand for those characters in a type.
        """
        scans = self.scans(session_id)
        if choice in ("*", "ALL"):
            return scans
        wanted = {part.replace("[SLASH]", "/").replace("[COMMA]", ",") for part in choice.split(",")}
        if "NULL" in wanted:
            wanted.add("")
        return [scan for scan in scans if scan.id in wanted or scan.type in wanted]

    def update_scan(self, pk: int, values: Mapping[str, Any]) -> None:
        """Change fields of a scan, by their path; None clears one."""
        with self.bulk():
            for name in _TEXTS & values.keys():
                self._run(f"UPDATE scans SET {name} = ? WHERE pk = ?", values[name] or "", pk)
            rest = {name: value for name, value in values.items() if name not in _TEXTS}
            if rest:
                self._run("UPDATE scans SET vals = json_patch(vals, ?) WHERE pk = ?", to_json(rest), pk)

    def scan_shares(self, pk: int) -> list[tuple[str, str]]:
        """Return (project, label) of the projects to which a scan is shared."""
        rows = self._rows("SELECT project, label FROM scan_shares WHERE scan_pk = ? ORDER BY project", pk)
        return [(row[0], row[1]) for row in rows]

    def share_scan(self, pk: int, project_id: str, label: str) -> None:
        """Show a scan in one more project.

        Raises:
            Refusal: 409 when it is there already.
        """
        if project_id in dict(self.scan_shares(pk)):
            raise Refusal(409, f"Already assigned to project:{project_id}")
        self._run("INSERT INTO scan_shares VALUES (?, ?, ?)", pk, project_id, label)

    def delete_scan(self, pk: int) -> None:
        """Delete a scan with its resources and files."""
        with self.bulk():
            self._run("DELETE FROM scans WHERE pk = ?", pk)
            self._sweep_folders()
