"""Scans, resources and files of a built session of the prearchive."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive import PrearchiveFile, PrearchiveSession
from xnat_tui.demo.archive.store import to_json
from xnat_tui.demo.calls import Call
from xnat_tui.demo.downloads import archive_answer, file_answer
from xnat_tui.demo.packing import Member
from xnat_tui.demo.router import Route, data
from xnat_tui.demo.routes.prearchive import SESSION
from xnat_tui.demo.waiting import NO_RESOURCE, built

_SCAN = f"{SESSION}/scans/{{scan}}"


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        *data(f"{SESSION}/scans", list_scans),
        *data(_SCAN, pack_scan),
        *data(_SCAN, delete_scan, "DELETE"),
        *data(f"{_SCAN}/resources", list_scan_resources),
        *data(f"{_SCAN}/resources/{{resource}}/files", get_file),
        *data(f"{SESSION}/resources", list_resources),
    ]


def list_scans(call: Call) -> Response:
    """List the scans of a session."""
    rows = [
        (scan["id"], scan["xsi_type"], scan["series_description"]) for scan in built(call).document["scans"]
    ]
    return answers.table(call, ("ID", "xsiType", "series_description"), rows, total=False)


def _scan_files(call: Call, session: PrearchiveSession) -> list[PrearchiveFile]:
    found = [file for file in call.archive.prearchive_files(session.id) if file.scan == call.part("scan")]
    if not found:
        raise Refusal(404, NO_RESOURCE)
    return found


def pack_scan(call: Call) -> Response:
    """Answer the files of a scan as a ZIP; there is no other form."""
    session = built(call)
    if call.query.get("format") != "zip":
        raise Refusal(400, "Requested type is not supported")
    root = call.archive.prearchive_folder(session.id)
    places = [call.archive.location_of(file) for file in _scan_files(call, session)]
    return archive_answer(call, [_member(session, root, place) for place in places], session.folder, "zip")


def _member(session: PrearchiveSession, root: Path, place: Path) -> Member:
    return Member(f"{session.folder}/{place.relative_to(root)}", place)


def delete_scan(call: Call) -> Response:
    """Delete a scan and note it in the session's log."""
    session = built(call)
    scan_id = call.part("scan")
    left = [scan for scan in session.document["scans"] if scan["id"] != scan_id]
    if len(left) == len(session.document["scans"]):
        raise Refusal(404, NO_RESOURCE)
    with call.archive.bulk():
        call.archive.delete_prearchive_scan(session.id, scan_id)
        document = to_json({**session.document, "scans": left})
        call.archive.update_prearchive_session(session.id, document=document)
        call.archive.log_prearchive(session.id, f"Deleted scan {scan_id}")
    return answers.empty()


def list_scan_resources(call: Call) -> Response:
    """List the resources of a scan with numbers of files and bytes."""
    sizes = _sizes(_scan_files(call, built(call)))
    rows = [(label, count, size) for (_, label), (count, size) in sizes.items()]
    return answers.table(call, ("label", "file_count", "file_size"), rows, total=False)


def list_resources(call: Call) -> Response:
    """List the resources of all scans."""
    sizes = _sizes(call.archive.prearchive_files(built(call).id))
    rows = [("scans", scan, label, count, size) for (scan, label), (count, size) in sizes.items()]
    columns = ("category", "cat_id", "label", "file_count", "file_size")
    return answers.table(call, columns, rows, total=False)


def _sizes(files: list[PrearchiveFile]) -> dict[tuple[str, str], tuple[int, int]]:
    """Return number of files and bytes by scan and resource."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for file in files:
        count, size = found.get((file.scan, file.resource), (0, 0))
        found[file.scan, file.resource] = (count + 1, size + file.size_bytes)
    return found


def get_file(call: Call) -> Response:
    """List the files of a scan's resource, which have no digests, or answer one; empty for one not there."""
    files = [each for each in _scan_files(call, built(call)) if each.resource == call.part("resource")]
    name = call.rest.strip("/")
    if name:
        found = next((file for file in files if file.name == name), None)
        return file_answer(call, call.archive.location_of(found)) if found else answers.empty()
    here = call.url.path.rstrip("/")
    rows = [(file.name, file.size_bytes, f"{here}/{file.name}") for file in files]
    return answers.table(call, ("Name", "Size", "URI"), rows, total=False)
