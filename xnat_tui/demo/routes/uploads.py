"""Storing files: raw bodies, multipart forms, and archives to unpack."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from typing import IO

import msgspec
from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive.files import check_path
from xnat_tui.demo.calls import Call
from xnat_tui.demo.multipart import boundary_of, read_parts
from xnat_tui.demo.router import Route, archive
from xnat_tui.demo.routes.resources import add_resource
from xnat_tui.demo.shelves import PARENTS, Shelf, named, resources_on, shelf_of

_KNOWN_TYPES = (
    *("application/octet-stream", "application/dicom", "application/zip", "application/xml", "text/xml"),
    *("text/plain", "application/pdf", "application/json", "application/x-gzip", "application/x-tar"),
    *("image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff", "image/svg+xml", "text/html"),
)
_TARS = (".tar", ".tar.gz", ".tgz")
Incoming = tuple[str, IO[bytes]]


def routes() -> list[Route]:
    """Return the routes of this module."""
    found: list[Route] = []
    for parent in PARENTS:
        found += archive(f"{parent}/resources/{{resource}}/files", upload, "PUT", "POST")
    return found


def upload(call: Call) -> Response:
    """Store files; the resource is made when it is missing.

    Success is a 200 without content. So is the answer to somebody who may not edit, and then nothing is
    stored. Files that are there already stay as they are without `overwrite=true`: they are named in a
    JSON object that calls itself HTML.
    """
    shelf = shelf_of(call)
    if not call.archive.may(call.user, "edit", shelf.project_id):
        return answers.text("")
    duplicates: list[str] = []
    incoming = _incoming(call)
    with call.archive.bulk():
        resource_id = _resource(call, shelf)
        for path, body in incoming:
            if not _store(call, resource_id, path, body):
                duplicates.append(path)
    if duplicates:
        return Response(msgspec.json.encode({"duplicates": duplicates}), media_type="text/html")
    return answers.text("")


def _resource(call: Call, shelf: Shelf) -> int:
    found = named(resources_on(call.archive, shelf), call.part("resource"))
    return found[0].id if found else add_resource(call, shelf, call.part("resource"))


def _store(call: Call, resource_id: int, path: str, body: IO[bytes]) -> bool:
    """Store one file; False when there is one of that path that may not be overwritten."""
    check_path(path)
    if call.archive.file(resource_id, path) and not call.query.flag("overwrite"):
        return False
    if call.archive.file_location(resource_id, path).is_dir():
        raise Refusal(409, f"{path} is a folder.")
    query = call.query
    tags = [tag for value in query.all("tags") for tag in value.split(",") if tag]
    call.archive.add_file(
        resource_id, path, body, tags=tags, format=query.get("format"), content=query.get("content")
    )
    return True


def _incoming(call: Call) -> Iterator[Incoming]:
    """Yield the files of a request's body, unpacked if wanted."""
    path = call.rest.removeprefix("/")
    if call.payload_type.startswith("multipart/"):
        if call.query.flag("inbody"):
            raise Refusal(400, "A multipart body cannot be sent with inbody=true.")
        return _unpacked(call, _parts(call, path))
    if call.payload_type not in _KNOWN_TYPES and not call.query.flag("inbody"):
        raise Refusal(
            400, "Submitted body is not a known type of file; use inbody=true to store it as it is."
        )
    size = int(call.headers.get("content-length", "0"))
    if size < 1 and call.payload_type != "application/zip":
        raise Refusal(500, "In-body File posts must include the file directly as the body of the message.")
    if not path or path.endswith("/"):
        raise Refusal(400, "Please use the file name in the path.")
    return _unpacked(call, iter([(path, call.payload)]))


def _parts(call: Call, path: str) -> Iterator[Incoming]:
    """Yield the files of a form: under their own names below a folder, else under the path's."""
    boundary = boundary_of(call.headers.get("content-type", ""))
    if not boundary:
        raise Refusal(400, "The multipart body has no boundary.")
    for part in read_parts(call.payload, boundary):
        if part.filename:
            own = f"{path}{part.filename}"
            yield own if not path or path.endswith("/") else path, part.body


def _unpacked(call: Call, incoming: Iterator[Incoming]) -> Iterator[Incoming]:
    """Yield files; with `extract=true` archives are replaced by their members."""
    for path, body in incoming:
        lowered = path.lower()
        folder = path.rpartition("/")[0]
        prefix = f"{folder}/" if folder else ""
        if call.query.flag("extract") and lowered.endswith(".zip"):
            yield from _zip_members(prefix, body)
        elif call.query.flag("extract") and lowered.endswith(_TARS):
            yield from _tar_members(prefix, body)
        else:
            yield path, body


def _zip_members(prefix: str, body: IO[bytes]) -> Iterator[Incoming]:
    try:
        packed = zipfile.ZipFile(body)
    except zipfile.BadZipFile as error:
        raise Refusal(500, "Unable to extract files: the archive is no ZIP file.") from error
    with packed:
        for info in packed.infolist():
            if not info.is_dir():
                with packed.open(info) as member:
                    yield prefix + info.filename, member


def _tar_members(prefix: str, body: IO[bytes]) -> Iterator[Incoming]:
    try:
        with tarfile.open(fileobj=body, mode="r:*") as packed:
            for info in packed:
                member = packed.extractfile(info) if info.isfile() else None
                if member:
                    with member:
                        yield prefix + info.name.removeprefix("./"), member
    except tarfile.TarError as error:
        raise Refusal(500, "Unable to extract files: the archive is no TAR file.") from error
