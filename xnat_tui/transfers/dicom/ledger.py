"""Which instances still have to be sent, and what became of the others; shared by the threads that send."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xnat_tui.models.store import InstanceOutcome, InstanceState, StoreProgress, StoreReport
from xnat_tui.transfers.dicom.header import DicomFile


@dataclass(slots=True)
class SendItem:
    """One instance on its way.

    Attributes:
        at: its place among all instances.
        attempts: how often it was sent.
    """

    at: int
    file: DicomFile
    attempts: int = 0


class SendQueue:
    """Instances that wait; those that failed come again when every other one has had its turn."""

    def __init__(self, items: Iterable[SendItem]) -> None:
        self._first = deque(items)
        self._again: deque[SendItem] = deque()

    def __len__(self) -> int:
        return len(self._first) + len(self._again)

    def take(self) -> SendItem | None:
        """Return the next one, None when there is none at the moment."""
        for waiting in (self._first, self._again):
            try:
                return waiting.popleft()
            except IndexError:
                continue
        return None

    def give_back(self, item: SendItem) -> None:
        """Let an instance wait for another attempt."""
        self._again.append(item)


class Ledger:
    """The outcome of every instance, and the sums of them."""

    def __init__(self, files: Sequence[DicomFile]) -> None:
        self._outcomes: list[InstanceOutcome | None] = [None] * len(files)
        self._news: deque[InstanceOutcome] = deque()
        self._lock = threading.Lock()
        self._total_bytes = sum(file.size_bytes for file in files)
        self._sent = 0
        self._failed = 0
        self._arrived_bytes = 0

    @property
    def sent(self) -> int:
        """How many instances arrived so far."""
        return self._sent

    def settle(
        self, item: SendItem, state: InstanceState, *, status: int | None = None, reason: str = ""
    ) -> None:
        """Write down what became of an instance, for good."""
        file = item.file
        outcome = InstanceOutcome(
            file.name, file.sop_instance_uid, file.size_bytes, state, status, reason, item.attempts
        )
        with self._lock:
            self._outcomes[item.at] = outcome
            self._news.append(outcome)
            if outcome.arrived:
                self._sent += 1
                self._arrived_bytes += file.size_bytes
            else:
                self._failed += 1

    def news(self) -> list[InstanceOutcome]:
        """Return the outcomes since the last call."""
        return [self._news.popleft() for _ in range(len(self._news))]

    def progress(self, moved_bytes: int) -> StoreProgress:
        """Return how far it is."""
        with self._lock:
            return StoreProgress(
                len(self._outcomes),
                self._total_bytes,
                self._sent,
                self._failed,
                self._arrived_bytes,
                moved_bytes,
            )

    def report(self, trouble: str) -> StoreReport:
        """Return the outcomes, when every instance has one."""
        return StoreReport(tuple(outcome for outcome in self._outcomes if outcome is not None), trouble)
