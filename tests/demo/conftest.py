"""A demo server for a whole run of tests, and in it a small project of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import httpx
import pytest

from tests.demo.planted import Ask, Place, plant_place
from xnat_tui.demo.serve import DemoServer


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    with DemoServer(tmp_path_factory.mktemp("shared-demo")) as running:
        yield running


@pytest.fixture(scope="session")
def project_names() -> Iterator[str]:
    return (f"LAB{number}" for number in count(1))


@pytest.fixture
def place(server: DemoServer, project_names: Iterator[str]) -> Place:
    return plant_place(server.archive, next(project_names))


@pytest.fixture
def ask(server: DemoServer) -> Iterator[Ask]:
    """Returns a client that is logged in as somebody."""
    clients: list[httpx.Client] = []

    def ask(login: str) -> httpx.Client:
        clients.append(httpx.Client(base_url=server.url, auth=(login, server.users[login])))
        return clients[-1]

    yield ask
    for client in clients:
        client.close()


@pytest.fixture
def admin(ask: Ask) -> httpx.Client:
    return ask("admin")
