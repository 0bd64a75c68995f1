"""Uploads that are killed: nothing acknowledged sent again, nothing missing on the server, nothing twice."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests.benchmarks import site
from tests.benchmarks.front import Front, Moved
from tests.benchmarks.lives import Reaper
from tests.benchmarks.measure import Command, ours, run
from tests.benchmarks.ordeal import Ordeal
from tests.benchmarks.slices import write_slices
from tests.benchmarks.stage import work_folder
from xnat_tui.demo.archive import Archive

_SIDE = 64
_WORKERS = 4
_IMPORT = "/data/services/import"


def torment(kills: int, files: int) -> Ordeal:
    """Kill uploads, file by file, `kills` times in all, each to a server that has nothing yet.

    Raises:
        RuntimeError: a promise was broken.
    """
    ordeal = Ordeal("upload, file by file", files)
    with work_folder(files * 400_000) as folder:
        slices = folder / "slices"
        write_slices(slices, files, side=_SIDE)
        with _server(folder / "undisturbed") as front:
            longest_s = run(_upload(front, slices, folder / "undisturbed")).job_s
        wanted = _held(folder / "undisturbed")
        reaper, bodies = Reaper(kills), 0
        while reaper.killed < kills:
            place = folder / f"job-{ordeal.jobs}"
            with _server(place) as front:
                bodies += _see_through(front, _upload(front, slices, place), reaper, longest_s, ordeal)
            if _held(place) != wanted:
                raise RuntimeError("the server does not hold what it holds after an undisturbed upload")
            ordeal.jobs += 1
        ordeal.kills = reaper.killed
    repeated = bodies - files * ordeal.jobs
    if not 0 <= repeated <= kills * _WORKERS:
        raise RuntimeError(f"{repeated} files were sent twice: more than were under way at the kills")
    ordeal.remark = (
        f"identical; {repeated} were sent twice because the kill came before their answer was noted"
    )
    return ordeal


def _see_through(front: Front, command: Command, reaper: Reaper, longest_s: float, ordeal: Ordeal) -> int:
    """Bring one job to its end; return how many whole bodies the server got."""
    state = Path(command.environment["XNAT_TUI_STATE_DIR"])
    slices = state.parents[1] / "slices"
    names = {
        hashlib.md5(path.read_bytes()).hexdigest(): path.relative_to(slices).as_posix()
        for path in slices.glob("*/*")
    }
    there: set[str] = set()
    seen = bodies = 0
    is_over = False
    while not is_over:
        is_over = reaper.live(command, longest_s)
        moved = front.moved()[seen:]
        seen += len(moved)
        sent = [names[digest] for digest in _digests(moved) if digest in names]
        bodies += len(sent)
        ordeal.again += len(there & set(sent))
        there = _acknowledged(state)
        ordeal.there += 0 if is_over else len(there)
    return bodies


@contextmanager
def _server(place: Path) -> Iterator[Front]:
    site.plant_empty(place / "demo")
    with (
        site.Site(place / "demo") as demo,
        Front(place / "front", demo.port, imports="keep") as front,
    ):
        yield front


def _upload(front: Front, slices: Path, place: Path) -> Command:
    return ours("upload_files", place / "state", url=front.url, source=slices, workers=_WORKERS, resume=True)


def _digests(moved: Sequence[Moved]) -> Iterator[str]:
    """Yield the digests of the bodies for the import service; a body that was cut has one of its own."""
    for one in moved:
        if one.target.startswith(_IMPORT) and one.body_file:
            yield hashlib.md5(Path(one.body_file).read_bytes()).hexdigest()


def _acknowledged(state: Path) -> set[str]:
    """Return what the journal knows as acknowledged."""
    found: set[str] = set()
    for file in state.glob("uploads/*.db"):
        # It may have been killed before the journal had its tables.
        with closing(sqlite3.connect(file)) as journal, suppress(sqlite3.OperationalError):
            rows = journal.execute("SELECT name FROM sendings WHERE place <> ''")
            found.update(name for (name,) in rows)
    return found


def _held(place: Path) -> list[tuple[str, str, str, str]]:
    """Return scan, resource, name and digest of everything that the server holds of the session."""
    with Archive(place / "demo") as archive:
        session = archive.find_experiment(site.PROJECT, site.SESSION)
        if session is None:
            return []
        return sorted(
            (resource.owner.scan_id, resource.label, file.path, file.digest)
            for resource in archive.scan_resources(session.id)
            for file in archive.files(resource.id)
        )
