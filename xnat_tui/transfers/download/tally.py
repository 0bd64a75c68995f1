"""Counts what became of the items of one job, for progress while it runs and for the report after it."""

from __future__ import annotations

import threading

from xnat_tui.transfers.items import Outcome, Proof


class Tally:
    """Counters shared by the threads of a job.

    Attributes:
        arrived: files that came, by what is proven of them.
        arrived_bytes: of them.
        failed: files that did not come, as outcomes.
        hostile: entries of ZIPs whose names try to lead out of the folder; nothing was written for them.
        current: where the last file went, below the destination.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.arrived: dict[Proof, int] = dict.fromkeys(Proof, 0)
        self.arrived_bytes = 0
        self.failed: list[Outcome] = []
        self.hostile: list[str] = []
        self.current = ""

    def count(self, outcome: Outcome) -> None:
        """Count the end of one item."""
        with self._lock:
            if outcome.proof is None:
                self.failed.append(outcome)
            else:
                self.arrived[outcome.proof] += 1
                self.arrived_bytes += outcome.item.size_bytes or 0
            self.current = outcome.item.target

    @property
    def arrived_files(self) -> int:
        """How many files came."""
        return sum(self.arrived.values())
