"""Downloads one session with xnatctl, run by the Python that has it: PROJECT SUBJECT SESSION ID TARGET."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from xnatctl.core.client import XNATClient


def main() -> None:
    """Log in, then download and unpack the scans of the session, four at the same time."""
    project, subject, label, session_id, target = sys.argv[1:]
    url, user, password = (os.environ[name] for name in ("XNAT_HOST", "XNAT_USER", "XNAT_PASS"))
    with XNATClient(url, username=user, password=password) as client:
        client.authenticate()
        begun_at = time.monotonic()
        outcome = client.downloads.download_session_fast(
            session_project=project,
            subject=subject,
            resolved_session_id=session_id,
            session_dir=Path(target) / label,
            workers=4,
        )
    assert not outcome.failed, outcome.failed
    print(json.dumps({"begun_at": begun_at, "peak_rss_mib": _peak_rss_mib()}))


def _peak_rss_mib() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
