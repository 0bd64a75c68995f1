"""A demo server with a session of many files, a client of it, and downloads that do not wait long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.transfers.download import bulk
from xnat_tui.core.client import XNATClient
from xnat_tui.core.timeouts import Timeouts
from xnat_tui.demo.serve import DemoServer
from xnat_tui.services.downloads import DownloadService

FILES, SIZE_BYTES = 40, 60_000


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder for this test alone."""
    monkeypatch.setenv("XNAT_TUI_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def content(empty_demo: DemoServer) -> dict[str, bytes]:
    """What a download of the session has to bring, by path."""
    return bulk.plant(empty_demo.archive, FILES, SIZE_BYTES)


@pytest.fixture
def client(empty_demo: DemoServer) -> Iterator[XNATClient]:
    """Logged in as the administrator, with little patience."""
    timeouts = Timeouts(connect_s=2, read_s=0.5)
    with XNATClient(empty_demo.url, "admin", "admin", timeouts=timeouts) as client:
        client.authenticate()
        yield client


@pytest.fixture
def service(client: XNATClient, content: dict[str, bytes]) -> DownloadService:
    """Downloads from a server that has the session."""
    return DownloadService(client)
