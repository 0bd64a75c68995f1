"""What a scenario works on: a folder in memory, slices in it, and a demo server that has them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import site
from tests.benchmarks.slices import write_slices

_MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Form:
    """How much is done.

    Attributes:
        is_short: just enough to show that it works.
        rounds: how often each variant is run.
    """

    is_short: bool
    rounds: int

    def pick(self, full: int, short: int) -> int:
        """Return an amount for this form."""
        return short if self.is_short else full


@dataclass(frozen=True)
class Stage:
    """A demo server with the big session.

    Attributes:
        folder: of this scenario alone, emptied with it.
        slices: the files of the session, a folder for each scan.
        session_id: number of the session.
        demo_port: where the demo server listens.
        size_mb: millions of bytes in the slices.
    """

    folder: Path
    slices: Path
    session_id: str
    demo_port: int
    size_mb: float

    @property
    def output(self) -> Path:
        """Where downloads go."""
        return self.folder / "output"

    @property
    def state(self) -> Path:
        """The program's state folder."""
        return self.folder / "state"

    def empty(self) -> None:
        """Have nothing in the output, and nothing known of earlier runs."""
        for folder in (self.output, self.state):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()


@contextmanager
def work_folder(needed_bytes: int) -> Iterator[Path]:
    """Give a folder in memory that is removed with the block.

    Raises:
        RuntimeError: there is too little room.
    """
    if shutil.disk_usage(_MEMORY).free < needed_bytes:
        raise RuntimeError(f"{_MEMORY} has less than {needed_bytes / 1e9:.1f} GB of room.")
    with tempfile.TemporaryDirectory(prefix="xnat-tui-bench-", dir=_MEMORY) as folder:
        yield Path(folder)


@contextmanager
def stage(files: int, *, scans: int = 10, side: int = 512, sparse: bool = False) -> Iterator[Stage]:
    """Give a demo server with a session of that many slices."""
    size_bytes = files * (2 * side * side + 900)
    with work_folder(size_bytes * 4) as folder:
        slices = folder / "slices"
        write_slices(slices, files, scans=scans, side=side, sparse=sparse)
        session_id = site.plant(folder / "demo", slices)
        with site.Site(folder / "demo") as demo:
            found = Stage(folder, slices, session_id, demo.port, size_bytes / 1e6)
            found.empty()
            yield found
