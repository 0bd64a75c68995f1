"""From the import service into the archive: when, as what, and what may join what is there."""

from __future__ import annotations

import hashlib

import httpx
import pytest

from tests.demo.incoming import archived_files, row_of, send_zip, series_files
from tests.demo.planted import Place
from xnat_tui.demo.archive import Archive, Experiment
from xnat_tui.demo.serve import DemoServer

MR, PET, CT = "MR", "PT", "CT"


def into_archive(place: Place, label: str = "S9_MR1") -> dict[str, str]:
    return {"dest": f"/archive/projects/{place.project}/subjects/S9/experiments/{label}"}


def session_of(archive: Archive, place: Place, label: str = "S9_MR1") -> Experiment:
    found = archive.find_experiment(place.project, label)
    assert found
    return found


@pytest.fixture
def archive(server: DemoServer) -> Archive:
    return server.archive


def test_an_archive_destination_archives_at_once(admin: httpx.Client, place: Place) -> None:
    answer = send_zip(admin, series_files(), **into_archive(place))
    assert answer.text == f"/data/archive/projects/{place.project}/subjects/S9/experiments/S9_MR1\r\n"
    assert admin.get(answer.text.strip(), params={"format": "json"}).status_code == 200


def test_nothing_waits_after_archiving(admin: httpx.Client, place: Place) -> None:
    send_zip(admin, series_files(), **into_archive(place))
    assert admin.get(f"/data/prearchive/projects/{place.project}").json()["ResultSet"]["Result"] == []


def test_a_missing_subject_is_made(admin: httpx.Client, place: Place, archive: Archive) -> None:
    send_zip(admin, series_files(), **into_archive(place))
    subject = archive.find_subject(place.project, "S9")
    assert subject
    assert session_of(archive, place).subject_id == subject.id


def test_a_subject_is_known_in_any_case(admin: httpx.Client, place: Place, archive: Archive) -> None:
    send_zip(admin, series_files(), project=place.project, subject="s1", session="X", action="commit")
    assert session_of(archive, place, "X").subject_id == place.subject


def test_headers_make_the_session(admin: httpx.Client, place: Place, archive: Archive) -> None:
    send_zip(admin, series_files(), **into_archive(place))
    session = session_of(archive, place)
    assert (session.xsi_type, session.date, session.time) == ("xnat:mrSessionData", "2024-03-05", "10:15:30")
    expected = {"UID": "1.2.3", "scanner": "SCAN1", "scanner/manufacturer": "ACME", "modality": "MR"}
    assert session.values.items() >= {**expected, "fieldStrength": "3.0", "dcmPatientName": "S9"}.items()


def test_headers_make_the_scans(admin: httpx.Client, place: Place, archive: Archive) -> None:
    send_zip(admin, series_files(3) | series_files(2, series=12), **into_archive(place))
    first, second = archive.scans(session_of(archive, place).id)
    assert (first.id, first.type, first.xsi_type) == ("1", "T1 1", "xnat:mrScanData")
    assert (second.id, second.series_description, second.quality) == ("12", "T1 12", "usable")
    assert (first.values["frames"], first.values["UID"]) == (3, "1.2.3.1")


@pytest.mark.parametrize(
    ("modalities", "expected"),
    [
        ([MR], "xnat:mrSessionData"),
        ([CT, PET], "xnat:petSessionData"),
        ([MR, PET], "xnat:petmrSessionData"),
        (["SR", CT], "xnat:ctSessionData"),
        (["RTSTRUCT"], "xnat:rtSessionData"),
        (["AU"], "xnat:otherDicomSessionData"),
    ],
)
def test_modalities_make_the_type(
    admin: httpx.Client, place: Place, archive: Archive, modalities: list[str], expected: str
) -> None:
    files: dict[str, bytes] = {}
    for number, modality in enumerate(modalities, 1):
        files |= series_files(1, series=number, Modality=modality)
    send_zip(admin, files, **into_archive(place))
    assert session_of(archive, place).xsi_type == expected


def test_archived_files_have_digests(admin: httpx.Client, place: Place, archive: Archive) -> None:
    send_zip(admin, series_files(1), **into_archive(place))
    ((file,),) = archived_files(archive, place.project, "S9_MR1").values()
    stored = b"".join(archive.read_file(file.resource_id, file.path))
    assert file.digest == hashlib.md5(stored).hexdigest()


def test_repeated_series_numbers_are_told_apart(admin: httpx.Client, place: Place, archive: Archive) -> None:
    files = series_files(1) | {"other.dcm": series_files(1, SeriesInstanceUID="1.2.3.77")["s1_1.dcm"]}
    send_zip(admin, files, **into_archive(place))
    assert set(archived_files(archive, place.project, "S9_MR1")) == {"1", "1-MR1"}


def test_a_project_archives_by_itself_after_a_commit(admin: httpx.Client, place: Place) -> None:
    answer = send_zip(admin, series_files(), project=place.project, session="AUTO", action="commit")
    assert answer.text.startswith("/data/archive/")


@pytest.mark.parametrize(("aa", "area"), [("true", "archive"), ("false", "prearchive")])
def test_where_the_project_leaves_it_open_a_parameter_decides(
    admin: httpx.Client, place: Place, aa: str, area: str
) -> None:
    admin.put(f"/data/projects/{place.project}/prearchive_code/0")
    answer = send_zip(admin, series_files(), project=place.project, action="commit", AA=aa)
    assert answer.text.startswith(f"/data/{area}/")


def test_comments_beat_the_project(admin: httpx.Client, place: Place) -> None:
    files = series_files(PatientComments="AA:false")
    answer = send_zip(admin, files, project=place.project, action="commit")
    assert row_of(admin, answer.text)["autoarchive"] == "Manual"


def test_a_prearchive_destination_keeps_a_session(admin: httpx.Client, place: Place) -> None:
    answer = send_zip(admin, series_files(), dest=f"/prearchive/projects/{place.project}")
    assert row_of(admin, answer.text)["status"] == "READY"


def test_the_unassigned_are_never_archived(admin: httpx.Client) -> None:
    answer = send_zip(admin, series_files(study="1.2.50"), action="commit", AA="true")
    assert "/prearchive/projects/Unassigned/" in answer.text


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, 400),
        ({"overwrite": "none"}, 400),
        ({"overwrite": "append"}, 400),
        ({"overwrite": "append", "overwrite_files": "true"}, 200),
        ({"overwrite": "delete"}, 200),
    ],
)
def test_the_same_files_again(
    admin: httpx.Client, place: Place, params: dict[str, str], expected: int
) -> None:
    send_zip(admin, series_files(), **into_archive(place))
    assert send_zip(admin, series_files(), **into_archive(place), **params).status_code == expected


def test_a_conflict_leaves_the_session_waiting(admin: httpx.Client, place: Place) -> None:
    send_zip(admin, series_files(), **into_archive(place))
    answer = send_zip(admin, series_files(), **into_archive(place))
    assert "unable to archive for the Prearchive session" in answer.text
    (row,) = admin.get(f"/data/prearchive/projects/{place.project}").json()["ResultSet"]["Result"]
    assert row["status"] == "CONFLICT"
    assert admin.get(f"/data{row['url']}/logs/last").text == "Session already exists with matching files."


def test_without_overwrite_a_manual_project_does_not_merge(admin: httpx.Client, place: Place) -> None:
    admin.put(f"/data/projects/{place.project}/prearchive_code/0")
    send_zip(admin, series_files(), **into_archive(place))
    other = send_zip(admin, series_files(series=2), **into_archive(place))
    again = send_zip(admin, series_files(series=2), **into_archive(place), overwrite="none")
    assert (other.status_code, again.status_code) == (400, 200)


def test_other_files_of_a_scan_join_it(admin: httpx.Client, place: Place, archive: Archive) -> None:
    files = series_files(4)
    first, rest = dict(list(files.items())[:2]), dict(list(files.items())[2:])
    send_zip(admin, first, **into_archive(place))
    send_zip(admin, rest, **into_archive(place), overwrite="append")
    assert len(archived_files(archive, place.project, "S9_MR1")["1"]) == 4
    assert archive.scans(session_of(archive, place).id)[0].values["frames"] == 4


def test_a_number_taken_by_another_series_is_renamed(
    admin: httpx.Client, place: Place, archive: Archive
) -> None:
    send_zip(admin, series_files(1), **into_archive(place))
    send_zip(admin, series_files(1, SeriesInstanceUID="1.2.3.8"), **into_archive(place), overwrite="append")
    assert set(archived_files(archive, place.project, "S9_MR1")) == {"1", "1-MR1"}


def test_a_session_of_another_subject_is_left_alone(admin: httpx.Client, place: Place) -> None:
    dest = f"/archive/projects/{place.project}/subjects/S9/experiments/S1_MR1"
    assert send_zip(admin, series_files(), dest=dest, overwrite="delete").status_code == 400


def test_another_study_joins_by_force_only(admin: httpx.Client, place: Place) -> None:
    send_zip(admin, series_files(), **into_archive(place))
    other = series_files(series=2, study="1.2.70")
    refused = send_zip(admin, other, **into_archive(place), overwrite="append")
    forced = send_zip(admin, other, **into_archive(place), overwrite="delete")
    assert (refused.status_code, forced.status_code) == (400, 200)
