"""SubjectService against the demo server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import (
    ConflictError,
    InvalidValueError,
    OperationError,
    PermissionDeniedError,
    ResourceNotFoundError,
    UnsafeOperationError,
)
from xnat_tui.demo.archive import Archive
from xnat_tui.demo.serve import DemoServer
from xnat_tui.services.subjects import SubjectService


def labels(archive: Archive, subject: str, project: str = "LAB") -> list[str]:
    found = archive.find_subject(project, subject)
    return [experiment.label for experiment in archive.experiments_of_subject(found.id)] if found else []


def test_subjects_are_listed_in_natural_order(subjects: SubjectService) -> None:
    listed = subjects.list(project="LAB")
    assert [subject.label for subject in listed] == ["S1", "S2", "S10"]
    assert (listed[0].gender, listed[0].yob, listed[0].group) == ("female", 1990, "control")
    assert [row.label for row in subjects.rows("LAB")] == ["S1", "S2", "S10"]
    assert len(subjects.list("LAB", limit=2)) == 2


def test_shared_subjects_keep_their_owner(subjects: SubjectService) -> None:
    shared = {subject.label: subject.project for subject in subjects.list("AWKWARD")}
    assert shared["Guest"] == "BRAINS"


def test_subjects_of_all_projects_are_listed(subjects: SubjectService) -> None:
    assert {"LAB", "BRAINS", "ONCO"} <= {subject.project for subject in subjects.list()}


def test_more_columns_can_be_asked_for(subjects: SubjectService) -> None:
    assert "last_modified" in subjects.list("LAB", columns=["last_modified"])[0].raw


def test_an_unknown_project_is_not_found(subjects: SubjectService) -> None:
    with pytest.raises(ResourceNotFoundError):
        subjects.list("NOWHERE")


def test_a_subject_is_found_by_label_and_by_id(subjects: SubjectService) -> None:
    by_label = subjects.get(project="LAB", subject="S1")
    by_id = subjects.get(by_label.id)
    assert (by_label.id, by_label.label, by_label.gender) == (by_id.id, "S1", "female")
    assert by_label.session_count == by_id.session_count == 2


def test_a_missing_subject_is_not_found(subjects: SubjectService) -> None:
    with pytest.raises(ResourceNotFoundError):
        subjects.get("S1")
    with pytest.raises(ResourceNotFoundError):
        subjects.get("S99", "LAB")


def test_a_created_subject_is_as_asked(subjects: SubjectService) -> None:
    made = subjects.create("LAB", "S3", group="patients", gender="male", yob=1980)
    assert (made.label, made.project, made.group, made.gender, made.yob) == (
        "S3",
        "LAB",
        "patients",
        "male",
        1980,
    )


def test_an_existing_subject_is_not_changed_by_creating_it(subjects: SubjectService) -> None:
    with pytest.raises(ConflictError, match="S1 already"):
        subjects.create("LAB", "S1", gender="male")
    assert subjects.get("S1", "LAB").gender == "female"


@pytest.mark.parametrize("label", ["", "a&b", "a b", "it's"])
def test_odd_labels_are_refused(subjects: SubjectService, label: str) -> None:
    with pytest.raises(InvalidValueError):
        subjects.create("LAB", label)
    with pytest.raises(InvalidValueError):
        subjects.rename("S1", label, "LAB")


def test_collaborators_cannot_create_subjects(
    archive: Archive, client_for: Callable[[str], XNATClient]
) -> None:
    with pytest.raises(PermissionDeniedError):
        SubjectService(client_for("collaborator")).create("BRAINS", "NEW")


def test_a_subject_is_renamed_with_and_without_its_project(subjects: SubjectService) -> None:
    renamed = subjects.rename(subject="S1", new_label="S7", project="LAB")
    assert renamed.label == "S7"
    assert subjects.rename(renamed.id, "S8").label == "S8"
    assert subjects.rename(renamed.id, "S8").label == "S8"


def test_a_project_may_be_named_by_its_alias(subjects: SubjectService, archive: Archive) -> None:
    archive.add_alias("LAB", "laboratory")
    assert subjects.rename("S1", "S5", "laboratory").label == "S5"
    assert subjects.rename_pattern("laboratory", "S5", "S6")["renamed"] == [{"from": "S5", "to": "S6"}]
    assert subjects.merge_subjects("laboratory", "S6", "S2")["source_deleted"] is True
    assert subjects.delete("S10", "laboratory") is True


def test_a_mistyped_subject_is_not_created_by_renaming_it(subjects: SubjectService, archive: Archive) -> None:
    with pytest.raises(ResourceNotFoundError):
        subjects.rename("S11", "S12", project="LAB")
    assert archive.find_subject("LAB", "S11") is None
    assert archive.find_subject("LAB", "S12") is None


def test_a_label_in_use_is_a_conflict(subjects: SubjectService) -> None:
    with pytest.raises(ConflictError, match="already in use"):
        subjects.rename("S1", "S2", project="LAB")


def test_a_shared_subject_is_not_touched_where_it_is_a_guest(
    subjects: SubjectService, archive: Archive
) -> None:
    for touch in (
        lambda: subjects.rename("Guest", "New", "AWKWARD"),
        lambda: subjects.delete("Guest", "AWKWARD"),
    ):
        with pytest.raises(UnsafeOperationError, match="only shared into AWKWARD"):
            touch()
    assert archive.find_subject("AWKWARD", "Guest") is not None


def test_an_empty_subject_is_deleted(subjects: SubjectService, archive: Archive) -> None:
    assert subjects.delete(project="LAB", subject="S10") is True
    assert archive.find_subject("LAB", "S10") is None


@pytest.mark.parametrize("with_project", [True, False])
def test_a_subject_with_experiments_is_not_deleted(
    subjects: SubjectService, archive: Archive, with_project: bool
) -> None:
    key = ("S1", "LAB") if with_project else (subjects.get("S1", "LAB").id, None)
    with pytest.raises(RuntimeError, match=r"S1 has 2 experiments \(S1_MR1, S1_PET\)"):
        subjects.delete(*key)
    assert labels(archive, "S1") == ["S1_MR1", "S1_PET"]
    assert subjects.delete(*key, remove_files=True, force=True) is True
    assert archive.find_subject("LAB", "S1") is None


def test_deleting_a_missing_subject_says_so(subjects: SubjectService) -> None:
    with pytest.raises(ResourceNotFoundError):
        subjects.delete("S99", "LAB")


def test_a_pattern_renames_what_matches(subjects: SubjectService, archive: Archive) -> None:
    summary = subjects.rename_pattern("LAB", r"S(\d)", "P00{1}")
    assert summary == {
        "renamed": [{"from": "S1", "to": "P001"}, {"from": "S2", "to": "P002"}],
        "merged": [],
        "skipped": [],
        "errors": [],
        "dry_run": False,
    }
    assert [row.label for row in subjects.rows("LAB")] == ["P001", "P002", "S10"]


def test_a_dry_run_changes_nothing(subjects: SubjectService) -> None:
    summary = subjects.rename_pattern("LAB", r"S(\d+)", "S1", dry_run=True, merge=True)
    assert [step["label"] for step in summary["skipped"]] == ["S1"]
    assert [step["from"] for step in summary["merged"]] == ["S2", "S10"]
    assert [row.label for row in subjects.rows("LAB")] == ["S1", "S2", "S10"]


def test_a_pattern_merges_into_a_label_in_use(subjects: SubjectService, archive: Archive) -> None:
    skipped = subjects.rename_pattern("LAB", "S2", "S1")["skipped"]
    assert "S1 is in use" in skipped[0]["reason"]
    summary = subjects.rename_pattern("LAB", "S2", "S1", merge=True)
    assert summary["merged"] == [{"from": "S2", "to": "S1"}]
    assert labels(archive, "S1") == ["S1_MR1", "S1_PET", "S2_MR1"]
    assert archive.find_subject("LAB", "S2") is None


def test_several_subjects_are_merged_under_a_new_label(subjects: SubjectService, archive: Archive) -> None:
    summary = subjects.rename_pattern("LAB", r"S\d+", "ALL", merge=True)
    assert summary["renamed"] == [{"from": "S1", "to": "ALL"}]
    assert [step["from"] for step in summary["merged"]] == ["S2", "S10"]
    assert sorted(labels(archive, "ALL")) == ["S1_MR1", "S1_PET", "S2_MR1"]
    assert [row.label for row in subjects.rows("LAB")] == ["ALL"]


def test_one_failure_does_not_stop_a_renaming(subjects: SubjectService, demo: DemoServer) -> None:
    demo.faults.add("status", "/data/projects/LAB/subjects/*", method="PUT", status=403)
    summary = subjects.rename_pattern("LAB", r"S(\d+)", "P{1}")
    assert [failure["label"] for failure in summary["errors"]] == ["S1"]
    assert [step["to"] for step in summary["renamed"]] == ["P2", "P10"]


def test_a_bad_pattern_is_refused(subjects: SubjectService) -> None:
    with pytest.raises(ValueError, match="no regular expression"):
        subjects.rename_pattern("LAB", "(", "x")


def test_a_merge_moves_experiments_and_deletes_the_source(subjects: SubjectService, archive: Archive) -> None:
    dry = subjects.merge_subjects("LAB", "S1", "S2", dry_run=True)
    assert (dry["experiments_moved"], dry["source_deleted"]) == (2, False)
    assert labels(archive, "S1") == ["S1_MR1", "S1_PET"]
    merged = subjects.merge_subjects("LAB", source_label="S1", target_label="S2")
    assert (merged["experiments_moved"], merged["source_deleted"]) == (2, True)
    assert merged["experiments"] == dry["experiments"]
    assert sorted(labels(archive, "S2")) == ["S1_MR1", "S1_PET", "S2_MR1"]
    assert archive.find_subject("LAB", "S1") is None


def test_a_merge_that_fails_half_way_keeps_the_source(
    subjects: SubjectService, archive: Archive, demo: DemoServer
) -> None:
    demo.faults.add("status", "/data/projects/LAB/subjects/*/experiments/*", method="PUT", skip=1)
    with pytest.raises(OperationError, match=r"S1_PET could not be moved to S2 \(1 of 2 were\)"):
        subjects.merge_subjects("LAB", "S1", "S2")
    assert labels(archive, "S1") == ["S1_PET"]
    assert sorted(labels(archive, "S2")) == ["S1_MR1", "S2_MR1"]


def test_a_merge_needs_both(subjects: SubjectService) -> None:
    with pytest.raises(ResourceNotFoundError):
        subjects.merge_subjects("LAB", "S1", "S99")
    with pytest.raises(ResourceNotFoundError):
        subjects.merge_subjects("LAB", "S99", "S1")
    with pytest.raises(InvalidValueError, match="into itself"):
        subjects.merge_subjects("LAB", "S1", "S1")


def test_a_merge_that_would_lose_something_is_refused(subjects: SubjectService, archive: Archive) -> None:
    with pytest.raises(UnsafeOperationError, match="the resource CONSENT"):
        subjects.merge_subjects("BRAINS", "SUB-001", "SUB-002")
    with pytest.raises(UnsafeOperationError, match="the share into AWKWARD"):
        subjects.merge_subjects("BRAINS", "SUB-002", "SUB-001")
    with pytest.raises(UnsafeOperationError, match="only shared into AWKWARD"):
        subjects.merge_subjects("AWKWARD", "Guest", "Empty")
    assert labels(archive, "SUB-002", "BRAINS") == ["SUB-002_MR1"]


def test_subjects_of_a_protected_project_are_for_its_users(
    archive: Archive, client_for: Callable[[str], XNATClient]
) -> None:
    archive.update_project("LAB", {"accessibility": "protected"})
    with pytest.raises(PermissionDeniedError):
        SubjectService(client_for("member")).list("LAB")


def test_members_cannot_delete_subjects(archive: Archive, client_for: Callable[[str], XNATClient]) -> None:
    archive.grant("LAB", "member", "member")
    with pytest.raises(PermissionDeniedError):
        SubjectService(client_for("member")).delete("S10", "LAB")
    assert archive.find_subject("LAB", "S10") is not None


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused_with_columns_too(subjects: SubjectService, limit: int) -> None:
    with pytest.raises(InvalidValueError):
        subjects.list("LAB", limit=limit, columns=["age"])


@pytest.mark.parametrize("fields", [{"group": "a&b"}, {"gender": "<male>"}])
def test_texts_that_the_server_would_change_are_refused(
    subjects: SubjectService, archive: Archive, fields: dict[str, str]
) -> None:
    with pytest.raises(InvalidValueError, match=next(iter(fields))):
        subjects.create("LAB", "S3", **fields)
    assert archive.find_subject("LAB", "S3") is None


@pytest.mark.parametrize("columns", [None, ["age"]])
def test_who_may_read_no_project_sees_no_subjects_and_an_unknown_project_is_not_found(
    client_for: Callable[[str], XNATClient], archive: Archive, columns: list[str] | None
) -> None:
    archive.add_user("nobody", "nobody")
    for project in archive.projects():
        archive.update_project(project.id, {"accessibility": "private"})
    with XNATClient(client_for("admin").base_url, "nobody", "nobody") as client:
        assert SubjectService(client).list(columns=columns) == []
        assert list(SubjectService(client).pages()) == []
        with pytest.raises(ResourceNotFoundError):
            SubjectService(client).list("LAB", columns=columns)


@pytest.mark.parametrize(("size", "sizes"), [(1, [1, 1, 1]), (2, [2, 1]), (3, [3]), (1000, [3])])
def test_subjects_come_in_pages(subjects: SubjectService, size: int, sizes: list[int]) -> None:
    pages = list(subjects.pages("LAB", page_size=size))
    assert [len(page) for page in pages] == sizes
    assert {subject.label for page in pages for subject in page} == {"S1", "S2", "S10"}


def test_pages_of_a_missing_project_are_not_found(subjects: SubjectService) -> None:
    with pytest.raises(ResourceNotFoundError):
        next(subjects.pages("NOWHERE"))
    with pytest.raises(InvalidValueError, match="page"):
        subjects.pages("LAB", page_size=0)


def test_subjects_are_chosen_by_what_their_columns_hold(subjects: SubjectService) -> None:
    chosen = {"gender": "female", "yob": 1990}
    assert [row.label for row in subjects.rows("LAB", where=chosen)] == ["S1"]
    assert [subject.label for page in subjects.pages("LAB", where=chosen) for subject in page] == ["S1"]
    assert subjects.rows("LAB", where={"gender": "male"}) == []
    for odd in ({"label": "S*"}, {"label": "S1,S2"}, {"yob": -1}, {"format": "xml"}):
        with pytest.raises(InvalidValueError):
            subjects.rows("LAB", where=odd)
