"""From key to screen in a real terminal: `xnat-tui demo` on the sample data, and on 100 000 rows."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from tests.benchmarks.report import Section, Table
from tests.benchmarks.screens import screens
from tests.benchmarks.stage import Form
from tests.benchmarks.terminal import Terminal

_GOAL_MS = 50.0
_FIRST_ROW = "S000001"


def measure(form: Form) -> Iterator[Section]:
    """Press keys and take the time until the first byte of the answer."""
    subjects, keys = form.pick(100_000, 5000), form.pick(60, 15)
    project = f"SCALE_{subjects}x1"
    with screens(f"{subjects}x1") as at, at.open() as terminal:
        terminal.see("BRAINS")
        rows = [_row("sample data: j, k", _walk(terminal, keys))]
        _open_project(terminal, project)
        rows.append(_row(f"{subjects} rows: j, k", _walk(terminal, keys)))
        rows.append(_row(f"{subjects} rows: G, g", _press(terminal, "Gg" * (keys // 4))))
        terminal.type("/")
        rows.append(_row(f"{subjects} rows: typing a filter", _press(terminal, "s0042\x7f\x7f31")))
    head = ["what", "keys", "median ms", "p95 ms", "max ms", f"goal p95 < {_GOAL_MS:.0f} ms"]
    note = (
        "Idle: each key is pressed when the screen has been quiet for 80 ms. Until the first byte of output."
    )
    yield Table("Key to screen in a terminal of 120x40", head, rows, [note])


def _open_project(terminal: Terminal, project: str) -> None:
    """Jump to the project and open it."""
    terminal.settle()
    terminal.type(":")
    terminal.settle()
    terminal.type(project)
    terminal.settle()
    terminal.type("\r")
    terminal.settle()
    terminal.type("l")
    terminal.see(_FIRST_ROW)


def _walk(terminal: Terminal, keys: int) -> list[float]:
    """Walk down and up, again and again."""
    return _press(terminal, "jk" * (keys // 2))


def _press(terminal: Terminal, keys: str) -> list[float]:
    return [terminal.latency_ms(key) for key in keys]


def _row(what: str, latencies_ms: Sequence[float]) -> list[str]:
    ordered = sorted(latencies_ms)
    p95_ms = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    verdict = "met" if p95_ms < _GOAL_MS else "MISSED"
    figures = (statistics.median(ordered), p95_ms, ordered[-1])
    return [what, str(len(ordered)), *(f"{figure:.1f}" for figure in figures), verdict]
