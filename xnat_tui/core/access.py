"""What another way of moving bytes needs to act under a client's log-in. The bytes are moved elsewhere.

Reading gigabytes through httpx takes two to seven times the time of reading them from the socket, so bulk
transfers bring their own connections. Log-in, renewal, cookies, trust, time-outs, the log of requests and
the translation of errors stay the client's.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from xnat_tui.core.connection import USER_AGENT, Call, Connection
from xnat_tui.core.exceptions import ConnectionLostError
from xnat_tui.core.exchange import Exchange
from xnat_tui.core.login import Login
from xnat_tui.core.timeouts import Timeouts


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who we are for one request.

    Attributes:
        generation: number of the log-in; needed to tell whether it died.
        headers: to be sent with the request.
    """

    generation: int
    headers: Mapping[str, str]


class Access:
    """The log-in, trust and manners of one client; shared by threads."""

    def __init__(self, connection: Connection, login: Login, exchange: Exchange) -> None:
        self._connection = connection
        self._login = login
        self._exchange = exchange
        # Only targets of redirects are read against it; to make one for each file takes longer than sending.
        self._request = httpx.Request("GET", f"{connection.base_url}/data/")

    @property
    def base_url(self) -> str:
        """The server's address with its context path, without a trailing slash."""
        return self._connection.base_url

    @property
    def timeouts(self) -> Timeouts:
        """Limits on silence."""
        return self._connection.timeouts

    def tls(self) -> ssl.SSLContext:
        """Return whom to trust, for addresses that start with https."""
        trust = self._connection.trust
        if isinstance(trust, ssl.SSLContext):
            return trust
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context

    def ticket(self) -> Ticket:
        """Return who we are, after logging in where that is needed.

        Raises:
            AuthenticationError: there is no log-in and none can be had.
            ConnectionLostError: no answer came to the log-in.
        """
        self._login.ensure()
        generation = self._login.generation
        headers = {"User-Agent": USER_AGENT, "Accept": "*/*", **self._login.cookies.headers()}
        return Ticket(generation, headers)

    def accept(
        self,
        ticket: Ticket,
        path: str,
        status: int,
        headers: Sequence[tuple[str, str]],
        body: bytes = b"",
        *,
        method: str = "GET",
        media_types: tuple[str, ...] = ("*/*",),
    ) -> bool:
        """Judge the head of an answer; return False to have the request sent again.

        Args:
            ticket: what the request was sent with.
            path: encoded path with its query, below the context path.
            status: HTTP status.
            headers: as they came.
            body: of an answer that is no success.
            method: HTTP method.
            media_types: what the caller can use; without "*/*" a web page is an error.

        Returns:
            True for an answer to be used; False when the log-in had died and there is a new one now.

        Raises:
            ServerError: the server says no; AuthenticationError when the log-in cannot be renewed.
        """
        response = httpx.Response(status, headers=list(headers), content=body, request=self._request)
        self._login.cookies.observe(response)
        call = Call(method, path.partition("?")[0], accept=media_types)
        return self._exchange.settle(call, ticket.generation, response)

    def lost(self, error: OSError) -> ConnectionLostError:
        """Return the error to raise when a connection to the server broke, or was never made."""
        return self._connection.explain(error)

    def record(
        self, path: str, status: int, started_at: float, *, method: str = "GET", error: str = ""
    ) -> None:
        """Note a request in the client's log; `started_at` is a value of `time.monotonic()`."""
        duration_ms = (time.monotonic() - started_at) * 1000
        self._connection.log.record(method, path, status=status, duration_ms=duration_ms, error=error)
