"""From a call to a good answer or the right error: safe repeats, redirects, a log-in that dies meanwhile."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable

import httpx

from xnat_tui.core.answers import error_from, is_web_page, unexpected
from xnat_tui.core.connection import Call, Connection
from xnat_tui.core.exceptions import AuthenticationError, ConnectionLostError, ServerError
from xnat_tui.core.failures import is_before_connection, is_passing
from xnat_tui.core.login import Login
from xnat_tui.core.redirects import Redirect, redirect_of
from xnat_tui.core.retry import SAFE_METHODS, is_worth_repeating, wait_before_repeat_s

_MOST_REDIRECTS = 5

# Forms in which a server that takes us for a guest hides or refuses things.
_DENIALS = frozenset({403, 404})


class Exchange:
    """Performs calls over one connection under one log-in; shared by threads."""

    def __init__(
        self,
        connection: Connection,
        login: Login,
        *,
        retries: int = 4,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        """Take a connection and a log-in, both shared with others.

        Args:
            connection: sends single requests.
            login: who we are.
            retries: how often a safe request is repeated at most.
            sleep: waits between repeats; the default wakes up on `stop`.
        """
        self._connection = connection
        self._login = login
        self._retries = retries
        self._stopped = threading.Event()
        self._sleep = sleep or self._stopped.wait

    def stop(self) -> None:
        """End all waiting between repeats; whoever waits gets a ConnectionLostError."""
        self._stopped.set()

    def perform(self, call: Call) -> httpx.Response:
        """Return the successful answer to `call`, renewing the log-in and sending once more if it died."""
        self._login.ensure()
        generation, response = self._send(call)
        try:
            if not self._was_lost(call, generation, response):
                return self._check(call, response)
            _require_repeatable(call, response)
        except BaseException:
            response.close()
            raise
        response.close()
        _, response = self._send(call)
        return self._check(call, response)

    def settle(self, call: Call, generation: int, response: httpx.Response) -> bool:
        """Judge an answer that came another way; return False when the log-in was dead and is renewed now.

        Args:
            call: what was asked.
            generation: that of the log-in when it was asked.
            response: the answer, with the body of one that is no success.

        Raises:
            ServerError: the server says no.
        """
        if self._was_lost(call, generation, response):
            return False
        self._check(call, response)
        return True

    def _send(self, call: Call) -> tuple[int, httpx.Response]:
        """Return an answer that is worth looking at, and the generation of the log-in it was given to."""
        statuses: list[int] = []
        repeats = 0
        while True:
            is_last = repeats >= self._retries
            retry_after = ""
            try:
                generation, response = self._send_following(call)
            except ConnectionLostError as error:
                if is_last or not self._is_passing(call, error):
                    raise
            else:
                status = response.status_code
                if is_last or not is_worth_repeating(call.method, status, statuses.count(status)):
                    return generation, response
                statuses.append(status)
                retry_after = response.headers.get("retry-after", "")
                response.close()
            self._wait(wait_before_repeat_s(repeats, retry_after))
            repeats += 1

    def _send_following(self, call: Call) -> tuple[int, httpx.Response]:
        """Send once, and again wherever the same server redirects a safe request to."""
        for _ in range(_MOST_REDIRECTS):
            generation = self._login.generation
            response = self._connection.send(call, self._login.cookies.headers())
            self._login.cookies.observe(response)
            redirect = redirect_of(response, self._connection.base_url)
            if redirect is None or call.method not in SAFE_METHODS or not _is_safe(redirect):
                return generation, response
            response.close()
            call = dataclasses.replace(call, path=redirect.path, params=None)
        raise unexpected(response, call.method, call.path, "The server redirects in circles")

    def _is_passing(self, call: Call, error: ConnectionLostError) -> bool:
        cause = error.__cause__
        if call.method not in SAFE_METHODS or not isinstance(cause, httpx.RequestError):
            return False
        # An address that never answered wants to be corrected, not waited for.
        return is_passing(cause) and (self._connection.has_answered or not is_before_connection(cause))

    def _wait(self, seconds: float) -> None:
        self._sleep(seconds)
        if self._stopped.is_set():
            raise ConnectionLostError("The client was closed.")

    def _was_lost(self, call: Call, generation: int, response: httpx.Response) -> bool:
        """Tell whether the log-in had died when `response` was given; if so there is a new one now."""
        if not self._login.is_open:
            return False
        if self._is_suspicious(call, response):
            return self._login.revive(generation, is_certain=self._is_rejected(response))
        return _is_silent_success(call, response) and self._login.confirm(generation)

    def _is_suspicious(self, call: Call, response: httpx.Response) -> bool:
        return (
            self._is_rejected(response)
            or response.status_code in _DENIALS
            or self._login.cookies.is_replaced_by(response)
            or self._is_unwanted_page(call, response)
        )

    def _is_rejected(self, response: httpx.Response) -> bool:
        """Tell whether the server says outright that nobody is logged in."""
        redirect = redirect_of(response, self._connection.base_url)
        return response.status_code == 401 or (redirect is not None and redirect.is_login)

    def _is_unwanted_page(self, call: Call, response: httpx.Response) -> bool:
        if not response.is_success or call.accepts("text/html"):
            return False
        with self._connection.reading(call):
            return is_web_page(response)

    def _check(self, call: Call, response: httpx.Response) -> httpx.Response:
        """Return a success, raise for everything else."""
        redirect = redirect_of(response, self._connection.base_url)
        if redirect is not None:
            response.close()
            raise _explain_redirect(call, response, redirect)
        if response.status_code >= 400:
            raise self._read_error(call, response)
        # XNAT answers some writes with a page; only where data was asked for is that wrong.
        if call.method in SAFE_METHODS and self._is_unwanted_page(call, response):
            raise unexpected(
                response, call.method, call.path, "A web page came where an XNAT server sends data"
            )
        return response

    def _read_error(self, call: Call, response: httpx.Response) -> ServerError:
        try:
            with self._connection.reading(call):
                response.read()
        finally:
            response.close()
        return error_from(response, call.method, call.path)


def _is_silent_success(call: Call, response: httpx.Response) -> bool:
    """Tell whether a write was answered by 200 and nothing, as XNAT answers one that it did not even do."""
    if call.method in SAFE_METHODS or not response.is_success:
        return False
    return response.headers.get("content-length") == "0" or (response.is_closed and not response.content)


def _is_safe(redirect: Redirect) -> bool:
    return bool(redirect.path) and not redirect.is_login and not redirect.is_page


def _require_repeatable(call: Call, response: httpx.Response) -> None:
    """Raise unless the request can be sent again without doing its work twice."""
    if call.method == "POST" and response.is_success:
        raise AuthenticationError(
            "The session ended just before this request, and what the server did with it is not known.",
            method=call.method,
            advice="Look at the server's state before you repeat it.",
        )
    if not call.can_be_sent_again:
        raise AuthenticationError(
            "The session ended before this request, and what it sends cannot be read a second time.",
            method=call.method,
            advice="A new session is open now: start it once more.",
        )


def _explain_redirect(call: Call, response: httpx.Response, redirect: Redirect) -> ServerError:
    if redirect.is_login:
        return AuthenticationError(
            "The server wants a log-in for this.",
            status=response.status_code,
            method=call.method,
        )
    if redirect.is_page:
        return unexpected(
            response,
            call.method,
            call.path,
            f"The server shows its page {redirect.path} instead of answering",
            "Open the server in a web browser: it may want a new password or a confirmation first.",
        )
    return unexpected(
        response,
        call.method,
        call.path,
        f"The server sends this request on to {redirect.url}",
        "Nothing was sent there; if that is the right server, use its address.",
    )
