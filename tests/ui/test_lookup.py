"""Finding on the server what was never loaded: exact before similar, in few requests."""

from __future__ import annotations

import pytest

from xnat_tui.app.archive.jump import read_wish
from xnat_tui.app.archive.lookup import Lookup
from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import ResourceNotFoundError


def found(client: XNATClient, line: str, project: str = "") -> list[str]:
    places = Lookup(client).find(read_wish(line, client.base_url), project)
    return [" / ".join(place.labels) for place in places]


SESSION = "BRAINS / SUB-001 / SUB-001_MR1"


@pytest.mark.parametrize(
    ("line", "project", "places"),
    [
        ("BRAINS", "", ["BRAINS"]),
        ("p brains", "", ["BRAINS"]),
        ("s SUB-001", "", ["BRAINS / SUB-001"]),
        ("XNAT_S00001", "", ["BRAINS / SUB-001"]),
        ("e SUB-001_MR1", "", [SESSION]),
        ("XNAT_E00001", "ONCO", [SESSION]),
        ("SUB-001_MR1_QC", "", [f"{SESSION} / SUB-001_MR1_QC"]),
        ("s SUB-00", "BRAINS", ["BRAINS / SUB-001", "BRAINS / SUB-002"]),
        ("s SUB*2", "", ["BRAINS / SUB-002"]),
        ("PAT01", "BRAINS", ["BRAINS / PAT01"]),
        ("PAT01", "", ["ONCO / PAT01"]),
        ("nobody", "BRAINS", []),
        ("SUB-001,SUB-002", "", []),
    ],
)
def test_a_word_is_found(client: XNATClient, line: str, project: str, places: list[str]) -> None:
    before = client.request_log.version
    assert found(client, line, project) == places
    assert client.request_log.version - before <= 14


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/data/projects/BRAINS", "BRAINS"),
        ("/data/projects/BRAINS/subjects/SUB-001", "BRAINS / SUB-001"),
        ("/data/projects/BRAINS/subjects/XNAT_S00001", "BRAINS / SUB-001"),
        ("/data/subjects/XNAT_S00001", "BRAINS / SUB-001"),
        ("/data/experiments/XNAT_E00001", SESSION),
        ("/data/projects/BRAINS/experiments/SUB-001_MR1/scans/1", f"{SESSION} / 1"),
        ("/data/experiments/XNAT_E00001/scans/1/resources/DICOM", f"{SESSION} / 1 / DICOM"),
        ("/data/experiments/XNAT_E00002", f"{SESSION} / SUB-001_MR1_QC"),
        (
            "/app/action/DisplayItemAction/search_element/xnat%3AsubjectData/search_field/"
            "xnat%3AsubjectData.ID/search_value/XNAT_S00001/project/BRAINS",
            "BRAINS / SUB-001",
        ),
    ],
)
def test_an_address_is_found(client: XNATClient, path: str, place: str) -> None:
    assert found(client, client.base_url + path) == [place]


@pytest.mark.parametrize(
    "path",
    ["/data/projects/NO", "/data/projects/BRAINS/subjects/NO", "/data/projects/BRAINS/resources/NO"],
)
def test_an_address_of_nothing_is_said_to_be_so(client: XNATClient, path: str) -> None:
    with pytest.raises(ResourceNotFoundError, match="There is no"):
        found(client, path)
