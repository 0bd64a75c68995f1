"""The forms in which the demo server answers: tables, texts, empty answers and the pages that say no."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from http import HTTPStatus
from io import StringIO
from typing import Any

import msgspec
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from xnat_tui.demo.negotiation import TABLE_VARIANTS, requested_format
from xnat_tui.demo.refusal import Refusal
from xnat_tui.demo.xml_text import without_forbidden

__all__ = [
    "Refusal",
    "Streamed",
    "empty",
    "json",
    "made",
    "status_page",
    "table",
    "text",
    "tomcat_page",
    "xapi_refusal",
]

_DEFAULT_SENTENCES = {
    400: "The request could not be understood by the server due to malformed syntax",
    401: "The request requires user authentication",
    403: "The server understood the request, but is refusing to fulfill it",
    404: "The server has not found anything matching the request URI",
    405: (
        "The method specified in the request is not allowed for the resource identified by the request URI"
    ),
    406: (
        "The resource identified by the request is only capable of generating response entities which have"
        " content characteristics not acceptable according to the accept headers sent in the request"
    ),
    409: ("The request could not be completed due to a conflict with the current state of the resource"),
    500: "The server encountered an unexpected condition which prevented it from fulfilling the request",
    501: "The server does not support the functionality required to fulfill the request",
    503: "The server is temporarily unable to service the request",
}
_STATUS_PAGE = """<html>
<head>
   <title>Status page</title>
</head>
<body>
<h3>{message}</h3><p>You can get technical details \
<a href="http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.{chapter}.{section}">here</a>.<br>
Please continue your visit at our <a href="/">home page</a>.
</p>
</body>
</html>
"""
_TOMCAT_PAGE = (
    '<!doctype html><html lang="en"><head><title>HTTP Status {status} \u2013 {reason}</title></head><body>'
    '<h1>HTTP Status {status} \u2013 {reason}</h1><hr class="line" /><p><b>Type</b> Status Report</p>'
    "<p><b>Message</b> {message}</p></body></html>"
)
_XAPI_PREFIXES = {
    400: "There was an error in the request: ",
    404: "Unable to find requested file or resource: ",
    500: "There was an error in the request : ",
}


class Streamed(Response):
    """An answer without Content-Length, as XNAT streams its tables and items."""

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        """Set the headers and leave out the length."""
        super().init_headers(headers)
        del MutableHeaders(raw=self.raw_headers)["content-length"]


def text(body: str, status: int = 200) -> Response:
    """Answer with plain text in ISO-8859-1; what it cannot say becomes `?`, as on a real server."""
    encoded = body.encode("iso-8859-1", "replace")
    return Response(encoded, status, {"content-type": "text/plain; charset=ISO-8859-1"})


def made(uri: str) -> Response:
    """Answer a POST that made something: its URL as text and as Location, with 200."""
    answer = text(uri)
    answer.headers["location"] = uri
    return answer


def empty(status: int = 200) -> Response:
    """Answer with nothing but a status and `Content-Length: 0`."""
    return Response(b"", status)


def json(value: Any, status: int = 200) -> Response:
    """Answer with a JSON value as the Spring part does."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def status_page(status: int, message: str = "") -> Response:
    """Answer with Restlet's status page, which holds the message in its `<h3>`."""
    sentence = message or _DEFAULT_SENTENCES.get(status, HTTPStatus(status).phrase)
    page = _STATUS_PAGE.format(message=sentence, chapter=status // 100, section=status % 100 + 1)
    headers = {"content-type": "text/html; charset=ISO-8859-1"}
    return Response(page.encode("iso-8859-1", "replace"), status, headers)


def tomcat_page(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with the error page of the layer before Restlet and Spring."""
    reason = HTTPStatus(status).phrase
    page = _TOMCAT_PAGE.format(status=status, reason=reason, message=escape(message))
    return Response(page, status, {**(headers or {}), "content-type": "text/html;charset=utf-8"})


def xapi_refusal(status: int, message: str = "") -> Response:
    """Answer as XAPI does: a fixed prefix and the message as text, or nothing at all for 401 and 403."""
    if status in (401, 403):
        return empty(status)
    return Response(_XAPI_PREFIXES.get(status, "") + message, status, media_type="text/plain")


def table(
    request: Request,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    title: str = "",
    total: bool = True,
    extra: Mapping[str, str] | None = None,
    head: Sequence[Mapping[str, str]] = (),
    variants: Sequence[str] = TABLE_VARIANTS,
) -> Response:
    """Answer with a table in the format that was asked for: JSON, XML, CSV or HTML.

    All cells become texts and NULLs empty texts; `sortBy` and `sortOrder` of the request are honoured.

    Args:
        request: the call.
        columns: keys of the cells.
        rows: cells in the order of `columns`.
        title: the envelope's title, if it has one.
        total: False leaves out `totalRecords`, as paged listings and lists of files do.
        extra: further members of the envelope.
        head: the envelope's `Columns`.
        variants: media types to negotiate; the first is the default.

    Raises:
        Refusal: 406 when the Accept header admits none of the variants.
    """
    wanted = requested_format(request, variants)
    cells = [[_cell(value) for value in row] for row in rows]
    cells = _sorted(request, columns, cells)
    if wanted == "json":
        members = dict(extra or {})
        if title:
            members = {"title": title, **members}
        if total:
            members["totalRecords"] = str(len(cells))
        return Streamed(_json_table(columns, cells, members, head), media_type="application/json")
    if wanted == "csv":
        return Streamed(_csv_table(columns, cells), media_type="text/csv")
    if wanted == "xml":
        return Streamed(_xml_table(columns, cells), media_type="text/xml")
    return Streamed(_html_table(columns, cells), media_type="text/html")


def _cell(value: Any) -> str:
    if type(value) is str:
        return value
    return "" if value is None else str(value)


def _sorted(request: Request, columns: Sequence[str], rows: list[list[str]]) -> list[list[str]]:
    """Sort by the columns that `sortBy` names, ignoring their case; NULLs come last, reversed first."""
    places = {name.lower(): place for place, name in enumerate(columns)}
    names = request.query_params.get("sortBy", "").lower().split(",")
    keys = [places[name] for name in names if name in places]
    if not keys:
        return rows
    reverse = request.query_params.get("sortOrder", "").upper() == "DESC"
    return sorted(rows, key=lambda row: [(row[key] == "", row[key]) for key in keys], reverse=reverse)


def _json_table(
    columns: Sequence[str],
    rows: list[list[str]],
    members: Mapping[str, str],
    head: Sequence[Mapping[str, str]],
) -> bytes:
    encode = msgspec.json.encode
    result = encode([dict(zip(columns, row, strict=True)) for row in rows])
    described = b'"Columns":' + encode(list(head)) + b"," if head else b""
    tail = b"".join(b", " + encode(key) + b": " + encode(value) for key, value in members.items())
    return b'{"ResultSet":{' + described + b'"Result":' + result + tail + b"}}"


def _csv_table(columns: Sequence[str], rows: list[list[str]]) -> str:
    sink = StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return sink.getvalue()


def _xml_table(columns: Sequence[str], rows: list[list[str]]) -> str:
    """Write the XML form. XNAT escapes `<` and `>` in cells but not `&`, so it can be ill-formed."""

    def cell(value: str) -> str:
        return value.replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")

    names = "".join(f"<column>{name}</column>" for name in columns)
    lines = ("<row>" + "".join(f"<cell>{cell(value)}</cell>" for value in row) + "</row>" for row in rows)
    body = "".join(lines)
    return without_forbidden(
        f'<ResultSet totalRecords="{len(rows)}"><results><columns>{names}</columns>\n'
        f"<rows>{body}</rows>\n</results></ResultSet>"
    )


def _html_table(columns: Sequence[str], rows: list[list[str]]) -> str:
    names = "".join(f"<th>{escape(name)}</th>" for name in columns)
    lines = ("<tr>" + "".join(f"<td>{escape(value)}</td>" for value in row) + "</tr>" for row in rows)
    body = "".join(lines)
    head = '<html xmlns="http://www.w3.org/1999/xhtml"><body><table class="x_rs_t" cellpadding="0">'
    return f"{head}<thead><tr>{names}</tr></thead><tbody>{body}</tbody></table></body></html>"
