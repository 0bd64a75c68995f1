"""Searches by XML, and the fields that they may name."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from xnat_tui.demo.archive.types import TYPES
from xnat_tui.demo.serve import DemoServer


def post(server: DemoServer, body: str, login: str = "admin") -> httpx.Response:
    url = f"{server.url}/data/search?format=json"
    return httpx.post(url, content=body.encode(), auth=(login, server.users[login]))


def search(
    server: DemoServer, root: str, where: str, *fields: str, login: str = "admin"
) -> list[dict[str, Any]]:
    asked = "".join(
        f"<s:search_field><s:element_name>{root}</s:element_name><s:field_ID>{field}</s:field_ID></s:search_field>"
        for field in fields
    )
    body = (
        '<s:bundle xmlns:s="http://nrg.wustl.edu/security">'
        f"<s:root_element_name>{root}</s:root_element_name>{asked}"
        f'<s:search_where method="AND">{where}</s:search_where></s:bundle>'
    )
    answer = post(server, body, login)
    assert answer.status_code == 200, answer.text
    found = answer.json()["ResultSet"]
    assert found["rootElementName"] == root
    assert found["totalRecords"] == str(len(found["Result"]))
    rows: list[dict[str, Any]] = found["Result"]
    return rows


def criterion(field: str, comparison: str, value: str) -> str:
    parts = {"schema_field": field, "comparison_type": comparison, "value": value}
    return (
        "<s:criteria>"
        + "".join(f"<s:{key}>{text}</s:{key}>" for key, text in parts.items())
        + "</s:criteria>"
    )


def labels(server: DemoServer, where: str, login: str = "admin") -> list[str]:
    rows = search(server, "xnat:mrSessionData", where, "xnat:mrSessionData/LABEL", login=login)
    return sorted(row["label"] for row in rows)


def test_without_conditions_all_of_a_type_are_found(demo: DemoServer) -> None:
    assert labels(demo, "") == ["SUB-001_MR1", "SUB-002_MR1", "Texts_MR1", "Texts_MR2"]


def test_without_fields_the_usual_ones_are_shown(demo: DemoServer) -> None:
    rows = search(demo, "xnat:subjectData", criterion("xnat:subjectData/SUBJECT_LABEL", "=", "PAT01"))
    assert [row["subject_label"] for row in rows] == ["PAT01"]
    assert {"subjectid", "project", "gender_text", "quarantine_status"} <= set(rows[0])


@pytest.mark.parametrize(
    ("comparison", "value", "found"),
    [
        ("=", "SUB-001_MR1", ["SUB-001_MR1"]),
        ("LIKE", "sub-%", ["SUB-001_MR1", "SUB-002_MR1"]),
        ("!=", "SUB-001_MR1", ["SUB-002_MR1", "Texts_MR1", "Texts_MR2"]),
    ],
)
def test_texts_are_compared(demo: DemoServer, comparison: str, value: str, found: list[str]) -> None:
    assert labels(demo, criterion("xnat:mrSessionData/label", comparison, value)) == found


def test_dates_are_compared_by_the_calendar_and_missing_ones_never(demo: DemoServer) -> None:
    date = "xnat:mrSessionData/date"
    assert labels(demo, criterion(date, ">=", "02/05/2024")) == ["SUB-002_MR1", "Texts_MR1"]
    assert labels(demo, criterion(date, "&lt;", "02/05/2024")) == ["SUB-001_MR1"]


def test_conditions_nest(demo: DemoServer) -> None:
    either = "".join(
        criterion("xnat:mrSessionData/label", "=", label) for label in ("SUB-001_MR1", "Texts_MR1")
    )
    nested = f'<s:child_set method="OR">{either}</s:child_set>'
    assert labels(demo, nested) == ["SUB-001_MR1", "Texts_MR1"]
    assert labels(demo, nested + criterion("xnat:mrSessionData/project", "=", "BRAINS")) == ["SUB-001_MR1"]


def test_nobody_finds_what_he_may_not_read(demo: DemoServer) -> None:
    assert labels(demo, "", "member") == ["SUB-001_MR1", "SUB-002_MR1"]


@pytest.mark.parametrize("body", ["no XML", '<s:bundle xmlns:s="http://nrg.wustl.edu/security"/>'])
def test_what_is_no_search_is_refused(demo: DemoServer, body: str) -> None:
    assert post(demo, body).status_code == 422


def test_a_search_is_never_a_get(demo: DemoServer) -> None:
    answer = httpx.get(f"{demo.url}/data/search", auth=("admin", "admin"))
    assert answer.status_code == 405


def test_fields_of_every_type_have_upper_case_names(demo: DemoServer) -> None:
    for name in TYPES:
        answer = httpx.get(f"{demo.url}/data/search/elements/{name}?format=json", auth=("admin", "admin"))
        rows = answer.json()["ResultSet"]["Result"]
        assert all(row["FIELD_ID"].isupper() and row["ELEMENT_NAME"] == name for row in rows)
    assert httpx.get(f"{demo.url}/data/search/elements/xnat:x", auth=("admin", "admin")).status_code == 404
