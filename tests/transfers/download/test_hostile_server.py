"""A server that lies: nothing is written outside of the folder, and the report says what was refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.transfers.download.bulk import on_disk
from tests.transfers.download.small_server import SESSION, file_row, packed, serving
from xnat_tui.core.client import XNATClient
from xnat_tui.models.summary import DownloadSummary
from xnat_tui.services.downloads import DownloadService

ZIP = f"{SESSION}/scans/1/resources/7/files"
FOLDER = "S1/scans/1-T/resources/R/files"
NAMES = [f"{number}.dcm" for number in range(5)]


def download(url: str, root: Path, *, verify: bool = False) -> DownloadSummary:
    with XNATClient(url, "admin", "admin") as client:
        return DownloadService(client).download_session("E1", root, verify=verify)


def test_entries_that_lead_out_of_the_folder_are_not_written(tmp_path: Path) -> None:
    evil = [
        "../../evil",
        "/tmp/evil-of-xnat-tui",
        "C:\\evil",
        "a\\..\\..\\evil",
        f"{FOLDER}/../../../../../evil",
    ]
    entries = {name: b"evil" for name in evil} | {f"{FOLDER}/{name}": b"good" for name in NAMES}
    with serving([file_row(name, 4) for name in NAMES], {ZIP: packed(entries)}) as url:
        summary = download(url, tmp_path / "a" / "out")
    assert on_disk(tmp_path / "a") == {f"out/{FOLDER}/{name}": b"good" for name in NAMES}
    assert not Path("/tmp/evil-of-xnat-tui").exists()
    assert sorted(summary.refused_entries) == sorted(evil)


@pytest.mark.parametrize("evil", ["../evil", "a/../../evil", "..\\evil"])
def test_listed_files_that_lead_out_of_the_folder_are_failures(evil: str, tmp_path: Path) -> None:
    entries = {f"{FOLDER}/{name}": b"good" for name in NAMES}
    rows = [file_row(name, 4) for name in (*NAMES, evil)]
    with serving(rows, {ZIP: packed(entries)} | {f"{ZIP}/{name}": b"good" for name in NAMES}) as url:
        summary = download(url, tmp_path / "a" / "out")
    assert not summary.success
    assert "out of the folder" in summary.errors[0]
    assert on_disk(tmp_path / "a") == {f"out/{FOLDER}/{name}": b"good" for name in NAMES}


def test_names_that_differ_in_case_only_become_two_files(tmp_path: Path) -> None:
    names = ["A.dcm", "a.dcm", "B.dcm", "b.dcm"]
    entries = {f"{FOLDER}/{name}": name.encode() for name in names}
    with serving([file_row(name, 5) for name in names], {ZIP: packed(entries)}) as url:
        summary = download(url, tmp_path / "out")
    written = {Path(name).name: data for name, data in on_disk(tmp_path / "out").items()}
    assert written == {"A.dcm": b"A.dcm", "B.dcm": b"B.dcm", "a~2.dcm": b"a.dcm", "b~2.dcm": b"b.dcm"}
    assert set(summary.renamed.values()) == {"a.dcm", "b.dcm"}


def test_a_name_that_is_a_file_and_a_folder_fails_alone(tmp_path: Path) -> None:
    names = ["x", "x/y", "1", "2"]
    with serving([file_row(name, 4) for name in names], {f"{ZIP}/{name}": b"good" for name in names}) as url:
        summary = download(url, tmp_path / "out")
    assert (summary.succeeded, summary.failed) == (3, 1)
    assert "cannot be stored" in summary.errors[0]


def test_a_link_in_the_way_is_replaced_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"mine")
    folder = tmp_path / "out" / FOLDER
    folder.mkdir(parents=True)
    (folder / "0.dcm").symlink_to(outside)
    entries = {f"{FOLDER}/{name}": b"good" for name in NAMES}
    with serving([file_row(name, 4) for name in NAMES], {ZIP: packed(entries)}) as url:
        assert download(url, tmp_path / "out").success
    assert outside.read_bytes() == b"mine"
    assert not (folder / "0.dcm").is_symlink()


def test_a_log_in_page_instead_of_a_zip_is_not_unpacked(tmp_path: Path) -> None:
    with serving(
        [file_row(name, 4) for name in NAMES],
        {ZIP: b"<html>log in</html>"} | {f"{ZIP}/{name}": b"good" for name in NAMES},
    ) as url:
        summary = download(url, tmp_path / "out")
    assert summary.succeeded == len(NAMES)


def test_a_zip_with_other_bytes_is_corrected_by_single_files(tmp_path: Path) -> None:
    digest = hashlib.md5(b"good").hexdigest()
    entries = {f"{FOLDER}/{name}": b"evil" for name in NAMES}
    bodies = {ZIP: packed(entries)} | {f"{ZIP}/{name}": b"good" for name in NAMES}
    with serving([file_row(name, 4, digest) for name in NAMES], bodies) as url:
        summary = download(url, tmp_path / "out", verify=True)
    assert (summary.verified, summary.failed) == (len(NAMES), 0)
    assert set(on_disk(tmp_path / "out").values()) == {b"good"}
