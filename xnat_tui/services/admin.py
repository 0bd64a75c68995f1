"""What administrators and owners do with a server as a whole; so far the refresh of file catalogs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.core.timeouts import Timeouts
from xnat_tui.core.uri import data_path
from xnat_tui.models.rows import ExperimentRow
from xnat_tui.models.sorting import natural_sorted
from xnat_tui.services.aliases import aliases
from xnat_tui.services.base import BaseService, Progress, do_to_each
from xnat_tui.services.checks import check_limit

_REFRESH = "/data/services/refresh/catalog"
# The server answers when it has read every file.
_PATIENT = Timeouts(read_s=3600.0)

REFRESH_OPTIONS = ("checksum", "delete", "append", "populateStats")


class AdminService(BaseService):
    """Administrative operations."""

    @aliases(project_id="project", sessions="experiments")
    def refresh_catalogs(
        self,
        project: str,
        experiments: Sequence[str] | None = None,
        options: Sequence[str] | None = None,
        limit: int | None = None,
        parallel: bool = True,
        workers: int = 4,
        progress_callback: Progress | None = None,
    ) -> dict[str, Any]:
        """Have the server compare the file catalogs of experiments with its disk.

        XNAT does this by POST /data/services/refresh/catalog. (Requests that some scripts use for it, with
        `pullDataFromHeaders`, read DICOM headers anew instead.)

        Args:
            project: id of the project.
            experiments: ids or labels of its experiments; None for all.
            options: what to do: "checksum" computes digests, "delete" drops entries without a file, "append"
                adds files without an entry, "populateStats" counts files and bytes. None for all of them, as
                the site wants it.
            limit: refresh no more than so many experiments.
            parallel: refresh several at the same time.
            workers: how many at most.
            progress_callback: called with how many are done, how many there are, and the id just done.

        Returns:
            `refreshed` and `failed`: how many; `errors`: a sentence for each that failed.

        Raises:
            InvalidValueError: an option is unknown, or the limit is less than 1.
            ResourceNotFoundError: there is no such project or experiment, or the user may not see it.
        """
        unknown = [option for option in options or () if option not in REFRESH_OPTIONS]
        if unknown:
            raise InvalidValueError(
                f"There is no option {', '.join(unknown)}.", advice=f"Use {', '.join(REFRESH_OPTIONS)}."
            )
        check_limit(limit)
        ids = self._chosen(project, experiments)[:limit]
        params = {"options": ",".join(options)} if options else {}

        def refresh(experiment_id: str) -> None:
            resource = f"/archive/experiments/{experiment_id}"
            self.client.request("POST", _REFRESH, params={"resource": resource, **params}, timeout=_PATIENT)

        outcome = do_to_each(refresh, ids, workers=workers if parallel else 1, progress=progress_callback)
        errors = [f"{name}: {error.message}" for name, error in outcome.items() if error is not None]
        return {"refreshed": len(outcome) - len(errors), "failed": len(errors), "errors": errors}

    def _chosen(self, project: str, experiments: Sequence[str] | None) -> list[str]:
        """Return accession ids."""
        if experiments is not None:
            return [self._experiment_id(experiment, project) for experiment in experiments]
        path = data_path("projects", project, "experiments")
        self._item(data_path("projects", project))
        rows = self._rows(path, ExperimentRow, {"columns": "ID,label"})
        return [row.id for row in natural_sorted(rows, lambda row: row.label)]
