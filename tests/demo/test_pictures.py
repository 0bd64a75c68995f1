"""Rendered pictures: something to see, the right size, and a clear error when there is nothing."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom.data import get_testdata_file

from xnat_tui.demo.pictures import jpeg, snapshot
from xnat_tui.demo.sample.artist import Artist
from xnat_tui.demo.sample.dicom import write_series
from xnat_tui.demo.sample.protocols import PROTOCOLS, SCANNERS
from xnat_tui.demo.sample.study import Study


def _series(folder: Path, protocol: str) -> list[Path]:
    scanner = SCANNERS["prisma"]
    study = Study("P", "S1", "S1_MR1", scanner, datetime(2024, 3, 11, 9, 30))
    for name, data in write_series(Artist(), study, "1", PROTOCOLS[protocol]):
        (folder / name).write_bytes(data)
    return sorted(folder.iterdir())


def _grey(picture: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(picture)).convert("L"))


@pytest.mark.parametrize("protocol", ["tiny t1", "tiny bold", "tiny ct", "tiny pet", "t2 packed"])
def test_a_generated_series_is_dark_outside_and_bright_inside(tmp_path: Path, protocol: str) -> None:
    grey = _grey(snapshot(_series(tmp_path, protocol), 64))
    height, width = grey.shape
    assert grey[:4, -4:].mean() < 40
    assert grey[height // 3 : -height // 3, width // 3 : -width // 3].mean() > 60


def test_the_letter_stands_on_the_left_of_an_axial_picture(tmp_path: Path) -> None:
    grey = _grey(snapshot(_series(tmp_path, "tiny t1")))
    assert grey[:9, :9].max() > 200
    assert grey[:9, -9:].max() < 100


def test_a_snapshot_is_a_gif_of_the_asked_size(tmp_path: Path) -> None:
    picture = snapshot(_series(tmp_path, "tiny ct"), 96)
    assert picture.startswith(b"GIF8")
    assert Image.open(io.BytesIO(picture)).size == (96, 72)


def test_a_montage_lays_pictures_out(tmp_path: Path) -> None:
    picture = snapshot(_series(tmp_path, "tiny t1"), montage=(3, 1))
    left, middle, right = np.hsplit(_grey(picture), 3)
    assert left.shape == (48, 48)
    assert not np.array_equal(left, middle)
    assert right.mean() > 5


@pytest.mark.parametrize("name", ["MR_small.dcm", "examples_rgb_color.dcm", "examples_palette.dcm"])
def test_a_single_file_becomes_a_jpeg(name: str) -> None:
    path = get_testdata_file(name, download=False)
    assert isinstance(path, str)
    picture = jpeg(Path(path))
    assert picture.startswith(b"\xff\xd8")
    assert _grey(picture).std() > 5


def test_nothing_to_show_is_an_error(tmp_path: Path) -> None:
    text = tmp_path / "note.txt"
    text.write_text("not a picture")
    with pytest.raises(ValueError, match="None of the files holds a picture"):
        snapshot([text])
    with pytest.raises(ValueError, match=r"note\.txt cannot be shown"):
        jpeg(text)
    with pytest.raises(ValueError, match="None of the files"):
        snapshot([])
