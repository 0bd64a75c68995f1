"""Scans: list, inspect and delete the series of a session."""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Sequence
from typing import TypedDict

from xnat_tui.core.uri import data_path
from xnat_tui.models.rows import ResourceRow, ScanRow, columns_of
from xnat_tui.models.scan import Scan, sum_counted
from xnat_tui.models.sorting import natural_sorted
from xnat_tui.services.aliases import aliases
from xnat_tui.services.base import BaseService, Progress, do_to_each
from xnat_tui.services.checks import check_single_scan

_COLUMNS = columns_of(ScanRow)


class ScanFailure(TypedDict):
    """Why one scan was not deleted."""

    scan: str
    error: str


class ScanDeletion(TypedDict):
    """What became of several scans.

    `deleted` and `failed` hold scan ids, `errors` a sentence for each that failed.
    """

    deleted: list[str]
    failed: list[str]
    errors: list[ScanFailure]


class FileCount(TypedDict):
    """The files of a scan, as attributes of `Scan`; None where the server has not counted them all."""

    file_count: int | None
    size_bytes: int | None


class ScanService(BaseService):
    """The scans of sessions. A session is named by its accession id, or by its label with the project."""

    @aliases(session="session_id", project_id="project")
    def rows(self, session_id: str, project: str | None = None) -> builtins.list[ScanRow]:
        """Return the scans of a session in natural order of their ids.

        One request by accession id; with a project the id is looked up first.

        Raises:
            ResourceNotFoundError: there is no such session, or the user may not see it.
        """
        session = self._experiment_id(session_id, project)
        rows = self._rows(data_path("experiments", session, "scans"), ScanRow, {"columns": _COLUMNS})
        return natural_sorted(rows, lambda row: row.id)

    @aliases(session="session_id", project_id="project")
    def list(
        self, session_id: str, project: str | None = None, columns: Sequence[str] | None = None
    ) -> builtins.list[Scan]:
        """Return the scans of a session in natural order of their ids, with the numbers of their files.

        Two requests, one for the scans and one for all their files' numbers; the id is looked up first when a
        project is given.

        Args:
            session_id: accession id, or the label when the project is given.
            project: the project that owns or shows the session.
            columns: XNAT's names of columns to ask for beside the usual ones; their values are in `raw`. One
                that only some types have ("fieldStrength") hides scans of all others.

        Raises:
            ResourceNotFoundError: there is no such session, or the user may not see it.
        """
        session = self._experiment_id(session_id, project)
        return self._list_with_all_resources(session, columns)[0]

    @aliases(session="session_id")
    def list_with_resources(self, session_id: str) -> tuple[builtins.list[Scan], builtins.list[ResourceRow]]:
        """Return the scans of a session as `list` does, and the session's own resources, in two requests.

        Args:
            session_id: accession id.

        Raises:
            ResourceNotFoundError: there is no such session, or the user may not see it.
        """
        scans, resources = self._list_with_all_resources(session_id)
        own = (row for row in resources if row.category == "resources")
        return scans, natural_sorted(own, lambda row: row.label or row.id)

    @aliases(session="session_id", scan="scan_id", project_id="project")
    def get(self, session_id: str, scan_id: str, project: str | None = None) -> Scan:
        """Return one scan with the number of its files, None where the server has not counted them all.

        Raises:
            InvalidValueError: `scan_id` means several scans ("*", "1,2"); nothing was sent.
            ResourceNotFoundError: there is no such session or scan, or the user may not see it.
        """
        check_single_scan(scan_id)
        session = self._experiment_id(session_id, project)
        return Scan.from_item(self._item(data_path("experiments", session, "scans", scan_id)))

    @aliases(session="session_id", scan="scan_id", project_id="project")
    def delete(
        self, session_id: str, scan_id: str, project: str | None = None, remove_files: bool = False
    ) -> bool:
        """Delete one scan; return True.

        Args:
            session_id: accession id, or the label when the project is given.
            scan_id: id of the scan in the session.
            project: the project that owns the session.
            remove_files: also remove the files from the server's disk; XNAT otherwise leaves them there.

        Raises:
            InvalidValueError: `scan_id` means several scans; nothing was sent.
            ResourceNotFoundError: there is no such session or scan, or the user may not see it.
            PermissionDeniedError: the user may not delete it.
        """
        check_single_scan(scan_id)
        self._delete_scan(self._experiment_id(session_id, project), scan_id, remove_files)
        return True

    @aliases(session="session_id", scans="scan_ids", project_id="project")
    def delete_multiple(
        self,
        session_id: str,
        scan_ids: Sequence[str],
        project: str | None = None,
        remove_files: bool = False,
        parallel: bool = True,
        workers: int = 4,
        progress_callback: Progress | None = None,
    ) -> ScanDeletion:
        """Delete several scans; a failure does not stop the others.

        Args:
            session_id: accession id, or the label when the project is given.
            scan_ids: ids of scans, or one id; ["*"] or "*" for all scans of the session.
            project: the project that owns the session.
            remove_files: also remove the files from the server's disk.
            parallel: delete several at the same time.
            workers: how many at the same time.
            progress_callback: called after each with (current, total, scan_id), from the calling thread.

        Raises:
            InvalidValueError: an id means several scans; nothing was sent.
            ResourceNotFoundError: there is no such session, or the user may not see it.
        """
        # A text is a sequence of its letters: "12" would be the scans 1 and 2.
        scan_ids = [scan_ids] if isinstance(scan_ids, str) else list(scan_ids)
        wants_all = scan_ids == ["*"]
        for scan_id in () if wants_all else scan_ids:
            check_single_scan(scan_id)
        session = self._experiment_id(session_id, project)
        if wants_all:
            scan_ids = [row.id for row in self.rows(session)]
        outcome = do_to_each(
            lambda scan_id: self._delete_scan(session, scan_id, remove_files),
            scan_ids,
            workers=workers if parallel else 1,
            progress=progress_callback,
        )
        failed = {scan_id: str(error) for scan_id, error in outcome.items() if error is not None}
        return ScanDeletion(
            deleted=[scan_id for scan_id in outcome if scan_id not in failed],
            failed=list(failed),
            errors=[ScanFailure(scan=scan_id, error=sentence) for scan_id, sentence in failed.items()],
        )

    def _delete_scan(self, session: str, scan_id: str, remove_files: bool) -> None:
        path = data_path("experiments", session, "scans", scan_id)
        self._delete(path, remove_files=remove_files)

    def _list_with_all_resources(
        self, session: str, columns: Sequence[str] | None = None
    ) -> tuple[builtins.list[Scan], builtins.list[ResourceRow]]:
        """Return the scans of a session, and the resources of the session, its scans and its assessors."""
        wanted = ",".join([_COLUMNS, *(columns or ())])
        table = self._table(data_path("experiments", session, "scans"), {"columns": wanted})
        path = data_path("experiments", session, "resources")
        resources = self._rows(path, ResourceRow, {"all": "true"})
        counts = _count_by_scan(resources)
        scans = [
            Scan.from_row(row).model_copy(update={**counts.get(row.get("ID", ""), _count([]))})
            for row in table
        ]
        return natural_sorted(scans, lambda scan: scan.scan_id), resources


def _count_by_scan(resources: Sequence[ResourceRow]) -> dict[str, FileCount]:
    """Return numbers and sizes of files by scan id, for the scans that have resources."""
    of_scans: defaultdict[str, builtins.list[tuple[str, str]]] = defaultdict(builtins.list)
    for row in resources:
        if row.category == "scans":
            of_scans[row.cat_id].append((row.file_count, row.file_size))
    return {scan_id: _count(cells) for scan_id, cells in of_scans.items()}


def _count(resources: Sequence[tuple[str, str]]) -> FileCount:
    """Return what resources hold together, from the server's number and total size of the files of each."""
    return FileCount(
        file_count=sum_counted([count for count, _ in resources]),
        size_bytes=sum_counted([size for _, size in resources]),
    )
