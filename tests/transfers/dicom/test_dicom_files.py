"""Which files are DICOM, and how they are divided."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.transfers.dicom.samples import COLLECTION, make_slice
from xnat_tui.transfers.dicom.batches import split_by_bytes, split_into_batches, split_into_n_batches
from xnat_tui.transfers.dicom.files import collect_dicom_files


def names(root: Path, *, include_extensionless: bool = True) -> list[str]:
    found = collect_dicom_files(root, include_extensionless=include_extensionless)
    return [path.relative_to(root).as_posix() for path in found]


@pytest.fixture
def image(tmp_path: Path) -> bytes:
    make_slice().save_as(tmp_path / "image", enforce_file_format=True)
    content = (tmp_path / "image").read_bytes()
    (tmp_path / "image").unlink()
    return content


def test_dicom_extensions_count_whatever_their_case(tmp_path: Path) -> None:
    for name in ("b.dcm", "a.DCM", "c.ima", "d.dicom", "notes.txt", "e.nii"):
        (tmp_path / name).touch()
    assert names(tmp_path) == ["a.DCM", "b.dcm", "c.ima", "d.dicom"]


def test_files_without_an_extension_are_taken_by_content(tmp_path: Path, image: bytes) -> None:
    for name in ("IM0001", "IM.0002", "1.2.840.113619.2.5", "picture.img"):
        (tmp_path / name).write_bytes(image)
    for name in ("README", "backup.1", "brain.img", "EMPTY"):
        (tmp_path / name).write_bytes(b"" if name == "EMPTY" else b"no pictures here" * 20)
    assert names(tmp_path) == ["1.2.840.113619.2.5", "IM.0002", "IM0001", "picture.img"]
    assert names(tmp_path, include_extensionless=False) == []


@pytest.mark.parametrize("name", ["ExplVR_LitEndNoMeta.dcm", "rtstruct.dcm"])
def test_a_data_set_without_the_usual_preamble_is_recognised(name: str, tmp_path: Path) -> None:
    (tmp_path / "IM1").write_bytes((COLLECTION / name).read_bytes())
    assert names(tmp_path) == ["IM1"]


def test_directories_of_media_and_companions_are_left_out(tmp_path: Path, image: bytes) -> None:
    for name in ("DICOMDIR", "._a.dcm", ".hidden", "sub/a.dcm"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(image)
    assert names(tmp_path) == ["sub/a.dcm"]


def test_links_are_followed_once(tmp_path: Path, image: bytes) -> None:
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / "data" / "deep" / "a.dcm").write_bytes(image)
    (tmp_path / "data" / "deep" / "back").symlink_to(tmp_path / "data")
    (tmp_path / "data" / "b.dcm").symlink_to(tmp_path / "data" / "deep" / "a.dcm")
    (tmp_path / "data" / "gone.dcm").symlink_to(tmp_path / "nowhere")
    assert names(tmp_path / "data") == ["b.dcm", "deep/a.dcm"]


def test_only_directories_are_searched(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "missing"):
        with pytest.raises(ValueError, match="is not a directory"):
            collect_dicom_files(path)


def test_batches_of_a_size_keep_the_order() -> None:
    assert split_into_batches(list("abcde"), 2) == [["a", "b"], ["c", "d"], ["e"]]
    assert split_into_batches([], 2) == []


def test_a_number_of_batches_is_dealt_round_robin() -> None:
    assert split_into_n_batches(list("abcde"), 2) == [["a", "c", "e"], ["b", "d"]]
    assert split_into_n_batches(list("ab"), 5) == [["a"], ["b"]]


def test_batches_by_bytes_never_exceed_the_bound_but_for_single_files() -> None:
    sizes = [4, 4, 4, 20, 1, 0, 9]
    assert split_by_bytes(sizes, lambda size: size, 10) == [[4, 4], [4], [20], [1, 0, 9]]


@pytest.mark.parametrize("count", [0, -1])
def test_impossible_batches_are_refused(count: int) -> None:
    for split in (split_into_batches, split_into_n_batches):
        with pytest.raises(ValueError, match="not possible"):
            split(["a"], count)
    with pytest.raises(ValueError, match="not possible"):
        split_by_bytes([1], lambda size: size, count)
