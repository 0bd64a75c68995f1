"""Short reads on threads: the newest wish first, errors told, nothing waits at the end."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

import pytest

from xnat_tui.app.loader import Loader
from xnat_tui.core.exceptions import ServerBusyError, XnatTuiError


@pytest.fixture
def loader() -> Iterator[Loader]:
    loader = Loader(threads=1)
    yield loader
    loader.close()


@pytest.fixture
def busy(loader: Loader) -> Iterator[threading.Event]:
    """The only thread is busy until this event is set."""
    begun, release = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        release.wait(20)

    loader.wish("hold", hold, lambda _: None, lambda _: None)
    assert begun.wait(20)
    yield release
    release.set()


def test_the_newest_wish_comes_first(loader: Loader, busy: threading.Event) -> None:
    told: queue.Queue[str] = queue.Queue()
    for name in ("old", "newer", "newest"):
        loader.wish(name, lambda name=name: name, told.put, told.put)
    busy.set()
    assert [told.get(timeout=20) for _ in range(3)] == ["newest", "newer", "old"]


def test_a_wish_replaces_a_waiting_one_with_the_same_key(loader: Loader, busy: threading.Event) -> None:
    told: queue.Queue[str] = queue.Queue()
    loader.wish("last", lambda: "last", told.put, told.put)
    loader.wish("details", lambda: "stale", told.put, told.put)
    loader.wish("details", lambda: "fresh", told.put, told.put)
    busy.set()
    assert [told.get(timeout=20) for _ in range(2)] == ["fresh", "last"]
    assert told.empty()


def test_errors_are_told_and_the_thread_lives_on(loader: Loader) -> None:
    told: queue.Queue[XnatTuiError | str] = queue.Queue()

    def busy_server() -> str:
        raise ServerBusyError("Not now.")

    def broken_code() -> str:
        raise KeyError("x")

    loader.wish("a", busy_server, told.put, told.put)
    assert isinstance(told.get(timeout=20), ServerBusyError)
    loader.wish("b", broken_code, told.put, told.put)
    assert "KeyError" in str(told.get(timeout=20))
    loader.wish("c", lambda: "fine", told.put, told.put)
    assert told.get(timeout=20) == "fine"


def test_nothing_is_told_after_closing(loader: Loader, busy: threading.Event) -> None:
    told: queue.Queue[str] = queue.Queue()
    loader.wish("waiting", lambda: "waiting", told.put, told.put)
    loader.close()
    busy.set()
    loader.wish("late", lambda: "late", told.put, told.put)
    with pytest.raises(queue.Empty):
        told.get(timeout=0.1)
