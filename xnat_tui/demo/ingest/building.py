"""Builds a session: one document of it and of its scans, made of the headers of its files.

The document is a plain JSON object: `xsi_type`, `date`, `time`, `values` by the schema's paths, and `scans`,
each with `id`, `xsi_type`, `series_description` and `values`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from xnat_tui.demo.archive import PrearchiveFile
from xnat_tui.demo.ingest.modalities import leading_modality, scan_type, session_type

Document = dict[str, Any]
Facts = Mapping[str, str]

_SESSION_VALUES = {
    "UID": "StudyInstanceUID",
    "session_type": "StudyDescription",
    "scanner": "StationName",
    "scanner/manufacturer": "Manufacturer",
    "scanner/model": "ManufacturerModelName",
    "operator": "OperatorsName",
    "acquisition_site": "InstitutionName",
    "dcmAccessionNumber": "AccessionNumber",
    "dcmPatientId": "PatientID",
    "dcmPatientName": "PatientName",
}
_SCAN_VALUES = {
    "UID": "SeriesInstanceUID",
    "modality": "Modality",
    "scanner": "StationName",
    "scanner/manufacturer": "Manufacturer",
    "scanner/model": "ManufacturerModelName",
    "operator": "OperatorsName",
    "protocolName": "ProtocolName",
    "bodyPartExamined": "BodyPartExamined",
}
_MR_VALUES = {
    "parameters/tr": "RepetitionTime",
    "parameters/te": "EchoTime",
    "parameters/ti": "InversionTime",
    "parameters/flip": "FlipAngle",
}


def group_series(files: Sequence[PrearchiveFile]) -> dict[str, list[PrearchiveFile]]:
    """Return the files of each scan by its id, in natural order.

    A scan is called after its folder, that is its series number. Further series of the same number are
    called `5-MR1`, `5-MR2` and so on.
    """
    by_series: dict[tuple[str, str], list[PrearchiveFile]] = {}
    for file in files:
        key = (file.folder, file.facts.get("SeriesInstanceUID", ""))
        by_series.setdefault(key, []).append(file)
    scans: dict[str, list[PrearchiveFile]] = {}
    for (folder, _), found in by_series.items():
        scans[free_scan_id(folder, found[0].facts.get("Modality", ""), scans)] = found
    return dict(sorted(scans.items(), key=lambda item: _natural(item[0])))


def free_scan_id(wanted: str, modality: str, taken: Mapping[str, object] | Sequence[str]) -> str:
    """Return a scan's id, or when it is taken the next free one of the form `5-MR1`."""
    if wanted not in taken:
        return wanted
    number = 1
    while (found := f"{wanted}-{modality}{number}") in taken:
        number += 1
    return found


def build_document(scans: Mapping[str, Sequence[PrearchiveFile]]) -> Document:
    """Return the document of a session with these scans; all that the files say of it.

    Raises:
        ValueError: for a session without files.
    """
    if not scans:
        raise ValueError("The session has no files.")
    first = [files[0].facts for files in scans.values()]
    modalities = [facts.get("Modality", "") for facts in first]
    leading = leading_modality(modalities)
    lead = next(facts for facts in first if facts.get("Modality", "") == leading)
    values = _named(lead, _SESSION_VALUES) | {"modality": leading}
    if lead.get("MagneticFieldStrength"):
        values["fieldStrength"] = lead["MagneticFieldStrength"]
    return {
        "xsi_type": session_type(modalities),
        "date": _date(lead.get("StudyDate", "")),
        "time": _time(lead.get("StudyTime", "")),
        "values": {path: value for path, value in values.items() if value},
        "scans": [_scan(scan_id, files) for scan_id, files in scans.items()],
    }


def _scan(scan_id: str, files: Sequence[PrearchiveFile]) -> Document:
    facts = files[0].facts
    modality = facts.get("Modality", "")
    values: Document = _named(facts, _SCAN_VALUES)
    values["frames"] = sum(_count(file.facts.get("NumberOfFrames", "")) for file in files)
    values["startTime"] = _time(facts.get("SeriesTime") or facts.get("AcquisitionTime", ""))
    if modality == "MR":
        values |= _named(facts, _MR_VALUES) | {"fieldStrength": facts.get("MagneticFieldStrength", "")}
    values |= _voxel(facts)
    return {
        "id": scan_id,
        "xsi_type": scan_type(modality, facts.get("SOPClassUID", "")),
        "series_description": facts.get("SeriesDescription", ""),
        "values": {path: value for path, value in values.items() if value != ""},
    }


def _named(facts: Facts, paths: Mapping[str, str]) -> Document:
    return {path: facts.get(keyword, "") for path, keyword in paths.items()}


def _voxel(facts: Facts) -> Document:
    spacing = facts.get("PixelSpacing", "").split("\\")
    if len(spacing) != 2:
        return {}
    sizes = {"x": spacing[1], "y": spacing[0], "z": facts.get("SliceThickness", "")}
    return {f"parameters/voxelRes/{axis}": size for axis, size in sizes.items() if size}


def _count(text: str) -> int:
    return int(text) if text.isdigit() else 1


def _date(text: str) -> str:
    """Return an ISO date of a DICOM date; empty for anything else."""
    found = re.fullmatch(r"(\d{4})\.?(\d{2})\.?(\d{2})", text)
    return "-".join(found.groups()) if found else ""


def _time(text: str) -> str:
    """Return "HH:MM:SS" of a DICOM time, which may stop early and go on in fractions; empty for no time."""
    found = re.match(r"(\d{2}):?(\d{2})?:?(\d{2})?", text)
    return ":".join(part or "00" for part in found.groups()) if found else ""


def _natural(text: str) -> list[tuple[int, str]]:
    parts = re.findall(r"\d+|\D+", text)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
