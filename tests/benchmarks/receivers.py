"""DICOM receivers as Debian installs them: DCMTK's storescp and Orthanc."""

from __future__ import annotations

import json
import shutil
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.benchmarks.programs import Listener, find_program, free_port, listens

NO_DELAY = {"TCP_NODELAY": "1"}
"""Makes DCMTK's programs, and Orthanc, switch Nagle's algorithm off."""


class StoreScp(Listener):
    """storescp, a process for each association, that keeps what it gets in a folder."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        port = free_port()
        command = [find_program("storescp"), "--fork", "--accept-all", "-od", str(folder), str(port)]
        super().__init__(command, port, environment)

    def count(self) -> int:
        """Return how many instances it holds; each has a file of its own."""
        return sum(1 for _ in self._folder.iterdir())

    def clear(self) -> None:
        """Have it hold nothing."""
        shutil.rmtree(self._folder)
        self._folder.mkdir()


class Orthanc(Listener):
    """Orthanc without plugins."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        folder.mkdir(parents=True)
        self._http_port, port = free_port(), free_port()
        settings = {
            "StorageDirectory": str(folder / "storage"),
            "IndexDirectory": str(folder / "storage"),
            "HttpPort": self._http_port,
            "DicomPort": port,
            "RemoteAccessAllowed": False,
            "AuthenticationEnabled": False,
            "DicomAlwaysAllowStore": True,
            "DicomCheckCalledAet": False,
            "OverwriteInstances": True,
            "Plugins": [],
        }
        (folder / "orthanc.json").write_text(json.dumps(settings), encoding="utf-8")
        super().__init__([find_program("Orthanc"), str(folder / "orthanc.json")], port, environment)

    def count(self) -> int:
        """Return how many instances it holds."""
        return int(self._ask("GET", "/statistics")["CountInstances"])

    def clear(self) -> None:
        """Have it hold nothing."""
        while not listens(self._http_port):
            time.sleep(0.02)
        for patient in self._ask("GET", "/patients"):
            self._ask("DELETE", f"/patients/{patient}")

    def _ask(self, method: str, path: str) -> Any:
        request = urllib.request.Request(f"http://127.0.0.1:{self._http_port}{path}", method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


Receiver = StoreScp | Orthanc
