"""The light header reader says what pydicom says."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import pytest
from pydicom import Dataset, Sequence, dcmread
from pydicom.errors import InvalidDicomError

from tests.transfers.dicom.samples import COLLECTION, MIXED, make_slice
from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.transfers.dicom.header import DicomFile, read_header

TEXTS = {
    "sop_class_uid": "SOPClassUID",
    "sop_instance_uid": "SOPInstanceUID",
    "study_uid": "StudyInstanceUID",
    "series_uid": "SeriesInstanceUID",
    "patient_id": "PatientID",
    "study_date": "StudyDate",
    "study_time": "StudyTime",
    "study_description": "StudyDescription",
    "modality": "Modality",
    "series_description": "SeriesDescription",
}


def read(content: bytes) -> DicomFile:
    return read_header(io.BytesIO(content), "a.dcm", len(content))


def written(instance: Dataset) -> bytes:
    target = io.BytesIO()
    instance.save_as(target, enforce_file_format=True)
    return target.getvalue()


def collection() -> list[Path]:
    return sorted(path for path in COLLECTION.rglob("*") if path.is_file() and path.suffix != ".py")


@pytest.mark.filterwarnings("ignore")
def test_it_agrees_with_pydicom_on_all_of_its_test_files() -> None:
    agreed = 0
    for path in collection():
        try:
            expected = dcmread(path, stop_before_pixels=True)
        except InvalidDicomError:
            continue
        if "SOPClassUID" not in expected or "SOPInstanceUID" not in expected:
            continue
        found = read(path.read_bytes())
        for attribute, keyword in TEXTS.items():
            assert getattr(found, attribute) == str(expected.get(keyword) or ""), (path.name, keyword)
        assert found.transfer_syntax_uid == expected.file_meta.TransferSyntaxUID
        assert found.patient_name.rstrip("=") == str(expected.get("PatientName") or "")
        assert found.series_number == expected.get("SeriesNumber")
        agreed += 1
    assert agreed > 100


@pytest.mark.parametrize("name", MIXED)
def test_the_data_set_starts_behind_the_meta_information(name: str) -> None:
    content = (COLLECTION / name).read_bytes()
    offset = read(content).data_offset
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        meta = dcmread(io.BytesIO(content), stop_before_pixels=True).file_meta
    assert offset == 132 + 12 + meta.FileMetaInformationGroupLength


def test_nested_sequences_of_undefined_length_are_passed_over() -> None:
    instance = make_slice()
    inner, outer = Dataset(), Dataset()
    inner.CodeValue = "T-1"
    inner.is_undefined_length_sequence_item = True
    outer.PurposeOfReferenceCodeSequence = Sequence([inner])
    outer["PurposeOfReferenceCodeSequence"].is_undefined_length = True
    outer.ReferencedSOPInstanceUID = "1.2.3"
    instance.ReferencedImageSequence = Sequence([outer, outer])
    instance["ReferencedImageSequence"].is_undefined_length = True
    assert read(written(instance)).series_description == "Axial"


@pytest.mark.parametrize("length", [9_000, 200_000, 3_000_000])
def test_headers_of_any_length_are_read(length: int) -> None:
    instance = make_slice()
    instance.add_new(0x00091001, "OB", bytes(length))
    instance.add_new(0x00090010, "LO", "TEST")
    assert read(written(instance)).instance_number == 1


@pytest.mark.parametrize("charset", ["ISO_IR 100", "ISO_IR 192", "ISO_IR 144", "ISO_IR 13"])
def test_names_are_shown_in_their_own_letters(charset: str) -> None:
    name = {"ISO_IR 144": "Люкс", "ISO_IR 13": "ﾔﾏﾀﾞ^ﾀﾛｳ"}.get(charset, "Äneas^Rüdiger")
    instance = make_slice()
    instance.SpecificCharacterSet = charset
    instance.PatientName = name
    assert read(written(instance)).patient_name == name


def test_values_that_are_no_numbers_are_none() -> None:
    content = written(make_slice(number=7, series_number=5))
    content = content.replace(b"IS\x02\x005 ", b"IS\x02\x00x ")
    assert read(content).series_number is None
    assert read(content).instance_number == 7


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (bytes(5000), "holds only zeros"),
        (b"<html>" * 100, "is not DICOM"),
        (bytes(128) + b"DICM", "ends too early"),
        (bytes(128) + b"DICM" + b"\xff" * 300, "damaged|has no SOP"),
    ],
)
def test_what_is_no_instance_says_why(content: bytes, reason: str) -> None:
    with pytest.raises(InvalidValueError, match=reason):
        read(content)


def test_an_instance_with_a_broken_uid_is_named() -> None:
    content = written(make_slice()).replace(b"1.2.840.10008.5.1.4.1.1.2\0", b"1.2.840.10008.5.1.4.CT.2\0\0")
    with pytest.raises(
        InvalidValueError, match=r"has the UID '1\.2\.840\.10008\.5\.1\.4\.CT\.2', which is none"
    ):
        read(content)


def test_a_header_cut_short_is_read_as_far_as_it_goes() -> None:
    content = written(make_slice())
    at = content.index(b"\x20\x00\x13\x00")
    assert read(content[:at]).series_number == 1


def test_a_media_directory_is_no_instance() -> None:
    (path,) = COLLECTION.glob("dicomdirtests/DICOMDIR")
    with pytest.raises(InvalidValueError, match="DICOMDIR"):
        read(path.read_bytes())
