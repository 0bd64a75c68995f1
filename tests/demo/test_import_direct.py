"""Direct archive: sessions that never wait in the prearchive."""

from __future__ import annotations

import httpx

from tests.demo.incoming import archived_files, send_one, send_zip, series_files
from tests.demo.planted import Place
from xnat_tui.demo.serve import DemoServer

DIRECT = {"Direct-Archive": "true"}


def send_direct(client: httpx.Client, place: Place, label: str = "S9_MR1") -> str:
    files = series_files()
    answer = send_zip(client, files, project=place.project, subject="S9", session=label, **DIRECT)
    return answer.text.strip()


def test_the_answer_is_a_place_of_its_own(admin: httpx.Client, place: Place) -> None:
    assert send_direct(admin, place) == f"/xapi/direct-archive/{place.project}/1.2.3/S9_MR1"


def test_the_prearchive_does_not_list_it(admin: httpx.Client, place: Place) -> None:
    send_direct(admin, place)
    assert admin.get(f"/data/prearchive/projects/{place.project}").json()["ResultSet"]["Result"] == []


def test_it_has_a_listing_of_its_own(admin: httpx.Client, place: Place) -> None:
    uri = send_direct(admin, place)
    rows = admin.post("/xapi/direct-archive", json={"page": 1, "size": 50}).json()
    (row,) = [row for row in rows if row["project"] == place.project]
    assert (row["name"], row["status"], row["tag"]) == ("S9_MR1", "RECEIVING", "1.2.3")
    assert admin.get(uri).json()["id"] == row["id"]


def test_it_can_be_brought_to_its_end(admin: httpx.Client, server: DemoServer, place: Place) -> None:
    uri = send_direct(admin, place)
    assert admin.post(uri).status_code == 200
    assert admin.get(uri).status_code == 404
    assert len(archived_files(server.archive, place.project, "S9_MR1")["1"]) == 2


def test_where_data_are_already_it_falls_back(admin: httpx.Client, place: Place) -> None:
    assert send_direct(admin, place, "S1_MR1").startswith("/data/prearchive/")


def test_without_a_project_it_falls_back(admin: httpx.Client) -> None:
    answer = send_one(admin, series_files(1, study="1.2.90")["s1_1.dcm"], **DIRECT)
    assert answer.text.startswith("/data/prearchive/projects/Unassigned/")


def test_what_may_not_join_is_moved_to_the_prearchive(
    admin: httpx.Client, server: DemoServer, place: Place
) -> None:
    uri = send_direct(admin, place)
    server.archive.add_experiment(place.project, place.subject, "S9_MR1", "xnat:mrSessionData")
    admin.post(uri)
    (row,) = admin.get(f"/data/prearchive/projects/{place.project}").json()["ResultSet"]["Result"]
    assert row["status"] == "CONFLICT"
    assert row["timestamp"].endswith("_DA")
    assert "Attempt to direct-archive failed" in admin.get(f"/data{row['url']}/logs/last").text


def test_it_can_be_deleted(admin: httpx.Client, place: Place) -> None:
    uri = send_direct(admin, place)
    number = admin.get(uri).json()["id"]
    assert admin.delete(f"/xapi/direct-archive/{number}").status_code == 200
    assert admin.get(uri).status_code == 404
