"""The facts of one thing as names and texts, for the details panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xnat_tui.app.archive.columns import count_text, type_name
from xnat_tui.app.archive.detail import known_facts
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.app.text import date, human_size
from xnat_tui.models.session import modality_of

if TYPE_CHECKING:
    from datetime import datetime

    from xnat_tui.models.project import Project
    from xnat_tui.models.scan import Scan
    from xnat_tui.models.session import Session
    from xnat_tui.models.subject import Subject

Facts = tuple[tuple[str, str], ...]


def subtitle(ref: NodeRef) -> str:
    """What the thing is, in a word or two."""
    shared = f" · shared from {ref.owner}" if ref.owner else ""
    if ref.kind in (Kind.SESSION, Kind.ASSESSOR):
        xsi_type = _text(ref, "xsi_type")
        parts = [modality_of(xsi_type) or type_name(xsi_type) or ref.kind.value, date(_text(ref, "date"))]
        return " · ".join(part for part in parts if part)
    return f"scan {ref.id}" if ref.kind is Kind.SCAN else f"{ref.kind.value}{shared}"


def of_project(project: Project) -> Facts:
    """A project's facts."""
    return known_facts(
        [
            ("id", project.id),
            ("title", project.name),
            ("investigator", project.pi),
            ("access", project.accessibility),
            ("subjects", count_text(project.subject_count)),
            ("keywords", project.keywords),
            ("description", project.description),
        ]
    )


def of_subject(subject: Subject) -> Facts:
    """A subject's facts, with the project's own variables."""
    return known_facts(
        [
            ("accession", subject.id),
            ("owner", subject.project),
            ("shared into", ", ".join(subject.shared_into)),
            ("group", subject.group),
            ("gender", subject.gender),
            ("born", str(subject.dob or subject.yob or "")),
            ("age", count_text(subject.age)),
            ("handedness", subject.handedness),
            ("sessions", count_text(subject.session_count)),
            ("entered", _entered(subject.insert_date, subject.insert_user)),
            *subject.custom_variables.items(),
        ]
    )


def of_experiment(session: Session) -> Facts:
    """The facts of a session, an assessor or another experiment, with the project's own variables."""
    return known_facts(
        [
            ("accession", session.id),
            ("owner", session.project),
            ("shared into", ", ".join(session.shared_into)),
            ("date", f"{session.session_date or ''} {session.session_time}".strip()),
            ("visit", session.visit_id),
            ("scanner", session.scanner),
            ("operator", session.operator),
            ("scans", count_text(session.scan_count) if session.modality else ""),
            ("study UID", session.study_uid),
            ("entered", _entered(session.insert_date, session.insert_user)),
            ("note", session.note),
            *session.custom_variables.items(),
        ]
    )


def of_scan(scan: Scan) -> Facts:
    """A scan's facts."""
    return known_facts(
        [
            ("id", scan.scan_id),
            ("series", scan.series_description),
            ("type", scan.type),
            ("quality", scan.quality),
            ("frames", count_text(scan.frames)),
            ("files", count_text(scan.file_count)),
            ("size", human_size(scan.size_bytes)),
            ("started", scan.start_time),
            ("series UID", scan.series_uid),
            ("note", scan.note),
            *scan.custom_variables.items(),
        ]
    )


def of_resource(ref: NodeRef) -> Facts:
    """A resource's facts, all from its listing."""
    return known_facts(
        [
            ("id", ref.id),
            ("format", _text(ref, "format")),
            ("content", _text(ref, "content")),
            ("files", count_text(ref.count)),
            ("size", human_size(ref.size_bytes)),
            ("tags", _text(ref, "tags")),
        ]
    )


def of_file(ref: NodeRef) -> Facts:
    """A file's facts, all from its listing."""
    exact = f" ({count_text(ref.size_bytes)} bytes)" if ref.size_bytes and ref.size_bytes > 999 else ""
    return known_facts(
        [
            ("path", ref.id),
            ("size", human_size(ref.size_bytes) + exact),
            ("digest", _text(ref, "digest")),
            ("format", _text(ref, "file_format")),
            ("content", _text(ref, "file_content")),
            ("tags", _text(ref, "file_tags")),
            ("resource", _text(ref, "collection")),
            ("URI", _text(ref, "uri")),
        ]
    )


def _entered(when: datetime | None, by: str) -> str:
    day = f"{when:%Y-%m-%d %H:%M}" if when else ""
    return f"{day} by {by}" if day and by else day


def _text(ref: NodeRef, name: str) -> str:
    return str(getattr(ref.row, name, ""))
