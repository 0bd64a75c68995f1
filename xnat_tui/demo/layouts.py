"""Names of files inside downloaded archives, in XNAT's four layouts."""

from __future__ import annotations

import re
from collections.abc import Iterable

from xnat_tui.demo.archive import Archive, Resource
from xnat_tui.demo.packing import Member


def members_of(
    archive: Archive, files: Iterable[tuple[Resource, str]], structure: str, prefix: str = ""
) -> list[Member]:
    """Return archive members for files, given as (resource, path in it).

    Args:
        archive: where they are stored.
        files: what to pack.
        structure: "simplified", "improved", "legacy", or anything else for the default.
        prefix: folders to put in front, with a slash at the end.
    """
    folders: dict[int, str] = {}
    found = []
    for resource, path in files:
        if resource.id not in folders:
            folders[resource.id] = prefix + _folder(archive, resource, structure)
        location = archive.file_location(resource.id, path)
        found.append(Member(f"{folders[resource.id]}/{path}", location))
    return found


def _folder(archive: Archive, resource: Resource, structure: str) -> str:
    """Return the folder of a resource in an archive."""
    label = resource.label or str(resource.id)
    top, middle = _top(archive, resource), _middle(archive, resource, structure)
    if structure == "simplified":
        return "/".join([*top, *(middle or ["resources"]), label])
    if structure == "improved":
        return "/".join([*(middle or ["resources"]), label])
    if structure == "legacy":
        return "/".join([*top, *(middle or ["RESOURCES"]), label])
    return "/".join([*top, *middle, "resources", label, "files"])


def _top(archive: Archive, resource: Resource) -> list[str]:
    """Return the first folder: the label of the session or subject, or the project."""
    owner = resource.owner
    if owner.kind == "project":
        return [owner.id]
    if owner.kind == "subject":
        subject = archive.subject(owner.id)
        return [subject.label if subject else owner.id]
    experiment = archive.experiment(owner.id)
    return [experiment.label if experiment else owner.id]


def _middle(archive: Archive, resource: Resource, structure: str) -> list[str]:
    """Return the folders of a scan or an assessor's box; none for other owners."""
    owner = resource.owner
    if owner.kind != "scan":
        return [resource.box] if resource.box else []
    scan = archive.scan(owner.id, owner.scan_id)
    kind = scan.type if scan else ""
    if structure == "improved":
        safe = re.sub(r'[/\\:*?"<>|]', "_", kind)
        return ["scans", f"{owner.scan_id}_{safe}" if safe else owner.scan_id]
    if structure in ("simplified", "legacy"):
        return ["SCANS" if structure == "legacy" else "scans", owner.scan_id]
    safe = re.sub(r"\W", "_", kind, flags=re.ASCII)
    return ["scans", f"{owner.scan_id}-{safe}" if safe else owner.scan_id]
