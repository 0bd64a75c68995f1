"""Counts of data types, and the prearchive, which is empty."""

from __future__ import annotations

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.archive.types import TYPES
from xnat_tui.demo.calls import Call
from xnat_tui.demo.places import seen_project
from xnat_tui.demo.router import Route, data

_PREARCHIVE = (
    *("project", "timestamp", "lastmod", "uploaded", "scan_date", "scan_time", "subject", "folderName"),
    *("name", "tag", "status", "url", "autoarchive", "prevent_anon", "prevent_auto_commit", "SOURCE"),
    *("VISIT", "PROTOCOL", "TIMEZONE"),
)
_BASIC = (
    "xnat:projectData",
    "xnat:subjectData",
    "xnat:mrSessionData",
    "xnat:petSessionData",
    "xnat:ctSessionData",
)


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        *data("/search/elements", list_elements),
        *data("/prearchive", list_prearchive),
        *data("/prearchive/projects", list_prearchive),
        *data("/prearchive/projects/{project}", list_project_prearchive),
    ]


def list_elements(call: Call) -> Response:
    """List data types with their names for people and how many objects of each there are."""
    own = call.query.flag("readable") and not call.user.admin
    counts = call.archive.count_types(call.archive.readable_projects(call.user) if own else None)
    used = call.query.flag("used")
    rows = [
        (kind.name, kind.singular, kind.plural, "true", counts.get(kind.name, 0))
        for kind in TYPES.values()
        if kind.singular and (counts.get(kind.name) or (kind.name in _BASIC and not used))
    ]
    columns = ("ELEMENT_NAME", "SINGULAR", "PLURAL", "SECURED", "COUNT")
    return answers.table(call, columns, rows, title="Data-Types", total=False)


def list_prearchive(call: Call) -> Response:
    """List sessions that wait for archiving: none."""
    return answers.table(call, _PREARCHIVE, [])


def list_project_prearchive(call: Call) -> Response:
    """List a project's sessions that wait for archiving: none."""
    seen_project(call)
    return answers.table(call, _PREARCHIVE, [])
