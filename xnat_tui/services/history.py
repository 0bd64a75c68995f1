"""What was done to projects, subjects and experiments, as the server remembers it."""

from __future__ import annotations

from datetime import datetime

from xnat_tui.core.exceptions import UnexpectedAnswerError
from xnat_tui.core.uri import data_path
from xnat_tui.models.history import HistoryEvent
from xnat_tui.services.base import BaseService


class HistoryService(BaseService):
    """The audit trail of single objects."""

    def events(self, xsi_type: str, object_id: str) -> list[HistoryEvent]:
        """Return what was done to an object, the newest first, in one request.

        XNAT counts what was done to scans, resources and files among the events of the project, subject or
        experiment around them; sessions have those of their assessors, subjects those of their experiments.

        Args:
            xsi_type: the object's type, "xnat:projectData", "xnat:subjectData" or that of the experiment.
            object_id: ID of a project, else an accession id.

        Raises:
            ResourceNotFoundError: there is no such object, or the user may not see it.
            PermissionDeniedError: the user may not read it.
            UnexpectedAnswerError: the answer is not a history.
        """
        path = data_path("services", "audit", xsi_type, object_id)
        document = self.client.get_json(path)
        events = document.get("events") if isinstance(document, dict) else None
        if not isinstance(events, list):
            raise UnexpectedAnswerError("The server's answer is not a history.", method="GET", path=path)
        found = [HistoryEvent.from_row(event) for event in events if isinstance(event, dict)]
        return sorted(found, key=lambda event: (event.when or datetime.min, event.id or 0), reverse=True)
