"""DICOM headers and pictures of scans."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive import Experiment, Owner
from xnat_tui.demo.calls import Call
from xnat_tui.demo.places import scan_of
from xnat_tui.demo.router import Route, data, page

_DUMPED = ("DICOM", "secondary")
_COLUMNS = ("tag1", "tag2", "vr", "value", "desc")
_SOURCE = re.compile(
    r"/archive/projects/(?P<project>[^/]+)(?:/subjects/(?P<subject>[^/]+))?/experiments/(?P<experiment>[^/]+)"
    r"(?:/scans/(?P<scan>[^/]+))?(?:/resources/(?P<resource>[^/]+)/files/(?P<file>.+))?/?"
)
_THUMBNAIL_PX = 128
_SNAPSHOT_PX = 256


def routes() -> list[Route]:
    """Return the routes of this module."""
    found = data("/services/dicomdump", dump)
    for place in ("", "/projects/{project}", "/projects/{project}/subjects/{subject}"):
        scan = f"/xapi{place}/experiments/{{experiment}}/scan/{{scan}}"
        for kind, endpoint in (("snapshot", show_snapshot), ("thumbnail", show_thumbnail)):
            found += page(f"{scan}/{kind}", endpoint)
            found += page(f"{scan}/{kind}/{{montage}}", endpoint)
    return found


def dump(call: Call) -> Response:
    """List the DICOM header of the first file of a session, scan, or of one file; of all with `summary`.

    A scan without DICOM is an empty table. Only paths through a project are understood.
    """
    from xnat_tui.demo.dicom_dump import dump_rows

    source = call.query.raw("src")
    if not source:
        raise Refusal(400, "Please set the src parameter")
    found = _SOURCE.fullmatch(source)
    project = call.archive.project(found["project"]) if found else None
    if found is None or project is None or not call.archive.may(call.user, "read", project.id):
        raise Refusal(404)
    session = call.archive.find_experiment(project.id, found["experiment"])
    if session is None:
        raise Refusal(404)
    paths = dicom_files(call, session, found["scan"] or "", found["file"] or "")
    rows = dump_rows(paths, call.query.all("field"), summary=call.query.flag("summary"))
    cells = [[row[column] for column in _COLUMNS] for row in rows]
    return answers.table(call, _COLUMNS, cells, total=False)


def dicom_files(call: Call, session: Experiment, scan_id: str, name: str) -> list[Path]:
    """Return the places of a session's DICOM files, perhaps of one scan or of one name only.

    Raises:
        Refusal: 404 when there is no such scan, or no such file.
    """
    archive = call.archive
    if scan_id and archive.scan(session.id, scan_id) is None:
        raise Refusal(404)
    scans = [scan_id] if scan_id else [scan.id for scan in archive.scans(session.id)]
    found = []
    for each in scans:
        for resource in archive.resources(Owner.scan(session.id, each)):
            if resource.label in _DUMPED:
                files = archive.files(resource.id)
                paths = [file.path for file in files if name in ("", file.path, file.name)]
                found += [archive.file_location(resource.id, path) for path in paths]
    if name and not found:
        raise Refusal(404)
    return found


def show_snapshot(call: Call) -> Response:
    """Show a scan as a GIF."""
    return _picture(call, _SNAPSHOT_PX)


def show_thumbnail(call: Call) -> Response:
    """Show a scan as a small GIF."""
    return _picture(call, _THUMBNAIL_PX)


def _picture(call: Call, size_px: int) -> Response:
    from xnat_tui.demo.pictures import snapshot

    scan = scan_of(call)
    session = call.archive.experiment(scan.session_id)
    grid = re.fullmatch(r"(\d+)X(\d+)", call.part("montage"))
    montage = (int(grid[1]), int(grid[2])) if grid else None
    paths = dicom_files(call, session, scan.id, "") if session else []
    try:
        picture = snapshot(paths, size_px, montage=montage)
    except ValueError as error:
        raise Refusal(404, f"No snapshot of scan {scan.id} can be made.") from error
    return Response(picture, media_type="image/gif")
