"""The prearchive as it is listed, looked into and emptied."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import httpx

from tests.demo.incoming import dicom_bytes, row_of, send_zip, series_files
from tests.demo.planted import Ask, Place

COLUMNS = (
    "project timestamp lastmod uploaded scan_date scan_time subject folderName name tag status url"
    " autoarchive prevent_anon prevent_auto_commit SOURCE VISIT PROTOCOL TIMEZONE"
)


def put_waiting(client: httpx.Client, place: Place, **params: str) -> str:
    """Send a session that stays in the prearchive; return its URI."""
    params = {"dest": f"/prearchive/projects/{place.project}", **params}
    return send_zip(client, series_files(), subject="S9", session="S9_MR1", **params).text.strip()


def listed(client: httpx.Client, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    rows: list[dict[str, str]] = answer.json()["ResultSet"]["Result"]
    return rows


def test_a_row_has_the_real_columns(admin: httpx.Client, place: Place) -> None:
    row = row_of(admin, put_waiting(admin, place, SOURCE="me", VISIT="2"))
    assert list(row) == COLUMNS.split()
    expected = {"status": "READY", "folderName": "S9_MR1", "tag": "1.2.3", "SOURCE": "me", "VISIT": "2"}
    assert row.items() >= expected.items()
    assert (row["scan_date"], row["scan_time"]) == ("2024-03-05 00:00:00.0", "10:15:30")


def test_a_listing_has_no_total(admin: httpx.Client, place: Place) -> None:
    answer = admin.get(f"/data/prearchive/projects/{place.project}")
    assert answer.json() == {"ResultSet": {"Result": []}}


def test_the_urls_of_rows_lack_the_prefix(admin: httpx.Client, place: Place) -> None:
    uri = put_waiting(admin, place)
    assert [f"/data{row['url']}" for row in listed(admin, "/data/prearchive") if row["name"] == "S9_MR1"][
        -1
    ] == uri


def test_several_projects_are_listed_together(admin: httpx.Client, place: Place) -> None:
    put_waiting(admin, place)
    assert len(listed(admin, f"/data/prearchive/projects/{place.project},NONE")) == 1


def test_an_unknown_project_is_an_empty_list(admin: httpx.Client) -> None:
    assert listed(admin, "/data/prearchive/projects/NOWHERE") == []


def test_members_see_their_projects_only(admin: httpx.Client, ask: Ask, place: Place) -> None:
    put_waiting(admin, place)
    send_zip(admin, series_files(study="1.2.60"))
    projects = {row["project"] for row in listed(ask("member"), "/data/prearchive")}
    assert place.project in projects
    assert "Unassigned" not in projects


def test_the_unassigned_are_for_administrators(admin: httpx.Client, ask: Ask) -> None:
    send_zip(admin, series_files(study="1.2.61"))
    assert listed(admin, "/data/prearchive/projects/Unassigned")
    assert ask("owner").get("/data/prearchive/projects/Unassigned").status_code == 403


def test_a_study_is_found_by_its_uid(admin: httpx.Client, place: Place) -> None:
    send_zip(admin, series_files(study="1.2.62"), project=place.project)
    assert [row["project"] for row in listed(admin, "/data/prearchive?tag=1.2.62")] == [place.project]


def test_a_session_is_xml_by_default(admin: httpx.Client, place: Place) -> None:
    answer = admin.get(put_waiting(admin, place))
    assert answer.headers["content-type"].startswith("text/xml")
    root = ElementTree.fromstring(answer.content)
    assert root.tag.endswith("}MRSession")
    assert root.get("label") == "S9_MR1"


def test_before_the_first_build_there_is_no_document(admin: httpx.Client, place: Place) -> None:
    uri = send_zip(admin, series_files(), project=place.project).text.strip()
    answer = admin.get(uri)
    assert answer.status_code == 404
    assert "session document is not available" in answer.text
    assert admin.get(f"{uri}/scans").status_code == 404


def test_an_unknown_session_is_an_empty_table(admin: httpx.Client, place: Place) -> None:
    path = f"/data/prearchive/projects/{place.project}/20200101_000000000/NONE"
    assert listed(admin, f"{path}?format=json") == []


def test_a_session_comes_as_a_zip(admin: httpx.Client, place: Place) -> None:
    answer = admin.get(put_waiting(admin, place), params={"format": "zip"})
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert names == ["S9_MR1/SCANS/1/DICOM/s1_1.dcm", "S9_MR1/SCANS/1/DICOM/s1_2.dcm"]


def test_scans_are_listed(admin: httpx.Client, place: Place) -> None:
    rows = listed(admin, put_waiting(admin, place) + "/scans")
    assert rows == [{"ID": "1", "xsiType": "xnat:mrScanData", "series_description": "T1 1"}]


def test_resources_are_listed(admin: httpx.Client, place: Place) -> None:
    uri = put_waiting(admin, place)
    (row,) = listed(admin, f"{uri}/resources")
    assert (row["category"], row["cat_id"], row["label"], row["file_count"]) == ("scans", "1", "DICOM", "2")
    assert listed(admin, f"{uri}/scans/1/resources") == [
        {"label": "DICOM", "file_count": "2", "file_size": row["file_size"]}
    ]


def test_files_have_no_digests(admin: httpx.Client, place: Place) -> None:
    (row, _) = listed(admin, put_waiting(admin, place) + "/scans/1/resources/DICOM/files")
    assert set(row) == {"Name", "Size", "URI"}
    assert len(admin.get(row["URI"]).content) == int(row["Size"])


def test_a_scan_can_be_deleted(admin: httpx.Client, place: Place) -> None:
    uri = put_waiting(admin, place)
    assert admin.delete(f"{uri}/scans/1").status_code == 200
    assert listed(admin, f"{uri}/scans") == []
    assert "Deleted scan 1" in admin.get(f"{uri}/logs/last").text


def test_a_scan_that_is_not_there_cannot(admin: httpx.Client, place: Place) -> None:
    assert admin.delete(put_waiting(admin, place) + "/scans/7").status_code == 404


def test_a_deleted_session_is_gone(admin: httpx.Client, place: Place) -> None:
    uri = put_waiting(admin, place)
    answer = admin.delete(uri)
    assert (answer.status_code, answer.content) == (200, b"")
    assert listed(admin, f"/data/prearchive/projects/{place.project}") == []


def test_deleting_what_is_not_there_succeeds(admin: httpx.Client, place: Place) -> None:
    path = f"/data/prearchive/projects/{place.project}/20200101_000000000/NONE"
    assert admin.delete(path).status_code == 200


def test_a_path_below_a_session_deletes_nothing(admin: httpx.Client, place: Place) -> None:
    uri = put_waiting(admin, place)
    assert admin.delete(f"{uri}/nothing").status_code == 400
    assert row_of(admin, uri)


def test_readers_may_not_delete(admin: httpx.Client, ask: Ask, place: Place) -> None:
    assert ask("collaborator").delete(put_waiting(admin, place)).status_code == 403


def test_new_objects_open_a_built_session_again(admin: httpx.Client, place: Place) -> None:
    uri = put_waiting(admin, place)
    more = {"9.dcm": dicom_bytes(9)}
    send_zip(admin, more, project=place.project, subject="S9", session="S9_MR1")
    assert row_of(admin, uri)["status"] == "RECEIVING"
