"""SessionService against the demo server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import ConflictError, InvalidValueError, ResourceNotFoundError
from xnat_tui.demo.archive import Archive
from xnat_tui.services.sessions import SessionService


def test_sessions_of_a_project_and_of_a_subject(sessions: SessionService) -> None:
    assert [session.label for session in sessions.list("LAB")] == ["S1_MR1", "S1_PET", "S2_MR1"]
    assert [session.label for session in sessions.list("LAB", "S2")] == ["S2_MR1"]
    first = sessions.rows(project="LAB", subject="S1")[0]
    assert (first.label, first.subject_label, first.date) == ("S1_MR1", "S1", "2024-05-06")


def test_sessions_of_a_modality(sessions: SessionService) -> None:
    found = sessions.list(project="LAB", modality="PET")
    assert [(session.label, session.modality) for session in found] == [("S1_PET", "PET")]
    with pytest.raises(InvalidValueError):
        sessions.list("LAB", modality="XYZ")


def test_sessions_of_the_whole_site_and_of_a_subject_by_id(
    sessions: SessionService, archive: Archive
) -> None:
    assert {"S1_MR1", "SUB-001_MR1", "PAT01_CT"} <= {session.label for session in sessions.list()}
    subject = archive.find_subject("LAB", "S2")
    assert subject is not None
    assert [session.label for session in sessions.list(subject=subject.id)] == ["S2_MR1"]
    with pytest.raises(ResourceNotFoundError):
        sessions.list(subject="S2")


def test_a_limit_is_kept(sessions: SessionService) -> None:
    assert len(sessions.list("LAB", limit=2)) == 2
    assert len(sessions.list("LAB", limit=50)) == 3


def test_more_columns_can_be_asked_for(sessions: SessionService) -> None:
    found = sessions.list("BRAINS", columns=["note"])
    assert {"First visit."} <= {session.note for session in found}


def test_unknown_places_are_not_found(sessions: SessionService) -> None:
    with pytest.raises(ResourceNotFoundError):
        sessions.list("NOWHERE")
    with pytest.raises(ResourceNotFoundError):
        sessions.list("LAB", "S99")
    with pytest.raises(ResourceNotFoundError):
        sessions.get("S1_MR9", "LAB")


def test_a_session_comes_with_its_facts(sessions: SessionService) -> None:
    session = sessions.get("S1_MR1", "LAB")
    assert (session.session_date, session.scan_count, session.project) == (date(2024, 5, 6), 3, "LAB")
    assert sessions.get(session_id=session.id).label == "S1_MR1"
    assert sessions.get("SUB-001_MR1", "BRAINS").scanner


def test_a_created_session_is_as_asked(sessions: SessionService, archive: Archive) -> None:
    made = sessions.create(
        "LAB", "S10", "S10_CT", date="2024-07-08", time="09:10:11", visit_id="V1", modality="CT"
    )
    assert (made.label, made.xsi_type, made.scan_count) == ("S10_CT", "xnat:ctSessionData", 0)
    assert (made.session_date, made.session_time, made.visit_id) == (date(2024, 7, 8), "09:10:11", "V1")
    stored = archive.experiment(made.id)
    assert stored is not None
    assert stored.subject_id == made.subject_id


def test_an_existing_session_is_not_changed_by_creating_it(sessions: SessionService) -> None:
    with pytest.raises(ConflictError, match="S1_MR1 already"):
        sessions.create("LAB", "S2", "S1_MR1", date="2020-01-01")
    assert sessions.get("S1_MR1", "LAB").session_date == date(2024, 5, 6)


def test_a_mistyped_subject_is_not_created(sessions: SessionService, archive: Archive) -> None:
    with pytest.raises(ResourceNotFoundError):
        sessions.create("LAB", "S99", "S99_MR1")
    assert archive.find_subject("LAB", "S99") is None


@pytest.mark.parametrize(
    "values",
    [
        {"label": "a b"},
        {"date": "08.07.2024"},
        {"time": "9h"},
        {"xsi_type": "MR"},
        {"modality": "XYZ"},
    ],
)
def test_odd_values_are_refused(sessions: SessionService, values: dict[str, str]) -> None:
    with pytest.raises(InvalidValueError):
        sessions.create("LAB", "S10", **{"label": "S10_MR1", **values})


def test_assessors_are_listed(sessions: SessionService) -> None:
    [assessor] = sessions.assessor_rows("SUB-001_MR1", project="BRAINS")
    assert assessor.xsi_type == "xnat:qcManualAssessorData"
    assert sessions.assessor_rows(sessions.get("S1_MR1", "LAB").id) == []


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused_with_columns_too(sessions: SessionService, limit: int) -> None:
    with pytest.raises(InvalidValueError):
        sessions.list("LAB", limit=limit, columns=["note"])


def test_a_visit_that_the_server_would_change_is_refused(sessions: SessionService, archive: Archive) -> None:
    with pytest.raises(InvalidValueError, match="visit_id"):
        sessions.create("LAB", "S2", "S2_MR2", visit_id="base & line")
    assert archive.find_experiment("LAB", "S2_MR2") is None


@pytest.mark.parametrize("columns", [None, ["note"]])
def test_a_subject_unknown_to_the_site_is_not_found_with_columns_too(
    sessions: SessionService, columns: list[str] | None
) -> None:
    with pytest.raises(ResourceNotFoundError):
        sessions.list(subject="S2", columns=columns)


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize("modality", [None, "MR", "xnat:imageSessionData"])
def test_sessions_come_in_pages(sessions: SessionService, size: int, modality: str | None) -> None:
    labels = [s.label for page in sessions.pages("LAB", modality=modality, page_size=size) for s in page]
    assert sorted(labels) == [s.label for s in sessions.list("LAB", modality=modality)]


@pytest.mark.parametrize("size", [1, 2, 4])
def test_pages_go_on_behind_sessions_that_may_not_be_read(
    archive: Archive, client_for: Callable[[str], XNATClient], size: int
) -> None:
    archive.add_project("ZZZ")
    subject = archive.add_subject("ZZZ", "Z")
    archive.add_experiment("ZZZ", subject, "Z_MR1", "xnat:mrSessionData")
    archive.grant("ZZZ", "member", "member")
    sessions = SessionService(client_for("member"))
    pages = list(sessions.pages(page_size=size))
    labels = [session.label for page in pages for session in page]
    assert "Z_MR1" in labels
    assert "S1_MR1" not in labels
    assert sorted(labels) == sorted(session.label for session in sessions.list())
    assert all(pages)


def test_sessions_are_chosen_by_day(sessions: SessionService) -> None:
    assert [row.label for row in sessions.rows("LAB", where={"date": date(2024, 5, 6)})] == ["S1_MR1"]
    assert sessions.rows("LAB", where={"date": date(2024, 5, 7)}) == []
