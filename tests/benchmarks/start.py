"""How long it takes until the program says something: `--version`, `--help`, and its first frame."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator, Sequence

from tests.benchmarks.measure import Command, interleave
from tests.benchmarks.report import Section, Table
from tests.benchmarks.screens import XNAT_TUI, screens
from tests.benchmarks.stage import Form

_GOALS_MS = {"xnat-tui --version": 250.0, "xnat-tui --help": 250.0, "first frame": 1000.0}
_TITLE, _PROJECT = "xnat-tui", "BRAINS"


def measure(form: Form) -> Iterator[Section]:
    """Start the program again and again."""
    starts = form.pick(11, 3)
    variants = {
        "python -c pass": Command([sys.executable, "-c", "pass"]),
        "xnat-tui --version": Command([XNAT_TUI, "--version"]),
        "xnat-tui --help": Command([XNAT_TUI, "--help"]),
    }
    samples = interleave(variants, starts, before=lambda: None, after=lambda _: None)
    found = {name: [sample.wall_s for sample in runs] for name, runs in samples.items()}
    found["first frame"], found["first rows, from the server"] = _frames(starts)
    rows = [_row(name, seconds) for name, seconds in found.items()]
    note = (
        "First frame: from the start of `xnat-tui demo` until the frame's title is written; the server runs."
    )
    yield Table("Start", ["what", "starts", "median ms", "min..max", "goal ms"], rows, [note])


def _frames(starts: int) -> tuple[list[float], list[float]]:
    frames, rows = [], []
    with screens("10x1") as at:
        for _ in range(starts + 1):
            with at.open() as terminal:
                frames.append(terminal.see(_TITLE) - terminal.started_at)
                rows.append(terminal.see(_PROJECT) - terminal.started_at)
    return frames[1:], rows[1:]


def _row(name: str, seconds: Sequence[float]) -> list[str]:
    median_ms = statistics.median(seconds) * 1000
    goal_ms = _GOALS_MS.get(name)
    verdict = f"{goal_ms:.0f} {'met' if median_ms <= goal_ms else 'MISSED'}" if goal_ms else ""
    span = f"{min(seconds) * 1000:.0f}..{max(seconds) * 1000:.0f}"
    return [name, str(len(seconds)), f"{median_ms:.0f}", span, verdict]
