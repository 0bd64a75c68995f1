"""What the tests of the import service send, and where it lies afterwards."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping
from typing import Any

import httpx
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from xnat_tui.demo.archive import Archive, Owner, StoredFile

IMPORT = "/data/services/import"
MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4"
PIXELS = bytes(range(256)) * 2
Files = Mapping[str, bytes]


def dicom_object(number: int = 1, *, series: int = 1, study: str = "1.2.3", **values: Any) -> Dataset:
    """A small MR image; values by keyword are set on top."""
    found = Dataset()
    found.file_meta = FileMetaDataset()
    found.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    found.SOPClassUID = MR_IMAGE
    found.SOPInstanceUID = f"{study}.{series}.{number}"
    found.StudyInstanceUID = study
    found.SeriesInstanceUID = f"{study}.{series}"
    found.StudyDate, found.StudyTime = "20240305", "101530"
    found.Modality = "MR"
    found.Manufacturer = "ACME"
    found.StationName = "SCAN1"
    found.MagneticFieldStrength = 3.0
    found.PatientName, found.PatientID = "Doe^Jane", "PAT.1"
    found.SeriesNumber, found.InstanceNumber = series, number
    found.SeriesDescription = f"T1 {series}"
    found.Rows = found.Columns = 16
    found.BitsAllocated = found.BitsStored = 16
    found.HighBit, found.PixelRepresentation, found.SamplesPerPixel = 15, 0, 1
    found.PhotometricInterpretation = "MONOCHROME2"
    found.PixelData = PIXELS
    for keyword, value in values.items():
        setattr(found, keyword, value)
    found.file_meta.MediaStorageSOPClassUID = found.SOPClassUID
    found.file_meta.MediaStorageSOPInstanceUID = found.SOPInstanceUID
    return found


def dicom_bytes(number: int = 1, **values: Any) -> bytes:
    """A small MR image as a file."""
    sink = io.BytesIO()
    dicom_object(number, **values).save_as(sink, enforce_file_format=True)
    return sink.getvalue()


def series_files(count: int = 2, **values: Any) -> dict[str, bytes]:
    """The files of a series by name."""
    series = values.get("series", 1)
    return {f"s{series}_{number}.dcm": dicom_bytes(number, **values) for number in range(1, count + 1)}


def zipped(files: Files) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return sink.getvalue()


def tarred(files: Files, mode: str = "w:") -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode=mode) as packed:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            packed.addfile(info, io.BytesIO(content))
    return sink.getvalue()


def send_zip(client: httpx.Client, files: Files, **params: str) -> httpx.Response:
    """Import a ZIP."""
    return client.post(
        IMPORT,
        params={"import-handler": "DICOM-zip", **params},
        content=zipped(files),
        headers={"content-type": "application/zip"},
    )


def send_one(client: httpx.Client, content: bytes, **params: str) -> httpx.Response:
    """Import one object by the gradual importer."""
    return client.post(
        IMPORT,
        params={"import-handler": "gradual-DICOM", **params},
        content=content,
        headers={"content-type": "application/dicom"},
    )


def row_of(client: httpx.Client, uri: str) -> dict[str, str]:
    """The row of the session that an import answered."""
    answer = client.get(uri.strip(), params={"format": "json"})
    rows: list[dict[str, str]] = answer.json()["ResultSet"]["Result"]
    return rows[0]


def archived_files(archive: Archive, project: str, label: str) -> dict[str, list[StoredFile]]:
    """The DICOM files of an archived session by scan."""
    session = archive.find_experiment(project, label)
    assert session
    return {
        scan.id: [
            file
            for resource in archive.resources(Owner.scan(session.id, scan.id))
            for file in archive.files(resource.id)
        ]
        for scan in archive.scans(session.id)
    }
