"""DICOM files for tests: real ones from pydicom's own collection, copies of them, and generated slices."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path

import pydicom
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

COLLECTION = Path(pydicom.__file__).parent / "data" / "test_files"

MIXED = (
    "CT_small.dcm",
    "MR_small_implicit.dcm",
    "MR_small_bigendian.dcm",
    "ExplVR_BigEnd.dcm",
    "rtdose.dcm",
    "rtplan.dcm",
    "test-SR.dcm",
    "reportsi.dcm",
    "liver_1frame.dcm",
    "image_dfl.dcm",
    "JPEG-lossy.dcm",
    "SC_rgb_dcmtk_+eb+cr.dcm",
    "SC_rgb_jpeg_gdcm.dcm",
    "JPEG2000.dcm",
    "MR_small_jp2klossless.dcm",
    "examples_jpeg2k.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "SC_rgb_jls_lossy_line.dcm",
    "MR_small_RLE.dcm",
    "SC_rgb_rle_2frame.dcm",
)
"""Eight SOP classes in twelve transfer syntaxes."""


def write_mixed(folder: Path, count: int) -> dict[str, bytes]:
    """Write `count` instances made of the mixed files, each with a SOP UID of its own; UID to pixel bytes."""
    pixels: dict[str, bytes] = {}
    for number in range(count):
        name = MIXED[number % len(MIXED)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some of the real files have small flaws
            instance = dcmread(COLLECTION / name)
            instance.SOPInstanceUID = instance.file_meta.MediaStorageSOPInstanceUID = generate_uid()
            instance.StudyInstanceUID = instance.get("StudyInstanceUID") or "1.2.3.9"
            instance.SeriesInstanceUID = instance.get("SeriesInstanceUID") or "1.2.3.9.1"
            instance.save_as(folder / f"{number:04}.dcm", enforce_file_format=True)
        pixels[instance.SOPInstanceUID] = instance.get("PixelData", b"")
    return pixels


def read_pixels(paths: Iterable[Path]) -> dict[str, bytes]:
    """SOP Instance UID to pixel bytes of files that a peer has kept."""
    pixels: dict[str, bytes] = {}
    for path in paths:
        instance = dcmread(path)
        assert instance.SOPInstanceUID not in pixels
        pixels[instance.SOPInstanceUID] = instance.get("PixelData", b"")
    return pixels


def make_slice(
    *,
    number: int = 1,
    study: str = "1.2.3.1",
    series: str = "1.2.3.1.1",
    series_number: int = 1,
    size: int = 64,
) -> Dataset:
    """A CT slice with `size` bytes of pixels."""
    instance = Dataset()
    instance.file_meta = FileMetaDataset()
    instance.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    instance.file_meta.MediaStorageSOPClassUID = instance.SOPClassUID = CTImageStorage
    instance.file_meta.MediaStorageSOPInstanceUID = instance.SOPInstanceUID = generate_uid()
    instance.StudyInstanceUID, instance.SeriesInstanceUID = study, series
    instance.StudyDate, instance.StudyTime, instance.Modality = "20260102", "101112", "CT"
    instance.PatientName, instance.PatientID = "Doe^Jane", "P1"
    instance.SeriesDescription, instance.SeriesNumber, instance.InstanceNumber = (
        "Axial",
        series_number,
        number,
    )
    instance.PixelData = bytes(size)
    instance["PixelData"].VR = "OW"
    return instance


def write_slices(folder: Path, count: int, *, size: int = 64) -> list[str]:
    """Write `count` slices of one series; their SOP UIDs."""
    folder.mkdir(parents=True, exist_ok=True)
    uids = []
    for number in range(count):
        instance = make_slice(number=number + 1, size=size)
        instance.save_as(folder / f"{number:05}.dcm", enforce_file_format=True)
        uids.append(str(instance.SOPInstanceUID))
    return uids
