"""Things of a small archive, made by hand."""

from __future__ import annotations

from xnat_tui.app.archive.nodes import SITE, Kind, NodeRef
from xnat_tui.models.rows import ExperimentRow, SubjectRow

PROJECT = NodeRef(Kind.PROJECT, "BRAINS", "BRAINS", SITE)
SUBJECT = NodeRef(
    Kind.SUBJECT, "XNAT_S1", "SUB-001", PROJECT, SubjectRow(id="XNAT_S1", label="SUB-001", gender="F")
)
SESSION = NodeRef(
    Kind.SESSION,
    "XNAT_E1",
    "SUB-001_MR1",
    SUBJECT,
    ExperimentRow(id="XNAT_E1", xsi_type="xnat:mrSessionData"),
)
SCAN = NodeRef(Kind.SCAN, "2-MR1", "t1 mprage", SESSION)
ASSESSOR = NodeRef(
    Kind.ASSESSOR, "XNAT_E2", "QC", SESSION, ExperimentRow(xsi_type="xnat:qcManualAssessorData")
)
RESOURCE = NodeRef(Kind.RESOURCE, "17", "DICOM", SCAN)
FILE = NodeRef(Kind.FILE, "a b/#1.dcm", "a b/#1.dcm", RESOURCE)
RESULT = NodeRef(Kind.RESOURCE, "18", "REPORT", ASSESSOR)


def subject(label: str, id: str = "", project: NodeRef = PROJECT) -> NodeRef:
    return NodeRef(Kind.SUBJECT, id or f"ID_{label}", label, project)
