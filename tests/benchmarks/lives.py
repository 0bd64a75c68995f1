"""Runs an errand whose process is killed at random moments and started again until it ends by itself."""

from __future__ import annotations

import os
import random
import subprocess

from tests.benchmarks.measure import ROOT, Command

_MOST_S = 120.0


class Reaper:
    """Kills what lives too long; the moments are random, and the same each time.

    Attributes:
        killed: how many it killed so far.
        most: it kills no more than that.
    """

    def __init__(self, most: int, seed: int = 7) -> None:
        self.killed = 0
        self.most = most
        self._random = random.Random(seed)

    def live(self, command: Command, longest_s: float) -> bool:
        """Run a command that says when its work begins; return True when it ended by itself.

        Args:
            command: an errand of this project's API.
            longest_s: the end comes at a random moment before that, counted from the begin of the work.

        Raises:
            RuntimeError: it failed by itself.
        """
        patience_s = self._random.uniform(0, longest_s) if self.killed < self.most else _MOST_S
        process = subprocess.Popen(
            list(command.arguments),
            cwd=ROOT,
            env={**os.environ, **command.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stdout is not None and process.stderr is not None
            process.stdout.readline()
            try:
                process.wait(patience_s)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                self.killed += 1
                return False
            if process.returncode != 0:
                raise RuntimeError(process.stderr.read()[-2000:])
        return True
