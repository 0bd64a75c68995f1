"""Projects: the default listing, items, creating, changing, deleting. Filtered listings: `project_lists`."""

from __future__ import annotations

import re

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive import Project
from xnat_tui.demo.archive.projects import ACCESSIBILITIES
from xnat_tui.demo.calls import Call
from xnat_tui.demo.documents import project_item
from xnat_tui.demo.items import item
from xnat_tui.demo.places import demand, demand_ownership, seen_project
from xnat_tui.demo.project_lists import (
    is_filtered,
    is_permitted,
    list_creatable_types,
    list_filtered,
    list_permitted,
)
from xnat_tui.demo.router import Route, archive
from xnat_tui.demo.uploaded_xml import take_document

_COLUMNS = {
    "ID": "id",
    "secondary_ID": "secondary_id",
    "name": "name",
    "description": "description",
    "keywords": "keywords",
    "pi_firstname": "pi_firstname",
    "pi_lastname": "pi_lastname",
}
_DEFAULT = ("ID", "secondary_ID", "name", "description", "pi_firstname", "pi_lastname")
_TYPE = "xnat:projectData"
_CUSTOM = re.compile(rf"(?:{_TYPE}/)?fields/field\[name=(.+?)\]/field")


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        *archive("/projects", list_projects),
        *archive("/projects", create_by_post, "POST"),
        *archive("/projects/{project}", show),
        *archive("/projects/{project}", put, "PUT"),
        *archive("/projects/{project}", delete, "DELETE"),
    ]


def list_projects(call: Call) -> Response:
    """List the projects whose data the caller can read; there is no paging and filters have no effect."""
    if is_permitted(call):
        return list_permitted(call)
    if is_filtered(call):
        return list_filtered(call)
    if "fields" in call.query:
        return answers.table(call, ("key", "xpath"), [(name, f"{_TYPE}/{name}") for name in _COLUMNS])
    asked = call.query.raw("columns")
    names = [name for name in (asked.split(",") if asked else _DEFAULT) if name in _COLUMNS]
    if "DEFAULT" in asked.split(","):
        names = list(dict.fromkeys([*_DEFAULT, *names]))
    restrict = call.query.get("restrict")
    rows = []
    for project in call.archive.projects():
        readable = call.archive.may(call.user, "read", project.id)
        allowed = restrict not in ("edit", "delete") or _allowed(call, restrict, project.id)
        if readable and allowed:
            cells = [getattr(project, _COLUMNS[name]) for name in names]
            rows.append((*cells, f"/data/projects/{project.id}"))
    return answers.table(call, [*names, "URI"], rows)


def _allowed(call: Call, action: str, project_id: str) -> bool:
    return call.archive.may(call.user, "delete" if action == "delete" else "edit", project_id)


def show(call: Call) -> Response:
    """Show one project, by id or alias, or with `creatableTypes` the types that may be created in it."""
    project = seen_project(call)
    if call.query.flag("creatableTypes"):
        return list_creatable_types(call, project)
    return item(call, project_item(call.archive, project))


def put(call: Call) -> Response:
    """Create or change a project from parameters; 200 and nothing else in both cases."""
    if call.user.is_guest:
        raise Refusal(403)
    take_document(call)
    document_id = call.query.get(f"{_TYPE}/ID")
    if document_id not in ("", call.part("project")):
        raise Refusal(417, "ID in the document differs from the ID in the path.")
    project = call.archive.project(call.part("project"))
    if project is None:
        _create(call, call.part("project"))
    else:
        demand_ownership(call, project.id)
        _change(call, project)
    return answers.empty()


def _create(call: Call, project_id: str) -> None:
    with call.archive.bulk():
        values = _values(call)
        call.archive.add_project(
            project_id,
            name=values.get("name", ""),
            secondary_id=values.get("secondary_id", ""),
            insert_user=call.user.login,
        )
        call.archive.grant(project_id, call.user.login, "owner")
        project = call.archive.project(project_id)
        if project:
            _change(call, project)


def _change(call: Call, project: Project) -> None:
    fields = {}
    for key, value in call.query:
        found = _CUSTOM.fullmatch(key)
        if found:
            fields[found[1]] = value
    call.archive.update_project(project.id, _values(call), fields)
    if call.query.get("alias"):
        call.archive.add_alias(project.id, call.query.get("alias"))


def _values(call: Call) -> dict[str, str]:
    """Return the attributes in the parameters, by the archive's names."""
    found = {}
    for key, value in call.query:
        name = _COLUMNS.get(key.removeprefix(f"{_TYPE}/"), "")
        if name and name != "id" and value:
            found[name] = value
    level = call.query.get("accessibility")
    if level in ACCESSIBILITIES:
        found["accessibility"] = level
    return found


def create_by_post(call: Call) -> Response:
    """Create a project named by `ID`; answer its URL."""
    take_document(call)
    project_id = call.query.get("ID") or call.query.get(f"{_TYPE}/ID")
    if call.user.is_guest:
        raise Refusal(403)
    if call.archive.project(project_id):
        raise Refusal(409, "Project already exists.")
    _create(call, project_id)
    uri = f"{call.base_url}data/projects/{project_id}"
    return answers.made(uri)


def delete(call: Call) -> Response:
    """Delete a project with all it owns; a missing one is a 400, as on a real server."""
    project = call.archive.project(call.part("project"))
    if project is None or call.rest.strip("/"):
        raise Refusal(400, "Unable to identify the specified project.")
    demand(call, "delete", project.id)
    call.archive.delete_project(project.id)
    return answers.empty()
