"""Runs short reads on threads of its own, the newest wish first. Knows nothing of widgets.

Not Textual's thread workers: they share one small pool and a hanging request would hold up quitting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from xnat_tui.core.exceptions import XnatTuiError

Answer = TypeVar("Answer")
Told = TypeVar("Told")
_Job = Callable[[], None]


class Loader:
    """A stack of wishes and a few daemon threads that fulfil them, last come first served.

    A wish with the key of one that still waits replaces it. Threads start with the first wish.
    """

    def __init__(self, threads: int = 4) -> None:
        self._threads = threads
        self._started = 0
        self._wishes: dict[object, _Job] = {}
        self._changed = threading.Condition()
        self._closed = False

    def wish(
        self,
        key: object,
        read: Callable[[], Answer],
        done: Callable[[Answer], object],
        failed: Callable[[XnatTuiError], object],
    ) -> None:
        """Have `read` called on a thread, then `done` or `failed` on that same thread.

        Args:
            key: what is wished for; a waiting wish with the same key is forgotten.
            read: the blocking call.
            done: gets what it returned; must be safe to call from any thread, as `post_message` is.
            failed: gets the error; anything unexpected comes wrapped in a sentence.
        """

        def job() -> None:
            try:
                answer = read()
            except XnatTuiError as error:
                self._tell(failed, error)
            except Exception as error:  # one bad answer must not cost us the thread
                sentence = f"Something unexpected happened: {type(error).__name__}: {error}"
                self._tell(failed, XnatTuiError(sentence))
            else:
                self._tell(done, answer)

        with self._changed:
            self._wishes.pop(key, None)
            self._wishes[key] = job
            self._start_one_more()
            self._changed.notify()

    def close(self) -> None:
        """Begin nothing any more. Does not wait: running reads end with the process."""
        with self._changed:
            self._closed = True
            self._wishes.clear()
            self._changed.notify_all()

    def _tell(self, listener: Callable[[Told], object], what: Told) -> None:
        """Nobody listens any more after `close`."""
        if not self._closed:
            listener(what)

    def _start_one_more(self) -> None:
        if self._started < self._threads:
            self._started += 1
            threading.Thread(target=self._work, name=f"loader-{self._started}", daemon=True).start()

    def _work(self) -> None:
        while (job := self._newest()) is not None:
            job()

    def _newest(self) -> _Job | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._wishes))
            return None if self._closed else self._wishes.popitem()[1]
