"""Writes down what calls change, as XNAT makes a workflow of every change to an object."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.responses import Response

from xnat_tui.demo.archive import Experiment
from xnat_tui.demo.archive.types import TYPES
from xnat_tui.demo.calls import Call
from xnat_tui.demo.router import Route

_RECORDED = re.compile(r"/data(/archive)?/(projects|subjects|experiments)/")
"""The places of objects; favourites, the prearchive and services are none."""


@dataclass(frozen=True)
class _Object:
    """What a call is about: the innermost project, subject or experiment in its path."""

    data_type: str
    id: str
    project: str
    noun: str


def perform(call: Call, route: Route) -> Response:
    """Run the endpoint of a route; when it changed an object, add a workflow to that object's history."""
    if call.method in ("GET", "HEAD") or not _RECORDED.match(route.template):
        return route.endpoint(call)
    before = _object_of(call)
    answer = route.endpoint(call)
    changed = before or _object_of(call)
    if changed is not None and answer.status_code < 300:
        call.archive.add_workflow(
            changed.data_type,
            changed.id,
            changed.project,
            _action(call, changed, is_new=before is None),
            login=call.user.login,
            justification=call.query.raw("event_reason"),
        )
    return answer


def _object_of(call: Call) -> _Object | None:
    project = call.archive.project(call.part("project")) if call.part("project") else None
    for part in ("assessor", "experiment"):
        if call.part(part):
            return _experiment_of(call, call.part(part), project.id if project else "")
    if call.part("subject"):
        key = call.part("subject")
        subject = call.archive.find_subject(project.id, key) if project else call.archive.subject(key)
        return _Object("xnat:subjectData", subject.id, subject.project, "Subject") if subject else None
    return _Object("xnat:projectData", project.id, project.id, "Project") if project else None


def _experiment_of(call: Call, key: str, project_id: str) -> _Object | None:
    found = call.archive.experiment(key)
    if found is None and project_id:
        found = call.archive.find_experiment(project_id, key)
    return _Object(found.xsi_type, found.id, found.project, noun_of(found)) if found else None


def noun_of(experiment: Experiment) -> str:
    """What XNAT's pages call one experiment of this type: "MR Session"."""
    known = TYPES.get(experiment.xsi_type)
    return known.singular if known and known.singular else experiment.xsi_type


def _action(call: Call, changed: _Object, *, is_new: bool) -> str:
    """What was done, in the words of XNAT's history."""
    noun = changed.noun
    if call.part("resource"):
        noun = "File" if call.rest or "/files" in call.url.path else "Resource"
    elif call.part("scan"):
        noun = "Scan"
    elif "label" in call.query and not is_new:
        return "Modified Label"
    if call.method == "DELETE":
        return f"Removed {noun}"
    is_added = is_new or noun in ("File", "Resource")
    return f"{'Added' if is_added else 'Modified'} {noun}"
