"""Experiments: listings, items, and the suffixes that describe them. Changing them is `experiment_edits`."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive import QueryFailed
from xnat_tui.demo.archive.columns import EXPERIMENT_COLUMNS
from xnat_tui.demo.archive.types import extends, type_named
from xnat_tui.demo.calls import Call
from xnat_tui.demo.documents import experiment_item
from xnat_tui.demo.items import item
from xnat_tui.demo.places import experiment_of, listing_of, readable_project, shortcut_table, subject_of
from xnat_tui.demo.router import Route, archive
from xnat_tui.demo.routes.subjects import projects_table

PLACES = (
    "/experiments/{experiment}",
    "/projects/{project}/experiments/{experiment}",
    "/projects/{project}/subjects/{subject}/experiments/{experiment}",
)
_DEFAULT = ("ID", "project", "date", "xsiType", "label", "insert_date")
_ASSESSORS = ("ID", "project", "label", "date", "xsiType", "insert_date", "session_ID", "session_label")


def routes() -> list[Route]:
    """Return the routes of this module."""
    found = [
        *archive("/experiments", list_all),
        *archive("/projects/{project}/experiments", list_in_project),
        *archive("/projects/{project}/subjects/{subject}/experiments", list_of_subject),
    ]
    for place in PLACES:
        found += archive(place, show)
        found += archive(f"{place}/status", show_status)
        found += archive(f"{place}/history", show_history)
        found += archive(f"{place}/projects", list_projects)
    for place in (PLACES[0], PLACES[2]):
        found += archive(f"{place}/assessors", list_assessors)
        found += archive(f"{place}/assessors/{{assessor}}", show_assessor)
        found += archive(f"{place}/reconstructions", list_reconstructions)
    return found


def list_all(call: Call) -> Response:
    """List the experiments of the site, assessors too; unknown types are an error 500."""
    if "fields" in call.query:
        return _fields(call)
    wanted = _known_type(call)
    listing = listing_of(call, _DEFAULT, "xnat:experimentData", paged=True)
    if wanted and "columns" not in call.query:
        listing = replace(listing, columns=[*listing.columns, *_parents(wanted)])
    try:
        _, table = call.archive.list_experiments(listing)
    except QueryFailed as error:
        raise Refusal(500, str(error)) from error
    rows, columns = table.rows, table.columns
    if "ID" in columns:
        place = columns.index("ID")
        columns, rows = [*columns, "URI"], [(*row, f"/data/experiments/{row[place]}") for row in rows]
    total = listing.limit is None
    return answers.table(call, columns, rows, title="Matching experiments", total=total)


def _known_type(call: Call) -> str:
    """Return the type that `xsiType` asks for; a list of types is passed over.

    Raises:
        Refusal: 500 for an unknown type.
    """
    wanted = call.query.get("xsiType")
    if not wanted or "," in wanted:
        return ""
    if not type_named(wanted):
        raise Refusal(500, f"Element not found: '{wanted}'")
    return wanted


def _parents(xsi_type: str) -> tuple[str, ...]:
    """Return the columns about the parent that XNAT adds when the root type allows them."""
    if extends(xsi_type, "xnat:imageAssessorData"):
        return "session_ID", "session_label"
    return ("subject_ID", "subject_label") if extends(xsi_type, "xnat:subjectAssessorData") else ()


def _fields(call: Call) -> Response:
    return answers.table(call, ("key", "xpath"), shortcut_table(EXPERIMENT_COLUMNS.names))


def list_in_project(call: Call) -> Response:
    """List the sessions and subject assessors of a project, own and shared in, without image assessors."""
    project = readable_project(call, "experiments")
    return _listed(call, "xnat:subjectAssessorData", _DEFAULT, project_id=project.id)


def list_of_subject(call: Call) -> Response:
    """List the sessions and subject assessors of a subject."""
    project = readable_project(call, "experiments")
    subject = subject_of(call)
    return _listed(call, "xnat:subjectAssessorData", _DEFAULT, project_id=project.id, subject_id=subject.id)


def list_assessors(call: Call) -> Response:
    """List the image assessors of a session."""
    session = experiment_of(call)
    return _listed(call, "xnat:imageAssessorData", _ASSESSORS, paged=False, session_id=session.id)


def _listed(call: Call, root: str, default: tuple[str, ...], *, paged: bool = True, **place: str) -> Response:
    """Answer a listing that repeats the id under its root type's key; a failing query answers nothing."""
    if "fields" in call.query:
        return _fields(call)
    _known_type(call)
    listing = listing_of(call, default, root, paged=paged)
    if not paged:
        listing = replace(listing, filters={})
    hidden = "ID" not in listing.columns
    if hidden:
        listing = replace(listing, columns=[*listing.columns, "ID"])
    try:
        root, table = call.archive.list_experiments(listing, **place)
    except QueryFailed:
        return answers.empty()
    key = table.columns.index("ID")
    names = [*table.columns, f"{root.lower()}/id", "URI"]
    rows = [(*row, row[key], f"/data/experiments/{row[key]}") for row in table.rows]
    if hidden:
        names, rows = [*names[:key], *names[key + 1 :]], [(*row[:key], *row[key + 1 :]) for row in rows]
    return answers.table(call, names, rows, total=listing.limit is None)


def show(call: Call) -> Response:
    """Show one experiment, whatever more stands in the path: `.../scans` below a project comes here too."""
    experiment = experiment_of(call)
    label = dict(call.archive.shares("experiment", experiment.id)).get(call.part("project"), "")
    return item(call, experiment_item(call.archive, experiment, label))


def show_assessor(call: Call) -> Response:
    """Show one image assessor."""
    return item(call, experiment_item(call.archive, experiment_of(call, part="assessor")))


def show_status(call: Call) -> Response:
    """Say whether an experiment is active, locked, obsolete or in quarantine."""
    return answers.text(experiment_of(call).status)


def show_history(call: Call) -> Response:
    """List the changes of an experiment; the demo server remembers only its making."""
    experiment = experiment_of(call)
    change = {"event_action": "Created", "event_date": experiment.insert_date}
    return answers.json([{**change, "event_user": experiment.insert_user}])


def list_projects(call: Call) -> Response:
    """List the projects in which an experiment is seen, the owner first."""
    found = experiment_of(call)
    return projects_table(call, [(found.project, found.label), *call.archive.shares("experiment", found.id)])


def list_reconstructions(call: Call) -> Response:
    """List reconstructions, which the demo archive has none of."""
    experiment_of(call)
    return answers.table(call, ("xnat_reconstructedimagedata_id", "ID", "type", "baseScanType", "URI"), [])
