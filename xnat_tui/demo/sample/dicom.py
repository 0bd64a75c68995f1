"""Writes the files of a generated series. What their headers say is headers.py, what they show artist.py."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pydicom.charset import convert_encodings
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element
from pydicom.uid import PYDICOM_IMPLEMENTATION_UID, ExplicitVRLittleEndian, RLELossless

from xnat_tui.demo.sample.artist import Artist
from xnat_tui.demo.sample.geometry import Floats
from xnat_tui.demo.sample.headers import instance_header, series_header
from xnat_tui.demo.sample.protocols import Protocol
from xnat_tui.demo.sample.study import Study, series_uid

_PREAMBLE = b"\0" * 128 + b"DICM"


def write_series(
    artist: Artist, study: Study, scan_id: str, protocol: Protocol
) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files of one series, in the order of InstanceNumber."""
    common = series_header(study, scan_id, protocol)
    encoded = _encode(common)
    seed = int(series_uid(study, scan_id).removeprefix("2.25.")) % 2**32
    instance = 0
    for grid, volume in artist.volumes(protocol, study.person, seed):
        for picture in volume:
            instance += 1
            own = instance_header(study, scan_id, protocol, grid, instance)
            own.SOPClassUID = common.SOPClassUID
            _set_pixels(own, protocol, picture)
            elements = encoded | _encode(own)
            body = b"".join(elements[tag] for tag in sorted(elements))
            yield f"{study.session_label}-{scan_id}-{instance:04}.dcm", _PREAMBLE + _meta(own) + body


def _encode(header: Dataset) -> dict[int, bytes]:
    """Each element as it stands in a file; what a series has in common need not be encoded for each file."""
    encodings = convert_encodings("ISO_IR 192")
    encoded = {}
    for element in header:
        buffer = DicomBytesIO()
        buffer.is_little_endian, buffer.is_implicit_VR = True, False
        write_data_element(buffer, element, encodings)
        encoded[int(element.tag)] = buffer.getvalue()
    return encoded


def _meta(header: Dataset) -> bytes:
    """The file meta information (PS3.10 7.1) that goes with a file's own elements."""
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\x00\x01"
    meta.MediaStorageSOPClassUID = header.SOPClassUID
    meta.MediaStorageSOPInstanceUID = header.SOPInstanceUID
    meta.TransferSyntaxUID = header.file_meta.TransferSyntaxUID
    meta.ImplementationClassUID = PYDICOM_IMPLEMENTATION_UID
    meta.ImplementationVersionName = "XNATTUIDEMO"
    rest = b"".join(_encode(meta).values())
    length = FileMetaDataset()
    length.FileMetaInformationGroupLength = len(rest)
    return b"".join(_encode(length).values()) + rest


def _set_pixels(header: Dataset, protocol: Protocol, picture: Floats) -> None:
    stored, slope, intercept = _quantise(protocol, picture)
    header.file_meta = FileMetaDataset()
    header.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    header.set_pixel_data(stored, "MONOCHROME2", 16, generate_instance_uid=False)
    if protocol.modality != "MR":
        header.RescaleSlope, header.RescaleIntercept = slope, intercept
    if protocol.modality == "CT":
        header.RescaleType = "HU"
    if protocol.compressed:
        header.compress(RLELossless, generate_instance_uid=False)


def _quantise(protocol: Protocol, picture: Floats) -> tuple[NDArray[np.uint16], float, float]:
    """Stored values with the slope and intercept that lead back to the unit of the contrast."""
    if protocol.modality == "CT":
        return np.clip(np.rint(picture + 1024), 0, 4095).astype(np.uint16), 1.0, -1024.0
    if protocol.modality == "PET":
        slope = round(max(float(picture.max()), 1.0) / 32767, 6)
        return np.clip(np.rint(picture / slope), 0, 32767).astype(np.uint16), slope, 0.0
    return np.clip(np.rint(np.abs(picture)), 0, 4095).astype(np.uint16), 1.0, 0.0
