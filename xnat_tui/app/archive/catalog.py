"""What lies in what on a server: the services in the tree's terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from xnat_tui.app.archive.nodes import Kind, NodeRef, Standing, in_sections
from xnat_tui.app.archive.places import place_of, project_of, resource_of
from xnat_tui.app.text import number
from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import PermissionDeniedError, ResourceNotFoundError
from xnat_tui.models.rows import ExperimentRow, FileRow, ResourceRow
from xnat_tui.models.scan import Scan
from xnat_tui.services.projects import ProjectService
from xnat_tui.services.resources import ResourceService
from xnat_tui.services.scans import ScanService
from xnat_tui.services.sessions import SessionService
from xnat_tui.services.subjects import SubjectService

_MANY_PROJECTS = 40
"""Projects from which on a list begins with the user's own ones."""

_MOST_SUBJECTS = 30_000
"""Subjects of a project above which nobody counts their sessions: XNAT can only list them all."""


class Catalog:
    """The hierarchy of one server. Every method blocks and may raise an XnatTuiError."""

    def __init__(self, client: XNATClient) -> None:
        self._projects = ProjectService(client)
        self._subjects = SubjectService(client)
        self._sessions = SessionService(client)
        self._scans = ScanService(client)
        self._resources = ResourceService(client)

    def children(self, ref: NodeRef) -> list[NodeRef]:
        """Everything directly in a thing: the next level first, then assessors, then resources."""
        match ref.kind:
            case Kind.SESSION if is_imaging(ref):
                scans, resources = self._scans.list_with_resources(ref.id)
                assessors = _experiments(Kind.ASSESSOR, self._sessions.assessor_rows(ref.id), ref)
                return [*_scans(scans, ref), *assessors, *_resources(resources, ref)]
            case Kind.PROJECT | Kind.SUBJECT | Kind.SESSION:
                return [*self.next_level(ref), *self._resources_of(ref)]
        return self.next_level(ref)

    def next_level(self, ref: NodeRef) -> list[NodeRef]:
        """The main children of a thing."""
        match ref.kind:
            case Kind.SITE:
                return [NodeRef(Kind.PROJECT, row.id, row.id, ref, row) for row in self._projects.rows()]
            case Kind.PROJECT:
                subjects = self._subjects.rows(ref.id)
                return [NodeRef(Kind.SUBJECT, row.id, row.label or row.id, ref, row) for row in subjects]
            case Kind.SUBJECT:
                sessions = self._sessions.rows(project_of(ref), subject=ref.id)
                return _experiments(Kind.SESSION, sessions, ref)
            case Kind.SESSION if is_imaging(ref):
                return _scans(self._scans.list(ref.id), ref)
            case Kind.SCAN | Kind.ASSESSOR:
                return self._resources_of(ref)
            case Kind.RESOURCE:
                return [_file(row, ref) for row in self._resources.file_rows(**resource_of(ref))]
        return []

    def enrich(self, ref: NodeRef, children: Sequence[NodeRef]) -> list[NodeRef] | None:
        """The children of a thing with what their listing does not say; None where there is nothing to add.

        Projects come with the user's favourites and own ones first, subjects with the number of their
        sessions, sessions with the project that owns them.
        """
        match ref.kind:
            case Kind.SITE:
                return self._with_standing(children)
            case Kind.PROJECT if 0 < len(children) <= _MOST_SUBJECTS:
                return _with_counts(children, self._sessions.count_by_subject(ref.id))
            case Kind.SUBJECT if any(child.kind is Kind.SESSION for child in children):
                return _with_owners(children, self._sessions.owners(ref.id))
        return None

    def count(self, ref: NodeRef) -> int | None:
        """How many subjects a project has; None when the user may not know."""
        try:
            return self._projects.count_subjects(ref.id)
        except (PermissionDeniedError, ResourceNotFoundError):
            return None

    def set_favourite(self, ref: NodeRef, wanted: bool) -> None:
        """Make a project one of the user's favourites on the server, or no longer one."""
        self._projects.set_favorite(ref.id, wanted)

    def _resources_of(self, ref: NodeRef) -> list[NodeRef]:
        return _resources(self._resources.rows(**place_of(ref)), ref)

    def _with_standing(self, projects: Sequence[NodeRef]) -> list[NodeRef] | None:
        try:
            favorites = self._projects.favorites()
        except (PermissionDeniedError, ResourceNotFoundError):
            favorites = set()
        own = self._projects.roles() if len(projects) >= _MANY_PROJECTS else {}
        sections = {id: Standing.YOURS for id in own} | {id: Standing.FAVOURITE for id in favorites}
        if not sections and not any(ref.standing for ref in projects):
            return None
        rest = Standing.OTHER if sections else None
        return in_sections([replace(ref, standing=sections.get(ref.id, rest)) for ref in projects])


def is_imaging(ref: NodeRef) -> bool:
    """Whether a session is one of images; other experiments have neither scans nor assessors."""
    return str(getattr(ref.row, "xsi_type", "")).endswith("SessionData")


def _with_counts(children: Iterable[NodeRef], counts: Mapping[str, int]) -> list[NodeRef]:
    return [
        replace(ref, count=counts.get(ref.id, 0)) if ref.kind is Kind.SUBJECT else ref for ref in children
    ]


def _with_owners(children: Iterable[NodeRef], owners: Mapping[str, str]) -> list[NodeRef] | None:
    """The children with the owning project in place of the one they are listed in, where that is another."""
    found = [
        replace(ref, row=replace(ref.row, project=owners[ref.id]))
        if isinstance(ref.row, ExperimentRow) and owners.get(ref.id, ref.row.project) != ref.row.project
        else ref
        for ref in children
    ]
    return found if any(ref.owner for ref in found) else None


def _experiments(kind: Kind, rows: Iterable[ExperimentRow], parent: NodeRef) -> list[NodeRef]:
    return [NodeRef(kind, row.id, row.label or row.id, parent, row) for row in rows]


def _scans(scans: Iterable[Scan], parent: NodeRef) -> list[NodeRef]:
    return [
        NodeRef(
            Kind.SCAN,
            scan.scan_id,
            scan.series_description or scan.type,
            parent,
            scan,
            scan.file_count,
            scan.size_bytes,
        )
        for scan in scans
    ]


def _resources(rows: Iterable[ResourceRow], parent: NodeRef) -> list[NodeRef]:
    return [
        NodeRef(
            Kind.RESOURCE,
            row.id,
            row.label or f"(no label, {row.id})",
            parent,
            row,
            number(row.file_count),
            number(row.file_size),
        )
        for row in rows
    ]


def _file(row: FileRow, parent: NodeRef) -> NodeRef:
    return NodeRef(Kind.FILE, row.path, row.path, parent, row, size_bytes=number(row.size))
