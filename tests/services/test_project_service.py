"""ProjectService against the demo server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import (
    ConflictError,
    InvalidValueError,
    PermissionDeniedError,
    ResourceNotFoundError,
)
from xnat_tui.demo.archive import Archive
from xnat_tui.services.projects import ProjectService


def test_projects_are_listed_in_natural_order(projects: ProjectService) -> None:
    assert [project.id for project in projects.list()] == ["AWKWARD", "BRAINS", "LAB", "ONCO"]
    assert [row.id for row in projects.rows()] == ["AWKWARD", "BRAINS", "LAB", "ONCO"]
    assert [project.id for project in projects.list(limit=2)] == ["AWKWARD", "BRAINS"]


def test_a_limit_of_nothing_is_refused(projects: ProjectService) -> None:
    with pytest.raises(InvalidValueError, match="at least 1"):
        projects.list(limit=0)


def test_a_project_comes_with_its_facts(projects: ProjectService) -> None:
    project = projects.get("LAB")
    assert (project.id, project.name, project.pi) == ("LAB", "The Lab", "Jo Ng")
    assert (project.subject_count, project.accessibility) == (3, "private")


def test_a_missing_project_is_not_found(projects: ProjectService) -> None:
    with pytest.raises(ResourceNotFoundError):
        projects.get("NOWHERE")


def test_a_created_project_is_as_asked(projects: ProjectService, archive: Archive) -> None:
    made = projects.create(
        "NEW", description="one and two", keywords="a,b", pi_lastname="Ray", accessibility="protected"
    )
    assert (made.id, made.name, made.pi, made.accessibility) == ("NEW", "NEW", "Ray", "protected")
    assert (made.subject_count, made.keywords) == (0, "a,b")
    assert archive.project("NEW") is not None


def test_an_existing_project_is_not_changed_by_creating_it(projects: ProjectService) -> None:
    with pytest.raises(ConflictError, match="LAB already"):
        projects.create("LAB", name="Mine now")
    assert projects.get("LAB").name == "The Lab"


def test_a_title_in_use_is_a_conflict(projects: ProjectService) -> None:
    with pytest.raises(ConflictError):
        projects.create("NEW", name="The Lab")


@pytest.mark.parametrize(
    ("project_id", "accessibility"), [("A B", "private"), ("", "private"), ("OK", "open")]
)
def test_odd_values_are_refused(projects: ProjectService, project_id: str, accessibility: str) -> None:
    with pytest.raises(InvalidValueError):
        projects.create(project_id, accessibility=accessibility)


def test_accessibility_is_read_and_set(projects: ProjectService) -> None:
    projects.set_accessibility("LAB", "public")
    assert projects.accessibility("LAB") == "public"
    with pytest.raises(InvalidValueError, match="open"):
        projects.set_accessibility("LAB", "open")
    with pytest.raises(ResourceNotFoundError):
        projects.set_accessibility("NOWHERE", "public")


def test_only_owners_set_the_accessibility(archive: Archive, client_for: Callable[[str], XNATClient]) -> None:
    with pytest.raises(PermissionDeniedError):
        ProjectService(client_for("member")).set_accessibility("BRAINS", "public")


def test_subjects_that_may_not_be_read_are_not_counted(
    archive: Archive, projects: ProjectService, client_for: Callable[[str], XNATClient]
) -> None:
    projects.set_accessibility("LAB", "protected")
    project = ProjectService(client_for("collaborator")).get("LAB")
    assert (project.accessibility, project.subject_count) == ("protected", None)


def test_the_id_of_a_deleted_project_is_gone_for_ever(projects: ProjectService, archive: Archive) -> None:
    archive.delete_project("LAB")
    with pytest.raises(PermissionDeniedError, match="cannot be reused"):
        projects.create("LAB")


def test_users_come_with_their_groups(projects: ProjectService, archive: Archive) -> None:
    archive.grant("LAB", "member", "owner")
    assert [(user.login, user.group_name) for user in projects.users("LAB")] == [("member", "Owners")]


@pytest.mark.parametrize(
    "fields", [{"name": "R&D"}, {"description": "it's"}, {"keywords": "<a>"}, {"pi_lastname": 'Ray "R"'}]
)
def test_texts_that_the_server_would_change_are_refused(
    projects: ProjectService, archive: Archive, fields: dict[str, str]
) -> None:
    with pytest.raises(InvalidValueError, match=next(iter(fields))):
        projects.create("NEW", **fields)
    assert archive.project("NEW") is None
