"""The import service: what it takes, where it puts it, and what it answers."""

from __future__ import annotations

import io
import re
from pathlib import Path

import httpx
import pytest
from pydicom import dcmread
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless

from tests.demo.incoming import (
    IMPORT,
    PIXELS,
    dicom_bytes,
    dicom_object,
    row_of,
    send_one,
    send_zip,
    series_files,
    tarred,
    zipped,
)
from tests.demo.planted import Ask, Place
from xnat_tui.demo.ingest.settings import IngestSettings
from xnat_tui.demo.serve import DemoServer


def waiting_files(client: httpx.Client, uri: str, scan: str = "1") -> dict[str, str]:
    """URIs of the files of a session's scan by name, after a build."""
    client.post(uri.strip(), params={"action": "build"})
    answer = client.get(f"{uri.strip()}/scans/{scan}/resources/DICOM/files")
    return {row["Name"]: row["URI"] for row in answer.json()["ResultSet"]["Result"]}


def test_a_zip_is_answered_with_its_session(admin: httpx.Client, place: Place) -> None:
    answer = send_zip(admin, series_files(), PROJECT_ID=place.project, SUBJECT_ID="S9", EXPT_LABEL="S9_MR1")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/uri-list")
    pattern = rf"/data/prearchive/projects/{place.project}/\d{{8}}_\d{{9}}/S9_MR1\r\n"
    assert re.fullmatch(pattern, answer.text)


def test_without_commit_a_session_stays_receiving(admin: httpx.Client, place: Place) -> None:
    answer = send_zip(admin, series_files(), project=place.project)
    row = row_of(admin, answer.text)
    assert (row["status"], row["uploaded"], row["scan_date"]) == ("RECEIVING", "", "")


def test_a_tar_is_taken(admin: httpx.Client, place: Place) -> None:
    answer = admin.post(
        IMPORT,
        params={"import-handler": "DICOM-zip", "project": place.project},
        content=tarred(series_files()),
        headers={"content-type": "application/x-tar"},
    )
    assert set(waiting_files(admin, answer.text)) == {"s1_1.dcm", "s1_2.dcm"}


def test_a_tgz_is_known_by_the_name_in_the_path(admin: httpx.Client, place: Place) -> None:
    params = {"import-handler": "DICOM-zip", "project": place.project}
    content, headers = tarred(series_files(), "w:gz"), {"content-type": "application/x-gzip"}
    refused = admin.post(IMPORT, params=params, content=content, headers=headers)
    taken = admin.post(f"{IMPORT}/all.tar.gz", params=params, content=content, headers=headers)
    assert (refused.status_code, taken.status_code) == (400, 200)


def test_a_zip_that_calls_itself_octets_is_refused(admin: httpx.Client) -> None:
    answer = admin.post(
        IMPORT,
        params={"import-handler": "DICOM-zip"},
        content=zipped(series_files()),
        headers={"content-type": "application/octet-stream"},
    )
    assert answer.status_code == 400
    assert "Unsupported format" in answer.text


def test_a_form_brings_file_and_parameters(admin: httpx.Client, place: Place) -> None:
    answer = admin.post(
        IMPORT,
        data={"import-handler": "DICOM-zip", "project": place.project, "session": "FORM"},
        files={"anything": ("data.zip", zipped(series_files()))},
    )
    assert answer.text.endswith("/FORM\r\n")


def test_two_files_in_a_form_are_refused(admin: httpx.Client) -> None:
    files = [("a", ("a.zip", zipped({}))), ("b", ("b.zip", zipped({})))]
    answer = admin.post(IMPORT, data={"import-handler": "DICOM-zip"}, files=files)
    assert answer.status_code == 400
    assert "limited to one uploaded resource" in answer.text


def test_a_form_cannot_be_a_plain_body(admin: httpx.Client) -> None:
    answer = admin.post(IMPORT, params={"inbody": "true"}, files={"a": ("a.zip", b"x")})
    assert answer.status_code == 406


def test_no_file_is_refused(admin: httpx.Client) -> None:
    answer = admin.post(IMPORT, params={"import-handler": "DICOM-zip"})
    assert answer.status_code == 400
    assert "Unable to identify upload format." in answer.text


def test_an_unknown_handler_is_not_found(admin: httpx.Client) -> None:
    answer = admin.post(IMPORT, params={"import-handler": "dicom-zip", "inbody": "1"}, content=b"x")
    assert answer.status_code == 404
    assert "Unknown importer implementation specified: dicom-zip" in answer.text


def test_the_service_cannot_be_read(admin: httpx.Client) -> None:
    assert admin.get(IMPORT).status_code == 405


def test_a_malformed_destination_is_refused(admin: httpx.Client) -> None:
    answer = send_zip(admin, series_files(), dest="/somewhere")
    assert answer.status_code == 400
    assert "dest" in answer.text


def test_one_line_for_each_session(admin: httpx.Client, place: Place) -> None:
    files = series_files(1) | series_files(1, series=2, study="1.2.4", PatientID="OTHER")
    answer = send_zip(admin, files, project=place.project)
    assert {line.rpartition("/")[2] for line in answer.text.split()} == {"PAT_1", "OTHER"}


def test_as_plain_text_one_session_has_no_line_end(admin: httpx.Client, place: Place) -> None:
    answer = send_zip(admin, series_files(), project=place.project, format="txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert not answer.text.endswith("\n")


def test_as_html_errors_are_told_in_the_page(admin: httpx.Client) -> None:
    answer = send_zip(admin, {"x.dcm": b"no"}, format="html")
    assert answer.status_code == 200
    assert "unable to read DICOM object x.dcm" in answer.text


def test_what_is_not_dicom_stops_an_import_in_the_midst(admin: httpx.Client, place: Place) -> None:
    files = {"1.dcm": dicom_bytes(), "notes.txt": b"hello", "2.dcm": dicom_bytes(2)}
    answer = send_zip(admin, files, project=place.project)
    assert answer.status_code == 400
    assert "unable to read DICOM object notes.txt" in answer.text
    rows = admin.get(f"/data/prearchive/projects/{place.project}").json()["ResultSet"]["Result"]
    assert set(waiting_files(admin, f"/data{rows[0]['url']}")) == {"1.dcm"}


def test_what_is_not_dicom_can_be_passed_over(admin: httpx.Client, place: Place) -> None:
    files = {"1.dcm": dicom_bytes(), "notes.txt": b"hello"}
    answer = send_zip(admin, files, project=place.project, **{"Ignore-Unparsable": "true"})
    assert set(waiting_files(admin, answer.text)) == {"1.dcm"}


def test_passing_over_takes_the_word_true(admin: httpx.Client, place: Place) -> None:
    answer = send_zip(admin, {"a.txt": b"no"}, project=place.project, **{"Ignore-Unparsable": "1"})
    assert answer.status_code == 400


def test_nothing_but_other_files_is_an_error(admin: httpx.Client) -> None:
    answer = send_zip(admin, {"a.txt": b"no"}, **{"Ignore-Unparsable": "true"})
    assert answer.status_code == 400


def test_archives_in_archives_are_opened(admin: httpx.Client, place: Place) -> None:
    answer = send_zip(admin, {"inner.zip": zipped(series_files())}, project=place.project)
    assert len(waiting_files(admin, answer.text)) == 2


def test_a_broken_archive_is_refused(admin: httpx.Client) -> None:
    answer = admin.post(
        IMPORT,
        params={"import-handler": "DICOM-zip"},
        content=zipped(series_files())[:300],
        headers={"content-type": "application/zip"},
    )
    assert answer.status_code == 400


def test_one_object_comes_alone(admin: httpx.Client, place: Place) -> None:
    answer = send_one(admin, dicom_bytes(), PROJECT_ID=place.project)
    assert answer.text.endswith("/PAT_1\r\n")


def test_objects_of_one_study_and_label_share_a_session(admin: httpx.Client, place: Place) -> None:
    uris = {send_one(admin, dicom_bytes(n), PROJECT_ID=place.project).text for n in (1, 2, 3)}
    assert len(uris) == 1


def test_the_gradual_importer_knows_formal_names_only(admin: httpx.Client, place: Place) -> None:
    answer = send_one(admin, dicom_bytes(study="1.2.9"), project=place.project)
    assert "/Unassigned/" in answer.text


def test_the_type_of_a_single_object_chooses_its_handler(admin: httpx.Client, place: Place) -> None:
    answer = admin.post(
        IMPORT,
        params={"PROJECT_ID": place.project},
        content=dicom_bytes(),
        headers={"content-type": "application/dicom"},
    )
    assert answer.status_code == 200


def test_comments_say_where_to(admin: httpx.Client, place: Place) -> None:
    comments = f"project: {place.project}; subject:S7, Session : S7_MR1"
    answer = send_one(admin, dicom_bytes(PatientComments=comments))
    row = row_of(admin, answer.text)
    assert (row["project"], row["subject"], row["name"]) == (place.project, "S7", "S7_MR1")


def test_parameters_beat_comments(admin: httpx.Client, place: Place) -> None:
    comments = f"Project:{place.project} Subject:S7 Session:S7_MR1"
    answer = send_one(admin, dicom_bytes(PatientComments=comments), SUBJECT_ID="S8")
    row = row_of(admin, answer.text)
    assert (row["subject"], row["name"]) == ("S8", "S7_MR1")


def test_the_study_description_can_be_a_project(admin: httpx.Client, place: Place) -> None:
    answer = send_one(admin, dicom_bytes(StudyDescription=place.project))
    assert row_of(admin, answer.text)["project"] == place.project


def test_labels_from_names_are_made_safe(admin: httpx.Client, place: Place) -> None:
    row = row_of(admin, send_one(admin, dicom_bytes(), PROJECT_ID=place.project).text)
    assert (row["subject"], row["name"]) == ("Doe_Jane", "PAT_1")


def test_a_project_that_the_sender_may_not_fill_is_passed_over(ask: Ask, place: Place) -> None:
    answer = send_one(ask("collaborator"), dicom_bytes(), PROJECT_ID=place.project)
    assert answer.status_code == 200
    assert "/Unassigned/" in answer.text


def test_the_site_edits_headers_but_not_pixels(admin: httpx.Client, place: Place) -> None:
    sent = dicom_bytes()
    answer = send_zip(admin, {"a.dcm": sent}, project=place.project, subject="S9", session="S9_MR1")
    (uri,) = waiting_files(admin, answer.text).values()
    stored = admin.get(uri).content
    assert stored != sent
    header = dcmread(io.BytesIO(stored))
    assert (header.PatientName, header.PatientID) == ("S9", "S9_MR1")
    assert header.PatientComments == f"Project:{place.project} Subject:S9 Session:S9_MR1"
    assert header.SOPInstanceUID == "1.2.3.1.1"
    assert header.PixelData == PIXELS


def test_who_edited_headers_already_can_prevent_that(admin: httpx.Client, place: Place) -> None:
    sent = dicom_bytes()
    answer = send_zip(admin, {"a.dcm": sent}, project=place.project, prevent_anon="true")
    (uri,) = waiting_files(admin, answer.text).values()
    assert admin.get(uri).content == sent


def test_a_site_may_leave_headers_alone(tmp_path: Path) -> None:
    sent = dicom_bytes()
    with DemoServer(tmp_path / "demo", ingest=IngestSettings(edit_headers=False)) as server:
        with httpx.Client(base_url=server.url, auth=("admin", "admin")) as client:
            send_one(client, sent)
        (file,) = server.archive.prearchive_files(1)
        assert server.archive.location_of(file).read_bytes() == sent


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, RLELossless, DeflatedExplicitVRLittleEndian])
def test_pixels_stay_in_every_transfer_syntax(admin: httpx.Client, place: Place, syntax: UID) -> None:
    sent = dicom_object()
    if syntax == RLELossless:
        sent.compress(RLELossless, generate_instance_uid=False)
    sent.file_meta.TransferSyntaxUID = syntax
    sink = io.BytesIO()
    sent.save_as(sink, enforce_file_format=True)
    answer = send_zip(admin, {"a.dcm": sink.getvalue()}, project=place.project)
    (uri,) = waiting_files(admin, answer.text).values()
    stored = dcmread(io.BytesIO(admin.get(uri).content))
    assert stored.file_meta.TransferSyntaxUID == syntax
    assert stored.PixelData == sent.PixelData


def test_file_names_are_made_safe(admin: httpx.Client, place: Place) -> None:
    answer = send_zip(admin, {"a b/c#1": dicom_bytes()}, project=place.project)
    assert set(waiting_files(admin, answer.text)) == {"a_b_c_1"}


def test_the_template_names_files_on_demand(admin: httpx.Client, place: Place) -> None:
    answer = send_zip(admin, {"a.dcm": dicom_bytes()}, project=place.project, rename="true")
    (name,) = waiting_files(admin, answer.text)
    assert re.fullmatch(r"1\.2\.3-1-1-[0-9a-z]+\.dcm", name)


def test_a_taken_name_gives_way_to_the_template(admin: httpx.Client, place: Place) -> None:
    for number in (1, 2):
        answer = send_one(admin, dicom_bytes(number), PROJECT_ID=place.project)
    names = waiting_files(admin, answer.text)
    assert "upload.dcm" in names
    assert any(name.startswith("1.2.3-1-2-") for name in names)


def test_the_same_object_again_replaces_its_file(admin: httpx.Client, place: Place) -> None:
    for _ in range(2):
        answer = send_zip(admin, series_files(), project=place.project)
    assert len(waiting_files(admin, answer.text)) == 2


def test_a_place_in_the_prearchive_can_be_forced(admin: httpx.Client, place: Place) -> None:
    dest = f"/prearchive/projects/{place.project}/20250102_030405006/HERE"
    answer = send_zip(admin, series_files(), dest=dest)
    assert answer.text == f"/data{dest}\r\n"


def test_a_forced_time_is_one_session(admin: httpx.Client, place: Place) -> None:
    dest = f"/prearchive/projects/{place.project}/20250102_030405006"
    assert send_zip(admin, series_files(3), dest=dest).text == f"/data{dest}/PAT_1\r\n"


def test_a_forced_place_takes_no_second_study(admin: httpx.Client, place: Place) -> None:
    dest = f"/prearchive/projects/{place.project}/20250102_030405006/HERE"
    send_zip(admin, series_files(), dest=dest)
    answer = send_zip(admin, series_files(study="1.2.99"), dest=dest)
    assert answer.status_code == 400


@pytest.mark.parametrize("kind", [".dcm", ""])
def test_names_of_files_say_nothing_about_their_contents(
    admin: httpx.Client, place: Place, kind: str
) -> None:
    answer = send_zip(admin, {f"IM0001{kind}": dicom_bytes()}, project=place.project)
    assert answer.status_code == 200


def test_a_guest_is_not_let_in(server: DemoServer) -> None:
    with httpx.Client(base_url=server.url) as guest:
        assert send_zip(guest, series_files()).status_code == 401
