"""Where a resource is: a project, a subject, a session, a scan or an assessor, and what resources it has."""

from __future__ import annotations

import builtins

from xnat_tui.core.exceptions import ResourceNotFoundError
from xnat_tui.core.uri import data_path
from xnat_tui.models.rows import FileRow, ResourceRow
from xnat_tui.models.sorting import natural_sorted
from xnat_tui.services.base import BaseService
from xnat_tui.services.checks import check_single_scan


class ResourcePlaces(BaseService):
    """Finds the places that have resources."""

    def _place(
        self,
        session_id: str | None,
        scan_id: str | None,
        project: str | None,
        subject_id: str | None,
        assessor_id: str | None,
    ) -> tuple[str, ...]:
        """Return the segments of the path of what resources belong to."""
        if scan_id is not None and assessor_id is not None:
            raise TypeError("A resource belongs to a scan or to an assessor, not to both.")
        if session_id is None:
            return _place_above_sessions(scan_id, project, subject_id, assessor_id)
        if scan_id is None and assessor_id is None:
            return (*(("projects", project) if project is not None else ()), "experiments", session_id)
        session = self._experiment_id(session_id, project)
        if scan_id is None:
            return ("experiments", session, "assessors", assessor_id or "", "out")
        check_single_scan(scan_id)
        return ("experiments", session, "scans", scan_id)

    def _rows_of(self, place: tuple[str, ...]) -> builtins.list[ResourceRow]:
        rows = self.client.get_rows(data_path(*place, "resources"), ResourceRow)
        return natural_sorted(rows, lambda row: row.label or row.id)

    def _file_rows(self, place: tuple[str, ...], resource: str) -> builtins.list[FileRow]:
        rows = self.client.get_rows(data_path(*place, "resources", resource, "files"), FileRow)
        if not rows:
            # XNAT answers with an empty list to a resource that does not exist.
            self._row(place, resource)
        return natural_sorted(rows, lambda row: row.path)

    def _row(self, place: tuple[str, ...], resource: str) -> ResourceRow:
        """Return a resource by label, else by number."""
        rows = self._rows_of(place)
        for key in ("label", "id"):
            for row in rows:
                if getattr(row, key) == resource:
                    return row
        raise ResourceNotFoundError(f"There is no resource {resource} in {'/'.join(place)}.")


def _place_above_sessions(
    scan_id: str | None, project: str | None, subject_id: str | None, assessor_id: str | None
) -> tuple[str, ...]:
    if scan_id is not None or assessor_id is not None:
        raise TypeError("A scan or an assessor needs its session_id (or session).")
    if project is None and subject_id is None:
        raise TypeError(
            "Resources need a place: session_id (or session), subject_id (or subject) or project."
        )
    above = ("projects", project) if project is not None else ()
    return above if subject_id is None else (*above, "subjects", subject_id)
