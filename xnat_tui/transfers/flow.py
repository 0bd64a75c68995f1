"""The tap of one job: cancel, pause and a limit on bandwidth, passed by every piece of data."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from xnat_tui.core.cancel import CancelToken

_LOOK_S = 0.2


class Flow:
    """Decides when the next bytes may move; belongs to one job, shared by its threads.

    A job that fails sets its flow's cancel token itself, to end its threads; so a flow is not used twice.

    Attributes:
        cancel: stops the job for good.
        moved_bytes: what came through so far, on the wire.
    """

    def __init__(
        self,
        cancel: CancelToken | None = None,
        *,
        limit_bytes_per_s: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.cancel = cancel or CancelToken()
        self.moved_bytes = 0
        self._running = threading.Event()
        self._running.set()
        self._lock = threading.Lock()
        self._limit_bytes_per_s = limit_bytes_per_s
        self._free_at = 0.0
        self._clock = clock

    @property
    def is_paused(self) -> bool:
        """Whether nothing moves at the moment because somebody wants it so."""
        return not self._running.is_set()

    def pause(self) -> None:
        """Let nothing through until `resume`; connections stay open as long as the server allows it."""
        self._running.clear()

    def resume(self) -> None:
        """Go on after a pause."""
        self._running.set()

    def limit(self, bytes_per_s: float | None) -> None:
        """Bound the bandwidth of the whole job from now on; None takes the bound away."""
        with self._lock:
            self._limit_bytes_per_s = bytes_per_s
            self._free_at = 0.0

    def check(self) -> None:
        """Return when work may go on.

        Raises:
            CancelledByUser: it may not.
        """
        self.cancel.check()
        while not self._running.wait(_LOOK_S):
            self.cancel.check()

    def passed(self, size_bytes: int) -> None:
        """Count bytes that came, and return when the next may.

        Raises:
            CancelledByUser: none may.
        """
        with self._lock:
            self.moved_bytes += size_bytes
            wait_s = self._debt_s(size_bytes)
        while wait_s > 0 and self._limit_bytes_per_s:
            step_s = min(wait_s, _LOOK_S)
            self.cancel.wait(step_s)
            wait_s -= step_s
        self.check()

    def _debt_s(self, size_bytes: int) -> float:
        """Return how long these bytes keep the line busy at the allowed pace."""
        if not self._limit_bytes_per_s:
            return 0.0
        now = self._clock()
        self._free_at = max(self._free_at, now) + size_bytes / self._limit_bytes_per_s
        return self._free_at - now
