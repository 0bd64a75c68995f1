"""Reads what the tabs of the details panel show of one thing. Every method blocks."""

from __future__ import annotations

from collections.abc import Callable

from xnat_tui.app.archive import facts
from xnat_tui.app.archive.detail import Detail, Facts, Section, child_tables, fact_group, prose
from xnat_tui.app.archive.file_listing import FileListing, list_files
from xnat_tui.app.archive.history import History, read_history
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.app.archive.parts import Content, Part
from xnat_tui.app.archive.places import place_of, project_of, resource_of, session_of
from xnat_tui.app.archive.preview import Preview, read_preview
from xnat_tui.app.archive.table import Head, Table
from xnat_tui.app.text import plural
from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import PermissionDeniedError
from xnat_tui.models.rows import FileRow
from xnat_tui.services.history import HistoryService
from xnat_tui.services.projects import ProjectService
from xnat_tui.services.resources import ResourceService
from xnat_tui.services.scans import ScanService
from xnat_tui.services.sessions import SessionService
from xnat_tui.services.subjects import SubjectService

_MOST_SUBJECTS = 2000
"""Subjects of a project above which its sessions are not counted: XNAT can only list them all."""

_MEMBER_HEADS = (Head("login"), Head("name"), Head("group"))

_Facts = tuple[Facts, tuple[Section, ...]]


class Inspector:
    """Details, files, history and previews of one server's things; may raise an XnatTuiError."""

    def __init__(self, client: XNATClient, next_level: Callable[[NodeRef], list[NodeRef]]) -> None:
        """Prepare it; nothing is sent.

        Args:
            client: the server.
            next_level: lists the main children of a thing.
        """
        self._next_level = next_level
        self._projects = ProjectService(client)
        self._subjects = SubjectService(client)
        self._sessions = SessionService(client)
        self._scans = ScanService(client)
        self._resources = ResourceService(client)
        self._history = HistoryService(client)

    def read(self, part: Part, ref: NodeRef) -> Content:
        """One part of what the details panel shows of a thing."""
        match part:
            case Part.FACTS:
                return self.detail(ref)
            case Part.PREVIEW:
                return self.preview(ref)
            case Part.FILES:
                return self.files(ref)
            case Part.HISTORY:
                return self.history(ref)

    def detail(self, ref: NodeRef) -> Detail:
        """The facts of a thing and a table of the next level.

        A project's subjects are not listed for it: there may be 100 000.
        """
        known, sections = self._facts(ref)
        below = [] if ref.kind is Kind.PROJECT else self._next_level(ref)
        if ref.kind is Kind.SESSION:
            known = (*known, *facts.totals(below))
        return Detail(ref.label, facts.subtitle(ref), known, child_tables(below), sections)

    def files(self, ref: NodeRef) -> FileListing:
        """All files of a thing with sizes and digests, in one request; of a file just itself."""
        if isinstance(ref.row, FileRow):
            return list_files([ref.row], across=False)
        if ref.kind is Kind.RESOURCE:
            return list_files(self._resources.file_rows(**resource_of(ref)), across=False)
        return list_files(self._resources.all_file_rows(**place_of(ref)), across=True)

    def history(self, ref: NodeRef) -> History:
        """What was done to a thing, or to the nearest one around it that has a history."""
        return read_history(self._history, ref)

    def preview(self, ref: NodeRef) -> Preview:
        """The beginning of a file as people want to see it; reads no more than that."""
        names = resource_of(ref)
        return read_preview(
            ref, lambda limit: self._resources.read_start(path=ref.id, limit_bytes=limit, **names)
        )

    def _facts(self, ref: NodeRef) -> _Facts:
        match ref.kind:
            case Kind.PROJECT:
                return self._of_project(ref.id)
            case Kind.SUBJECT:
                subject = self._subjects.get(ref.id, project=project_of(ref))
                custom = fact_group("custom variables", subject.custom_variables.items())
                return facts.of_subject(subject, project_of(ref)), custom
            case Kind.SESSION | Kind.ASSESSOR:
                return self._of_experiment(ref)
            case Kind.SCAN:
                scan = self._scans.get(session_of(ref), ref.id)
                custom = fact_group("custom variables", scan.custom_variables.items())
                return facts.of_scan(scan), (*custom, *prose("note", scan.note))
            case Kind.RESOURCE:
                return facts.of_resource(ref), ()
            case Kind.FILE:
                return facts.of_file(ref), ()
        return (), ()

    def _of_project(self, project_id: str) -> _Facts:
        project = self._projects.get(project_id)
        sessions = ""
        if project.subject_count is not None and project.subject_count <= _MOST_SUBJECTS:
            sessions = facts.sessions_by_type([row.xsi_type for row in self._sessions.rows(project_id)])
        sections: tuple[Section, ...] = (
            *prose("description", project.description),
            *self._members(project_id),
            *fact_group("custom variables", project.custom_variables.items()),
        )
        return facts.of_project(project, sessions), sections

    def _members(self, project_id: str) -> tuple[Section, ...]:
        """The users of a project, unless the site keeps them from those who may not edit it."""
        try:
            members = self._projects.users(project_id)
        except PermissionDeniedError:
            return prose("users", "The site shows them to owners only.")
        rows = [(row.login, f"{row.firstname} {row.lastname}".strip(), row.group_name) for row in members]
        return (Table.of(plural(len(rows), "user"), _MEMBER_HEADS, rows),) if rows else ()

    def _of_experiment(self, ref: NodeRef) -> _Facts:
        experiment = self._sessions.get(ref.id)
        known = facts.of_experiment(experiment, project_of(ref))
        if ref.kind is Kind.ASSESSOR:
            known = (*known, *facts.values_of_assessor(experiment))
        sections: tuple[Section, ...] = (
            *fact_group("custom variables", experiment.custom_variables.items()),
            *prose("note", experiment.note),
        )
        return known, sections
