"""What the server holds of a session that was uploaded: its files, in the archive or in the prearchive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import ResourceNotFoundError
from xnat_tui.core.uri import data_path
from xnat_tui.models.rows import FileRow, ResourceRow, ScanRow
from xnat_tui.transfers.download import places
from xnat_tui.transfers.download.listing import digest_of, size_of
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.upload.target import Place, Stage

_SNAPSHOTS = "SNAPSHOTS"
_VISIBLE_AFTER_S = (0.2, 0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file on the server.

    Attributes:
        path: encoded path to GET it.
        size_bytes: None where the server does not say.
        digest: MD5 in hexadecimal digits, "" where the server has none, as always in the prearchive.
    """

    path: str
    size_bytes: int | None
    digest: str


def list_held(client: XNATClient, place: Place, flow: Flow) -> list[HeldFile]:
    """Return the files of all scans of a session, without the pictures that the server draws of them.

    Raises:
        ServerError: the server does not list them.
    """
    if place.stage is Stage.PREARCHIVE:
        return list(_waiting_files(client, place.uri))
    session = _find(client, place, flow)
    rows = client.get_rows(data_path(*session.split("/"), "scans", "ALL", "files"), FileRow)
    return [_held(quote(row.uri), row) for row in rows if row.collection != _SNAPSHOTS]


def _find(client: XNATClient, place: Place, flow: Flow) -> str:
    """Return the path of a session, which may become visible only a moment after it is archived."""
    for wait_s in _VISIBLE_AFTER_S:
        try:
            return places.find_session(client, place.label, place.project).path
        except ResourceNotFoundError:
            flow.cancel.wait(wait_s)
    return places.find_session(client, place.label, place.project).path


def _waiting_files(client: XNATClient, uri: str) -> Iterator[HeldFile]:
    for scan in client.get_rows(f"{uri}/scans", ScanRow):
        resources = f"{uri}/scans/{quote(scan.id, safe='')}/resources"
        for resource in client.get_rows(resources, ResourceRow):
            if resource.label == _SNAPSHOTS:
                continue
            files = f"{resources}/{quote(resource.label, safe='')}/files"
            for row in client.get_rows(files, FileRow):
                yield _held(f"{files}/{quote(row.name, safe='')}", row)


def _held(path: str, row: FileRow) -> HeldFile:
    return HeldFile(path, size_of(row), digest_of(row))
