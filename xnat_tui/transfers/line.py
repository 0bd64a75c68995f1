"""One kept-alive connection for bulk bytes, under the client's log-in. Used by one thread at a time.

Behind it is http.client, because `readinto` a buffer of a quarter megabyte costs a fraction of what any of
the HTTP libraries spends on the same bytes.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from xnat_tui.core.access import Access, Ticket
from xnat_tui.core.exceptions import AuthenticationError
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.wire import BROKEN, Wire, as_os_error

_ERROR_BODY_BYTES = 64 * 1024


class Answer:
    """The answer to a GET, its body being read.

    Attributes:
        status: 200, or 206 for a part.
        length_bytes: of the body, None where the server did not say.
    """

    def __init__(self, response: http.client.HTTPResponse, access: Access, flow: Flow) -> None:
        self._response = response
        self._access = access
        self._flow = flow
        self._read_bytes = 0
        self._broken: http.client.IncompleteRead | None = None
        self.status = response.status
        self.length_bytes: int | None = response.length

    @property
    def is_complete(self) -> bool:
        """Whether the whole body was read."""
        is_whole = self.length_bytes is None or self._read_bytes == self.length_bytes
        return self._response.isclosed() and is_whole

    def header(self, name: str) -> str:
        """Return a header, "" when it is missing."""
        return self._response.getheader(name) or ""

    def readinto(self, buffer: memoryview) -> int:
        """Fill a buffer and return how much came; 0 at the end of the body.

        Raises:
            ConnectionLostError: the line was cut, or silent for too long.
            CancelledByUser: somebody stopped the job.
        """
        try:
            count = self._fill(buffer)
        except BROKEN as error:
            self._flow.cancel.check()
            raise self._access.lost(as_os_error(error)) from error
        if count:
            self._read_bytes += count
            self._flow.passed(count)
        elif len(buffer) and self._read_bytes < (self.length_bytes or 0):
            # http.client takes the end of the connection for the end of the body, whatever was promised.
            self._flow.cancel.check()
            raise self._access.lost(ConnectionResetError())
        return count

    def _fill(self, buffer: memoryview) -> int:
        """Read like the answer does, but do not lose what came before the line was cut."""
        if self._broken is not None:
            raise self._broken
        try:
            return self._response.readinto(buffer)
        except http.client.IncompleteRead as error:
            if not error.partial:
                raise
            self._broken = error
            return len(error.partial)


class Line:
    """A connection to the server, made when needed and kept."""

    def __init__(self, access: Access, flow: Flow) -> None:
        self._access = access
        self._flow = flow
        self._wire = Wire(access)

    @contextmanager
    def get(self, path: str, *, start: int = 0, media_types: Sequence[str] = ("*/*",)) -> Iterator[Answer]:
        """GET a path; the answer is a success, its body is still to be read.

        Args:
            path: encoded path with its query, below the context path.
            start: ask for the body from this byte on; the server may send all of it (status 200) in spite.
            media_types: what the caller can use; without "*/*" a web page is an error.

        Raises:
            ServerError: the server says no.
            ConnectionLostError: no answer came.
            CancelledByUser: somebody stopped the job.
        """
        self._flow.check()
        with self._flow.cancel.waking(self._wire.interrupt):
            answer = self._ask(path, start, tuple(media_types))
            keeps = False
            try:
                yield answer
                keeps = answer.is_complete
            finally:
                if not keeps:
                    self.close()

    def close(self) -> None:
        """Close the connection; the next request makes another."""
        self._wire.close()

    def _ask(self, path: str, start: int, media_types: tuple[str, ...]) -> Answer:
        """Return a good answer; asks again once after a renewed log-in."""
        for _ in range(2):
            ticket = self._access.ticket()
            response = self._send(path, start, ticket)
            is_success = response.status in (200, 206)
            body = b"" if is_success else self._read_error(response)
            if not is_success:
                self.close()
            try:
                is_good = self._access.accept(
                    ticket, path, response.status, response.getheaders(), body, media_types=media_types
                )
            except BaseException:
                self.close()
                raise
            if is_good:
                return Answer(response, self._access, self._flow)
            self.close()
        raise AuthenticationError("The session ended again right after it was renewed.", method="GET")

    def _send(self, path: str, start: int, ticket: Ticket) -> http.client.HTTPResponse:
        """Send a request; over a new connection if the server closed the kept one meanwhile."""
        while True:
            is_kept = self._wire.is_open
            started_at = time.monotonic()
            try:
                response = self._exchange(path, start, ticket)
            except BROKEN as error:
                self.close()
                self._flow.cancel.check()
                if is_kept and not isinstance(error, TimeoutError):
                    continue
                lost = self._access.lost(as_os_error(error))
                self._access.record(path, 0, started_at, error=lost.message)
                raise lost from error
            self._access.record(path, response.status, started_at)
            return response

    def _exchange(self, path: str, start: int, ticket: Ticket) -> http.client.HTTPResponse:
        connection = self._wire.connect()
        headers = {**ticket.headers, **self._wire.headers()}
        if start:
            headers["Range"] = f"bytes={start}-"
        connection.request("GET", self._wire.target(path), headers=headers)
        return connection.getresponse()

    def _read_error(self, response: http.client.HTTPResponse) -> bytes:
        with suppress(*BROKEN):
            return response.read(_ERROR_BODY_BYTES)
        return b""
