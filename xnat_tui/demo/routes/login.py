"""Log-in: `/data/JSESSION`, `/data/auth`, alias tokens, and the page to which browsers are sent."""

from __future__ import annotations

from typing import Any

from starlette.responses import HTMLResponse, Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive.users import Token
from xnat_tui.demo.calls import Call
from xnat_tui.demo.router import Route, data, page

_LOGIN_PAGE = """<!DOCTYPE html>
<html><head><title>XNAT: Login</title></head>
<body><form name="form1" method="post" action="/login">
<input type="text" name="username"><input type="password" name="password"></form></body></html>
"""


def routes() -> list[Route]:
    """Return the routes of this module."""
    tokens = "/services/tokens"
    return [
        *data("/JSESSION", open_session, "GET", "POST", open=True),
        *data("/JSESSION", close_session, "DELETE", open=True),
        *data("/auth", who_am_i),
        *data("/services/auth", log_in_by_form, "POST", "PUT", open=True),
        *data("/services/sessions", count_sessions),
        *data("/user/{login}/sessions", count_sessions),
        *data(f"{tokens}/issue", issue_token),
        *data(f"{tokens}/issue/user/{{login}}", issue_token),
        *data(f"{tokens}/show", show_tokens),
        *data(f"{tokens}/validate/{{alias}}/{{secret}}", validate_token),
        *data(f"{tokens}/invalidate/{{alias}}", invalidate_token),
        *page("/app/template/Login.vm", login_page, open=True),
    ]


def open_session(call: Call) -> Response:
    """Answer the session's id; without credentials that of a guest's session, which proves nothing."""
    session = call.login_session
    if session is None:
        session = call.state.login_session = call.demo.sessions.open("guest")
    return answers.text(session.id + _csrf(call))


def _csrf(call: Call) -> str:
    session = call.login_session
    if not call.query.flag("CSRF"):
        return ""
    return f"; XNAT_CSRF={session.csrf if session else 'null'}"


def close_session(call: Call) -> Response:
    """End the caller's session."""
    session = call.login_session
    if session:
        call.demo.sessions.end(session.id)
        call.state.login_session = None
    return answers.empty()


def who_am_i(call: Call) -> Response:
    """Say who is logged in."""
    return answers.text(f"User '{call.user.login}' is logged in{_csrf(call)}")


def log_in_by_form(call: Call) -> Response:
    """Log in with `username` and `password` in a form; answer the session's id."""
    user = call.archive.check_password(call.query.raw("username"), call.query.raw("password"))
    if user is None:
        raise Refusal(401)
    call.state.login_session = call.demo.sessions.open(user.login)
    return answers.text(call.login_session.id if call.login_session else "")


def count_sessions(call: Call) -> Response:
    """Answer the number of the caller's open sessions."""
    return answers.text(str(len(call.demo.sessions.of_user(call.user.login))))


def issue_token(call: Call) -> Response:
    """Issue an alias token to the caller, or by an administrator for somebody else."""
    login = call.part("login") or call.user.login
    if call.user.is_guest or (login != call.user.login and not call.user.admin):
        raise Refusal(403)
    if call.archive.find_user(login) is None:
        raise Refusal(404)
    return answers.json(_described(call.archive.issue_token(login)))


def _described(token: Token) -> dict[str, Any]:
    return {
        "alias": token.alias,
        "secret": token.secret,
        "xdatUserId": token.login,
        "singleUse": False,
        "estimatedExpirationTime": token.expires_ms,
        "validIPAddresses": [],
        "enabled": True,
        "created": token.created_ms,
        "id": token.id,
        "disabled": 0,
        "timestamp": token.created_ms,
    }


def show_tokens(call: Call) -> Response:
    """Answer the caller's live tokens."""
    return answers.json([_described(token) for token in call.archive.tokens(call.user.login)])


def validate_token(call: Call) -> Response:
    """Say for whom a token stands."""
    login = call.archive.check_token(call.part("alias"), call.part("secret"))
    if not login:
        raise Refusal(404)
    return answers.json({"valid": login})


def invalidate_token(call: Call) -> Response:
    """Make a token useless; it is a GET on a real server too."""
    if not call.archive.end_token(call.part("alias")):
        raise Refusal(404)
    return answers.json({"result": "OK"})


def login_page(call: Call) -> Response:
    """Show the page that a browser sees instead of what it asked for."""
    return HTMLResponse(_LOGIN_PAGE)
