"""What was done to an object, as the demo server remembers it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.demo.planted import Ask, Place


def events(asker: httpx.Client, kind: str, id: str) -> list[dict[str, Any]]:
    answer = asker.get(f"/data/services/audit/xnat:{kind}/{id}", params={"format": "json"})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["events"]
    return found


def actions(asker: httpx.Client, kind: str, id: str) -> list[str]:
    return [event["event_action"] for event in events(asker, kind, id)]


def test_a_change_becomes_an_event(admin: httpx.Client, place: Place) -> None:
    admin.put(f"{place.session_path}/scans/1", params={"quality": "usable", "event_reason": "seen"})
    (event,) = events(admin, "mrSessionData", place.session)
    assert event["event_id"] > 0 and event["event_date"] > 1e12
    del event["event_id"], event["event_date"]
    assert event == {
        "event_action": "Modified Scan",
        "event_user": "admin",
        "event_type": "WEB_SERVICE",
        "event_reason": "seen",
        "event_category": "DATA",
        "event_status": "Complete",
        "changesets": [],
    }


def test_making_changing_and_renaming_have_their_words(admin: httpx.Client, place: Place) -> None:
    path = f"/data/projects/{place.project}/subjects/NEW"
    made = admin.put(path).text
    admin.put(path, params={"gender": "male"})
    admin.put(path, params={"label": "NEWER"})
    assert actions(admin, "subjectData", made) == ["Added Subject", "Modified Subject", "Modified Label"]


def test_files_and_assessors_count_for_their_session(admin: httpx.Client, place: Place) -> None:
    files = f"{place.session_path}/resources/NOTES/files"
    admin.put(
        f"{files}/x.txt", params={"inbody": "true"}, content=b"x", headers={"content-type": "text/plain"}
    )
    admin.delete(f"{files}/x.txt")
    admin.delete(f"/data/experiments/{place.session}/assessors/{place.assessor}")
    assert actions(admin, "mrSessionData", place.session)[:2] == ["Added File", "Removed File"]


def test_subjects_have_the_events_of_their_sessions(admin: httpx.Client, place: Place) -> None:
    admin.put(f"{place.session_path}/scans/1", params={"quality": "usable"})
    assert actions(admin, "subjectData", place.subject) == ["Modified Scan"]
    assert actions(admin, "projectData", place.project) == []


def test_what_was_refused_and_what_is_read_leaves_no_trace(
    admin: httpx.Client, ask: Ask, place: Place
) -> None:
    assert ask("collaborator").delete(place.session_path).status_code == 403
    admin.get(place.session_path)
    admin.put(f"/data/users/favorites/Project/{place.project}")
    assert actions(admin, "mrSessionData", place.session) == []
    assert actions(admin, "projectData", place.project) == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("xnat:mrSessionData/NOWHERE", 404),
        ("xnat:noSuchData/X", 400),
        ("xnat:mrSessionData/a%20b", 400),
        ("xnat:petSessionData/{session}", 404),
    ],
)
def test_what_cannot_be_told(admin: httpx.Client, place: Place, path: str, status: int) -> None:
    url = f"/data/services/audit/{path.format(session=place.session)}"
    assert admin.get(url).status_code == status
