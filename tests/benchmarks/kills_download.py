"""Downloads that are killed: nothing half under a final name, nothing complete fetched again."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from tests.benchmarks.front import Front, Moved
from tests.benchmarks.lives import Reaper
from tests.benchmarks.measure import ours, run
from tests.benchmarks.ordeal import Ordeal
from tests.benchmarks.stage import Stage, stage

_SIDE = 128
_BULK = re.compile(r"/scans/(?P<scans>[^/]+)/resources/[^/]+/files(?:/(?P<name>[^?]+)|\?.*format=zip)")

Slice = tuple[str, str]
"""Number of the scan, name of the file."""


def torment(kills: int, files: int) -> Ordeal:
    """Kill downloads `kills` times in all.

    Raises:
        RuntimeError: a promise was broken.
    """
    ordeal = Ordeal("download, verified", files, remark="identical to an undisturbed run")
    with stage(files, side=_SIDE) as at, Front(at.folder / "front", at.demo_port) as front:
        task = {"url": front.url, "target": at.output, "resume": True}
        command = ours("download", at.state, **task)
        longest_s = run(command).job_s
        wanted = _tree(at.output)
        reaper = Reaper(kills)
        while reaper.killed < kills:
            at.empty()
            there: set[Slice] = set()
            seen = len(front.moved())
            is_over = False
            while not is_over:
                is_over = reaper.live(command, longest_s)
                moved = front.moved()[seen:]
                seen += len(moved)
                ordeal.again += len(there & _asked(moved, at))
                there = _complete(at)
                ordeal.there += 0 if is_over else len(there)
            if _tree(at.output) != wanted:
                raise RuntimeError("the download that was killed differs from the undisturbed one")
            ordeal.jobs += 1
        ordeal.kills = reaper.killed
        shutil.rmtree(at.output)
    return ordeal


def _tree(folder: Path) -> dict[str, str]:
    """Return the digests of everything below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.md5(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _complete(at: Stage) -> set[Slice]:
    """Return the slices under their final names.

    Raises:
        RuntimeError: one of them is not what the server has.
    """
    found = set()
    for path in at.output.rglob("*.dcm"):
        scan = path.parents[3].name.partition("-")[0]
        if path.read_bytes() != (at.slices / scan / path.name).read_bytes():
            raise RuntimeError(f"{path} is not what the server has")
        found.add((scan, path.name))
    return found


def _asked(moved: Sequence[Moved], at: Stage) -> set[Slice]:
    """Return the slices that requests asked for, alone or in a ZIP."""
    asked: set[Slice] = set()
    for one in moved:
        match = _BULK.search(one.target)
        if not match:
            continue
        for scan in unquote(match["scans"]).split(","):
            names = [match["name"]] if match["name"] else [path.name for path in (at.slices / scan).iterdir()]
            asked.update((scan, name) for name in names)
    return asked
