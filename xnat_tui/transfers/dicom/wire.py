"""A TCP connection that is never waited for longer than allowed, and never longer than wanted.

Every wait is cut into short ones, between which the caller's `check` may raise: cancelling works at once.
"""

from __future__ import annotations

import errno
import select
import socket
import time
from collections.abc import Callable

from xnat_tui.transfers.dicom.peer import PeerLostError

_LOOK_S = 0.1
_RECEIVED_BYTES = 1 << 16

Check = Callable[[], None]


class Wire:
    """One connection, used by one thread.

    Raises:
        PeerLostError: on any method, when the connection fails or is silent for too long.
    """

    def __init__(self, host: str, port: int, timeout_s: float, check: Check) -> None:
        """Connect to the first address of `host` that answers within `timeout_s` seconds each.

        Args:
            host: name or address.
            port: TCP port.
            timeout_s: seconds for each address.
            check: raises when nobody wants the connection any more.
        """
        self._check = check
        self._place = f"{host}:{port}"
        self._received = bytearray()
        self._socket = self._connect(host, port, timeout_s)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes | bytearray | memoryview, timeout_s: float) -> None:
        """Send all of `data`; the peer may be silent for `timeout_s` seconds between two pieces of it."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[self._socket.send(rest) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, timeout_s, "does not take any more data")
            except OSError as error:
                raise self._lost(error) from error

    def receive(self, count: int, timeout_s: float) -> bytes:
        """Return the next `count` bytes; the peer may be silent for `timeout_s` seconds before each piece."""
        while len(self._received) < count:
            self._receive_more(timeout_s)
        wanted = bytes(self._received[:count])
        del self._received[:count]
        return wanted

    def close(self) -> None:
        """Close the connection; nothing is sent."""
        self._socket.close()

    def _connect(self, host: str, port: int, timeout_s: float) -> socket.socket:
        try:
            addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise PeerLostError(f"The DICOM host {host} is unknown: {error.strerror}.") from error
        failure: PeerLostError | None = None
        for family, kind, protocol, _, address in addresses:
            self._socket = socket.socket(family, kind, protocol)
            try:
                self._socket.setblocking(False)
                self._reach(address, timeout_s)
            except PeerLostError as error:
                failure = error
                self._socket.close()
            except BaseException:
                self._socket.close()
                raise
            else:
                return self._socket
        raise failure or PeerLostError(f"The DICOM host {host} has no address.")

    def _reach(self, address: tuple[object, ...], timeout_s: float) -> None:
        code = self._socket.connect_ex(address)
        if code == errno.EINPROGRESS:
            self._wait(select.POLLOUT, timeout_s, "does not answer")
            code = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise self._lost(OSError(code, errno.errorcode.get(code, "")))

    def _receive_more(self, timeout_s: float) -> None:
        try:
            data = self._socket.recv(_RECEIVED_BYTES)
        except BlockingIOError:
            self._wait(select.POLLIN, timeout_s, "does not answer")
            return
        except OSError as error:
            raise self._lost(error) from error
        if not data:
            raise PeerLostError(f"The DICOM peer at {self._place} closed the connection.")
        self._received += data
        self._acknowledge_now()

    def _acknowledge_now(self) -> None:
        """Acknowledge what came without the usual delay.

        Receivers of the DCMTK family answer in two small writes under Nagle's algorithm: the second waits for
        the acknowledgement of the first, which Linux delays by 40 ms. The option holds for one time only.
        """
        if hasattr(socket, "TCP_QUICKACK"):
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def _wait(self, event: int, timeout_s: float, silence: str) -> None:
        poll = select.poll()
        poll.register(self._socket, event)
        end = time.monotonic() + timeout_s
        while True:
            self._check()
            left_s = end - time.monotonic()
            if left_s <= 0:
                error = PeerLostError(f"The DICOM peer at {self._place} {silence} for {timeout_s:g} s.")
                error.is_silence = True
                raise error
            if poll.poll(min(left_s, _LOOK_S) * 1000):
                return

    def _lost(self, error: OSError) -> PeerLostError:
        if error.errno == errno.ECONNREFUSED:
            return PeerLostError(f"Nothing listens at {self._place}.")
        if error.errno in (errno.ECONNRESET, errno.EPIPE):
            return PeerLostError(f"The DICOM peer at {self._place} closed the connection.")
        reason = errno.errorcode.get(error.errno or 0, str(error))
        return PeerLostError(f"The connection to the DICOM peer at {self._place} failed: {reason}.")
