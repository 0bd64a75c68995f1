"""Terminals and servers of these tests, all ended with the test that started them."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal.terminal import Terminal

PROGRAM = (sys.executable, "-m", "xnat_tui")


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """An empty terminal."""
    if shutil.which("tmux") is None:
        assert os.environ.get("CI") != "true", "tmux is missing; .ci/run installs it"
        pytest.skip("needs tmux")
    # The path of a socket may be hundred characters long, which a test's own folder often is.
    with tempfile.TemporaryDirectory(prefix="xnat-tui-") as folder:
        terminal = Terminal(Path(folder) / "tmux")
        yield terminal
        terminal.close()


@pytest.fixture
def data(tiny_seed: Path, tmp_path: Path) -> Path:
    """A data folder of `xnat-tui demo` with the tiny sample data."""
    folder = tmp_path / "data"
    shutil.copytree(tiny_seed, folder / "archive")
    return folder


@pytest.fixture
def port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@pytest.fixture
def serve(data: Path, port: int) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts a demo server on that folder and that port, and waits until it answers."""
    started: list[subprocess.Popen[str]] = []

    def serve() -> subprocess.Popen[str]:
        command = [*PROGRAM, "demo", "--serve", "--data", str(data), "--port", str(port)]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        started.append(server)
        assert server.stdout is not None
        json.loads(server.stdout.readline())
        return server

    yield serve
    for server in started:
        server.kill()
        server.communicate()
