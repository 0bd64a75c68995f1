"""The xsi:types that the demo archive knows and how they extend one another; not their fields."""

from __future__ import annotations

from typing import NamedTuple


class ElementType(NamedTuple):
    """One data type of the schema.

    Attributes:
        name: qualified name, such as "xnat:mrSessionData".
        parent: the type that it extends; empty for a root.
        singular: its name for people, empty for abstract types.
        plural: the same for several.
    """

    name: str
    parent: str = ""
    singular: str = ""
    plural: str = ""


_STEMS = {
    "mr": "MR", "pet": "PET", "petmr": "PET MR", "ct": "CT", "cr": "CR", "dx": "DX",
    "dx3DCraniofacial": "DX 3D Craniofacial", "us": "US", "mg": "MG", "nm": "NM", "rt": "RT", "rf": "RF",
    "xa": "XA", "ecg": "ECG", "eeg": "EEG", "eps": "EPS", "es": "ES", "gm": "GM", "gmv": "GMV", "hd": "HD",
    "io": "IO", "meg": "MEG", "op": "OP", "opt": "OPT", "otherDicom": "Other DICOM", "sm": "SM", "sr": "SR",
    "xc": "XC", "xcv": "XCV", "xa3D": "XA 3D", "seg": "SEG", "sc": "SC",
}  # fmt: skip
_SCAN_ONLY = frozenset({"seg", "sc"})

_ABSTRACT = (
    ElementType("xnat:projectData", "", "Project", "Projects"),
    ElementType("xnat:subjectData", "", "Subject", "Subjects"),
    ElementType("xnat:experimentData"),
    ElementType("xnat:subjectAssessorData", "xnat:experimentData"),
    ElementType("xnat:imageSessionData", "xnat:subjectAssessorData"),
    ElementType(
        "xnat:subjectVariablesData", "xnat:subjectAssessorData", "Subject Variables", "Subject Variables"
    ),
    ElementType("xnat:derivedData", "xnat:experimentData"),
    ElementType("xnat:imageAssessorData", "xnat:derivedData"),
    ElementType("xnat:qcManualAssessorData", "xnat:imageAssessorData", "Manual QC", "Manual QCs"),
    ElementType("xnat:qcAssessmentData", "xnat:imageAssessorData", "Auto QC", "Auto QCs"),
    ElementType("icr:roiCollectionData", "xnat:imageAssessorData", "ROI Collection", "ROI Collections"),
    ElementType("xnat:imageScanData"),
)


def _concrete() -> list[ElementType]:
    """Return a session and a scan type for every modality."""
    found = []
    for stem, name in _STEMS.items():
        found.append(
            ElementType(f"xnat:{stem}ScanData", "xnat:imageScanData", f"{name} Scan", f"{name} Scans")
        )
        if stem not in _SCAN_ONLY:
            session = f"xnat:{stem}SessionData"
            found.append(ElementType(session, "xnat:imageSessionData", f"{name} Session", f"{name} Sessions"))
    return found


TYPES = {kind.name: kind for kind in (*_ABSTRACT, *_concrete())}


def extends(name: str, ancestor: str) -> bool:
    """Tell whether a type is `ancestor` or extends it, directly or not; False for unknown types."""
    while name:
        if name == ancestor:
            return True
        name = TYPES[name].parent if name in TYPES else ""
    return False


def descendants(ancestor: str) -> list[str]:
    """Return the names of a type and of all types that extend it."""
    return [name for name in TYPES if extends(name, ancestor)]


def type_named(name: str) -> str:
    """Return the known spelling of a type name that may lack its prefix or differ in case; else empty."""
    wanted = name.lower() if ":" in name else f"xnat:{name.lower()}"
    return next((known for known in TYPES if known.lower() == wanted), "")


def element_name(xsi_type: str) -> str:
    """Return the XML root element of a type: "xnat:mrSessionData" -> "xnat:MRSession"."""
    prefix, _, local = xsi_type.partition(":")
    stem = local.removesuffix("Data")
    for modality, name in _STEMS.items():
        if local.startswith(modality) and stem[len(modality) :] in ("Session", "Scan"):
            return f"{prefix}:{name.replace(' ', '')}{stem[len(modality) :]}"
    return f"{prefix}:{stem[:1].upper()}{stem[1:]}"


def modality_scan_type(session_type: str) -> str:
    """Return the scan type that XNAT assumes in a session of this type; known for MR, PET and CT only."""
    known = {f"xnat:{stem}SessionData": f"xnat:{stem}ScanData" for stem in ("mr", "pet", "ct")}
    return known.get(session_type, "")
