"""Peak of resident memory and CPU time of downloads and uploads of 200 MB and of 4 GB."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.front import Front
from tests.benchmarks.measure import Command, Sample, ours, run
from tests.benchmarks.report import Section, Table
from tests.benchmarks.site import ANSWER
from tests.benchmarks.stage import Form, Stage, stage

_MOST_MIB = 120
_SLICES_PER_200_MB = 380


def measure(form: Form) -> Iterator[Section]:
    """Measure at both sizes; the pixels are zeros, so that the data take no room on the server's side."""
    sizes = (_SLICES_PER_200_MB, form.pick(20, 2) * _SLICES_PER_200_MB)
    rows = [row for files in sizes for row in _rows(files)]
    head = [
        "what",
        "MB",
        "peak RSS MiB",
        "above idle MiB",
        f"goal < {_MOST_MIB}",
        "CPU s",
        "CPU s per GB",
        "s",
    ]
    notes = [
        "Idle is logged in, with the same modules loaded. Slices of 0.5 MB in 10 scans; zeros, stored.",
        "The bytes come from the demo server itself, which sets the pace of downloads.",
    ]
    yield Table("Memory and CPU time by size", head, rows, notes)


def _rows(files: int) -> list[list[str]]:
    with stage(files, sparse=True) as at, _front(at) as front:
        idle = run(ours("idle", at.state, url=front.url))
        upload = {"url": front.url, "source": at.slices}
        commands = {
            "download in ZIPs, verified": ours("download", at.state, url=front.url, target=at.output),
            "upload as tar": ours("upload_archive", at.state, **upload),
            "upload file by file": ours("upload_files", at.state, **upload),
        }
        return [_row(what, at, command, idle) for what, command in commands.items()]


def _front(at: Stage) -> Front:
    return Front(at.folder / "front", at.demo_port, answer=ANSWER)


def _row(what: str, at: Stage, command: Command, idle: Sample) -> list[str]:
    at.empty()
    sample = run(command)
    at.empty()
    peak_mib, idle_mib = sample.peak_rss_mib or 0.0, idle.peak_rss_mib or 0.0
    above_mib = peak_mib - idle_mib
    cpu_s = sample.cpu_s - idle.cpu_s
    return [
        what,
        f"{at.size_mb:.0f}",
        f"{peak_mib:.0f}",
        f"{above_mib:.0f}",
        "met" if above_mib < _MOST_MIB else "MISSED",
        f"{cpu_s:.2f}",
        f"{cpu_s / at.size_mb * 1000:.2f}",
        f"{sample.job_s:.1f}",
    ]
