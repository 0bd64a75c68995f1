"""Restlet's tunnel: parameters below `/data` that stand for a method or an Accept header one cannot send."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.types import Scope

_MEDIA_TYPES = {
    "csv": "text/csv",
    "html": "text/html",
    "jpg": "image/jpeg",
    "json": "application/json",
    "txt": "text/plain",
    "xml": "text/xml",
    "zip": "application/zip",
}


def honour_tunnel(scope: Scope) -> None:
    """Change a request as its parameters `method` and `media` say; call it before the headers are read.

    `method=` counts on a POST only. `media=` takes the name of a file extension and replaces the Accept
    header; unknown names are passed over.
    """
    wanted = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    if scope["method"] == "POST" and wanted.get("method"):
        scope["method"] = wanted["method"].upper()
    media = _MEDIA_TYPES.get(wanted.get("media", "").lower())
    if media:
        others = [header for header in scope["headers"] if header[0] != b"accept"]
        scope["headers"] = [*others, (b"accept", media.encode())]
