"""A project of known shape beside the sample data, and the services on it."""

from __future__ import annotations

import pytest

from xnat_tui.core.client import XNATClient
from xnat_tui.demo.archive import Archive
from xnat_tui.demo.archive.resources import Owner
from xnat_tui.demo.serve import DemoServer
from xnat_tui.services.projects import ProjectService
from xnat_tui.services.resources import ResourceService
from xnat_tui.services.scans import ScanService
from xnat_tui.services.sessions import SessionService
from xnat_tui.services.subjects import SubjectService

MR = "xnat:mrSessionData"


@pytest.fixture
def archive(demo: DemoServer) -> Archive:
    """What the demo server has stored, with a project LAB of three subjects.

    S1 has the sessions S1_MR1 (scans 1, 2 and 10, with files) and S1_PET; S2 has S2_MR1; S10 has none.
    """
    archive = demo.archive
    archive.add_project("LAB", name="The Lab", pi_firstname="Jo", pi_lastname="Ng")
    first = archive.add_subject("LAB", "S1", group="control", demographics={"gender": "female", "yob": 1990})
    second = archive.add_subject("LAB", "S2")
    archive.add_subject("LAB", "S10")
    session = archive.add_experiment("LAB", first, "S1_MR1", MR, date="2024-05-06", time="10:11:12")
    archive.add_experiment("LAB", first, "S1_PET", "xnat:petSessionData")
    archive.add_experiment("LAB", second, "S2_MR1", MR)
    for scan_id in ("10", "2", "1"):
        archive.add_scan(session, scan_id, "xnat:mrScanData", type="T1w", quality="usable")
    files = archive.add_resource(Owner.scan(session, "2"), "DICOM", format="DICOM", content="RAW")
    archive.add_file(files, "b10.dcm", b"0123456789")
    archive.add_file(files, "sub/b2.dcm", b"01234")
    archive.add_resource(Owner.experiment(session), "QC", format="CSV")
    return archive


@pytest.fixture
def projects(archive: Archive, client: XNATClient) -> ProjectService:
    return ProjectService(client)


@pytest.fixture
def subjects(archive: Archive, client: XNATClient) -> SubjectService:
    return SubjectService(client)


@pytest.fixture
def sessions(archive: Archive, client: XNATClient) -> SessionService:
    return SessionService(client)


@pytest.fixture
def scans(archive: Archive, client: XNATClient) -> ScanService:
    return ScanService(client)


@pytest.fixture
def resources(archive: Archive, client: XNATClient) -> ResourceService:
    return ResourceService(client)
