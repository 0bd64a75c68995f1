"""Listings of subjects, experiments and scans, straight from the database with just the wanted columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xnat_tui.demo.archive.columns import (
    EXPERIMENT_COLUMNS,
    SCAN_COLUMNS,
    SUBJECT_COLUMNS,
    Column,
    Shortcuts,
)
from xnat_tui.demo.archive.filters import condition
from xnat_tui.demo.archive.store import Row, Store
from xnat_tui.demo.archive.types import descendants, extends

_SHARED_SUBJECT = "SELECT 1 FROM subject_shares x WHERE x.subject_id = s.id AND x.project"
_SHARED_EXPERIMENT = "SELECT 1 FROM experiment_shares x WHERE x.experiment_id = e.id AND x.project"
_AMONG = "IN (SELECT value FROM json_each(?))"


class Table(NamedTuple):
    """Rows under named columns."""

    columns: list[str]
    rows: list[Row]


@dataclass(frozen=True)
class Listing:
    """What a listing shall show.

    Attributes:
        columns: shortcuts or full XML paths; unknown ones are left out.
        filters: values by shortcut or path; unknown ones are ignored.
        root: xsi:type to list, with all that extend it.
        limit: greatest number of rows; None for all.
        offset: rows to pass over.
        readable: project ids whose data may be shown; None for all.
    """

    columns: Sequence[str]
    root: str
    filters: Mapping[str, str] = field(default_factory=dict)
    limit: int | None = None
    offset: int = 0
    readable: Sequence[str] | None = None


def _columns(shortcuts: Shortcuts, names: Iterable[str]) -> list[Column]:
    """Return the known columns among names, each once."""
    found = dict[str, Column]()
    for name in names:
        column = shortcuts.column(name)
        if column:
            found.setdefault(column.key, column)
    return list(found.values())


def _narrowed(root: str, columns: Iterable[Column]) -> str:
    """Return the root type after columns of subtypes have narrowed it."""
    for column in columns:
        if column.type != root and extends(column.type, root):
            root = column.type
    return root


class Listings(Store):
    """The part of the archive that answers listings."""

    def list_subjects(self, listing: Listing, project_id: str = "") -> Table:
        """List the subjects of a project, own and shared in, or of the whole site.

        Raises:
            QueryFailed: for a filter value that cannot be understood.
        """
        if project_id:
            view = (
                "(SELECT id, label FROM subjects WHERE project = ? UNION ALL"
                " SELECT subject_id, label FROM subject_shares WHERE project = ?)"
            )
            args: list[object] = [project_id, project_id]
        else:
            view, args = "(SELECT id, label FROM subjects)", []
        columns = _columns(SUBJECT_COLUMNS, listing.columns)
        where, more = _where(SUBJECT_COLUMNS, listing.filters)
        if listing.readable is not None:
            where += f" AND (s.project {_AMONG} OR EXISTS ({_SHARED_SUBJECT} {_AMONG}))"
            more += [json.dumps(listing.readable)] * 2
        source = f"{view} v JOIN subjects s ON s.id = v.id"
        return self._select(columns, source, where, [*args, *more], listing)

    def list_experiments(
        self, listing: Listing, *, project_id: str = "", subject_id: str = "", session_id: str = ""
    ) -> tuple[str, Table]:
        """List experiments of a project (own and shared in), a subject, a session or the site.

        Rows that may not be read are dropped after the query, so a page can be shorter than its limit.

        Returns:
            The root type after narrowing by columns, and the table.

        Raises:
            QueryFailed: for a filter value that cannot be understood.
        """
        view, args = "(SELECT id, label, project FROM experiments)", list[object]()
        if project_id:
            view = (
                "(SELECT id, label, project FROM experiments WHERE project = ? UNION ALL"
                " SELECT experiment_id, label, project FROM experiment_shares WHERE project = ?)"
            )
            args = [project_id, project_id]
        columns = _columns(EXPERIMENT_COLUMNS, listing.columns)
        root = _narrowed(listing.root, columns)
        where, more = _where(EXPERIMENT_COLUMNS, listing.filters)
        where += f" AND e.xsi_type {_AMONG}"
        more.append(json.dumps(descendants(root) or [root]))
        for name, value in (("e.subject_id", subject_id), ("e.session_id", session_id)):
            if value:
                where += f" AND {name} = ?"
                more.append(value)
        source = (
            f"{view} v JOIN experiments e ON e.id = v.id LEFT JOIN experiments pe ON pe.id = e.session_id"
            " LEFT JOIN subjects sb ON sb.id = coalesce(e.subject_id, pe.subject_id)"
        )
        if any("sc." in column.sql for column in columns):
            source += " LEFT JOIN scans sc ON sc.session_id = e.id"
        if listing.readable is None:
            return root, self._select(columns, source, where, [*args, *more], listing)
        readable = f"e.project {_AMONG} OR EXISTS ({_SHARED_EXPERIMENT} {_AMONG})"
        among = json.dumps(listing.readable)
        seen = Column("", f"({readable})", (among, among))
        table = self._select([*columns, seen], source, where, [*args, *more], listing)
        return root, Table(table.columns[:-1], [row[:-1] for row in table.rows if row[-1] != "0"])

    def list_scans(self, listing: Listing, session_id: str) -> Table:
        """List the scans of a session; filters have no effect, as on a real server."""
        columns = _columns(SCAN_COLUMNS, listing.columns)
        root = _narrowed(listing.root, columns)
        where = f"sc.session_id = ? AND sc.xsi_type {_AMONG}"
        return self._select(columns, "scans sc", where, [session_id, json.dumps(descendants(root))], listing)

    def _select(
        self, columns: list[Column], source: str, where: str, args: list[object], listing: Listing
    ) -> Table:
        """Run a listing; every cell comes as text, NULL as an empty one."""
        cells = ", ".join(f"coalesce(CAST({column.sql} AS TEXT), '')" for column in columns) or "''"
        first: list[object] = [value for column in columns for value in column.args]
        sql = f"SELECT {cells} FROM {source} WHERE {where}"
        if listing.limit is not None:
            sql += f" LIMIT {int(listing.limit)} OFFSET {int(listing.offset)}"
        return Table([column.key for column in columns], self._rows(sql, *first, *args))

    def count_types(self, readable: Sequence[str] | None) -> dict[str, int]:
        """Count projects, subjects, experiments and scans by xsi:type; only readable ones if given."""
        counts = dict[str, int]()
        among = json.dumps(readable)
        for table, kind in (
            ("projects", "'xnat:projectData'"),
            ("subjects", "'xnat:subjectData'"),
            ("experiments", "xsi_type"),
        ):
            where = "" if readable is None else f"WHERE {'id' if table == 'projects' else 'project'} {_AMONG}"
            args = () if readable is None else (among,)
            counts |= dict(self._rows(f"SELECT {kind}, count(*) FROM {table} {where} GROUP BY 1", *args))
        where = (
            "" if readable is None else f"JOIN experiments e ON e.id = session_id WHERE e.project {_AMONG}"
        )
        args = () if readable is None else (among,)
        counts |= dict(self._rows(f"SELECT s.xsi_type, count(*) FROM scans s {where} GROUP BY 1", *args))
        return counts

    def scan_types(self, project_id: str = "") -> list[Row]:
        """Return (series description, type) pairs that scans have, in a project or on the site."""
        where = "WHERE e.project = ?" if project_id else ""
        sql = (
            "SELECT DISTINCT s.series_description, s.type FROM scans s"
            f" JOIN experiments e ON e.id = s.session_id {where} ORDER BY 1, 2"
        )
        return self._rows(sql, *([project_id] if project_id else []))

    def scanners(self) -> list[str]:
        """Return the names of all scanners."""
        sql = "SELECT DISTINCT json_extract(vals, '$.scanner') FROM experiments ORDER BY 1"
        return [row[0] for row in self._rows(sql) if row[0]]


def _where(shortcuts: Shortcuts, filters: Mapping[str, str]) -> tuple[str, list[object]]:
    parts, args = ["1"], list[object]()
    for name, value in filters.items():
        column = shortcuts.column(name)
        if column and value:
            sql, more = condition(column, value)
            parts.append(sql)
            args += more
    return " AND ".join(parts), args
