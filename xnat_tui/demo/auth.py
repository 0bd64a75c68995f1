"""Who asks: Basic credentials, session cookies and guests, checked before any endpoint."""

from __future__ import annotations

import base64
import binascii
import re
import time

from starlette.responses import RedirectResponse, Response

from xnat_tui.demo.answers import tomcat_page
from xnat_tui.demo.archive import GUEST, User
from xnat_tui.demo.calls import Call
from xnat_tui.demo.sessions import Session

PROVIDERS = ("localdb",)
"""The authentication providers: accounts live in the server's own database."""

_BROWSERS = re.compile(r"MSIE|Mozilla|AppleWebKit|Opera")
_LOGIN_FAILURE = (
    "Your login attempt failed because the username and password combination you provided was invalid,"
    " your account is locked, or you have too many open sessions."
)


class LoginFailed(Exception):
    """Credentials were sent and they are wrong."""


def looks_like_browser(call: Call) -> bool:
    """Tell whether the User-Agent is one that XNAT sends to its log-in page."""
    return bool(_BROWSERS.search(call.headers.get("user-agent", "")))


def identify(call: Call) -> tuple[User, Session | None]:
    """Return who asks, and the session that proves it or was opened now by Basic credentials.

    A session cookie of the same user saves the check of the password, as on a real server. Credentials
    without a cookie open a new session each time.

    Raises:
        LoginFailed: the credentials are wrong, or for a provider that there is not.
        ValueError: the Authorization header has no colon, which a real server answers with an error 500.
    """
    session = call.demo.sessions.find(call.cookies.get("JSESSIONID", ""))
    header = call.headers.get("authorization", "")
    if not header.startswith("Basic "):
        user = call.archive.find_user(session.login) if session else None
        return (user, session) if user else (GUEST, session)
    provider, login, password = _credentials(header)
    if provider not in PROVIDERS:
        raise LoginFailed
    if session and session.login.lower() == login.lower():
        user = call.archive.find_user(login)
    else:
        user, session = call.archive.check_password(login, password), None
    if user is None or not user.enabled:
        raise LoginFailed
    return user, session or call.demo.sessions.open(user.login)


def _credentials(header: str) -> tuple[str, str, str]:
    """Return the authentication provider before the user name (the default one for none), name, password."""
    try:
        decoded = base64.b64decode(header.removeprefix("Basic ")).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("Illegal credentials") from error
    name, colon, password = decoded.partition(":")
    if not colon:
        raise ValueError("Illegal credentials")
    provider, slash, login = name.rpartition("/")
    return provider if slash else PROVIDERS[0], login, password


def wrong_credentials() -> Response:
    """Answer wrong credentials: a Tomcat page, and no WWW-Authenticate."""
    return tomcat_page(401, _LOGIN_FAILURE)


def login_wanted(call: Call) -> Response:
    """Answer somebody who must log in first: browsers are sent to the page, others get a 401."""
    if looks_like_browser(call):
        return RedirectResponse(f"{call.demo.settings.context_path}/app/template/Login.vm", 302)
    realm = 'Basic realm="XNAT Protected Area"'
    return tomcat_page(
        401, "Full authentication is required to access this resource", {"www-authenticate": realm}
    )


def csrf_violated(call: Call) -> bool:
    """Tell whether a browser writes below /data without the token of its session."""
    session = call.login_session
    writes = call.method not in ("GET", "HEAD")
    if not (writes and session and looks_like_browser(call)):
        return False
    return call.query.raw("XNAT_CSRF") != session.csrf


def set_cookies(call: Call, answer: Response) -> None:
    """Add the cookies that every answer carries, and the session's when the caller lacks it."""
    path = call.demo.settings.context_path
    session = call.login_session
    if session and call.cookies.get("JSESSIONID") != session.id:
        answer.headers.append("set-cookie", f"JSESSIONID={session.id}; Path={path or '/'}; HttpOnly")
    now, timeout = int(time.time() * 1000), int(call.demo.settings.session_timeout_s * 1000)
    expiry = f'SESSION_EXPIRATION_TIME="{now},{timeout}"; Version=1; Path={path}/'
    answer.headers.append("set-cookie", expiry)
