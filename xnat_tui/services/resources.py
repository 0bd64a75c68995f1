"""Resources at all levels: list, inspect, create, delete, upload, download."""

from __future__ import annotations

import builtins
from pathlib import Path

from xnat_tui.core.exceptions import UnsafeOperationError
from xnat_tui.core.uri import data_path, file_path
from xnat_tui.models.resource import FileEntry, Resource
from xnat_tui.models.rows import FileRow, ResourceRow
from xnat_tui.models.summary import DownloadSummary
from xnat_tui.services.aliases import aliases
from xnat_tui.services.checks import check_new_resource_label
from xnat_tui.services.resource_uploads import ResourceUploads
from xnat_tui.transfers.download import places
from xnat_tui.transfers.download.job import DownloadOptions, ProgressCallback
from xnat_tui.transfers.download.run import download as run_download

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
_download_aliases = aliases(
    session="session_id",
    resource="resource_label",
    dest="output_dir",
    scan="scan_id",
    project_id="project",
    subject="subject_id",
    assessor="assessor_id",
)


class ResourceService(ResourceUploads):
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

    @_place_aliases
    def all_file_rows(
        self,
        session_id: str | None = None,
        scan_id: str | None = None,
        project: str | None = None,
        *,
        subject_id: str | None = None,
        assessor_id: str | None = None,
    ) -> builtins.list[FileRow]:
        """Return the files of all resources of one place, in one request and in the server's order.

        For a session they include those of its scans and assessors. A server has no pages for this: of a big
        session tens of thousands come at once.

        Raises:
            ResourceNotFoundError: there is no such place, or the user may not see it.
        """
        place = self._place(session_id, scan_id, project, subject_id, assessor_id)
        if place[-2:-1] == ("experiments",):
            # XNAT has no route to the files of an experiment that is named by project and label.
            place = ("experiments", self._experiment_id(place[-1], project))
        return self.client.get_rows(data_path(*place, "files"), FileRow, {"all": "true"})

    @_aliases
    def read_start(
        self,
        session_id: str | None,
        resource_label: str,
        path: str,
        scan_id: str | None = None,
        project: str | None = None,
        *,
        limit_bytes: int,
        subject_id: str | None = None,
        assessor_id: str | None = None,
    ) -> bytes:
        """Return the first bytes of a file, all of them when it has no more than `limit_bytes`.

        The server is asked for this range only; where it sends more the line is cut. To fetch whole files
        there are downloads.

        Args:
            session_id: accession id, or the label when the project is given; None above sessions.
            resource_label: label of the resource, or the server's number of it.
            path: path of the file inside the resource.
            scan_id: the scan whose resource it is.
            project: the project.
            limit_bytes: bytes to read at most, 1 or more.
            subject_id: the subject whose resource it is.
            assessor_id: the assessor of the session whose resource it is.

        Raises:
            ResourceNotFoundError: there is no such place, resource or file.
        """
        place = self._place(session_id, scan_id, project, subject_id, assessor_id)
        location = file_path(*place, "resources", resource_label, "files", file=path)
        headers = {"Range": f"bytes=0-{limit_bytes - 1}"}
        start = bytearray()
        with self.client.stream("GET", location, headers=headers) as response:
            for chunk in response.iter_bytes():
                start += chunk
                if len(start) >= limit_bytes:
                    break
        return bytes(start[:limit_bytes])

    @_download_aliases
    def download(
        self,
        session_id: str | None,
        resource_label: str,
        output_dir: Path | str,
        scan_id: str | None = None,
        project: str | None = None,
        *,
        subject_id: str | None = None,
        assessor_id: str | None = None,
        resume: bool = False,
        verify: bool = False,
        workers: int = 4,
        progress_callback: ProgressCallback | None = None,
    ) -> DownloadSummary:
        """Download the files of a resource at any level, in the layout of `DownloadService`.

        Args:
            session_id: accession id, or the label when the project is given; None above sessions.
            resource_label: label of the resource, or the server's number of it.
            output_dir: gets the folder of the session, subject or project with the files in it.
            scan_id: the scan whose resource it is.
            project: the project.
            subject_id: the subject whose resource it is.
            assessor_id: the assessor of the session whose resource it is.
            resume: leave what is complete already.
            verify: compare digests.
            workers: how many connections at most.
            progress_callback: told how far it is, about five times a second.

        Raises:
            ResourceNotFoundError: there is no such place, or no such resource with files in it.
        """
        place = self._place(session_id, scan_id, project, subject_id, assessor_id)
        names = [name for name in (session_id or subject_id or project, assessor_id) if name]
        if session_id is not None and assessor_id is None:
            session = places.find_session(self.client, session_id, project)
            listing = places.list_resource(self.client, session, resource_label, scan_id)
        else:
            listing = places.list_own_resource(self.client, "/".join(place), names, resource_label)
        scope = "/".join((*place, "resources", resource_label))
        options = DownloadOptions(resume, verify, max(1, workers))
        return run_download(
            *(self.client, scope, listing, Path(output_dir), options), progress=progress_callback
        )

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
