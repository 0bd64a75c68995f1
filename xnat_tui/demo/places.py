"""Finds what a path names, with XNAT's statuses for what is missing, hidden or not allowed."""

from __future__ import annotations

from typing import Any

from xnat_tui.demo.archive import Experiment, Listing, Project, Scan, Subject
from xnat_tui.demo.archive.users import Action
from xnat_tui.demo.calls import Call
from xnat_tui.demo.refusal import Refusal

NO_EXPERIMENT = "Unable to find the specified experiment."


def seen_project(call: Call) -> Project:
    """Return the path's project if the caller may know of it.

    Raises:
        Refusal: 404 for an unknown or hidden project, with the words XNAT uses for experiments.
    """
    project = call.archive.project(call.part("project"))
    if project is None or not call.archive.may_see(call.user, project.id):
        raise Refusal(404, NO_EXPERIMENT)
    return project


def readable_project(call: Call, what: str) -> Project:
    """Return the path's project if the caller may read data in it.

    Raises:
        Refusal: 404 for an unknown or hidden project, 403 for a protected one; `what` is the noun of the
            403's sentence.
    """
    project = call.archive.project(call.part("project"))
    if project is None or not call.archive.may_see(call.user, project.id):
        raise Refusal(404, f"Unable to identify project {call.part('project')}")
    if not call.archive.may(call.user, "read", project.id):
        raise Refusal(403, f"Unable to read {what} for Project: {project.id}")
    return project


def demand(call: Call, action: Action, project_id: str) -> None:
    """Refuse with 403 what the caller may not do in a project."""
    if not call.archive.may(call.user, action, project_id):
        raise Refusal(403, f"User cannot {action} data in project {project_id}.")


def demand_ownership(call: Call, project_id: str) -> None:
    """Refuse with 403 what only owners may do with a project itself, which is to change it."""
    if not call.archive.may(call.user, "delete", project_id):
        raise Refusal(403, f"User cannot edit project {project_id}.")


def target_project(call: Call, part: str = "target") -> Project:
    """Return the project to which something is to be shared or moved.

    Raises:
        Refusal: 404 when there is none, 403 when the caller may not create data in it.
    """
    project = call.archive.project(call.part(part))
    if project is None:
        raise Refusal(404, f"Unable to identify project {call.part(part)}")
    demand(call, "create", project.id)
    return project


def _may_read(call: Call, projects: list[str]) -> bool:
    return any(call.archive.may(call.user, "read", project) for project in projects)


def find_subject(call: Call) -> Subject | None:
    """Return the path's subject, by label or id in a project, else by accession id; None if not seen."""
    if call.part("project"):
        project = call.archive.project(call.part("project"))
        found = call.archive.find_subject(project.id, call.part("subject")) if project else None
    else:
        found = call.archive.subject(call.part("subject"))
    if found is None:
        return None
    shares = [project for project, _ in call.archive.shares("subject", found.id)]
    return found if _may_read(call, [found.project, *shares]) else None


def subject_of(call: Call, action: Action = "read") -> Subject:
    """Return the path's subject if the caller may do this to it.

    Raises:
        Refusal: 404 when it is not there or not to be seen, 403 when it may be read but no more.
    """
    found = find_subject(call)
    if found is None:
        hint = "" if call.part("project") else " Labels need a project in the path."
        raise Refusal(404, f"Unable to find the specified subject.{hint}")
    if action != "read":
        demand(call, action, found.project)
    return found


def find_experiment(call: Call, part: str = "experiment") -> Experiment | None:
    """Return the path's experiment: by id anywhere, else by label in its project; None if not seen."""
    key = call.part(part)
    found = call.archive.experiment(key)
    project = call.archive.project(call.part("project")) if call.part("project") else None
    if found is None and project:
        found = call.archive.find_experiment(project.id, key)
    if found is None and part == "assessor":
        session = find_experiment(call)
        found = call.archive.find_experiment(session.project, key) if session else None
    return _if_readable(call, found)


def _if_readable(call: Call, found: Experiment | None) -> Experiment | None:
    if found is None:
        return None
    shares = [share for share, _ in call.archive.shares("experiment", found.id)]
    return found if _may_read(call, [found.project, *shares]) else None


def experiment_of(call: Call, action: Action = "read", part: str = "experiment") -> Experiment:
    """Return the path's experiment if the caller may do this to it.

    Raises:
        Refusal: 404 when it is not there or not to be seen, 403 when it may be read but no more.
    """
    found = find_experiment(call, part)
    if found is None:
        raise Refusal(404, NO_EXPERIMENT)
    if action != "read":
        demand(call, action, found.project)
    return found


def read_experiment(call: Call, experiment_id: str) -> Experiment:
    """Return the experiment of an accession id that a call names elsewhere than in its path.

    Raises:
        Refusal: 404 when it is not there or not to be seen.
    """
    found = _if_readable(call, call.archive.experiment(experiment_id))
    if found is None:
        raise Refusal(404, NO_EXPERIMENT)
    return found


def scan_of(call: Call, action: Action = "read") -> Scan:
    """Return the path's scan, exactly one; rights are those of its session.

    Raises:
        Refusal: 404 when session or scan are not there, 403 when the caller may only read.
    """
    session = experiment_of(call, action)
    found = call.archive.scan(session.id, call.part("scan"))
    if found is None:
        raise Refusal(404, "Unable to find the specified scan.")
    return found


_RESERVED = frozenset(
    {
        "format",
        "columns",
        "xsiType",
        "sortBy",
        "sortOrder",
        "limit",
        "offset",
        "fields",
        "recent",
        "req_format",
    }
)


def listing_of(call: Call, default: tuple[str, ...], root: str, *, paged: bool = False) -> Listing:
    """Read `columns`, filters, `xsiType`, `limit` and `offset` of a listing.

    A list of types in `xsiType` is passed over, as XNAT does. A limit alone starts at 0, an offset alone
    takes 100 rows; `*` for either and zero for both switch paging off.

    Raises:
        Refusal: 500 for limits that are no numbers.
    """
    asked = call.query.raw("columns")
    names: list[str] = []
    for name in asked.split(",") if asked else default:
        names += default if name == "DEFAULT" else [name.strip()]
    wanted = call.query.get("xsiType")
    if wanted and "," not in wanted:
        root = wanted
    filters = {key: value for key, value in call.query if key not in _RESERVED}
    readable = None if call.user.admin else call.archive.readable_projects(call.user)
    limit, offset = _page(call) if paged else (None, 0)
    return Listing(names, root, filters, limit, offset, readable)


def _page(call: Call) -> tuple[int | None, int]:
    limit, offset = call.query.get("limit"), call.query.get("offset")
    if "*" in (limit, offset) or not (limit or offset):
        return None, 0
    numbers = _number(limit or "100"), _number(offset or "0")
    return (None, 0) if numbers == (0, 0) else numbers


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Refusal(500, f'For input string: "{text}"') from error


def shortcut_table(names: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the rows of the table that `fields=` answers: shortcut and XML path."""
    return [(name, f"{found.type}/{found.path}") for name, found in names.items()]
