"""A side thread that does small tasks in order, and buffers that go round between it and a reader.

Hashing takes as long as reading from a fast network, and lets go of the interpreter's lock meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

_BUFFERS = 6

_Task = tuple[Callable[..., object], tuple[Any, ...]]


class Lane:
    """Does tasks one after the other, in a thread of its own or at once in the caller's."""

    def __init__(self, *, threaded: bool) -> None:
        """Start the thread if there is to be one; `close` ends it."""
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._free: SimpleQueue[bytearray] = SimpleQueue()
        self._made = 1
        self._error: BaseException | None = None
        self._thread: threading.Thread | None = None
        if threaded:
            self._thread = threading.Thread(target=self._work, name="xnat-tui hashing", daemon=True)
            self._thread.start()

    def submit(self, task: Callable[..., object], *arguments: Any) -> None:
        """Have a task done after those submitted before; what an earlier one raised is raised here."""
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        if self._thread is None:
            task(*arguments)
        else:
            self._tasks.put((task, arguments))

    def swap(self, used: bytearray) -> bytearray:
        """Return a buffer to fill while tasks still use `used`, which comes back when they are done."""
        if self._thread is None:
            return used
        self._tasks.put((self._free.put, (used,)))
        if self._made < _BUFFERS and self._free.empty():
            self._made += 1
            return bytearray(len(used))
        return self._free.get()

    def settle(self) -> None:
        """Wait until all tasks are done.

        Raises:
            OSError: what a task raised.
        """
        if self._thread is not None:
            done = threading.Event()
            self._tasks.put((done.set, ()))
            done.wait()
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def close(self) -> None:
        """End the thread after the tasks that are left."""
        if self._thread is not None:
            self._tasks.put(None)
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            function, arguments = task
            try:
                function(*arguments)
            except BaseException as error:
                self._error = self._error or error
