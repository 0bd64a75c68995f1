"""xnatpy connects, builds its classes from our schemas, and does a day's work."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from xnat_tui.demo.archive import Archive, Owner
from xnat_tui.demo.serve import DemoServer

if TYPE_CHECKING:
    from .conftest import ForeignClient

pytestmark = pytest.mark.interop

SCRIPT = "xnatpy_errands.py"


def session_id(archive: Archive, project_id: str, label: str) -> str:
    found = archive.find_experiment(project_id, label)
    assert found
    return found.id


def stored_scans(archive: Archive, project_id: str, label: str) -> dict[str, Any]:
    """Paths of files by scan and resource, as they are stored."""
    experiment_id = session_id(archive, project_id, label)
    return {
        scan.id: {
            resource.label: sorted(file.path for file in archive.files(resource.id))
            for resource in archive.resources(Owner.scan(experiment_id, scan.id))
        }
        for scan in archive.scans(experiment_id)
    }


def test_walks_the_tree_down_to_the_files(xnatpy: ForeignClient, demo: DemoServer) -> None:
    tree = xnatpy.errand(SCRIPT, "tree", "BRAINS")
    assert set(tree) == {"SUB-001", "SUB-002", "PAT01"}
    assert set(tree["SUB-001"]) == {"SUB-001_MR1", "SUB-001_PET1"}
    assert set(tree["PAT01"]) == {"PAT01_CT"}  # shared from another project
    assert tree["SUB-001"]["SUB-001_MR1"] == stored_scans(demo.archive, "BRAINS", "SUB-001_MR1")
    assert any(tree["SUB-001"]["SUB-001_MR1"]["1"].values())


def test_walks_a_tree_of_awkward_names(xnatpy: ForeignClient, demo: DemoServer) -> None:
    tree = xnatpy.errand(SCRIPT, "tree", "AWKWARD")
    assert tree["Texts"]["Texts_MR1"] == stored_scans(demo.archive, "AWKWARD", "Texts_MR1")
    assert tree["Texts"]["Texts_VARS1"] == tree["Texts"]["Texts_MR2"] == {}
    assert tree["Empty"] == {}


def test_lists_resources_of_every_level(xnatpy: ForeignClient) -> None:
    resources = xnatpy.errand(SCRIPT, "resources", "BRAINS", "SUB-001", "SUB-001_MR1")
    assert resources["project"] == {"README": ["README.md"]}
    assert resources["subject"] == {"CONSENT": ["consent.txt"]}
    assert len(resources["session"]) == 1
    assert resources["assessors"] == {"SUB-001_MR1_QC": "QcManualAssessorData"}


def test_reads_typed_attributes(xnatpy: ForeignClient, demo: DemoServer) -> None:
    seen = xnatpy.errand(SCRIPT, "attributes", "BRAINS", "SUB-001_MR1")
    assert seen == {
        "class": "MrSessionData",
        "id": session_id(demo.archive, "BRAINS", "SUB-001_MR1"),
        "date": "2024-01-29",
        "modality": "MR",
        "note": "First visit.",
        "visit": "1",
        "subject": "SUB-001",
        "gender": "female",
        "yob": 1950,
        "apoe": "e3/e4",
        "scan": ["MrScanData", "2", "questionable", "slight motion"],
    }


def test_reads_names_that_are_hard_to_write(xnatpy: ForeignClient, demo: DemoServer) -> None:
    seen = xnatpy.errand(SCRIPT, "awkward", "AWKWARD", "Texts_MR1")
    archive = demo.archive
    scan = archive.scan(session_id(archive, "AWKWARD", "Texts_MR1"), "1")
    project = archive.project("AWKWARD")
    assert scan
    assert project
    assert seen == [scan.type, scan.series_description, scan.note, project.name, project.description]


def test_makes_subject_session_and_scan(xnatpy: ForeignClient, demo: DemoServer) -> None:
    subject_id, experiment_id, scan_id = xnatpy.errand(SCRIPT, "create", "BRAINS", "NEW-1", "NEW-1_MR1")
    subject = demo.archive.find_subject("BRAINS", "NEW-1")
    experiment = demo.archive.find_experiment("BRAINS", "NEW-1_MR1")
    assert subject
    assert experiment
    assert (subject.id, subject.demographics["gender"]) == (subject_id, "female")
    assert subject.fields["cohort"] == "control"
    assert (experiment.id, experiment.subject_id) == (experiment_id, subject_id)
    assert (experiment.values["note"], experiment.fields["reader"]) == ("written by xnatpy", "Who")
    scan = demo.archive.scan(experiment_id, scan_id)
    assert scan
    assert (scan.xsi_type, scan.type, scan.quality) == ("xnat:mrScanData", "T1w", "usable")


def test_uploads_a_file_and_reads_it_back(xnatpy: ForeignClient, demo: DemoServer, tmp_path: Path) -> None:
    content = bytes(range(256)) * 300
    (tmp_path / "local.bin").write_bytes(content)
    seen = xnatpy.errand(SCRIPT, "upload", "BRAINS", "SUB-001_MR1", str(tmp_path / "local.bin"))
    assert seen == {
        "files": ["notes/first file.bin", "second.txt"],
        "count": 2,
        "size": len(content),
        "same": True,
        "digest": True,
        "second": "second\n",
    }
    archive = demo.archive
    owner = Owner.experiment(session_id(archive, "BRAINS", "SUB-001_MR1"))
    notes = next(found for found in archive.resources(owner) if found.label == "NOTES")
    assert b"".join(archive.read_file(notes.id, "notes/first file.bin")) == content


def test_uploads_a_folder_as_one_archive(xnatpy: ForeignClient, demo: DemoServer, tmp_path: Path) -> None:
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    (tmp_path / "folder" / "a.txt").write_text("a\n")
    (tmp_path / "folder" / "deep" / "b.txt").write_text("b\n")
    files = xnatpy.errand(SCRIPT, "upload_folder", "BRAINS", "SUB-002", str(tmp_path / "folder"))
    assert files == ["a.txt", "deep/b.txt"]


def test_downloads_a_session(xnatpy: ForeignClient, demo: DemoServer, tmp_path: Path) -> None:
    xnatpy.errand(SCRIPT, "download", "BRAINS", "SUB-001_MR1", str(tmp_path / "session"))
    archive = demo.archive
    stored = [
        b"".join(archive.read_file(resource.id, file.path))
        for resource in archive.scan_resources(session_id(archive, "BRAINS", "SUB-001_MR1"))
        for file in archive.files(resource.id)
    ]
    fetched = [path.read_bytes() for path in (tmp_path / "session").rglob("*") if path.is_file()]
    assert sorted(fetched) == sorted(stored)
    scan = tmp_path / "session" / "SUB-001_MR1" / "scans"
    assert {path.name.partition("-")[0] for path in scan.iterdir()} == {"1", "2", "10"}


def test_reads_dicom_headers(xnatpy: ForeignClient) -> None:
    modality, tags = xnatpy.errand(SCRIPT, "headers", "BRAINS", "SUB-001_MR1")
    assert modality == "MR"
    assert "(0010,0010)" in tags


def test_shares_a_session(xnatpy: ForeignClient, demo: DemoServer) -> None:
    shared = xnatpy.errand(SCRIPT, "share", "BRAINS", "SUB-001_MR1", "ONCO")
    assert shared == session_id(demo.archive, "BRAINS", "SUB-001_MR1")
    assert demo.archive.shares("experiment", shared) == [("ONCO", "shared_here")]


def test_renames_a_subject(xnatpy: ForeignClient, demo: DemoServer) -> None:
    assert xnatpy.errand(SCRIPT, "rename", "BRAINS", "SUB-002", "SUB-900") == "SUB-900"
    assert demo.archive.find_subject("BRAINS", "SUB-900")


def test_deletes_a_session_and_its_subject(xnatpy: ForeignClient, demo: DemoServer) -> None:
    experiments, subjects = xnatpy.errand(SCRIPT, "delete", "BRAINS", "SUB-002", "SUB-002_MR1")
    assert "SUB-002_MR1" not in experiments
    assert "SUB-002" not in subjects
    assert demo.archive.find_experiment("BRAINS", "SUB-002_MR1") is None
    assert demo.archive.find_subject("BRAINS", "SUB-002") is None


def test_learns_about_people_and_site(xnatpy: ForeignClient) -> None:
    seen = xnatpy.errand(SCRIPT, "people", "BRAINS")
    assert seen["users"] == ["admin", "collaborator", "member", "owner"]
    assert seen["members"] == {"owner": "Owners", "member": "Members", "collaborator": "Collaborators"}
    assert seen["build"] == seen["version"]
    assert "seconds" in seen["uptime"]
    assert seen["timeout_s"] == 900


def test_finds_sessions_by_a_query(xnatpy: ForeignClient) -> None:
    assert xnatpy.errand(SCRIPT, "query", "BRAINS") == ["SUB-001_MR1", "SUB-002_MR1"]


def test_logs_in_by_token_and_is_refused_with_a_wrong_password(xnatpy: ForeignClient) -> None:
    assert xnatpy.errand(SCRIPT, "logins") == ["admin", "XNATLoginFailedError"]


def test_works_below_a_context_path(xnatpy: ForeignClient, tiny_seed: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_seed, tmp_path / "below")
    with DemoServer(tmp_path / "below", context_path="/xnat") as server:
        tree = replace(xnatpy, server=server).errand(SCRIPT, "tree", "ONCO")
    assert set(tree["PAT01"]) == {"PAT01_CT", "PAT01_CT2"}
