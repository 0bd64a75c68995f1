"""ScanService against the demo server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import InvalidValueError, PermissionDeniedError, ResourceNotFoundError
from xnat_tui.demo.archive import Archive
from xnat_tui.services.scans import ScanService


def ids(archive: Archive) -> list[str]:
    session = archive.find_experiment("LAB", "S1_MR1")
    assert session is not None
    return sorted(scan.id for scan in archive.scans(session.id))


def test_scans_are_listed_with_their_numbers_of_files(scans: ScanService) -> None:
    listed = scans.list(project="LAB", session="S1_MR1")
    assert [(scan.scan_id, scan.type, scan.file_count, scan.size_bytes) for scan in listed] == [
        ("1", "T1w", 0, 0),
        ("2", "T1w", 2, 15),
        ("10", "T1w", 0, 0),
    ]


def test_rows_take_ids_and_labels(scans: ScanService, archive: Archive) -> None:
    session = archive.find_experiment("LAB", "S1_MR1")
    assert session is not None
    for key in ((session.id, None), (session.id, "LAB"), ("S1_MR1", "LAB")):
        assert [row.id for row in scans.rows(*key)] == ["1", "2", "10"]


def test_a_shared_session_is_found_by_the_label_it_has_there(scans: ScanService) -> None:
    assert [row.id for row in scans.rows("Guest_MR1", project="AWKWARD")] == ["1"]


def test_more_columns_can_be_asked_for(scans: ScanService) -> None:
    listed = scans.list("SUB-001_MR1", "BRAINS", columns=["UID"])
    assert [scan.scan_id for scan in listed] == ["1", "2", "2-MR1", "10"]
    assert [bool(scan.series_uid) for scan in listed] == [True, True, True, False]


def test_a_scan_comes_with_its_facts(scans: ScanService) -> None:
    scan = scans.get("S1_MR1", "2", project="LAB")
    assert (scan.scan_id, scan.type, scan.quality, scan.file_count) == ("2", "T1w", "usable", 2)


def test_missing_sessions_and_scans_are_not_found(scans: ScanService) -> None:
    with pytest.raises(ResourceNotFoundError):
        scans.list("S1_MR9", "LAB")
    with pytest.raises(ResourceNotFoundError):
        scans.get("S1_MR1", "99", "LAB")
    with pytest.raises(ResourceNotFoundError):
        scans.delete("S1_MR1", "99", "LAB")


def test_one_scan_is_deleted(scans: ScanService, archive: Archive) -> None:
    assert scans.delete(project="LAB", session="S1_MR1", scan="1") is True
    assert ids(archive) == ["10", "2"]


@pytest.mark.parametrize("scan_id", ["*", "ALL", "1,2"])
def test_several_scans_are_not_deleted_as_one(scans: ScanService, archive: Archive, scan_id: str) -> None:
    with pytest.raises(InvalidValueError):
        scans.delete("S1_MR1", scan_id, "LAB")
    with pytest.raises(InvalidValueError):
        scans.delete_multiple("S1_MR1", ["1", scan_id], "LAB")
    assert ids(archive) == ["1", "10", "2"]


def test_collaborators_cannot_delete_scans(archive: Archive, client_for: Callable[[str], XNATClient]) -> None:
    with pytest.raises(PermissionDeniedError):
        ScanService(client_for("collaborator")).delete("SUB-001_MR1", "1", "BRAINS")


def test_several_scans_are_deleted_whatever_happens_to_others(scans: ScanService, archive: Archive) -> None:
    steps: list[tuple[int, int, str]] = []
    outcome = scans.delete_multiple(
        "S1_MR1", ["1", "99", "2", "1"], project="LAB", progress_callback=lambda *step: steps.append(step)
    )
    assert (outcome["deleted"], outcome["failed"]) == (["1", "2"], ["99"])
    assert [error["scan"] for error in outcome["errors"]] == ["99"]
    assert [step[:2] for step in steps] == [(1, 3), (2, 3), (3, 3)]
    assert {step[2] for step in steps} == {"1", "2", "99"}
    assert ids(archive) == ["10"]


@pytest.mark.parametrize("parallel", [True, False])
def test_all_scans_are_deleted(scans: ScanService, archive: Archive, parallel: bool) -> None:
    outcome = scans.delete_multiple(
        session="S1_MR1", scan_ids=["*"], project="LAB", remove_files=True, parallel=parallel, workers=2
    )
    assert outcome == {"deleted": ["1", "2", "10"], "failed": [], "errors": []}
    assert ids(archive) == []


def test_one_id_as_a_text_is_that_scan_and_not_its_digits(scans: ScanService, archive: Archive) -> None:
    assert scans.delete_multiple("S1_MR1", "10", project="LAB")["deleted"] == ["10"]
    assert ids(archive) == ["1", "2"]
