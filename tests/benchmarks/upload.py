"""Uploads of the same slices to a server that swallows them: as archives, and file by file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.front import Front, Moved
from tests.benchmarks.measure import Command, Sample, interleave, ours, shell
from tests.benchmarks.report import Comparison, Section
from tests.benchmarks.site import ANSWER, PASSWORD, PROJECT, SESSION, SUBJECT, USER
from tests.benchmarks.stage import Form, Stage, stage

_COUNTED, _PROVEN = "xnat-tui, files counted", "xnat-tui, same bytes proven"
_PIPE, _CURL = "bsdtar | curl", "curl -Z, 8 connections"
_NAMES = f"PROJECT_ID={PROJECT}&SUBJECT_ID={SUBJECT}&EXPT_LABEL={SESSION}"
_LOG_S = 2.0
_IMPORT = f"/data/services/import?inbody=true&{_NAMES}&import-handler="


def measure(form: Form) -> Iterator[Section]:
    """Measure both ways."""
    files = form.pick(2000, 100)
    with stage(files) as at, Front(at.folder / "front", at.demo_port, answer=ANSWER) as front:
        yield _archives(at, form, files, front)
        yield _files(at, form, files, front)


def _archives(at: Stage, form: Form, files: int, front: Front) -> Comparison:
    target = f"{front.url}{_IMPORT}DICOM-zip"
    post = f"curl -sSf -u {USER}:{PASSWORD} -X POST -T - '{target}'"
    task = {"url": front.url, "source": at.slices}
    variants = {
        _PIPE: shell(f"bsdtar -cf - -C {at.slices} . | {post}"),
        _COUNTED: ours("upload_archive", at.state, **task),
        _PROVEN: ours("upload_archive", at.state, **task, verify=True),
    }
    notes = [
        "xnat-tui's time includes log-in, reading all headers, journal and the listing of what the server "
        "holds; it sends four archives at the same time.",
        "Its process may not write a file of more than 16 MiB: no temporary archive.",
    ]
    samples = _measured(at, form, variants, front, least_requests=1)
    title = f"Upload of {files} slices as tar"
    return Comparison(title, _PIPE, samples, at.size_mb, {_COUNTED: 1.1}, notes)


def _files(at: Stage, form: Form, files: int, front: Front) -> Comparison:
    curl = ["curl", "-sSf", "-Z", "--parallel-max", "8", "-K", str(_send_list(at, front))]
    task = {"url": front.url, "source": at.slices, "workers": 8}
    variants = {
        _CURL: Command(curl),
        _COUNTED: ours("upload_files", at.state, **task),
        _PROVEN: ours("upload_files", at.state, **task, verify=True),
    }
    samples = _measured(at, form, variants, front, least_requests=files)
    title = f"Upload of {files} slices, file by file"
    return Comparison(title, _CURL, samples, at.size_mb, {_COUNTED: 2.5})


def _measured(
    at: Stage, form: Form, variants: dict[str, Command], front: Front, *, least_requests: int
) -> dict[str, list[Sample]]:
    seen = len(_imports(front))

    def check(variant: str) -> None:
        nonlocal seen
        new = _imports_after(front, seen, least_requests)
        seen += len(new)
        if len(new) < least_requests or any(moved.status != 200 for moved in new):
            raise RuntimeError(f"{variant}: {len(new)} requests, not all of them answered with 200")

    return interleave(variants, form.rounds, before=at.empty, after=check)


def _imports_after(front: Front, seen: int, least: int) -> list[Moved]:
    """Return the new requests; nginx writes a line some moments after the answer."""
    deadline = time.monotonic() + _LOG_S
    while len(new := _imports(front)[seen:]) < least and time.monotonic() < deadline:
        time.sleep(0.02)
    return new


def _imports(front: Front) -> list[Moved]:
    return [moved for moved in front.moved() if moved.target.startswith("/data/services/import")]


def _send_list(at: Stage, front: Front) -> Path:
    """Write what curl is to send; return the file."""
    target = at.folder / "sends"
    with target.open("w", encoding="utf-8") as sink:
        sink.write(f'user="{USER}:{PASSWORD}"\nrequest="POST"\n')
        for slice_ in sorted(at.slices.glob("*/*")):
            url = f"{front.url}{_IMPORT}gradual-DICOM"
            sink.write(f'url="{url}"\nupload-file="{slice_}"\noutput="/dev/null"\n')
    return target
