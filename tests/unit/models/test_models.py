"""Both forms of answers become the same models, whatever their odd keys."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from xnat_tui.core.answers import decode_rows
from xnat_tui.models.item import Item
from xnat_tui.models.project import Project
from xnat_tui.models.resource import FileEntry, Resource
from xnat_tui.models.rows import FileRow, ProjectRow, ResourceRow, SubjectRow, columns_of
from xnat_tui.models.scan import Scan
from xnat_tui.models.session import Session, modality_of
from xnat_tui.models.subject import Subject

SAMPLES = Path(__file__).parent / "samples"


def sample_item(name: str) -> Item:
    return Item.from_envelope(json.loads((SAMPLES / name).read_text()))


def test_a_scan_counts_the_files_of_its_resources() -> None:
    scan = Scan.from_item(sample_item("scan-item.json"))
    assert (scan.scan_id, scan.id, scan.type, scan.quality) == ("4", "4", "T1w", "usable")
    assert (scan.file_count, scan.size_bytes, scan.frames) == (121, 6291756, 176)
    assert (scan.xsi_type, scan.series_uid, scan.start_time) == ("xnat:mrScanData", "1.2.3", "09:31:00")


def test_a_session_knows_its_scanner_and_scans() -> None:
    session = Session.from_item(sample_item("session-item.json"))
    assert session.id == "LAB_E00003"
    assert (session.session_date, session.session_time) == (date(2023, 4, 5), "08:15:00")
    assert (session.scanner, session.scan_count, session.modality) == ("ACME Ring 3", 2, "PETMR")
    assert session.custom_variables == {"reader": "b. smith"}
    assert session.raw["dcmPatientWeight"] == 71.5


def test_a_subject_has_the_facts_of_its_children() -> None:
    subject = Subject.from_item(sample_item("subject-item.json"))
    assert (subject.gender, subject.yob, subject.handedness) == ("male", 1990, "left")
    assert (subject.session_count, subject.shared_into) == (1, ("TRIAL",))


def test_a_date_that_does_not_exist_is_none_and_its_text_is_kept() -> None:
    subject = Subject.from_item(sample_item("subject-item.json"))
    assert subject.dob is None
    assert subject.raw["dob"] == "1990-02-30"


def test_a_project_has_a_principal_investigator() -> None:
    project = Project.from_item(sample_item("project-item.json"))
    assert (project.id, project.name, project.pi, project.subject_count) == ("LAB", "The Lab", "Jo Ng", None)


def test_a_project_without_investigator_has_an_empty_pi() -> None:
    assert Project.from_row(ProjectRow(id="LAB")).pi == ""


def test_rows_become_models_with_none_for_null() -> None:
    rows = decode_rows((SAMPLES / "subjects-table.json").read_bytes(), SubjectRow)
    first, second = map(Subject.from_row, rows)
    assert (first.id, first.label, first.yob) == ("LAB_S00007", "P-10", 1987)
    assert first.insert_date == datetime(2023, 3, 1, 9, 30, 12, 500000)
    assert (second.project, second.yob, second.gender) == ("OTHER", None, "")


def test_an_id_in_small_letters_is_an_id() -> None:
    content = b'{"ResultSet":{"Result":[{"id":"LAB","name":"The Lab"}]}}'
    [row] = decode_rows(content, ProjectRow)
    assert row.id == "LAB"
    assert Project.from_row(row).id == "LAB"


def test_resources_that_were_never_counted_have_no_numbers() -> None:
    rows = decode_rows((SAMPLES / "resources-table.json").read_bytes(), ResourceRow)
    dicom, unnamed = map(Resource.from_row, rows)
    assert (dicom.id, dicom.label, dicom.file_count, dicom.size_bytes) == ("81", "DICOM", 120, 6291456)
    assert (dicom.category, dicom.owner_id, dicom.tags) == ("scans", "4", ("raw", "checked"))
    assert (unnamed.label, unnamed.file_count, unnamed.size_bytes, unnamed.tags) == ("", None, None, ())


def test_a_file_has_its_path_inside_the_resource() -> None:
    rows = decode_rows((SAMPLES / "files-table.json").read_bytes(), FileRow)
    first, second = map(FileEntry.from_file, rows)
    assert (first.name, first.path, first.size_bytes) == ("a #1.dcm", "sub/files/a #1.dcm", 512)
    assert (first.digest, first.tags) == ("00112233445566778899aabbccddeeff", ("step=2", "raw"))
    assert (first.resource_label, first.resource_id) == ("DICOM", "81")
    assert (second.path, second.size_bytes, second.digest) == ("b.txt", None, "")


@pytest.mark.parametrize("document", [{}, {"items": []}, {"items": ["x"]}, [], "x", {"ResultSet": {}}])
def test_what_is_no_items_document_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match="no item"):
        Item.from_envelope(document)


def test_fields_of_items_are_found_in_any_case() -> None:
    item = sample_item("session-item.json")
    assert item.text("SUBJECT_id") == "LAB_S00008"
    assert item.text("nothing") == ""
    assert len(item.group("Scans/Scan")) == 2


def test_models_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Project.from_row(ProjectRow(id="LAB")).name = "other"  # type: ignore[misc]


def test_columns_are_named_as_xnat_names_them() -> None:
    assert columns_of(ProjectRow, without=("description",)) == "ID,name,secondary_ID,pi_firstname,pi_lastname"


@pytest.mark.parametrize(
    ("xsi_type", "modality"), [("xnat:mrSessionData", "MR"), ("xnat:qcManualAssessorData", ""), ("", "")]
)
def test_modality_is_read_from_the_type(xsi_type: str, modality: str) -> None:
    assert modality_of(xsi_type) == modality
