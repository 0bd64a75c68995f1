"""What was done to an object: its audit trail."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive import Archive, Workflow
from xnat_tui.demo.archive.types import TYPES, extends
from xnat_tui.demo.calls import Call
from xnat_tui.demo.router import Route, data


def routes() -> list[Route]:
    """Return the routes of this module."""
    return data("/services/audit/{type}/{key}", show_audit)


def show_audit(call: Call) -> Response:
    """Answer what was done to an object and to the experiments below it, in no useful order.

    As XNAT does without `includeDetails`: no change-sets, times in epoch milliseconds, and no key for what
    has no value.
    """
    kind, key = call.part("type"), call.part("key")
    if not re.fullmatch(r"[A-Za-z0-9:.]+", kind) or not re.fullmatch(r"[A-Za-z0-9_.-]+", key):
        raise Refusal(400, "Illegal characters")
    if kind not in TYPES:
        raise Refusal(400, f"Element not found: '{kind}'")
    projects, ids = _projects_and_ids(call.archive, kind, key)
    if not projects:
        raise Refusal(404)
    if not any(call.archive.may(call.user, "read", project) for project in projects):
        raise Refusal(403)
    return answers.json({"events": [_event(workflow) for workflow in call.archive.workflows_of(ids)]})


def _projects_and_ids(archive: Archive, kind: str, key: str) -> tuple[Sequence[str], Sequence[str]]:
    """Return the projects that show an object, and the ids whose workflows are part of its history."""
    if kind == "xnat:projectData":
        return ([key], [key]) if archive.project(key) else ([], [])
    if kind == "xnat:subjectData":
        subject = archive.subject(key)
        if subject is None:
            return [], []
        sessions = archive.experiments_of_subject(key)
        below = [
            *(one.id for one in sessions),
            *(id for one in sessions for id in _assessors(archive, one.id)),
        ]
        return [subject.project, *(share for share, _ in archive.shares("subject", key))], [key, *below]
    experiment = archive.experiment(key)
    if experiment is None or not extends(experiment.xsi_type, kind):
        return [], []
    shares = [share for share, _ in archive.shares("experiment", key)]
    return [experiment.project, *shares], [key, *_assessors(archive, key)]


def _assessors(archive: Archive, session_id: str) -> list[str]:
    return [assessor.id for assessor in archive.assessors(session_id)]


def _event(workflow: Workflow) -> dict[str, object]:
    event = {
        "event_id": workflow.id,
        "event_action": workflow.pipeline_name,
        "event_date": workflow.launch_ms,
        "event_user": workflow.login,
        "event_type": workflow.type,
        "event_reason": workflow.justification,
        "event_category": workflow.category,
        "event_status": workflow.status,
        "changesets": [],
    }
    return {name: value for name, value in event.items() if value != ""}
