"""What goes over the wire: how many requests, to which paths, for which columns."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import unquote

import httpx
import pytest

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import OperationError, UnsafeOperationError
from xnat_tui.services.projects import ProjectService
from xnat_tui.services.resources import ResourceService
from xnat_tui.services.scans import ScanService
from xnat_tui.services.sessions import SessionService
from xnat_tui.services.subjects import SubjectService


class Wire:
    """Answers from a table of "METHOD path" -> document, and remembers what was asked."""

    def __init__(self, answers: dict[str, object]) -> None:
        self.answers = answers
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.get(f"{request.method} {unquote(request.url.path)}", httpx.Response(404))
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, json=answer)

    @property
    def asked(self) -> list[str]:
        return [f"{request.method} {unquote(request.url.path)}" for request in self.requests]

    def params(self, at: int) -> dict[str, str]:
        return dict(self.requests[at].url.params)

    def client(self) -> XNATClient:
        return XNATClient("http://xnat.test", transport=httpx.MockTransport(self), retries=0)


def table(*rows: dict[str, str]) -> dict[str, object]:
    return {"ResultSet": {"Result": list(rows), "totalRecords": str(len(rows))}}


def item(fields: dict[str, object], **children: list[dict[str, object]]) -> dict[str, object]:
    groups = [
        {"field": name.replace("__", "/"), "items": [{"data_fields": child} for child in items]}
        for name, items in children.items()
    ]
    return {"items": [{"data_fields": fields, "meta": {}, "children": groups}]}


EMPTY = httpx.Response(200)


def many(count: int) -> Callable[[httpx.Request], dict[str, object]]:
    return lambda request: table(*({"ID": f"S{n}", "label": f"L{n}", "project": "P"} for n in range(count)))


def test_a_listing_of_projects_is_one_request() -> None:
    wire = Wire({"GET /data/projects": table({"ID": "P10"}, {"ID": "P9"})})
    assert [project.id for project in ProjectService(wire.client()).list()] == ["P9", "P10"]
    assert wire.asked == ["GET /data/projects"]


def test_a_listing_of_subjects_is_one_request_for_the_columns_needed() -> None:
    wire = Wire({"GET /data/projects/P/subjects": many(3)})
    assert len(SubjectService(wire.client()).list("P")) == 3
    assert wire.asked == ["GET /data/projects/P/subjects"]
    assert wire.params(0) == {
        "format": "json",
        "limit": "*",
        "columns": "ID,label,project,group,gender,yob,handedness,insert_date,insert_user",
    }


def test_a_limit_is_kept_even_when_the_server_ignores_it() -> None:
    wire = Wire({"GET /data/projects/P/subjects": many(30)})
    assert len(SubjectService(wire.client()).list("P", limit=7)) == 7
    assert [wire.params(at)["limit"] for at in range(len(wire.requests))] == ["7"]


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_a_server_that_does_not_page_gives_one_page(count: int) -> None:
    wire = Wire({"GET /data/projects/P/subjects": many(count)})
    pages = list(SubjectService(wire.client()).pages("P", page_size=3))
    assert [len(page) for page in pages] == [count]
    # As many rows as were asked for may be a page, so the next one is asked for.
    assert len(wire.requests) == (2 if count == 3 else 1)


def test_pages_that_overlap_give_each_row_once() -> None:
    parts = {"0": "abc", "3": "cde", "6": "f"}

    def answer(request: httpx.Request) -> dict[str, object]:
        return table(*({"ID": letter} for letter in parts[request.url.params["offset"]]))

    wire = Wire({"GET /data/projects/P/subjects": answer})
    pages = SubjectService(wire.client()).pages("P", page_size=3)
    assert ["".join(subject.id for subject in page) for page in pages] == ["abc", "de", "f"]


def test_pages_are_asked_for_when_they_are_wanted() -> None:
    wire = Wire({"GET /data/projects/P/subjects": many(3)})
    pages = SubjectService(wire.client()).pages("P", page_size=3)
    assert wire.requests == []
    next(pages)
    assert [wire.params(at)["offset"] for at in range(len(wire.requests))] == ["0"]


def test_a_short_page_of_sessions_is_not_taken_for_the_end() -> None:
    def answer(request: httpx.Request) -> dict[str, object]:
        return many(1 if request.url.params["limit"] == "3" else 5)(request)

    wire = Wire({"GET /data/projects/P/experiments": answer})
    assert len(SessionService(wire.client()).list("P", limit=3)) == 3


def test_sessions_of_one_type_are_asked_for_by_type() -> None:
    wire = Wire({"GET /data/projects/P/experiments": many(1)})
    SessionService(wire.client()).list("P", modality="PET", limit=3)
    assert len(wire.requests) == 1
    assert wire.params(0)["xsiType"] == "xnat:petSessionData"


def test_no_column_that_hides_other_types_is_asked_for() -> None:
    wire = Wire({"GET /data/projects/P/experiments": many(1)})
    SessionService(wire.client()).rows("P")
    columns = wire.params(0)["columns"].split(",")
    assert not {"scanner", "modality", "session_ID", "UID"} & set(columns)
    assert {"subject_ID", "subject_label", "xsiType"} <= set(columns)


def test_files_of_all_scans_are_counted_in_one_request() -> None:
    resources = [
        {"category": "scans", "cat_id": "2", "file_count": "3", "file_size": "30", "label": "DICOM"},
        {"category": "scans", "cat_id": "2", "file_count": "1", "file_size": "5", "label": "BIDS"},
        {"category": "scans", "cat_id": "10", "file_count": "", "file_size": "", "label": "DICOM"},
        {"category": "resources", "cat_id": "", "file_count": "9", "file_size": "9", "label": "QC"},
    ]
    wire = Wire(
        {
            "GET /data/experiments/E/scans": table({"ID": "10"}, {"ID": "2"}, {"ID": "3"}),
            "GET /data/experiments/E/resources": table(*resources),
        }
    )
    scans = ScanService(wire.client()).list("E")
    assert [(scan.scan_id, scan.file_count, scan.size_bytes) for scan in scans] == [
        ("2", 4, 35),
        ("3", 0, 0),
        ("10", None, None),
    ]
    assert wire.asked == ["GET /data/experiments/E/scans", "GET /data/experiments/E/resources"]
    assert wire.params(1)["all"] == "true"


def test_a_scan_whose_files_nobody_counted_has_no_number_of_files() -> None:
    wire = Wire(
        {
            "GET /data/experiments/E/scans/1": item({"ID": "1"}, file=[{"file_count": 3}, {"label": "RAW"}]),
            "GET /data/experiments/E/scans/2": item({"ID": "2"}, file=[{"file_count": 3, "file_size": 9}]),
            "GET /data/experiments/E/scans/3": item({"ID": "3"}),
        }
    )
    scans = [ScanService(wire.client()).get("E", scan_id) for scan_id in "123"]
    assert [(scan.file_count, scan.size_bytes) for scan in scans] == [(None, None), (3, 9), (0, 0)]


def test_scans_of_a_label_are_found_by_accession_id_and_never_below_the_project() -> None:
    wire = Wire(
        {
            "GET /data/projects/P/experiments": table({"ID": "E1", "label": "S 1"}),
            "GET /data/experiments/E1/scans": table({"ID": "1"}),
        }
    )
    assert [row.id for row in ScanService(wire.client()).rows("S 1", project="P")] == ["1"]
    assert wire.asked == ["GET /data/projects/P/experiments", "GET /data/experiments/E1/scans"]
    assert wire.params(0)["label"] == "S 1"


def test_only_an_exact_label_counts_as_found() -> None:
    wire = Wire(
        {
            "GET /data/projects/P/experiments": table(
                {"ID": "E1", "label": "S1"}, {"ID": "E2", "label": "S12"}
            ),
            "GET /data/projects/P/experiments/S1*": item({"ID": "E9"}),
            "GET /data/experiments/E9/scans": table(),
        }
    )
    ScanService(wire.client()).rows("S1*", project="P")
    assert wire.asked[-1] == "GET /data/experiments/E9/scans"


def test_all_scans_are_deleted_one_by_one() -> None:
    wire = Wire(
        {
            "GET /data/experiments/E/scans": table({"ID": "1"}, {"ID": "2"}),
            "DELETE /data/experiments/E/scans/1": EMPTY,
            "DELETE /data/experiments/E/scans/2": httpx.Response(403, text="no right"),
        }
    )
    seen: list[tuple[int, int, str]] = []
    outcome = ScanService(wire.client()).delete_multiple(
        "E", ["*"], remove_files=True, progress_callback=lambda *step: seen.append(step)
    )
    assert (outcome["deleted"], outcome["failed"]) == (["1"], ["2"])
    assert outcome["errors"][0]["scan"] == "2"
    assert "no right" in outcome["errors"][0]["error"]
    assert [(done, total) for done, total, _ in seen] == [(1, 2), (2, 2)]
    assert wire.params(1) == {"removeFiles": "true"}


def test_a_resource_is_deleted_by_its_number_after_it_was_found() -> None:
    wire = Wire(
        {
            "GET /data/experiments/E/resources": table({"label": "A,B", "xnat_abstractresource_id": "7"}),
            "DELETE /data/experiments/E/resources/7": EMPTY,
        }
    )
    assert ResourceService(wire.client()).delete("E", "A,B") is True
    assert wire.asked == ["GET /data/experiments/E/resources", "DELETE /data/experiments/E/resources/7"]


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ({"project": "P"}, "/data/projects/P/resources"),
        ({"project": "P", "subject": "S"}, "/data/projects/P/subjects/S/resources"),
        ({"subject_id": "S1"}, "/data/subjects/S1/resources"),
        ({"session": "E"}, "/data/experiments/E/resources"),
        ({"session": "L", "project": "P"}, "/data/projects/P/experiments/L/resources"),
        ({"session": "E", "scan": "1"}, "/data/experiments/E/scans/1/resources"),
        ({"session": "E", "assessor": "A"}, "/data/experiments/E/assessors/A/out/resources"),
    ],
)
def test_resources_are_listed_in_one_request_at_every_level(place: dict[str, str], path: str) -> None:
    wire = Wire({f"GET {path}": table({"label": "QC", "xnat_abstractresource_id": "3"})})
    assert [row.label for row in ResourceService(wire.client()).rows(**place)] == ["QC"]
    assert wire.asked == [f"GET {path}"]


def test_resources_of_nothing_are_a_mistake() -> None:
    resources = ResourceService(Wire({}).client())
    with pytest.raises(TypeError, match="need a place"):
        resources.rows()
    with pytest.raises(TypeError, match="needs its session_id"):
        resources.rows(scan_id="1", project="P")
    with pytest.raises(TypeError, match="not to both"):
        resources.rows("E", scan="1", assessor="A")


SOURCE = item({"ID": "S1", "label": "A", "project": "P"})
TARGET = item({"ID": "S2", "label": "B", "project": "P"})


def test_a_merge_that_loses_an_experiment_keeps_the_source() -> None:
    wire = Wire(
        {
            "GET /data/projects/P": item({"ID": "P"}),
            "GET /data/projects/P/subjects/A": SOURCE,
            "GET /data/projects/P/subjects/B": TARGET,
            "GET /data/projects/P/subjects/S1/resources": table(),
            "GET /data/projects/P/subjects/S1/experiments": table({"ID": "E1", "label": "A_MR"}),
            "PUT /data/projects/P/subjects/S2/experiments/E1": EMPTY,
            "GET /data/projects/P/subjects/S2/experiments": table(),
        }
    )
    with pytest.raises(OperationError, match="A_MR could not be moved to B"):
        SubjectService(wire.client()).merge_subjects("P", "A", "B")
    assert not any(asked.startswith("DELETE") for asked in wire.asked)


def test_a_subject_with_experiments_that_only_its_document_shows_is_not_deleted() -> None:
    document = item(
        {"ID": "S1", "label": "A", "project": "P"}, experiments__experiment=[{"ID": "E9", "label": "hidden"}]
    )
    wire = Wire({"GET /data/subjects/S1": document, "GET /data/projects/P/subjects/S1/experiments": table()})
    with pytest.raises(UnsafeOperationError, match="hidden"):
        SubjectService(wire.client()).delete("S1")


def test_a_rename_that_the_server_ignores_is_an_error() -> None:
    wire = Wire(
        {
            "GET /data/projects/P/subjects/A": SOURCE,
            "GET /data/projects/P/subjects/S1": SOURCE,
            "PUT /data/projects/P/subjects/S1": EMPTY,
        }
    )
    with pytest.raises(OperationError, match="kept A"):
        SubjectService(wire.client()).rename("A", "C", project="P")


def test_a_user_without_projects_sees_no_subjects_rather_than_an_error() -> None:
    wire = Wire({"GET /data/subjects": httpx.Response(500), "GET /data/projects": table()})
    assert SubjectService(wire.client()).list() == []


def test_answers_may_be_bare_arrays_with_small_ids() -> None:
    wire = Wire({"GET /data/projects": httpx.Response(200, content=json.dumps([{"id": "P"}]))})
    assert ProjectService(wire.client()).rows()[0].id == "P"
