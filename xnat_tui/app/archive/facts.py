"""The facts of one thing as names and texts, for the details panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xnat_tui.app.archive.columns import count_text, type_name
from xnat_tui.app.archive.detail import Facts, known_facts
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.app.text import date, human_size
from xnat_tui.models.session import modality_of

if TYPE_CHECKING:
    from datetime import datetime

    from xnat_tui.models.project import Project
    from xnat_tui.models.scan import Scan
    from xnat_tui.models.session import Session
    from xnat_tui.models.subject import Subject

_SHOWN_OF_ASSESSORS = frozenset(
    {"xsitype", "id", "project", "label", "imagesession_id", "date", "time", "note", "insert_user"}
)
"""Fields of an assessor, in lower case, that its facts tell already."""


def subtitle(ref: NodeRef) -> str:
    """What the thing is, in a word or two."""
    shared = f" · shared from {ref.owner}" if ref.owner else ""
    if ref.kind in (Kind.SESSION, Kind.ASSESSOR):
        xsi_type = _text(ref, "xsi_type")
        parts = [modality_of(xsi_type) or type_name(xsi_type) or ref.kind.value, date(_text(ref, "date"))]
        return " · ".join(part for part in parts if part)
    return f"scan {ref.id}" if ref.kind is Kind.SCAN else f"{ref.kind.value}{shared}"


def of_project(project: Project, sessions: str) -> Facts:
    """A project's facts; `sessions` says how many sessions there are of which type."""
    return known_facts(
        [
            ("id", project.id),
            ("title", project.name if project.name != project.id else ""),
            ("investigator", project.pi),
            ("access", project.accessibility),
            ("subjects", count_text(project.subject_count)),
            ("sessions", sessions),
            ("keywords", project.keywords),
        ]
    )


def of_subject(subject: Subject, shown_in: str) -> Facts:
    """A subject's facts; its owner is one where that is not the project it is shown in."""
    return known_facts(
        [
            ("accession", subject.id),
            ("sessions", count_text(subject.session_count)),
            ("owner", subject.project if subject.project != shown_in else ""),
            ("shared into", ", ".join(subject.shared_into)),
            ("group", subject.group),
            ("gender", subject.gender),
            ("born", str(subject.dob or subject.yob or "")),
            ("age", count_text(subject.age)),
            ("handedness", subject.handedness),
            ("entered", _entered(subject.insert_date, subject.insert_user)),
        ]
    )


def of_experiment(session: Session, shown_in: str) -> Facts:
    """The facts of a session, an assessor or another experiment shown in some project."""
    return known_facts(
        [
            ("accession", session.id),
            ("scanner", _scanner(session)),
            ("owner", session.project if session.project != shown_in else ""),
            ("shared into", ", ".join(session.shared_into)),
            ("date", f"{session.session_date or ''} {session.session_time}".strip()),
            ("visit", session.visit_id),
            ("operator", session.operator),
            ("scans", count_text(session.scan_count) if session.modality else ""),
            ("entered", _entered(session.insert_date, session.insert_user)),
            ("study UID", session.study_uid),
        ]
    )


def of_scan(scan: Scan) -> Facts:
    """A scan's facts."""
    return known_facts(
        [
            ("id", scan.scan_id),
            ("type", scan.type),
            ("quality", scan.quality),
            ("files", _amount(scan.file_count, scan.size_bytes)),
            ("frames", count_text(scan.frames)),
            ("started", scan.start_time),
            ("series", scan.series_description),
            ("voxel", _measures(scan, ("voxelRes/x", "voxelRes/y", "voxelRes/z"), " x ", "mm")),
            ("TR / TE", _measures(scan, ("tr", "te"), " / ", "ms")),
            ("series UID", scan.series_uid),
        ]
    )


def of_resource(ref: NodeRef) -> Facts:
    """A resource's facts, all from its listing."""
    return known_facts(
        [
            ("id", ref.id),
            ("files", count_text(ref.count)),
            ("format", _text(ref, "format")),
            ("size", human_size(ref.size_bytes)),
            ("content", _text(ref, "content")),
            ("tags", _text(ref, "tags")),
        ]
    )


def of_file(ref: NodeRef) -> Facts:
    """A file's facts, all from its listing."""
    exact = f" ({count_text(ref.size_bytes)} bytes)" if ref.size_bytes and ref.size_bytes > 999 else ""
    return known_facts(
        [
            ("size", human_size(ref.size_bytes) + exact),
            ("format", _text(ref, "file_format")),
            ("content", _text(ref, "file_content")),
            ("tags", _text(ref, "file_tags")),
            ("resource", _text(ref, "collection")),
            ("digest", _text(ref, "digest")),
            ("URI", _text(ref, "uri")),
        ]
    )


def values_of_assessor(assessor: Session) -> Facts:
    """What an assessor says: its own fields, by XNAT's names, whatever type it is."""
    fields = assessor.raw.items()
    return known_facts(
        (name, str(value)) for name, value in fields if name.lower() not in _SHOWN_OF_ASSESSORS
    )


def totals(scans: list[NodeRef]) -> Facts:
    """Files and bytes of all scans together, as far as their listings count them."""
    files = sum(scan.count or 0 for scan in scans)
    size_bytes = sum(scan.size_bytes or 0 for scan in scans)
    return (("files", _amount(files, size_bytes)),) if files else ()


def _amount(files: int | None, size_bytes: int | None) -> str:
    return " · ".join(part for part in (count_text(files), human_size(size_bytes)) if part)


def _scanner(session: Session) -> str:
    model, site = str(session.raw.get("scanner/model", "")), str(session.raw.get("acquisition_site", ""))
    return " · ".join(part for part in (model or session.scanner, site) if part)


def _measures(scan: Scan, names: tuple[str, ...], separator: str, unit: str) -> str:
    """Numbers that describe a scan's protocol, in one line with their unit."""
    known = [scan.raw.get(f"parameters/{name}") for name in names]
    numbers = [f"{value:g}" for value in known if isinstance(value, int | float)]
    return f"{separator.join(numbers)} {unit}" if numbers else ""


def sessions_by_type(types: list[str]) -> str:
    """How many sessions there are, with the modalities: `7 · 5 MR, 2 PET`; "" when there are none."""
    counts: dict[str, int] = {}
    for xsi_type in types:
        name = modality_of(xsi_type) or type_name(xsi_type)
        counts[name] = counts.get(name, 0) + 1
    parts = ", ".join(
        f"{count_text(count)} {name}" for name, count in sorted(counts.items(), key=lambda one: -one[1])
    )
    return f"{count_text(len(types))} · {parts}" if types else ""


def _entered(when: datetime | None, by: str) -> str:
    day = f"{when:%Y-%m-%d %H:%M}" if when else ""
    return f"{day} by {by}" if day and by else day


def _text(ref: NodeRef, name: str) -> str:
    return str(getattr(ref.row, name, ""))
