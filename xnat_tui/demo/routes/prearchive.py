"""The prearchive: its listings, and one session with its logs and actions. Scans and files are elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal, Streamed
from xnat_tui.demo.archive import PrearchiveSession
from xnat_tui.demo.archive.prearchive import UNASSIGNED
from xnat_tui.demo.calls import Call
from xnat_tui.demo.downloads import archive_answer, is_packing
from xnat_tui.demo.importing import auto_archive_asked
from xnat_tui.demo.ingest.intake import LOCKED
from xnat_tui.demo.items import as_xml
from xnat_tui.demo.negotiation import requested_format
from xnat_tui.demo.packing import Member
from xnat_tui.demo.router import Route, data
from xnat_tui.demo.waiting import (
    NO_DOCUMENT,
    demand_edit,
    find_waiting,
    may_edit,
    waiting,
    waiting_item,
    waiting_table,
)

SESSION = "/prearchive/projects/{project}/{timestamp}/{folder}"
_VARIANTS = ("text/xml", "application/json", "text/html", "application/zip")
_BODY_LIMIT = 1 << 20


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        *data("/prearchive", list_all),
        *data("/prearchive", rescan, "PUT"),
        *data("/prearchive/projects/{project}", list_projects),
        *data(SESSION, show),
        *data(SESSION, delete, "DELETE"),
        *data(SESSION, act, "POST"),
        *data(f"{SESSION}/logs", list_logs),
    ]


def list_all(call: Call) -> Response:
    """List the sessions that the caller may edit, or all of a StudyInstanceUID for an administrator."""
    tag = call.query.get("tag")
    if tag and not call.user.admin:
        raise Refusal(403)
    found = call.archive.prearchive_sessions(tag=tag)
    return waiting_table(call, [each for each in found if may_edit(call, each.project)])


def rescan(call: Call) -> Response:
    """Do nothing, for there is no table that could disagree with the disk; administrators only."""
    if not call.user.admin:
        raise Refusal(403)
    return answers.empty()


def list_projects(call: Call) -> Response:
    """List the sessions of one project or of several with commas between them; empty for unknown ones."""
    ids = [_listed_project(call, name) for name in call.part("project").split(",")]
    return waiting_table(call, call.archive.prearchive_sessions(ids))


def _listed_project(call: Call, name: str) -> str:
    if name.lower() == UNASSIGNED.lower():
        demand_edit(call, "")
        return ""
    known = call.archive.project(name)
    if known and not call.archive.may(call.user, "read", known.id):
        raise Refusal(403, f"The current user does not have access to the requested project: {name}")
    return known.id if known else name


def show(call: Call) -> Response:
    """Answer a session: its document as XML by default, its row as JSON, its files as ZIP.

    Asked for JSON an unknown session is an empty table.
    """
    form = requested_format(call, _VARIANTS)
    found = find_waiting(call)
    if form == "json":
        return waiting_table(call, [found] if found else [])
    if found is None:
        raise Refusal(404)
    if is_packing(form):
        return archive_answer(call, _members(call, found), found.folder, form)
    if form != "xml":
        raise Refusal(500 if form == "html" else 400, f"Requested type {form} is not supported")
    if not found.document:
        raise Refusal(404, NO_DOCUMENT)
    return Streamed(as_xml(waiting_item(found)), media_type="text/xml")


def _members(call: Call, session: PrearchiveSession) -> list[Member]:
    root = call.archive.prearchive_folder(session.id)
    places = [call.archive.location_of(file) for file in call.archive.prearchive_files(session.id)]
    return [Member(f"{session.folder}/{place.relative_to(root)}", place) for place in places]


def delete(call: Call) -> Response:
    """Delete a session at once; so is the answer when there is none. Below it nothing is deleted here."""
    if call.rest.strip("/"):
        raise Refusal(400)
    found = find_waiting(call)
    if found and found.is_locked:
        raise Refusal(409, LOCKED)
    if found:
        call.archive.delete_prearchive_session(found.id)
    return answers.empty()


def act(call: Call) -> Response:
    """Do what `action` says to a session."""
    _take_json(call)
    action = call.query.get("action")
    actions: dict[str, Callable[[Call, PrearchiveSession], Response]] = {
        "build": _build,
        "commit": _commit,
        "move": _move,
        "reset-status": _reset_status,
        "set-status": _set_status,
    }
    found = waiting(call)
    if not action:
        raise Refusal(400, "No action parameter was specified for the prearchive session.")
    if action not in actions:
        raise Refusal(400, f"unsupported action on prearchive session: {action}")
    return actions[action](call, found)


def _take_json(call: Call) -> None:
    """Add the members of a JSON object in the body to the parameters."""
    if call.payload_type != "application/json":
        return
    try:
        members = msgspec.json.decode(call.payload.read(_BODY_LIMIT), type=dict[str, object])
    except (ValueError, msgspec.ValidationError) as error:
        raise Refusal(400, str(error)) from error
    for name, value in members.items():
        call.query.add(name, str(value))


def _uri(session: PrearchiveSession, status: int = 200) -> Response:
    return Response(f"/data{session.url}", status, media_type="text/uri-list")


def _build(call: Call, session: PrearchiveSession) -> Response:
    return _uri(call.demo.intake.build(session))


def _commit(call: Call, session: PrearchiveSession) -> Response:
    """Build a session. A 301 with the new place in its body, and no Location, says that it was archived."""
    names = {"VISIT": "visit", "PROTOCOL": "protocol", "TIMEZONE": "timezone", "SOURCE": "source"}
    said = {column: call.query.get(name) for name, column in names.items() if call.query.get(name)}
    call.archive.update_prearchive_session(session.id, **said)
    place = call.demo.intake.commit(session, call.user, auto_archive=auto_archive_asked(call.query))
    if place.startswith("/archive/"):
        return Response(f"/data{place}", 301, media_type="text/plain")
    return Response(f"/data{place}", media_type="text/uri-list")


def _move(call: Call, session: PrearchiveSession) -> Response:
    """Move a session to another project; one that is locked stays, which is an empty 200."""
    project = call.archive.project(call.query.get("newProject"))
    if project is None:
        raise Refusal(400, "Unknown project")
    demand_edit(call, project.id)
    if session.is_locked:
        return answers.empty()
    call.archive.update_prearchive_session(
        session.id, project=project.id, status="READY" if session.document else "RECEIVING"
    )
    moved = call.archive.prearchive_session(session.id)
    return _uri(moved or session, 301)


def _reset_status(call: Call, session: PrearchiveSession) -> Response:
    if not call.archive.set_prearchive_status(session.id, "READY" if session.document else "RECEIVING"):
        raise Refusal(409, LOCKED)
    return _uri(session)


def _set_status(call: Call, session: PrearchiveSession) -> Response:
    status = call.query.get("status")
    if not status or status.startswith("_"):
        raise Refusal(400, f"Unable to set status {status}")
    call.archive.set_prearchive_status(session.id, status)
    return answers.empty()


def list_logs(call: Call) -> Response:
    """List the log entries of a session, or answer the text of one, or of the `last`; empty for no such."""
    logs = call.archive.prearchive_logs(waiting(call).id)
    wanted = call.rest.strip("/")
    if wanted == "last":
        return answers.text(logs[-1][1] if logs else "")
    if wanted:
        chosen = [entry for entry in logs if str(entry[0]) == wanted]
        return answers.text("".join(f"{_moment(number)}: {text}" for number, text in chosen))
    if call.query.get("template", "details") != "details":
        return answers.table(call, ("id",), [(number,) for number, _ in logs], total=False)
    rows = [(number, _moment(number), text) for number, text in logs]
    return answers.table(call, ("id", "date", "entry"), rows, total=False)


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000).strftime("%m/%d/%Y %H:%M:%S")
