"""Resources at all levels: list, inspect, create, delete. The bytes of their files are not moved here."""

from __future__ import annotations

import builtins

from xnat_tui.core.exceptions import ResourceNotFoundError, UnsafeOperationError
from xnat_tui.core.uri import data_path
from xnat_tui.models.resource import FileEntry, Resource
from xnat_tui.models.rows import FileRow, ResourceRow
from xnat_tui.models.sorting import natural_key
from xnat_tui.services.aliases import aliases
from xnat_tui.services.base import BaseService
from xnat_tui.services.checks import check_new_resource_label, check_single_scan

_place_aliases = aliases(
    session="session_id", scan="scan_id", project_id="project", subject="subject_id", assessor="assessor_id"
)
_aliases = aliases(
    session="session_id",
    resource="resource_label",
    scan="scan_id",
    project_id="project",
    subject="subject_id",
    assessor="assessor_id",
)


class ResourceService(BaseService):
    """The resources at all levels.

    All methods name the level in the same way: a project; a subject, by label with its project or by
    accession id; a session, likewise; and below a session a scan or an assessor. Without a session (None)
    the resources are those of the subject or project itself. An assessor's resources are those in its "out"
    box.
    """

    @_place_aliases
    def rows(
        self,
        session_id: str | None = None,
        scan_id: str | None = None,
        project: str | None = None,
        *,
        subject_id: str | None = None,
        assessor_id: str | None = None,
    ) -> builtins.list[ResourceRow]:
        """Return the resources of one place in natural order of their labels.

        One request, after a look-up of the accession id for scans and assessors of a session given by label.

        Raises:
            ResourceNotFoundError: there is no such place, or the user may not see it.
        """
        place = self._place(session_id, scan_id, project, subject_id, assessor_id)
        return self._rows_of(place)

    @_place_aliases
    def list(
        self,
        session_id: str | None = None,
        scan_id: str | None = None,
        project: str | None = None,
        *,
        subject_id: str | None = None,
        assessor_id: str | None = None,
    ) -> builtins.list[Resource]:
        """Return the resources of one place, as `rows` does."""
        place = self._place(session_id, scan_id, project, subject_id, assessor_id)
        return [Resource.from_row(row) for row in self._rows_of(place)]

    @_aliases
    def get(
        self,
        session_id: str | None,
        resource_label: str,
        scan_id: str | None = None,
        project: str | None = None,
        *,
        subject_id: str | None = None,
        assessor_id: str | None = None,
    ) -> Resource:
        """Return one resource by its label, or by the server's number of it.

        Raises:
            ResourceNotFoundError: there is no such place, or no such resource in it.
        """
        place = self._place(session_id, scan_id, project, subject_id, assessor_id)
        return Resource.from_row(self._row(place, resource_label))

    @_aliases
    def file_rows(
        self,
        session_id: str | None,
        resource_label: str,
        scan_id: str | None = None,
        project: str | None = None,
        *,
        subject_id: str | None = None,
        assessor_id: str | None = None,
    ) -> builtins.list[FileRow]:
        """Return the files of a resource in natural order of their paths; see `list_files`."""
        place = self._place(session_id, scan_id, project, subject_id, assessor_id)
        return self._file_rows(place, resource_label)

    @_aliases
    def list_files(
        self,
        session_id: str | None,
        resource_label: str,
        scan_id: str | None = None,
        project: str | None = None,
        *,
        subject_id: str | None = None,
        assessor_id: str | None = None,
    ) -> builtins.list[FileEntry]:
        """Return the files of a resource, with those in folders, in natural order of their paths.

        Args:
            session_id: accession id, or the label when the project is given; None above sessions.
            resource_label: label of the resource, or the server's number of it.
            scan_id: the scan whose resource it is.
            project: the project.
            subject_id: the subject whose resource it is.
            assessor_id: the assessor of the session whose resource it is.

        Raises:
            ResourceNotFoundError: there is no such place, or no such resource in it.
        """
        place = self._place(session_id, scan_id, project, subject_id, assessor_id)
        rows = self._file_rows(place, resource_label)
        return [FileEntry.from_file(row) for row in rows]

    @_aliases
    def create(
        self,
        session_id: str | None,
        resource_label: str,
        scan_id: str | None = None,
        project: str | None = None,
        format: str | None = None,
        content: str | None = None,
        *,
        subject_id: str | None = None,
        assessor_id: str | None = None,
    ) -> Resource:
        """Create an empty resource and return it as the server stored it.

        Args:
            session_id: accession id, or the label when the project is given; None above sessions.
            resource_label: new in its place; letters, digits, "-" and "_", not digits alone.
            scan_id: the scan that gets it.
            project: the project.
            format: such as "NIFTI".
            content: such as "PROCESSED".
            subject_id: the subject that gets it.
            assessor_id: the assessor of the session that gets it.

        Raises:
            InvalidValueError: the label is none that XNAT takes; nothing was sent.
            ConflictError: there is a resource with this label.
            ResourceNotFoundError: there is no such place, or the user may not see it.
            PermissionDeniedError: the user may not change this place.
        """
        check_new_resource_label(resource_label)
        place = self._place(session_id, scan_id, project, subject_id, assessor_id)
        self.client.put(
            data_path(*place, "resources", resource_label), {"format": format, "content": content}
        )
        return Resource.from_row(self._row(place, resource_label))

    @_aliases
    def delete(
        self,
        session_id: str | None,
        resource_label: str,
        scan_id: str | None = None,
        project: str | None = None,
        remove_files: bool = True,
        *,
        subject_id: str | None = None,
        assessor_id: str | None = None,
    ) -> bool:
        """Delete a resource with its files; return True.

        Args:
            session_id: accession id, or the label when the project is given; None above sessions.
            resource_label: label of the resource, or the server's number of it.
            scan_id: the scan whose resource it is.
            project: the project.
            remove_files: must be true, because XNAT removes the files of a resource in any case.
            subject_id: the subject whose resource it is.
            assessor_id: the assessor of the session whose resource it is.

        Raises:
            UnsafeOperationError: `remove_files` is false; nothing was sent.
            ResourceNotFoundError: there is no such place, or no such resource in it.
            PermissionDeniedError: the user may not delete it.
        """
        if not remove_files:
            raise UnsafeOperationError("XNAT cannot delete a resource and keep its files.")
        place = self._place(session_id, scan_id, project, subject_id, assessor_id)
        # XNAT answers 200 for one that does not exist, and takes a label with a comma for a list.
        resource = self._row(place, resource_label)
        self.client.delete(data_path(*place, "resources", resource.id))
        return True

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
        return sorted(rows, key=lambda row: natural_key(row.label or row.id))

    def _file_rows(self, place: tuple[str, ...], resource: str) -> builtins.list[FileRow]:
        rows = self.client.get_rows(data_path(*place, "resources", resource, "files"), FileRow)
        if not rows:
            # XNAT answers with an empty list to a resource that does not exist.
            self._row(place, resource)
        return sorted(rows, key=lambda row: natural_key(row.path))

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
