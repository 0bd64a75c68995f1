"""What can be done with a session of the prearchive: build, commit, move, archive; and what happens alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.demo.incoming import archived_files, dicom_bytes, row_of, send_one, send_zip, series_files
from tests.demo.planted import Ask, Place, plant_place
from xnat_tui.demo.ingest.settings import IngestSettings
from xnat_tui.demo.serve import DemoServer

ARCHIVE = "/data/services/archive"
ON_THE_WAY = (
    *("RECEIVING", "QUEUED_BUILDING", "BUILDING", "_BUILDING", "READY"),
    *("QUEUED_ARCHIVING", "ARCHIVING", "_ARCHIVING"),
)


def put_receiving(client: httpx.Client, place: Place, **params: str) -> str:
    answer = send_zip(client, series_files(), project=place.project, subject="S9", session="S9_MR1", **params)
    return answer.text.strip()


def put_ready(client: httpx.Client, place: Place) -> str:
    uri = put_receiving(client, place)
    client.post(uri, params={"action": "build"})
    return uri


def make_manual(client: httpx.Client, place: Place) -> None:
    client.put(f"/data/projects/{place.project}/prearchive_code/0")


def wait_until(fact: Callable[[], object], timeout_s: float = 5) -> None:
    deadline = time.monotonic() + timeout_s
    while not fact():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


def test_a_build_makes_a_session_ready(admin: httpx.Client, place: Place) -> None:
    uri = put_receiving(admin, place)
    answer = admin.post(uri, params={"action": "build"})
    assert (answer.status_code, answer.text) == (200, uri)
    assert answer.headers["content-type"].startswith("text/uri-list")
    assert row_of(admin, uri)["status"] == "READY"


def test_a_commit_that_archives_answers_301(admin: httpx.Client, place: Place) -> None:
    answer = admin.post(put_receiving(admin, place), params={"action": "commit"})
    assert (answer.status_code, answer.headers.get("location")) == (301, None)
    assert answer.text == f"/data/archive/projects/{place.project}/subjects/S9/experiments/S9_MR1"


def test_a_commit_that_keeps_answers_200(admin: httpx.Client, place: Place) -> None:
    make_manual(admin, place)
    uri = put_receiving(admin, place)
    answer = admin.post(uri, params={"action": "commit", "SOURCE": "uploader"})
    assert (answer.status_code, answer.text) == (200, uri)
    assert row_of(admin, uri)["SOURCE"] == "uploader"


def test_a_commit_can_force_archiving(admin: httpx.Client, place: Place) -> None:
    make_manual(admin, place)
    answer = admin.post(put_receiving(admin, place), params={"action": "commit", "AA": "true"})
    assert answer.status_code == 301


def test_parameters_may_come_as_json(admin: httpx.Client, place: Place) -> None:
    answer = admin.post(put_receiving(admin, place), json={"action": "build"})
    assert answer.status_code == 200


def test_a_commit_of_nothing_is_not_found(admin: httpx.Client, place: Place) -> None:
    path = f"/data/prearchive/projects/{place.project}/20200101_000000000/NONE"
    assert admin.post(path, params={"action": "commit"}).status_code == 404


def test_a_locked_session_cannot_be_committed(admin: httpx.Client, server: DemoServer, place: Place) -> None:
    uri = put_receiving(admin, place)
    (session,) = server.archive.prearchive_sessions([place.project])
    server.archive.set_prearchive_status(session.id, "_ARCHIVING")
    answer = admin.post(uri, params={"action": "commit"})
    assert answer.status_code == 409
    assert "session document locked" in answer.text


@pytest.mark.parametrize("action", ["", "rebuild"])
def test_other_actions_are_refused(admin: httpx.Client, place: Place, action: str) -> None:
    assert admin.post(put_receiving(admin, place), params={"action": action}).status_code == 400


def test_readers_may_not_act(admin: httpx.Client, ask: Ask, place: Place) -> None:
    uri = put_receiving(admin, place)
    assert ask("collaborator").post(uri, params={"action": "build"}).status_code == 403


def test_a_move_answers_the_new_place(
    admin: httpx.Client, server: DemoServer, place: Place, project_names: Iterator[str]
) -> None:
    other = plant_place(server.archive, next(project_names))
    uri = put_ready(admin, place)
    answer = admin.post(uri, params={"action": "move", "newProject": other.project})
    assert answer.status_code == 301
    assert answer.text == uri.replace(place.project, other.project)
    assert row_of(admin, answer.text)["status"] == "READY"


def test_a_status_can_be_set_but_no_lock(admin: httpx.Client, place: Place) -> None:
    uri = put_ready(admin, place)
    admin.post(uri, params={"action": "set-status", "status": "ERROR"})
    assert row_of(admin, uri)["status"] == "ERROR"
    answer = admin.post(uri, params={"action": "set-status", "status": "_ARCHIVING"})
    assert answer.status_code == 400


def test_a_session_is_archived_by_its_uri(admin: httpx.Client, server: DemoServer, place: Place) -> None:
    make_manual(admin, place)
    answer = admin.post(ARCHIVE, data={"src": put_ready(admin, place)})
    assert answer.status_code == 200
    assert answer.text == f"/data/archive/projects/{place.project}/subjects/S9/experiments/S9_MR1\r\n"
    assert len(archived_files(server.archive, place.project, "S9_MR1")["1"]) == 2


def test_where_projects_archive_by_themselves_the_answer_is_303(admin: httpx.Client, place: Place) -> None:
    answer = admin.post(ARCHIVE, data={"src": put_ready(admin, place)})
    assert (answer.status_code, answer.content) == (303, b"")
    assert answer.headers["location"].endswith("/experiments/S9_MR1")


def test_labels_can_be_changed_on_the_way(admin: httpx.Client, server: DemoServer, place: Place) -> None:
    make_manual(admin, place)
    admin.post(ARCHIVE, data={"src": put_ready(admin, place), "subject": "S8", "session": "new one"})
    assert server.archive.find_subject(place.project, "S8")
    assert server.archive.find_experiment(place.project, "new_one")


def test_a_session_is_archived_by_its_coordinates(admin: httpx.Client, place: Place) -> None:
    make_manual(admin, place)
    _, _, _, _, project, moment, folder = put_ready(admin, place).split("/")
    names = {"project": project, "PREARC_TIMESTAMP": moment, "PREARC_SESSION_FOLDER": folder}
    assert admin.post(ARCHIVE, data=names).status_code == 200
    assert admin.post(ARCHIVE, data={"project": project}).status_code == 404


@pytest.mark.parametrize(
    ("overwrite", "status"), [("", 500), ("none", 500), ("append", 200), ("delete", 200)]
)
def test_matching_files_want_an_overwrite(
    admin: httpx.Client, place: Place, overwrite: str, status: int
) -> None:
    make_manual(admin, place)
    admin.post(ARCHIVE, data={"src": put_ready(admin, place)})
    answer = admin.post(ARCHIVE, data={"src": put_ready(admin, place), "overwrite": overwrite})
    assert answer.status_code == status


def test_a_refusal_stands_in_answer_row_and_log(admin: httpx.Client, place: Place) -> None:
    make_manual(admin, place)
    admin.post(ARCHIVE, data={"src": put_ready(admin, place)})
    uri = put_ready(admin, place)
    answer = admin.post(ARCHIVE, data={"src": uri})
    reason = "Session already exists with matching files."
    assert f"FAILED: Unable to archive S9_MR1: Operation Failed: {reason}" in answer.text
    assert row_of(admin, uri)["status"] == "CONFLICT"
    (entry,) = admin.get(f"{uri}/logs").json()["ResultSet"]["Result"]
    assert entry["entry"] == reason


def test_other_files_merge_without_a_word(admin: httpx.Client, server: DemoServer, place: Place) -> None:
    make_manual(admin, place)
    admin.post(ARCHIVE, data={"src": put_ready(admin, place)})
    answer = send_zip(admin, series_files(series=2), project=place.project, subject="S9", session="S9_MR1")
    assert admin.post(ARCHIVE, data={"src": answer.text.strip()}).status_code == 200
    assert set(archived_files(server.archive, place.project, "S9_MR1")) == {"1", "2"}


def test_what_lies_in_the_archive_cannot_be_archived(admin: httpx.Client, place: Place) -> None:
    source = f"/archive/projects/{place.project}/subjects/S1/experiments/S1_MR1"
    assert admin.post(ARCHIVE, data={"src": source}).status_code == 400


def test_the_unassigned_cannot_be_archived(admin: httpx.Client) -> None:
    uri = send_zip(admin, series_files(study="1.2.80")).text.strip()
    answer = admin.post(ARCHIVE, data={"src": uri})
    assert answer.status_code == 400
    assert "Cannot archive sessions from the Unassigned folder." in answer.text


def test_a_session_under_way_is_forbidden(admin: httpx.Client, server: DemoServer, place: Place) -> None:
    uri = put_ready(admin, place)
    (session,) = server.archive.prearchive_sessions([place.project])
    server.archive.set_prearchive_status(session.id, "_ARCHIVING")
    assert admin.post(ARCHIVE, data={"src": uri}).status_code == 403


def test_several_sessions_are_archived_in_the_background(admin: httpx.Client, place: Place) -> None:
    uris = [put_ready(admin, place)]
    uris += [send_zip(admin, series_files(study="1.2.81"), project=place.project, session="B").text.strip()]
    answer = admin.post(ARCHIVE, data={"src": uris})
    assert len(answer.json()["ResultSet"]["Result"]) == 2
    listing = f"/data/prearchive/projects/{place.project}"
    wait_until(lambda: admin.get(listing).json()["ResultSet"]["Result"] == [])


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[DemoServer]:
    """A server that builds after a tenth of a second, and takes its time for it."""
    speeds = IngestSettings(rebuild_after_s=0.1, building_s=0.2, archiving_s=0.2, series_filter="SCOUT.*")
    with DemoServer(tmp_path / "quick", ingest=speeds) as server:
        yield server


@pytest.fixture
def quick_place(quick: DemoServer) -> Place:
    return plant_place(quick.archive, "QUICK")


@pytest.fixture
def quick_admin(quick: DemoServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=quick.url, auth=("admin", "admin")) as client:
        yield client


def statuses_until_gone(client: httpx.Client, project: str) -> list[str]:
    seen: list[str] = []
    while rows := client.get(f"/data/prearchive/projects/{project}").json()["ResultSet"]["Result"]:
        if rows[0]["status"] not in seen:
            seen.append(rows[0]["status"])
        time.sleep(0.005)
    return seen


def test_what_lies_idle_goes_its_way_into_the_archive(quick_admin: httpx.Client, quick_place: Place) -> None:
    put_receiving(quick_admin, quick_place)
    seen = statuses_until_gone(quick_admin, "QUICK")
    assert seen == sorted(seen, key=ON_THE_WAY.index)
    assert seen[0] == "RECEIVING"
    assert set(seen) & {"BUILDING", "_BUILDING"}
    assert set(seen) & {"ARCHIVING", "_ARCHIVING"}


def test_an_uploader_s_session_waits_for_its_commit(
    quick: DemoServer, quick_admin: httpx.Client, quick_place: Place
) -> None:
    uri = put_receiving(quick_admin, quick_place, SOURCE="uploader")
    other = send_one(quick_admin, dicom_bytes(study="1.2.5", PatientID="LATER"), PROJECT_ID="QUICK")
    wait_until(lambda: quick.archive.find_experiment("QUICK", "LATER"))
    assert other.status_code == 200
    assert row_of(quick_admin, uri)["status"] == "RECEIVING"


@pytest.mark.parametrize(
    ("before", "after"),
    [("BUILDING", "RECEIVING_INTERRUPT"), ("_BUILDING", "_BUILDING"), ("ERROR", "RECEIVING")],
)
def test_objects_that_come_late(
    admin: httpx.Client, server: DemoServer, place: Place, before: str, after: str
) -> None:
    uri = put_ready(admin, place)
    (session,) = server.archive.prearchive_sessions([place.project])
    server.archive.set_prearchive_status(session.id, before)
    send_zip(admin, series_files(series=2), project=place.project, subject="S9", session="S9_MR1")
    assert row_of(admin, uri)["status"] == after


def test_objects_for_a_session_under_way_open_another(
    admin: httpx.Client, server: DemoServer, place: Place
) -> None:
    uri = put_ready(admin, place)
    (session,) = server.archive.prearchive_sessions([place.project])
    server.archive.set_prearchive_status(session.id, "_ARCHIVING")
    assert put_receiving(admin, place) != uri


def test_what_the_site_filters_is_an_empty_answer(quick_admin: httpx.Client, quick_place: Place) -> None:
    answer = send_one(quick_admin, dicom_bytes(SeriesDescription="SCOUT 1"), PROJECT_ID="QUICK")
    assert (answer.status_code, answer.content) == (200, b"")


def test_locks_of_a_killed_server_are_freed(tmp_path: Path) -> None:
    with DemoServer(tmp_path / "demo") as server:
        place = plant_place(server.archive, "P")
        with httpx.Client(base_url=server.url, auth=("admin", "admin")) as client:
            put_receiving(client, place, SOURCE="uploader")
        server.archive.set_prearchive_status(1, "_BUILDING")
    with DemoServer(tmp_path / "demo") as server:
        session = server.archive.prearchive_session(1)
        assert session
        assert session.status == "RECEIVING"
