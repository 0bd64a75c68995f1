"""How many connections one server gets: more while that brings more bytes, half as soon as it complains."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from xnat_tui.core.cancel import CancelToken

_WINDOW_S = 0.5
_WORTHWHILE = 1.1
_TRY_AGAIN_S = 10.0
_LOOK_S = 0.2


class ServerLimit:
    """Slots for requests to one server; shared by the threads, and jobs, that talk to it.

    Additive increase while throughput grows, multiplicative decrease on 429, 503 and time-outs.
    """

    def __init__(self, most: int = 8, *, start: int = 2, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with `start` slots.

        Args:
            most: never more slots than this.
            start: how many to begin with.
            clock: seconds that never run backwards.
        """
        self._most = most
        self._allowed = max(1, min(start, most))
        self._clock = clock
        self._changed = threading.Condition()
        self._used = 0
        self._calm_until = 0.0
        self._window_start = clock()
        self._window_bytes = 0
        self._last_bytes_per_s = 0.0
        self._next_try_at = 0.0

    @property
    def allowed(self) -> int:
        """How many requests may be under way together at the moment."""
        return self._allowed

    @property
    def has_free_slot(self) -> bool:
        """Whether a request could begin at once."""
        return self._used < self._allowed and self._clock() >= self._calm_until

    @contextmanager
    def slot(self, cancel: CancelToken) -> Iterator[None]:
        """Wait for a slot and keep it within the block.

        Raises:
            CancelledByUser: while waiting.
        """
        with self._changed:
            while self._used >= self._allowed or self._clock() < self._calm_until:
                self._changed.wait(_LOOK_S)
                cancel.check()
            self._used += 1
        try:
            yield
        finally:
            with self._changed:
                self._used -= 1
                self._changed.notify()

    def complain(self, retry_after_s: float | None = None) -> None:
        """Halve the slots, and give none away for as long as the server asked for."""
        with self._changed:
            self._allowed = max(1, self._allowed // 2)
            now = self._clock()
            self._calm_until = max(self._calm_until, now + (retry_after_s or 0.0))
            self._next_try_at = now + _TRY_AGAIN_S
            self._last_bytes_per_s = 0.0

    def observe(self, moved_bytes: int) -> None:
        """Take note of the total moved so far; to be called a few times a second while work is under way."""
        with self._changed:
            now = self._clock()
            elapsed_s = now - self._window_start
            if elapsed_s < _WINDOW_S:
                return
            bytes_per_s = max(0, moved_bytes - self._window_bytes) / elapsed_s
            self._window_start, self._window_bytes = now, moved_bytes
            if self._used >= self._allowed:
                self._adapt(bytes_per_s, now)

    def _adapt(self, bytes_per_s: float, now: float) -> None:
        if now < self._next_try_at or self._allowed >= self._most:
            return
        if bytes_per_s > self._last_bytes_per_s * _WORTHWHILE:
            self._allowed += 1
            self._last_bytes_per_s = bytes_per_s
            self._changed.notify()
        else:
            self._next_try_at = now + _TRY_AGAIN_S
            self._last_bytes_per_s = 0.0
