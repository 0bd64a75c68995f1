"""The connection for bulk bytes: kept, replaced when the server closed it, and honest about an early end."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import ConnectionLostError, ResourceNotFoundError
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.line import Answer, Line

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"


@contextmanager
def scripted(*connections: list[bytes]) -> Iterator[Line]:
    """A server that gives ready answers, one for each request, and then closes; one list per connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answers in connections:
            peer, _ = listener.accept()
            with peer:
                for answer in answers:
                    peer.recv(65536)
                    peer.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener, XNATClient(f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
        line = Line(client.access, Flow())
        yield line
        line.close()
        thread.join(5)


def body(answer: Answer) -> bytes:
    buffer, found = memoryview(bytearray(3)), b""
    while count := answer.readinto(buffer):
        found += bytes(buffer[:count])
    return found


def test_a_connection_is_used_again() -> None:
    with scripted([HEAD + b"first", HEAD + b"again"]) as line:
        for expected in (b"first", b"again"):
            with line.get("/data/x") as answer:
                assert body(answer) == expected


def test_a_kept_connection_that_the_server_closed_is_replaced() -> None:
    with scripted([HEAD + b"first"], [HEAD + b"again"]) as line:
        for expected in (b"first", b"again"):
            with line.get("/data/x") as answer:
                assert body(answer) == expected


def test_an_answer_that_nobody_read_to_its_end_is_not_mixed_into_the_next() -> None:
    with scripted([HEAD + b"first"], [HEAD + b"again"]) as line:
        with line.get("/data/x"):
            pass
        with line.get("/data/x") as answer:
            assert body(answer) == b"again"


def test_an_early_end_is_an_error() -> None:
    with scripted([HEAD + b"fir"]) as line, line.get("/data/x") as answer:
        assert answer.length_bytes == 5
        with pytest.raises(ConnectionLostError, match="cut"):
            body(answer)


def test_an_early_end_of_chunks_loses_none_that_came() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n"
    with scripted([chunked]) as line, line.get("/data/x") as answer:
        buffer = memoryview(bytearray(100))
        assert bytes(buffer[: answer.readinto(buffer)]) == b"abcde"
        with pytest.raises(ConnectionLostError, match="cut"):
            answer.readinto(buffer)


def test_what_the_server_says_in_an_error_is_told() -> None:
    page = b"<html><h3>Unable to find file.</h3></html>"
    refusal = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page)
    expected = pytest.raises(ResourceNotFoundError, match="Unable to find file")
    with scripted([refusal + page]) as line, expected, line.get("/data/x"):
        pass


def test_nobody_there_is_one_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with XNATClient(f"http://127.0.0.1:{port}") as client:
        line = Line(client.access, Flow())
        with pytest.raises(ConnectionLostError, match="refused"), line.get("/data/x"):
            pass
