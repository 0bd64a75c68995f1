"""Makes what has arrived safe against a crash of the machine, and only then writes it down as done."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import TracebackType

from xnat_tui.transfers.download.destination import Destination
from xnat_tui.transfers.flushing import flush
from xnat_tui.transfers.items import Outcome
from xnat_tui.transfers.journal import Journal

_EVERY_S = 0.3
_BATCH = 512


class Settler:
    """A thread that takes outcomes, flushes their files to the disk and records them, in batches."""

    def __init__(self, destination: Destination, journal: Journal) -> None:
        self._destination = destination
        self._journal = journal
        self._outcomes: list[Outcome] = []
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self._ends = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="xnat-tui journal", daemon=True)

    def __enter__(self) -> Settler:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends = True
        self._wanted.set()
        self._thread.join()
        if self._error is not None and error is None:
            raise self._error

    def add(self, outcome: Outcome) -> None:
        """Take an outcome; what went wrong with earlier ones is raised here.

        Raises:
            OSError: the disk did not keep a file.
            OperationError: the journal cannot be written.
        """
        if self._error is not None:
            raise self._error
        with self._lock:
            self._outcomes.append(outcome)
            is_full = len(self._outcomes) >= _BATCH
        if is_full:
            self._wanted.set()

    def _work(self) -> None:
        ends = False
        while not ends and self._error is None:
            self._wanted.wait(_EVERY_S)
            ends = self._ends
            self._wanted.clear()
            with self._lock:
                batch, self._outcomes = self._outcomes, []
            try:
                self._settle(batch)
            except BaseException as error:
                self._error = error

    def _settle(self, batch: Sequence[Outcome]) -> None:
        if not batch:
            return
        flush([self._destination.path(each.item) for each in batch if each.proof is not None])
        self._journal.record(batch)
