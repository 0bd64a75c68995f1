"""One thread for what a server does without being asked. It sleeps until there is something to do."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import TypeVar

_LOG = logging.getLogger(__name__)
Task = Callable[[], object]
_Result = TypeVar("_Result")


class Background:
    """Runs a recurring task when it falls due, and others as they come.

    Args:
        recurring: does what is due; returns after how many seconds it wants to run again, or None for not
            before somebody wakes it.
    """

    def __init__(self, recurring: Callable[[], float | None]) -> None:
        self._recurring = recurring
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="xnat-demo-background", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the task it is at; harmless when it does not run."""
        if self._thread:
            self._tasks.put(None)
            self._thread.join()
        self._thread = None

    def submit(self, task: Task) -> None:
        """Have a task done soon."""
        self._tasks.put(task)

    def wake(self) -> None:
        """Let the recurring task look again when something falls due."""
        if self._tasks.empty():
            self._tasks.put(_nothing)

    def _run(self) -> None:
        while True:
            pause_s = _guarded(self._recurring)
            try:
                task = self._tasks.get(timeout=pause_s)
            except queue.Empty:
                continue
            if task is None:
                return
            _guarded(task)


def _nothing() -> None:
    """Stands for no task."""


def _guarded(task: Callable[[], _Result]) -> _Result | None:
    """Run a task; what it refuses has been told to whom it concerns, and must not end the thread."""
    try:
        return task()
    except Exception as error:
        _LOG.info("a task in the background failed: %s", error)
        return None
