"""One kept-alive HTTP connection to the server, through the proxy that the environment wants. No log-in."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from xnat_tui.core.access import Access
from xnat_tui.transfers.proxies import Proxy, proxy_for

BROKEN = (OSError, http.client.HTTPException)
"""What http.client raises when a connection breaks, or does not carry HTTP."""


class Wire:
    """A connection, made when needed and kept; used by one thread, interrupted by others."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._url = urlsplit(access.base_url)
        self._proxy: Proxy | None = None
        self._connection: http.client.HTTPConnection | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a connection from an earlier request, which the server may have closed."""
        return self._connection is not None

    def connect(self) -> http.client.HTTPConnection:
        """Return the connection, after making it if there is none.

        Raises:
            OSError: nobody answers there, or not in TLS.
        """
        if self._connection is None:
            self._connection = self._make()
        return self._connection

    def target(self, path: str) -> str:
        """Return what the request line names for a path below the context path."""
        target = self._url.path + path
        return f"http://{self._url.netloc}{target}" if self._is_relayed() else target

    def headers(self) -> Mapping[str, str]:
        """Return what a proxy wants to be told with each request."""
        return self._proxy.headers if self._proxy is not None and self._is_relayed() else {}

    def close(self) -> None:
        """Close the connection; the next request makes another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def interrupt(self) -> None:
        """Break the connection from another thread; whoever waits for it gets an error at once."""
        connection = self._connection
        sock = connection.sock if connection is not None else None
        if sock is not None:
            # The plain method: that of a TLS socket would take the session from under the reading thread.
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def _is_relayed(self) -> bool:
        return self._proxy is not None and self._url.scheme == "http"

    def _make(self) -> http.client.HTTPConnection:
        timeouts = self._access.timeouts
        self._proxy = proxy_for(self._url)
        host = self._proxy.host if self._proxy else self._url.hostname or ""
        port = self._proxy.port if self._proxy else self._url.port
        connection: http.client.HTTPConnection
        if self._url.scheme == "https":
            connection = http.client.HTTPSConnection(
                host, port, timeout=timeouts.connect_s, context=self._access.tls()
            )
            if self._proxy:
                connection.set_tunnel(self._url.hostname or "", self._url.port, self._proxy.headers)
        else:
            connection = http.client.HTTPConnection(host, port, timeout=timeouts.connect_s)
        connection.connect()
        # A peer that vanished without a word is noticed even while a long answer is waited for.
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        connection.sock.settimeout(timeouts.read_s)
        return connection


def as_os_error(error: BaseException) -> OSError:
    """Return what broke a connection as an error of the system."""
    return error if isinstance(error, OSError) else ConnectionResetError(str(error))
