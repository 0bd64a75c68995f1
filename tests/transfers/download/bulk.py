"""A session of many files on the demo server, and what a download of it left behind."""

from __future__ import annotations

import random
import re
from pathlib import Path

from xnat_tui.demo.archive import Archive, Owner

PROJECT, SESSION = "BULK", "BULK-1_MR1"
ZIPS = "*/resources/*/files"
"""Pattern of the requests for ZIPs of resources."""

FILES = "*/resources/*/files/*"
"""Pattern of the requests for single files."""


def plant(archive: Archive, files: int, size_bytes: int, scans: int = 4) -> dict[str, bytes]:
    """Fill an archive; return what a download has to bring, by path below the output folder."""
    scans = min(files, scans)
    noise = random.Random(files)
    with archive.bulk():
        archive.add_project(PROJECT)
        subject_id = archive.add_subject(PROJECT, "BULK-1")
        session_id = archive.add_experiment(PROJECT, subject_id, SESSION, "xnat:mrSessionData")
        for scan in range(scans):
            archive.add_scan(session_id, str(scan + 1), "xnat:mrScanData", type="T1 w", quality="usable")
            resource_id = archive.add_resource(Owner.scan(session_id, str(scan + 1)), "RAW")
            for number in range(scan, files, scans):
                archive.add_file(resource_id, f"{number:06}.raw", noise.randbytes(size_bytes))
    return contents(archive)


def contents(archive: Archive) -> dict[str, bytes]:
    """Return the files of the session by their paths below the output folder."""
    session = archive.find_experiment(PROJECT, SESSION)
    assert session is not None
    found = {}
    for resource in archive.scan_resources(session.id):
        scan = archive.scan(session.id, resource.owner.scan_id)
        assert scan is not None
        folder = f"{SESSION}/scans/{scan.id}-{scan.type.replace(' ', '_')}/resources/{resource.label}/files"
        for file in archive.files(resource.id):
            found[f"{folder}/{file.path}"] = b"".join(archive.read_file(resource.id, file.path))
    return found


def on_disk(root: Path) -> dict[str, bytes]:
    """Return the files below a folder by their relative paths."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def scan_ids_in(request_path: str) -> list[str]:
    """Return the scans that a request for a ZIP names."""
    match = re.search(r"/scans/([^/]+)/", request_path)
    return match[1].replace("%2C", ",").split(",") if match else []
