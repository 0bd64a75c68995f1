"""Stopping work that runs in other threads: a token that is set once and looked at often."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from xnat_tui.core.exceptions import CancelledByUser


class CancelToken:
    """Says whether somebody wants the work to stop; shared by threads, set once, never unset."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._wakers: dict[int, Callable[[], object]] = {}
        self._next_waker = 0

    @property
    def is_set(self) -> bool:
        """Whether the work is to stop."""
        return self._event.is_set()

    def set(self) -> None:
        """Ask the work to stop, and wake whoever waits for something else meanwhile."""
        self._event.set()
        with self._lock:
            wakers = list(self._wakers.values())
        for wake in wakers:
            wake()

    def check(self) -> None:
        """Do nothing while the work may go on.

        Raises:
            CancelledByUser: it is to stop.
        """
        if self._event.is_set():
            raise CancelledByUser("Cancelled.")

    def wait(self, seconds: float) -> None:
        """Wait, but not longer than until the work is to stop.

        Raises:
            CancelledByUser: it is to stop.
        """
        self._event.wait(seconds)
        self.check()

    @contextmanager
    def waking(self, wake: Callable[[], object]) -> Iterator[None]:
        """Call `wake` from the cancelling thread if that happens within the block.

        For work that blocks where it cannot look at the token, such as in a read from the network.
        """
        with self._lock:
            number = self._next_waker
            self._next_waker += 1
            self._wakers[number] = wake
        try:
            self.check()
            yield
        finally:
            with self._lock:
                del self._wakers[number]
