"""Finds the demo server that runs on a data folder, or starts one as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from xnat_tui.demo import presence
from xnat_tui.demo.folder import DemoFolder


class LaunchError(Exception):
    """The server did not start; the message is what it said."""


def running(folder: DemoFolder, timeout_s: float = 120.0) -> dict[str, Any] | None:
    """What the server that runs on the folder noted when it was ready; None when there is none.

    Waits while it is still filling its folder.

    Raises:
        LaunchError: it does not get ready in time.
    """
    deadline = time.monotonic() + timeout_s
    while not _unlocked(folder):
        ready = folder.read_ready()
        if ready is not None:
            return ready
        if time.monotonic() > deadline:
            raise LaunchError(f"The demo server of {folder.root} does not get ready; see {folder.log_file}.")
        time.sleep(0.1)
    return None


def _unlocked(folder: DemoFolder) -> bool:
    probe = presence.server_lock(folder.root)
    free = probe.acquire()
    probe.release()
    return free


def start(folder: DemoFolder, arguments: Sequence[str]) -> dict[str, Any]:
    """Start a server that outlives this process and ends when nobody uses it any more.

    Args:
        folder: its data folder.
        arguments: the options of `xnat-tui demo` that it is to have, such as `["--port", "8080"]`.

    Returns:
        Its ready line.

    Raises:
        LaunchError: it ended before it was ready.
    """
    folder.root.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "xnat_tui", "demo", "--serve", "--while-used"]
    command += ["--data", str(folder.root), *arguments]
    with folder.log_file.open("w+b") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, start_new_session=True
        )
        assert process.stdout is not None
        with process.stdout as stdout:
            line = stdout.readline()
        if not line:
            process.wait()
            log.seek(0)
            said = log.read().decode(errors="replace").strip()
            sentence = said.splitlines()[-1].removeprefix("xnat-tui: ") if said else ""
            raise LaunchError(sentence or "The demo server ended without a word.")
    ready: dict[str, Any] = json.loads(line)
    return ready
