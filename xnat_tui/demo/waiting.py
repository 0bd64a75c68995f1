"""Finds the session of the prearchive that a path names, with XNAT's statuses, and shows it as a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.archive import PrearchiveSession
from xnat_tui.demo.archive.prearchive import UNASSIGNED
from xnat_tui.demo.calls import Call
from xnat_tui.demo.items import Item
from xnat_tui.demo.refusal import Refusal

NO_DOCUMENT = (
    "The named session exists, but its XNAT session document is not available. The session may be invalid or"
    " incomplete."
)
NO_RESOURCE = "Unable to locate prearc resource."
COLUMNS = (
    *("project", "timestamp", "lastmod", "uploaded", "scan_date", "scan_time", "subject", "folderName"),
    *("name", "tag", "status", "url", "autoarchive", "prevent_anon", "prevent_auto_commit", "SOURCE"),
    *("VISIT", "PROTOCOL", "TIMEZONE"),
)
"""The columns of a listing; four of them are in upper case on every server."""


def may_edit(call: Call, project_id: str) -> bool:
    """Tell whether the caller may edit a project's prearchive; that of the Unassigned is for admins."""
    return call.archive.may(call.user, "edit", project_id) if project_id else call.user.admin


def demand_edit(call: Call, project_id: str) -> None:
    """Refuse with 403 who may not edit a project's prearchive."""
    if not may_edit(call, project_id):
        raise Refusal(403, f"User does not have permission to edit project {project_id or UNASSIGNED}.")


def project_of(call: Call) -> str:
    """Return the id of the path's project; empty for the Unassigned, in whatever case.

    Raises:
        Refusal: 403 when the caller may not edit its prearchive.
    """
    said = call.part("project")
    known = call.archive.project(said)
    project_id = "" if said.lower() == UNASSIGNED.lower() else known.id if known else said
    demand_edit(call, project_id)
    return project_id


def find_waiting(call: Call) -> PrearchiveSession | None:
    """Return the path's session, or None.

    Raises:
        Refusal: 403 when the caller may not edit it.
    """
    return call.archive.find_prearchive_session(project_of(call), call.part("timestamp"), call.part("folder"))


def waiting(call: Call) -> PrearchiveSession:
    """Return the path's session.

    Raises:
        Refusal: 403 when the caller may not edit it, 404 when there is none.
    """
    found = find_waiting(call)
    if found is None:
        raise Refusal(404, "Unknown prearchive session.")
    return found


def built(call: Call) -> PrearchiveSession:
    """Return the path's session if it has been built.

    Raises:
        Refusal: 404 otherwise.
    """
    found = waiting(call)
    if not found.document:
        raise Refusal(404, NO_RESOURCE)
    return found


def waiting_table(call: Call, sessions: Iterable[PrearchiveSession]) -> Response:
    """Answer rows of the prearchive; as on a real server without their number."""
    rows = [_row(session) for session in sessions]
    return answers.table(call, COLUMNS, rows, total=False)


def _row(session: PrearchiveSession) -> Sequence[object]:
    return (
        session.project or UNASSIGNED,
        session.timestamp,
        session.lastmod,
        session.uploaded,
        f"{session.scan_date} 00:00:00.0" if session.scan_date else "",
        session.scan_time,
        session.subject,
        session.folder,
        session.name,
        session.tag,
        session.status,
        session.url,
        session.autoarchive,
        str(session.prevent_anon).lower(),
        str(session.prevent_auto_commit).lower(),
        session.source,
        session.visit,
        session.protocol,
        session.timezone,
    )


def waiting_item(session: PrearchiveSession) -> Item:
    """Return a built session as the item of its document."""
    document = session.document
    fields = {
        "project": session.project,
        "label": session.name,
        "subject_ID": session.subject,
        "date": document["date"],
        "time": document["time"],
        "prearchivePath": f"/data{session.url}",
        **document["values"],
    }
    scans = [
        Item(
            scan["xsi_type"],
            {
                "ID": scan["id"],
                "type": scan["series_description"],
                "series_description": scan["series_description"],
                **scan["values"],
            },
        )
        for scan in document["scans"]
    ]
    return Item(document["xsi_type"], fields, {"scans/scan": scans})
