"""Uploads of DICOM and of files, each one job of the transfer engine; and the tools that scripts build on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.models.preflight import UploadPlan
from xnat_tui.models.store import DICOMStoreSummary
from xnat_tui.models.upload import UploadProgress, UploadSummary
from xnat_tui.services.aliases import aliases
from xnat_tui.services.base import BaseService
from xnat_tui.services.checks import check_single_scan
from xnat_tui.services.storing import store_folder
from xnat_tui.services.uploading import (
    Source,
    UploadWatch,
    open_dicom,
    resource_options,
    upload_dicom,
    upload_to_resource,
)
from xnat_tui.transfers.dicom.files import collect_dicom_files
from xnat_tui.transfers.dicom.peer import DicomPeer
from xnat_tui.transfers.dicom.survey import survey
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.limits import ServerLimit
from xnat_tui.transfers.upload.archive_stream import ArchiveFormat
from xnat_tui.transfers.upload.batches import split_into_batches, split_into_n_batches
from xnat_tui.transfers.upload.job import UploadOptions, UploadProgressCallback
from xnat_tui.transfers.upload.plan import plan_upload
from xnat_tui.transfers.upload.retry import Patience, is_retryable_status, upload_with_retry
from xnat_tui.transfers.upload.target import OVERWRITES, UploadTarget, archive_destination_params

__all__ = [
    "DICOMStoreSummary",
    "UploadPlan",
    "UploadProgress",
    "UploadService",
    "UploadSummary",
    "archive_destination_params",
    "collect_dicom_files",
    "is_retryable_status",
    "split_into_batches",
    "split_into_n_batches",
    "upload_with_retry",
]

_DEFAULT_WORKERS = 4
_ARCHIVE_ANSWER_S = 21600.0
_FORMATS: dict[str, ArchiveFormat] = {"tar": "tar", "zip": "zip"}

_NAMES = {"project_id": "project", "subject_id": "subject", "session_id": "session"}
_names_aliases = aliases(**_NAMES)
_dicom_aliases = aliases(files="source_path", source_dir="source_path", source="source_path", **_NAMES)
_parallel_aliases = aliases(source_path="source_dir", source="source_dir", workers="upload_workers", **_NAMES)
_store_aliases = aliases(source_path="dicom_root", source_dir="dicom_root", aet="called_aet")
_resource_aliases = aliases(
    session="session_id",
    resource="resource_label",
    scan="scan_id",
    files="source_path",
    source="source_path",
    project_id="project",
)


class UploadService(BaseService):
    """Files from this machine to the server.

    What all methods have in common:

    - Sources are folders, ZIP or tar files, or lists of files. Members of archives are read where they are,
      nothing is unpacked or packed on the disk. DICOM is found by name and, where there is no extension, by
      content; what is not DICOM is left out and listed in the summary.
    - What fails in passing is tried again after growing waits, then over fewer connections, then file by file
      over one. What the server refuses for good is not. When everything fails alike from the start, the job
      stops with one message (`trouble` in the summary).
    - After sending, the server is asked to make the session at once instead of some minutes later, and what
      it holds is compared with what was sent. `proof` in the summary says how well: the same bytes, the same
      instances, or as many files. `verify=False` counts only.
    - `resume=True` sends nothing that the server acknowledged when the same call ran before.
    - A summary tells of single files and of sessions that are not where they should be. What ends an upload
      as a whole is raised: no such project (ResourceNotFoundError), nothing to send (OperationError), a
      log-in that ends (AuthenticationError).
    - `progress_callback` is called about five times a second in the caller's thread; `show_progress=True`
      draws a bar in the terminal. A `flow` lets another thread cancel, pause or slow the job down.
    """

    def __init__(
        self, client: XNATClient, *, limit: ServerLimit | None = None, patience: Patience | None = None
    ) -> None:
        """Upload over a client's log-in.

        Args:
            client: who is asking.
            limit: the connections to this server, when they are shared with others who transfer.
            patience: how often to try again, and how long to wait before.
        """
        super().__init__(client)
        self._limit = limit
        self._patience = patience or Patience()

    @_dicom_aliases
    def upload_dicom(
        self,
        project: str,
        subject: str,
        session: str,
        source_path: Source,
        overwrite: bool = False,
        quarantine: bool = False,
        batch_size: int = 500,
        parallel: bool = True,
        workers: int = _DEFAULT_WORKERS,
        progress_callback: UploadProgressCallback | None = None,
        *,
        show_progress: bool = False,
        resume: bool = False,
        verify: bool = True,
        flow: Flow | None = None,
    ) -> UploadSummary:
        """Upload DICOM files as ZIPs, several files in each.

        Args:
            project: id of the project.
            subject: label of the subject; made when needed.
            session: label of the session; made when needed.
            source_path: a folder, a ZIP, a tar, or a list of files (also as `files=`).
            overwrite: replace files that the session has already; otherwise they are a conflict.
            quarantine: into the prearchive instead of the archive. A project that archives by itself will
                archive it from there.
            batch_size: most files in one ZIP.
            parallel: send several ZIPs at the same time.
            workers: how many at most.
            progress_callback: told how far it is.
            show_progress: draw a bar in the terminal.
            resume: send nothing that the server acknowledged before.
            verify: compare digests and headers of what the server holds.
            flow: cancels, pauses or slows down this one upload.

        Raises:
            InvalidValueError: the source is none, or a number is not possible (a ValueError).
            OperationError: there is no DICOM in the source.
            ResourceNotFoundError: there is no such project, or the user may not see it.
        """
        if batch_size < 1:
            raise InvalidValueError(f"A batch cannot hold {batch_size} files.")
        mode = "delete" if overwrite else "none"
        target = UploadTarget(project, subject, session, not quarantine, mode)  # type: ignore[arg-type]
        options = UploadOptions(
            "archive",
            "zip",
            max(1, workers) if parallel else 1,
            batch_files=batch_size,
            answer_s=_ARCHIVE_ANSWER_S,
            resume=resume,
            verify=verify,
        )
        return self._run(source_path, target, options, self._watch(progress_callback, show_progress, flow))

    @_parallel_aliases
    def upload_dicom_parallel(
        self,
        source_dir: Source,
        project: str,
        subject: str,
        session: str,
        *,
        username: str | None = None,
        password: str | None = None,
        upload_workers: int = _DEFAULT_WORKERS,
        archive_workers: int = _DEFAULT_WORKERS,
        archive_format: str = "tar",
        import_handler: str = "DICOM-zip",
        ignore_unparsable: bool = True,
        overwrite: str = "delete",
        direct_archive: bool = True,
        timeout: float = _ARCHIVE_ANSWER_S,
        progress_callback: UploadProgressCallback | None = None,
        show_progress: bool = False,
        resume: bool = False,
        verify: bool = True,
        flow: Flow | None = None,
    ) -> UploadSummary:
        """Upload DICOM files as a few big archives at the same time.

        Args:
            source_dir: a folder, a ZIP, a tar, or a list of files.
            project: id of the project.
            subject: label of the subject; made when needed.
            session: label of the session; made when needed.
            username: log in as this user for the upload, with a session of its own.
            password: password of that user.
            upload_workers: into how many archives of equal bytes the files are split; more when one would be
                bigger than 256 MB.
            archive_workers: how many archives are made at the same time at most. They are made while they are
                sent.
            archive_format: "tar" or "zip".
            import_handler: XNAT's name of the importer. With another than DICOM-zip all comes in one archive.
            ignore_unparsable: have the server leave out what it cannot read instead of refusing the archive.
            overwrite: of files that the session has already: "none" (a conflict), "append" or "delete".
            direct_archive: into the archive; otherwise into the prearchive, from where a project that
                archives by itself will archive it.
            timeout: seconds that the server may work on one archive.
            progress_callback: told how far it is.
            show_progress: draw a bar in the terminal.
            resume: send nothing that the server acknowledged before.
            verify: compare digests and headers of what the server holds.
            flow: cancels, pauses or slows down this one upload.

        Raises:
            InvalidValueError: the source, the format or the mode is none (a ValueError).
            OperationError: there is no DICOM in the source.
            ResourceNotFoundError: there is no such project, or the user may not see it.
        """
        if archive_format not in _FORMATS:
            raise InvalidValueError('archive_format must be "tar" or "zip".')
        if overwrite not in OVERWRITES:
            raise InvalidValueError(f"overwrite must be one of {', '.join(OVERWRITES)}.")
        target = UploadTarget(
            *(project, subject, session, direct_archive, overwrite),
            handler=import_handler,
            ignore_unparsable=ignore_unparsable,
        )
        options = UploadOptions(
            "archive",
            _FORMATS[archive_format],
            max(1, upload_workers),
            makers=max(1, archive_workers),
            answer_s=timeout,
            resume=resume,
            verify=verify,
        )
        watch = self._watch(progress_callback, show_progress, flow)
        if username is None or password is None:
            return self._run(source_dir, target, options, watch)
        with self.client.as_user(username, password) as other:
            service = UploadService(other, limit=self._limit, patience=self._patience)
            return service._run(source_dir, target, options, watch)

    @_dicom_aliases
    def upload_dicom_gradual(
        self,
        source_path: Source,
        project: str,
        subject: str,
        session: str,
        *,
        workers: int = _DEFAULT_WORKERS,
        direct_archive: bool = True,
        progress_callback: UploadProgressCallback | None = None,
        show_progress: bool = False,
        resume: bool = False,
        verify: bool = True,
        flow: Flow | None = None,
    ) -> UploadSummary:
        """Upload DICOM files one by one, several at the same time; the server reads each as it comes.

        Args:
            source_path: a folder, a ZIP or a tar.
            project: id of the project.
            subject: label of the subject; made when needed.
            session: label of the session; made when needed.
            workers: how many connections at most.
            direct_archive: into the archive; otherwise into the prearchive.
            progress_callback: told how far it is.
            show_progress: draw a bar in the terminal.
            resume: send nothing that the server acknowledged before.
            verify: compare digests and headers of what the server holds.
            flow: cancels, pauses or slows down this one upload.

        Raises:
            FileNotFoundError: the source does not exist.
            InvalidValueError: it is neither a folder nor a ZIP nor a tar (a ValueError).
            OperationError: there is no DICOM in it.
            ResourceNotFoundError: there is no such project, or the user may not see it.
        """
        target = UploadTarget(project, subject, session, direct_archive)
        options = UploadOptions("files", workers=max(1, workers), resume=resume, verify=verify)
        return self._run(source_path, target, options, self._watch(progress_callback, show_progress, flow))

    @_names_aliases
    def upload_dicom_gradual_files(
        self,
        *,
        files: Sequence[Path | str],
        project: str,
        subject: str,
        session: str,
        workers: int = _DEFAULT_WORKERS,
        direct_archive: bool = True,
        progress_callback: UploadProgressCallback | None = None,
        show_progress: bool = False,
        resume: bool = False,
        verify: bool = True,
        flow: Flow | None = None,
    ) -> UploadSummary:
        """Upload exactly these DICOM files, as `upload_dicom_gradual` does; no folder is searched.

        Raises:
            FileNotFoundError: a file does not exist.
            InvalidValueError: a path is not that of a file (a ValueError).
            OperationError: none of them is DICOM.
            ResourceNotFoundError: there is no such project, or the user may not see it.
        """
        target = UploadTarget(project, subject, session, direct_archive)
        options = UploadOptions("files", workers=max(1, workers), resume=resume, verify=verify)
        return self._run(list(files), target, options, self._watch(progress_callback, show_progress, flow))

    @_store_aliases
    def upload_dicom_store(
        self,
        dicom_root: Path | str,
        host: str,
        called_aet: str,
        *,
        port: int = 104,
        calling_aet: str = "XNATCTL",
        workers: int = _DEFAULT_WORKERS,
        cleanup: bool = True,
    ) -> DICOMStoreSummary:
        """Send the DICOM files of a folder to a DICOM receiver by C-STORE, after a C-ECHO.

        Args:
            dicom_root: the folder.
            host: the receiver's name or address.
            called_aet: its AE title.
            port: its port.
            calling_aet: our AE title.
            workers: how many associations at most.
            cleanup: remove the log of the instances when all arrived; with False it is kept in any case.

        Raises:
            InvalidValueError: `dicom_root` is not a directory, or an argument is not possible (a ValueError).
            RuntimeError: the receiver does not answer to C-ECHO, or there are no DICOM files.
        """
        peer = DicomPeer(host, called_aet, port, calling_aet)
        return store_folder(Path(dicom_root), peer, workers=workers, cleanup=cleanup)

    @_resource_aliases
    def upload_resource(
        self,
        session_id: str | None,
        resource_label: str,
        source_path: Source,
        scan_id: str | None = None,
        project: str | None = None,
        extract: bool = False,
        overwrite: bool = False,
        progress_callback: UploadProgressCallback | None = None,
        *,
        show_progress: bool = False,
        resume: bool = False,
        verify: bool = True,
        flow: Flow | None = None,
    ) -> UploadSummary:
        """Upload a file, or a folder with its folders, to a resource.

        Files go one after the other, because each makes the server rewrite the resource's catalog. With
        `extract` a folder goes as one archive instead, which for many small files is much faster.

        Args:
            session_id: accession id, or the label when the project is given; None for a resource of the
                project itself.
            resource_label: label of the resource; made when needed.
            source_path: a file, a folder, or a list of files.
            scan_id: the scan whose resource it is.
            project: the project.
            extract: have the server unpack: ZIP and tar files, and a folder on its way.
            overwrite: replace files that are there; otherwise they stay as they are, and are failures.
            progress_callback: told how far it is.
            show_progress: draw a bar in the terminal.
            resume: send nothing that the server acknowledged before.
            verify: compare the digests that the server lists.
            flow: cancels, pauses or slows down this one upload.

        Raises:
            FileNotFoundError: the source does not exist.
            ResourceNotFoundError: there is no such place, or the user may not see it.
        """
        place: tuple[str, ...] = ("projects", project or "")
        if session_id is not None:
            place = ("experiments", self._experiment_id(session_id, project))
        elif project is None:
            raise TypeError("A resource needs a place: session_id (or session) or project.")
        if scan_id is not None:
            check_single_scan(scan_id)
            place = (*place, "scans", scan_id)
        options = resource_options(
            source_path, extract=extract, resume=resume, verify=verify, patience=self._patience
        )
        watch = self._watch(progress_callback, show_progress, flow)
        return upload_to_resource(
            *(self.client, place, resource_label, source_path, options, watch),
            overwrite=overwrite,
            extract=extract,
        )

    @_dicom_aliases
    def plan_upload(
        self,
        project: str,
        subject: str,
        session: str,
        source_path: Source,
        *,
        overwrite: str = "none",
        direct_archive: bool = True,
        flow: Flow | None = None,
    ) -> UploadPlan:
        """Return what an upload would do, without sending anything.

        Args:
            project: id of the project.
            subject: label of the subject.
            session: label of the session.
            source_path: a folder, a ZIP, a tar, or a list of files.
            overwrite: see `upload_dicom_parallel`, as for `direct_archive`.
            direct_archive: into the archive.
            flow: cancels it.

        Raises:
            FileNotFoundError: the source does not exist.
            InvalidValueError: the source is none (a ValueError).
            ResourceNotFoundError: there is no such project, or the user may not see it.
        """
        target = UploadTarget(project, subject, session, direct_archive, overwrite)  # type: ignore[arg-type]
        with open_dicom(source_path) as source:
            found = survey(source, cancel=flow.cancel if flow else None)
        return plan_upload(self.client, found, target)

    def _run(
        self, source: Source, target: UploadTarget, options: UploadOptions, watch: UploadWatch
    ) -> UploadSummary:
        return upload_dicom(self.client, source, target, replace(options, patience=self._patience), watch)

    def _watch(
        self, callback: UploadProgressCallback | None, shows_bar: bool, flow: Flow | None
    ) -> UploadWatch:
        return UploadWatch(callback, shows_bar, flow, self._limit)
