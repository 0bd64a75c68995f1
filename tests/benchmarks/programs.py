"""Programs that listen on free ports of this machine and end with their block."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_START_S, _END_S = 20.0, 10.0


def find_program(name: str) -> str:
    """Return the path of a program.

    Raises:
        FileNotFoundError: it is not installed.
    """
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if not found:
        raise FileNotFoundError(f"{name} is not installed; this benchmark needs it.")
    return found


def free_port() -> int:
    """Return a TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Tell whether somebody does."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Listener:
    """A program that listens, ended with the block."""

    def __init__(
        self, command: Sequence[str], port: int, environment: Mapping[str, str] | None = None
    ) -> None:
        self._command = command
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self.port = port

    @property
    def pid(self) -> int:
        """Number of the process."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdin=quiet, stdout=quiet, stderr=quiet
        )
        deadline = time.monotonic() + _START_S
        while not listens(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._end(self._process)
                raise RuntimeError(f"{self._command[0]} did not start")
            time.sleep(0.02)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._end(self._process)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def write_certificates(folder: Path) -> Path:
    """Make a throw-away authority and a certificate of 127.0.0.1; return the authority's file."""
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n", encoding="utf-8")
    key = ("-newkey", "rsa:2048", "-nodes")
    signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names")
    for command in (
        ("req", "-x509", *key, "-days", "2", "-subj", "/CN=Bench", "-keyout", "ca.key", "-out", "ca.pem"),
        ("req", *key, "-subj", "/CN=127.0.0.1", "-keyout", "server.key", "-out", "server.csr"),
        ("x509", "-req", "-in", "server.csr", *signing, "-out", "server.pem"),
    ):
        subprocess.run([find_program("openssl"), *command], cwd=folder, check=True, capture_output=True)
    return folder / "ca.pem"
