"""The archive service, `POST /data/services/archive`, and the sessions on their way by direct archive."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec
from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive import PrearchiveSession
from xnat_tui.demo.calls import Call
from xnat_tui.demo.ingest.archiving import ArchiveOrder
from xnat_tui.demo.ingest.intake import uri_of
from xnat_tui.demo.ingest.places import Place, parse_place
from xnat_tui.demo.ingest.wishes import Overwrite
from xnat_tui.demo.router import Route, data, page
from xnat_tui.demo.waiting import demand_edit, may_edit, waiting_table

_DIRECT = "/xapi/direct-archive"
_UNKNOWN = "Unknown prearchive session."


def routes() -> list[Route]:
    """Return the routes of this module."""
    one = f"{_DIRECT}/{{project}}/{{tag}}/{{name}}"
    return [
        *data("/services/archive", archive_sessions, "POST"),
        *page(_DIRECT, list_direct, "POST"),
        *page(one, show_direct),
        *page(one, finish_direct, "POST"),
        *page(f"{_DIRECT}/{{id}}", delete_direct, "DELETE"),
    ]


def archive_sessions(call: Call) -> Response:
    """Archive one session now, or several in the background.

    One session answers its new place: by a 303 if it or its project archives automatically, or if the call
    wants to be redirected, else by a 200. Several answer their rows at once.
    """
    sessions = [_session(call, place) for place in _sources(call)]
    if len(sessions) == 1:
        return _archive_one(call, sessions[0])
    order = _order(call, one=False)
    for session in sessions:
        call.archive.set_prearchive_status(session.id, "QUEUED_ARCHIVING")
        call.demo.intake.later(partial(call.demo.intake.archive, session, order, call.user))
    return waiting_table(call, sessions)


def _sources(call: Call) -> list[Place]:
    """Return the places of the sessions that a call names, by `src` or by project, timestamp and folder."""
    if "src" in call.query:
        found = []
        for source in call.query.all("src"):
            place = parse_place(source)
            if place is None or place.is_archive:
                raise Refusal(400, f"Invalid src URI ({source})")
            found.append(place)
        return found
    timestamps = call.query.all("PREARC_TIMESTAMP")
    folders = call.query.all("PREARC_SESSION_FOLDER")
    project = call.query.get("project")
    if not (project and timestamps and len(timestamps) == len(folders)):
        raise Refusal(404, _UNKNOWN)
    pairs = zip(timestamps, folders, strict=True)
    return [Place("prearchive", project, timestamp=moment, folder=folder) for moment, folder in pairs]


def _session(call: Call, place: Place) -> PrearchiveSession:
    if not place.timestamp or not place.folder:
        raise Refusal(404, _UNKNOWN)
    if not place.project:
        raise Refusal(400, "Cannot archive sessions from the Unassigned folder.")
    uri = f"/prearchive/projects/{place.project}/{place.timestamp}/{place.folder}"
    if not may_edit(call, place.project):
        raise Refusal(403, uri)
    found = call.archive.find_prearchive_session(place.project, place.timestamp, place.folder)
    if found is None:
        raise Refusal(404, f"{uri} not found.")
    return found


def _order(call: Call, *, one: bool) -> ArchiveOrder:
    """Read how to archive: alone, a session may always join what is there, and both words override."""
    query = call.query
    word = query.get("overwrite")
    override = word in ("append", "delete") if one else word == "delete"
    merge = one or word in ("append", "delete")
    overwrite = Overwrite(merge, override, query.get("overwrite_files").lower() == "true")
    if not one:
        return ArchiveOrder(overwrite=overwrite)
    named = {key.rpartition("/")[2]: value for key, value in query if key.endswith(("/label", "/subject_id"))}
    subject = query.get("subject") or named.get("subject_id", "")
    label = query.get("session") or query.get("label") or named.get("label", "")
    return ArchiveOrder(_new_project(call), subject, label, overwrite)


def _new_project(call: Call) -> str:
    """Return the project to archive into, if a call that names its session by `src` gives another one."""
    name = call.query.get("project")
    if not name or "src" not in call.query:
        return ""
    project = call.archive.project(name)
    if project is None or not call.archive.may(call.user, "create", project.id):
        raise Refusal(403, "Invalid permissions for new project.")
    return project.id


def _archive_one(call: Call, session: PrearchiveSession) -> Response:
    try:
        place = call.demo.intake.archive(session, _order(call, one=True), call.user)
    except Refusal as error:
        if error.status == 403:
            raise
        message = f"FAILED: Unable to archive {session.folder}: Operation Failed: {error.message}"
        raise Refusal(500, message) from error
    uri = f"/data{place}"
    if call.query.flag("redirect") or call.demo.intake.will_archive(session):
        site = f"{call.url.scheme}://{call.url.netloc}{call.demo.settings.context_path}"
        return Response(b"", 303, {"location": site + uri})
    return Response(f"{uri}\r\n", media_type="text/uri-list")


def list_direct(call: Call) -> Response:
    """List the sessions on their way to the archive whose projects the caller may read, by page and size."""
    try:
        wanted = msgspec.json.decode(call.payload.read(1 << 20) or b"{}", type=dict[str, object])
    except msgspec.DecodeError as error:
        raise Refusal(400, str(error)) from error
    found = call.archive.prearchive_sessions(direct=True)
    rows = [_direct_row(each) for each in found if call.archive.may(call.user, "read", each.project)]
    page_number, size = (int(str(wanted.get(key, default))) for key, default in (("page", 1), ("size", 50)))
    return answers.json(rows[(page_number - 1) * size : page_number * size])


def _direct_row(session: PrearchiveSession) -> dict[str, object]:
    return {
        "id": session.id,
        "folderName": session.folder,
        "name": session.name,
        "autoArchive": session.autoarchive or None,
        "preventAnon": session.prevent_anon,
        "preventAutoCommit": session.prevent_auto_commit,
        "source": session.source,
        "tag": session.tag,
        "timestamp": session.timestamp,
        "lastBuiltDate": int(session.touched_s * 1000),
        "status": session.status,
        "project": session.project,
        "scan_date": session.scan_date or None,
        "scan_time": session.scan_time,
        "subject": session.subject,
        "url": uri_of(session),
        "externalUrl": uri_of(session),
        "visit": session.visit,
        "protocol": session.protocol,
        "timeZone": session.timezone,
    }


def _direct(call: Call) -> PrearchiveSession:
    found = call.archive.prearchive_session_of(
        call.part("project"), call.part("tag"), call.part("name"), direct=True
    )
    if found is None or not call.archive.may(call.user, "read", found.project):
        raise Refusal(404, "direct archive session")
    return found


def show_direct(call: Call) -> Response:
    """Answer one session on its way to the archive; 404 when it has arrived."""
    return answers.json(_direct_row(_direct(call)))


def finish_direct(call: Call) -> Response:
    """Bring a session into the archive now; one that may not join it is moved to the prearchive."""
    session = _direct(call)
    demand_edit(call, session.project)
    call.demo.intake.archive_direct(session, call.user)
    return answers.empty()


def delete_direct(call: Call) -> Response:
    """Delete a session on its way to the archive."""
    known: Sequence[PrearchiveSession] = call.archive.prearchive_sessions(direct=True)
    found = next((each for each in known if str(each.id) == call.part("id")), None)
    if found is None:
        raise Refusal(404, "direct archive session")
    demand_edit(call, found.project)
    call.archive.delete_prearchive_session(found.id)
    return answers.empty()
