"""Projects: list, inspect, create and configure."""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping

from xnat_tui.core.exceptions import ConflictError, InvalidValueError, PermissionDeniedError
from xnat_tui.core.uri import data_path
from xnat_tui.models.project import Project
from xnat_tui.models.rows import MemberRow, ProjectRow, SubjectRow
from xnat_tui.models.sorting import natural_sorted
from xnat_tui.services.aliases import aliases
from xnat_tui.services.base import BaseService
from xnat_tui.services.checks import check_limit, check_new_label
from xnat_tui.services.free_text import check_free_text

ACCESS_LEVELS = ("private", "protected", "public")
"""Who may see a project: its users, its users and its existence everybody, everybody everything."""

_TOTAL = re.compile(rb'<ResultSet totalRecords="([0-9]+)"')


class ProjectService(BaseService):
    """The projects that the client's user may read."""

    def rows(self) -> builtins.list[ProjectRow]:
        """Return all readable projects in natural order of their ids, in one request."""
        return natural_sorted(self._rows(data_path("projects"), ProjectRow), lambda row: row.id)

    def list(self, limit: int | None = None) -> builtins.list[Project]:
        """Return the readable projects in natural order of their ids, in one request.

        Neither subjects are counted nor the accessibility is asked for; `get` does both.

        Args:
            limit: return so many at most. XNAT always sends all projects.

        Raises:
            InvalidValueError: `limit` is below 1.
        """
        check_limit(limit)
        return [Project.from_row(row) for row in self.rows()[:limit]]

    @aliases(project="project_id")
    def get(self, project_id: str) -> Project:
        """Return a project by its ID or alias, with its accessibility and the number of its subjects.

        Raises:
            ResourceNotFoundError: there is none, or the user may not see it.
        """
        project = Project.from_item(self._item(data_path("projects", project_id)))
        facts = {
            "accessibility": self.accessibility(project_id),
            "subject_count": self.count_subjects(project_id),
        }
        return project.model_copy(update=facts)

    @aliases(project="project_id")
    def create(
        self,
        project_id: str,
        name: str | None = None,
        description: str | None = None,
        keywords: str | None = None,
        pi_firstname: str | None = None,
        pi_lastname: str | None = None,
        accessibility: str = "private",
    ) -> Project:
        """Create a project and return it as the server stored it.

        Args:
            project_id: its ID for ever; letters, digits, "-" and "_".
            name: its title; the ID by default.
            description: free text.
            keywords: separated by commas.
            pi_firstname: first name of the principal investigator.
            pi_lastname: last name of the principal investigator.
            accessibility: "private", "protected" or "public".

        Raises:
            InvalidValueError: the ID or the accessibility is none that XNAT takes, or a text holds one of
                & < > " ', which XNAT would store as something else; nothing was sent.
            ConflictError: the ID or the name is in use, perhaps by a project that the user may not see.
            PermissionDeniedError: the user may not create projects, or a deleted project had this ID.
        """
        check_new_label(project_id, "The ID of a project")
        _check_access_level(accessibility)
        fields = {
            "name": name or project_id,
            "secondary_ID": project_id,
            "description": description,
            "keywords": keywords,
            "pi_firstname": pi_firstname,
            "pi_lastname": pi_lastname,
            "accessibility": accessibility,
        }
        check_free_text(fields)
        # XNAT answers 200 to a PUT on a project that exists, and changes it.
        if self._exists(data_path("projects", project_id)):
            raise ConflictError(f"There is a project {project_id} already.")
        self._put(data_path("projects", project_id), fields)
        return self.get(project_id)

    @aliases(project="project_id")
    def accessibility(self, project_id: str) -> str:
        """Return "private", "protected" or "public".

        Raises:
            ResourceNotFoundError: there is no such project, or the user may not see it.
        """
        return self._get(data_path("projects", project_id, "accessibility")).text.strip()

    @aliases(project="project_id")
    def set_accessibility(self, project_id: str, accessibility: str) -> None:
        """Make a project "private", "protected" or "public".

        Raises:
            InvalidValueError: it is none of these; nothing was sent.
            PermissionDeniedError: the user does not own the project, or the site allows private ones only.
            ResourceNotFoundError: there is no such project, or the user may not see it.
        """
        _check_access_level(accessibility)
        # A PUT below a project that does not exist might be taken for the creation of one.
        self.accessibility(project_id)
        self._put(data_path("projects", project_id, "accessibility", accessibility))

    @aliases(project="project_id")
    def count_subjects(self, project_id: str) -> int | None:
        """Return the number of subjects; None when the user may see the project and not its subjects.

        Neither are 100 000 ids read for it, nor is there a request that counts: XNAT's XML form of a listing
        begins with the number of its rows, and the rest is not waited for.

        Raises:
            ResourceNotFoundError: there is no such project, or the user may not see it.
        """
        path = data_path("projects", project_id, "subjects")
        params = {"columns": "ID", "format": "xml", "limit": "*"}
        try:
            with self.client.stream("GET", path, params=params) as response:
                beginning = next(response.iter_bytes(), b"")
        except PermissionDeniedError:
            return None
        found = _TOTAL.search(beginning)
        return int(found[1]) if found else len(self._rows(path, SubjectRow, {"columns": "ID"}))

    @aliases(project="project_id")
    def users(self, project_id: str) -> builtins.list[MemberRow]:
        """Return the users of a project with the group that gives each his rights.

        Raises:
            PermissionDeniedError: the site shows users only to those who may edit the project.
            ResourceNotFoundError: there is no such project, or the user may not see it.
        """
        return self._rows(data_path("projects", project_id, "users"), MemberRow)

    def favorites(self) -> set[str]:
        """Return the IDs of the user's favourite projects."""
        table = self._table(data_path("users", "favorites", "Project"))
        return {value for row in table for name, value in row.items() if name.lower() == "id"}

    @aliases(project="project_id")
    def set_favorite(self, project_id: str, wanted: bool) -> None:
        """Make a project one of the user's favourites, or no longer one.

        Raises:
            ResourceNotFoundError: there is no such project, or the user may not see it.
        """
        path = data_path("users", "favorites", "Project", project_id)
        if wanted:
            self._put(path)
        else:
            self._delete(path)

    def roles(self) -> Mapping[str, str]:
        """Return the user's role in each project in which there is one: "Owners", "Members" or the like."""
        wanted = {"owner": True, "member": True, "collaborator": True}
        # The key of the role ends in the user's number: user_role_17.
        return {
            row["id"]: next((value for name, value in row.items() if name.startswith("user_role_")), "")
            for row in self._table(data_path("projects"), wanted)
            if row.get("id")
        }


def _check_access_level(accessibility: str) -> None:
    if accessibility not in ACCESS_LEVELS:
        raise InvalidValueError(
            f"A project cannot be {accessibility!r}.", advice=f"Choose one of {', '.join(ACCESS_LEVELS)}."
        )
