"""Errands for this project's own API, each in an interpreter of its own.

`python -m tests.benchmarks.ours JSON` runs one. The last line printed is JSON: when the modules were loaded
(monotonic clock), the peak of resident memory, and what the errand found.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.site import PASSWORD, PROJECT, SESSION, SUBJECT, USER
from xnat_tui.core.client import XNATClient
from xnat_tui.services.downloads import DownloadService
from xnat_tui.services.uploads import UploadService

_MOST_FILE_BYTES = 16 << 20


@contextmanager
def _client(url: str, ca_file: str | None = None) -> Iterator[XNATClient]:
    with XNATClient(url, USER, PASSWORD, ca_file=Path(ca_file) if ca_file else None) as client:
        client.authenticate()
        yield client


def idle(url: str) -> dict[str, Any]:
    """Log in and list the projects, no more."""
    with _client(url) as client:
        return {"projects": len(client.get_table("/data/projects"))}


def download(
    url: str,
    target: str,
    *,
    ca_file: str | None = None,
    pattern: str | None = None,
    workers: int = 4,
    verify: bool = True,
    resume: bool = False,
) -> dict[str, Any]:
    """Download the session; with a pattern that leaves something out, file by file."""
    with _client(url, ca_file) as client:
        summary = DownloadService(client).download_session(
            SESSION, target, PROJECT, pattern=pattern, workers=workers, verify=verify, resume=resume
        )
    assert summary.success, summary
    return {"verified": summary.verified}


def upload_archive(url: str, source: str, *, workers: int = 4, verify: bool = False) -> dict[str, Any]:
    """Upload a folder as archives; a file of the size of one, temporary or not, would be the end of it."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_FILE_BYTES, _MOST_FILE_BYTES))
    with _client(url) as client:
        summary = UploadService(client).upload_dicom_parallel(
            *(source, PROJECT, SUBJECT, SESSION), upload_workers=workers, verify=verify
        )
    assert summary.success, (summary.trouble, summary.sessions)
    return {"sent_mb": summary.bytes_sent / 1e6}


def upload_files(
    url: str, source: str, *, workers: int = 4, verify: bool = False, resume: bool = False
) -> dict[str, Any]:
    """Upload a folder file by file."""
    with _client(url) as client:
        summary = UploadService(client).upload_dicom_gradual(
            *(source, PROJECT, SUBJECT, SESSION), workers=workers, verify=verify, resume=resume
        )
    assert summary.success, (summary.trouble, summary.sessions)
    return {"sent_mb": summary.bytes_sent / 1e6}


def store(source: str, port: int, *, workers: int = 4) -> dict[str, Any]:
    """Send a folder to a DICOM receiver on this machine."""
    with XNATClient("http://127.0.0.1:9") as client:
        summary = UploadService(client).upload_dicom_store(
            source, "127.0.0.1", "ANY", port=port, workers=workers
        )
    assert summary.success, summary
    return {"sent": summary.sent}


_ERRANDS = {function.__name__: function for function in (idle, download, upload_archive, upload_files, store)}


def main() -> None:
    """Run the errand that the argument names."""
    request = json.loads(sys.argv[1])
    errand = _ERRANDS[request.pop("errand")]
    if errand is store:
        importlib.import_module("pynetdicom")  # loaded late otherwise, and counted as work
    begun_at = time.monotonic()
    print("begun", flush=True)
    facts = errand(**request)
    print(json.dumps({"begun_at": begun_at, "peak_rss_mib": _peak_rss_mib(), **facts}))


def _peak_rss_mib() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the kernel does not tell the peak of resident memory")


if __name__ == "__main__":
    main()
