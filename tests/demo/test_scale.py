"""Large data on request."""

from __future__ import annotations

from pathlib import Path

import pytest

from xnat_tui.demo.archive import Archive, Owner
from xnat_tui.demo.scale import bulk_project, parse_bulk, parse_scale, plant_bulk, plant_scale


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path)
    archive.add_user("owner", "owner")
    return archive


def test_sizes_are_read() -> None:
    assert parse_scale("10000x3") == (10000, 3)
    assert parse_bulk("2000x500K") == (2000, 512_000)
    assert parse_bulk("3x2MB") == (3, 2 * 1024**2)
    assert parse_bulk("7x10") == (7, 10)


@pytest.mark.parametrize("text", ["", "x", "10000", "10x", "axb", "0x3", "3x0", "-1x3", "1x2x3", "1.5x2"])
def test_bad_scales_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="10000x3"):
        parse_scale(text)


@pytest.mark.parametrize("text", ["", "500K", "0x1K", "1x0K", "1x5T", "1xK", "1x-5"])
def test_bad_bulk_sizes_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="2000x500K"):
        parse_bulk(text)


def test_scale_makes_subjects_with_sessions(archive: Archive) -> None:
    plant_scale(archive, 50, 3)
    last = archive.find_subject("SCALE_50x3", "S000050")
    assert last
    sessions = archive.experiments_of_subject(last.id)
    assert [session.label for session in sessions] == ["S000050_1", "S000050_2", "S000050_3"]
    assert archive.find_subject("SCALE_50x3", "S000051") is None


def test_bulk_spreads_different_files_of_one_size(archive: Archive) -> None:
    plant_bulk(archive, 10, 100_000)
    session = archive.find_experiment(bulk_project(10, 100_000), "BULK-1_MR1")
    assert session
    files = [
        file
        for scan in archive.scans(session.id)
        for resource in archive.resources(Owner.scan(session.id, scan.id))
        for file in archive.files(resource.id)
    ]
    assert [file.size_bytes for file in files] == [100_000] * 10
    assert len({file.digest for file in files}) == 10


def test_bulk_manages_fewer_files_than_scans(archive: Archive) -> None:
    plant_bulk(archive, 1, 5)
    session = archive.find_experiment(bulk_project(1, 5), "BULK-1_MR1")
    assert session and len(archive.scans(session.id)) == 1
