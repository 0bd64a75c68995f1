"""Small servers that misbehave on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.core.authority import Authority
from tests.core.small_server import Servers, SmallServer
from xnat_tui.core.client import XNATClient


@pytest.fixture
def servers() -> Iterator[Servers]:
    started = Servers()
    yield started
    started.close()


@pytest.fixture
def server(servers: Servers) -> SmallServer:
    return servers.start()


@pytest.fixture
def connect() -> Iterator[Callable[..., XNATClient]]:
    """Makes clients that do not wait between repeats, and closes them."""
    clients: list[XNATClient] = []

    def connect(server: SmallServer, password: str = "secret", **options: object) -> XNATClient:
        client = XNATClient(server.url, "alice", password, **{"sleep": lambda _: None, **options})  # type: ignore[arg-type]
        clients.append(client)
        return client

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)
