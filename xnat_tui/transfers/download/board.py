"""Who of the workers moves what: hands out work, biggest first, and lets idle ones take from the tail."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable

from xnat_tui.core.cancel import CancelToken
from xnat_tui.transfers.items import Batch, Item

_LEAST_TO_STEAL_BYTES = 4 * 1024 * 1024
_FILES_PER_TURN = 200
_LOOK_S = 0.2


class Work:
    """Items that one worker moves.

    Attributes:
        batch: comes as a ZIP; None for files one by one.
    """

    def __init__(self, items: Iterable[Item], batch: Batch | None = None) -> None:
        self.batch = batch
        self._left = {(item.resource_id, item.path): item for item in items}
        self._begun: set[str] = set()

    @property
    def left(self) -> list[Item]:
        """Items that nobody has begun yet, in order."""
        return list(self._left.values())

    @property
    def is_empty(self) -> bool:
        """Whether nobody need do anything more."""
        return not self._left

    @property
    def left_bytes(self) -> int:
        """Size of the items that nobody has begun, at least one byte each."""
        return sum(max(1, item.size_bytes or 0) for item in self._left.values())

    def has_begun(self, resource_id: str) -> bool:
        """Tell whether anything of a resource was begun."""
        return resource_id in self._begun

    def pop(self, resource_id: str, path: str) -> Item | None:
        """Return an item for the caller alone to move, None when it is not there any more."""
        item = self._left.pop((resource_id, path), None)
        if item is not None:
            self._begun.add(resource_id)
        return item

    def pop_first(self) -> Item | None:
        """Return the next item for the caller alone to move."""
        key = next(iter(self._left), None)
        return self.pop(*key) if key else None

    def split_tail(self) -> list[Item]:
        """Take away the last items, up to half of the bytes, and return them."""
        half = self.left_bytes // 2
        taken: list[Item] = []
        size_bytes = 0
        while self._left and len(taken) < _FILES_PER_TURN:
            item = next(reversed(self._left.values()))
            size_bytes += max(1, item.size_bytes or 0)
            if size_bytes > half:
                break
            self.pop(item.resource_id, item.path)
            taken.append(item)
        return taken[::-1]


class Board:
    """The work of one job, shared by its workers."""

    def __init__(
        self,
        batches: Iterable[Batch],
        singles: Iterable[str],
        load: Callable[[Iterable[str]], list[Item]],
        cancel: CancelToken,
        *,
        may_steal: Callable[[], bool] = lambda: True,
    ) -> None:
        """Take the work.

        Args:
            batches: what comes in ZIPs.
            singles: resources whose files come one by one.
            load: returns the items of resources that are still to be moved; asked only when it is their turn.
            cancel: ends all waiting.
            may_steal: whether one more worker could begin at once; otherwise what it took would only wait.
        """
        self._batches = deque(sorted(batches, key=lambda batch: batch.size_bytes, reverse=True))
        self._singles = deque(singles)
        self._ready: deque[Work] = deque()
        self._running: list[Work] = []
        self._load = load
        self._cancel = cancel
        self._may_steal = may_steal
        self._changed = threading.Condition()

    def take(self) -> Work | None:
        """Return work for the caller; waits while others may still give some back; None when all is done.

        Raises:
            CancelledByUser: the job is stopped.
        """
        with self._changed:
            while (work := self._next()) is None:
                self._cancel.check()
                if not self._running:
                    self._changed.notify_all()
                    return None
                self._changed.wait(_LOOK_S)
            self._running.append(work)
            return work

    def claim(self, work: Work, resource_id: str, path: str) -> Item | None:
        """Return an item of running work for the caller alone to move, None when another does."""
        with self._changed:
            return work.pop(resource_id, path)

    def claim_next(self, work: Work) -> Item | None:
        """Return the next item of running work for the caller alone to move, None when there is none."""
        with self._changed:
            return work.pop_first()

    def put_back(self, items: Iterable[Item]) -> None:
        """Take items that have to be moved after all, one by one."""
        work = Work(items)
        if not work.is_empty:
            with self._changed:
                self._ready.append(work)
                self._changed.notify()

    def finish(self, work: Work, *, zips: bool = True) -> None:
        """Take running work back, with what is left of it.

        A resource of which nothing has come yet may come as a ZIP again, alone. The rest comes one by one, so
        that nothing comes twice.

        Args:
            work: what was taken.
            zips: ZIPs are worth another try.
        """
        with self._changed:
            self._running.remove(work)
            left = work.left
            candidates = work.batch.resource_ids if work.batch is not None and zips else ()
            untouched = [resource_id for resource_id in candidates if not work.has_begun(resource_id)]
            rest = [item for item in left if item.resource_id not in untouched]
            for resource_id in untouched:
                items = [item for item in left if item.resource_id == resource_id]
                if items:
                    self._ready.append(Work(items, _alone(items)))
            if rest:
                self._ready.append(Work(rest))
            self._changed.notify_all()

    def _next(self) -> Work | None:
        if self._ready:
            return self._ready.popleft()
        if self._batches:
            batch = self._batches.popleft()
            return Work(self._load(batch.resource_ids), batch)
        if self._singles:
            return Work(self._load([self._singles.popleft()]))
        return self._stolen()

    def _stolen(self) -> Work | None:
        if not self._may_steal():
            return None
        longest = max(self._running, key=lambda work: work.left_bytes, default=None)
        if longest is None or (longest.batch and longest.left_bytes < _LEAST_TO_STEAL_BYTES):
            return None
        items = longest.split_tail()
        return Work(items) if items else None


def _alone(items: list[Item]) -> Batch | None:
    """Return the batch of the items of one resource; None where a ZIP of them does not pay."""
    if len(items) < 2:
        return None
    first = items[0]
    size_bytes = sum(item.size_bytes or 0 for item in items)
    return Batch(first.owner, (), first.resource_id, (first.resource_id,), size_bytes, len(items))
