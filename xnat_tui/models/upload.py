"""How far an upload is, and what became of it: what arrived, and how well that is proven."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """The state of an upload while it runs.

    Attributes:
        phase: "preparing" (reading headers), "uploading", "processing" (the server makes a session of it, and
            is asked what it holds), "complete", or "error" for gaps at the end.
        current: files that are dealt with: taken by the server now or earlier, or failed for good.
        total: files to be sent, as far as they are known.
        bytes_sent: bytes that went over the wire, those of repeats and of archive headers included.
        total_bytes: length of all files that were not sent earlier.
        file_path: the last file that was dealt with, as its source calls it; "" before the first.
        batch_id: how many requests were answered.
        message: a sentence for people, "" for nothing to say.
        success: nothing has failed so far.
        errors: the first reasons of failures.
    """

    phase: str
    current: int = 0
    total: int = 0
    bytes_sent: int = 0
    total_bytes: int = 0
    file_path: str = ""
    batch_id: int = 0
    message: str = ""
    success: bool = True
    errors: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """Name of the last file."""
        return PurePosixPath(self.file_path).name

    @property
    def percent(self) -> float:
        """How much is done, from 0 to 100; by bytes where they are known, else by files."""
        if self.is_complete:
            return 100.0
        done, total = (self.bytes_sent, self.total_bytes) if self.total_bytes else (self.current, self.total)
        return min(100.0, 100.0 * done / total) if total else 0.0

    @property
    def is_complete(self) -> bool:
        """Whether the upload is over, without gaps."""
        return self.phase == "complete"

    @property
    def has_errors(self) -> bool:
        """Whether something failed."""
        return bool(self.errors) or not self.success


class UploadProof(StrEnum):
    """What is proven of a file that the server says it took, the strongest first.

    Servers edit DICOM headers when they receive them, may rename files, and have no digests of what lies in
    the prearchive: often the first level cannot be had.
    """

    SAME_BYTES = "same bytes"
    """The server lists a file with the same length and the same MD5 digest."""
    INSTANCE_PRESENT = "instance present"
    """A file on the server has the same SOP Instance UID in its header; what is no DICOM, the same path and
    length."""
    COUNT_ONLY = "count only"
    """The server lists at least as many files as it took; which they are was not looked at."""
    NOTHING = "nothing"
    """The server said that it took it, and lists nothing."""


class UploadState(StrEnum):
    """What became of one file."""

    ARRIVED = "arrived"
    EARLIER = "arrived earlier"
    """An earlier run of the same upload sent it, and it was not sent again."""
    FILTERED = "filtered out by the server"
    """The server took it and kept nothing of it: filters of the site or of the project."""
    DUPLICATE = "exists already"
    """There is a file of this name, and it was not to be overwritten."""
    FAILED = "failed"
    NOT_SENT = "not sent"
    """The upload ended before its turn."""
    MISSING = "missing"
    """The server took it, and does not hold it now."""


HELD = frozenset({UploadState.ARRIVED, UploadState.EARLIER})


@dataclass(frozen=True, slots=True)
class UploadOutcome:
    """What became of one file.

    Attributes:
        name: what its source calls it.
        proof: of what the server holds; None for what it does not.
        error: why it is not there, or not where it should be; "" for success.
    """

    name: str
    size_bytes: int
    state: UploadState
    proof: UploadProof | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class UploadedSession:
    """A session, or another place, to which files went.

    Attributes:
        uri: path on the server, below its context path.
        stage: "archive", "prearchive" or "direct archive" (the server still makes the session).
        label: of the session.
        project: where the server put it; "Unassigned" where it found none.
        files: how many files the server lists there; None when it was not asked, or does not tell.
        problem: what keeps it from where it should be, in the server's words; "" for nothing.
        status: the state of a session that the prearchive holds back, mostly "CONFLICT" or "ERROR"; else "".
    """

    uri: str
    stage: str
    label: str
    project: str
    files: int | None = None
    problem: str = ""
    status: str = ""


@dataclass(frozen=True)
class UploadSummary:
    """What became of an upload.

    Attributes:
        outcomes: one for each file, in the source's order.
        sessions: where the files went.
        ignored: names of files of the source that are not DICOM, or could not be read.
        bytes_sent: bytes that went over the wire.
        duration_s: seconds from start to proof.
        trouble: why it ended early, or is not as wanted though all files arrived; "" for neither.
    """

    outcomes: tuple[UploadOutcome, ...] = ()
    sessions: tuple[UploadedSession, ...] = ()
    ignored: tuple[str, ...] = ()
    bytes_sent: int = 0
    duration_s: float = 0.0
    trouble: str = ""

    @cached_property
    def states(self) -> Counter[UploadState]:
        """How many files are in each state."""
        return Counter(outcome.state for outcome in self.outcomes)

    @cached_property
    def proofs(self) -> Counter[UploadProof]:
        """How many files on the server are proven how."""
        return Counter(outcome.proof for outcome in self.outcomes if outcome.proof is not None)

    @property
    def proof(self) -> UploadProof | None:
        """What is proven of every file on the server, None when none is there."""
        return max(self.proofs, key=list(UploadProof).index, default=None)

    @property
    def total_files(self) -> int:
        """Files that were to be sent."""
        return len(self.outcomes)

    @property
    def total_bytes(self) -> int:
        """Length of all files."""
        return sum(outcome.size_bytes for outcome in self.outcomes)

    @property
    def succeeded(self) -> int:
        """Files that the server took now."""
        return self.states[UploadState.ARRIVED]

    @property
    def skipped(self) -> int:
        """Files that it took in an earlier run."""
        return self.states[UploadState.EARLIER]

    @property
    def failed(self) -> int:
        """Files that it does not have."""
        return self.total_files - self.succeeded - self.skipped

    @property
    def failures(self) -> tuple[UploadOutcome, ...]:
        """What the server does not have, and why."""
        return tuple(outcome for outcome in self.outcomes if outcome.state not in HELD)

    @property
    def success(self) -> bool:
        """Whether everything is where it should be."""
        return not self.failed and not self.trouble and not any(session.problem for session in self.sessions)

    @property
    def errors(self) -> list[str]:
        """What is wrong, a sentence for each; files that failed alike share one."""
        found = [self.trouble] if self.trouble else []
        found += [f"{session.label}: {session.problem}" for session in self.sessions if session.problem]
        names: dict[str, list[str]] = {}
        for outcome in self.failures:
            names.setdefault(outcome.error or str(outcome.state), []).append(outcome.name)
        for known in (self.trouble, str(UploadState.NOT_SENT) if self.trouble else ""):
            names.pop(known, None)
        return found + [f"{_summed_up(same)}: {error}" for error, same in names.items()]


def _summed_up(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
