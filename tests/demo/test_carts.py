"""Downloads of many sessions through XAPI, as XNAT's pages make them."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from tests.demo.planted import CONTENT, Ask, Place

_CHOOSE = "/xapi/archive/downloadwithsize"
_SCAN_FILES = "S1_MR1/scans/1-T1w_MPRAGE/resources/DICOM/files"


def choice(place: Place, **more: list[str]) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "sessions": [f"{place.project}:S1:S1_MR1:{place.session}"],
        "projectIds": [place.project],
        "scan_types": ["T1w MPRAGE"],
        "scan_formats": ["DICOM"],
    }
    return {**wanted, **more}


def fetched(client: httpx.Client, body: dict[str, Any]) -> zipfile.ZipFile:
    cart = client.post(_CHOOSE, json=body).json()["id"]
    answer = client.get(f"/xapi/archive/download/{cart}/zip")
    assert "content-length" not in answer.headers
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_the_size_is_told_before(admin: httpx.Client, place: Place) -> None:
    answer = admin.post(_CHOOSE, json=choice(place)).json()
    assert answer["id"].startswith("admin-")
    assert answer["size"] == str(len(CONTENT) + len(b"text"))
    assert answer["resourcesOfUnknownSize"] == "0"


def test_the_short_form_answers_the_number_alone(admin: httpx.Client, place: Place) -> None:
    answer = admin.post("/xapi/archive/download", json=choice(place))
    assert answer.headers["content-type"].startswith("application/xml")
    assert answer.text.startswith("admin-")


def test_what_was_chosen_comes_compressed(admin: httpx.Client, place: Place) -> None:
    packed = fetched(admin, choice(place, resources=["NOTES"]))
    assert packed.namelist() == [
        f"{_SCAN_FILES}/a.dcm",
        f"{_SCAN_FILES}/sub/b c.txt",
        "S1_MR1/resources/NOTES/files/n.json",
    ]
    assert packed.read(f"{_SCAN_FILES}/a.dcm") == CONTENT
    assert packed.infolist()[0].compress_type == zipfile.ZIP_DEFLATED


def test_folders_in_front(admin: httpx.Client, place: Place) -> None:
    options = ["projectIncludedInPath", "subjectIncludedInPath", "simplified"]
    packed = fetched(admin, choice(place, options=options))
    assert packed.namelist()[0] == f"{place.project}/S1/S1_MR1/scans/1/DICOM/a.dcm"


@pytest.mark.parametrize("empty", ["scan_types", "scan_formats"])
def test_no_scan_types_or_formats_empty_everything(admin: httpx.Client, place: Place, empty: str) -> None:
    assert fetched(admin, choice(place, resources=["NOTES"], **{empty: []})).namelist() == []


def test_the_catalog_of_what_was_chosen(admin: httpx.Client, place: Place) -> None:
    cart = admin.post(_CHOOSE, json=choice(place)).json()["id"]
    root = ElementTree.fromstring(admin.get(f"/xapi/archive/download/{cart}/xml").content)
    names = [entry.get("name") for entry in root.iter("{http://nrg.wustl.edu/catalog}entry")]
    assert names == [f"{_SCAN_FILES}/a.dcm", f"{_SCAN_FILES}/sub/b c.txt"]


def test_a_choice_without_sessions_is_204(admin: httpx.Client, place: Place) -> None:
    assert admin.post(_CHOOSE, json=choice(place, sessions=[])).status_code == 204


def test_what_is_no_choice_is_400(admin: httpx.Client) -> None:
    answer = admin.post(_CHOOSE, content=b"[")
    assert answer.status_code == 400
    assert answer.text.startswith("There was an error in the request: ")


def test_hidden_sessions_and_the_choices_of_others_are_403(ask: Ask, place: Place) -> None:
    ask("admin").put("/data/projects/HIDDEN_CART")
    ask("admin").put("/data/projects/HIDDEN_CART/subjects/H")
    hidden = ask("admin").put(
        "/data/projects/HIDDEN_CART/subjects/H/experiments/H1", params={"xsiType": "xnat:mrSessionData"}
    )
    wanted = choice(place, sessions=[f"HIDDEN_CART:H:H1:{hidden.text}"])
    assert ask("member").post(_CHOOSE, json=wanted).status_code == 403
    cart = ask("admin").post(_CHOOSE, json=choice(place)).json()["id"]
    assert ask("member").get(f"/xapi/archive/download/{cart}/zip").status_code == 403
