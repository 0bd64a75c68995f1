"""Faults on demand, and the server's starting and stopping."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import httpx
import pytest

from xnat_tui.demo.serve import DemoServer


def files_path(server: DemoServer) -> str:
    """Store a file of 1000 bytes and return its path."""
    from xnat_tui.demo.archive import Owner

    server.archive.add_project("F")
    resource = server.archive.add_resource(Owner.project("F"), "R")
    server.archive.add_file(resource, "f.bin", b"x" * 1000)
    return "/data/projects/F/resources/R/files/f.bin"


def get(server: DemoServer, path: str) -> httpx.Response:
    return httpx.get(server.url + path, auth=("admin", "admin"))


def test_statuses_strike_as_often_as_wanted(empty_demo: DemoServer) -> None:
    empty_demo.faults.add("status", "/data/projects", times=2, skip=1, status=503, retry_after_s=7)
    answers = [get(empty_demo, "/data/projects") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 503, 503, 200]
    assert answers[1].headers["retry-after"] == "7"


def test_latency(empty_demo: DemoServer) -> None:
    empty_demo.faults.add("latency", seconds=0.3)
    started = time.monotonic()
    assert get(empty_demo, "/data/auth").status_code == 200
    assert time.monotonic() - started >= 0.3


def test_a_session_dies(empty_demo: DemoServer) -> None:
    with httpx.Client(base_url=empty_demo.url) as client:
        client.get("/data/JSESSION", auth=("admin", "admin"))
        empty_demo.faults.add("session", "/data/projects")
        assert client.get("/data/projects").status_code == 401
        assert client.get("/data/auth").status_code == 401


@pytest.mark.parametrize("after_bytes", [0, 400])
def test_a_cut_really_ends_the_connection(empty_demo: DemoServer, after_bytes: int) -> None:
    path = files_path(empty_demo)
    empty_demo.faults.add("cut", path, after_bytes=after_bytes)
    received = b""
    with (
        httpx.stream("GET", empty_demo.url + path, auth=("admin", "admin")) as answer,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        for chunk in answer.iter_raw():
            received += chunk
    assert len(received) == after_bytes


def test_a_body_stalls(empty_demo: DemoServer) -> None:
    path = files_path(empty_demo)
    empty_demo.faults.add("stall", path, after_bytes=10, seconds=30)
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(empty_demo.url + path, auth=("admin", "admin"), timeout=0.3)


def test_spoiled_bytes_fit_no_digest(empty_demo: DemoServer) -> None:
    path = files_path(empty_demo)
    empty_demo.faults.add("wrong_digest", path)
    spoiled = get(empty_demo, path).content
    assert len(spoiled) == 1000
    assert spoiled != b"x" * 1000
    assert get(empty_demo, path).content == b"x" * 1000


def test_the_control_url(empty_demo: DemoServer) -> None:
    url = f"{empty_demo.url}/_faults"
    rule = {"kind": "status", "path": "/data/*", "status": 500, "times": None}
    assert httpx.post(url, json=rule).json()[0]["path"] == "/data/*"
    assert get(empty_demo, "/data/projects").status_code == 500
    assert httpx.post(url, json={"kind": "nonsense"}).status_code == 400
    assert httpx.delete(url).status_code == 200
    assert httpx.get(url).json() == []


def test_a_context_path(tmp_path: Path) -> None:
    with DemoServer(tmp_path, context_path="/xnat") as server:
        assert server.url.endswith("/xnat")
        assert get(server, "/data/auth").status_code == 200
        assert httpx.get(server.url.removesuffix("/xnat") + "/data/auth").status_code == 404
        expiry = get(server, "/data/auth").headers.get_list("set-cookie")[-1]
        assert expiry.endswith("Path=/xnat/")


def test_servers_come_and_go_without_a_trace(tmp_path: Path) -> None:
    before = threading.active_count()
    for _ in range(3):
        with DemoServer(tmp_path) as server:
            assert get(server, "/data/auth").status_code == 200
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.02)  # idle workers end a moment after their loop
    assert threading.active_count() <= before


def test_a_port_in_use_is_an_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = DemoServer(tmp_path, port=taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"), server:
            pass
