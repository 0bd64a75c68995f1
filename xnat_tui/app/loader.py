"""Runs short reads on threads of its own, the newest wish first. Knows nothing of widgets.

Not Textual's thread workers: they share one small pool and a hanging request would hold up quitting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from xnat_tui.core.exceptions import (
    AuthenticationError,
    ConnectionLostError,
    ServerBusyError,
    XnatTuiError,
)

Answer = TypeVar("Answer")
Told = TypeVar("Told")
_Job = Callable[[], None]

UNANSWERED = (ConnectionLostError, ServerBusyError, AuthenticationError)
"""Failures that say nothing about what was wished for: it may be there once the connection is."""


def _hear_nothing(error: XnatTuiError | None, asked: bool) -> None:
    pass


class Loader:
    """A stack of wishes and a few daemon threads that fulfil them, last come first served.

    A wish with the key of one that still waits replaces it. Threads start with the first wish. Wishes that
    got no answer for want of a connection are kept, so that they can go on when there is one again.
    """

    def __init__(
        self,
        threads: int = 4,
        *,
        heard: Callable[[XnatTuiError | None, bool], object] = _hear_nothing,
    ) -> None:
        """Prepare it; no thread is started yet.

        Args:
            threads: how many reads run at the same time.
            heard: gets the outcome of every read, None or its error, and whether somebody asked for it; must
                be safe to call from any thread.
        """
        self._threads = threads
        self._heard = heard
        self._started = 0
        self._wishes: dict[object, _Job] = {}
        self._unanswered: dict[object, _Job] = {}
        self._changed = threading.Condition()
        self._epoch = 0
        self._closed = False

    def wish(
        self,
        key: object,
        read: Callable[[], Answer],
        done: Callable[[Answer], object],
        failed: Callable[[XnatTuiError], object],
        *,
        asked: bool = True,
    ) -> None:
        """Have `read` called on a thread, then `done` or `failed` on that same thread.

        Args:
            key: what is wished for; a waiting wish with the same key is forgotten.
            read: the blocking call.
            done: gets what it returned; must be safe to call from any thread, as `post_message` is.
            failed: gets the error; anything unexpected comes wrapped in a sentence.
            asked: whether a person asked for just this; false for what merely follows the cursor.
        """
        epoch = self._epoch

        def job() -> None:
            try:
                answer = read()
            except XnatTuiError as error:
                self._fail(epoch, key, job, error, failed, asked)
            except Exception as error:  # one bad answer must not cost us the thread
                sentence = f"Something unexpected happened: {type(error).__name__}: {error}"
                self._tell(epoch, failed, XnatTuiError(sentence))
            else:
                self._tell(epoch, done, answer)
                self._hear(epoch, None, asked)

        with self._changed:
            self._unanswered.pop(key, None)
            self._enqueue(key, job)

    def try_again(self) -> None:
        """Wish once more for everything that got no answer for want of a connection."""
        with self._changed:
            unanswered, self._unanswered = self._unanswered, {}
            for key, job in unanswered.items():
                self._enqueue(key, job)

    def forget(self) -> None:
        """Let go of every wish, also of those under way: they were about another server."""
        with self._changed:
            self._epoch += 1
            self._wishes.clear()
            self._unanswered.clear()

    def close(self) -> None:
        """Begin nothing any more. Does not wait: running reads end with the process."""
        with self._changed:
            self._closed = True
            self._wishes.clear()
            self._changed.notify_all()

    def _enqueue(self, key: object, job: _Job) -> None:
        self._wishes.pop(key, None)
        self._wishes[key] = job
        self._start_one_more()
        self._changed.notify()

    def _fail(
        self,
        epoch: int,
        key: object,
        job: _Job,
        error: XnatTuiError,
        failed: Callable[[XnatTuiError], object],
        asked: bool,
    ) -> None:
        with self._changed:
            # What is wished for anew by now needs no second try.
            if isinstance(error, UNANSWERED) and epoch == self._epoch and key not in self._wishes:
                self._unanswered[key] = job
        self._tell(epoch, failed, error)
        self._hear(epoch, error, asked)

    def _hear(self, epoch: int, error: XnatTuiError | None, asked: bool) -> None:
        if self._listens(epoch):
            self._heard(error, asked)

    def _tell(self, epoch: int, listener: Callable[[Told], object], what: Told) -> None:
        if self._listens(epoch):
            listener(what)

    def _listens(self, epoch: int) -> bool:
        """Nobody listens any more after `close` and `forget`."""
        return not self._closed and epoch == self._epoch

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
