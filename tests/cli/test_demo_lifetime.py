"""The demo server in the background: found by the next program, and gone when nobody uses it."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from xnat_tui.demo import launch, presence
from xnat_tui.demo.folder import DemoFolder


def wait_until(fact: Callable[[], object], timeout_s: float = 30) -> None:
    deadline = time.monotonic() + timeout_s
    while not fact():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)


@pytest.fixture
def terminals() -> Iterator[list[tuple[int, int]]]:
    """Programs on terminals of their own, as (process, terminal); killed at the end."""
    started: list[tuple[int, int]] = []
    yield started
    for process, terminal in started:
        with_terminal_closed(process, terminal)


def with_terminal_closed(process: int, terminal: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(terminal)
    except (ProcessLookupError, ChildProcessError, OSError):
        pass  # ended by the test itself


def open_demo(data: Path) -> tuple[int, int]:
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="120", LINES="36")
        os.execv(sys.executable, [sys.executable, "-m", "xnat_tui", "demo", "--data", str(data)])
    return process, terminal


def read_until(terminal: int, text: bytes, timeout_s: float = 40) -> None:
    seen = b""
    deadline = time.monotonic() + timeout_s
    while text not in seen:
        assert time.monotonic() < deadline, seen[-2000:]
        if select.select([terminal], [], [], 0.5)[0]:
            seen += os.read(terminal, 65536)


def read_to_the_end(terminal: int) -> None:
    """Take all that a program still paints; nobody reading would hold it up."""
    with contextlib.suppress(OSError):  # what Linux says when the other side is closed
        while os.read(terminal, 65536):
            pass


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/xapi/siteConfig/buildInfo/version", timeout=5):
            return True
    except OSError:
        return False


def test_the_server_stays_for_the_second_program_and_ends_after_the_last(
    tiny_data: Path, terminals: list[tuple[int, int]]
) -> None:
    folder = DemoFolder(tiny_data)
    terminals.append(open_demo(tiny_data))
    read_until(terminals[0][1], b"online")
    ready = launch.running(folder)
    assert ready is not None
    terminals.append(open_demo(tiny_data))
    read_until(terminals[1][1], b"online")
    with_terminal_closed(*terminals[0])
    time.sleep(4)  # longer than a server waits after its last user
    assert launch.running(folder) == ready and answers(ready["url"])
    os.write(terminals[1][1], b"q")
    read_to_the_end(terminals[1][1])
    wait_until(lambda: launch.running(folder) is None)
    assert not answers(ready["url"])


def test_the_profile_of_the_demo_is_not_the_users_own(tiny_data: Path, own_home: Path) -> None:
    process, terminal = open_demo(tiny_data)
    try:
        read_until(terminal, b"online")
        assert (tiny_data / "config" / "config.toml").exists()
        assert not list(own_home.rglob("config.toml"))
    finally:
        with_terminal_closed(process, terminal)


def test_whoever_uses_the_folder_while_the_server_ends_waits_for_its_end(tmp_path: Path) -> None:
    ending = presence.users_lock(tmp_path)
    assert ending.acquire()
    with pytest.raises(TimeoutError):
        presence.use(tmp_path, timeout_s=0.2)
    ending.release()
    presence.use(tmp_path, timeout_s=0.2).release()
