"""ResourceService against the demo server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import (
    ConflictError,
    InvalidValueError,
    PermissionDeniedError,
    ResourceNotFoundError,
    UnsafeOperationError,
)
from xnat_tui.demo.archive import Archive
from xnat_tui.services.resources import ResourceService


def test_resources_are_listed_at_every_level(resources: ResourceService) -> None:
    assert [row.label for row in resources.rows(project="BRAINS")] == ["README"]
    assert [row.label for row in resources.rows(project="BRAINS", subject="SUB-001")] == ["CONSENT"]
    assert [row.label for row in resources.rows("S1_MR1", project="LAB")] == ["QC"]
    assert [row.label for row in resources.rows("S1_MR1", "2", "LAB")] == ["DICOM"]
    assert resources.rows("S1_MR1", "1", "LAB") == []
    of_assessor = resources.rows("SUB-001_MR1", project="BRAINS", assessor="SUB-001_MR1_QC")
    assert [row.label for row in of_assessor] == ["REPORT"]


def test_a_resource_comes_with_its_facts(resources: ResourceService) -> None:
    [listed] = resources.list(project="LAB", session="S1_MR1", scan="2")
    found = resources.get("S1_MR1", "DICOM", "2", "LAB")
    assert (found.label, found.format, found.content) == ("DICOM", "DICOM", "RAW")
    assert (found.file_count, found.size_bytes) == (2, 15)
    assert found == listed == resources.get("S1_MR1", found.id, "2", "LAB")


def test_files_are_listed_with_their_folders(resources: ResourceService) -> None:
    files = resources.list_files("S1_MR1", "DICOM", scan_id="2", project="LAB")
    assert [(file.name, file.path, file.size_bytes) for file in files] == [
        ("b10.dcm", "b10.dcm", 10),
        ("b2.dcm", "sub/b2.dcm", 5),
    ]
    assert files[0].digest == "781e5e245d69b566979b86e28d23f2c7"
    rows = resources.file_rows("S1_MR1", "DICOM", "2", "LAB")
    assert [row.path for row in rows] == ["b10.dcm", "sub/b2.dcm"]


def test_odd_names_of_files_come_through(resources: ResourceService) -> None:
    paths = [file.path for file in resources.list_files(None, "ODD_NAMES", project="AWKWARD")]
    assert len(paths) == 7
    assert "folder/deep file.txt" in paths


def test_an_empty_resource_has_no_files_and_a_missing_one_is_not_found(resources: ResourceService) -> None:
    assert resources.list_files(None, "EMPTY", project="AWKWARD") == []
    with pytest.raises(ResourceNotFoundError):
        resources.list_files("S1_MR1", "NOTHING", project="LAB")
    with pytest.raises(ResourceNotFoundError):
        resources.list("S1_MR9", project="LAB")
    with pytest.raises(ResourceNotFoundError):
        resources.get("S1_MR1", "NOTHING", project="LAB")


def test_a_created_resource_is_as_asked(resources: ResourceService) -> None:
    made = resources.create("S1_MR1", "PROCESSED", project="LAB", format="NIFTI", content="MASK")
    assert (made.label, made.format, made.content) == ("PROCESSED", "NIFTI", "MASK")
    assert resources.create("S1_MR1", "PROCESSED", scan_id="1", project="LAB").label == "PROCESSED"
    assert resources.create(None, "NOTES", project="LAB", subject="S10").label == "NOTES"


def test_an_existing_resource_is_a_conflict(resources: ResourceService) -> None:
    with pytest.raises(ConflictError):
        resources.create("S1_MR1", "QC", project="LAB")


@pytest.mark.parametrize("label", ["", "123", "a&b", "a/b"])
def test_odd_labels_are_refused(resources: ResourceService, label: str) -> None:
    with pytest.raises(InvalidValueError):
        resources.create("S1_MR1", label, project="LAB")


def test_collaborators_cannot_create_resources(
    archive: Archive, client_for: Callable[[str], XNATClient]
) -> None:
    with pytest.raises(PermissionDeniedError):
        ResourceService(client_for("collaborator")).create("SUB-001_MR1", "NEW", project="BRAINS")


def test_a_resource_is_deleted_with_its_files(resources: ResourceService) -> None:
    assert resources.delete("S1_MR1", resource="DICOM", scan="2", project="LAB") is True
    assert resources.list("S1_MR1", "2", "LAB") == []
    with pytest.raises(ResourceNotFoundError):
        resources.delete("S1_MR1", "DICOM", "2", "LAB")


def test_a_resource_cannot_be_deleted_without_its_files(resources: ResourceService) -> None:
    with pytest.raises(UnsafeOperationError, match="keep its files"):
        resources.delete("S1_MR1", "QC", project="LAB", remove_files=False)
    assert [row.label for row in resources.rows("S1_MR1", project="LAB")] == ["QC"]


def test_collaborators_cannot_delete_resources(
    archive: Archive, client_for: Callable[[str], XNATClient]
) -> None:
    with pytest.raises(PermissionDeniedError):
        ResourceService(client_for("collaborator")).delete("SUB-001_MR1", "QC", project="BRAINS")


def test_the_start_of_a_file_is_read_and_no_more(resources: ResourceService, archive: Archive) -> None:
    place = {"session_id": "S1_MR1", "scan_id": "2", "project": "LAB", "resource_label": "DICOM"}
    assert resources.read_start(path="b10.dcm", limit_bytes=4, **place) == b"0123"
    assert resources.read_start(path="sub/b2.dcm", limit_bytes=400, **place) == b"01234"
    with pytest.raises(ResourceNotFoundError):
        resources.read_start(path="none.dcm", limit_bytes=4, **place)


def test_all_files_of_a_place_come_in_one_request(resources: ResourceService, archive: Archive) -> None:
    session = archive.find_experiment("LAB", "S1_MR1")
    assert session is not None
    names = ["b10.dcm", "sub/b2.dcm"]
    assert sorted(row.path for row in resources.all_file_rows(session.id)) == names
    assert sorted(row.path for row in resources.all_file_rows("S1_MR1", project="LAB")) == names
    assert sorted(row.path for row in resources.all_file_rows(session.id, "2")) == names
    assert resources.all_file_rows(project="LAB") == []
