"""Resources and their files: catalogs, listings, ranges, uploads, archives and deletion."""

from __future__ import annotations

import hashlib
import io
import tarfile
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterator

import httpx
import pytest

from tests.demo.planted import CONTENT, Ask, Place
from xnat_tui.demo.serve import DemoServer

TEXT = {"content-type": "text/plain"}


def scan_files(place: Place) -> str:
    return f"/data/experiments/{place.session}/scans/1/resources/DICOM/files"


def listed(client: httpx.Client, path: str) -> list[dict[str, str]]:
    answer = client.get(path, params={"format": "json"})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, str]] = answer.json()["ResultSet"]["Result"]
    return found


def test_a_catalog_is_xml_whatever_is_asked(admin: httpx.Client, place: Place) -> None:
    answer = admin.get(f"/data/experiments/{place.session}/scans/1/resources/DICOM?format=json")
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "{http://nrg.wustl.edu/catalog}DCMCatalog"
    entry = next(root.iter("{http://nrg.wustl.edu/catalog}entry"))
    assert entry.attrib["digest"] == hashlib.md5(CONTENT).hexdigest()


def test_a_listing_says_where_files_are_by_the_number_of_their_resource(
    admin: httpx.Client, place: Place
) -> None:
    first, second = listed(admin, scan_files(place))
    assert first["URI"] == f"/data/experiments/{place.session}/scans/1/resources/{place.dicom}/files/a.dcm"
    assert (first["Size"], first["digest"]) == ("1000", hashlib.md5(CONTENT).hexdigest())
    assert second["URI"].endswith("/files/sub/b c.txt")
    assert admin.get(second["URI"]).content == b"text"


def test_a_session_lists_the_resources_below_it(admin: httpx.Client, place: Place) -> None:
    answer = admin.get(f"/data/experiments/{place.session}/resources?all=true")
    found = answer.json()["ResultSet"]["Result"]
    assert {(row["label"], row["category"], row["cat_id"]) for row in found} == {
        ("NOTES", "resources", ""),
        ("DICOM", "scans", "1"),
    }


@pytest.mark.parametrize("choice", ["1", "1,2", "*", "ALL", "T1w MPRAGE"])
def test_a_path_may_choose_scans(admin: httpx.Client, place: Place, choice: str) -> None:
    assert len(listed(admin, f"/data/experiments/{place.session}/scans/{choice}/files")) == 2


def test_a_folder_is_listed_with_a_slash(admin: httpx.Client, place: Place) -> None:
    assert [row["Name"] for row in listed(admin, f"{scan_files(place)}/sub/")] == ["b c.txt"]


def test_headers_of_a_file(admin: httpx.Client, place: Place) -> None:
    answer = admin.get(f"{scan_files(place)}/a.dcm")
    assert answer.content == CONTENT
    assert answer.headers["content-length"] == "1000"
    assert answer.headers["content-disposition"] == 'attachment; filename="a.dcm";'
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["accept-ranges"] == "bytes"
    assert "etag" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        ("bytes=990-", 206, CONTENT[990:]),
        ("bytes=0-4", 206, CONTENT[:5]),
        ("bytes=-3", 206, CONTENT[-3:]),
        ("bytes=5000-", 416, b""),
    ],
)
def test_one_range(admin: httpx.Client, place: Place, asked: str, status: int, content: bytes) -> None:
    answer = admin.get(f"{scan_files(place)}/a.dcm", headers={"range": asked})
    assert (answer.status_code, answer.content) == (status, content)


def test_several_ranges_are_not_implemented(admin: httpx.Client, place: Place) -> None:
    answer = admin.get(f"{scan_files(place)}/a.dcm", headers={"range": "bytes=0-1,5-6"})
    assert answer.status_code == 501


def test_what_has_not_changed_is_not_sent(admin: httpx.Client, place: Place) -> None:
    path = f"{scan_files(place)}/a.dcm"
    changed = admin.get(path).headers["last-modified"]
    assert admin.get(path, headers={"if-modified-since": changed}).status_code == 304


def test_a_missing_file(admin: httpx.Client, place: Place) -> None:
    path = f"{scan_files(place)}/none.dcm"
    assert "Unable to find catalog entry for given uri." in admin.get(path).text
    assert admin.get(path, params={"accept-not-found": "true"}).status_code == 204


def test_a_raw_upload_makes_the_resource_and_answers_nothing(admin: httpx.Client, place: Place) -> None:
    path = f"{place.session_path}/resources/NEW/files/deep/x.txt"
    answer = admin.put(path, content=b"hello", headers=TEXT)
    assert (answer.status_code, answer.content) == (200, b"")
    assert admin.get(path).content == b"hello"


def test_what_is_there_stays_without_overwrite(admin: httpx.Client, place: Place) -> None:
    path = f"{scan_files(place)}/a.dcm"
    answer = admin.put(path, content=b"new", headers=TEXT)
    assert (answer.status_code, answer.text) == (200, '{"duplicates":["a.dcm"]}')
    assert answer.headers["content-type"].startswith("text/html")
    assert admin.get(path).content == CONTENT
    admin.put(path, content=b"new", headers=TEXT, params={"overwrite": "true"})
    assert admin.get(path).content == b"new"


def test_a_form_stores_each_part_under_its_name(admin: httpx.Client, place: Place) -> None:
    path = f"{place.session_path}/resources/FORM/files"
    large = b"\r\n--line\r\n" * 200_000
    files = [("f", ("empty.txt", b"")), ("f", ("large.bin", large))]
    assert admin.post(path, files=files).content == b""
    assert [(row["Name"], row["Size"]) for row in listed(admin, path)] == [
        ("empty.txt", "0"),
        ("large.bin", str(len(large))),
    ]
    assert admin.get(f"{path}/large.bin").content == large


def test_a_raw_upload_needs_a_length(admin: httpx.Client, place: Place) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"piece"

    path = f"{place.session_path}/resources/NEW/files/x.txt"
    answer = admin.put(path, content=pieces(), headers=TEXT)
    assert answer.status_code == 500
    assert "In-body File posts must include the file" in answer.text


def test_an_unknown_type_needs_inbody(admin: httpx.Client, place: Place) -> None:
    path = f"{place.session_path}/resources/NEW/files/x.odd"
    odd = {"content-type": "x/odd"}
    assert admin.put(path, content=b"x", headers=odd).status_code == 400
    assert admin.put(path, content=b"x", headers=odd, params={"inbody": "true"}).status_code == 200


def test_without_the_right_nothing_is_stored_and_nothing_said(ask: Ask, place: Place) -> None:
    path = f"{place.session_path}/resources/NOTES/files/x.txt"
    reader = ask("collaborator")
    answer = reader.put(path, content=b"x", headers=TEXT)
    assert (answer.status_code, answer.content) == (200, b"")
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_archives_are_unpacked(admin: httpx.Client, place: Place, kind: str) -> None:
    sink = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(sink, "w") as packed:
            packed.writestr("in/one.txt", b"1")
    else:
        with tarfile.open(fileobj=sink, mode="w:gz" if kind == "tar.gz" else "w") as packed_tar:
            info = tarfile.TarInfo("in/one.txt")
            info.size = 1
            packed_tar.addfile(info, io.BytesIO(b"1"))
    path = f"{place.session_path}/resources/BOX/files"
    params = {"extract": "true", "inbody": "true"}
    admin.put(f"{path}/pack.{kind}", content=sink.getvalue(), params=params)
    assert [row["URI"].partition("/files/")[2] for row in listed(admin, path)] == ["in/one.txt"]


@pytest.mark.parametrize("name", ["..%2Fout.txt", "a/%2E%2E/%2E%2E/out.txt"])
def test_no_upload_leaves_its_resource(
    admin: httpx.Client, place: Place, server: DemoServer, name: str
) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as packed:
        packed.writestr("../../../out.txt", b"1")
    path = f"{place.session_path}/resources/NOTES/files"
    assert admin.put(f"{path}/{name}", content=b"x", headers=TEXT).status_code == 400
    answer = admin.put(f"{path}/p.zip", content=sink.getvalue(), params={"extract": "true", "inbody": "true"})
    assert answer.status_code == 400
    assert not list(server.archive.root.rglob("out.txt"))


@pytest.mark.parametrize(
    ("structure", "name"),
    [
        ("", "S1_MR1/scans/1-T1w_MPRAGE/resources/DICOM/files/a.dcm"),
        ("simplified", "S1_MR1/scans/1/DICOM/a.dcm"),
        ("improved", "scans/1_T1w MPRAGE/DICOM/a.dcm"),
        ("legacy", "S1_MR1/SCANS/1/DICOM/a.dcm"),
    ],
)
def test_layouts_of_a_zip(admin: httpx.Client, place: Place, structure: str, name: str) -> None:
    path = f"/data/experiments/{place.session}/scans/ALL/files"
    answer = admin.get(path, params={"format": "zip", "structure": structure})
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="S1_MR1.zip";'
    assert "content-length" not in answer.headers
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.testzip() is None
        assert packed.namelist()[0] == name
        assert packed.read(name) == CONTENT


def test_stored_members_tell_their_size_ahead_and_deflated_ones_do_not(
    admin: httpx.Client, place: Place
) -> None:
    path = f"{scan_files(place)}"
    stored = admin.get(path, params={"format": "zip"}).content
    deflated = admin.get(path, params={"format": "zip", "compression": "8"}).content
    assert (stored[6] & 8, deflated[6] & 8) == (0, 8)
    with zipfile.ZipFile(io.BytesIO(deflated)) as packed:
        assert packed.testzip() is None
        assert packed.infolist()[0].compress_type == zipfile.ZIP_DEFLATED


@pytest.mark.parametrize(("form", "mode"), [("tar", "r:"), ("tar.gz", "r:gz")])
def test_tars(admin: httpx.Client, place: Place, form: str, mode: str) -> None:
    answer = admin.get(scan_files(place), params={"format": form})
    with tarfile.open(fileobj=io.BytesIO(answer.content), mode=mode) as packed:  # type: ignore[call-overload]
        member = packed.extractfile("S1_MR1/scans/1-T1w_MPRAGE/resources/DICOM/files/a.dcm")
        assert member is not None
        with member:
            assert member.read() == CONTENT


def test_nothing_to_pack_is_missing_and_open_ranges_break(admin: httpx.Client, place: Place) -> None:
    empty = f"/data/experiments/{place.session}/scans/2/files"
    assert admin.get(empty, params={"format": "zip"}).status_code == 404
    answer = admin.get(scan_files(place), params={"format": "zip"}, headers={"range": "bytes=5-"})
    assert answer.status_code == 500


def test_a_member_of_a_stored_zip(admin: httpx.Client, place: Place) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as packed:
        packed.writestr("in/one.txt", b"1")
    path = f"{place.session_path}/resources/NOTES/files/p.zip"
    admin.put(path, content=sink.getvalue(), headers={"content-type": "application/zip"})
    assert admin.get(f"{path}!/in/one.txt").content == b"1"
    contents = admin.get(path, params={"listContents": "true"}).json()["ResultSet"]["Result"]
    assert contents == [{"File Name": "in/one.txt", "Size": "1"}]


def test_resources_are_made_once_and_deleted_any_number_of_times(admin: httpx.Client, place: Place) -> None:
    path = f"{place.session_path}/resources/R"
    assert [admin.put(path).status_code for _ in range(2)] == [200, 409]
    assert [admin.delete(path).status_code for _ in range(2)] == [200, 200]


def test_files_of_an_assessor_lie_in_its_out_box(admin: httpx.Client, place: Place) -> None:
    path = f"/data/experiments/{place.session}/assessors/S1_QC1"
    admin.put(f"{path}/resources/QC/files/q.txt", content=b"q", headers=TEXT)
    row = listed(admin, f"{path}/out/files")[0]
    assert f"/assessors/{place.assessor}/out/resources/" in row["URI"]
    assert listed(admin, f"{path}/in/files") == []


def test_deleting_files(admin: httpx.Client, place: Place) -> None:
    path = scan_files(place)
    assert admin.delete(f"{path}/sub").status_code == 200
    assert [row["Name"] for row in listed(admin, path)] == ["a.dcm"]
    missing = admin.delete(f"{path}/none")
    assert (missing.status_code, "No matched files" in missing.text) == (404, True)
    assert admin.delete(path.replace("DICOM", "NONE") + "/x").status_code == 400


def test_a_catalog_takes_no_file_path(admin: httpx.Client, place: Place) -> None:
    assert admin.get(f"/data/experiments/{place.session}/resources/NOTES/n.json").status_code == 400


def test_a_pictureless_scan_has_no_snapshot_and_no_headers(admin: httpx.Client, place: Place) -> None:
    assert admin.get(f"/xapi/experiments/{place.session}/scan/2/snapshot").status_code == 404
    source = f"/archive/projects/{place.project}/experiments/S1_MR1/scans/2"
    answer = admin.get("/data/services/dicomdump", params={"src": source})
    assert answer.json() == {"ResultSet": {"Result": []}}
    assert admin.get("/data/services/dicomdump").status_code == 400


def test_several_experiments_at_once(admin: httpx.Client, place: Place) -> None:
    other = admin.put(
        f"{place.subject_path}/experiments/S1_MR2", params={"xsiType": "xnat:mrSessionData"}
    ).text
    admin.put(f"/data/experiments/{other}/resources/NOTES/files/m.txt?inbody=true", content=b"more")
    path = f"/data/experiments/{place.session},{other}/files"
    names = [row["Name"] for row in admin.get(path).json()["ResultSet"]["Result"]]
    assert names == ["n.json", "m.txt"]
    answer = admin.get(path, params={"format": "zip", "all": "true"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        found = packed.namelist()
    assert "S1_MR2/resources/NOTES/files/m.txt" in found
    assert "S1_MR1/scans/1-T1w_MPRAGE/resources/DICOM/files/a.dcm" in found


def test_one_unknown_experiment_among_several_is_404(admin: httpx.Client, place: Place) -> None:
    assert admin.get(f"/data/experiments/{place.session},NONE/files").status_code == 404


def test_what_is_no_picture_is_refused_as_a_picture(admin: httpx.Client, place: Place) -> None:
    answer = admin.get(f"{scan_files(place)}/sub/b c.txt", params={"format": "image/jpeg"})
    assert answer.status_code == 400
    assert "<h3>Unable to convert b c.txt to a JPEG image.</h3>" in answer.text
