"""Runs variants of one errand in turns, each as a child process, and keeps what each run took."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_FAILED_LINES = 15


@dataclass(frozen=True)
class Command:
    """One run of a program.

    Attributes:
        arguments: the program and its arguments.
        speaks: its last line on stdout is JSON, with `begun_at` on the machine's monotonic clock and
            `peak_rss_mib`; see ours.py.
        environment: additional variables.
    """

    arguments: Sequence[str]
    speaks: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sample:
    """What one run took.

    Attributes:
        wall_s: from the start of the process to its end.
        startup_s: of that, until an interpreter had loaded its modules; 0 for other programs.
        cpu_s: user and system time, children included.
        peak_rss_mib: None where the program does not say.
        facts: what else the program said.
    """

    wall_s: float
    startup_s: float
    cpu_s: float
    peak_rss_mib: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def job_s(self) -> float:
        """Without the start-up of the interpreter."""
        return self.wall_s - self.startup_s


def run(command: Command) -> Sample:
    """Run a program to its end.

    Raises:
        RuntimeError: it failed.
    """
    started_at = time.monotonic()
    with subprocess.Popen(
        [str(argument) for argument in command.arguments],
        cwd=ROOT,
        env={**os.environ, **command.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.monotonic() - started_at
    if process.returncode != 0:
        tail = "\n".join(said.splitlines()[-_FAILED_LINES:])
        raise RuntimeError(f"{command.arguments[0]} ended with {process.returncode}:\n{tail}")
    facts = json.loads(said.splitlines()[-1]) if command.speaks else {}
    startup_s = facts.pop("begun_at") - started_at if facts else 0.0
    rss_mib = facts.pop("peak_rss_mib", None)
    return Sample(wall_s, startup_s, usage.ru_utime + usage.ru_stime, rss_mib, facts)


def ours(errand: str, state: Path, **arguments: Any) -> Command:
    """Return the run of one errand of this project's API, in an interpreter of its own.

    Args:
        errand: name of the function in ours.py.
        state: folder of its journal.
        arguments: of the function; paths become text.
    """
    text = json.dumps({"errand": errand, **arguments}, default=str)
    module = "tests.benchmarks.ours"
    variables = {"XNAT_TUI_STATE_DIR": str(state), "HOME": str(state)}
    return Command([sys.executable, "-m", module, text], speaks=True, environment=variables)


def shell(script: str) -> Command:
    """Return the run of a shell script that stops at the first failure, in pipes too."""
    return Command(["bash", "-o", "pipefail", "-ec", script])


def interleave(
    variants: Mapping[str, Command], rounds: int, *, before: Callable[[], None], after: Callable[[str], None]
) -> dict[str, list[Sample]]:
    """Run the variants in turns, so that whatever else the machine does hits all of them alike.

    Args:
        variants: commands by name.
        rounds: how often each is run.
        before: brings everything back to the beginning; called before each run, not timed.
        after: checks the result of a run; gets the variant's name.
    """
    samples: dict[str, list[Sample]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, command in variants.items():
            before()
            samples[name].append(run(command))
            after(name)
    return samples


def median_ratio(
    samples: Sequence[Sample], reference: Sequence[Sample], of: Callable[[Sample], float]
) -> float:
    """Return the median over the rounds of one variant's time divided by another's in the same round."""
    pairs = zip(samples, reference, strict=True)
    return statistics.median(of(one) / of(other) for one, other in pairs)
