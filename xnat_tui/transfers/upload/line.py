"""Sends requests with big bodies over one kept-alive connection, under the client's log-in.

As the line of downloads, it speaks http.client and no HTTP library: for many files it takes a third of the
time. Used by one thread at a time.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from xnat_tui.core.access import Access, Ticket
from xnat_tui.core.exceptions import AuthenticationError
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.wire import BROKEN, Wire, as_os_error

_MOST_ANSWER_BYTES = 4 * 1024 * 1024
_EARLY_ANSWER_S = 5.0


class Body(Protocol):
    """What is sent: of known length, and the same each time it is asked for."""

    @property
    def media_type(self) -> str:
        """The Content-Type."""

    @property
    def length_bytes(self) -> int:
        """The Content-Length."""

    def pieces(self) -> Iterator[bytes | memoryview]:
        """Yield it, each piece valid until the next."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A successful answer.

    Attributes:
        status: 2xx, or 3xx of one that names its result.
        body: as much of it as was wanted.
        location: the path, below the context path, that the answer leads to; "" for none.
    """

    status: int
    body: bytes
    location: str = ""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


class UploadLine:
    """A connection to the server, made when needed and kept."""

    def __init__(self, access: Access, flow: Flow, *, answer_s: float | None = None) -> None:
        """Prepare a connection; none is made yet.

        Args:
            access: the log-in to use.
            flow: passed by every piece that is sent.
            answer_s: how long the server may work on what it got; None for the client's own limit.
        """
        self._access = access
        self._flow = flow
        self._answer_s = access.timeouts.read_s if answer_s is None else answer_s
        self._wire = Wire(access)
        self._is_spoiled = False

    def send(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        most_bytes: int = _MOST_ANSWER_BYTES,
    ) -> Reply:
        """Send a request and return the answer, which is a success.

        A redirect to something below /data is a success as well: XNAT names results so.

        Args:
            method: HTTP method.
            path: encoded path with its query, below the context path.
            body: sent anew from its beginning when the log-in died, or the server had closed the connection.
            headers: additional headers.
            most_bytes: how much of the answer is wanted.

        Raises:
            ServerError: the server says no.
            ConnectionLostError: no answer came.
            SourceChangedError: a file changed under our hands; the server did not get a complete request.
            CancelledByUser: somebody stopped the job.
        """
        self._flow.check()
        with self._flow.cancel.waking(self._wire.interrupt):
            for _ in range(2):
                ticket = self._access.ticket()
                reply = self._try(ticket, method, path, body, headers or {}, most_bytes)
                if reply is not None:
                    return reply
        raise AuthenticationError("The session ended again right after it was renewed.", method=method)

    def close(self) -> None:
        """Close the connection; the next request makes another."""
        self._wire.close()
        self._is_spoiled = False

    def _try(
        self,
        ticket: Ticket,
        method: str,
        path: str,
        body: Body | None,
        headers: Mapping[str, str],
        most_bytes: int,
    ) -> Reply | None:
        """Return the answer, None when the log-in had died and is renewed."""
        try:
            response = self._send(method, path, body, {**ticket.headers, **headers})
            content = self._read(response, most_bytes)
            if self._is_spoiled:
                self.close()
            given, location = self._result(response)
            is_good = self._access.accept(ticket, path, response.status, given, content, method=method)
        except BaseException:
            self.close()
            raise
        return Reply(response.status, content, location) if is_good else None

    def _send(
        self, method: str, path: str, body: Body | None, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        """Send a request; over a new connection if the server closed the kept one meanwhile."""
        while True:
            is_kept = self._wire.is_open
            started_at = time.monotonic()
            try:
                response = self._exchange(method, path, body, headers)
            except BROKEN as error:
                self.close()
                self._flow.cancel.check()
                if is_kept and not isinstance(error, TimeoutError):
                    continue
                lost = self._access.lost(as_os_error(error))
                self._access.record(path, 0, started_at, method=method, error=lost.message)
                raise lost from error
            self._access.record(path, response.status, started_at, method=method)
            return response

    def _exchange(
        self, method: str, path: str, body: Body | None, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        connection = self._wire.connect()
        connection.sock.settimeout(self._access.timeouts.write_s)
        connection.putrequest(method, self._wire.target(path), skip_accept_encoding=True)
        for name, value in {**headers, **self._wire.headers()}.items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Type", body.media_type)
        connection.putheader("Content-Length", str(body.length_bytes if body is not None else 0))
        try:
            connection.endheaders()
            for piece in body.pieces() if body is not None else ():
                connection.send(piece)
                self._flow.passed(len(piece))
        except (BrokenPipeError, ConnectionResetError):
            # A server that refuses a request need not read it to its end.
            response = _early_answer(connection)
            if response is None:
                raise
            self._is_spoiled = True
            return response
        connection.sock.settimeout(self._answer_s)
        return connection.getresponse()

    def _read(self, response: http.client.HTTPResponse, most_bytes: int) -> bytes:
        try:
            content = response.read(most_bytes)
        except BROKEN as error:
            self._flow.cancel.check()
            raise self._access.lost(as_os_error(error)) from error
        if response.length and len(content) < most_bytes:
            # http.client takes the end of the connection for the end of the body, whatever was promised.
            raise self._access.lost(ConnectionResetError())
        if not response.isclosed():
            # There is more than was wanted.
            self.close()
        return content

    def _result(self, response: http.client.HTTPResponse) -> tuple[list[tuple[str, str]], str]:
        """Return the headers to be judged, and the result that a redirect names."""
        headers = response.getheaders()
        target = urlsplit(response.getheader("Location") or "").path
        context = urlsplit(self._access.base_url).path
        if not target.startswith(f"{context}/data/"):
            return headers, ""
        others = [(name, value) for name, value in headers if name.lower() != "location"]
        return others, target.removeprefix(context)


def _early_answer(connection: http.client.HTTPConnection) -> http.client.HTTPResponse | None:
    """Return a refusal that came before the whole request was sent."""
    with suppress(*BROKEN):
        connection.sock.settimeout(_EARLY_ANSWER_S)
        response = connection.getresponse()
        if response.status >= 300:
            return response
    return None
