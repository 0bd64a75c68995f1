"""Listings: the table envelope in its formats, columns, filters, sorting and paging."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.demo.planted import Ask, Place
from xnat_tui.demo.serve import DemoServer

SAMPLES = Path(__file__).parent / "samples"


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, str]] = answer.json()["ResultSet"]["Result"]
    return found


def listings(place: Place) -> dict[str, str]:
    """Path of a listing by the name of its recorded form."""
    return {
        "projects": "/data/projects",
        "subjects": f"/data/projects/{place.project}/subjects",
        "experiments": f"/data/projects/{place.project}/experiments",
        "scans": f"/data/experiments/{place.session}/scans",
        "assessors": f"/data/experiments/{place.session}/assessors",
        "resources": f"/data/experiments/{place.session}/resources",
        "files": f"/data/experiments/{place.session}/resources/NOTES/files",
    }


@pytest.mark.parametrize(
    "name", ["projects", "subjects", "experiments", "scans", "assessors", "resources", "files"]
)
def test_default_columns_and_envelope(admin: httpx.Client, place: Place, name: str) -> None:
    sample: dict[str, Any] = json.loads((SAMPLES / "tables.json").read_text())[name]
    answer = admin.get(listings(place)[name])
    envelope = answer.json()["ResultSet"]
    assert answer.headers["content-type"] == "application/json"
    assert "content-length" not in answer.headers
    assert sorted(envelope) == sorted(sample)
    assert sorted(envelope["Result"][0]) == sorted(sample["Result"][0])
    assert all(isinstance(cell, str) for row in envelope["Result"] for cell in row.values())


def test_json_is_byte_for_byte_as_recorded(admin: httpx.Client, place: Place) -> None:
    path = f"{place.subject_path}/experiments"
    answer = admin.get(path, params={"columns": "ID,label", "xsiType": "xnat:mrSessionData"})
    sample = (SAMPLES / "typed-columns.json").read_text().strip()
    assert answer.text == sample.replace("XNAT_E00009", place.session)


def test_csv_has_no_envelope(admin: httpx.Client, place: Place) -> None:
    answer = admin.get(f"/data/experiments/{place.session}/scans?format=csv&columns=ID,type")
    assert answer.headers["content-type"].startswith("text/csv")
    assert list(csv.reader(answer.text.splitlines()))[:2] == [
        ["ID", "type", "URI"],
        ["1", "T1w MPRAGE", f"/data/experiments/{place.session}/scans/1"],
    ]


def test_xml_escapes_brackets_but_not_ampersands(admin: httpx.Client, place: Place) -> None:
    admin.put(f"{place.session_path}/scans/1", params={"note": "<a>"})
    answer = admin.get(f"/data/experiments/{place.session}/scans?format=xml&columns=note")
    assert answer.text.startswith('<ResultSet totalRecords="2"><results><columns><column>note</column>')
    assert "<cell>&lt;a&gt;</cell>" in answer.text


def test_unknown_formats_are_html(admin: httpx.Client, place: Place) -> None:
    answer = admin.get("/data/projects?format=strange")
    assert answer.headers["content-type"].startswith("text/html")
    assert 'class="x_rs_t"' in answer.text


def test_tables_refuse_what_they_have_no_variant_for(admin: httpx.Client) -> None:
    assert admin.get("/data/projects", headers={"accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("params", "labels"),
    [
        ({"label": "A*"}, ["A1", "A2"]),
        ({"label": "A1,B1"}, ["A1", "B1"]),
        ({"yob": "1970-1975"}, ["A1", "A2"]),
        ({"yob": "1990"}, ["B1"]),
        ({"gender": "male", "label": "A%"}, ["A2"]),
        ({"nonsense": "x"}, ["A1", "A2", "B1", "S1"]),
    ],
)
def test_filters_of_subjects(
    admin: httpx.Client, place: Place, params: dict[str, str], labels: list[str]
) -> None:
    for label, gender, yob in (("A1", "female", "1970"), ("A2", "male", "1975"), ("B1", "male", "1990")):
        admin.put(f"/data/projects/{place.project}/subjects/{label}", params={"gender": gender, "yob": yob})
    found = rows(admin.get(f"/data/projects/{place.project}/subjects", params=params))
    assert sorted(row["label"] for row in found) == labels


def test_dates_are_filtered_in_american_order(admin: httpx.Client, place: Place) -> None:
    path = f"/data/projects/{place.project}/experiments"
    assert len(rows(admin.get(path, params={"date": "01/01/2024-12/31/2024"}))) == 1
    assert rows(admin.get(path, params={"date": "01/01/2023"})) == []


def test_iso_dates_break_the_query_silently(admin: httpx.Client, place: Place) -> None:
    answer = admin.get(f"/data/projects/{place.project}/experiments", params={"date": "2024-03-05"})
    assert (answer.status_code, answer.content) == (200, b"")


def test_scans_ignore_filters(admin: httpx.Client, place: Place) -> None:
    assert len(rows(admin.get(f"/data/experiments/{place.session}/scans", params={"type": "T2w"}))) == 2


def test_sorting_is_by_any_column_in_any_case(admin: httpx.Client, place: Place) -> None:
    path = f"/data/experiments/{place.session}/scans"
    found = rows(admin.get(path, params={"sortBy": "TYPE", "sortOrder": "DESC"}))
    assert [row["type"] for row in found] == ["T2w", "T1w MPRAGE"]


def test_pages_have_no_total(admin: httpx.Client, place: Place) -> None:
    for number in range(5):
        admin.put(f"/data/projects/{place.project}/subjects/P{number}")
    path = f"/data/projects/{place.project}/subjects"
    page = admin.get(path, params={"limit": 2, "offset": 1}).json()["ResultSet"]
    assert len(page["Result"]) == 2
    assert "totalRecords" not in page
    whole = admin.get(path, params={"limit": "*"}).json()["ResultSet"]
    assert whole["totalRecords"] == "6"


def test_scans_are_never_paged(admin: httpx.Client, place: Place) -> None:
    assert len(rows(admin.get(f"/data/experiments/{place.session}/scans", params={"limit": 1}))) == 2


def test_custom_variables_are_columns_under_their_lower_case_path(admin: httpx.Client, place: Place) -> None:
    column = "xnat:subjectData/fields/field[name=note]/field"
    path = f"/data/projects/{place.project}/subjects"
    found = rows(admin.get(path, params={"columns": f"label,{column}"}))
    assert found[0][column.lower()] == "left"


def test_columns_of_a_subtype_narrow_the_listing(admin: httpx.Client, place: Place) -> None:
    admin.put(f"{place.subject_path}/experiments/S1_CT1", params={"xsiType": "xnat:ctSessionData"})
    path = f"/data/projects/{place.project}/experiments"
    assert len(rows(admin.get(path))) == 2
    assert [row["label"] for row in rows(admin.get(path, params={"columns": "label,fieldStrength"}))] == [
        "S1_MR1"
    ]


def test_a_list_of_types_is_passed_over(admin: httpx.Client, place: Place) -> None:
    path = f"/data/projects/{place.project}/experiments"
    assert len(rows(admin.get(path, params={"xsiType": "xnat:ctSessionData,xnat:petSessionData"}))) == 1


def test_paths_through_scans_multiply_rows(admin: httpx.Client, place: Place) -> None:
    path = f"/data/projects/{place.project}/experiments"
    found = rows(admin.get(path, params={"columns": "label,xnat:mrSessionData/scans/scan/type"}))
    assert sorted(row["xnat:mrsessiondata/scans/scan/type"] for row in found) == ["T1w MPRAGE", "T2w"]


def test_fields_answers_the_table_of_shortcuts(admin: httpx.Client, place: Place) -> None:
    found = rows(admin.get(f"/data/projects/{place.project}/subjects?fields=x"))
    assert {"key": "label", "xpath": "xnat:subjectData/label"} in found


def test_the_filtered_list_of_projects_has_other_keys(admin: httpx.Client, place: Place) -> None:
    envelope = admin.get("/data/projects?accessible=true").json()["ResultSet"]
    row = next(row for row in envelope["Result"] if row["id"] == place.project)
    number = envelope["xdat_user_id"]
    assert row["project_access"] == "private"
    assert row[f"user_role_{number}"] == ""
    assert "URI" not in row


def test_elements_are_counted(admin: httpx.Client, place: Place) -> None:
    envelope = admin.get("/data/search/elements").json()["ResultSet"]
    assert sorted(envelope) == ["Result", "title"]
    names = {row["ELEMENT_NAME"]: row for row in envelope["Result"]}
    assert int(names["xnat:mrSessionData"]["COUNT"]) >= 1
    assert names["xnat:mrSessionData"]["PLURAL"] == "MR Sessions"


@pytest.mark.parametrize("params", [{"limit": "many"}, {"offset": "many"}])
def test_limits_that_are_no_numbers_are_said_as_java_says_it(
    admin: httpx.Client, place: Place, params: dict[str, str]
) -> None:
    answer = admin.get(f"/data/projects/{place.project}/subjects", params=params)
    assert answer.status_code == 500
    assert '<h3>For input string: "many"</h3>' in answer.text


@pytest.mark.parametrize("login", ["member", "collaborator"])
@pytest.mark.parametrize(
    "params", [{"creatableTypes": "true"}, {"permissions": "edit", "dataType": "xnat:subjectData"}]
)
def test_projects_in_which_one_may_create_or_edit(
    ask: Ask, place: Place, params: dict[str, str], login: str
) -> None:
    found = rows(ask(login).get("/data/projects", params=params))
    mine = [row for row in found if row["id"] == place.project]
    assert [sorted(row) for row in mine] == (
        [["description", "id", "name", "secondary_id"]] if login == "member" else []
    )


def test_types_that_one_may_create_in_a_project(ask: Ask, place: Place) -> None:
    path = f"/data/projects/{place.project}?creatableTypes=true&format=json"
    found = rows(ask("member").get(path))
    assert {"element_name": "xnat:mrSessionData"} in found
    assert {"element_name": "xnat:mrScanData"} not in found
    assert rows(ask("collaborator").get(path)) == []


def test_projects_that_were_active_since_a_date(
    admin: httpx.Client, server: DemoServer, place: Place
) -> None:
    long_ago = datetime(2001, 2, 3)
    server.archive.add_project(f"{place.project}_OLD", inserted=long_ago)
    found = rows(admin.get("/data/projects", params={"activeSince": "02/04/2001"}))
    names = {row["id"] for row in found}
    assert place.project in names
    assert f"{place.project}_OLD" not in names


def test_active_since_no_date_is_422(admin: httpx.Client) -> None:
    assert admin.get("/data/projects", params={"activeSince": "zzz"}).status_code == 422


def test_there_are_no_stored_searches(admin: httpx.Client) -> None:
    assert rows(admin.get("/data/search/saved")) == []
    assert admin.get("/data/search/saved/mine").status_code == 404


@pytest.mark.parametrize(
    "path", ["/data/search/elements/xnat:subjectData/versions", "{session}/DIR", "{session}/XAR"]
)
def test_what_the_demo_leaves_out_is_not_mistaken_for_something_else(
    admin: httpx.Client, place: Place, path: str
) -> None:
    assert admin.get(path.format(session=f"/data/experiments/{place.session}")).status_code == 501
