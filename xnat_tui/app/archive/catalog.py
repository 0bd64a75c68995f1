"""What lies in what on a server, and what is worth knowing of it: the services in the tree's terms."""

from __future__ import annotations

from collections.abc import Iterable

from xnat_tui.app.archive import facts
from xnat_tui.app.archive.detail import Detail, child_tables
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.app.text import number
from xnat_tui.core.client import XNATClient
from xnat_tui.models.rows import ExperimentRow, FileRow, ResourceRow
from xnat_tui.services.projects import ProjectService
from xnat_tui.services.resources import ResourceService
from xnat_tui.services.scans import ScanService
from xnat_tui.services.sessions import SessionService
from xnat_tui.services.subjects import SubjectService


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
        return [*self._next_level(ref), *self._beside(ref)]

    def detail(self, ref: NodeRef) -> Detail:
        """The facts of a thing and a table of the next level.

        A project's subjects are not listed for it: there may be 100 000.
        """
        title, subtitle = ref.label, facts.subtitle(ref)
        known = self._facts(ref)
        below = [] if ref.kind is Kind.PROJECT else self._next_level(ref)
        return Detail(title, subtitle, known, child_tables(below))

    def _next_level(self, ref: NodeRef) -> list[NodeRef]:
        match ref.kind:
            case Kind.SITE:
                return [NodeRef(Kind.PROJECT, row.id, row.id, ref, row) for row in self._projects.rows()]
            case Kind.PROJECT:
                subjects = self._subjects.rows(ref.id)
                return [NodeRef(Kind.SUBJECT, row.id, row.label or row.id, ref, row) for row in subjects]
            case Kind.SUBJECT:
                sessions = self._sessions.rows(_project_of(ref), subject=ref.id)
                return _experiments(Kind.SESSION, sessions, ref)
            case Kind.SESSION if is_imaging(ref):
                return self._scans_of(ref)
            case Kind.SCAN | Kind.ASSESSOR:
                return self._resources_of(ref)
            case Kind.RESOURCE:
                return self._files_of(ref)
        return []

    def _beside(self, ref: NodeRef) -> list[NodeRef]:
        match ref.kind:
            case Kind.PROJECT | Kind.SUBJECT:
                return self._resources_of(ref)
            case Kind.SESSION if is_imaging(ref):
                assessors = _experiments(Kind.ASSESSOR, self._sessions.assessor_rows(ref.id), ref)
                return [*assessors, *self._resources_of(ref)]
            case Kind.SESSION:
                return self._resources_of(ref)
        return []

    def _scans_of(self, ref: NodeRef) -> list[NodeRef]:
        return [
            NodeRef(
                Kind.SCAN,
                scan.scan_id,
                scan.series_description or scan.type,
                ref,
                scan,
                scan.file_count,
                scan.size_bytes,
            )
            for scan in self._scans.list(ref.id)
        ]

    def _resources_of(self, ref: NodeRef) -> list[NodeRef]:
        return [_resource(row, ref) for row in self._resources.rows(**_place(ref))]

    def _files_of(self, ref: NodeRef) -> list[NodeRef]:
        assert ref.parent is not None
        rows = self._resources.file_rows(resource_label=ref.id, **{"session_id": None, **_place(ref.parent)})
        return [_file(row, ref) for row in rows]

    def _facts(self, ref: NodeRef) -> tuple[tuple[str, str], ...]:
        match ref.kind:
            case Kind.PROJECT:
                return facts.of_project(self._projects.get(ref.id))
            case Kind.SUBJECT:
                return facts.of_subject(self._subjects.get(ref.id, project=_project_of(ref)))
            case Kind.SESSION | Kind.ASSESSOR:
                return facts.of_experiment(self._sessions.get(ref.id))
            case Kind.SCAN:
                return facts.of_scan(self._scans.get(_session_of(ref), ref.id))
            case Kind.RESOURCE:
                return facts.of_resource(ref)
            case Kind.FILE:
                return facts.of_file(ref)
        return ()


def is_imaging(ref: NodeRef) -> bool:
    """Whether a session is one of images; other experiments have neither scans nor assessors."""
    return str(getattr(ref.row, "xsi_type", "")).endswith("SessionData")


def _experiments(kind: Kind, rows: Iterable[ExperimentRow], parent: NodeRef) -> list[NodeRef]:
    return [NodeRef(kind, row.id, row.label or row.id, parent, row) for row in rows]


def _resource(row: ResourceRow, parent: NodeRef) -> NodeRef:
    label = row.label or f"(no label, {row.id})"
    return NodeRef(Kind.RESOURCE, row.id, label, parent, row, number(row.file_count), number(row.file_size))


def _file(row: FileRow, parent: NodeRef) -> NodeRef:
    return NodeRef(Kind.FILE, row.path, row.path, parent, row, size_bytes=number(row.size))


def _place(ref: NodeRef) -> dict[str, str]:
    """How the resource service names this thing."""
    match ref.kind:
        case Kind.PROJECT:
            return {"project": ref.id}
        case Kind.SUBJECT:
            return {"project": _project_of(ref), "subject_id": ref.id}
        case Kind.SESSION:
            return {"session_id": ref.id}
        case Kind.SCAN:
            return {"session_id": _session_of(ref), "scan_id": ref.id}
    return {"session_id": _session_of(ref), "assessor_id": ref.id}


def _project_of(ref: NodeRef) -> str:
    return _id_of(ref, Kind.PROJECT)


def _session_of(ref: NodeRef) -> str:
    return _id_of(ref, Kind.SESSION)


def _id_of(ref: NodeRef, kind: Kind) -> str:
    around = ref.nearest(kind)
    assert around is not None, f"a {ref.kind} outside of any {kind}"
    return around.id
