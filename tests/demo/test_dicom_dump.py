"""dicomdump's rows, of files that everybody has."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file

from xnat_tui.demo.dicom_dump import dump_rows


@pytest.fixture
def ct() -> Path:
    path = get_testdata_file("CT_small.dcm", download=False)
    assert isinstance(path, str)
    return Path(path)


def _variant(source: Path, target: Path, **values: object) -> Path:
    header = dcmread(source)
    for keyword, value in values.items():
        setattr(header, keyword, value)
    header.save_as(target)
    return target


def test_a_row_has_the_five_columns_of_xnat(ct: Path) -> None:
    rows = dump_rows([ct], ["KVP"])
    assert rows == [
        {"tag1": "(0018,0060)", "tag2": "", "vr": "DS", "value": "120", "desc": "KVP"},
    ]


def test_the_whole_header_comes_in_order_and_without_pixels(ct: Path) -> None:
    rows = dump_rows([ct])
    tags = [(row["tag1"], row["tag2"]) for row in rows]
    assert tags == sorted(tags)
    assert tags[0] == ("(0002,0000)", "")
    assert not [tag for tag, _ in tags if tag.startswith("(7FE0")]


@pytest.mark.filterwarnings("ignore:Invalid value for VR UI")
def test_a_bad_uid_is_shown_without_a_warning(ct: Path, tmp_path: Path) -> None:
    path = _variant(ct, tmp_path / "bad.dcm", StudyInstanceUID="1.2.abc")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        rows = dump_rows([path], ["StudyInstanceUID"])
    assert [row["value"] for row in rows] == ["1.2.abc"]
    assert said == []


def test_fields_are_keywords_or_hexadecimal_digits(ct: Path) -> None:
    rows = dump_rows([ct], ["PatientName", "00080060", "NoSuchThing"])
    assert [(row["desc"], row["value"]) for row in rows] == [
        ("Modality", "CT"),
        ("Patient's Name", "CompressedSamples^CT1"),
    ]
    assert dump_rows([ct], ["NoSuchThing"]) == []


def test_sequences_open_one_level(ct: Path, tmp_path: Path) -> None:
    inner, outer = Dataset(), Dataset()
    inner.CodeValue = "deep"
    outer.CodeMeaning = "shallow"
    outer.PurposeOfReferenceCodeSequence = [inner]
    path = _variant(ct, tmp_path / "sequence.dcm", ProcedureCodeSequence=[outer])
    rows = dump_rows([path], ["ProcedureCodeSequence"])
    assert [(row["tag2"], row["vr"], row["value"]) for row in rows] == [
        ("", "SQ", ""),
        ("(0008,0104)", "LO", "shallow"),
        ("(0040,A170)", "SQ", ""),
    ]


def test_values_are_cut_and_escaped(ct: Path, tmp_path: Path) -> None:
    path = _variant(ct, tmp_path / "long.dcm", PatientComments="<&>" + "x" * 300)
    (row,) = dump_rows([path], ["PatientComments"])
    assert row["value"] == "&lt;&amp;&gt;" + "x" * 252


def test_only_the_first_file_counts_unless_a_summary_is_asked(ct: Path, tmp_path: Path) -> None:
    files = [_variant(ct, tmp_path / f"{number}.dcm", InstanceNumber=number % 2) for number in range(4)]
    (first,) = dump_rows(files, ["InstanceNumber"])
    (joined,) = dump_rows(files, ["InstanceNumber"], summary=True)
    assert (first["value"], joined["value"]) == ("0", "0, 1")


def test_files_that_are_not_dicom_are_passed_over(ct: Path, tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("hello")
    assert dump_rows([text]) == []
    assert dump_rows([text, ct], ["Modality"])[0]["value"] == "CT"
