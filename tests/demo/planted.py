"""What the tests of the demo server plant, and how they ask for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from xnat_tui.demo.archive import Archive, Owner

Ask = Callable[[str], httpx.Client]
CONTENT = b"0123456789" * 100


@dataclass(frozen=True)
class Place:
    """A project with one subject "S1", one MR session "S1_MR1", two scans, an assessor and resources."""

    project: str
    subject: str
    session: str
    assessor: str
    dicom: int
    notes: int

    @property
    def subject_path(self) -> str:
        return f"/data/projects/{self.project}/subjects/S1"

    @property
    def session_path(self) -> str:
        return f"{self.subject_path}/experiments/S1_MR1"


def plant_place(archive: Archive, project: str) -> Place:
    archive.add_project(project, name=f"{project} name", pi_firstname="Ann", pi_lastname="Lee")
    for role in ("owner", "member", "collaborator"):
        archive.grant(project, role, role)
    subject = archive.add_subject(
        project,
        "S1",
        group="control",
        demographics={"gender": "female", "yob": 1980},
        fields={"note": "left"},
    )
    session = archive.add_experiment(
        project,
        subject,
        "S1_MR1",
        "xnat:mrSessionData",
        date="2024-03-05",
        values={"scanner": "SCAN1", "scanner/manufacturer": "ACME", "fieldStrength": "3.0"},
    )
    archive.add_scan(
        session, "1", "xnat:mrScanData", type="T1w MPRAGE", quality="usable", values={"frames": 3}
    )
    archive.add_scan(session, "2", "xnat:mrScanData", type="T2w")
    dicom = archive.add_resource(Owner.scan(session, "1"), "DICOM", format="DICOM", content="RAW")
    archive.add_file(dicom, "a.dcm", CONTENT)
    archive.add_file(dicom, "sub/b c.txt", b"text")
    notes = archive.add_resource(Owner.experiment(session), "NOTES")
    archive.add_file(notes, "n.json", b"{}", digest=False)
    assessor = archive.add_assessor(session, "S1_QC1", "xnat:qcManualAssessorData")
    return Place(project, subject, session, assessor, dicom, notes)
