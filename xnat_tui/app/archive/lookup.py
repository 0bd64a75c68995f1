"""Asks the server where something is that was never loaded: by label, by id, by a pasted address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from xnat_tui.app.archive.jump import Wish
from xnat_tui.app.archive.nodes import Kind
from xnat_tui.app.memory import Place, Step
from xnat_tui.core.client import XNATClient
from xnat_tui.core.connection import Params
from xnat_tui.core.exceptions import ResourceNotFoundError
from xnat_tui.core.uri import Location, data_path
from xnat_tui.models.rows import ExperimentRow, ProjectRow, SubjectRow, columns_of
from xnat_tui.services.resources import ResourceService

_MOST = 50
"""Places that one question may find: a list to choose from, not a listing."""

_SUBJECT_ASSESSOR = "xnat:subjectAssessorData"
_IMAGE_ASSESSOR = "xnat:imageAssessorData"


class Lookup:
    """Finds places on one server. Every call blocks and may raise an XnatTuiError."""

    def __init__(self, client: XNATClient) -> None:
        self._client = client

    def find(self, wish: Wish, project: str = "") -> list[Place]:
        """The places that a wish may mean: the exact ones, else those whose label begins with the word.

        A word may hold `*`, XNAT's sign for any text. Few small requests, and the first that finds something
        is the last: in the project first, then on the whole site.

        Args:
            wish: what was typed; no command.
            project: ID of the project in which somebody is; "" for none.
        """
        if wish.location is not None:
            return [self.locate(wish.location)]
        for question in self._questions(wish, project):
            if found := list(question())[:_MOST]:
                return found
        return []

    def locate(self, location: Location) -> Place:
        """The place of a pasted address.

        Raises:
            ResourceNotFoundError: there is no such thing, or the user may not see it.
        """
        place = self._owner(location)
        if location.scan:
            place = _deeper(place, Kind.SCAN, location.scan)
        if location.resource:
            place = self._with_resource(place, location.resource)
        return _deeper(place, Kind.FILE, location.file) if location.file else place

    # Words

    def _questions(self, wish: Wish, project: str) -> Iterator[Callable[[], Iterable[Place]]]:
        """What to ask for a word, one after the other."""
        word, kind = wish.word, wish.kind
        projects = cache(self._project_rows)
        if kind in (None, Kind.PROJECT):
            yield lambda: _projects_named(word, projects(), exact=True)
        if kind is not Kind.PROJECT:
            if project:
                yield lambda: self._things(kind, project, label=word)
            yield lambda: self._things(kind, "", label=word)
            yield lambda: self._things(kind, "", ID=word)
            if project:
                yield lambda: self._things(kind, project, label=f"{word}*")
        if kind in (None, Kind.PROJECT):
            yield lambda: _projects_named(word, projects(), exact=False)
        if kind is not Kind.PROJECT:
            yield lambda: self._things(kind, "", label=f"{word}*")
        if kind in (None, Kind.SESSION):
            yield lambda: self._assessors(ID=word)
            yield lambda: self._assessors(label=word)

    def _project_rows(self) -> list[ProjectRow]:
        return self._client.get_rows(data_path("projects"), ProjectRow)

    def _things(self, kind: Kind | None, project: str, **filters: str) -> Iterator[Place]:
        """Subjects and experiments with a label or an id."""
        if kind in (None, Kind.SUBJECT):
            yield from self._subjects(project, **filters)
        if kind in (None, Kind.SESSION):
            yield from self._sessions(project, **filters)

    def _subjects(self, project: str, **filters: str) -> Iterator[Place]:
        above = ("projects", project) if project else ()
        params: Params = {"columns": columns_of(SubjectRow), "limit": _MOST, **filters}
        for row in self._client.get_rows(data_path(*above, "subjects"), SubjectRow, params):
            if _fits(row.label, row.id, filters):
                yield _deeper(_project(project or row.project), Kind.SUBJECT, row.id, row.label)

    def _sessions(self, project: str, **filters: str) -> Iterator[Place]:
        above = ("projects", project) if project else ()
        # A column that only some types have would hide the others; this type has all of these.
        columns = columns_of(ExperimentRow, without=("session_ID",))
        xsi_type = None if project else _SUBJECT_ASSESSOR
        params: Params = {"xsiType": xsi_type, "columns": columns, "limit": _MOST, **filters}
        for row in self._client.get_rows(data_path(*above, "experiments"), ExperimentRow, params):
            if row.subject_id and _fits(row.label, row.id, filters):
                owner = _deeper(
                    _project(project or row.project), Kind.SUBJECT, row.subject_id, row.subject_label
                )
                yield _deeper(owner, Kind.SESSION, row.id, row.label)

    def _assessors(self, **filters: str) -> Iterator[Place]:
        columns = columns_of(ExperimentRow, without=("subject_ID", "subject_label"))
        params: Params = {"xsiType": _IMAGE_ASSESSOR, "columns": columns, "limit": _MOST, **filters}
        for row in self._client.get_rows(data_path("experiments"), ExperimentRow, params):
            if row.session_id and _fits(row.label, row.id, filters):
                for session in self._sessions("", ID=row.session_id):
                    yield _deeper(session, Kind.ASSESSOR, row.id, row.label)

    # Addresses

    def _owner(self, location: Location) -> Place:
        """The place of the project, subject or experiment of an address; each may be named by id or label."""
        if location.session:
            return self._first("session", location.session, self._experiments_named(location))
        if location.subject:
            return self._first("subject", location.subject, self._subjects_named(location))
        found = _projects_named(location.project, self._project_rows(), exact=True)
        return self._first("project", location.project, found)

    def _experiments_named(self, location: Location) -> Iterator[Place]:
        if location.project:
            yield from self._sessions(location.project, label=location.session)
            yield from self._sessions(location.project, ID=location.session)
        yield from self._sessions("", ID=location.session)
        yield from self._assessors(ID=location.session)

    def _subjects_named(self, location: Location) -> Iterator[Place]:
        if location.project:
            yield from self._subjects(location.project, label=location.subject)
            yield from self._subjects(location.project, ID=location.subject)
        yield from self._subjects("", ID=location.subject)

    def _with_resource(self, owner: Place, name: str) -> Place:
        ids = {step.kind: step.id for step in owner.steps}
        rows = ResourceService(self._client).rows(
            ids.get(Kind.SESSION),
            ids.get(Kind.SCAN),
            None if Kind.SESSION in ids else ids[Kind.PROJECT],
            subject_id=None if Kind.SESSION in ids else ids.get(Kind.SUBJECT),
            assessor_id=ids.get(Kind.ASSESSOR),
        )
        found = (
            _deeper(owner, Kind.RESOURCE, row.id, row.label) for row in rows if name in (row.label, row.id)
        )
        return self._first("resource", name, found)

    @staticmethod
    def _first(kind: str, name: str, places: Iterator[Place]) -> Place:
        place = next(places, None)
        if place is None:
            raise ResourceNotFoundError(f"There is no {kind} {name!r} here, or you may not see it.")
        return place


def _projects_named(word: str, rows: Iterable[ProjectRow], *, exact: bool) -> Iterator[Place]:
    """Projects by ID, running title or title. XNAT lists them without any filter."""
    folded = word.casefold().rstrip("*")
    for row in rows:
        names = [name.casefold() for name in (row.id, row.secondary_id, row.name)]
        if folded in names if exact else any(name.startswith(folded) for name in names):
            yield _project(row.id)


def _project(id: str) -> Place:
    return Place((Step(Kind.PROJECT, id, id),))


def _deeper(place: Place, kind: Kind, id: str, label: str = "") -> Place:
    return Place((*place.steps, Step(kind, id, label or id)))


def _fits(label: str, id: str, filters: dict[str, str]) -> bool:
    """Whether the server meant what we did: a comma in a word is an "or" to it, and some ignore filters."""
    name, value = next(iter(filters.items()))
    cell, wanted = (label if name == "label" else id).casefold(), value.casefold()
    if "*" in wanted[:-1]:
        return True
    return cell.startswith(wanted[:-1]) if wanted.endswith("*") else cell == wanted
