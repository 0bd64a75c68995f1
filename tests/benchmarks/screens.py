"""`xnat-tui demo` for measuring: its server runs before, with a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.stage import work_folder
from tests.benchmarks.terminal import Terminal

XNAT_TUI = str(Path(sys.executable).parent / "xnat-tui")
_ROOM_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Screens:
    """A server with sample data and a project of very many subjects, ready for screens on it.

    Attributes:
        data: the server's folder.
        environment: variables for `xnat-tui`.
    """

    data: Path
    environment: Mapping[str, str]

    def open(self) -> Terminal:
        """Start the screens in a terminal of their own."""
        return Terminal([XNAT_TUI, "demo", "--data", str(self.data)], self.environment)


@contextmanager
def screens(scale: str) -> Iterator[Screens]:
    """Run the server within the block; `scale` is as for `--scale`."""
    with work_folder(_ROOM_BYTES) as folder:
        environment = {"HOME": str(folder)}
        command = [XNAT_TUI, "demo", "--serve", "--data", str(folder / "demo"), "--scale", scale]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, env={**os.environ, **environment}, text=True
        ) as server:
            try:
                assert server.stdout is not None
                json.loads(server.stdout.readline())
                yield Screens(folder / "demo", environment)
            finally:
                server.terminate()
                server.wait()
