"""One exchange with the server over httpx: TLS, proxies, time-outs, the log. No log-in, no repeats."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any
from weakref import WeakSet

import httpx

from xnat_tui import __version__
from xnat_tui.core.exceptions import ConfigError, ConnectionLostError
from xnat_tui.core.failures import explain_failure, explain_socket_failure
from xnat_tui.core.requestlog import RequestLog
from xnat_tui.core.timeouts import Timeouts
from xnat_tui.core.trust import tls_context

# XNAT answers agents that look like browsers with log-in pages instead of 401.
USER_AGENT = f"xnat-tui/{__version__}"

_MOST_CONNECTIONS = 20
_CLOSED = "The client was closed."

ParamValue = str | int | float | bool | None | Sequence[str]
Params = Mapping[str, ParamValue]
Content = str | bytes | Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the caller means it, ready to be sent again.

    Attributes:
        path: encoded path below the context path, "/data/...".
        accept: media types that the caller can use; empty means anything but a web page, "*/*" anything.
        timeouts: None means those of the connection.
        stream: leave the answer's body unread.
    """

    method: str
    path: str
    params: Params | None = None
    content: Content | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: tuple[str, ...] = ()
    timeouts: Timeouts | None = None
    stream: bool = False

    @property
    def can_be_sent_again(self) -> bool:
        """False for content that is used up by sending it, such as a generator or an open file."""
        return not isinstance(self.content, Iterator) and not hasattr(self.content, "read")

    def accepts(self, media_type: str) -> bool:
        """Tell whether the caller asked for this media type by name, or for anything."""
        return media_type in self.accept or "*/*" in self.accept


class Connection:
    """A pool of connections to one server, shared by threads; every exchange is logged.

    Cookies are not kept here: with several threads at work a late answer to an old session would overwrite
    the cookie of the new one.

    Attributes:
        base_url: the server's address with its context path.
        timeouts: limits on silence where a call names none.
        log: every exchange.
        trust: whose certificates are trusted; False for all, and where there is no TLS.
        has_answered: whether the server ever gave an answer.
    """

    def __init__(
        self,
        base_url: str,
        *,
        ca_file: str | Path | None = None,
        verify: bool = True,
        timeouts: Timeouts | None = None,
        log: RequestLog | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Prepare connections without making one; proxies come from the environment.

        Raises:
            ConfigError: `ca_file` cannot be used, or the environment names a proxy that cannot.
        """
        self.base_url = base_url
        self.timeouts = timeouts or Timeouts()
        self.log = log or RequestLog()
        self.has_answered = False
        self._is_closed = False
        self._sockets: WeakSet[socket.socket] = WeakSet()
        self._sockets_lock = threading.Lock()
        needs_trust = verify and base_url.startswith("https:")
        self.trust: ssl.SSLContext | bool = tls_context(ca_file) if needs_trust else False
        try:
            self._http = httpx.Client(
                verify=self.trust,
                timeout=_as_httpx(self.timeouts),
                limits=httpx.Limits(max_connections=_MOST_CONNECTIONS),
                headers={"User-Agent": USER_AGENT, "Accept": "*/*"},
                cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
                transport=transport,
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise ConfigError(f"The proxy that the environment names cannot be used: {error}.") from error

    def send(
        self, call: Call, headers: Mapping[str, str], *, auth: httpx.Auth | None = None
    ) -> httpx.Response:
        """Send `call` once and return whatever answer comes; its body is read unless `call.stream`.

        Raises:
            ConnectionLostError: no complete answer came; its cause is httpx's exception.
        """
        if self._is_closed:
            raise ConnectionLostError(_CLOSED)
        request = self._build(call, headers)
        started = time.monotonic()
        try:
            response = self._http.send(request, stream=call.stream, auth=auth)
        except httpx.RequestError as error:
            lost = self._explain(error, call)
            self._record(request, started, error=lost.message)
            raise lost from error
        self.has_answered = True
        self._record(request, started, response=response)
        return response

    @contextmanager
    def reading(self, call: Call) -> Iterator[None]:
        """Translate what goes wrong while the body of a streamed answer is read."""
        try:
            yield
        except httpx.RequestError as error:
            raise self._explain(error, call) from error

    def explain(self, error: OSError) -> ConnectionLostError:
        """Return the error to raise when a socket of another way to the same server broke."""
        return explain_socket_failure(error, self.base_url, self.timeouts)

    def close(self) -> None:
        """Close all connections; requests under way end with a ConnectionLostError at once."""
        self._is_closed = True
        with self._sockets_lock:
            for open_socket in self._sockets:
                # Closing alone would leave a thread that waits for an answer waiting.
                with suppress(OSError):
                    open_socket.shutdown(socket.SHUT_RDWR)
        self._http.close()

    def _explain(self, error: httpx.RequestError, call: Call) -> ConnectionLostError:
        if self._is_closed:
            return ConnectionLostError(_CLOSED)
        return explain_failure(error, self.base_url, call.timeouts or self.timeouts)

    def _note_socket(self, event: str, details: Mapping[str, Any]) -> None:
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            with self._sockets_lock:
                self._sockets.add(details["return_value"].get_extra_info("socket"))

    def _build(self, call: Call, headers: Mapping[str, str]) -> httpx.Request:
        params = {name: value for name, value in (call.params or {}).items() if value is not None}
        timeout = _as_httpx(call.timeouts) if call.timeouts else httpx.USE_CLIENT_DEFAULT
        return self._http.build_request(
            call.method,
            self.base_url + call.path,
            params=params or None,
            content=call.content,
            headers={**call.headers, **headers},
            timeout=timeout,
            extensions={"trace": self._note_socket},
        )

    def _record(
        self,
        request: httpx.Request,
        started: float,
        *,
        response: httpx.Response | None = None,
        error: str = "",
    ) -> None:
        is_read = response is not None and response.is_closed
        self.log.record(
            request.method,
            request.url.raw_path.decode("ascii"),
            status=response.status_code if response is not None else 0,
            duration_ms=(time.monotonic() - started) * 1000,
            size_bytes=len(response.content) if response is not None and is_read else 0,
            error=error,
        )


def _as_httpx(timeouts: Timeouts) -> httpx.Timeout:
    return httpx.Timeout(
        connect=timeouts.connect_s, read=timeouts.read_s, write=timeouts.write_s, pool=timeouts.pool_s
    )
