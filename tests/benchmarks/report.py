"""Results as people read them (Markdown) and as programs do (JSON), with the machine and the moment."""

from __future__ import annotations

import datetime
import json
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Sample, median_ratio

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Comparison:
    """Variants of one errand, measured in turns.

    Attributes:
        title: what was done.
        reference: the variant that the others are compared with.
        samples: runs by variant.
        size_mb: millions of bytes that each run moves.
        goals: most time of a variant as a multiple of the reference's.
        notes: what a reader has to know.
    """

    title: str
    reference: str
    samples: Mapping[str, Sequence[Sample]]
    size_mb: float
    goals: Mapping[str, float] = field(default_factory=dict)
    notes: Sequence[str] = ()

    def lines(self, *, is_judged: bool = True) -> list[str]:
        """Return a Markdown section; small amounts cannot be judged by the goals."""
        head = "| variant | s | min..max | x ref | goal | x ref with start-up | start-up s | MB/s | CPU s |"
        rows = [self._row(name, is_judged) for name in self.samples]
        notes = [f"- {note}" for note in self.notes]
        more = ["", *notes] if notes else []
        return [f"## {self.title}", "", f"{head} peak RSS MiB |", "|---" * 10 + "|", *rows, *more, ""]

    def _row(self, name: str, is_judged: bool) -> str:
        samples, reference = self.samples[name], self.samples[self.reference]
        seconds = [sample.job_s for sample in samples]
        ratio = median_ratio(samples, reference, lambda sample: sample.job_s)
        rss = [sample.peak_rss_mib for sample in samples if sample.peak_rss_mib is not None]
        cells = [
            name.replace("|", r"\|"),
            f"{statistics.median(seconds):.2f}",
            f"{min(seconds):.2f}..{max(seconds):.2f}",
            f"{ratio:.2f}",
            _verdict(ratio, self.goals.get(name) if is_judged else None),
            f"{median_ratio(samples, reference, lambda sample: sample.wall_s):.2f}",
            f"{statistics.median(sample.startup_s for sample in samples):.2f}",
            f"{self.size_mb / statistics.median(seconds):.0f}",
            f"{statistics.median(sample.cpu_s for sample in samples):.2f}",
            f"{max(rss):.0f}" if rss else "",
        ]
        return f"| {' | '.join(cells)} |"


@dataclass(frozen=True)
class Table:
    """Facts that are no comparison of runs.

    Attributes:
        title: what they are about.
        head: names of the columns.
        rows: one list of cells each.
        notes: what a reader has to know.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def lines(self, *, is_judged: bool = True) -> list[str]:
        """Return a Markdown section; its cells say themselves what they are worth."""
        rows = [f"| {' | '.join(row)} |" for row in (self.head, ["---"] * len(self.head), *self.rows)]
        notes = [f"- {note}" for note in self.notes]
        return [f"## {self.title}", "", *rows, "", *([*notes, ""] if notes else [])]


Section = Comparison | Table


def render(scenario: str, sections: Sequence[Section], *, is_short: bool) -> str:
    """Return what a scenario found as Markdown."""
    form = "short form: shows that it works, too little to measure" if is_short else "full form"
    machine = ", ".join(f"{key} {value}" for key, value in _machine().items())
    lines = [f"# {scenario} ({form})", "", machine, ""]
    lines += [line for section in sections for line in section.lines(is_judged=not is_short)]
    return "\n".join(lines).rstrip() + "\n"


def keep(scenario: str, sections: Sequence[Section]) -> None:
    """Write what a scenario found in full over its earlier results."""
    RESULTS.mkdir(exist_ok=True)
    text = render(scenario, sections, is_short=False)
    (RESULTS / f"{scenario}.md").write_text(text, encoding="utf-8")
    data = {"machine": _machine(), "sections": [asdict(section) for section in sections]}
    (RESULTS / f"{scenario}.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _machine() -> dict[str, Any]:
    model = ""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "CPU": f"{os.cpu_count()} x {model}",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "load average at the end": f"{os.getloadavg()[0]:.1f}",
    }


def _verdict(ratio: float, goal: float | None) -> str:
    if goal is None:
        return ""
    return f"{goal:g} {'met' if ratio <= goal else 'MISSED'}"
