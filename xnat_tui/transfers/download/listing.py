"""What the server holds: the files of sessions, subjects and projects, out of its catalogs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from xnat_tui.core.client import XNATClient
from xnat_tui.core.connection import Params
from xnat_tui.core.uri import data_path
from xnat_tui.models.rows import ExperimentRow, FileRow, ResourceRow
from xnat_tui.transfers.download import layout

_URI = re.compile(r"/(?:data|REST)/(?:archive/)?(.+?)/resources/[^/]+/files/", re.DOTALL)
_DIGEST = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which part of a session is wanted.

    Attributes:
        scan_ids: these scans; None for all.
        label: resources of this label only; None for all.
        scans: those of scans.
        resources: those of the session itself.
        assessors: those of its assessors.
        pattern: files whose name, or path in the resource, fits this pattern with `*` and `?`; None for all.
    """

    scan_ids: tuple[str, ...] | None = None
    label: str | None = None
    scans: bool = True
    resources: bool = True
    assessors: bool = False
    pattern: str | None = None

    def wants(self, row: ResourceRow) -> bool:
        """Tell whether a resource is wanted."""
        if self.label is not None and self.label not in (row.label, row.id):
            return False
        if row.category == "scans":
            return self.scans and (self.scan_ids is None or row.cat_id in self.scan_ids)
        return self.assessors if row.category == "assessors" else self.resources

    def wants_file(self, row: FileRow) -> bool:
        """Tell whether a file of a wanted resource is wanted."""
        return self.pattern is None or any(fnmatchcase(name, self.pattern) for name in (row.name, row.path))


@dataclass(frozen=True, slots=True)
class ListedResource:
    """A resource and all its files.

    Attributes:
        id: the server's number of it.
        label: "" for the rare one without.
        owner: path of what it belongs to, "experiments/XNAT_E1/scans/2".
        scan_id: the scan it belongs to, "" for none.
        folder: where its files go by the layout, below the destination.
        files: everything it holds.
    """

    id: str
    label: str
    owner: str
    scan_id: str
    folder: str
    files: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Something whose resources can be listed.

    Attributes:
        path: its path on the server, "experiments/XNAT_E1".
        folder: where it goes below the destination.
    """

    path: str
    folder: str


def list_session(client: XNATClient, session: Place, wanted: Selection) -> Iterator[ListedResource]:
    """Yield the wanted resources of a session; two or three requests, however many files.

    Raises:
        ServerError: the server does not list them.
    """
    path = session.path.split("/")
    rows = client.get_rows(data_path(*path, "resources"), ResourceRow, {"all": "true"})
    wanted_rows = {row.id: row for row in rows if wanted.wants(row)}
    if not wanted_rows:
        return
    labels: dict[str, str] = {}
    if any(row.category == "assessors" for row in wanted_rows.values()):
        assessors = client.get_rows(data_path(*path, "assessors"), ExperimentRow)
        labels = {row.id: row.label for row in assessors}
    files = _files_by_resource(client, *_file_listing(path, wanted))
    for row in wanted_rows.values():
        if files[row.id]:
            yield _listed(row, session, files[row.id], labels)


def list_own(client: XNATClient, place: Place, label: str | None = None) -> Iterator[ListedResource]:
    """Yield the resources of a project, a subject or one other thing itself, not of what is below it."""
    path = place.path.split("/")
    for row in client.get_rows(data_path(*path, "resources"), ResourceRow):
        if label not in (None, row.label, row.id):
            continue
        files = _files_by_resource(client, data_path(*path, "resources", row.id, "files"), {})[row.id]
        if files:
            folder = layout.resource_folder(place.folder, row)
            yield ListedResource(row.id, row.label, place.path, "", folder, tuple(files))


def _file_listing(path: Sequence[str], wanted: Selection) -> tuple[str, Params]:
    """Return the request that lists the files, and little else."""
    if wanted.scan_ids and not any("," in scan_id for scan_id in wanted.scan_ids):
        return data_path(*path, "scans", ",".join(wanted.scan_ids), "files"), {}
    if not wanted.resources and not wanted.assessors:
        return data_path(*path, "scans", "ALL", "files"), {}
    return data_path(*path, "files"), {"all": "true"}


def _files_by_resource(client: XNATClient, path: str, params: Params) -> dict[str, list[FileRow]]:
    found: dict[str, list[FileRow]] = defaultdict(list)
    for row in client.get_rows(path, FileRow, params):
        found[row.cat_id].append(row)
    return found


def _listed(
    row: ResourceRow, session: Place, files: Sequence[FileRow], assessors: dict[str, str]
) -> ListedResource:
    match = _URI.match(files[0].uri)
    owner = match[1] if match else session.path
    scan_id = row.cat_id if row.category == "scans" else ""
    if scan_id:
        owner = f"{session.path}/scans/{scan_id}"
        place = layout.scan_folder(session.folder, scan_id, row.cat_desc)
    elif row.category == "assessors":
        box = owner.rpartition("/")[2]
        label = assessors.get(row.cat_id) or row.cat_id
        place = layout.assessor_folder(session.folder, label, box if box in ("in", "out") else "")
    else:
        place = session.folder
    folder = layout.resource_folder(place, row)
    return ListedResource(row.id, row.label, owner, scan_id, folder, tuple(files))


def size_of(row: FileRow) -> int | None:
    """Return the size that the server lists, None when it lists none."""
    return int(row.size) if row.size.isdecimal() else None


def digest_of(row: FileRow) -> str:
    """Return the MD5 that the server lists, "" when it lists none."""
    digest = row.digest.lower()
    return digest if _DIGEST.fullmatch(digest) else ""
