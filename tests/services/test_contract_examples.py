"""The example code of the service contract, line by line: a script written to it runs unchanged.

The examples differ from the contract only in the package's name and the server's address.
"""

from __future__ import annotations

import importlib
import inspect
from datetime import date

import pytest

from xnat_tui.demo.archive import Archive
from xnat_tui.demo.archive.resources import Owner
from xnat_tui.demo.serve import DemoServer


@pytest.fixture
def archive(empty_demo: DemoServer) -> Archive:
    """The data that the examples speak of: MYPROJECT, SUB001, SESSION01 (XNAT_E00001), scan 1."""
    archive = empty_demo.archive
    archive.add_project("MYPROJECT", name="My Project", pi_firstname="Grace", pi_lastname="Hopper")
    subject = archive.add_subject("MYPROJECT", "SUB001")
    scanner = {"scanner": "Prisma"}
    session = archive.add_experiment(
        "MYPROJECT", subject, "SESSION01", "xnat:mrSessionData", date="2024-01-02", values=scanner
    )
    assert session == "XNAT_E00001"
    archive.add_scan(session, "1", "xnat:mrScanData", type="T1w", quality="usable")
    files = archive.add_resource(Owner.scan(session, "1"), "DICOM", format="DICOM")
    archive.add_file(files, "1.dcm", b"DICM")
    archive.add_resource(Owner.experiment(session), "QC")
    return archive


@pytest.fixture
def client(empty_demo: DemoServer, archive: Archive):  # type: ignore[no-untyped-def]
    from xnat_tui.core.client import XNATClient

    # Create and authenticate client
    client = XNATClient(base_url=empty_demo.url, username="admin", password="admin")
    client.authenticate()
    yield client
    client.close()


def test_common_usage(client) -> None:  # type: ignore[no-untyped-def]
    from xnat_tui.services.projects import ProjectService

    # Instantiate service
    service = ProjectService(client)

    # Call service methods
    projects = service.list()
    project = service.get("MYPROJECT")

    assert [project.id for project in projects] == ["MYPROJECT"]
    assert project.id == "MYPROJECT"


def test_projects(client, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    from xnat_tui.services.projects import ProjectService

    service = ProjectService(client)

    # List all accessible projects
    projects = service.list()

    # Get specific project details
    project = service.get("MYPROJECT")
    print(f"Name: {project.name}")
    print(f"PI: {project.pi}")
    print(f"Subjects: {project.subject_count}")

    # Create new project
    new_project = service.create(
        project_id="NEWPROJECT",
        name="New Project",
        pi_firstname="Jane",
        pi_lastname="Smith",
        accessibility="private",
    )

    assert len(projects) == 1
    assert capsys.readouterr().out == "Name: My Project\nPI: Grace Hopper\nSubjects: 1\n"
    assert (new_project.id, new_project.name, new_project.pi) == ("NEWPROJECT", "New Project", "Jane Smith")


def test_subjects(client, archive: Archive) -> None:  # type: ignore[no-untyped-def]
    from xnat_tui.services.subjects import SubjectService

    service = SubjectService(client)

    # List subjects in a project
    subjects = service.list(project="MYPROJECT")

    # Get specific subject
    subject = service.get(
        project="MYPROJECT",
        subject="SUB001",
    )

    # Rename subject
    service.rename(
        project="MYPROJECT",
        subject="SUB001",
        new_label="PARTICIPANT001",
    )

    assert [subject.label for subject in subjects] == ["SUB001"]
    assert subject.label == "SUB001"
    assert archive.find_subject("MYPROJECT", "SUB001") is None
    archive.add_subject("MYPROJECT", "SUB001")

    # Delete subject (WARNING: destructive)
    service.delete(
        project="MYPROJECT",
        subject="SUB001",
    )

    assert archive.find_subject("MYPROJECT", "SUB001") is None
    assert archive.find_subject("MYPROJECT", "PARTICIPANT001") is not None


def test_sessions(client, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    from xnat_tui.services.sessions import SessionService

    service = SessionService(client)

    # List all MR sessions in a project
    mr_sessions = service.list(
        project="MYPROJECT",
        modality="MR",
    )

    # List sessions for a specific subject
    subject_sessions = service.list(
        project="MYPROJECT",
        subject="SUB001",
    )

    # Get session details
    session = service.get(
        session_id="XNAT_E00001",
        project="MYPROJECT",
    )
    print(f"Date: {session.session_date}")
    print(f"Scans: {session.scan_count}")
    print(f"Scanner: {session.scanner}")

    assert [session.id for session in mr_sessions] == ["XNAT_E00001"]
    assert [session.session_date for session in subject_sessions] == [date(2024, 1, 2)]
    assert capsys.readouterr().out == "Date: 2024-01-02\nScans: 1\nScanner: Prisma\n"


def test_scans(client, archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    from xnat_tui.services.scans import ScanService

    service = ScanService(client)

    # List scans in a session
    scans = service.list(
        project="MYPROJECT",
        session="SESSION01",
    )
    for scan in scans:
        print(f"{scan.scan_id}: {scan.type}")
        print(f" Quality: {scan.quality}")
        print(f" Files: {scan.file_count}")

    # Delete a scan
    service.delete(
        project="MYPROJECT",
        session="SESSION01",
        scan="1",
    )

    assert capsys.readouterr().out == "1: T1w\n Quality: usable\n Files: 1\n"
    assert archive.scans("XNAT_E00001") == []


def test_resources(client) -> None:  # type: ignore[no-untyped-def]
    from xnat_tui.services.resources import ResourceService

    service = ResourceService(client)

    # List resources
    resources = service.list(
        project="MYPROJECT",
        session="SESSION01",
    )

    assert [resource.label for resource in resources] == ["QC"]


CONTRACT = {
    "projects.ProjectService": {
        "get": "project_id",
        "create": "project_id, name=None, description=None, keywords=None, pi_firstname=None,"
        " pi_lastname=None, accessibility='private'",
    },
    "subjects.SubjectService": {
        "get": "subject_id, project=None",
        "delete": "subject_id, project=None, remove_files=False, force=False",
        "rename_pattern": "project, match_pattern, to_template, dry_run=False, merge=False",
        "merge_subjects": "project, source_label, target_label, dry_run=False",
    },
    "sessions.SessionService": {
        "list": "project=None, subject=None, modality=None, limit=None, columns=None",
        "get": "session_id, project=None",
        "create": "project, subject, label, xsi_type='xnat:mrSessionData', date=None, time=None,"
        " visit_id=None, modality=None",
    },
    "scans.ScanService": {
        "get": "session_id, scan_id, project=None",
        "delete_multiple": "session_id, scan_ids, project=None, remove_files=False, parallel=True, workers=4,"
        " progress_callback=None",
    },
    "resources.ResourceService": {
        "list_files": "session_id, resource_label, scan_id=None, project=None",
        "create": "session_id, resource_label, scan_id=None, project=None, format=None, content=None",
        "delete": "session_id, resource_label, scan_id=None, project=None, remove_files=True",
    },
}


@pytest.mark.parametrize(
    ("service", "method"), [(service, method) for service, methods in CONTRACT.items() for method in methods]
)
def test_signatures_are_those_of_the_contract(service: str, method: str) -> None:
    module, _, name = service.partition(".")
    owner = getattr(importlib.import_module(f"xnat_tui.services.{module}"), name)
    parameters = list(inspect.signature(getattr(owner, method)).parameters.values())[1:]
    told = [
        each.name if each.default is each.empty else f"{each.name}={each.default!r}"
        for each in parameters
        if each.kind is not each.KEYWORD_ONLY
    ]
    assert ", ".join(told) == CONTRACT[service][method]
