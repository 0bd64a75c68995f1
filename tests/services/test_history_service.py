"""HistoryService against the demo server, and against answers that real servers are known to give."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import PermissionDeniedError, ResourceNotFoundError, UnexpectedAnswerError
from xnat_tui.demo.serve import DemoServer
from xnat_tui.services.history import HistoryService

MR = "xnat:mrSessionData"


def answering(body: str) -> HistoryService:
    """The service before a server that answers everything with this."""
    headers = {"content-type": "application/json"}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, text=body, headers=headers))
    return HistoryService(XNATClient("https://xnat.example.org", transport=transport))


def test_events_come_newest_first(client: XNATClient) -> None:
    client.put("/data/experiments/XNAT_E00001/scans/1", {"quality": "usable", "event_reason": "looked at it"})
    events = HistoryService(client).events(MR, "XNAT_E00001")
    latest = events[0]
    assert (latest.action, latest.user, latest.status) == ("Modified Scan", "admin", "Complete")
    assert latest.justification == "looked at it"
    assert [event.when for event in events] == sorted((event.when for event in events), reverse=True)
    assert events[-1].action == "Transfer"


@pytest.mark.parametrize(
    ("xsi_type", "object_id", "action"),
    [("xnat:projectData", "BRAINS", "Added Project"), ("xnat:subjectData", "XNAT_S00001", "Added Subject")],
)
def test_projects_and_subjects_have_a_history(
    client: XNATClient, xsi_type: str, object_id: str, action: str
) -> None:
    assert action in [event.action for event in HistoryService(client).events(xsi_type, object_id)]


def test_what_is_not_there_has_none(client: XNATClient) -> None:
    with pytest.raises(ResourceNotFoundError):
        HistoryService(client).events(MR, "NOWHERE")


def test_who_may_not_read_is_refused(demo: DemoServer, client_for: Callable[[str], XNATClient]) -> None:
    demo.archive.add_project("LOCKED")
    with pytest.raises(PermissionDeniedError):
        HistoryService(client_for("collaborator")).events("xnat:projectData", "LOCKED")


def test_a_change_without_a_workflow_is_an_event_too() -> None:
    body = '{"events":[{"event_id":5,"event_date":1706531400000,"event_user":"mri","changesets":[]},7]}'
    (event,) = answering(body).events(MR, "E1")
    assert (event.id, event.user, event.action, event.status) == (5, "mri", "", "")
    assert event.when is not None


@pytest.mark.parametrize("body", ['{"items":[]}', "[]"])
def test_what_is_no_history_is_said(body: str) -> None:
    with pytest.raises(UnexpectedAnswerError):
        answering(body).events(MR, "E1")
