"""The journal of what was done to projects, subjects and experiments: XNAT's workflows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xnat_tui.demo.archive.store import Store

_COLUMNS = (
    "id, data_type, object_id, project, pipeline_name,"
    " launch_ms, status, login, type, category, justification"
)


@dataclass(frozen=True)
class Workflow:
    """One thing that was done.

    Attributes:
        id: XNAT's `wrk_workflowData_id`, which is also the number of the event.
        data_type: XNAT's type of the object, "xnat:mrSessionData".
        object_id: project ID or accession id of the object.
        pipeline_name: what was done, in words.
        launch_ms: when it began, in epoch milliseconds.
        login: who did it.
        type: by which way: WEB_SERVICE, WEB_FORM or PROCESS.
        category: DATA or PROJECT_ADMIN.
        justification: why, in the words of who did it.
    """

    id: int
    data_type: str
    object_id: str
    project: str
    pipeline_name: str
    launch_ms: int
    status: str
    login: str
    type: str
    category: str
    justification: str


class Workflows(Store):
    """The part of the archive that remembers what was done."""

    def add_workflow(
        self,
        data_type: str,
        object_id: str,
        project: str,
        pipeline_name: str,
        *,
        login: str,
        status: str = "Complete",
        type: str = "WEB_SERVICE",
        justification: str = "",
        launched: datetime | None = None,
    ) -> int:
        """Note that something was done to an object, by default now; return the workflow's number."""
        launch_ms = int((launched or datetime.now()).timestamp() * 1000)
        category = "PROJECT_ADMIN" if data_type == "xnat:projectData" else "DATA"
        sql = f"INSERT INTO workflows ({_COLUMNS}) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        what = (data_type, object_id, project, pipeline_name, launch_ms, status)
        return self._insert(sql, *what, login, type, category, justification)

    def workflows_of(self, object_ids: Sequence[str]) -> list[Workflow]:
        """Return what was done to any of these objects, the oldest number first."""
        marks = ", ".join("?" * len(object_ids))
        sql = f"SELECT {_COLUMNS} FROM workflows WHERE object_id IN ({marks}) ORDER BY id"
        return [Workflow(*row) for row in self._rows(sql, *object_ids)]
