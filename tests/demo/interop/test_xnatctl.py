"""xnatctl, by its command line and by its services, does a day's work."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from xnat_tui.demo.archive import Archive, Experiment, Owner
from xnat_tui.demo.serve import DemoServer

if TYPE_CHECKING:
    from .conftest import ForeignClient

pytestmark = pytest.mark.interop

SCRIPT = "xnatctl_errands.py"


def listed(client: ForeignClient, *command: str) -> Any:
    """What a command prints as JSON."""
    return json.loads(client.run("xnatctl", *command, "--output", "json"))


def names(client: ForeignClient, *command: str) -> list[str]:
    """The identifiers that a command prints when it is told to be quiet."""
    return client.run("xnatctl", *command, "--quiet").split()


def experiment(archive: Archive, project_id: str, label: str) -> Experiment:
    found = archive.find_experiment(project_id, label)
    assert found
    return found


def scan_files(archive: Archive, session_id: str) -> list[bytes]:
    return [
        b"".join(archive.read_file(resource.id, file.path))
        for resource in archive.scan_resources(session_id)
        for file in archive.files(resource.id)
    ]


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_knows_who_it_is_and_where(xnatctl: ForeignClient, demo: DemoServer) -> None:
    assert listed(xnatctl, "whoami")["username"] == demo.user
    assert demo.url in xnatctl.run("xnatctl", "health", "ping", "--output", "json")


def test_lists_projects_and_subjects(xnatctl: ForeignClient, demo: DemoServer) -> None:
    assert set(names(xnatctl, "project", "list")) == {"BRAINS", "ONCO", "AWKWARD"}
    labels = {row["label"]: row for row in listed(xnatctl, "subject", "list", "--project", "BRAINS")}
    assert set(labels) == {"SUB-001", "SUB-002", "PAT01"}
    subject = demo.archive.find_subject("BRAINS", "SUB-001")
    assert subject
    assert subject.id in json.dumps(labels["SUB-001"])


def test_lists_sessions_scans_and_resources(xnatctl: ForeignClient, demo: DemoServer) -> None:
    session = experiment(demo.archive, "BRAINS", "SUB-001_MR1")
    sessions = names(xnatctl, "session", "list", "--project", "BRAINS", "--modality", "MR")
    assert session.id in sessions
    assert len(sessions) == 2
    assert set(names(xnatctl, "scan", "list", "-E", session.id)) == {"1", "2", "2-MR1", "10"}
    resources = listed(xnatctl, "resource", "list", session.id, "--scan", "1")
    stored = demo.archive.resources(Owner.scan(session.id, "1"))
    assert {row["label"] for row in resources} == {resource.label for resource in stored}


def test_shows_a_session_with_its_variables(xnatctl: ForeignClient) -> None:
    shown = listed(xnatctl, "session", "show", "-E", "SUB-001_MR1", "-P", "BRAINS")
    assert "2024-01-29" in json.dumps(shown)
    variables = listed(xnatctl, "session", "vars", "-E", "SUB-001_MR1", "-P", "BRAINS")
    assert {"visit", "1"} <= set(map(str, variables[0].values()))


def test_sets_a_variable(xnatctl: ForeignClient, demo: DemoServer) -> None:
    xnatctl.run(
        "xnatctl", "session", "vars", "set", "-E", "SUB-001_MR1", "-P", "BRAINS", "reader=Ada", "--yes"
    )
    assert experiment(demo.archive, "BRAINS", "SUB-001_MR1").fields["reader"] == "Ada"


def test_makes_a_subject_and_a_session(xnatctl: ForeignClient, demo: DemoServer) -> None:
    subject_id, session_id = xnatctl.errand(SCRIPT, "create", "BRAINS", "NEW-1", "NEW-1_MR1")
    subject = demo.archive.find_subject("BRAINS", "NEW-1")
    session = experiment(demo.archive, "BRAINS", "NEW-1_MR1")
    assert subject
    assert (subject.id, subject.group, subject.demographics["gender"]) == (subject_id, "pilot", "female")
    assert (session.id, session.date, session.subject_id) == (session_id, "2024-03-03", subject_id)
    assert [found.label for found in demo.archive.resources(Owner.experiment(session_id))] == ["NOTES"]


def test_uploads_and_downloads_a_resource(xnatctl: ForeignClient, demo: DemoServer, tmp_path: Path) -> None:
    session = experiment(demo.archive, "BRAINS", "SUB-001_MR1")
    folder = tmp_path / "report"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.bin").write_bytes(bytes(range(256)) * 500)
    (folder / "deep" / "b.txt").write_text("b\n")
    xnatctl.run("xnatctl", "resource", "upload", session.id, "REPORT", str(folder))
    xnatctl.run("xnatctl", "resource", "upload", session.id, "REPORT", str(folder / "deep" / "b.txt"))
    stored = next(
        found for found in demo.archive.resources(Owner.experiment(session.id)) if found.label == "REPORT"
    )
    assert {file.name for file in demo.archive.files(stored.id)} == {"a.bin", "b.txt"}
    target = tmp_path / "report.zip"
    xnatctl.run("xnatctl", "resource", "download", session.id, "REPORT", "--output-file", str(target))
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        fetched = {Path(name).name: archive.read(name) for name in archive.namelist()}
    assert fetched == {"a.bin": (folder / "a.bin").read_bytes(), "b.txt": b"b\n"}


@pytest.mark.parametrize("workers", ["1", "3"])
def test_downloads_a_session(xnatctl: ForeignClient, demo: DemoServer, tmp_path: Path, workers: str) -> None:
    session = experiment(demo.archive, "BRAINS", "SUB-001_MR1")
    command = ["session", "download", "-E", session.id, "--out", str(tmp_path / "out"), "--workers", workers]
    xnatctl.run("xnatctl", *command, "--extract")
    assert sorted(contents(tmp_path / "out")) == sorted(scan_files(demo.archive, session.id))


def test_judges_and_deletes_scans(xnatctl: ForeignClient, demo: DemoServer) -> None:
    session = experiment(demo.archive, "BRAINS", "SUB-001_MR1")
    xnatctl.errand(SCRIPT, "judge", session.id, "BRAINS", "2")
    scan = demo.archive.scan(session.id, "2")
    assert scan
    assert (scan.quality, scan.note) == ("unusable", "seen by xnatctl")
    xnatctl.run("xnatctl", "scan", "delete", "-E", session.id, "--scans", "2,10", "--yes")
    assert [scan.id for scan in demo.archive.scans(session.id)] == ["1", "2-MR1"]


def test_renames_a_subject(xnatctl: ForeignClient, demo: DemoServer) -> None:
    assert xnatctl.errand(SCRIPT, "rename", "BRAINS", "SUB-002", "SUB-900") == "SUB-900"
    assert demo.archive.find_subject("BRAINS", "SUB-900")


def test_shares_and_unshares_a_subject(xnatctl: ForeignClient, demo: DemoServer) -> None:
    subject = demo.archive.find_subject("BRAINS", "SUB-002")
    assert subject
    before = demo.archive.shares("subject", subject.id)
    xnatctl.run(
        "xnatctl",
        "subject",
        "share",
        subject.id,
        "--into",
        "ONCO",
        "-P",
        "BRAINS",
        "--label",
        "visitor",
        "--yes",
    )
    assert ("ONCO", "visitor") in demo.archive.shares("subject", subject.id)
    xnatctl.run("xnatctl", "subject", "unshare", subject.id, "--from", "ONCO", "-P", "BRAINS", "--yes")
    assert demo.archive.shares("subject", subject.id) == before


def test_deletes_resource_session_and_subject(xnatctl: ForeignClient, demo: DemoServer) -> None:
    xnatctl.errand(SCRIPT, "create", "BRAINS", "NEW-1", "NEW-1_MR1")
    assert xnatctl.errand(SCRIPT, "delete", "BRAINS", "NEW-1", "NEW-1_MR1") == [True, True, True]
    assert demo.archive.find_experiment("BRAINS", "NEW-1_MR1") is None
    assert demo.archive.find_subject("BRAINS", "NEW-1") is None


def test_makes_a_project(xnatctl: ForeignClient, demo: DemoServer) -> None:
    assert xnatctl.errand(SCRIPT, "create_project", "PILOT", "A pilot", "Curie") == "A pilot"
    project = demo.archive.project("PILOT")
    assert project
    assert (project.name, project.pi_lastname) == ("A pilot", "Curie")
