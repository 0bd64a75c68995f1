"""The import service: `POST /data/services/import`, and where to find the DICOM receiver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import IO

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive import User
from xnat_tui.demo.calls import Call
from xnat_tui.demo.importing import Sent, read_wishes, sent_file
from xnat_tui.demo.ingest.wishes import Wishes
from xnat_tui.demo.router import Route, data, page

_DICOM_TYPES = ("application/dicom", "application/x-mirc", "application/x-mirc-dicom")
_Handler = Callable[[str, IO[bytes], Wishes, User], list[str]]


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        *data("/services/import", import_data, "POST"),
        *page("/xapi/dicomscp", list_receivers),
    ]


def import_data(call: Call) -> Response:
    """Take an archive of DICOM objects, or one object; answer the URIs of their sessions, one a line.

    With `format=html` errors too are a 200, told in the page.
    """
    as_page = call.query.get("format") == "html"
    try:
        with sent_file(call) as sent:
            uris = _imported(call, sent)
    except Refusal as error:
        if not as_page:
            raise
        return Response(_page([f"ERROR: {error.message}"]), media_type="text/html")
    if as_page:
        return Response(_page(uris), media_type="text/html")
    if call.query.get("format") == "txt":
        text = uris[0] if len(uris) == 1 else _lines(uris)
        return answers.text(text)
    return Response(_lines(uris), media_type="text/uri-list")


def _imported(call: Call, sent: Sent | None) -> list[str]:
    name = call.query.get("import-handler") or _default_handler(call)
    intake = call.demo.intake
    handlers: dict[str, _Handler] = {
        "DICOM-zip": intake.import_archive,
        "gradual-DICOM": intake.import_object,
    }
    if name not in handlers:
        raise Refusal(404, f"Unknown importer implementation specified: {name}")
    if sent is None:
        raise Refusal(400, "Unable to identify upload format.")
    wishes = read_wishes(call.query, gradual=name == "gradual-DICOM")
    return handlers[name](sent.name, sent.body, wishes, call.user)


def _default_handler(call: Call) -> str:
    """Return the handler of a call that names none: that of its type, else the site's for archives."""
    return "gradual-DICOM" if call.payload_type in _DICOM_TYPES else "DICOM-zip"


def _lines(uris: Sequence[str]) -> str:
    return "".join(f"{uri}\r\n" for uri in uris)


def _page(lines: Sequence[str]) -> str:
    body = "".join(f"<div>{escape(line)}</div>" for line in lines)
    return f"<html><body>{body}</body></html>"


def list_receivers(call: Call) -> Response:
    """List the DICOM receivers; empty when the server runs none."""
    started_ms = 1767600000000
    found = [
        {
            "id": number,
            "created": started_ms,
            "timestamp": started_ms,
            "enabled": True,
            "disabled": 0,
            "aeTitle": address.aet,
            "port": address.port,
            "identifier": "dicomObjectIdentifier",
            "customProcessing": False,
            "directArchive": False,
            "anonymizationEnabled": True,
            "whitelistEnabled": False,
            "whitelist": [],
            "routingExpressionsEnabled": False,
            "label": f"{address.aet}:{address.port}",
        }
        for number, address in enumerate(call.demo.receivers, 1)
    ]
    return answers.json(found)
