"""Sends files: whole, in part, or not at all when they have not changed; and archives of many files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

from starlette.responses import Response, StreamingResponse

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.calls import Call
from xnat_tui.demo.packing import Member, tar_stream, zip_stream

_CHUNK_BYTES = 1 << 18
_MEDIA_TYPES = {
    "bmp": "image/bmp",
    "gif": "image/gif",
    "html": "text/html",
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "xml": "text/xml",
    "zip": "application/zip",
}
_PACKINGS = {"zip": "application/zip", "tar": "application/x-tar", "tar.gz": "application/x-gzip"}


def is_packing(form: str) -> bool:
    """Tell whether a format is one in which many files are sent as one."""
    return form in _PACKINGS


def file_answer(call: Call, path: Path) -> Response:
    """Send a file; honours one byte range and If-Modified-Since, as Restlet does, and knows no ETag.

    Raises:
        Refusal: 501 for several ranges in one header.
    """
    facts = path.stat()
    suffix = path.name.rpartition(".")[2].lower()
    headers = {
        "last-modified": formatdate(facts.st_mtime, usegmt=True),
        "cache-control": "must-revalidate",
        "content-disposition": _attachment(path.name),
        "content-type": _MEDIA_TYPES.get(suffix, "application/octet-stream"),
    }
    if "if-match" in call.headers:
        return answers.status_page(412)
    if _unchanged(call, int(facts.st_mtime)):
        return Response(b"", 304, {"last-modified": headers["last-modified"]})
    status, first, last = _range(call, facts.st_size)
    if status == 416:
        return Response(b"", 416, {"content-range": f"bytes */{facts.st_size}"})
    if status == 206:
        headers["content-range"] = f"bytes {first}-{last}/{facts.st_size}"
    headers["content-length"] = str(last - first + 1)
    return StreamingResponse(_slice(path, first, last + 1), status, headers)


def _attachment(name: str) -> str:
    """Return a Content-Disposition as XNAT writes it: a semicolon at the end and no encoding of odd names."""
    safe = re.sub(r"[\x00-\x1f\x7f]", "_", name).encode("latin-1", "replace").decode("latin-1")
    return f'attachment; filename="{safe}";'


def _unchanged(call: Call, changed_s: int) -> bool:
    try:
        since = parsedate_to_datetime(call.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return changed_s <= since.timestamp()


def _range(call: Call, size: int) -> tuple[int, int, int]:
    """Return the status and the first and last byte to send."""
    header = call.headers.get("range", "")
    if not header:
        return 200, 0, size - 1
    if "," in header:
        raise Refusal(501)
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", header.strip())
    if not found or found.groups() == ("", ""):
        return 200, 0, size - 1
    if not found[1]:
        return 206, max(size - int(found[2]), 0), size - 1
    first, last = int(found[1]), min(int(found[2] or size), size - 1)
    return (206, first, last) if first <= last else (416, 0, 0)


def _slice(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as source:
        source.seek(start)
        while start < end and (chunk := source.read(min(_CHUNK_BYTES, end - start))):
            start += len(chunk)
            yield chunk


def stream_zip(members: list[Member], name: str) -> Response:
    """Send files, perhaps none, as a compressed ZIP without length."""
    headers = {"content-disposition": _attachment(f"{name}.zip"), "content-type": _PACKINGS["zip"]}
    return StreamingResponse(zip_stream(members, deflate=True), 200, headers)


def archive_answer(call: Call, members: list[Member], name: str, form: str) -> Response:
    """Send many files as one stream without length.

    Raises:
        Refusal: 404 when there is nothing to pack, 500 for an open byte range.
    """
    if not members:
        raise Refusal(404)
    if re.fullmatch(r"bytes=\d+-", call.headers.get("range", "")):
        raise Refusal(500)
    if form == "zip":
        pieces = zip_stream(members, deflate=call.query.get("compression") == "8")
    else:
        pieces = tar_stream(members, gzip=form == "tar.gz")
    headers = {"content-disposition": _attachment(f"{name}.{form}"), "content-type": _PACKINGS[form]}
    return StreamingResponse(pieces, 200, headers)
