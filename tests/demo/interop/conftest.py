"""Clients that this project did not write: installed from PyPI, each used through its own Python."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from xnat_tui.demo.serve import DemoServer

_HERE = Path(__file__).parent
_INSTALL_TIMEOUT_S = 300
_ERRAND_TIMEOUT_S = 120
_OUTSIDE = dict(os.environ)  # pip may need the proxy, which tests do not see


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that pytest's other workers, and other runs, respect."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _install(cache: pytest.Cache, package: str) -> Path:
    """Return the environment that holds `package` ("name==version"); made once and kept for later runs."""
    python = f"python{sys.version_info.major}.{sys.version_info.minor}"
    folder = cache.mkdir("interop") / f"{package.replace('==', '-')}-{python}"
    complete = folder / "complete"
    with _locked(folder.parent / f"{folder.name}.lock"):
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)
            venv.create(folder, with_pip=True)
            command = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", package]
            done = subprocess.run(
                command, capture_output=True, text=True, env=_OUTSIDE, timeout=_INSTALL_TIMEOUT_S
            )
            assert done.returncode == 0, f"pip could not install {package}:\n{done.stderr}"
            complete.touch()
    return folder


@dataclass(frozen=True)
class ForeignClient:
    """Somebody else's client, run as its users run it: in a process and with a home folder of its own."""

    environment: Path
    home: Path
    server: DemoServer

    def run(self, program: str, *args: str) -> str:
        """Run a program of the client's environment; return what it printed."""
        server = self.server
        account = {"XNAT_USER": server.user, "XNAT_PASS": server.password}
        place = {"XNAT_URL": server.url, "XNAT_HOST": server.url, "HOME": str(self.home)}
        done = subprocess.run(
            [self.environment / "bin" / program, *args],
            capture_output=True,
            text=True,
            env={
                "PATH": os.environ["PATH"],
                "NO_COLOR": "1",
                "XNAT_NO_UPDATE_CHECK": "1",
                **account,
                **place,
            },
            cwd=self.home,
            timeout=_ERRAND_TIMEOUT_S,
        )
        assert done.returncode == 0, f"{program} {' '.join(args)} failed:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def errand(self, script: str, name: str, *args: str) -> Any:
        """Run one function of a script beside this file; return what it returned."""
        return json.loads(self.run("python", str(_HERE / script), name, *args).splitlines()[-1])


@pytest.fixture
def xnatpy(request: pytest.FixtureRequest, own_home: Path, demo: DemoServer) -> ForeignClient:
    """The library of the Erasmus MC, which builds its classes from the server's schemas."""
    return ForeignClient(_install(request.config.cache, "xnat==0.8.1"), own_home, demo)


@pytest.fixture
def xnatctl(request: pytest.FixtureRequest, own_home: Path, demo: DemoServer) -> ForeignClient:
    """A command line for XNAT, and the services below it."""
    return ForeignClient(_install(request.config.cache, "xnatctl==0.6.0"), own_home, demo)
