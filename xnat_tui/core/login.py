"""The one log-in of a client: opened once, proven, shared by all threads, renewed once when it dies.

A session of XNAT may die unnoticed: a site open to guests goes on answering, with less. So a log-in counts
only when "/data/auth" names the user; "/data/JSESSION" gives a session to a guest, too. Where guests are
answered, what could be a guest's answer counts only when the session is proven after it (`confirm`).
"""

from __future__ import annotations

import copy
import math
import re
import threading
import time
from collections.abc import Callable, Mapping

import httpx

from xnat_tui.core.answers import error_from, is_html, unexpected
from xnat_tui.core.connection import Call, Connection
from xnat_tui.core.cookies import SessionCookies
from xnat_tui.core.credential import Credential
from xnat_tui.core.exceptions import (
    AuthenticationError,
    ConnectionLostError,
    InvalidValueError,
    ServerError,
    XnatTuiError,
)
from xnat_tui.core.redirects import redirect_of

_GUEST = "guest"
_WHO = re.compile(r"\s*User '(.*?)' is logged in")
_SESSION_ID = re.compile(r"[\w.!~-]{8,200}")

_OPEN_SESSION = Call("POST", "/data/JSESSION")
_CLOSE_SESSION = Call("DELETE", "/data/JSESSION")
_WHO_AM_I = Call("GET", "/data/auth")

# What web servers answer to a POST on a page that they do not have; an XNAT server has this one.
_NO_LOGIN_HERE = frozenset({400, 404, 405, 406, 410, 501})


class Login:
    """Who we are to the server. Every answer must be shown to `cookies.observe`.

    Attributes:
        username: after a log-in, the server's name of the user.
        generation: number of log-ins so far. A request remembers the one it was sent under, so that of many
            requests that fail together only the first one renews the log-in.
    """

    def __init__(
        self,
        connection: Connection,
        credential: Credential | None = None,
        *,
        session_id: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connection = connection
        self._credential = credential
        self._refused: Credential | None = None
        self._lock = threading.RLock()
        self._checks_begun = 0
        self._failure: XnatTuiError | None = None
        self._clock = clock
        self._has_guests: bool | None = None
        self._proven_at = -math.inf
        self.cookies = SessionCookies(clock, session_id)
        self.username = credential.username if credential else ""
        self.generation = 0

    @property
    def is_open(self) -> bool:
        """Whether there is a session to lose."""
        return bool(self.cookies.session_id)

    def set_credential(self, credential: Credential) -> None:
        """Use another credential from the next log-in on; the present session is forgotten."""
        with self._lock:
            self._credential = credential
            self.username = credential.username
            self.cookies.start("")

    def authenticate(self) -> str:
        """Prove the session there is, or log in, and return the server's name of the user.

        Raises:
            AuthenticationError: the server does not accept it, or did not accept the same password before.
        """
        with self._lock:
            if not self._is_alive():
                self._log_in()
            return self.username

    def ensure(self) -> None:
        """Log in if that has not happened yet, and renew a session that was idle for too long."""
        generation = self.generation
        expires_in_s = self.cookies.expires_in_s
        if not self.is_open:
            if self._credential is not None:
                self.revive(generation, is_certain=True)
        elif expires_in_s is not None and expires_in_s <= 0:
            self.revive(generation, is_certain=False)

    def revive(self, generation: int, *, is_certain: bool) -> bool:
        """Renew the log-in if it is dead; return whether there is a newer one than `generation`.

        Threads that come here together share one look at the server, and one failure.

        Args:
            generation: that of the request which raised the suspicion.
            is_certain: the server said that nobody is logged in; without it the server is asked first.

        Raises:
            AuthenticationError: it is dead and cannot be renewed.
        """
        checks_seen = self._checks_begun
        with self._lock:
            if generation != self.generation:
                return True
            if self._checks_begun > checks_seen:
                if self._failure is not None:
                    raise copy.copy(self._failure)
                return False
            return self._check(is_certain)

    def confirm(self, generation: int, *, within_s: float = 0.0) -> bool:
        """Prove that what the server answered was an answer to us, where it answers guests as well.

        On an open site XNAT takes whoever comes with a dead session for a guest, and says so nowhere: it
        shows less, and answers 200 to a write of a file that it does not store. A closed site says 401 to
        whoever is nobody, so nothing needs to be asked.

        Args:
            generation: that of the request.
            within_s: be content with a proof that is no older, in seconds. That of the log-in itself is not
                among them: what is seen first is what later answers are compared with.

        Returns:
            Whether there is a newer log-in than `generation`, so that the request must be sent again.

        Raises:
            AuthenticationError: the session is dead and cannot be renewed.
        """
        if not self.is_open or not self._admits_guests():
            return False
        if generation == self.generation and self._clock() - self._proven_at < within_s:
            return False
        return self.revive(generation, is_certain=False)

    def log_out(self) -> None:
        """End the session on the server and forget credentials."""
        with self._lock:
            self._credential = None
            if self.is_open:
                headers = self.cookies.headers()
                self.cookies.start("")
                self._connection.send(_CLOSE_SESSION, headers)

    def _check(self, is_certain: bool) -> bool:
        self._checks_begun += 1
        self._failure = None
        try:
            if not is_certain and self._is_alive():
                return False
            self._log_in()
        except XnatTuiError as error:
            self._failure = error
            raise
        return True

    def _admits_guests(self) -> bool:
        """Tell whether the site answers requests of nobody; it is asked once per log-in."""
        with self._lock:
            if self._has_guests is None:
                try:
                    self._has_guests = _name_in(self._ask_who(self.cookies.headers(""))) == _GUEST
                except (ServerError, ConnectionLostError):
                    # It cannot tell now. To prove the session too often does no harm.
                    return True
            return self._has_guests

    def _is_alive(self) -> bool:
        name = self._ask_user(self.cookies.headers()) if self.is_open else ""
        if name:
            self.username = name
            self._proven_at = self._clock()
        return bool(name)

    def _log_in(self) -> None:
        """Open a session and prove it; until then others meet the old one, and wait for this."""
        credential = self._usable_credential()
        session_id = self._open_session(credential)
        name = self._ask_user(self.cookies.headers(session_id))
        if not name:
            self._refused = credential
            raise AuthenticationError("The server took the log-in for a guest's.", path=_WHO_AM_I.path)
        self.username = name
        self.cookies.start(session_id)
        self._has_guests = None
        self._proven_at = -math.inf
        self.generation += 1

    def _usable_credential(self) -> Credential:
        if self._credential is None:
            raise AuthenticationError(
                "The session has ended."
                if self.is_open
                else "There is no user name and password to log in with."
            )
        if self._credential == self._refused:
            raise AuthenticationError(
                "The server refused this password before; it is not tried again, lest the account be locked.",
                advice="Give the right password.",
            )
        return self._credential

    def _open_session(self, credential: Credential) -> str:
        if ":" in credential.login_name:
            raise InvalidValueError("A user name cannot hold a colon.")
        # Without the old cookie: XNAT does not check the password beside a live session of the same user.
        response = self._connection.send(
            _OPEN_SESSION,
            self.cookies.headers(session_id=""),
            auth=httpx.BasicAuth(credential.login_name, credential.password),
        )
        self.cookies.observe(response)
        try:
            return _session_id_in(response, self._connection.base_url)
        except AuthenticationError:
            self._refused = credential
            raise

    def _ask_user(self, headers: Mapping[str, str]) -> str:
        """Return the server's name of the user who is logged in, "" for guests and nobody."""
        response = self._ask_who(headers)
        self.cookies.observe(response)
        name = _name_in(response)
        return "" if name == _GUEST else name

    def _ask_who(self, headers: Mapping[str, str]) -> httpx.Response:
        """Return the answer to who sends these cookies.

        Raises:
            ServerError: it is none, nor that nobody is logged in.
        """
        response = self._connection.send(_WHO_AM_I, headers)
        if response.status_code >= 400 and response.status_code != 401:
            raise error_from(response, _WHO_AM_I.method, _WHO_AM_I.path)
        return response


def _name_in(response: httpx.Response) -> str:
    """Return whom "/data/auth" names; "" for a refusal or the way to the log-in page."""
    match = _WHO.match(response.text) if response.is_success else None
    return match[1] if match else ""


def _session_id_in(response: httpx.Response, base_url: str) -> str:
    method, path = _OPEN_SESSION.method, _OPEN_SESSION.path
    redirect = redirect_of(response, base_url)
    if redirect is not None:
        raise _explain_redirected_login(response, redirect.url, redirect.is_login)
    if response.status_code in _NO_LOGIN_HERE:
        raise unexpected(response, method, path, "There is no XNAT server at this address")
    if response.status_code >= 400:
        raise error_from(response, method, path)
    if is_html(response) or not _SESSION_ID.fullmatch(response.text.strip()):
        raise unexpected(response, method, path, "What answers at this address is not an XNAT server")
    return response.text.strip()


def _explain_redirected_login(response: httpx.Response, url: str, is_login: bool) -> ServerError:
    if is_login:
        return AuthenticationError("The server does not accept the log-in.", status=response.status_code)
    return unexpected(
        response,
        _OPEN_SESSION.method,
        _OPEN_SESSION.path,
        f"The server sends us to another address: {url}",
        "Nothing was sent there; if that is the right server, use its address.",
    )
