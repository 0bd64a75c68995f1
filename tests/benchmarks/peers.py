"""Other clients of XNAT, installed from PyPI into environments of their own that the tests share."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from tests.benchmarks.measure import ROOT, Command
from tests.benchmarks.site import PASSWORD, PROJECT, SESSION, SUBJECT, USER

PEERS = {"xnatpy": "xnat==0.8.1", "xnatctl": "xnatctl==0.6.0"}
_SCRIPTS = Path(__file__).parent / "peer_scripts"


def peer_download(peer: str, url: str, session_id: str, target: Path, home: Path) -> Command:
    """Return the download of the session by a peer; its start-up includes its log-in.

    Args:
        peer: name in PEERS.
        url: base URL of the server.
        session_id: number of the session.
        target: existing folder for the files.
        home: the peer's home folder and place for temporary files.
    """
    python = _environment(PEERS[peer]) / "bin" / "python"
    account = {"XNAT_HOST": url, "XNAT_USER": USER, "XNAT_PASS": PASSWORD}
    place = {"HOME": str(home), "TMPDIR": str(home), "XNAT_NO_UPDATE_CHECK": "1"}
    arguments = [PROJECT, SUBJECT, SESSION, session_id, str(target)]
    script = str(_SCRIPTS / f"{peer}_download.py")
    return Command([str(python), script, *arguments], speaks=True, environment={**account, **place})


def _environment(package: str) -> Path:
    """Return the environment that holds a package, "name==version"; made once and kept."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    folder = ROOT / ".pytest_cache/d/interop" / f"{package.replace('==', '-')}-{version}"
    complete = folder / "complete"
    if not complete.exists():
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin/python", "-m", "pip", "install", "--quiet", package], check=True)
        complete.touch()
    return folder
