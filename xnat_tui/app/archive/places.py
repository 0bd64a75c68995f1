"""Where a thing lies, in the words of the services: its project, its session, its place of resources."""

from __future__ import annotations

from typing import Any

from xnat_tui.app.archive.nodes import Kind, NodeRef


def place_of(ref: NodeRef) -> dict[str, str]:
    """How the resource service names a thing that has resources, from a project down to a scan."""
    match ref.kind:
        case Kind.PROJECT:
            return {"project": ref.id}
        case Kind.SUBJECT:
            return {"project": project_of(ref), "subject_id": ref.id}
        case Kind.SESSION:
            return {"session_id": ref.id}
        case Kind.SCAN:
            return {"session_id": session_of(ref), "scan_id": ref.id}
    return {"session_id": session_of(ref), "assessor_id": ref.id}


def resource_of(ref: NodeRef) -> dict[str, Any]:
    """How the resource service names a resource, or the one that a file lies in."""
    resource = ref.nearest(Kind.RESOURCE)
    assert resource is not None and resource.parent is not None, f"a {ref.kind} outside of any resource"
    return {"session_id": None, **place_of(resource.parent), "resource_label": resource.id}


def project_of(ref: NodeRef) -> str:
    """ID of the project that a thing is shown in."""
    return _id_of(ref, Kind.PROJECT)


def session_of(ref: NodeRef) -> str:
    """Accession id of the session that a thing lies in."""
    return _id_of(ref, Kind.SESSION)


def _id_of(ref: NodeRef, kind: Kind) -> str:
    around = ref.nearest(kind)
    assert around is not None, f"a {ref.kind} outside of any {kind}"
    return around.id
