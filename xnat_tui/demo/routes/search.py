"""Counts of data types."""

from __future__ import annotations

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.archive.types import TYPES
from xnat_tui.demo.calls import Call
from xnat_tui.demo.router import Route, data

_BASIC = (
    "xnat:projectData",
    "xnat:subjectData",
    "xnat:mrSessionData",
    "xnat:petSessionData",
    "xnat:ctSessionData",
)


def routes() -> list[Route]:
    """Return the routes of this module."""
    return data("/search/elements", list_elements)


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
