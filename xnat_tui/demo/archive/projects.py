"""Projects: their attributes, the rules of their names, and their aliases."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from xnat_tui.demo.archive.store import Row, Store, stamp, to_json
from xnat_tui.demo.refusal import Refusal

ACCESSIBILITIES = ("private", "protected", "public")
_COLUMNS = (
    "id, name, secondary_id, description, keywords, pi_firstname, pi_lastname, accessibility,"
    " prearchive_code, quarantine_code, current_arc, investigators, fields, insert_date, insert_user"
)
_EDITABLE = (
    *("name", "secondary_id", "description", "keywords", "pi_firstname", "pi_lastname"),
    *("accessibility", "prearchive_code", "quarantine_code", "current_arc"),
)


@dataclass(frozen=True)
class Project:
    """One project; `fields` are its custom variables, `investigators` (first name, last name) pairs."""

    id: str
    name: str
    secondary_id: str
    description: str
    keywords: str
    pi_firstname: str
    pi_lastname: str
    accessibility: str
    prearchive_code: int
    quarantine_code: int
    current_arc: str
    investigators: tuple[tuple[str, str], ...]
    fields: Mapping[str, str]
    insert_date: str
    insert_user: str


def _project(row: Row) -> Project:
    investigators = tuple((first, last) for first, last in json.loads(row[11]))
    return Project(*(*row[:11], investigators, json.loads(row[12]), *row[13:]))


class Projects(Store):
    """The part of the archive that keeps projects."""

    def add_project(
        self,
        project_id: str,
        *,
        name: str = "",
        secondary_id: str = "",
        description: str = "",
        keywords: str = "",
        pi_firstname: str = "",
        pi_lastname: str = "",
        accessibility: str = "private",
        investigators: Sequence[tuple[str, str]] = (),
        fields: Mapping[str, str] | None = None,
        insert_user: str = "admin",
        inserted: datetime | None = None,
    ) -> None:
        """Add a project; name and secondary id default to the id.

        Raises:
            Refusal: 417 for letters that XNAT refuses in an id, 403 for the id of a deleted project, 409
                when id, name or secondary id are in use, in whatever case, by any project.
        """
        name, secondary_id = name or project_id, secondary_id or project_id
        if not re.fullmatch(r"[A-Za-z0-9_-]+", project_id):
            raise Refusal(417, "Invalid character in project ID.")
        if self._row("SELECT 1 FROM deleted_projects WHERE id = ?", project_id):
            raise Refusal(
                403,
                f"The project ID {project_id} was used in a previously deleted project and cannot be reused.",
            )
        self._check_names(project_id, name, secondary_id)
        people = to_json([list(pair) for pair in investigators])
        sql = f"INSERT INTO projects ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 4, 0, 'arc001', ?, ?, ?, ?)"
        texts = (
            project_id,
            name,
            secondary_id,
            description,
            keywords,
            pi_firstname,
            pi_lastname,
            accessibility,
        )
        self._run(sql, *texts, people, to_json(fields or {}), stamp(inserted), insert_user)

    def _check_names(self, project_id: str, *names: str) -> None:
        """Refuse names that another project uses as id, name, secondary id or alias."""
        for text in {project_id, *names}:
            sql = (
                "SELECT id FROM projects WHERE id != ?1"
                " AND lower(?2) IN (lower(id), lower(name), lower(secondary_id))"
                " UNION SELECT project FROM aliases WHERE project != ?1 AND alias = ?2"
                " UNION SELECT id FROM projects WHERE id != ?1 AND lower(id) = lower(?1)"
            )
            other = self._value(sql, project_id, text)
            if other:
                raise Refusal(409, f"Requested new project conflicts with existing projects: {other}")

    def project(self, id_or_alias: str) -> Project | None:
        """Return the project of that id or alias, or None."""
        sql = (
            f"SELECT {_COLUMNS} FROM projects"
            " WHERE id = ?1 OR id = (SELECT project FROM aliases WHERE alias = ?1)"
        )
        row = self._row(sql, id_or_alias)
        return _project(row) if row else None

    def projects(self) -> list[Project]:
        """Return all projects, sorted by secondary id."""
        rows = self._rows(f"SELECT {_COLUMNS} FROM projects ORDER BY lower(secondary_id)")
        return [_project(row) for row in rows]

    def last_activity(self, project_id: str) -> str:
        """Return the time stamp of the latest change to a project's subjects or experiments, or its own."""
        sql = (
            "SELECT max(moment) FROM (SELECT insert_date AS moment FROM projects WHERE id = ?1"
            " UNION ALL SELECT last_modified FROM subjects WHERE project = ?1"
            " UNION ALL SELECT last_modified FROM experiments WHERE project = ?1)"
        )
        return str(self._value(sql, project_id) or "")

    def update_project(
        self, project_id: str, values: Mapping[str, str | int], fields: Mapping[str, str] | None = None
    ) -> None:
        """Change attributes, by the names of `Project`, and add or replace custom variables.

        Raises:
            Refusal: 409 when a new name is in use.
        """
        names = [str(values[key]) for key in ("name", "secondary_id") if key in values]
        self._check_names(project_id, *names)
        with self.bulk():
            for column, value in values.items():
                if column in _EDITABLE:
                    self._run(f"UPDATE projects SET {column} = ? WHERE id = ?", value, project_id)
            if fields:
                sql = "UPDATE projects SET fields = json_patch(fields, ?) WHERE id = ?"
                self._run(sql, to_json(fields), project_id)

    def add_alias(self, project_id: str, alias: str) -> None:
        """Give a project one more name by which it can be asked for."""
        self._check_names(project_id, alias)
        self._run("INSERT OR REPLACE INTO aliases VALUES (?, ?)", alias, project_id)

    def aliases(self, project_id: str) -> list[str]:
        """Return the aliases of a project."""
        return [row[0] for row in self._rows("SELECT alias FROM aliases WHERE project = ?", project_id)]

    def delete_project(self, project_id: str) -> None:
        """Delete a project with all that it owns; its id can never be used again."""
        with self.bulk():
            self._run("DELETE FROM projects WHERE id = ?", project_id)
            self._run("INSERT OR IGNORE INTO deleted_projects VALUES (?)", project_id)
            self._sweep_folders()
