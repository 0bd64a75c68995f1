"""A program in a terminal of its own, whose keys and output are timed."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[PX^_\]].*?(?:\x1b\\|\x07)|.)", re.DOTALL)
_QUIET_S, _RESTLESS_S, _END_S = 0.08, 3.0, 10.0


class Terminal:
    """A pseudo terminal of 120x40 with a program in it, ended with the block."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._fd, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        look = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        self._seen = b""
        self.started_at = time.monotonic()
        self._process = subprocess.Popen(
            command,
            stdin=other,
            stdout=other,
            stderr=other,
            env={**os.environ, **look, **environment},
            start_new_session=True,
        )
        os.close(other)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + _END_S
        while self._process.poll() is None:
            self._read(0.05)
            if time.monotonic() > deadline:
                self._process.kill()
        os.close(self._fd)

    def see(self, text: str, timeout_s: float = 60.0) -> float:
        """Wait until the program has written a text, and return the moment.

        Raises:
            RuntimeError: it does not.
        """
        deadline = time.monotonic() + timeout_s
        while text.encode() not in _ESCAPES.sub(b"", self._seen):
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError(
                    f"the screen never showed {text!r}: {_ESCAPES.sub(b'', self._seen)[-500:]!r}"
                )
            self._read(0.2)
        return time.monotonic()

    def forget(self) -> None:
        """Let `see` find only what comes from now on."""
        self._seen = b""

    def settle(self) -> None:
        """Wait until the program writes nothing any more."""
        deadline = time.monotonic() + _RESTLESS_S
        while self._read(_QUIET_S) and time.monotonic() < deadline:
            pass

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._fd, keys.encode())

    def latency_ms(self, key: str) -> float:
        """Press a key when all is quiet; return how long it takes until the first byte of the answer."""
        self.settle()
        pressed_at = time.perf_counter()
        self.type(key)
        if not self._read(5.0):
            return 5000.0
        return (time.perf_counter() - pressed_at) * 1000

    def _read(self, timeout_s: float) -> bool:
        """Read what there is; tell whether there was something."""
        if not select.select([self._fd], [], [], timeout_s)[0]:
            return False
        try:
            self._seen = (self._seen + os.read(self._fd, 1 << 16))[-1_000_000:]
        except OSError:
            return False
        return True
