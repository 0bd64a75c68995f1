"""What came of sending DICOM instances to a peer by C-STORE."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class InstanceState(StrEnum):
    """What became of one instance."""

    STORED = "stored"
    STORED_WITH_WARNING = "stored with a warning"
    REFUSED = "refused"
    """The peer took it and answered with a failure."""
    NOT_ACCEPTED = "not accepted"
    """The peer does not take this SOP class in this encoding, and said so before anything was sent."""
    UNREADABLE = "unreadable"
    """The file vanished, changed or could not be read."""
    LOST = "lost"
    """No answer: the association ended, or it was never sent."""


ARRIVED = frozenset({InstanceState.STORED, InstanceState.STORED_WITH_WARNING})
"""What the peer has confirmed that it keeps; a warning says that it changed something of it."""


@dataclass(frozen=True, slots=True)
class InstanceOutcome:
    """What became of one instance.

    Attributes:
        name: what its source calls the file.
        sop_instance_uid: as in the file.
        size_bytes: of the file.
        state: what became of it.
        status: the peer's last DIMSE status, None when there was none.
        reason: why it did not arrive, or what the warning says; "" when stored.
        attempts: how often it was sent.
    """

    name: str
    sop_instance_uid: str
    size_bytes: int
    state: InstanceState
    status: int | None = None
    reason: str = ""
    attempts: int = 0

    @property
    def arrived(self) -> bool:
        """Whether the peer confirmed that it keeps the instance."""
        return self.state in ARRIVED


@dataclass(frozen=True, slots=True)
class StoreProgress:
    """How far sending is.

    Attributes:
        total_files: instances to send.
        total_bytes: bytes of their files.
        sent: instances that arrived.
        failed: instances that will not arrive any more.
        arrived_bytes: bytes of the files that arrived.
        moved_bytes: bytes sent so far, those of unfinished and repeated instances included.
    """

    total_files: int
    total_bytes: int
    sent: int = 0
    failed: int = 0
    arrived_bytes: int = 0
    moved_bytes: int = 0


@dataclass(frozen=True, slots=True)
class DICOMStoreSummary:
    """Summary of a C-STORE operation.

    Attributes:
        total_files: instances found.
        sent: instances that arrived.
        failed: instances that did not.
        log_dir: folder with the log of every instance, None when none was kept.
        workspace: temporary folder of the operation, None when it was removed.
        success: whether every instance arrived.
    """

    total_files: int
    sent: int
    failed: int
    log_dir: Path | None
    workspace: Path | None
    success: bool


@dataclass(frozen=True, slots=True)
class StoreReport:
    """The outcome of every instance, in the order in which they were given.

    Attributes:
        outcomes: one per instance.
        trouble: why sending ended early, one sentence; "" when it did not.
    """

    outcomes: tuple[InstanceOutcome, ...]
    trouble: str = ""

    @property
    def sent(self) -> int:
        """How many arrived."""
        return sum(outcome.arrived for outcome in self.outcomes)

    @property
    def missing(self) -> tuple[InstanceOutcome, ...]:
        """Those that did not arrive, with the reason."""
        return tuple(outcome for outcome in self.outcomes if not outcome.arrived)

    @property
    def success(self) -> bool:
        """Whether every instance arrived."""
        return self.sent == len(self.outcomes)

    @property
    def reasons(self) -> Counter[str]:
        """How many instances did not arrive for each reason."""
        return Counter(outcome.reason for outcome in self.missing)

    def summarise(self, *, log_dir: Path | None = None, workspace: Path | None = None) -> DICOMStoreSummary:
        """Return the figures alone, with the folders where more is to be found."""
        total, sent = len(self.outcomes), self.sent
        return DICOMStoreSummary(total, sent, total - sent, log_dir, workspace, total == sent)
