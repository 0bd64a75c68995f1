"""The rules by which a session of the prearchive may join the archive, and XNAT's words when it may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xnat_tui.demo.archive import Archive, Experiment, Owner, PrearchiveFile, Scan
from xnat_tui.demo.ingest.building import free_scan_id
from xnat_tui.demo.ingest.wishes import Overwrite
from xnat_tui.demo.refusal import Refusal

_MODIFIED = "Invalid modification of session {} via archive process: {}"


@dataclass(frozen=True)
class Target:
    """Where a session of the prearchive is to go in the archive.

    Attributes:
        subject_id: accession id of the subject; empty when it is still to be made.
        experiment: the session that is there already under the label, or None.
    """

    project: str
    subject_label: str
    subject_id: str
    label: str
    experiment: Experiment | None


def check_merge(archive: Archive, target: Target, document: Mapping[str, Any], overwrite: Overwrite) -> None:
    """Refuse to join a session that is there, in XNAT's order of checks; files are `check_files`.

    Raises:
        Refusal: 409 with the reason.
    """
    there = target.experiment
    if there is None:
        return
    if not overwrite.merge:
        raise Refusal(409, "Session already exists, retry with overwrite enabled")
    if there.project != target.project:
        raise Refusal(409, _MODIFIED.format("project", there.project))
    if there.subject_id != target.subject_id:
        subject = archive.subject(there.subject_id)
        raise Refusal(409, _MODIFIED.format("subject", subject.label if subject else there.subject_id))
    uid = there.values.get("UID", "")
    if uid and uid != document["values"].get("UID", "") and not overwrite.override:
        raise Refusal(409, _MODIFIED.format("UID", uid))
    if there.xsi_type != document["xsi_type"] and not overwrite.override:
        raise Refusal(409, _MODIFIED.format("modality", there.xsi_type))


def scan_ids(
    archive: Archive, target: Target, scans: Sequence[Mapping[str, Any]]
) -> list[tuple[str, Scan | None]]:
    """Return for each scan the id that it gets in the archive, and the scan there that it joins, if any.

    A scan joins the one of its number if that is of the same series. Else it is renamed `5-MR1`.
    """
    known = {scan.id: scan for scan in archive.scans(target.experiment.id)} if target.experiment else {}
    taken = dict.fromkeys([*known, *(scan["id"] for scan in scans)])
    found: list[tuple[str, Scan | None]] = []
    for scan in scans:
        there = known.get(scan["id"])
        if there is None or _is_same_series(there, scan):
            found.append((scan["id"], there))
            continue
        renamed = next((each for each in known.values() if _is_renamed(each, scan)), None)
        modality = str(scan["values"].get("modality", ""))
        scan_id = renamed.id if renamed else free_scan_id(scan["id"], modality, taken)
        taken[scan_id] = None
        found.append((scan_id, renamed))
    return found


def _is_same_series(there: Scan, scan: Mapping[str, Any]) -> bool:
    uid = there.values.get("UID", "")
    return not uid or uid == scan["values"].get("UID", "")


def _is_renamed(there: Scan, scan: Mapping[str, Any]) -> bool:
    """Tell whether a scan is what the other became when it came for the first time."""
    return there.id.startswith(f"{scan['id']}-") and there.values.get("UID") == scan["values"].get("UID", "")


def check_files(archive: Archive, there: Scan, files: Sequence[PrearchiveFile], overwrite: Overwrite) -> None:
    """Refuse files whose names the archived scan has already, unless they may be replaced.

    Raises:
        Refusal: 409.
    """
    if overwrite.files or overwrite.override:
        return
    names = {file.name for file in files}
    for resource in archive.resources(Owner.scan(there.session_id, there.id)):
        if resource.label in {file.resource for file in files} and any(
            stored.path in names for stored in archive.files(resource.id)
        ):
            raise Refusal(409, "Session already exists with matching files.")
