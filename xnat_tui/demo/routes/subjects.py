"""Subjects: listings, items, and the PUTs and DELETEs that create, change, rename, share and remove them."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive import Listing, QueryFailed, Subject
from xnat_tui.demo.archive.columns import SUBJECT_COLUMNS
from xnat_tui.demo.assignments import Assignments, read_assignments
from xnat_tui.demo.calls import Call
from xnat_tui.demo.documents import subject_item
from xnat_tui.demo.items import item
from xnat_tui.demo.places import (
    demand,
    find_subject,
    listing_of,
    readable_project,
    seen_project,
    shortcut_table,
    subject_of,
    target_project,
)
from xnat_tui.demo.router import Route, archive
from xnat_tui.demo.uploaded_xml import take_document

_DEFAULT = ("ID", "project", "label", "insert_date", "insert_user")
_TYPE = "xnat:subjectData"
_FIXED = ("ID", "label", "project")


def routes() -> list[Route]:
    """Return the routes of this module."""
    found = [
        *archive("/subjects", list_all),
        *archive("/projects/{project}/subjects", list_in_project),
        *archive("/projects/{project}/subjects", create_by_post, "POST"),
    ]
    for place in ("/subjects/{subject}", "/projects/{project}/subjects/{subject}"):
        found += archive(place, show)
        found += archive(place, put, "PUT")
        found += archive(place, delete, "DELETE")
        found += archive(f"{place}/status", show_status)
        found += archive(f"{place}/projects", list_projects)
        found += archive(f"{place}/projects/{{target}}", share, "PUT")
        found += archive(f"{place}/projects/{{target}}", unshare, "DELETE")
    return found


def list_all(call: Call) -> Response:
    """List the subjects of the site; a caller without any readable project gets an error 500."""
    listing = listing_of(call, _DEFAULT, _TYPE, paged=True)
    if listing.readable is not None and not listing.readable:
        raise Refusal(500)
    return _listed(call, listing, "")


def list_in_project(call: Call) -> Response:
    """List own and shared-in subjects; `label` is the one here, `project` stays the owner."""
    project = readable_project(call, "subjects")
    listing = listing_of(call, _DEFAULT, _TYPE, paged=True)
    return _listed(call, listing, project.id)


def _listed(call: Call, listing: Listing, project_id: str) -> Response:
    if "fields" in call.query:
        return answers.table(call, ("key", "xpath"), shortcut_table(SUBJECT_COLUMNS.names))
    hidden = "ID" not in listing.columns
    if hidden:
        listing = replace(listing, columns=[*listing.columns, "ID"])
    try:
        table = call.archive.list_subjects(listing, project_id)
    except QueryFailed as error:
        raise Refusal(500, str(error)) from error
    place = table.columns.index("ID")
    names = ["xnat:subjectdata/id" if hidden and name == "ID" else name for name in table.columns]
    rows = [(*row, f"/data/subjects/{row[place]}") for row in table.rows]
    return answers.table(call, [*names, "URI"], rows, total=listing.limit is None)


def _label_here(call: Call, subject: Subject) -> str:
    """Return the label that a subject has in the path's project."""
    return dict(call.archive.shares("subject", subject.id)).get(call.part("project"), subject.label)


def show(call: Call) -> Response:
    """Show one subject with its experiments."""
    subject = subject_of(call)
    return item(call, subject_item(call.archive, subject, _label_here(call, subject)))


def show_status(call: Call) -> Response:
    """Say whether a subject is active or in quarantine."""
    return answers.text(subject_of(call).status)


def list_projects(call: Call) -> Response:
    """List the projects in which a subject is seen, the owner first."""
    subject = subject_of(call)
    return projects_table(
        call, [(subject.project, subject.label), *call.archive.shares("subject", subject.id)]
    )


def projects_table(call: Call, places: list[tuple[str, str]]) -> Response:
    """Answer with the table of projects in which something is seen, under which label."""
    rows = []
    for project_id, label in places:
        project = call.archive.project(project_id)
        if project:
            rows.append((label, project.id, project.secondary_id, project.name))
    return answers.table(call, ("label", "ID", "Secondary_ID", "Name"), rows)


def put(call: Call) -> Response:
    """Create a subject (201 and its id), change one (200 and its id) or rename one (200, empty).

    A PUT on a mistyped label thus creates a subject. With `label=` everything else is ignored.
    """
    take_document(call)
    subject = find_subject(call)
    if subject is None:
        return _create(call)
    demand(call, "edit", subject.project)
    if "project" in call.query and call.query.get("project") not in ("", subject.project):
        raise Refusal(409, "Project must be modified through separate URI.")
    if call.query.get("label"):
        project = call.archive.project(call.part("project"))
        place = project.id if project else subject.project
        call.archive.rename("subject", subject.id, place, call.query.get("label"))
        return answers.empty()
    wanted = read_assignments(call.query, _TYPE, SUBJECT_COLUMNS, bare=True)
    _store(call, subject.id, wanted)
    return answers.text(subject.id)


def _store(call: Call, subject_id: str, wanted: Assignments) -> None:
    """Store assignments; ids, labels and the project have requests of their own."""
    values = {name: value for name, value in wanted.values.items() if name not in _FIXED}
    group = values.pop("group", None)
    call.archive.update_subject(
        subject_id,
        group=group,
        demographics=wanted.demographics,
        values=values,
        fields=wanted.fields,
    )


def _create(call: Call) -> Response:
    owner = call.part("project") or call.query.get("project")
    if not owner:
        raise Refusal(422, "Submitted subject record must include the project attribute.")
    project = call.archive.project(owner)
    if project is None or not call.archive.may_see(call.user, project.id):
        raise Refusal(404, f"Unable to identify project {owner}")
    demand(call, "create", project.id)
    label = call.part("subject") if call.part("project") else call.query.get("label") or call.part("subject")
    return answers.text(_add(call, project.id, label), 201)


def _add(call: Call, project_id: str, label: str) -> str:
    wanted = read_assignments(call.query, _TYPE, SUBJECT_COLUMNS, bare=True)
    with call.archive.bulk():
        subject_id = call.archive.add_subject(project_id, label, insert_user=call.user.login)
        _store(call, subject_id, wanted)
    return subject_id


def create_by_post(call: Call) -> Response:
    """Create a subject named by `label`; answer its URL."""
    project = seen_project(call)
    demand(call, "create", project.id)
    take_document(call)
    label = call.query.get("label") or call.query.get(f"{_TYPE}/label")
    if not label:
        raise Refusal(400, "Subject label is required.")
    uri = f"{call.base_url}data/subjects/{_add(call, project.id, label)}"
    return answers.made(uri)


def share(call: Call) -> Response:
    """Share a subject into a project or, with `primary=true`, make that project its owner."""
    subject = subject_of(call)
    target = target_project(call)
    label = call.query.get("label")
    if call.query.flag("primary"):
        demand(call, "delete", subject.project)
        call.archive.move_subject(subject.id, target.id, label)
        return answers.empty()
    call.archive.share_subject(subject.id, target.id, label)
    return item(call, subject_item(call.archive, subject))


def unshare(call: Call) -> Response:
    """Take a share back. Taking a subject from its owning project deletes it, with the same 200."""
    subject = subject_of(call)
    target = call.archive.project(call.part("target"))
    if target is None:
        raise Refusal(404)
    demand(call, "delete", target.id)
    if target.id == subject.project:
        call.archive.delete_subject(subject.id)
    elif not call.archive.unshare_subject(subject.id, target.id):
        raise Refusal(403, f"Subject is not assigned to project {target.id}.")
    return answers.empty()


def delete(call: Call) -> Response:
    """Delete a subject with its experiments; in a project into which it is shared, only the share."""
    subject = subject_of(call)
    project = call.archive.project(call.part("project"))
    place = project.id if project else subject.project
    demand(call, "delete", place)
    if place == subject.project:
        call.archive.delete_subject(subject.id)
    else:
        call.archive.unshare_subject(subject.id, place)
    return answers.empty()
