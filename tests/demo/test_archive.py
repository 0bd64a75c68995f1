"""The archive itself: its transactions, its rules and what it leaves on the disk."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from xnat_tui.demo.archive import Archive, NewExperiment, NewSubject, Owner
from xnat_tui.demo.refusal import Refusal


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path) as opened:
        opened.add_project("P")
        yield opened


def test_passwords_are_stored_as_salted_hashes(archive: Archive, tmp_path: Path) -> None:
    archive.add_user("ann", "open sesame")
    assert archive.check_password("ANN", "open sesame") is not None
    assert archive.check_password("ann", "Open sesame") is None
    archive.close()
    assert b"open sesame" not in b"".join(path.read_bytes() for path in tmp_path.glob("archive.db*"))


def test_all_of_a_bulk_is_stored_or_nothing(archive: Archive) -> None:
    with pytest.raises(ZeroDivisionError), archive.bulk():
        archive.add_subject("P", "S1")
        raise ZeroDivisionError
    assert archive.find_subject("P", "S1") is None


def test_an_archive_is_there_again_when_it_is_opened_again(archive: Archive, tmp_path: Path) -> None:
    made = archive.add_subject("P", "S1")
    archive.close()
    with Archive(tmp_path) as again:
        assert again.subject(made) is not None
        assert again.add_subject("P", "S2") == "XNAT_S00002"


def test_many_rows_at_once(archive: Archive) -> None:
    with archive.bulk():
        ids = archive.add_subjects("P", (NewSubject(f"S{number}") for number in range(1000)))
        sessions = (NewExperiment(f"{key}_MR", "xnat:mrSessionData", key) for key in ids)
        made = archive.add_experiments("P", sessions)
    assert (ids[-1], made[-1]) == ("XNAT_S01000", "XNAT_E01000")
    assert len(archive.experiments_of_subject(ids[0])) == 1


def test_labels_are_unique_in_a_project_with_its_shares(archive: Archive) -> None:
    archive.add_project("Q")
    guest = archive.add_subject("Q", "S1")
    archive.share_subject(guest, "P", "TAKEN")
    with pytest.raises(Refusal) as refused:
        archive.add_subject("P", "TAKEN")
    assert refused.value.status == 409


def test_a_moved_subject_takes_its_sessions_along(archive: Archive) -> None:
    archive.add_project("Q")
    subject = archive.add_subject("P", "S1")
    session = archive.add_experiment("P", subject, "E1", "xnat:mrSessionData")
    archive.move_subject(subject, "Q")
    found = archive.experiment(session)
    assert found is not None
    assert found.project == "Q"


def test_files_are_taken_from_bytes_paths_and_streams(archive: Archive, tmp_path: Path) -> None:
    resource = archive.add_resource(Owner.project("P"), "R")
    source = tmp_path / "source"
    source.write_bytes(b"same")
    for name, data in (("a", b"same"), ("b", source), ("c", io.BytesIO(b"same"))):
        archive.add_file(resource, name, data)
    assert {(file.size_bytes, file.digest) for file in archive.files(resource)} == {
        (4, "51037a4a37730f52c8732586d3aaa316")
    }


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a\0b"])
def test_a_path_that_leaves_its_resource_is_refused(archive: Archive, path: str) -> None:
    resource = archive.add_resource(Owner.project("P"), "R")
    with pytest.raises(Refusal):
        archive.add_file(resource, path, b"x")


def test_deleting_a_file_removes_the_folders_it_leaves_empty(archive: Archive) -> None:
    resource = archive.add_resource(Owner.project("P"), "R")
    archive.add_file(resource, "a/b/c", b"x")
    archive.delete_file(resource, "a/b/c")
    assert list(archive.files_root.iterdir()) == []


def test_a_deleted_project_leaves_nothing_on_the_disk(archive: Archive) -> None:
    subject = archive.add_subject("P", "S1")
    session = archive.add_experiment("P", subject, "E1", "xnat:mrSessionData")
    archive.add_scan(session, "1", "xnat:mrScanData")
    for owner in (
        Owner.project("P"),
        Owner.subject(subject),
        Owner.experiment(session),
        Owner.scan(session, "1"),
    ):
        archive.add_file(archive.add_resource(owner, "R"), "f", b"x")
    archive.delete_project("P")
    assert list(archive.files_root.iterdir()) == []
    assert archive.experiment(session) is None
