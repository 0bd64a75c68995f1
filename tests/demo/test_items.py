"""Single objects: formats, typed fields, groups of children, and the traps of prefix routing."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from typing import Any

import httpx
import pytest

from tests.demo.planted import Place
from xnat_tui.demo.serve import DemoServer


def first(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["items"][0]
    return found


def group(item: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return next((found["items"] for found in item["children"] if found["field"] == name), [])


def test_items_are_html_by_default_and_json_when_asked(admin: httpx.Client, place: Place) -> None:
    assert admin.get(place.subject_path).headers["content-type"].startswith("text/html")
    item = first(admin.get(place.subject_path, params={"format": "json"}))
    assert item["meta"]["xsi:type"] == "xnat:subjectData"
    assert item["meta"]["isHistory"] is False


def test_json_alone_in_accept_is_refused_even_with_format(admin: httpx.Client, place: Place) -> None:
    answer = admin.get(place.subject_path + "?format=json", headers={"accept": "application/json"})
    assert answer.status_code == 406


def test_numbers_stay_numbers_and_nulls_are_absent(admin: httpx.Client, place: Place) -> None:
    item = first(admin.get(f"/data/experiments/{place.session}/scans/1?format=json"))
    assert item["data_fields"]["frames"] == 3
    assert "note" not in item["data_fields"]
    assert item["data_fields"]["image_session_ID"] == place.session


def test_a_session_brings_scans_with_the_counts_of_their_resources(admin: httpx.Client, place: Place) -> None:
    item = first(admin.get(f"/data/experiments/{place.session}?format=json"))
    scans = group(item, "scans/scan")
    assert [scan["data_fields"]["ID"] for scan in scans] == ["1", "2"]
    resource = group(scans[0], "file")[0]["data_fields"]
    assert (resource["label"], resource["file_count"], resource["file_size"]) == ("DICOM", 2, 1004)
    assert group(item, "assessors/assessor")[0]["data_fields"]["label"] == "S1_QC1"


def test_a_subject_brings_demographics_variables_and_experiments(admin: httpx.Client, place: Place) -> None:
    item = first(admin.get(f"/data/subjects/{place.subject}?format=json"))
    assert group(item, "demographics")[0]["data_fields"] == {"gender": "female", "yob": 1980}
    assert group(item, "fields/field")[0]["data_fields"] == {"name": "note", "field": "left"}
    assert group(item, "experiments/experiment")[0]["data_fields"]["label"] == "S1_MR1"


def test_xml_is_well_formed_and_named_by_its_type(admin: httpx.Client, place: Place) -> None:
    answer = admin.get(f"/data/experiments/{place.session}?format=xml")
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "{http://nrg.wustl.edu/xnat}MRSession"
    assert root.attrib["label"] == "S1_MR1"
    scanner = root.find("{http://nrg.wustl.edu/xnat}scanner")
    assert scanner is not None
    assert (scanner.text, scanner.attrib["manufacturer"]) == ("SCAN1", "ACME")


@pytest.mark.parametrize("suffix", ["/scans", "/scans/1", "/scans/ALL/files", "/nonsense"])
def test_below_a_project_no_path_leads_from_experiment_to_scans(
    admin: httpx.Client, place: Place, suffix: str
) -> None:
    path = f"/data/projects/{place.project}/experiments/S1_MR1{suffix}"
    assert first(admin.get(path, params={"format": "json"}))["data_fields"]["ID"] == place.session
    assert admin.delete(path).status_code == 400


@pytest.mark.parametrize("prefix", ["/data", "/data/archive", "/REST", "/REST/archive"])
def test_all_prefixes_are_one(admin: httpx.Client, place: Place, prefix: str) -> None:
    item = first(admin.get(f"{prefix}/experiments/{place.session}/", params={"format": "json"}))
    assert item["data_fields"]["ID"] == place.session


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/data/projects/NONE", "Unable to find the specified experiment."),
        ("/data/experiments/NONE", "Unable to find the specified experiment."),
        ("/data/experiments/{session}/scans/9", "Unable to find the specified scan."),
        ("/data/experiments/{session}/resources/NONE", "Unable to find the specified catalog."),
    ],
)
def test_what_is_missing_is_a_status_page(admin: httpx.Client, place: Place, path: str, message: str) -> None:
    answer = admin.get(path.format(session=place.session))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=ISO-8859-1"
    assert answer.text.startswith("<html>\n<head>\n   <title>Status page</title>\n</head>\n<body>\n<h3>")
    assert f"<h3>{message}</h3>" in answer.text
    assert "etag" not in answer.headers


def test_no_segment_can_hold_a_slash(admin: httpx.Client, place: Place) -> None:
    assert admin.put(f"/data/projects/{place.project}/subjects/A%2FB").status_code == 400


def test_head_is_a_get_without_body(admin: httpx.Client, place: Place) -> None:
    answer = admin.head(f"/data/experiments/{place.session}/scans/1/resources/DICOM/files/a.dcm")
    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "1000", b"")


def test_what_a_route_does_not_know_is_not_allowed(admin: httpx.Client) -> None:
    answer = admin.put("/data/JSESSION")
    assert answer.status_code == 405
    assert "<title>Status page</title>" in answer.text


def values(client: httpx.Client, path: str, columns: str, **more: str) -> httpx.Response:
    return client.get(path, params={"handler": "values", "columns": columns, "format": "json", **more})


def test_single_values_are_a_table_of_one_row(admin: httpx.Client, place: Place) -> None:
    answer = values(admin, place.session_path, "ID,label,scanner/manufacturer,note")
    assert answer.json()["ResultSet"]["Result"] == [
        {"ID": place.session, "label": "S1_MR1", "scanner/manufacturer": "ACME", "note": ""}
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("label", "S1"),
        ("xnat:subjectData/group", "control"),
        ("demographics[@xsi:type=xnat:demographicData]/gender", "female"),
        ("fields/field[name=note]/field", "left"),
        ("src", ""),
    ],
)
def test_one_value_can_be_had_bare(admin: httpx.Client, place: Place, column: str, value: str) -> None:
    answer = values(admin, place.subject_path, column, asValue="true")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == value


@pytest.mark.parametrize(
    "params",
    [
        {"handler": "values"},
        {"handler": "values", "columns": "nonsense"},
        {"handler": "values", "columns": "ID,label", "asValue": "true"},
        {"handler": "other", "columns": "ID"},
    ],
)
def test_values_that_cannot_be_had_are_400(admin: httpx.Client, place: Place, params: dict[str, str]) -> None:
    assert admin.get(place.subject_path, params=params).status_code == 400


def test_a_group_of_a_project_is_an_item(admin: httpx.Client, place: Place) -> None:
    item = first(admin.get(f"/data/projects/{place.project}/groups/{place.project}_owner?format=json"))
    assert item["meta"]["xsi:type"] == "xdat:userGroup"
    assert item["data_fields"] == {
        "ID": f"{place.project}_owner",
        "displayName": "Owners",
        "tag": place.project,
    }


def test_control_characters_do_not_break_xml(admin: httpx.Client, server: DemoServer, place: Place) -> None:
    server.archive.update_subject(place.subject, group="a\x0bb\ufffe")
    for path in (place.subject_path, f"/data/projects/{place.project}/subjects"):
        answer = admin.get(path, params={"format": "xml", "columns": "group"})
        ElementTree.fromstring(answer.content)
        assert "ab" in answer.text


def test_control_characters_do_not_break_catalogs(
    admin: httpx.Client, server: DemoServer, place: Place
) -> None:
    server.archive.add_file(place.notes, "o.txt", b"", tags=["x\x01y"])
    answer = admin.get(f"{place.session_path}/resources/NOTES")
    ElementTree.fromstring(answer.content)
    assert "<cat:tag>xy</cat:tag>" in answer.text
