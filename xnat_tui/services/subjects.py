"""Subjects: list, inspect, create, rename, merge and delete the participants of projects."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from xnat_tui.core.exceptions import (
    ConflictError,
    OperationError,
    ServerError,
    UnsafeOperationError,
    XnatTuiError,
)
from xnat_tui.core.uri import data_path
from xnat_tui.models.item import Item
from xnat_tui.models.rows import ExperimentRow, ProjectRow, SubjectRow, columns_of
from xnat_tui.models.sorting import natural_key, natural_sorted
from xnat_tui.models.subject import Subject
from xnat_tui.services.aliases import aliases
from xnat_tui.services.base import BaseService
from xnat_tui.services.checks import check_limit, check_new_label
from xnat_tui.services.filters import Filters, exact_filters
from xnat_tui.services.free_text import check_free_text
from xnat_tui.services.merging import SLOW, SubjectMerge, SubjectMover
from xnat_tui.services.renaming import (
    LabelPattern,
    Renamed,
    RenameFailure,
    RenameSummary,
    Skipped,
    Step,
    Verdict,
    plan_renames,
)

T = TypeVar("T")

_COLUMNS = columns_of(SubjectRow)


class SubjectService(BaseService):
    """The subjects that the client's user may read."""

    @aliases(project_id="project")
    def rows(
        self, project: str | None = None, limit: int | None = None, where: Filters | None = None
    ) -> builtins.list[SubjectRow]:
        """Return subjects in natural order of their labels, in one request; see `list` and `pages`."""
        params = {"columns": _COLUMNS, **exact_filters(where)}
        rows = self._unless_blind(
            project,
            lambda: self._first_rows(_listing(project), SubjectRow, params, limit, pages_are_full=True),
        )
        return natural_sorted(rows, lambda row: row.label or row.id)

    @aliases(project_id="project")
    def list(
        self, project: str | None = None, limit: int | None = None, columns: Sequence[str] | None = None
    ) -> builtins.list[Subject]:
        """Return subjects in natural order of their labels, in one request. Their sessions are not counted.

        Args:
            project: of this project, with those shared into it. All readable subjects by default.
            limit: return so many at most, whichever the server gives first.
            columns: XNAT's names of columns to ask for beside the usual ones; their values are in `raw`.

        Raises:
            InvalidValueError: `limit` is below 1.
            ResourceNotFoundError: there is no such project, or the user may not see it.
            PermissionDeniedError: the user may see the project and not its subjects.
        """
        check_limit(limit)
        if not columns:
            return [Subject.from_row(row) for row in self.rows(project, limit)]
        params = {"columns": ",".join([_COLUMNS, *columns])}
        # Columns may multiply rows, which a limit of the server would count.
        table = self._unless_blind(project, lambda: self._table(_listing(project), params))
        return natural_sorted(map(Subject.from_row, table), lambda subject: subject.label)[:limit]

    @aliases(project_id="project")
    def pages(
        self, project: str | None = None, page_size: int = 1000, where: Filters | None = None
    ) -> Iterator[builtins.list[Subject]]:
        """Return an iterator over the subjects in pages, in the server's order; one request for each.

        A server before 1.8.9 does not page: everything comes as one page.

        Args:
            project: of this project, with those shared into it. All readable subjects by default.
            page_size: how many to ask for at once.
            where: only those with these values, by XNAT's names of columns: {"gender": "female"}.

        Raises:
            InvalidValueError: `page_size` is below 1, or `where` holds what XNAT cannot compare with exactly.

        Asking for a page raises what `list` raises.
        """
        params = {"columns": _COLUMNS, **exact_filters(where)}
        pages = self._pages(_listing(project), SubjectRow, params, page_size, pages_are_full=True)
        return self._models_unless_blind(project, pages)

    @aliases(subject="subject_id", project_id="project")
    def get(self, subject_id: str, project: str | None = None) -> Subject:
        """Return a subject with its demographics and the number of its sessions.

        Args:
            subject_id: accession id, or the label when the project is given.
            project: the project that owns or shows it.

        Raises:
            ResourceNotFoundError: there is none, or the user may not see it.
        """
        return Subject.from_item(self._item(_path(subject_id, project)))

    @aliases(project_id="project", subject="label")
    def create(
        self,
        project: str,
        label: str,
        group: str | None = None,
        gender: str | None = None,
        yob: int | None = None,
    ) -> Subject:
        """Create a subject and return it as the server stored it.

        Args:
            project: the owning project.
            label: new in the project; letters, digits, "-" and "_".
            group: the study group or cohort.
            gender: "male", "female", "other" or "unknown".
            yob: year of birth.

        Raises:
            InvalidValueError: the label is none that XNAT takes, or the group or gender holds one of
                & < > " ', which XNAT would store as something else; nothing was sent.
            ConflictError: the project has a subject with this label.
            ResourceNotFoundError: there is no such project, or the user may not see it.
            PermissionDeniedError: the user may not create subjects there.
        """
        check_new_label(label, "The label of a subject")
        fields = {"group": group, "gender": gender, "yob": yob}
        check_free_text(fields)
        # XNAT answers 200 to a PUT on a subject that exists, and changes it.
        if self._exists(_path(label, project)):
            raise ConflictError(f"The project {project} has a subject {label} already.")
        self._put(_path(label, project), fields)
        return self.get(label, project)

    @aliases(subject="subject_id", project_id="project")
    def rename(self, subject_id: str, new_label: str, project: str | None = None) -> Subject:
        """Give a subject another label and return it.

        The server moves the files of its sessions before it answers, which may take minutes.

        Args:
            subject_id: accession id, or the label when the project is given.
            new_label: new in the project; letters, digits, "-" and "_".
            project: the project that owns it.

        Raises:
            InvalidValueError: the label is none that XNAT takes; nothing was sent.
            ResourceNotFoundError: there is no such subject, or the user may not see it.
            ConflictError: the label is in use, or the subject is being processed.
            UnsafeOperationError: the project does not own the subject, which is only shared into it.
            OperationError: the server accepted it and did not do it.
        """
        check_new_label(new_label, "The label of a subject")
        # XNAT makes a subject of a name that it does not know, so the name is turned into an id first.
        subject = self.get(subject_id, project)
        self._check_owner(subject, project)
        if subject.label == new_label:
            return subject
        path = _path(subject.id, subject.project)
        self._put(path, {"label": new_label}, timeout=SLOW)
        renamed = self.get(subject.id, subject.project)
        if renamed.label != new_label:
            raise OperationError(f"The server accepted the label {new_label}, and kept {renamed.label}.")
        return renamed

    @aliases(project_id="project")
    def rename_pattern(
        self,
        project: str,
        match_pattern: str,
        to_template: str,
        dry_run: bool = False,
        merge: bool = False,
    ) -> RenameSummary:
        """Rename all subjects of a project whose whole label matches a pattern.

        Everything is planned and checked against all labels of the project before anything is sent. Subjects
        whose new label is in use, and those in chains and swaps of labels, are skipped. A failure does not
        stop the others.

        Args:
            project: the project; subjects shared into it are skipped.
            match_pattern: regular expression that must match the whole label.
            to_template: the new label; {1}, {2} or {name} stands for a group, {0} for the whole old label.
            dry_run: only tell what would be done.
            merge: merge into the subject that has the new label, as `merge_subjects` does, not skip.

        Raises:
            InvalidValueError: the pattern is no regular expression, or the template names a group it lacks.
            ResourceNotFoundError: there is no such project, or the user may not see it.
        """
        pattern = LabelPattern.parse(match_pattern, to_template)
        project = self._project_id(project)
        rows = {row.label: row for row in self.rows(project)}
        fixed = {label for label, row in rows.items() if row.project not in ("", project)}
        summary = RenameSummary(renamed=[], merged=[], skipped=[], errors=[], dry_run=dry_run)
        for step in plan_renames(rows, pattern, fixed=fixed, merge=merge):
            try:
                self._take(step, project, rows, dry_run)
            except XnatTuiError as error:
                summary["errors"].append(RenameFailure(label=step.label, error=str(error)))
            else:
                _note(step, summary)
        return summary

    @aliases(project_id="project", source="source_label", target="target_label")
    def merge_subjects(
        self, project: str, source_label: str, target_label: str, dry_run: bool = False
    ) -> SubjectMerge:
        """Move all experiments of one subject to another of the same project, then delete the empty one.

        Each move is proven by reading it back. The source is deleted only when the server confirms that
        nothing is left; its demographics and custom variables go with it.

        Args:
            project: the project that owns both.
            source_label: label or accession id of the subject that goes.
            target_label: label or accession id of the subject that stays.
            dry_run: only tell what would be moved.

        Raises:
            ResourceNotFoundError: source or target is not found.
            InvalidValueError: source and target are the same subject.
            UnsafeOperationError: the source has resources or is shared, which would be lost, or the project
                does not own both; nothing was changed.
            OperationError: an experiment did not arrive; the source was kept.
        """
        project = self._project_id(project)
        source, target = self.get(source_label, project), self.get(target_label, project)
        mover = SubjectMover(self.client)
        mover.check(project, source, target)
        experiments = mover.experiments(project, source.id)
        if not dry_run:
            mover.move(project, experiments, target)
            self.delete(source.id, project)
        return SubjectMerge(
            experiments_moved=len(experiments),
            source_deleted=not dry_run,
            experiments=[experiment.id for experiment in experiments],
            dry_run=dry_run,
        )

    @aliases(subject="subject_id", project_id="project")
    def delete(
        self, subject_id: str, project: str | None = None, remove_files: bool = False, force: bool = False
    ) -> bool:
        """Delete a subject; return True.

        XNAT deletes the experiments of a subject with it. This refuses to delete a subject that has any,
        named by label or by accession id, unless forced.

        Args:
            subject_id: accession id, or the label when the project is given.
            project: the project that owns it.
            remove_files: also remove the files from the server's disk; XNAT otherwise leaves them there.
            force: delete its experiments too.

        Raises:
            ResourceNotFoundError: there is no such subject, or the user may not see it.
            UnsafeOperationError: it has experiments and `force` is false, or the project does not own it, so
                that only the share would end. It is also a RuntimeError; nothing was changed.
            PermissionDeniedError: the user may not delete it.
        """
        item = self._item(_path(subject_id, project))
        subject = Subject.from_item(item)
        self._check_owner(subject, project)
        path = _path(subject.id, subject.project)
        if not force:
            self._check_empty(subject, item)
        self._delete(path, remove_files=remove_files)
        return True

    def _project_id(self, project: str) -> str:
        """Return the ID of a project that may be named by an alias."""
        return self._item(data_path("projects", project)).text("ID")

    def _check_owner(self, subject: Subject, project: str | None) -> None:
        """Refuse a subject that `project` only shows: deleting it there would end the share and no more."""
        if project is None or project == subject.project or self._project_id(project) == subject.project:
            return
        raise UnsafeOperationError(
            f"{subject.label} belongs to the project {subject.project} and is only shared into {project}.",
            advice=f"Change it in {subject.project}.",
        )

    def _check_empty(self, subject: Subject, item: Item) -> None:
        """Refuse a subject with experiments; those that only one of two answers shows count as well."""
        listing = data_path("projects", subject.project, "subjects", subject.id, "experiments")
        listed = {row.id: row.label for row in self._rows(listing, ExperimentRow, {"columns": "ID,label"})}
        held = {child.text("ID"): child.text("label") for child in item.group("experiments/experiment")}
        labels = sorted((label or key for key, label in {**held, **listed}.items()), key=natural_key)
        if labels:
            shown = ", ".join(labels[:3]) + (", ..." if len(labels) > 3 else "")
            raise UnsafeOperationError(
                f"{subject.label} has {len(labels)} experiment{'s' * (len(labels) > 1)} ({shown}), which XNAT"
                " would delete with it.",
                advice="Move or delete them first, or force the deletion.",
            )

    def _take(self, step: Step, project: str, rows: Mapping[str, SubjectRow], dry_run: bool) -> None:
        """Do what a step of a plan says; a dry run of a merge still checks that nothing would be lost."""
        subject_id = rows[step.label].id
        if step.verdict is Verdict.RENAME and not dry_run:
            self.rename(subject_id, step.target, project)
        elif step.verdict is Verdict.MERGE and (not dry_run or step.target in rows):
            self.merge_subjects(project, subject_id, step.target, dry_run)

    def _unless_blind(self, project: str | None, read: Callable[[], builtins.list[T]]) -> builtins.list[T]:
        """Return what `read` does; nothing for who may read no project, which XNAT answers with a 500."""
        try:
            return read()
        except ServerError as error:
            if project is None and error.status == 500 and not self._rows(data_path("projects"), ProjectRow):
                return []
            raise

    def _models_unless_blind(
        self, project: str | None, pages: Iterator[builtins.list[SubjectRow]]
    ) -> Iterator[builtins.list[Subject]]:
        while page := self._unless_blind(project, lambda: next(pages, [])):
            yield [Subject.from_row(row) for row in page]


def _path(subject_id: str, project: str | None) -> str:
    parents = () if project is None else ("projects", project)
    return data_path(*parents, "subjects", subject_id)


def _listing(project: str | None) -> str:
    return data_path("subjects") if project is None else data_path("projects", project, "subjects")


def _note(step: Step, summary: RenameSummary) -> None:
    if step.verdict is Verdict.SKIP:
        summary["skipped"].append(Skipped(label=step.label, reason=step.reason))
    else:
        done = summary["merged"] if step.verdict is Verdict.MERGE else summary["renamed"]
        done.append(Renamed({"from": step.label, "to": step.target}))
