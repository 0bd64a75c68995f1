"""Catalogs are made true again on demand."""

from __future__ import annotations

import hashlib
from pathlib import Path

import httpx
import pytest

from tests.demo.planted import Ask, Place
from xnat_tui.demo.serve import DemoServer

REFRESH = "/data/services/refresh/catalog"


@pytest.fixture
def uri(place: Place) -> str:
    return f"/archive/experiments/{place.session}"


@pytest.fixture
def scan_folder(server: DemoServer, place: Place) -> Path:
    """Where the files of the scan's DICOM resource lie on the server's disk."""
    return server.archive.file_location(place.dicom, "a.dcm").parent


def names(server: DemoServer, resource_id: int) -> set[str]:
    return {file.path for file in server.archive.files(resource_id)}


def refresh(client: httpx.Client, uri: str, options: str) -> httpx.Response:
    return client.post(REFRESH, params={"resource": uri, "options": options})


def test_success_is_an_empty_answer(admin: httpx.Client, uri: str) -> None:
    answer = refresh(admin, uri, "checksum")
    assert (answer.status_code, answer.content) == (200, b"")


def test_checksum_computes_missing_digests(
    admin: httpx.Client, server: DemoServer, place: Place, uri: str
) -> None:
    refresh(admin, uri, "checksum")
    (file,) = server.archive.files(place.notes)
    assert file.digest == hashlib.md5(b"{}").hexdigest()


def test_delete_drops_files_that_vanished(
    admin: httpx.Client, server: DemoServer, place: Place, uri: str, scan_folder: Path
) -> None:
    (scan_folder / "a.dcm").unlink()
    refresh(admin, uri, "checksum")
    assert "a.dcm" in names(server, place.dicom)
    refresh(admin, uri, "delete")
    assert names(server, place.dicom) == {"sub/b c.txt"}


def test_append_takes_up_files_that_were_found(
    admin: httpx.Client, server: DemoServer, place: Place, uri: str, scan_folder: Path
) -> None:
    (scan_folder / "sub" / "new.dcm").write_bytes(b"new")
    refresh(admin, uri, "append,checksum")
    file = server.archive.file(place.dicom, "sub/new.dcm")
    assert file
    assert (file.size_bytes, file.digest) == (3, hashlib.md5(b"new").hexdigest())


def test_without_options_all_is_done(
    admin: httpx.Client, server: DemoServer, place: Place, uri: str, scan_folder: Path
) -> None:
    (scan_folder / "a.dcm").rename(scan_folder / "c.dcm")
    admin.post(REFRESH, data={"resource": uri})
    assert names(server, place.dicom) == {"c.dcm", "sub/b c.txt"}
    assert all(file.digest for file in server.archive.files(place.notes))


def test_an_option_can_be_a_parameter_of_its_own(
    admin: httpx.Client, server: DemoServer, place: Place, uri: str, scan_folder: Path
) -> None:
    (scan_folder / "a.dcm").rename(scan_folder / "c.dcm")
    admin.post(REFRESH, params={"resource": uri, "append": "true"})
    assert names(server, place.dicom) == {"a.dcm", "c.dcm", "sub/b c.txt"}


def test_one_resource_is_refreshed_alone(
    admin: httpx.Client, server: DemoServer, place: Place, uri: str, scan_folder: Path
) -> None:
    (scan_folder / "a.dcm").unlink()
    refresh(admin, f"/data{uri}/resources/NOTES", "delete,checksum")
    assert "a.dcm" in names(server, place.dicom)
    assert all(file.digest for file in server.archive.files(place.notes))


def test_a_session_can_be_named_by_its_labels(admin: httpx.Client, place: Place) -> None:
    uri = f"/archive/projects/{place.project}/subjects/S1/experiments/S1_MR1/scans/1"
    assert refresh(admin, uri, "checksum").status_code == 200


@pytest.mark.parametrize(
    "uri", ["nowhere", "/archive", "/archive/experiments/NONE", "/archive/projects/NONE"]
)
def test_a_uri_of_nothing_is_refused(admin: httpx.Client, uri: str) -> None:
    assert refresh(admin, uri, "checksum").status_code == 400


def test_readers_may_not_refresh(ask: Ask, uri: str) -> None:
    assert refresh(ask("collaborator"), uri, "checksum").status_code == 403


def test_the_other_way_in_takes_a_list(
    admin: httpx.Client, server: DemoServer, place: Place, uri: str
) -> None:
    answer = admin.put("/xapi/archive/catalogs/refresh/Checksum", json=[uri])
    assert (answer.status_code, answer.content) == (200, b"")
    assert all(file.digest for file in server.archive.files(place.notes))
