"""Creating, changing, renaming, sharing, moving and deleting, with XNAT's statuses and traps."""

from __future__ import annotations

import httpx
import pytest

from tests.demo.planted import Ask, Place
from xnat_tui.demo.serve import DemoServer


def test_a_put_creates_a_subject_then_changes_it(
    admin: httpx.Client, place: Place, server: DemoServer
) -> None:
    path = f"/data/projects/{place.project}/subjects/NEW"
    made = admin.put(path, params={"gender": "male", "dob": "01/31/1980"})
    assert (made.status_code, made.text[:6]) == (201, "XNAT_S")
    changed = admin.put(
        path, params={"group": "patients", "xnat:subjectData/fields/field[name=x]/field": "y"}
    )
    assert (changed.status_code, changed.text) == (200, made.text)
    subject = server.archive.subject(made.text)
    assert subject is not None
    assert (subject.group, subject.demographics, subject.fields) == (
        "patients",
        {"gender": "male", "dob": "1980-01-31"},
        {"x": "y"},
    )


def test_a_label_renames_and_drops_everything_else(
    admin: httpx.Client, place: Place, server: DemoServer
) -> None:
    answer = admin.put(place.subject_path, params={"label": "S9", "group": "lost"})
    assert (answer.status_code, answer.content) == (200, b"")
    subject = server.archive.subject(place.subject)
    assert subject is not None
    assert (subject.label, subject.group) == ("S9", "control")


def test_a_label_in_use_is_a_conflict(admin: httpx.Client, place: Place) -> None:
    admin.put(f"/data/projects/{place.project}/subjects/S2")
    answer = admin.put(place.subject_path, params={"label": "S2"})
    assert answer.status_code == 409
    assert "<h3>Specified label is already in use.</h3>" in answer.text


def test_incoming_text_is_escaped(admin: httpx.Client, place: Place, server: DemoServer) -> None:
    made = admin.put(f"/data/projects/{place.project}/subjects/A%26B").text
    subject = server.archive.subject(made)
    assert subject is not None
    assert subject.label == "A&amp;B"


def test_a_flat_put_of_an_unknown_subject_needs_a_project(admin: httpx.Client) -> None:
    assert admin.put("/data/subjects/NOBODY").status_code == 422


def test_an_experiment_needs_a_type_and_makes_its_subject(admin: httpx.Client, place: Place) -> None:
    path = f"/data/projects/{place.project}/subjects/FLY/experiments/E1"
    assert admin.put(path).status_code == 417
    made = admin.put(path, params={"xsiType": "xnat:petSessionData", "date": "2024-01-02"})
    assert made.status_code == 201
    assert admin.get(f"/data/projects/{place.project}/subjects/FLY").status_code == 200


def test_only_the_subject_scoped_put_stores_fields(
    admin: httpx.Client, place: Place, server: DemoServer
) -> None:
    key = "xnat:mrSessionData/note"
    flat = admin.put(f"/data/experiments/{place.session}", params={key: "lost", "note": "lost"})
    assert flat.status_code == 200
    experiment = server.archive.experiment(place.session)
    assert experiment is not None
    assert "note" not in experiment.values
    answer = admin.put(place.session_path, params={"xsiType": "xnat:mrSessionData", key: "kept"})
    assert (answer.status_code, answer.text) == (200, place.session)
    experiment = server.archive.experiment(place.session)
    assert experiment is not None
    assert experiment.values["note"] == "kept"


def test_paths_without_type_are_ignored_on_sessions(
    admin: httpx.Client, place: Place, server: DemoServer
) -> None:
    params = {"xsiType": "xnat:mrSessionData", "fields/field[name=x]/field": "y"}
    assert admin.put(place.session_path, params=params).status_code == 200
    experiment = server.archive.experiment(place.session)
    assert experiment is not None
    assert experiment.fields == {}


def test_a_session_moves_to_the_subject_of_the_path(
    admin: httpx.Client, place: Place, server: DemoServer
) -> None:
    target = admin.put(f"/data/projects/{place.project}/subjects/S2").text
    admin.put(f"/data/projects/{place.project}/subjects/{target}/experiments/{place.session}")
    experiment = server.archive.experiment(place.session)
    assert experiment is not None
    assert experiment.subject_id == target


@pytest.mark.parametrize("what", ["subjects", "experiments"])
def test_sharing_and_its_end(admin: httpx.Client, place: Place, what: str) -> None:
    key = place.subject if what == "subjects" else place.session
    other = f"{place.project}_B"
    admin.put(f"/data/projects/{other}")
    path = f"/data/{what}/{key}/projects/{other}"
    assert admin.put(path, params={"label": "GUEST"}).status_code == 200
    assert admin.put(path).status_code == 409
    row = admin.get(f"/data/projects/{other}/{what}").json()["ResultSet"]["Result"][0]
    assert row["label"] == "GUEST"
    assert row["project"] == (place.project if what == "subjects" else other)
    assert admin.delete(path).status_code == 200
    assert admin.get(f"/data/{what}/{key}").status_code == 200


def test_unsharing_from_the_owner_deletes(admin: httpx.Client, place: Place) -> None:
    path = f"/data/experiments/{place.session}"
    assert admin.delete(f"{path}/projects/{place.project}").status_code == 200
    assert admin.get(path).status_code == 404


def test_a_deleted_subject_takes_all_with_it(admin: httpx.Client, place: Place, server: DemoServer) -> None:
    assert server.archive.file_location(place.dicom, "a.dcm").exists()
    assert admin.delete(place.subject_path, params={"removeFiles": "true"}).status_code == 200
    assert admin.get(f"/data/experiments/{place.session}").status_code == 404
    assert not server.archive.file_location(place.dicom, "a.dcm").exists()


def test_a_deleted_project_cannot_come_back(admin: httpx.Client, place: Place) -> None:
    path = f"/data/projects/{place.project}"
    assert admin.delete(path).status_code == 200
    assert admin.delete(path).status_code == 400
    assert admin.put(path).status_code == 403


@pytest.mark.parametrize(("name", "status"), [("A.B", 417), ("{project}", 200), ("{lower}", 409)])
def test_names_of_projects(admin: httpx.Client, place: Place, name: str, status: int) -> None:
    path = f"/data/projects/{name.format(project=place.project, lower=place.project.lower())}"
    assert admin.put(path).status_code == status


def test_project_attributes(admin: httpx.Client, place: Place) -> None:
    path = f"/data/projects/{place.project}"
    assert admin.get(f"{path}/accessibility").text == "private"
    assert admin.put(f"{path}/accessibility/protected").text == "protected"
    assert admin.put(f"{path}/prearchive_code/0").content == b""
    assert admin.get(f"{path}/prearchive_code").text == "0"
    assert admin.put(f"{path}/prearchive_code/word").status_code == 400


@pytest.mark.parametrize(
    ("params", "status"),
    [({}, 417), ({"xsiType": "xnat:imageScanData"}, 400), ({"xsiType": "xnat:mrScanData"}, 200)],
)
def test_scans_are_made_with_200(
    admin: httpx.Client, place: Place, params: dict[str, str], status: int
) -> None:
    assert admin.put(f"{place.session_path}/scans/7", params=params).status_code == status


def test_a_scan_keeps_its_type(admin: httpx.Client, place: Place) -> None:
    path = f"/data/experiments/{place.session}/scans/1"
    assert admin.put(path, params={"quality": "questionable"}).status_code == 200
    assert admin.put(path, params={"xsiType": "xnat:ctScanData"}).status_code == 409
    row = admin.get(f"/data/experiments/{place.session}/scans").json()["ResultSet"]["Result"][0]
    assert (row["quality"], row["type"]) == ("questionable", "T1w MPRAGE")


def test_assessors_are_made_with_201(admin: httpx.Client, place: Place) -> None:
    path = f"/data/experiments/{place.session}/assessors/Q2"
    kind = {"xsiType": "xnat:qcManualAssessorData"}
    assert admin.put(path, params=kind).status_code == 201
    assert admin.put(path, params=kind).status_code == 200
    assert admin.delete(path).status_code == 200


@pytest.mark.parametrize(
    ("login", "method", "path", "status"),
    [
        ("collaborator", "GET", "{subject_path}", 200),
        ("collaborator", "PUT", "{subject_path}?group=x", 403),
        ("collaborator", "PUT", "/data/projects/{project}/subjects/N", 403),
        ("member", "PUT", "{subject_path}?group=x", 200),
        ("member", "DELETE", "{subject_path}", 403),
        ("member", "PUT", "/data/projects/{project}/accessibility/public", 403),
        ("owner", "DELETE", "{session_path}", 200),
        ("owner", "PUT", "/data/projects/{project}/accessibility/public", 200),
    ],
)
def test_rights_of_the_roles(ask: Ask, place: Place, login: str, method: str, path: str, status: int) -> None:
    target = path.format(
        subject_path=place.subject_path, session_path=place.session_path, project=place.project
    )
    assert ask(login).request(method, target).status_code == status


def test_strangers_see_nothing_and_protected_projects_only_from_outside(
    ask: Ask, place: Place, server: DemoServer
) -> None:
    server.archive.revoke(place.project, "member")
    stranger = ask("member")
    for method in ("GET", "PUT", "DELETE"):
        assert stranger.request(method, f"/data/subjects/{place.subject}").status_code in (404, 422)
    server.archive.update_project(place.project, {"accessibility": "protected"})
    assert stranger.get(f"/data/projects/{place.project}").status_code == 200
    answer = stranger.get(f"/data/projects/{place.project}/subjects")
    assert answer.status_code == 403
    assert f"Unable to read subjects for Project: {place.project}" in answer.text


XML = {"content-type": "text/xml"}
_NAMESPACE = 'xmlns:xnat="http://nrg.wustl.edu/xnat"'


def test_a_document_makes_a_subject_and_a_session(
    admin: httpx.Client, place: Place, server: DemoServer
) -> None:
    body = (
        f'<xnat:Subject {_NAMESPACE} label="X1"><xnat:demographics><xnat:gender>male</xnat:gender>'
        "</xnat:demographics></xnat:Subject>"
    )
    posted = admin.post(f"/data/projects/{place.project}/subjects", content=body, headers=XML)
    assert posted.status_code == 200
    subject = server.archive.find_subject(place.project, "X1")
    assert subject is not None
    assert subject.demographics == {"gender": "male"}
    body = f"<xnat:CTSession {_NAMESPACE}><xnat:date>2024-01-02</xnat:date></xnat:CTSession>"
    path = f"/data/projects/{place.project}/subjects/X1/experiments/X1_CT"
    made = admin.put(path, content=body, headers=XML)
    experiment = server.archive.experiment(made.text)
    assert experiment is not None
    assert (made.status_code, experiment.xsi_type, experiment.date) == (
        201,
        "xnat:ctSessionData",
        "2024-01-02",
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [("<broken", 400), ("<!DOCTYPE x><x/>", 400), ("<unknown/>", 422)],
)
def test_documents_that_are_none(admin: httpx.Client, place: Place, body: str, status: int) -> None:
    path = f"/data/projects/{place.project}/subjects/DOC"
    assert admin.put(path, content=body, headers=XML).status_code == status


def test_a_project_is_posted_as_a_document(admin: httpx.Client, place: Place) -> None:
    name = f"{place.project}_X"
    body = f'<xnat:Project {_NAMESPACE} ID="{name}"><xnat:name>From XML</xnat:name></xnat:Project>'
    assert admin.post("/data/projects", content=body, headers=XML).status_code == 200
    assert admin.post("/data/projects", content=body, headers=XML).status_code == 409
    other = admin.put(f"/data/projects/{place.project}", content=body, headers=XML)
    assert other.status_code == 417


@pytest.mark.parametrize("path", ["", "/accessibility/public"])
def test_who_may_not_edit_a_project_is_told_so(ask: Ask, place: Place, path: str) -> None:
    answer = ask("member").put(f"/data/projects/{place.project}{path}", params={"description": "x"})
    assert answer.status_code == 403
    assert f"<h3>User cannot edit project {place.project}.</h3>" in answer.text
