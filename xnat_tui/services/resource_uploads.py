"""Files from this machine into the resources of any place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xnat_tui.models.upload import UploadSummary
from xnat_tui.services.aliases import aliases
from xnat_tui.services.resource_places import ResourcePlaces
from xnat_tui.services.uploading import (
    Source,
    UploadWatch,
    resource_options,
    upload_one,
    upload_to_resource,
)
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.upload.job import UploadProgressCallback

_file_aliases = aliases(
    session="session_id",
    resource="resource_label",
    scan="scan_id",
    project_id="project",
    subject="subject_id",
    assessor="assessor_id",
    file="file_path",
)
_files_aliases = aliases(
    session="session_id",
    resource="resource_label",
    scan="scan_id",
    project_id="project",
    subject="subject_id",
    assessor="assessor_id",
    source_path="files",
)


class ResourceUploads(ResourcePlaces):
    """Uploads files to resources."""

    @_file_aliases
    def upload_file(
        self,
        session_id: str | None,
        resource_label: str,
        file_path: Path | str,
        scan_id: str | None = None,
        project: str | None = None,
        extract: bool = False,
        overwrite: bool = False,
        *,
        subject_id: str | None = None,
        assessor_id: str | None = None,
    ) -> dict[str, Any]:
        """Upload one file to a resource, which is made when needed.

        Args:
            session_id: accession id, or the label when the project is given; None above sessions.
            resource_label: label of the resource.
            file_path: the file.
            scan_id: the scan whose resource it is.
            project: the project.
            extract: have the server unpack a ZIP or tar.
            overwrite: replace a file of the same name.
            subject_id: the subject whose resource it is.
            assessor_id: the assessor of the session whose resource it is.

        Returns:
            `name`, `size_bytes`, `uri` of the resource, and `proof`: "same bytes" when the server lists the
            same digest, "instance present" when it lists the same length, or "count only".

        Raises:
            FileNotFoundError: there is no such file.
            ConflictError: there is a file of this name, and it is not to be overwritten.
            OperationError: it did not arrive.
            ResourceNotFoundError: there is no such place, or the user may not see it.
        """
        place = self._place(session_id, scan_id, project, subject_id, assessor_id)
        return upload_one(
            self.client, place, resource_label, Path(file_path), extract=extract, overwrite=overwrite
        )

    @_files_aliases
    def upload(
        self,
        session_id: str | None,
        resource_label: str,
        files: Source,
        scan_id: str | None = None,
        project: str | None = None,
        extract: bool = False,
        overwrite: bool = False,
        progress_callback: UploadProgressCallback | None = None,
        *,
        subject_id: str | None = None,
        assessor_id: str | None = None,
        show_progress: bool = False,
        resume: bool = False,
        verify: bool = True,
        flow: Flow | None = None,
    ) -> UploadSummary:
        """Upload files to a resource, which is made when needed; see `UploadService.upload_resource`.

        Args:
            session_id: accession id, or the label when the project is given; None above sessions.
            resource_label: label of the resource.
            files: files and folders; what is in a folder keeps its path there.
            scan_id: the scan whose resource it is.
            project: the project.
            extract: have the server unpack ZIP and tar files.
            overwrite: replace files that are there; otherwise they stay as they are, and are failures.
            progress_callback: told how far it is.
            subject_id: the subject whose resource it is.
            assessor_id: the assessor of the session whose resource it is.
            show_progress: draw a bar in the terminal.
            resume: send nothing that the server acknowledged before.
            verify: compare the digests that the server lists.
            flow: cancels, pauses or slows down this one upload.

        Raises:
            FileNotFoundError: a file does not exist.
            ResourceNotFoundError: there is no such place, or the user may not see it.
        """
        place = self._place(session_id, scan_id, project, subject_id, assessor_id)
        options = resource_options(files, extract=extract, resume=resume, verify=verify)
        watch = UploadWatch(progress_callback, show_progress, flow)
        return upload_to_resource(
            *(self.client, place, resource_label, files, options, watch), overwrite=overwrite, extract=extract
        )
