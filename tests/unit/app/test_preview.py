"""Previews: what is read of a file, and what becomes of it."""

from __future__ import annotations

import gzip
import io
import json
import struct

import pytest
from PIL import Image
from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from xnat_tui.app.archive.detail import FactGroup
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.app.archive.picture import Picture
from xnat_tui.app.archive.preview import PICTURE_BYTES, START_BYTES, Preview, preview_of, read_preview
from xnat_tui.app.archive.table import Table


def file(name: str, size: int | None) -> NodeRef:
    return NodeRef(Kind.FILE, name, name, size_bytes=size)


def whole(name: str, data: bytes) -> Preview:
    return preview_of(name, data, is_whole=True, size=len(data))


def facts_of(preview: Preview) -> dict[str, str]:
    assert isinstance(preview.content, FactGroup)
    return dict(preview.content.facts)


def png(mode: str = "RGB", size: tuple[int, int] = (8, 4)) -> bytes:
    stored = io.BytesIO()
    Image.new(mode, size).save(stored, "PNG")
    return stored.getvalue()


def nifti(order: str = "<") -> bytes:
    header = bytearray(352)
    struct.pack_into(f"{order}i", header, 0, 348)
    struct.pack_into(f"{order}8h", header, 40, 4, 64, 48, 20, 180, 1, 1, 1)
    struct.pack_into(f"{order}h", header, 70, 4)
    struct.pack_into(f"{order}8f", header, 76, 1, 3, 3, 4.5, 2, 0, 0, 0)
    header[148:153] = b"brain"
    return bytes(header)


def test_no_more_than_the_limit_is_read() -> None:
    asked: list[int] = []

    def read_start(limit: int) -> bytes:
        asked.append(limit)
        return b"x" * limit

    note = read_preview(file("a.txt", 3_100_000), read_start).note
    assert asked == [START_BYTES]
    assert note == "first 66 kB of 3.1 MB"


@pytest.mark.parametrize("size", [PICTURE_BYTES + 1, None])
def test_a_picture_that_is_too_large_is_not_read(size: int | None) -> None:
    preview = read_preview(file("a.png", size), lambda limit: pytest.fail("it was read"))
    assert preview.content is None
    assert "up to 4.0 MB" in preview.note


def test_an_empty_file_is_not_read() -> None:
    preview = read_preview(file("a.txt", 0), lambda limit: pytest.fail("it was read"))
    assert preview == Preview(None, "The file is empty.")


@pytest.mark.parametrize(
    ("data", "lines", "note"),
    [
        (b"one\r\ntwo\n", ("one", "two", ""), ""),
        ("äöü".encode(), ("äöü",), ""),
        ("äöü".encode("latin-1"), ("äöü",), "not UTF-8, read as Latin-1"),
        ("\ufeffäöü".encode(), ("äöü",), ""),
        ("äöü".encode("utf-16"), ("\ufeffäöü".strip("\ufeff"),), "UTF-16"),
        (b"red \x1b[31m", ("red \x1b[31m",), ""),
    ],
)
def test_text_is_read_in_its_encoding(data: bytes, lines: tuple[str, ...], note: str) -> None:
    assert whole("a.txt", data) == Preview(lines, note)


def test_a_letter_cut_by_the_limit_is_left_out() -> None:
    preview = preview_of("a.txt", "aä".encode()[:-1], is_whole=False)
    assert preview.content == ("a",)


def test_json_gets_one_value_a_line() -> None:
    assert whole("a.json", b'{"a":[1,2]}').content == ("{", '  "a": [', "    1,", "    2", "  ]", "}")


@pytest.mark.parametrize("data", [b'{"a":', b"[" * 50_000])
def test_what_is_no_json_is_shown_as_text(data: bytes) -> None:
    assert whole("a.json", data).content == (data.decode(),)


def test_endless_json_is_bounded() -> None:
    content = whole("a.json", json.dumps(list(range(20_000))).encode()).content
    assert isinstance(content, tuple) and len(content) == 2000


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_sheets_become_tables(separator: str) -> None:
    text = f"name{separator}value\nfirst{separator}1.5\nsecond{separator}\n"
    table = whole("a.csv", text.encode()).content
    assert isinstance(table, Table)
    assert [(head.title, head.is_number) for head in table.heads] == [("name", False), ("value", True)]
    assert table.rows == (("first", "1.5"), ("second", ""))


def test_the_last_row_of_a_cut_sheet_is_left_out() -> None:
    table = preview_of("a.tsv", b"a\tb\n1\t2\n3\t", is_whole=False).content
    assert isinstance(table, Table)
    assert table.rows == (("1", "2"),)


def test_ragged_rows_are_no_error() -> None:
    table = whole("a.csv", b"a,b\n1\n1,2,3\n\n").content
    assert isinstance(table, Table)
    assert table.rows == (("1", ""), ("1", "2"))


def test_a_sheet_of_one_column_is_text() -> None:
    assert whole("a.csv", b"only\nwords").content == ("only", "words")


def test_bytes_are_dumped() -> None:
    preview = whole("a.bin", bytes(range(256)) * 2)
    assert isinstance(preview.content, tuple)
    assert preview.content[4] == f"0040  {bytes(range(64, 80)).hex(' ')}  @ABCDEFGHIJKLMNO"
    assert preview.note == "binary · first 256 bytes"


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "LA", "1", "I;16"])
def test_pictures_of_all_kinds_are_unpacked(mode: str) -> None:
    preview = whole("a.png", png(mode))
    assert isinstance(preview.content, Picture)
    assert (preview.content.width, preview.content.height) == (8, 4)
    assert preview.note == "PNG 8 x 4"


def test_a_picture_is_known_by_its_first_bytes() -> None:
    assert isinstance(whole("picture", png()).content, Picture)


def test_a_damaged_picture_says_so() -> None:
    preview = read_preview(file("a.png", 30), lambda limit: png()[:30])
    assert preview.content is None
    assert preview.note.startswith("This picture cannot be read")


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz"])
def test_nifti_says_its_shape(order: str, name: str) -> None:
    data = gzip.compress(nifti(order)) if name.endswith("gz") else nifti(order)
    facts = facts_of(preview_of(name, data, is_whole=False))
    assert facts["voxels"] == "64 x 48 x 20"
    assert facts["voxel size"] == "3 x 3 x 4.5 mm"
    assert (facts["volumes"], facts["repetition"]) == ("180", "2")
    assert (facts["values"], facts["description"]) == ("int16", "brain")


@pytest.mark.parametrize("data", [b"\x1f\x8bbroken", nifti()[:100], b"\0" * 600])
def test_a_damaged_nifti_is_dumped(data: bytes) -> None:
    assert whole("a.nii.gz", data).note.startswith("binary")


def test_dicom_says_what_it_is() -> None:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.4", "1.2.3"
    dataset.Modality, dataset.Manufacturer, dataset.StudyDate = "MR", "ACME", "20240129"
    dataset.SeriesDescription, dataset.Rows, dataset.Columns, dataset.BitsAllocated = "t1", 64, 48, 16
    dataset.PixelData = b"\0" * 10_000
    stored = io.BytesIO()
    dataset.ensure_file_meta()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(stored, enforce_file_format=True)
    facts = facts_of(preview_of("IM0001", stored.getvalue()[:4000], is_whole=False))
    assert (facts["modality"], facts["manufacturer"], facts["series"]) == ("MR", "ACME", "t1")
    assert (facts["study date"], facts["pixels"], facts["bits"]) == ("2024-01-29", "48 x 64", "16")
    assert facts["encoding"] == "explicit little endian"


def test_a_damaged_dicom_is_dumped() -> None:
    assert whole("a.dcm", b"\0" * 128 + b"DICM" + b"\2\0\xff").note.startswith("binary")
