"""What a source holds, whether it is a folder, a list of files, a ZIP or a tar."""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.transfers.dicom.samples import make_slice, write_slices
from xnat_tui.core.cancel import CancelToken
from xnat_tui.core.exceptions import CancelledByUser
from xnat_tui.transfers.dicom.source import FileListSource, FolderSource, open_source
from xnat_tui.transfers.dicom.survey import DicomSurvey, survey


def look(path: Path) -> DicomSurvey:
    with open_source(path) as source:
        return survey(source)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two studies; in the first, two series share a number; one instance lies there twice."""
    root = tmp_path / "data"
    root.mkdir()
    slices = [
        make_slice(number=1),
        make_slice(number=2),
        make_slice(series="1.2.3.1.2"),
        make_slice(series="1.2.3.1.3", series_number=2),
        make_slice(study="1.2.3.2", series="1.2.3.2.1"),
    ]
    slices[4].PatientName = "Roe^Richard"
    for number, instance in enumerate(slices):
        instance.save_as(root / f"{number}.dcm", enforce_file_format=True)
    shutil.copy(root / "0.dcm", root / "copy.dcm")
    (root / "notes.txt").write_text("hello")
    (root / "broken.dcm").write_text("hello")
    return root


def test_files_are_grouped_by_study_and_series(folder: Path) -> None:
    first, second = look(folder).studies
    assert (first.uid, second.uid) == ("1.2.3.1", "1.2.3.2")
    assert [(series.uid, series.number, len(series.files)) for series in first.series] == [
        ("1.2.3.1.1", 1, 3),
        ("1.2.3.1.2", 1, 1),
        ("1.2.3.1.3", 2, 1),
    ]
    assert first.series[0].description == "Axial"
    assert first.first.patient_name == "Doe^Jane"


def test_what_is_odd_is_told(folder: Path) -> None:
    found = look(folder)
    assert found.is_mixed
    assert found.patient_names == ("Doe^Jane", "Roe^Richard")
    assert found.patient_ids == ("P1",)
    assert found.studies[0].repeated_series_numbers == {1: ("1.2.3.1.1", "1.2.3.1.2")}
    assert list(found.duplicates.values()) == [("0.dcm", "copy.dcm")]
    assert found.homeless == ()


def test_other_files_are_named_with_the_reason(folder: Path) -> None:
    reasons = {one.name: one.reason for one in look(folder).skipped}
    assert reasons == {"broken.dcm": "is not DICOM", "notes.txt": "is not named as DICOM files are"}


def test_instances_without_a_study_are_told(tmp_path: Path) -> None:
    make_slice(study="").save_as(tmp_path / "a.dcm", enforce_file_format=True)
    assert look(tmp_path).homeless == ("a.dcm",)


@pytest.mark.parametrize("kind", ["zip", "tar", "gztar", "bztar", "xztar"])
def test_archives_hold_what_the_folder_holds(kind: str, folder: Path, tmp_path: Path) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "packed"), kind, folder))
    expected, found = look(folder), look(archive)
    assert sorted(file.sop_instance_uid for file in found.files) == sorted(
        file.sop_instance_uid for file in expected.files
    )
    assert len(found.skipped) == len(expected.skipped)
    assert found.size_bytes == expected.size_bytes


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_members_are_read_by_many_threads_at_once(kind: str, tmp_path: Path) -> None:
    write_slices(tmp_path / "slices", 60, size=30_000)
    archive = Path(shutil.make_archive(str(tmp_path / "packed"), kind, tmp_path / "slices"))
    with open_source(archive) as source, ThreadPoolExecutor(8) as pool:
        names = [file.name for file in survey(source).files]

        def content(name: str) -> bytes:
            with source.open(name) as stream:
                return stream.read()

        for name, data in zip(names * 3, pool.map(content, names * 3), strict=True):
            assert data == (tmp_path / "slices" / name).read_bytes()


def test_links_and_encrypted_members_are_not_read(folder: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "links.tar", "w") as archive:
        link = tarfile.TarInfo("link.dcm")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    (skipped,) = look(tmp_path / "links.tar").skipped
    assert skipped.reason == "is a link or a device, not a file"

    with zipfile.ZipFile(tmp_path / "secret.zip", "w") as secret:
        secret.write(folder / "0.dcm", "0.dcm")
    content = bytearray((tmp_path / "secret.zip").read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "secret.zip").write_bytes(content)
    assert look(tmp_path / "secret.zip").skipped[0].reason == "is encrypted"


def test_a_damaged_member_does_not_hide_the_others(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "damaged.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / "0.dcm", "0.dcm")
        archive.write(folder / "1.dcm", "1.dcm")
    content = bytearray((tmp_path / "damaged.zip").read_bytes())
    content[60:120] = b"\xff" * 60
    (tmp_path / "damaged.zip").write_bytes(content)
    found = look(tmp_path / "damaged.zip")
    assert [file.name for file in found.files] == ["1.dcm"]
    assert found.skipped[0].reason.startswith("cannot be read: ")


def test_files_named_one_by_one_are_taken_whatever_their_names(folder: Path) -> None:
    (folder / "0.dcm").rename(folder / "scan.backup")
    source = FileListSource([folder / "scan.backup", folder / "broken.dcm"])
    found = survey(source)
    assert [file.name for file in found.files] == [str(folder / "scan.backup")]
    assert [one.reason for one in found.skipped] == ["is not DICOM"]


def test_sources_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(FileNotFoundError):
        open_source(tmp_path / "missing")
    with pytest.raises(ValueError, match="neither a directory nor a ZIP nor a tar"):
        open_source(tmp_path / "notes.txt")
    with pytest.raises(FileNotFoundError):
        FileListSource([tmp_path / "missing"])
    with pytest.raises(ValueError, match="is not a file"):
        FileListSource([tmp_path])


def test_a_survey_is_cancelled_and_counts(folder: Path) -> None:
    cancel = CancelToken()
    counted: list[int] = []

    def count(looked_at: int) -> None:
        counted.append(looked_at)
        if looked_at == 3:
            cancel.set()

    with FolderSource(folder) as source, pytest.raises(CancelledByUser):
        survey(source, cancel=cancel, on_file=count)
    assert counted == [1, 2, 3]
