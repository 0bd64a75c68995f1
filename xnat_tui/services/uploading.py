"""Runs one upload from start to end for callers that wait for it: source, journal, progress, report."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import ConflictError, InvalidValueError, OperationError, ReadOnlyError
from xnat_tui.core.uri import data_path
from xnat_tui.models.rows import ResourceRow
from xnat_tui.models.upload import HELD, UploadState, UploadSummary
from xnat_tui.services.checks import check_new_resource_label
from xnat_tui.transfers.dicom.source import DicomSource, FileListSource, open_source
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.limits import ServerLimit
from xnat_tui.transfers.upload.job import Upload, UploadOptions, UploadProgressCallback
from xnat_tui.transfers.upload.journal import UploadJournal, upload_journal_file
from xnat_tui.transfers.upload.resource import ResourceUpload, resource_members
from xnat_tui.transfers.upload.retry import Patience
from xnat_tui.transfers.upload.target import UploadTarget

Source = Path | str | Sequence[Path | str]
"""A folder, a ZIP, a tar, or single files."""


@dataclass(frozen=True, slots=True)
class UploadWatch:
    """The onlookers of one upload.

    Attributes:
        callback: told how far it is.
        shows_bar: draw a bar in the terminal.
        flow: cancels, pauses or slows it down.
        limit: the connections to this server, when they are shared with others who transfer.
    """

    callback: UploadProgressCallback | None = None
    shows_bar: bool = False
    flow: Flow | None = None
    limit: ServerLimit | None = None

    @contextlib.contextmanager
    def progress(self, title: str) -> Iterator[UploadProgressCallback | None]:
        """Give the function that a job tells its progress to."""
        if not self.shows_bar:
            yield self.callback
            return
        from xnat_tui.services.bars import upload_bar

        with upload_bar(title) as show:
            callback = self.callback
            yield show if callback is None else lambda state: (show(state), callback(state))


def upload_dicom(
    client: XNATClient, source: Source, target: UploadTarget, options: UploadOptions, watch: UploadWatch
) -> UploadSummary:
    """Upload the DICOM files of a source, with a journal that a later run of the same goes on with.

    Raises:
        ReadOnlyError: the client may not change anything.
        ResourceNotFoundError: there is no such project, or the user may not see it.
        OperationError: there is no DICOM in the source.
    """
    _check_writable(client)
    # A project that the user may not see is passed over silently: the data would land elsewhere.
    client.get_item(data_path("projects", target.project))
    what = (target.project, target.subject, target.session, options.way)
    file = upload_journal_file(client.base_url, *_describe(source), *what)
    with (
        open_dicom(source) as opened,
        UploadJournal.open(file) as journal,
        watch.progress(target.session) as progress,
    ):
        job = Upload(
            *(client, target, journal, options), flow=watch.flow, limit=watch.limit, progress=progress
        )
        return job.run(opened)


def upload_to_resource(
    client: XNATClient,
    place: tuple[str, ...],
    label: str,
    source: Source,
    options: UploadOptions,
    watch: UploadWatch,
    *,
    overwrite: bool,
    extract: bool,
) -> UploadSummary:
    """Upload files to a resource, with a journal that a later run of the same goes on with.

    Raises:
        ReadOnlyError: the client may not change anything.
        InvalidValueError: the label is none that XNAT takes.
        FileNotFoundError: a file does not exist.
        ResourceNotFoundError: there is no such place, or the user may not see it.
    """
    _check_writable(client)
    members = [member for path in _paths(source) for member in resource_members(path)]
    there = client.get_rows(data_path(*place, "resources"), ResourceRow)
    if label not in {name for row in there for name in (row.label, row.id)}:
        check_new_resource_label(label)
    file = upload_journal_file(client.base_url, *_describe(source), *place, label)
    with UploadJournal.open(file) as journal, watch.progress(label) as progress:
        job = ResourceUpload(
            *(client, place, label, journal, options),
            overwrite=overwrite,
            extract=extract,
            flow=watch.flow,
            limit=watch.limit,
            progress=progress,
        )
        return job.run(members)


def upload_one(
    client: XNATClient, place: tuple[str, ...], label: str, file: Path, *, overwrite: bool, extract: bool
) -> dict[str, Any]:
    """Upload one file to a resource and return what is known of it.

    Raises:
        ConflictError: there is a file of this name, and it is not to be overwritten.
        OperationError: it did not arrive.
    """
    if file.is_dir():
        raise InvalidValueError(f"{file} is not a file.")
    options = resource_options(file, extract=extract)
    summary = upload_to_resource(
        *(client, place, label, file, options, UploadWatch()), overwrite=overwrite, extract=extract
    )
    (outcome,) = summary.outcomes
    if outcome.state is UploadState.DUPLICATE:
        raise ConflictError(
            f"There is a file {file.name} in {label} already.", advice="overwrite=True replaces it."
        )
    if outcome.state not in HELD:
        raise OperationError(f"{file.name} did not arrive: {outcome.error}")
    return {
        "name": file.name,
        "size_bytes": outcome.size_bytes,
        "uri": summary.sessions[0].uri,
        "proof": str(outcome.proof),
    }


def resource_options(
    source: Source,
    *,
    extract: bool = False,
    resume: bool = False,
    verify: bool = True,
    patience: Patience | None = None,
) -> UploadOptions:
    """Return how to upload to a resource: a folder that may be unpacked goes as one archive."""
    is_folder = isinstance(source, Path | str) and Path(source).is_dir()
    way: Literal["files", "archive"] = "archive" if extract and is_folder else "files"
    return UploadOptions(way, resume=resume, verify=verify, patience=patience or Patience())


def open_dicom(source: Source) -> DicomSource:
    """Open a folder, a ZIP, a tar, or a list of files.

    Raises:
        FileNotFoundError: it does not exist.
        InvalidValueError: it is none of these (a ValueError).
    """
    if isinstance(source, Path | str):
        return open_source(Path(source))
    return FileListSource(_paths(source))


def _paths(source: Source) -> list[Path]:
    return [Path(path) for path in ([source] if isinstance(source, Path | str) else source)]


def _describe(source: Source) -> list[str]:
    """Return what makes a source the same one in another run."""
    return [str(path.resolve()) for path in _paths(source)]


def _check_writable(client: XNATClient) -> None:
    if client.read_only:
        raise ReadOnlyError("Read-only: nothing was uploaded.")
