"""Delivers parcels over several connections, and does not give up on one too early or too late."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from xnat_tui.core.access import Access
from xnat_tui.core.exceptions import (
    AuthenticationError,
    ConnectionLostError,
    ServerBusyError,
    ServerError,
    XnatTuiError,
)
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.limits import ServerLimit
from xnat_tui.transfers.upload.line import Reply, UploadLine
from xnat_tui.transfers.upload.parcels import Parcel, Sendable
from xnat_tui.transfers.upload.retry import Patience, Trend, Verdict, judge
from xnat_tui.transfers.upload.source import SourceChangedError, warm

_TICK_S = 0.2


@dataclass(frozen=True, slots=True)
class Post:
    """What the workers of one job share.

    Attributes:
        answer_s: how long the server may work on one parcel; None for the client's own limit.
        accept: takes what the server answered to a parcel.
        give_up: takes a file that will not arrive, and why.
        tell: called several times a second by the thread that waits.
    """

    access: Access
    flow: Flow
    limit: ServerLimit
    patience: Patience
    answer_s: float | None
    accept: Callable[[Parcel, Reply], None]
    give_up: Callable[[Sendable, str], None]
    tell: Callable[[], None]


class Crew:
    """Delivers the parcels of one job.

    What fails in passing is tried again after growing waits, then with half the connections, then file by
    file over one.

    Attributes:
        trouble: why it stopped early; "" when it did not.
    """

    def __init__(self, post: Post) -> None:
        self._post = post
        self._trend = Trend(post.patience.equal_failures)
        self._lock = threading.Lock()
        self._queue: deque[Parcel] = deque()
        self._left: list[Parcel] = []
        self._is_last_pass = False
        self._error: BaseException | None = None
        self._stopped = threading.Event()
        self.trouble = ""

    def deliver(self, parcels: Sequence[Parcel], workers: int, *, scouts: Iterable[Parcel] = ()) -> None:
        """Deliver parcels.

        Args:
            parcels: what to deliver.
            workers: most connections at the same time.
            scouts: go first, one by one: a server that is making a session refuses more of it meanwhile.

        Raises:
            CancelledByUser: somebody stopped the job.
            AuthenticationError: the log-in is over and cannot be renewed.
        """
        self._run_pass(scouts, 1)
        self._run_pass(parcels, workers)
        if workers > 2:
            self._run_pass(self._take_left(), workers // 2)
        self._is_last_pass = True
        self._run_pass([part for parcel in self._take_left() for part in _divide(parcel)], 1)

    def _run_pass(self, parcels: Iterable[Parcel], workers: int) -> None:
        self._queue.extend(parcels)
        if not self._queue or self._stopped.is_set():
            return
        threads = [
            threading.Thread(target=self._work, name=f"xnat-tui upload {number}", daemon=True)
            for number in range(min(workers, len(self._queue)))
        ]
        for thread in threads:
            thread.start()
        try:
            self._wait_for(threads)
        except BaseException:
            self._post.flow.cancel.set()
            raise
        finally:
            for thread in threads:
                thread.join()
        if self._error is not None:
            raise self._error

    def _wait_for(self, threads: Sequence[threading.Thread]) -> None:
        for thread in threads:
            while thread.is_alive():
                thread.join(_TICK_S)
                self._post.tell()

    def _work(self) -> None:
        line = UploadLine(self._post.access, self._post.flow, answer_s=self._post.answer_s)
        try:
            while not self._stopped.is_set() and (parcel := self._take()) is not None:
                self._deliver(line, parcel)
        except BaseException as error:
            with self._lock:
                self._error = self._error or error
            self._stopped.set()
            self._post.flow.cancel.set()
        finally:
            line.close()

    def _deliver(self, line: UploadLine, parcel: Parcel) -> None:
        """Deliver a parcel, however many tries it takes within patience."""
        patience, tries = self._post.patience, 0
        self._warm_next()
        while (error := self._try(line, parcel)) is not None:
            tries += 1
            verdict = judge(error)
            parcel.refusals += verdict is Verdict.AMBIGUOUS
            if verdict is Verdict.REFUSED or parcel.refusals >= patience.ambiguous_tries:
                self._refuse(parcel, error, verdict)
                return
            if tries == patience.tries:
                self._leave(parcel, error)
                return
            if self._calm_down(error, tries):
                return

    def _try(self, line: UploadLine, parcel: Parcel) -> XnatTuiError | None:
        """Send a parcel once; return what is to be judged, None when it is dealt with."""
        post = self._post
        try:
            with post.limit.slot(post.flow.cancel):
                reply = line.send(parcel.method, parcel.path, parcel.body())
            post.accept(parcel, reply)
        except SourceChangedError as error:
            self._drop(parcel, error)
        except AuthenticationError:
            raise
        except (ConnectionLostError, ServerError) as error:
            return error
        else:
            self._trend.note_success()
        return None

    def _drop(self, parcel: Parcel, error: SourceChangedError) -> None:
        """Give up on the file that changed, and send what is left of its parcel anew."""
        rest = []
        for item in parcel.items:
            if item.name == error.name:
                self._post.give_up(item, error.message)
            else:
                rest.append(item)
        if rest:
            with self._lock:
                self._queue.appendleft(parcel.only(rest))

    def _refuse(self, parcel: Parcel, error: XnatTuiError, verdict: Verdict) -> None:
        if verdict is Verdict.AMBIGUOUS and len(parcel.items) > 1:
            # One of its files may be to blame; alone the others may be welcome.
            with self._lock:
                self._left.append(parcel)
            return
        self._fail(parcel, error)

    def _leave(self, parcel: Parcel, error: XnatTuiError) -> None:
        """Leave a parcel to the next pass."""
        if self._is_last_pass:
            self._fail(parcel, error)
            return
        with self._lock:
            self._left.append(parcel)
        self._note(error)

    def _fail(self, parcel: Parcel, error: XnatTuiError) -> None:
        for item in parcel.items:
            self._post.give_up(item, error.message)
        self._note(error)

    def _note(self, error: XnatTuiError) -> None:
        if self._trend.note_failure(error):
            self.trouble = error.message
            self._stopped.set()

    def _calm_down(self, error: XnatTuiError, tries: int) -> bool:
        """Wait before the next try; return True when there is none any more."""
        if isinstance(error, ServerBusyError) or isinstance(error.__cause__, TimeoutError):
            self._post.limit.complain(error.retry_after_s if isinstance(error, ServerBusyError) else None)
        wait_s = self._post.patience.wait_s(tries)
        with self._post.flow.cancel.waking(self._stopped.set):
            has_stopped = self._stopped.wait(wait_s)
        self._post.flow.check()
        return has_stopped

    def _warm_next(self) -> None:
        """Have the system read the next archive's files while this one is under way."""
        with self._lock:
            following = self._queue[0] if self._queue else None
        if following is not None and len(following.items) > 1:
            warm([item.member for item in following.items])

    def _take(self) -> Parcel | None:
        with self._lock:
            return self._queue.popleft() if self._queue else None

    def _take_left(self) -> list[Parcel]:
        left, self._left = self._left, []
        return left


def _divide(parcel: Parcel) -> list[Parcel]:
    """Return a parcel for each file."""
    return [parcel.only([item]) for item in parcel.items] if len(parcel.items) > 1 else [parcel]
