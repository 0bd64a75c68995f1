"""Moving the experiments of one subject to another and deleting the empty rest, each step proven."""

from __future__ import annotations

from typing import TypedDict

from xnat_tui.core.exceptions import InvalidValueError, OperationError, UnsafeOperationError, XnatTuiError
from xnat_tui.core.timeouts import Timeouts
from xnat_tui.core.uri import data_path
from xnat_tui.models.rows import ExperimentRow, ResourceRow
from xnat_tui.models.subject import Subject
from xnat_tui.services.base import BaseService

SLOW = Timeouts(read_s=3600.0)
"""For requests on which the server moves files before it answers."""


class SubjectMerge(TypedDict):
    """What a merge moved, or would move.

    `experiments` holds accession ids.
    """

    experiments_moved: int
    source_deleted: bool
    experiments: list[str]
    dry_run: bool


class SubjectMover(BaseService):
    """The parts of a merge of two subjects of one project."""

    def check(self, project: str, source: Subject, target: Subject) -> None:
        """Refuse a merge that would lose something.

        Raises:
            InvalidValueError: source and target are the same subject.
            UnsafeOperationError: another project owns one of them, or the source has what cannot be moved.
        """
        if source.id == target.id:
            raise InvalidValueError(f"A subject cannot be merged into itself: {source.label}.")
        for subject in (source, target):
            if subject.project != project:
                raise UnsafeOperationError(
                    f"{subject.label} belongs to {subject.project} and is only shared into {project}.",
                    advice="Merge subjects in the project that owns both.",
                )
        resources = self.client.get_rows(
            data_path("projects", project, "subjects", source.id, "resources"), ResourceRow
        )
        lost = [f"the resource {row.label or row.id}" for row in resources]
        lost += [f"the share into {shared}" for shared in source.shared_into]
        if lost:
            raise UnsafeOperationError(
                f"Merging {source.label} away would lose {', '.join(lost)}; nothing was changed.",
                advice="Move or delete these first.",
            )

    def experiments(self, project: str, subject_id: str) -> list[ExperimentRow]:
        """Return the experiments of a subject."""
        path = data_path("projects", project, "subjects", subject_id, "experiments")
        return self._rows(path, ExperimentRow, {"columns": "ID,label"})

    def move(self, project: str, experiments: list[ExperimentRow], target: Subject) -> None:
        """Move experiments to another subject of the same project, one after the other.

        Raises:
            OperationError: one did not arrive; those before it have moved, none is lost.
        """
        for moved, experiment in enumerate(experiments):
            try:
                self._move_one(project, experiment.id, target)
            except XnatTuiError as error:
                raise OperationError(
                    f"{experiment.label or experiment.id} could not be moved to {target.label}"
                    f" ({moved} of {len(experiments)} were): {error.message}",
                    advice="The source was kept.",
                ) from error

    def _move_one(self, project: str, experiment_id: str, target: Subject) -> None:
        path = data_path("projects", project, "subjects", target.id, "experiments", experiment_id)
        # The form of XNAT's own pages. Setting subject_ID on the flat path was seen to lose the experiment.
        params = {"event_action": "Modified subject", "event_type": "WEB_FORM"}
        self.client.request("PUT", path, params=params, timeout=SLOW)
        if not any(row.id == experiment_id for row in self.experiments(project, target.id)):
            raise OperationError(f"The server accepted it, and {target.label} does not have it.")
