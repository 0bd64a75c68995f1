"""Where resources lie on the disk: the layout of the server's own ZIP, extended to what that leaves open.

    <session>/scans/<id>-<type>/resources/<label>/files/...       a scan; the type's odd characters become "_"
    <session>/resources/<label>/files/...                         the session itself
    <session>/assessors/<assessor>/[out/]resources/<label>/files/...
    <subject>/resources/<label>/files/...                         the subject itself, when it is downloaded
    <subject>/<session>/...                                       its sessions then
    <project>/resources/<label>/files/...                         the project itself, when it is downloaded
    <project>/<subject>/...                                       its subjects then

A scan without a type is `<id>` alone, a resource without a label is its number. When two resources would get
the same folder (equal labels, or labels that differ in case only), the second has "~" and its number behind
its own. A resource keeps the folder it was first given, even when the scan's type is edited later.
"""

from __future__ import annotations

import re

from xnat_tui.models.rows import ResourceRow
from xnat_tui.transfers.download.safe_unpack import safe_name


def place_folder(*labels: str) -> str:
    """Return the folder of a session, subject or project below those that it is in."""
    return "/".join(safe_name(label) for label in labels)


def scan_folder(place: str, scan_id: str, scan_type: str) -> str:
    """Return the folder of a scan in that of its session."""
    kind = re.sub(r"\W", "_", scan_type.strip(), flags=re.ASCII)
    return f"{place}/scans/{safe_name(f'{scan_id}-{kind}' if kind else scan_id)}"


def assessor_folder(place: str, label: str, box: str) -> str:
    """Return the folder of an assessor in that of its session; `box` is "out", "in", or "" for neither."""
    return "/".join(part for part in (place, "assessors", safe_name(label), box) if part)


def resource_folder(place: str, row: ResourceRow) -> str:
    """Return the folder with the files of a resource, in that of what it belongs to."""
    return f"{place}/resources/{safe_name(row.label or row.id)}/files"
