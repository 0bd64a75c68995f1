"""What every test has: a home of its own, no way to the outside, and a demo server when it asks for one."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ["TEXTUAL_ANIMATIONS"] = "none"  # read once, when Textual is imported

from xnat_tui.core.client import XNATClient
from xnat_tui.demo.archive import Archive
from xnat_tui.demo.presence import FolderLock
from xnat_tui.demo.sample import plant
from xnat_tui.demo.serve import DemoServer

_OWN_VARIABLES = ("XNAT_", "XNATPY_", "XNATCTL_", "XDG_")
_OTHER_VARIABLES = {"NO_COLOR", "NETRC", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "TMUX"}


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home directory for this test alone, and an environment that says nothing about servers."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(_OWN_VARIABLES) or name.upper() in _OTHER_VARIABLES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return home


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)


@pytest.fixture(scope="session")
def tiny_seed(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The tiny sample data, made once per run however many processes test; for reading only."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    folder = shared / "tiny-seed"
    lock = FolderLock(shared, "tiny-seed.lock")
    while not lock.acquire():
        time.sleep(0.05)
    try:
        if not folder.exists():
            part = shared / "tiny-seed.part"
            with Archive(part) as archive:
                plant(archive, "tiny")
            part.rename(folder)
    finally:
        lock.release()
    return folder


@pytest.fixture
def demo(tiny_seed: Path, tmp_path: Path) -> Iterator[DemoServer]:
    """A demo server with a copy of the tiny sample data, of this test alone."""
    folder = tmp_path / "demo"
    shutil.copytree(tiny_seed, folder)
    with DemoServer(folder) as server:
        yield server


@pytest.fixture
def empty_demo(tmp_path: Path) -> Iterator[DemoServer]:
    """A demo server with its four users and nothing else."""
    with DemoServer(tmp_path / "empty-demo") as server:
        yield server


@pytest.fixture
def client_for(demo: DemoServer) -> Iterator[Callable[[str], XNATClient]]:
    """Logs in as one of the demo's users."""
    clients: list[XNATClient] = []

    def client_for(login: str) -> XNATClient:
        client = XNATClient(demo.url, login, demo.users[login])
        clients.append(client)
        client.authenticate()
        return client

    yield client_for
    for client in clients:
        client.close()


@pytest.fixture
def client(client_for: Callable[[str], XNATClient]) -> XNATClient:
    """Logged in as the demo's administrator."""
    return client_for("admin")
