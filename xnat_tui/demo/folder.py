"""The data folder of a demo server: where its parts lie, and how it is filled once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

ARCHIVE = "archive"
_STRAY = frozenset({".DS_Store", ".directory", "Thumbs.db", "desktop.ini"})
"""What file browsers leave in folders that somebody looked at."""


class FolderError(Exception):
    """The folder cannot serve as a demo server's data folder; the message says why and what to do."""


@dataclass(frozen=True)
class DemoFolder:
    """Paths below one data folder."""

    root: Path

    @property
    def archive(self) -> Path:
        """What the server stores."""
        return self.root / ARCHIVE

    @property
    def config(self) -> Path:
        """Configuration of the program when it runs on the demo: never the user's own."""
        return self.root / "config"

    @property
    def state(self) -> Path:
        """State of the program when it runs on the demo."""
        return self.root / "state"

    @property
    def ready_file(self) -> Path:
        """The ready line of the running server, without its password."""
        return self.root / "server.json"

    @property
    def log_file(self) -> Path:
        """What a server in the background would have said on a terminal."""
        return self.root / "server.log"

    def write_ready(self, ready: Mapping[str, Any]) -> None:
        """Note what a second program needs to find the running server."""
        part = self.ready_file.with_suffix(".part")
        part.write_text(json.dumps(ready))
        part.rename(self.ready_file)

    def read_ready(self) -> dict[str, Any] | None:
        """What the running server noted; None when it is not ready yet."""
        try:
            ready: dict[str, Any] = json.loads(self.ready_file.read_text())
        except FileNotFoundError:
            return None
        return ready

    @property
    def filled(self) -> bool:
        """True when the sample data are complete."""
        return self.archive.is_dir()

    def check(self) -> None:
        """Make the folder if it is missing, and refuse one that cannot be used or holds something else.

        Raises:
            FolderError: it is a file, cannot be made or written to, or has contents that no demo server made.
        """
        try:
            if self.root.exists() and not self.root.is_dir():
                raise FolderError(f"{self.root} is a file. Name a folder with --data.")
            self._refuse_strange()
            self.root.mkdir(parents=True, exist_ok=True)
            TemporaryFile(dir=self.root).close()
        except OSError as error:
            raise FolderError(
                f"{self.root} cannot hold the data ({error.strerror}). Name another folder with --data."
            ) from error

    def _refuse_strange(self) -> None:
        ours = {ARCHIVE, f"{ARCHIVE}.part", "config", "state", *_STRAY}
        strange = sorted(
            path.name
            for path in self.root.glob("*")
            if path.name not in ours and path.stem not in {"server", "users"}
        )
        if strange:
            raise FolderError(
                f"{self.root} holds other things ({strange[0]}). Name an empty or a new folder with --data."
            )


def fill(folder: DemoFolder, seed: str = "full") -> None:
    """Make the sample data where they are missing: all of them or, when interrupted, none."""
    from xnat_tui.demo.archive import Archive
    from xnat_tui.demo.sample import plant

    if folder.filled:
        return
    part = folder.root / f"{ARCHIVE}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    archive = Archive(part)
    try:
        plant(archive, seed)
    finally:
        archive.close()
    part.rename(folder.archive)


def fill_extras(folder: DemoFolder, scale: tuple[int, int] | None, bulk: tuple[int, int] | None) -> None:
    """Add a project of very many subjects, a session of very many files, or both; once for each size."""
    from xnat_tui.demo.archive import Archive
    from xnat_tui.demo.scale import bulk_project, plant_bulk, plant_scale, scale_project

    with Archive(folder.archive) as archive:
        if scale and archive.project(scale_project(*scale)) is None:
            plant_scale(archive, *scale)
        if bulk and archive.project(bulk_project(*bulk)) is None:
            plant_bulk(archive, *bulk)
