"""Searches: `POST /data/search`, and the fields that each type offers to them."""

from __future__ import annotations

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.archive.columns import EXPERIMENT_COLUMNS, SUBJECT_COLUMNS
from xnat_tui.demo.archive.listing import Listing
from xnat_tui.demo.archive.types import type_named
from xnat_tui.demo.calls import Call
from xnat_tui.demo.refusal import Refusal
from xnat_tui.demo.router import Route, data
from xnat_tui.demo.searches import Search, display_fields, read_search


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        *data("/search", run_search, "POST"),
        *data("/search/saved", list_saved),
        *data("/search/elements/{type}", list_fields),
    ]


def list_fields(call: Call) -> Response:
    """Answer with the fields of one type. Identifiers are upper-case: xnatpy makes attributes of them.

    Raises:
        Refusal: 404 for an unknown type.
    """
    name = type_named(call.part("type"))
    if not name:
        raise Refusal(404)
    columns = ("ELEMENT_NAME", "FIELD_ID", "HEADER", "TYPE", "REQUIRES_VALUE", "DESC")
    rows = [(name, field.id, field.header, "string", "false", "") for field in display_fields(name)]
    return answers.table(call, columns, rows, title="Search Fields", total=False)


def list_saved(call: Call) -> Response:
    """List the caller's stored searches, which the demo server has none of.

    Raises:
        Refusal: 404 for one of them.
    """
    if call.rest.strip("/"):
        raise Refusal(404)
    return answers.table(call, ("id", "brief_description", "description", "root_element_name"), [])


def run_search(call: Call) -> Response:
    """Answer with the rows that a search finds among what the caller may read.

    Raises:
        Refusal: 422 for a document that is no search.
    """
    search = read_search(call.payload.read())
    found = [row for row in _rows(call, search) if search.admits(row)]
    head = [
        {"key": key, "element_name": search.root, "id": key.upper(), "header": key, "type": "string"}
        for key in (*search.columns, "quarantine_status")
    ]
    cells = [[*(row[path] for path in search.columns.values()), row["quarantine_status"]] for row in found]
    columns = (*search.columns, "quarantine_status")
    return answers.table(call, columns, cells, extra={"rootElementName": search.root}, head=head)


def _rows(call: Call, search: Search) -> list[dict[str, str]]:
    """Return everything of the searched type that the caller may read: cells by shortcut or path."""
    archive, paths = call.archive, search.paths()
    readable = None if call.user.admin else archive.readable_projects(call.user)
    listing = Listing(paths, search.root, readable=readable)
    if search.root == "xnat:subjectData":
        shortcuts, table = SUBJECT_COLUMNS, archive.list_subjects(listing)
    else:
        shortcuts, (_, table) = EXPERIMENT_COLUMNS, archive.list_experiments(listing)
    keys = {path: column.key for path in paths if (column := shortcuts.column(path))}
    rows = []
    for cells in table.rows:
        row = {key: "" if cell is None else str(cell) for key, cell in zip(table.columns, cells, strict=True)}
        known = {path: row.get(keys.get(path, ""), "") for path in paths}
        rows.append({**known, "quarantine_status": "active"})
    return rows
