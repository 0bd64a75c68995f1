"""Resources: labelled collections of files, owned by a project, subject, experiment or scan."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from xnat_tui.demo.archive.store import Row, Store, stamp, to_json
from xnat_tui.demo.refusal import Refusal

_COLUMNS = (
    "id, project, subject_id, experiment_id, scan_pk,"
    " box, label, format, content, description, tags, insert_date"
)
_COUNTS = (
    "(SELECT count(*) FROM files f WHERE f.resource_id = r.id),"
    " (SELECT coalesce(sum(f.size), 0) FROM files f WHERE f.resource_id = r.id)"
)


@dataclass(frozen=True)
class Owner:
    """What a resource hangs on; made by the class methods, never by hand.

    Attributes:
        kind: the level.
        id: project id or accession id; for a scan that of its session.
        scan_id: the scan's id in its session.
    """

    kind: Literal["project", "subject", "experiment", "scan"]
    id: str
    scan_id: str = ""

    @classmethod
    def project(cls, project_id: str) -> Owner:
        """The resource belongs to a project."""
        return cls("project", project_id)

    @classmethod
    def subject(cls, subject_id: str) -> Owner:
        """The resource belongs to a subject, by accession id."""
        return cls("subject", subject_id)

    @classmethod
    def experiment(cls, experiment_id: str) -> Owner:
        """The resource belongs to a session or an assessor, by accession id."""
        return cls("experiment", experiment_id)

    @classmethod
    def scan(cls, session_id: str, scan_id: str) -> Owner:
        """The resource belongs to a scan of a session."""
        return cls("scan", session_id, scan_id)


@dataclass(frozen=True)
class Resource:
    """One resource with the number of its files and their bytes.

    Attributes:
        id: XNAT's `xnat_abstractresource_id`.
        scan_pk: the scan's number when a scan owns it, else 0.
        box: "out" or "in" on assessors that use boxes; else empty.
    """

    id: int
    owner: Owner
    scan_pk: int
    box: str
    label: str
    format: str
    content: str
    description: str
    tags: tuple[str, ...]
    insert_date: str
    file_count: int
    file_size: int


class Resources(Store):
    """The part of the archive that keeps resources, but not their files."""

    def add_resource(
        self,
        owner: Owner,
        label: str,
        *,
        format: str = "",
        content: str = "",
        tags: Sequence[str] = (),
        description: str = "",
        box: str = "",
        inserted: datetime | None = None,
    ) -> int:
        """Add an empty resource; return its number.

        Raises:
            Refusal: 409 when the owner has one of that label in that box, 404 for an unknown scan.
        """
        with self.bulk():
            if label and any(found.label == label and found.box == box for found in self.resources(owner)):
                raise Refusal(409, "Specified resource already exists.")
            keys = self._owner_keys(owner)
            texts = (box, label, format, content, description, to_json(list(tags)), stamp(inserted))
            sql = f"INSERT INTO resources ({_COLUMNS}) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            return self._insert(sql, *keys, *texts)

    def _owner_keys(self, owner: Owner) -> tuple[str | int | None, ...]:
        """Return the four columns that say who owns a resource; three of them are None."""
        kinds = ("project", "subject", "experiment")
        keys = tuple(owner.id if owner.kind == kind else None for kind in kinds)
        if owner.kind != "scan":
            return (*keys, None)
        pk = self._value("SELECT pk FROM scans WHERE session_id = ? AND id = ?", owner.id, owner.scan_id)
        if pk is None:
            raise Refusal(404)
        return (*keys, pk)

    def resources(self, owner: Owner) -> list[Resource]:
        """Return the resources of one owner, in all its boxes, in the order of their making."""
        if owner.kind == "scan":
            sql = "r.scan_pk = (SELECT pk FROM scans WHERE session_id = ? AND id = ?)"
            return self._select_resources(sql, owner.id, owner.scan_id)
        column = {"project": "project", "subject": "subject_id", "experiment": "experiment_id"}[owner.kind]
        return self._select_resources(f"r.{column} = ?", owner.id)

    def scan_resources(self, session_id: str) -> list[Resource]:
        """Return the resources of all scans of a session."""
        return self._select_resources("s.session_id = ?", session_id)

    def resource(self, resource_id: int) -> Resource | None:
        """Return the resource of a number, or None."""
        found = self._select_resources("r.id = ?", resource_id)
        return found[0] if found else None

    def _select_resources(self, where: str, *args: object) -> list[Resource]:
        columns = ", ".join(f"r.{name.strip()}" for name in _COLUMNS.split(","))
        sql = (
            f"SELECT {columns}, {_COUNTS}, s.session_id, s.id FROM resources r"
            f" LEFT JOIN scans s ON s.pk = r.scan_pk WHERE {where} ORDER BY r.id"
        )
        return [_resource(row) for row in self._rows(sql, *args)]

    def delete_resource(self, resource_id: int) -> None:
        """Delete a resource with its files."""
        with self.bulk():
            self._run("DELETE FROM resources WHERE id = ?", resource_id)
            self._sweep_folders()


def _resource(row: Row) -> Resource:
    number, project, subject, experiment, scan_pk = row[:5]
    if scan_pk:
        owner = Owner.scan(row[14], row[15])
    elif experiment:
        owner = Owner.experiment(experiment)
    else:
        owner = Owner.subject(subject) if subject else Owner.project(project)
    return Resource(number, owner, scan_pk or 0, *(*row[5:10], tuple(json.loads(row[10])), *row[11:14]))
