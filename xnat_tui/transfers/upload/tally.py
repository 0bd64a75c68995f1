"""What became of each file of an upload so far; shared by the threads of a job."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from xnat_tui.models.upload import HELD, UploadOutcome, UploadProgress, UploadProof, UploadState
from xnat_tui.transfers.upload.parcels import Sendable

_SHOWN_ERRORS = 10


class UploadTally:
    """The states of the files of one job.

    Attributes:
        answered: requests that were answered.
        to_send_bytes: length of what was not sent earlier.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: dict[str, tuple[UploadState, str]] = {}
        self._proofs: dict[str, UploadProof] = {}
        self._errors: list[str] = []
        self._current = ""
        self.answered = 0
        self.to_send_bytes = 0

    def note(self, items: Iterable[Sendable], state: UploadState, error: str = "") -> None:
        """Take note of what became of items."""
        with self._lock:
            for item in items:
                self._states[item.name] = state, error
                self._current = item.name
                if error and len(self._errors) < _SHOWN_ERRORS:
                    self._errors.append(f"{item.name}: {error}")

    def answer(self) -> None:
        """Count an answered request."""
        with self._lock:
            self.answered += 1

    def prove(self, item: Sendable, proof: UploadProof) -> None:
        """Take note of what is proven of an item that the server holds."""
        self._proofs[item.name] = proof

    def explain(self, items: Iterable[Sendable], reason: str) -> int:
        """Say of those items that the server took why they are not where they should be; return how many."""
        held = [item for item in items if self.is_held(item)]
        with self._lock:
            for item in held:
                self._states[item.name] = self._states[item.name][0], reason
        return len(held)

    def is_held(self, item: Sendable) -> bool:
        """Tell whether the server took an item, now or earlier."""
        state, _ = self._states.get(item.name, (UploadState.NOT_SENT, ""))
        return state in HELD

    def progress(self, phase: str, total: int, bytes_sent: int, message: str = "") -> UploadProgress:
        """Return how far it is."""
        with self._lock:
            return UploadProgress(
                phase,
                current=len(self._states),
                total=total,
                bytes_sent=bytes_sent,
                total_bytes=self.to_send_bytes,
                file_path=self._current,
                batch_id=self.answered,
                message=message,
                success=not self._errors,
                errors=tuple(self._errors),
            )

    def outcomes(self, items: Sequence[Sendable]) -> tuple[UploadOutcome, ...]:
        """Return what became of each of the items."""
        return tuple(self._outcome(item) for item in items)

    def _outcome(self, item: Sendable) -> UploadOutcome:
        state, error = self._states.get(item.name, (UploadState.NOT_SENT, ""))
        proof = self._proofs.get(item.name, UploadProof.NOTHING) if state in HELD else None
        return UploadOutcome(item.name, item.size_bytes, state, proof, error)
