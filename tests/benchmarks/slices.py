"""CT slices by the thousand: real DICOM files that differ in UID and pixels and deflate like a scanner's."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

HALF_MB = 512
"""Rows and columns of a slice of 0.5 MB (524 288 bytes of pixels)."""

_UID = "1.2.826.0.1.3680043.8.498.77"
_FIRST = 10**11
_NOISE = 1 << 21


def sop_uid(number: int) -> str:
    """Return the SOP Instance UID of a slice; all are of the same length."""
    return f"{_UID}.1.{_FIRST + number}"


def write_slices(
    folder: Path, count: int, *, scans: int = 10, side: int = HALF_MB, sparse: bool = False
) -> None:
    """Write `count` slices, spread over series, each in a folder named by its number.

    Args:
        folder: made if needed.
        count: how many slices.
        scans: how many series.
        side: rows and columns of 2 bytes each.
        sparse: pixels are zeros that take no room on the disk.
    """
    noise = _Noise(side)
    for scan in range(1, scans + 1):
        target = folder / str(scan)
        target.mkdir(parents=True)
        head = _head(scan, side)
        first = sop_uid(0).encode()
        for number in range(scan - 1, count, scans):
            with (target / f"{number:06}.dcm").open("wb") as file:
                file.write(head.replace(first, sop_uid(number).encode()))
                if sparse:
                    file.truncate(len(head) + 2 * side * side)
                else:
                    file.write(noise.pixels(number))


class _Noise:
    """A smooth picture with the 12-bit noise of a scanner, another piece of noise for each slice."""

    def __init__(self, side: int) -> None:
        random = np.random.default_rng(7)
        self._tape = random.normal(0, 20, _NOISE + side * side).astype(np.int16)
        y, x = np.mgrid[0:side, 0:side]
        self._picture = (800 + 200 * np.sin(x / 60) * np.cos(y / 80)).astype(np.int16).ravel()

    def pixels(self, number: int) -> bytes:
        start = number * 7919 % _NOISE
        return bytes((self._picture + self._tape[start : start + self._picture.size]).data)


def _head(scan: int, side: int) -> bytes:
    """Return the bytes of a slice up to its pixels."""
    size = 2 * side * side
    instance = Dataset()
    instance.file_meta = FileMetaDataset()
    instance.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    instance.file_meta.MediaStorageSOPClassUID = instance.SOPClassUID = CTImageStorage
    instance.file_meta.MediaStorageSOPInstanceUID = UID(sop_uid(0))
    instance.SOPInstanceUID = sop_uid(0)
    instance.StudyInstanceUID, instance.SeriesInstanceUID = f"{_UID}.2", f"{_UID}.3.{scan}"
    instance.StudyDate, instance.StudyTime, instance.Modality = "20260102", "101112", "CT"
    instance.PatientName, instance.PatientID, instance.StudyID = "Bench^Mark", "BENCH", "1"
    instance.SeriesNumber, instance.InstanceNumber, instance.SeriesDescription = scan, 1, "Axial"
    instance.Rows = instance.Columns = side
    instance.SamplesPerPixel, instance.PhotometricInterpretation = 1, "MONOCHROME2"
    instance.BitsAllocated, instance.BitsStored, instance.HighBit = 16, 12, 11
    instance.PixelRepresentation = 1
    instance.PixelData = bytes(size)
    instance["PixelData"].VR = "OW"
    sink = BytesIO()
    instance.save_as(sink, enforce_file_format=True)
    return sink.getvalue()[:-size]
