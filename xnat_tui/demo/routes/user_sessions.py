"""The log-in sessions of users, seen and ended through `/xapi/users/active`; opening one is in `login`."""

from __future__ import annotations

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.calls import Call
from xnat_tui.demo.refusal import Refusal
from xnat_tui.demo.router import Route, page
from xnat_tui.demo.routes.users import named_user


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        *page("/xapi/users/active", list_active),
        *page("/xapi/users/active/{login}", list_sessions),
        *page("/xapi/users/active/{login}", end_sessions, "DELETE"),
    ]


def list_active(call: Call) -> Response:
    """Answer an administrator with the users who are logged in, and the ids of their sessions.

    Raises:
        Refusal: 403 for everybody else.
    """
    if not call.user.admin:
        raise Refusal(403)
    found = {user.login: call.demo.sessions.of_user(user.login) for user in call.archive.users()}
    return answers.json(
        {login: {"sessions": ids, "count": len(ids)} for login, ids in found.items() if ids},
    )


def list_sessions(call: Call) -> Response:
    """Answer with the ids of a user's sessions; 304 without any, as on a real server."""
    ids = call.demo.sessions.of_user(named_user(call).login)
    return answers.json(ids) if ids else answers.empty(304)


def end_sessions(call: Call) -> Response:
    """End a user's sessions, all but the one that asks; answer with their ids, or 304 when there are none."""
    own = call.login_session.id if call.login_session else ""
    ended = [found for found in call.demo.sessions.of_user(named_user(call).login) if found != own]
    for session_id in ended:
        call.demo.sessions.end(session_id)
    return answers.json(ended) if ended else answers.empty(304)
