from __future__ import annotations

import pytest

from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.core.uri import Location, data_path, file_path, normalise_base_url, parse_location, xapi_path


def test_every_segment_is_encoded_once():
    assert data_path("projects", "a b%20c#ü?;&'[x]+") == (
        "/data/projects/a%20b%2520c%23%C3%BC%3F%3B%26%27%5Bx%5D%2B"
    )
    assert xapi_path("users", "a@b") == "/xapi/users/a%40b"


def test_a_files_folders_stay_folders():
    path = file_path("experiments", "E", "resources", "R", "files", file="a b/c#1.txt")
    assert path == "/data/experiments/E/resources/R/files/a%20b/c%231.txt"


@pytest.mark.parametrize("segment", ["", ".", "..", "a/b", "\ud800"])
def test_what_no_server_could_route_is_refused(segment):
    with pytest.raises(InvalidValueError):
        data_path("projects", segment)


@pytest.mark.parametrize("file", ["/etc/passwd", "a//b", "../x", "a/", ""])
def test_a_file_path_cannot_leave_its_resource(file):
    with pytest.raises(InvalidValueError):
        file_path("projects", "P", "resources", "R", "files", file=file)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("xnat.example.org", "https://xnat.example.org"),
        ("xnat.example.org:8443/", "https://xnat.example.org:8443"),
        ("HTTPS://XNAT.Example.org:443//", "https://xnat.example.org"),
        ("http://example.org:80/xnat/app/template/Login.vm?a=b#c", "http://example.org/xnat"),
        ("https://example.org/xnat/data/projects", "https://example.org/xnat"),
        ("https://example.org/deep/er/", "https://example.org/deep/er"),
        ("localhost:8080/xnat", "http://localhost:8080/xnat"),
        ("127.0.0.1", "http://127.0.0.1"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("https://[fe80::1]", "https://[fe80::1]"),
        ("  https://x.org ", "https://x.org"),
    ],
)
def test_addresses_have_one_form(text, expected):
    assert normalise_base_url(text) == expected
    assert normalise_base_url(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://",
        "ftp://x.org",
        "https://a b",
        "http://h:99999",
        "http://h:x",
        "/data",
        "<x>",
        "http://[::1",
        "a..b",
    ],
)
def test_nonsense_is_not_an_address(text):
    with pytest.raises(InvalidValueError, match="address"):
        normalise_base_url(text)


@pytest.mark.parametrize(
    "text", ["https://bob:hush@x.org", "bob:hush@x.org/xnat", "https://bob:hush@x.org:bad"]
)
def test_passwords_in_addresses_are_refused_and_not_repeated(text):
    with pytest.raises(InvalidValueError, match="must not hold") as caught:
        normalise_base_url(text)
    assert "hush" not in str(caught.value)


PAGE = "https://x.org/xnat/app/action/DisplayItemAction/search_element/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            PAGE + "xnat:mrSessionData/search_field/xnat:mrSessionData.ID/search_value/XNAT_E00001/project/P",
            Location(project="P", session="XNAT_E00001"),
        ),
        (
            PAGE + "xnat%3AsubjectData/search_field/xnat:subjectData.ID/search_value/XNAT_S1/project/P",
            Location(project="P", subject="XNAT_S1"),
        ),
        (PAGE + "xnat:projectData/search_field/xnat:projectData.ID/search_value/P", Location(project="P")),
        ("https://x.org/xnat/data/projects/P", Location(project="P")),
        (
            "/data/archive/projects/P/subjects/S%201/experiments/E/scans/1/resources/DICOM/files/a/b%20c.dcm",
            Location("P", "S 1", "E", "1", "DICOM", "a/b c.dcm"),
        ),
        ("/REST/experiments/E/scans/2", Location(session="E", scan="2")),
        ("/data/projects/P/subjects/S/experiments/E/scans/1?format=json", Location("P", "S", "E", "1")),
        ("data/experiments/E", Location(session="E")),
        ("XNAT_E00001", Location(identifier="XNAT_E00001")),
        (" my label ", Location(identifier="my label")),
    ],
)
def test_places_are_read_from_addresses_paths_and_ids(text, expected):
    assert parse_location(text, "https://x.org/xnat") == expected


@pytest.mark.parametrize(
    "text", ["", "https://x.org/xnat", "https://x.org/xnat/app/template/Index.vm", "/a/b"]
)
def test_what_names_no_place_is_refused(text):
    with pytest.raises(InvalidValueError):
        parse_location(text, "https://x.org/xnat")


def test_an_address_on_another_server_is_refused():
    with pytest.raises(InvalidValueError, match=r"another server than https://x\.org"):
        parse_location("https://y.org/data/projects/P", "https://x.org")
