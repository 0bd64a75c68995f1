"""Listings of projects by role, access or right, whose keys are others than in the default one."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive import Project
from xnat_tui.demo.archive.types import TYPES, descendants, type_named
from xnat_tui.demo.archive.users import ACTIONS, ROLE_NAMES, Action
from xnat_tui.demo.calls import Call

_TRIGGERS = (
    *("accessible", "data", "prearc_code", "owner", "member", "collaborator"),
    *("activeSince", "recent", "favorite", "admin"),
)
_COLUMNS = (
    *("id", "name", "description", "secondary_id", "pi", "project_invs", "project_access"),
    *("project_access_img", "insert_date", "insert_user"),
)


_DATE_FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%Y-%m-%d %H:%M:%S")
_PERMITTED_COLUMNS = ("id", "name", "description", "secondary_id")


def is_permitted(call: Call) -> bool:
    """Tell whether the parameters ask for the projects in which the caller has a right."""
    return "permissions" in call.query or call.query.flag("creatableTypes")


def list_permitted(call: Call) -> Response:
    """List the projects in which the caller may do what `permissions` says, or create with `creatableTypes`.

    Rights do not differ between data types here; an unknown one gives no projects.
    """
    asked = call.query.get("permissions") or "create"
    action = next((known for known in ACTIONS if known == asked), None)
    data_type = call.query.get("dataType") or call.query.get("data-type")
    known_type = not data_type or type_named(data_type)
    rows = [
        (project.id, project.name, project.description, project.secondary_id)
        for project in call.archive.projects()
        if action and known_type and call.archive.may(call.user, action, project.id)
    ]
    return answers.table(call, _PERMITTED_COLUMNS, rows)


def list_creatable_types(call: Call, project: Project) -> Response:
    """List the types of which the caller may create objects in a project."""
    allowed = call.archive.may(call.user, "create", project.id)
    parts = {"xnat:projectData", *descendants("xnat:imageScanData")}
    names = [kind.name for kind in TYPES.values() if kind.singular and kind.name not in parts]
    return answers.table(call, ("element_name",), [(name,) for name in names if allowed])


def is_filtered(call: Call) -> bool:
    """Tell whether the parameters ask for the filtered listing."""
    return any(key in call.query for key in _TRIGGERS)


def list_filtered(call: Call) -> Response:
    """List projects by access, role or favour, sorted by secondary id.

    The keys of role and last access end in the caller's number, which the envelope tells.
    """
    number = str(call.user.id)
    columns = [*_COLUMNS, f"user_role_{number}", f"last_accessed_{number}", "quarantine_status"]
    quarantine = call.query.flag("prearc_code")
    if quarantine:
        columns += ["proj_quarantine", "proj_prearchive_code"]
    since = _active_since(call)
    rows = []
    for project in call.archive.projects():
        if since and call.archive.last_activity(project.id) < since:
            continue
        if _wanted(call, project):
            rows.append(_row(call, project, quarantine))
    return answers.table(call, columns, rows, title="Projects", extra={"xdat_user_id": number})


def _active_since(call: Call) -> str:
    """Return `activeSince` as a time stamp of the archive; empty when it is not asked for.

    Raises:
        Refusal: 422 when it is no date.
    """
    text = call.query.get("activeSince")
    if not text:
        return ""
    for form in _DATE_FORMS:
        with suppress(ValueError):
            return datetime.strptime(text, form).isoformat(" ")
    raise Refusal(422, f"Unable to parse date: {text}")


def _wanted(call: Call, project: Project) -> bool:
    """Apply every filter of the parameters; roles are joined by OR."""
    archive, query, role = call.archive, call.query, call.archive.role(call.user, project.id)
    if not archive.may_see(call.user, project.id):
        return False
    if "accessible" in query:
        open_to_all = project.accessibility in ("public", "protected")
        wanted = bool(role) or open_to_all or call.user.admin
        if not query.flag("accessible"):
            wanted = open_to_all and not role
        if not wanted:
            return False
    if "data" in query and not _data_allowed(call, project.id):
        return False
    roles = [name for name in ROLE_NAMES if query.flag(name)]
    if roles and role not in roles:
        return False
    return "favorite" not in query or project.id in archive.favorites(call.user)


def _data_allowed(call: Call, project_id: str) -> bool:
    actions: dict[str, Action] = {"readable": "read", "writable": "edit"}
    action = actions.get(call.query.get("data"))
    if action is None:
        raise Refusal(500)
    return call.archive.may(call.user, action, project_id)


def _row(call: Call, project: Project, quarantine: bool) -> list[str]:
    pi = ", ".join(name for name in (project.pi_lastname, project.pi_firstname) if name)
    others = " <br/> ".join(f"{last}, {first}" for first, last in project.investigators)
    image = f"/@WEBAPP/images/{project.accessibility}.gif"
    role = ROLE_NAMES.get(call.archive.role(call.user, project.id), "")
    cells = [
        *(project.id, project.name, project.description, project.secondary_id, pi, others),
        *(project.accessibility, image, project.insert_date, project.insert_user, role, "", "active"),
    ]
    if quarantine:
        cells += [str(project.quarantine_code), str(project.prearchive_code)]
    return cells
