"""Subjects: accession ids, labels that are unique in a project, shares, moves and deletion."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xnat_tui.demo.archive.sharing import Sharing
from xnat_tui.demo.archive.store import Row, stamp, to_json
from xnat_tui.demo.refusal import Refusal

_COLUMNS = (
    "id, project, label, grp, demographics, vals, fields, status, insert_date, insert_user, last_modified"
)


@dataclass(frozen=True)
class Subject:
    """One subject, as its owning project knows it."""

    id: str
    project: str
    label: str
    group: str
    demographics: Mapping[str, Any]
    values: Mapping[str, Any]
    fields: Mapping[str, str]
    status: str
    insert_date: str
    insert_user: str
    last_modified: str


@dataclass(frozen=True)
class NewSubject:
    """What is known of a subject that is to be added."""

    label: str
    group: str = ""
    demographics: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    inserted: datetime | None = None


def _subject(row: Row) -> Subject:
    return Subject(*(*row[:4], *(json.loads(text) for text in row[4:7]), *row[7:]))


class Subjects(Sharing):
    """The part of the archive that keeps subjects."""

    def add_subject(
        self,
        project_id: str,
        label: str,
        *,
        group: str = "",
        demographics: Mapping[str, Any] | None = None,
        values: Mapping[str, Any] | None = None,
        fields: Mapping[str, str] | None = None,
        insert_user: str = "admin",
        inserted: datetime | None = None,
    ) -> str:
        """Add a subject; return its accession id, such as "XNAT_S00012".

        Raises:
            Refusal: 409 when the label is in use in the project.
        """
        new = NewSubject(label, group, demographics or {}, values or {}, fields or {}, inserted)
        with self.bulk():
            if self.find_subject(project_id, label):
                raise Refusal(409, "Subject already exists.")
            return self.add_subjects(project_id, [new], insert_user=insert_user)[0]

    def add_subjects(
        self, project_id: str, subjects: Iterable[NewSubject], *, insert_user: str = "admin"
    ) -> list[str]:
        """Add many subjects at once, trusting that their labels are new; return their accession ids."""
        rows = []
        found = list(subjects)
        with self.bulk():
            for number, new in zip(self._take_numbers("subject", len(found)), found, strict=True):
                moment = stamp(new.inserted)
                texts = to_json(new.demographics), to_json(new.values), to_json(new.fields)
                owner = (f"XNAT_S{number:05d}", project_id, new.label, new.group)
                rows.append((*owner, *texts, "active", moment, insert_user, moment))
            marks = ", ".join("?" * 11)
            self._db.executemany(f"INSERT INTO subjects ({_COLUMNS}) VALUES ({marks})", rows)
        return [row[0] for row in rows]

    def subject(self, subject_id: str) -> Subject | None:
        """Return the subject of an accession id, or None."""
        row = self._row(f"SELECT {_COLUMNS} FROM subjects WHERE id = ?", subject_id)
        return _subject(row) if row else None

    def find_subject(self, project_id: str, key: str) -> Subject | None:
        """Return a subject of a project, own or shared in, by label (tried first) or accession id."""
        found = self._find_id("subject", project_id, key)
        return self.subject(found) if found else None

    def subject_ignoring_case(self, project_id: str, label: str) -> Subject | None:
        """Return a project's own subject by its label in whatever case, as archiving looks for it."""
        sql = "SELECT id FROM subjects WHERE project = ? AND label = ? COLLATE NOCASE ORDER BY label = ? DESC"
        found = self._value(sql, project_id, label, label)
        return self.subject(found) if found else None

    def update_subject(
        self,
        subject_id: str,
        *,
        group: str | None = None,
        demographics: Mapping[str, Any] | None = None,
        values: Mapping[str, Any] | None = None,
        fields: Mapping[str, str] | None = None,
        status: str | None = None,
    ) -> None:
        """Change what is given and keep the rest."""
        merged = {"demographics": demographics, "vals": values, "fields": fields}
        self._change("subject", subject_id, {"grp": group, "status": status}, merged)

    def share_subject(self, subject_id: str, project_id: str, label: str = "") -> None:
        """Show a subject in one more project, there under its own label or another.

        Raises:
            Refusal: 404 for an unknown subject, 409 when it is there already or the label is in use.
        """
        with self.bulk():
            self._share("subject", subject_id, project_id, label)

    def unshare_subject(self, subject_id: str, project_id: str) -> bool:
        """Take a share back; False when there was none."""
        return self._unshare("subject", subject_id, project_id)

    def move_subject(self, subject_id: str, project_id: str, label: str = "") -> None:
        """Make another project the owner of a subject and of its experiments.

        Raises:
            Refusal: 404 for an unknown subject, 409 when a label is in use there.
        """
        with self.bulk():
            before = self._move("subject", subject_id, project_id, label)
            moved = "UPDATE OR IGNORE experiments SET project = ? WHERE subject_id = ? AND project = ?"
            self._run(moved, project_id, subject_id, before)

    def delete_subject(self, subject_id: str) -> None:
        """Delete a subject with its experiments, scans, resources and files."""
        with self.bulk():
            self._run("DELETE FROM subjects WHERE id = ?", subject_id)
            self._sweep_folders()
