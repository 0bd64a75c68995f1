"""Scans: listing, items, creating, changing, sharing and deleting, and the site's words about scans."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive.columns import SCAN_COLUMNS
from xnat_tui.demo.archive.types import extends, modality_scan_type, type_named
from xnat_tui.demo.assignments import implied_type, read_assignments
from xnat_tui.demo.calls import Call
from xnat_tui.demo.documents import scan_item
from xnat_tui.demo.items import item
from xnat_tui.demo.places import (
    experiment_of,
    listing_of,
    readable_project,
    scan_of,
    shortcut_table,
    target_project,
)
from xnat_tui.demo.router import Route, archive, data

PLACES = (
    "/experiments/{experiment}/scans",
    "/projects/{project}/subjects/{subject}/experiments/{experiment}/scans",
)
_DEFAULT = ("xnat_imagescandata_id", "ID", "type", "quality", "xsiType", "note", "series_description")
_BASE = "xnat:imageScanData"
_FIXED = ("ID", "xnat_imagescandata_id", "project", "image_session_ID")
_QUALITIES = ["usable", "questionable", "unusable"]


def routes() -> list[Route]:
    """Return the routes of this module."""
    found = [
        *archive("/scan_types", list_types),
        *archive("/projects/{project}/scan_types", list_types),
        *archive("/scanners", list_scanners),
        *data("/services/scan-quality-labels", list_qualities),
        *data("/services/scan-quality-labels/{project}", list_qualities),
    ]
    for place in PLACES:
        found += archive(place, list_scans)
        found += archive(place, create_by_post, "POST")
        found += archive(f"{place}/{{scan}}", show)
        found += archive(f"{place}/{{scan}}", put, "PUT")
        found += archive(f"{place}/{{scan}}", delete, "DELETE")
        found += archive(f"{place}/{{scan}}/projects/{{target}}", share, "PUT")
    return found


def list_scans(call: Call) -> Response:
    """List the scans of a session; filters have no effect and there is no paging."""
    session = experiment_of(call)
    if "fields" in call.query:
        return answers.table(call, ("key", "xpath"), shortcut_table(SCAN_COLUMNS.names))
    listing = listing_of(call, _DEFAULT, _BASE)
    hidden = "ID" not in listing.columns
    if hidden:
        listing = replace(listing, columns=[*listing.columns, "ID"])
    table = call.archive.list_scans(listing, session.id)
    key = table.columns.index("ID")
    names = [f"{_BASE.lower()}/id" if hidden and name == "ID" else name for name in table.columns]
    rows = [(*row, f"/data/experiments/{session.id}/scans/{row[key]}") for row in table.rows]
    return answers.table(call, [*names, "URI"], rows)


def show(call: Call) -> Response:
    """Show one scan."""
    scan = scan_of(call)
    return item(call, scan_item(call.archive, scan, experiment_of(call)))


def put(call: Call) -> Response:
    """Create or change a scan: 200 and nothing else in both cases; a wrong type for an old one is 409."""
    session = experiment_of(call, "edit")
    scan = call.archive.scan(session.id, call.part("scan"))
    wanted = call.query.get("xsiType")
    if scan is None:
        _create(call, session.id, call.part("scan"), implied_type(call.query))
    elif wanted and type_named(wanted) not in (scan.xsi_type, _BASE):
        raise Refusal(409, f"Scan {scan.id} is of type {scan.xsi_type}, not {wanted}.")
    else:
        values = read_assignments(call.query, scan.xsi_type, SCAN_COLUMNS).values
        changes = {name: value for name, value in values.items() if name not in _FIXED}
        call.archive.update_scan(scan.pk, changes)
    return answers.empty()


def _create(call: Call, session_id: str, scan_id: str, wanted: str) -> None:
    kind = type_named(wanted) if wanted else ""
    if not wanted:
        raise Refusal(417, "Need PUT Contents")
    if kind == _BASE:
        raise Refusal(400, "Scan type must specify a modality, such as xnat:mrScanData.")
    if not extends(kind, _BASE):
        raise Refusal(417, f"Unknown scan type {wanted}")
    values = read_assignments(call.query, kind, SCAN_COLUMNS).values
    with call.archive.bulk():
        pk = call.archive.add_scan(session_id, scan_id, kind, insert_user=call.user.login)
        call.archive.update_scan(pk, {name: value for name, value in values.items() if name not in _FIXED})


def create_by_post(call: Call) -> Response:
    """Create a scan, with the next free number if it has no `ID`; answer its URL."""
    session = experiment_of(call, "edit")
    numbers = [int(scan.id) for scan in call.archive.scans(session.id) if scan.id.isdigit()]
    scan_id = call.query.get("ID") or str(max(numbers, default=0) + 1)
    kind = implied_type(call.query) or modality_scan_type(session.xsi_type)
    _create(call, session.id, scan_id, kind)
    uri = f"{call.base_url}data/experiments/{session.id}/scans/{scan_id}"
    return answers.made(uri)


def share(call: Call) -> Response:
    """Share a scan alone into a project."""
    scan = scan_of(call)
    target = target_project(call)
    call.archive.share_scan(scan.pk, target.id, call.query.get("label") or scan.id)
    return answers.empty()


def delete(call: Call) -> Response:
    """Delete one scan with its files."""
    call.archive.delete_scan(scan_of(call, "delete").pk)
    return answers.empty()


def list_types(call: Call) -> Response:
    """List the series descriptions and types that scans have."""
    project_id = readable_project(call, "scans").id if call.part("project") else ""
    rows = call.archive.scan_types(project_id)
    return answers.table(call, ("series_descriptions", "type"), rows)


def list_scanners(call: Call) -> Response:
    """List the scanners of the site."""
    return answers.table(call, ("scanner",), [(name,) for name in call.archive.scanners()])


def list_qualities(call: Call) -> Response:
    """Name the words for a scan's quality that the site offers; others are accepted as well."""
    return answers.json({call.part("project") or "site": _QUALITIES})
