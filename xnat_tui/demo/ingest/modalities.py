"""Which xsi:types sessions and scans of a DICOM modality have."""

from __future__ import annotations

from collections.abc import Iterable

_STEMS = {
    "MR": "mr", "PT": "pet", "CT": "ct", "CR": "cr", "DX": "dx", "US": "us", "MG": "mg", "NM": "nm",
    "RF": "rf", "XA": "xa", "ECG": "ecg", "EEG": "eeg", "EPS": "eps", "ES": "es", "GM": "gm", "HD": "hd",
    "IO": "io", "OP": "op", "OPT": "opt", "SM": "sm", "XC": "xc", "RTSTRUCT": "rt", "RTDOSE": "rt",
    "RTPLAN": "rt", "RTIMAGE": "rt", "SR": "sr",
}  # fmt: skip
_LEADING = ("PT", "MR", "CT")
_FOLLOWING = ("SR", "SEG", "SC", "OT", "PR", "KO", "RTSTRUCT", "RTDOSE", "RTPLAN", "RTIMAGE")
_SCAN_ONLY = {"SEG": "seg", "SC": "sc", "OT": "sc"}
_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


def scan_type(modality: str, sop_class: str) -> str:
    """Return a scan's type; secondary captures are a type of their own, whatever made them."""
    if sop_class.startswith(_SECONDARY_CAPTURE):
        return "xnat:scScanData"
    stem = _SCAN_ONLY.get(modality) or _STEMS.get(modality, "otherDicom")
    return f"xnat:{stem}ScanData"


def session_type(modalities: Iterable[str]) -> str:
    """Return the type of a session with scans of these modalities: PET and MR together are PET/MR."""
    found = list(dict.fromkeys(modalities))
    if "PT" in found and "MR" in found:
        return "xnat:petmrSessionData"
    return f"xnat:{_STEMS.get(leading_modality(found), 'otherDicom')}SessionData"


def leading_modality(modalities: Iterable[str]) -> str:
    """Return the modality after which a session is named; empty when there is none."""
    found = list(dict.fromkeys(modalities))
    images = [each for each in found if each not in _FOLLOWING]
    return next((each for each in (*_LEADING, *images, *found) if each in found), "")
