"""Downloads of sessions, scans, resources, subjects and projects, each one job of the transfer engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import ResourceNotFoundError
from xnat_tui.core.uri import data_path
from xnat_tui.models.summary import DownloadSummary
from xnat_tui.services.aliases import aliases
from xnat_tui.services.base import BaseService
from xnat_tui.services.checks import check_single_scan
from xnat_tui.services.watching import Watch
from xnat_tui.transfers.download import places
from xnat_tui.transfers.download.job import DownloadOptions, ProgressCallback
from xnat_tui.transfers.download.keep_zip import ZipDownload
from xnat_tui.transfers.download.listing import Place, Selection, list_session
from xnat_tui.transfers.download.places import Listing
from xnat_tui.transfers.download.run import download
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.limits import ServerLimit

_DEFAULT_WORKERS = 4

_session_aliases = aliases(session="session_id", dest="output_dir", project_id="project")
_resource_aliases = aliases(
    session="session_id",
    resource="resource_label",
    scan="scan_id",
    dest="output_dir",
    project_id="project",
)
_scan_aliases = aliases(
    session="session_id",
    scan="scan_id",
    dest="output_dir",
    project_id="project",
    resource_label="resource",
)
_scans_aliases = aliases(
    session="session_id",
    scans="scan_ids",
    dest="output_dir",
    project_id="project",
    subject_id="subject",
    resource_label="resource",
)
_subject_aliases = aliases(subject="subject_id", dest="output_dir", project_id="project")
_project_aliases = aliases(project_id="project", dest="output_dir")


class DownloadService(BaseService):
    """Files from the server to this machine, in the layout of the server's own ZIPs.

    `<output_dir>/<session>/scans/<id>-<type>/resources/<label>/files/...` for scans, and
    `<output_dir>/<session>/resources/<label>/files/...` for the session's own resources; assessors are in
    `<session>/assessors/<label>/`. A subject's sessions are in `<subject>/`, a project's subjects in
    `<project>/`. Names that this system cannot store are changed, and listed in the summary.

    What all methods have in common:

    - A file stands under its final name only when it is whole and has the length that the server lists.
    - `resume=True` leaves what is complete already, whatever brought it there, and goes on with the rest,
      also after the power failed; `resume=False` fetches everything again and replaces files one by one.
    - `verify=True` compares the digest of every file with the server's. A file of which the server has none
      counts as unverified.
    - Failures of single files do not stop the others and are in the summary. What ends a download as a whole
      is raised: no such session (ResourceNotFoundError), a log-in that ends (AuthenticationError), a full
      disk (OperationError). What has arrived by then stays, and `resume=True` goes on.
    - `progress_callback` is called about five times a second in the caller's thread; `show_progress=True`
      draws a bar in the terminal. A `flow` lets another thread cancel, pause or slow the job down.
    """

    def __init__(self, client: XNATClient, *, limit: ServerLimit | None = None) -> None:
        """Download over a client's log-in.

        Args:
            client: who is asking.
            limit: the connections to this server, when they are shared with others who transfer.
        """
        super().__init__(client)
        self._limit = limit

    @_session_aliases
    def download_session(
        self,
        session_id: str,
        output_dir: Path | str,
        project: str | None = None,
        include_resources: bool = True,
        include_assessors: bool = False,
        pattern: str | None = None,
        resume: bool = False,
        verify: bool = False,
        parallel: bool = True,
        workers: int = _DEFAULT_WORKERS,
        progress_callback: ProgressCallback | None = None,
        *,
        show_progress: bool = False,
        flow: Flow | None = None,
    ) -> DownloadSummary:
        """Download the scans of a session, its own resources, and if wanted those of its assessors.

        Args:
            session_id: accession id, or the label when the project is given.
            output_dir: the session's folder is made in this one.
            project: the project that owns or shows the session.
            include_resources: also the resources of the session itself.
            include_assessors: also the resources of its assessors.
            pattern: only files whose name, or path in the resource, fits it: "*.dcm", "anat/*".
            resume: leave what is complete already.
            verify: compare digests.
            parallel: use several connections.
            workers: how many at most; fewer are used when more bring nothing.
            progress_callback: told how far it is.
            show_progress: draw a bar in the terminal.
            flow: cancels, pauses or slows down this one download.

        Raises:
            ResourceNotFoundError: there is no such session, or the user may not see it.
        """
        session = places.find_session(self.client, session_id, project)
        wanted = Selection(resources=include_resources, assessors=include_assessors, pattern=pattern)
        listing = places.list_scans(self.client, session, wanted)
        options = _options(resume, verify, parallel, workers)
        watch = Watch(session.folder, progress_callback, show_progress, flow or Flow())
        return self._run(session.path, listing, output_dir, options, watch)

    @_resource_aliases
    def download_resource(
        self,
        session_id: str,
        resource_label: str,
        output_dir: Path | str,
        scan_id: str | None = None,
        project: str | None = None,
        extract: bool = False,
        zip_filename: str | None = None,
        progress_callback: ProgressCallback | None = None,
        *,
        resume: bool = False,
        verify: bool = False,
        workers: int = _DEFAULT_WORKERS,
        show_progress: bool = False,
        flow: Flow | None = None,
    ) -> DownloadSummary:
        """Download one resource of a session or scan, as a ZIP or as files.

        Args:
            session_id: accession id, or the label when the project is given.
            resource_label: label of the resource, or the server's number of it.
            output_dir: gets the ZIP, or the session's folder with the files.
            scan_id: the scan whose resource it is; None for one of the session itself.
            project: the project that owns or shows the session.
            extract: files instead of a ZIP.
            zip_filename: name of the ZIP; by default "<resource_label>.zip".
            progress_callback: told how far it is.
            resume: leave files that are complete already; a ZIP is always fetched as a whole.
            verify: compare digests of files; of a ZIP the check sums inside it are compared in any case.
            workers: how many connections at most.
            show_progress: draw a bar in the terminal.
            flow: cancels, pauses or slows down this one download.

        Raises:
            ResourceNotFoundError: there is no such session, scan or resource, or it is empty.
        """
        session = places.find_session(self.client, session_id, project)
        wanted = self._one_resource(session, resource_label, scan_id)
        resources = list(list_session(self.client, session, wanted))
        if not resources:
            raise ResourceNotFoundError(
                f"There is no resource {resource_label} with files in {session.folder}."
            )
        watch = Watch(resource_label, progress_callback, show_progress, flow or Flow())
        if extract:
            listing = ((listed, wanted) for listed in resources)
            options = _options(resume, verify, True, workers)
            return self._run(resources[0].owner, listing, output_dir, options, watch)
        first = resources[0]
        path = data_path(*first.owner.split("/"), "resources", first.id, "files")
        file = Path(output_dir) / (zip_filename or f"{resource_label}.zip")
        with watch.progress() as progress:
            job = ZipDownload(self.client.access, flow=watch.flow, progress=progress)
            return job.run(resources, f"{path}?format=zip", file)

    @_scan_aliases
    def download_scan(
        self,
        session_id: str,
        scan_id: str,
        output_dir: Path | str,
        project: str | None = None,
        resource: str | None = None,
        progress_callback: ProgressCallback | None = None,
        *,
        resume: bool = False,
        verify: bool = False,
        workers: int = _DEFAULT_WORKERS,
        show_progress: bool = False,
        flow: Flow | None = None,
    ) -> DownloadSummary:
        """Download the files of one scan.

        Args:
            session_id: accession id, or the label when the project is given.
            scan_id: id of the scan in the session.
            output_dir: the session's folder is made in this one.
            project: the project that owns or shows the session.
            resource: only resources of this label, such as "DICOM"; None for all.
            progress_callback: told how far it is.
            resume: leave what is complete already.
            verify: compare digests.
            workers: how many connections at most.
            show_progress: draw a bar in the terminal.
            flow: cancels, pauses or slows down this one download.

        Raises:
            InvalidValueError: `scan_id` means several scans ("*", "1,2").
            ResourceNotFoundError: there is no such session or scan, or the user may not see it.
        """
        check_single_scan(scan_id)
        session = places.find_session(self.client, session_id, project)
        chosen = places.choose_scans(self.client, session, [scan_id])
        listing = places.list_scans(self.client, session, _of_scans(chosen, resource))
        options = _options(resume, verify, True, workers)
        watch = Watch(f"{session.folder} {scan_id}", progress_callback, show_progress, flow or Flow())
        return self._run(f"{session.path}/scans/{scan_id}", listing, output_dir, options, watch)

    @_scans_aliases
    def download_scans(
        self,
        session_id: str,
        scan_ids: Sequence[str],
        output_dir: Path | str,
        project: str | None = None,
        subject: str | None = None,
        resource: str | None = None,
        zip_filename: str | None = None,
        extract: bool = False,
        cleanup: bool = True,
        progress_callback: ProgressCallback | None = None,
        *,
        resume: bool = False,
        verify: bool = False,
        workers: int = _DEFAULT_WORKERS,
        show_progress: bool = False,
        flow: Flow | None = None,
    ) -> DownloadSummary:
        """Download several scans, as one ZIP or as files.

        Args:
            session_id: accession id, or the label when the project is given.
            scan_ids: ids of scans; ["ALL"] for all scans of the session.
            output_dir: gets the ZIP, or the session's folder with the files.
            project: the project that owns or shows the session.
            subject: the session's subject, label or accession id; narrows the look-up in the project.
            resource: only resources of this label, such as "DICOM"; None for all.
            zip_filename: name of the ZIP; by default "scans.zip".
            extract: files instead of a ZIP, unpacked while they arrive.
            cleanup: with `extract`, False leaves the ZIP beside the files.
            progress_callback: told how far it is.
            resume: leave files that are complete already; a ZIP that is kept is always fetched as a whole.
            verify: compare digests of files.
            workers: how many connections at most.
            show_progress: draw a bar in the terminal.
            flow: cancels, pauses or slows down this one download.

        Raises:
            ResourceNotFoundError: there is no such session or scan, or the user may not see it; or there is
                nothing to put into a ZIP.
        """
        session = places.find_session(self.client, session_id, project, subject)
        chosen = places.choose_scans(self.client, session, list(scan_ids))
        wanted = _of_scans(chosen, resource)
        watch = Watch(session.folder, progress_callback, show_progress, flow or Flow())
        options = _options(resume, verify, True, workers)
        scope = f"{session.path}/scans/{','.join(chosen or ('ALL',))}"
        if extract and cleanup:
            listing = places.list_scans(self.client, session, wanted)
            return self._run(scope, listing, output_dir, options, watch)
        file = Path(output_dir) / (zip_filename or "scans.zip")
        summary = self._keep_scans(session, chosen, wanted, file, watch)
        if not extract:
            return summary
        listing = places.list_scans(self.client, session, wanted)
        return self._run(scope, listing, output_dir, options, watch, kept_zip=file)

    @_subject_aliases
    def download_subject(
        self,
        subject_id: str,
        output_dir: Path | str,
        project: str | None = None,
        include_resources: bool = True,
        include_assessors: bool = False,
        pattern: str | None = None,
        resume: bool = False,
        verify: bool = False,
        parallel: bool = True,
        workers: int = _DEFAULT_WORKERS,
        progress_callback: ProgressCallback | None = None,
        *,
        show_progress: bool = False,
        flow: Flow | None = None,
    ) -> DownloadSummary:
        """Download all sessions of a subject, and if wanted its own resources.

        Args:
            subject_id: accession id, or the label when the project is given.
            output_dir: the subject's folder is made in this one.
            project: the project that owns or shows the subject; only its sessions there.
            include_resources: also the resources of the subject and of the sessions themselves.
            include_assessors: see `download_session`, as for all that follow.
            pattern: only files that fit it.
            resume: leave what is complete already.
            verify: compare digests.
            parallel: use several connections.
            workers: how many at most.
            progress_callback: told how far it is.
            show_progress: draw a bar in the terminal.
            flow: cancels, pauses or slows down this one download.

        Raises:
            ResourceNotFoundError: there is no such subject, or the user may not see it.
        """
        subject = places.find_subject(self.client, subject_id, project)
        wanted = Selection(resources=include_resources, assessors=include_assessors, pattern=pattern)
        listing = places.list_subject(self.client, subject, wanted)
        options = _options(resume, verify, parallel, workers)
        watch = Watch(subject.folder, progress_callback, show_progress, flow or Flow())
        return self._run(subject.path, listing, output_dir, options, watch)

    @_project_aliases
    def download_project(
        self,
        project: str,
        output_dir: Path | str,
        include_resources: bool = True,
        include_assessors: bool = False,
        pattern: str | None = None,
        resume: bool = False,
        verify: bool = False,
        parallel: bool = True,
        workers: int = _DEFAULT_WORKERS,
        progress_callback: ProgressCallback | None = None,
        *,
        show_progress: bool = False,
        flow: Flow | None = None,
    ) -> DownloadSummary:
        """Download all subjects of a project with all their sessions, and if wanted its own resources.

        Args:
            project: id of the project.
            output_dir: the project's folder is made in this one.
            include_resources: also the resources of the project, its subjects and sessions themselves.
            include_assessors: see `download_session`, as for all that follow.
            pattern: only files that fit it.
            resume: leave what is complete already.
            verify: compare digests.
            parallel: use several connections.
            workers: how many at most.
            progress_callback: told how far it is.
            show_progress: draw a bar in the terminal.
            flow: cancels, pauses or slows down this one download.

        Raises:
            ResourceNotFoundError: there is no such project, or the user may not see it.
        """
        wanted = Selection(resources=include_resources, assessors=include_assessors, pattern=pattern)
        listing = places.list_project(self.client, project, wanted)
        options = _options(resume, verify, parallel, workers)
        watch = Watch(project, progress_callback, show_progress, flow or Flow())
        return self._run(f"projects/{project}", listing, output_dir, options, watch)

    def _run(
        self,
        scope: str,
        listing: Listing,
        output_dir: Path | str,
        options: DownloadOptions,
        watch: Watch,
        *,
        kept_zip: Path | None = None,
    ) -> DownloadSummary:
        with watch.progress() as progress:
            return download(
                *(self.client, scope, listing, Path(output_dir), options),
                flow=watch.flow,
                limit=self._limit,
                progress=progress,
                kept_zip=kept_zip,
            )

    def _keep_scans(
        self, session: Place, chosen: tuple[str, ...] | None, wanted: Selection, file: Path, watch: Watch
    ) -> DownloadSummary:
        resources = list(list_session(self.client, session, wanted))
        if not resources:
            raise ResourceNotFoundError(f"The scans of {session.folder} have no files to put into a ZIP.")
        label = ("resources", wanted.label) if wanted.label else ()
        scans = ("scans", ",".join(chosen or ("ALL",)))
        path = data_path(*session.path.split("/"), *scans, *label, "files")
        with watch.progress() as progress:
            job = ZipDownload(self.client.access, flow=watch.flow, progress=progress)
            return job.run(resources, f"{path}?format=zip", file)

    def _one_resource(self, session: Place, label: str, scan_id: str | None) -> Selection:
        if scan_id is None:
            return Selection(label=label, scans=False)
        check_single_scan(scan_id)
        chosen = places.choose_scans(self.client, session, [scan_id])
        return _of_scans(chosen, label)


def _of_scans(scan_ids: tuple[str, ...] | None, label: str | None) -> Selection:
    return Selection(scan_ids=scan_ids, label=label, resources=False)


def _options(resume: bool, verify: bool, parallel: bool, workers: int) -> DownloadOptions:
    return DownloadOptions(resume, verify, max(1, workers) if parallel else 1)
