"""Downloads one session with xnatpy, run by the Python that has it: PROJECT SUBJECT SESSION ID TARGET."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import xnat


def main() -> None:
    """Log in, then download and unpack the scans of the session."""
    project, _, label, _, target = sys.argv[1:]
    with xnat.connect(os.environ["XNAT_HOST"], loglevel="ERROR") as session:
        experiment = session.projects[project].experiments[label]
        begun_at = time.monotonic()
        experiment.download_dir(target, verbose=False)
    print(json.dumps({"begun_at": begun_at, "peak_rss_mib": _peak_rss_mib()}))


def _peak_rss_mib() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
