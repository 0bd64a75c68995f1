"""What subjects and experiments have alike: labels in their project, and shares with their own labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from xnat_tui.demo.archive.store import Store, stamp, to_json
from xnat_tui.demo.refusal import Refusal

_LABEL_IN_USE = "Specified label is already in use."
Kind = Literal["subject", "experiment"]


class Sharing(Store):
    """Labels and shares, in the tables `subjects` and `subject_shares` and the same for experiments."""

    def _find_id(self, kind: Kind, project_id: str, key: str) -> str | None:
        """Return the accession id of a project's object, own or shared in, by label or accession id."""
        sql = (
            f"SELECT id FROM {kind}s WHERE project = ?1 AND label = ?2"
            f" UNION ALL SELECT {kind}_id FROM {kind}_shares WHERE project = ?1 AND label = ?2"
            f" UNION ALL SELECT id FROM {kind}s WHERE project = ?1 AND id = ?2"
            f" UNION ALL SELECT {kind}_id FROM {kind}_shares WHERE project = ?1 AND {kind}_id = ?2"
        )
        found: str | None = self._value(sql, project_id, key)
        return found

    def _change(
        self,
        kind: Kind,
        object_id: str,
        texts: Mapping[str, str | None],
        merged: Mapping[str, Mapping[str, Any] | None],
    ) -> None:
        """Set columns, merge members into columns of JSON, and keep whatever is None or empty there."""
        with self.bulk():
            for column, text in texts.items():
                if text is not None:
                    self._run(f"UPDATE {kind}s SET {column} = ? WHERE id = ?", text, object_id)
            for column, members in merged.items():
                if members:
                    sql = f"UPDATE {kind}s SET {column} = json_patch({column}, ?) WHERE id = ?"
                    self._run(sql, to_json(members), object_id)
            self._run(f"UPDATE {kind}s SET last_modified = ? WHERE id = ?", stamp(), object_id)

    def rename(self, kind: Kind, object_id: str, project_id: str, label: str) -> None:
        """Change the label that an object has in a project, which owns it or to which it is shared.

        Raises:
            Refusal: 409 when the label is in use there.
        """
        with self.bulk():
            if self._find_id(kind, project_id, label) not in (None, object_id):
                raise Refusal(409, _LABEL_IN_USE)
            sql = f"UPDATE {kind}s SET label = ?, last_modified = ? WHERE id = ? AND project = ?"
            if not self._run(sql, label, stamp(), object_id, project_id):
                sql = f"UPDATE {kind}_shares SET label = ? WHERE {kind}_id = ? AND project = ?"
                self._run(sql, label, object_id, project_id)

    def shares(self, kind: Kind, object_id: str) -> list[tuple[str, str]]:
        """Return (project, label) of the projects to which an object is shared."""
        sql = f"SELECT project, label FROM {kind}_shares WHERE {kind}_id = ? ORDER BY project"
        return [(row[0], row[1]) for row in self._rows(sql, object_id)]

    def _share(self, kind: Kind, object_id: str, project_id: str, label: str) -> None:
        """Show an object in one more project; 404 for an unknown one, 409 when it or the label is there."""
        own = self._row(f"SELECT project, label FROM {kind}s WHERE id = ?", object_id)
        if own is None:
            raise Refusal(404)
        if project_id == own[0] or project_id in dict(self.shares(kind, object_id)):
            raise Refusal(409, f"Already assigned to project:{project_id}")
        label = self._free_label(kind, project_id, label or own[1])
        self._run(f"INSERT INTO {kind}_shares VALUES (?, ?, ?)", object_id, project_id, label)

    def _unshare(self, kind: Kind, object_id: str, project_id: str) -> bool:
        sql = f"DELETE FROM {kind}_shares WHERE {kind}_id = ? AND project = ?"
        return self._run(sql, object_id, project_id) > 0

    def _move(self, kind: Kind, object_id: str, project_id: str, label: str) -> str:
        """Make another project the owner; return the one before. 404 and 409 as for a share."""
        own = self._row(f"SELECT project, label FROM {kind}s WHERE id = ?", object_id)
        if own is None:
            raise Refusal(404)
        self._unshare(kind, object_id, project_id)
        label = self._free_label(kind, project_id, label or own[1])
        sql = f"UPDATE {kind}s SET project = ?, label = ?, last_modified = ? WHERE id = ?"
        self._run(sql, project_id, label, stamp(), object_id)
        return str(own[0])

    def _free_label(self, kind: Kind, project_id: str, label: str) -> str:
        """Return a label that nothing in a project has; 409 when something has it."""
        if self._find_id(kind, project_id, label):
            raise Refusal(409, f"Label already in use:{label}")
        return label
