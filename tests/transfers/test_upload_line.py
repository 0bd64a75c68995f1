"""What an upload puts on the wire, and how it takes a server that cuts, refuses early, or forgets us."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.core.authority import Authority
from tests.core.small_server import SmallServer, cutting_after, saying
from xnat_tui.core.access import Access
from xnat_tui.core.cancel import CancelToken
from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import (
    CancelledByUser,
    ConnectionLostError,
    InvalidRequestError,
    PermissionDeniedError,
)
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.upload.line import UploadLine
from xnat_tui.transfers.upload.source import SourceChangedError


class Bytes:
    media_type = "application/zip"

    def __init__(self, data: bytes, *, fails_after: int | None = None) -> None:
        self.data = data
        self.length_bytes = len(data)
        self.times_read = 0
        self._fails_after = fails_after

    def pieces(self) -> Iterator[bytes]:
        self.times_read += 1
        for start in range(0, len(self.data), 1 << 16):
            if self._fails_after is not None and start >= self._fails_after:
                raise SourceChangedError("x.dcm", "is gone")
            yield self.data[start : start + (1 << 16)]


@pytest.fixture
def server() -> Iterator[SmallServer]:
    server = SmallServer(context_path="/xnat")
    yield server
    server.close()


@pytest.fixture
def client(server: SmallServer) -> Iterator[XNATClient]:
    with XNATClient(server.url, "alice", "secret") as client:
        yield client


@pytest.fixture
def line(client: XNATClient) -> Iterator[UploadLine]:
    line = UploadLine(client.access, Flow(), answer_s=5)
    yield line
    line.close()


def test_the_body_arrives_whole_with_its_length_and_type(server: SmallServer, line: UploadLine) -> None:
    body = Bytes(os.urandom(300_000))

    reply = line.send("POST", "/data/services/import?import-handler=X", body, headers={"X-Own": "1"})

    assert reply.status == 200
    assert server.bodies[-1] == body.data
    sent = server.headers[-1]
    assert (sent["Content-Length"], sent["Content-Type"], sent["X-Own"]) == ("300000", "application/zip", "1")
    assert "Transfer-Encoding" not in sent


def test_the_connection_is_kept(
    server: SmallServer, line: UploadLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.send("POST", "/data/x", Bytes(b"1"))
    monkeypatch.setattr(socket, "create_connection", pytest.fail)

    line.send("POST", "/data/x", Bytes(b"2"))

    assert server.bodies[-2:] == [b"1", b"2"]


def test_a_session_that_dies_is_renewed_and_the_body_sent_again(
    server: SmallServer, line: UploadLine
) -> None:
    line.send("POST", "/data/x", Bytes(b"1"))
    server.kill_sessions()
    body = Bytes(os.urandom(100_000))

    line.send("POST", "/data/x", body)

    assert (server.bodies[-1], body.times_read, server.logins) == (body.data, 2, 2)


def test_a_kept_connection_that_the_server_closed_costs_nothing(
    server: SmallServer, line: UploadLine
) -> None:
    line.send("POST", "/data/x", Bytes(b"1"))
    server.on("/data/x", cutting_after(-1))

    line.send("POST", "/data/x", Bytes(b"2"))

    assert server.bodies[-1] == b"2"


def test_a_new_connection_that_is_cut_is_an_error(server: SmallServer, line: UploadLine) -> None:
    server.on("/data/x", cutting_after(-1))

    with pytest.raises(ConnectionLostError, match="cut"):
        line.send("POST", "/data/x", Bytes(b"1"))


def test_a_refusal_is_the_servers_sentence(server: SmallServer, line: UploadLine) -> None:
    server.on("/data/x", saying(400, "<h3>No room.</h3>", "text/html"))

    with pytest.raises(InvalidRequestError, match="No room"):
        line.send("POST", "/data/x", Bytes(b"1"))


def _refuse_at_once(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")


def test_a_refusal_before_the_body_is_read_is_understood(server: SmallServer, client: XNATClient) -> None:
    """A server that answers at once and hangs up, while megabytes are still on their way."""
    access = client.access
    with socket.create_server(("127.0.0.1", 0)) as listener:
        elsewhere = SimpleNamespace(
            base_url=f"http://127.0.0.1:{listener.getsockname()[1]}",
            timeouts=access.timeouts,
            ticket=access.ticket,
            accept=access.accept,
            record=access.record,
            lost=access.lost,
        )
        refusing = threading.Thread(target=_refuse_at_once, args=(listener,))
        refusing.start()
        line = UploadLine(cast("Access", elsewhere), Flow())
        with pytest.raises(InvalidRequestError) as caught:
            line.send("POST", "/data/x", Bytes(bytes(50 << 20)))
        refusing.join()

    assert caught.value.status == 413


def test_a_source_that_changes_leaves_no_complete_request(server: SmallServer, line: UploadLine) -> None:
    line.send("POST", "/data/x", Bytes(b"1"))

    with pytest.raises(SourceChangedError):
        line.send("POST", "/data/x", Bytes(bytes(1 << 20), fails_after=1 << 17))

    line.send("POST", "/data/x", Bytes(b"2"))
    assert server.bodies[-1] == b"2"
    assert max(len(body) for body in server.bodies) < 1 << 20


def test_a_redirect_to_data_is_a_result(server: SmallServer, line: UploadLine) -> None:
    target = f"{server.url}/data/archive/projects/P/subjects/S/experiments/E"
    server.on("/data/x", saying(301, "", Location=target))

    reply = line.send("POST", "/data/x")

    assert (reply.status, reply.location) == (301, "/data/archive/projects/P/subjects/S/experiments/E")


def test_only_the_start_of_an_answer_is_read(server: SmallServer, line: UploadLine) -> None:
    server.on("/data/x", saying(200, bytes(100_000)))

    assert len(line.send("GET", "/data/x", most_bytes=1000).body) == 1000
    assert line.send("GET", "/data/x").status == 200


def test_cancelling_ends_a_wait_for_the_answer(server: SmallServer, client: XNATClient) -> None:
    cancel = CancelToken()
    client.authenticate()

    def cancelling(handler: object) -> None:
        cancel.set()
        handler.close_connection = True  # type: ignore[attr-defined]

    server.on("/data/x", cancelling)
    line = UploadLine(client.access, Flow(cancel))

    with pytest.raises(CancelledByUser):
        line.send("POST", "/data/x", Bytes(b"1"))


def test_the_body_goes_over_tls(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server = SmallServer(tls=authority.server_context())
    try:
        with XNATClient(server.url, "alice", "secret", ca_file=authority.ca_file) as client:
            line = UploadLine(client.access, Flow())
            body = Bytes(os.urandom(1 << 20))
            line.send("POST", "/data/x", body)
            line.close()
    finally:
        server.close()

    assert server.bodies[-1] == body.data


def test_forbidden_stays_forbidden(server: SmallServer, line: UploadLine) -> None:
    server.on("/data/x", saying(403, "No."))

    with pytest.raises(PermissionDeniedError):
        line.send("POST", "/data/x", Bytes(b"1"))
