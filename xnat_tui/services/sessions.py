"""Sessions: list, inspect and create imaging sessions and other experiments of subjects."""

from __future__ import annotations

import builtins
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from xnat_tui.core.exceptions import ConflictError, OperationError
from xnat_tui.core.uri import data_path
from xnat_tui.models.rows import ExperimentRow, columns_of
from xnat_tui.models.session import Session
from xnat_tui.models.sorting import natural_sorted
from xnat_tui.services.aliases import aliases
from xnat_tui.services.base import BaseService
from xnat_tui.services.checks import check_date, check_limit, check_new_label, check_time, check_xsi_type
from xnat_tui.services.filters import Filters, exact_filters
from xnat_tui.services.free_text import check_free_text
from xnat_tui.services.types import session_type_of

# A column that only some types of experiments have would hide all others from a listing.
_SESSION_COLUMNS = columns_of(ExperimentRow, without=("session_ID",))
_ASSESSOR_COLUMNS = columns_of(ExperimentRow, without=("subject_ID", "subject_label"))

# Of these the server looks only after the query which ones the user may read. None lists the second of them.
_TYPES_WITHOUT_RIGHTS = (None, "xnat:subjectAssessorData", "xnat:imageSessionData", "xnat:experimentData")


class SessionService(BaseService):
    """The sessions that the client's user may read."""

    @aliases(project_id="project", subject_id="subject")
    def rows(
        self,
        project: str | None = None,
        subject: str | None = None,
        modality: str | None = None,
        limit: int | None = None,
        where: Filters | None = None,
    ) -> builtins.list[ExperimentRow]:
        """Return sessions in natural order of their labels; see `list` and `pages` for the rest."""
        path, params = _listing(project, subject, modality, where)
        params["columns"] = _SESSION_COLUMNS
        has_full_pages = params.get("xsiType") not in _TYPES_WITHOUT_RIGHTS
        rows = self._first_rows(path, ExperimentRow, params, limit, pages_are_full=has_full_pages)
        if not rows:
            self._check_subject(project, subject)
        return natural_sorted(rows, lambda row: row.label or row.id)

    @aliases(project_id="project", subject_id="subject")
    def list(
        self,
        project: str | None = None,
        subject: str | None = None,
        modality: str | None = None,
        limit: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> builtins.list[Session]:
        """Return sessions and other experiments of subjects, in natural order of their labels.

        One request; a second one when `limit` is given and the server sent fewer, because it may have dropped
        some that the user may not read. Scans are not counted and the scanner is not asked for: `get` does.

        Args:
            project: of this project, with those shared into it. All readable projects by default.
            subject: of this subject: its label or accession id; without a project its accession id.
            modality: "MR", "PET", "CT" and the like, or a type such as "xnat:mrSessionData".
            limit: return so many at most, whichever the server gives first.
            columns: XNAT's names of columns to ask for beside the usual ones; their values are in `raw`. One
                that only some types have hides all others ("scanner" hides what is no imaging session).

        Raises:
            InvalidValueError: XNAT has no such modality, or `limit` is below 1.
            ResourceNotFoundError: there is no such project, or no such subject in it.
        """
        check_limit(limit)
        if not columns:
            return [Session.from_row(row) for row in self.rows(project, subject, modality, limit)]
        path, params = _listing(project, subject, modality)
        params["columns"] = ",".join([_SESSION_COLUMNS, *columns])
        table = self._table(path, params)
        if not table:
            self._check_subject(project, subject)
        sessions = natural_sorted(map(Session.from_row, table), lambda session: session.label)
        return sessions[:limit]

    @aliases(project_id="project", subject_id="subject")
    def pages(
        self,
        project: str | None = None,
        subject: str | None = None,
        modality: str | None = None,
        page_size: int = 1000,
        where: Filters | None = None,
    ) -> Iterator[builtins.list[Session]]:
        """Return an iterator over sessions in pages, in the server's order; one request for each.

        Without a modality XNAT drops what the user may not read from pages that it has cut, so that a short
        page is not known to be the last: the rest is then read at once, and comes as one page. A server
        before 1.8.9 does not page, and everything comes as one.

        Args:
            project: of this project, with those shared into it. All readable projects by default.
            subject: of this subject: its label or accession id; without a project its accession id.
            modality: "MR", "PET", "CT" and the like, or a type such as "xnat:mrSessionData".
            page_size: how many to ask for at once.
            where: only those with these values, by XNAT's names of columns: {"date": date(2024, 5, 6)}.

        Raises:
            InvalidValueError: XNAT has no such modality, `page_size` is below 1, or `where` holds what XNAT
                cannot compare with exactly.

        Asking for a page raises what `list` raises, save that an unknown subject of the whole site has none.
        """
        path, params = _listing(project, subject, modality, where)
        params["columns"] = _SESSION_COLUMNS
        has_full_pages = params.get("xsiType") not in _TYPES_WITHOUT_RIGHTS
        pages = self._pages(path, ExperimentRow, params, page_size, pages_are_full=has_full_pages)
        return ([Session.from_row(row) for row in page] for page in pages)

    @aliases(project_id="project")
    def count_by_subject(self, project: str) -> Mapping[str, int]:
        """Return the number of sessions of each subject of a project that has any, by accession id.

        One request, whose answer holds a short row for every session of the project.

        Raises:
            ResourceNotFoundError: there is no such project, or the user may not see it.
        """
        path, params = _listing(project, None, None)
        rows = self._rows(path, ExperimentRow, {**params, "columns": "subject_ID"})
        return Counter(row.subject_id for row in rows)

    @aliases(subject_id="subject")
    def owners(self, subject: str) -> Mapping[str, str]:
        """Return which project owns each session of a subject, by accession ids.

        The listing of a project names that project for sessions that are shared into it, too; the listing of
        the site does not.
        """
        path, params = _listing(None, subject, None)
        rows = self._rows(path, ExperimentRow, {**params, "columns": "ID,project"})
        return {row.id: row.project for row in rows if row.project}

    @aliases(session="session_id", project_id="project")
    def get(self, session_id: str, project: str | None = None) -> Session:
        """Return a session with the number of its scans.

        Args:
            session_id: accession id, or the label when the project is given.
            project: the project that owns or shows it.

        Raises:
            ResourceNotFoundError: there is none, or the user may not see it.
        """
        return Session.from_item(self._item(_session_path(session_id, project)))

    @aliases(project_id="project", subject_id="subject")
    def create(
        self,
        project: str,
        subject: str,
        label: str,
        xsi_type: str = "xnat:mrSessionData",
        date: str | None = None,
        time: str | None = None,
        visit_id: str | None = None,
        modality: str | None = None,
    ) -> Session:
        """Create a session without scans and return it as the server stored it.

        Args:
            project: the owning project.
            subject: the subject's label or accession id; it must exist.
            label: new in the project; letters, digits, "-" and "_".
            xsi_type: XNAT's type.
            date: YYYY-MM-DD.
            time: HH:MM:SS.
            visit_id: identifier of the visit.
            modality: "MR", "PET", "CT" and the like; decides about the type in place of `xsi_type`.

        Raises:
            InvalidValueError: label, type, date, time or modality is none that XNAT takes, or the visit holds
                one of & < > " ', which XNAT would store as something else; nothing was sent.
            ResourceNotFoundError: there is no such project or subject.
            ConflictError: the project has an experiment with this label.
            OperationError: the server accepted it and did not store it as asked.
        """
        xsi_type = session_type_of(modality) if modality else xsi_type
        fields = {"date": date, "time": time, "visit_id": visit_id}
        _check_new(label, xsi_type, date, time)
        check_free_text(fields)
        # XNAT makes a subject of a name that it does not know, and changes a session that exists.
        subject_id = self._item(data_path("projects", project, "subjects", subject)).text("ID")
        if self._exists(_session_path(label, project)):
            raise ConflictError(f"The project {project} has an experiment {label} already.")
        params = {f"{xsi_type}/{name}": value for name, value in fields.items()}
        path = data_path("projects", project, "subjects", subject_id, "experiments", label)
        self._put(path, {"xsiType": xsi_type, **params})
        return self._created(project, subject_id, label, fields)

    @aliases(session="session_id", project_id="project")
    def assessor_rows(self, session_id: str, project: str | None = None) -> builtins.list[ExperimentRow]:
        """Return the image assessors of a session in natural order of their labels.

        Raises:
            ResourceNotFoundError: there is no such session, or the user may not see it.
        """
        path = data_path("experiments", self._experiment_id(session_id, project), "assessors")
        rows = self._rows(path, ExperimentRow, {"columns": _ASSESSOR_COLUMNS})
        return natural_sorted(rows, lambda row: row.label or row.id)

    def _check_subject(self, project: str | None, subject: str | None) -> None:
        """Raise for a subject that does not exist: the listing of the site is just empty for one."""
        if project is None and subject is not None:
            self._item(data_path("subjects", subject))

    def _created(self, project: str, subject_id: str, label: str, fields: dict[str, str | None]) -> Session:
        """Read a new session back: XNAT answers 200 to fields that it does not store."""
        item = self._item(_session_path(label, project))
        session = Session.from_item(item)
        lost = [name for name, value in fields.items() if value and not item.text(name).startswith(value)]
        if session.subject_id != subject_id:
            lost.append("subject")
        if lost:
            raise OperationError(f"The server made the session {label}, but without: {', '.join(lost)}.")
        return session


def _session_path(session_id: str, project: str | None) -> str:
    parents = () if project is None else ("projects", project)
    return data_path(*parents, "experiments", session_id)


def _listing(
    project: str | None, subject: str | None, modality: str | None, where: Filters | None = None
) -> tuple[str, dict[str, str]]:
    """Return path and parameters of a listing, without its columns."""
    params = exact_filters(where)
    if modality:
        params["xsiType"] = session_type_of(modality)
    if project is not None:
        parents = ("projects", project) if subject is None else ("projects", project, "subjects", subject)
        return data_path(*parents, "experiments"), params
    if subject is not None:
        params.update(exact_filters({"subject_ID": subject}))
    # Without a type the site's listing holds image assessors too.
    return data_path("experiments"), {"xsiType": "xnat:subjectAssessorData", **params}


def _check_new(label: str, xsi_type: str, date: str | None, time: str | None) -> None:
    check_new_label(label, "The label of a session")
    check_xsi_type(xsi_type)
    if date:
        check_date(date)
    if time:
        check_time(time)
