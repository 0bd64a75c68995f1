"""A demo server of its own process with one big session; `python -m tests.benchmarks.site FOLDER PORT`."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import threading
from pathlib import Path

from tests.benchmarks.programs import Listener, free_port
from xnat_tui.demo.archive import Archive, Owner
from xnat_tui.demo.serve import DemoServer

PROJECT, SUBJECT, SESSION, LABEL = "BENCH", "BENCH", "BENCH_CT1", "DICOM"
USER = PASSWORD = "admin"
ANSWER = f"/data/projects/{PROJECT}/subjects/{SUBJECT}/experiments/{SESSION}"
"""The session, as the import service names it."""

_NOTE = "note.txt"


class Site(Listener):
    """The demo server on a folder."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        super().__init__([sys.executable, "-m", __name__, str(folder), str(port)], port)


def plant(folder: Path, slices: Path) -> str:
    """Make an archive with one session of the slices, of which each folder is a scan; return its number.

    The files are the same ones on the disk. Each resource has a small note besides, so that a download of
    the slices alone is one of single files.
    """
    with Archive(folder) as archive, archive.bulk():
        archive.add_project(PROJECT)
        subject_id = archive.add_subject(PROJECT, SUBJECT)
        session_id = archive.add_experiment(PROJECT, subject_id, SESSION, "xnat:ctSessionData")
        for scan in sorted(slices.iterdir(), key=lambda scan: int(scan.name)):
            archive.add_scan(session_id, scan.name, "xnat:ctScanData", type="Axial", quality="usable")
            owner = Owner.scan(session_id, scan.name)
            resource_id = archive.add_resource(owner, LABEL, format="DICOM", content="RAW")
            for slice_ in sorted(scan.iterdir()):
                _adopt(archive, resource_id, slice_)
            archive.add_file(resource_id, _NOTE, b"The slices of one scan.\n")
    return session_id


def _adopt(archive: Archive, resource_id: int, slice_: Path) -> None:
    link = archive.files_root / "link"
    os.link(slice_, link)
    with link.open("rb") as file:
        digest = hashlib.file_digest(file, "md5").hexdigest()
    archive.adopt_file(resource_id, slice_.name, link, digest)


def plant_empty(folder: Path) -> None:
    """Make an archive with a project and nothing in it."""
    with Archive(folder) as archive:
        archive.add_project(PROJECT)


def main() -> None:
    """Serve until somebody ends the process."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with DemoServer(folder, port=port):
        ended.wait()


if __name__ == "__main__":
    main()
