"""How far a transfer is, and what became of it, as values that scripts receive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """The state of a download while it runs.

    Attributes:
        phase: "preparing" (listing what there is), "downloading", "complete", or "error" for gaps at the end.
        current: files that are dealt with: those that came, were here already, or failed for good.
        total: files wanted, as far as they are listed.
        bytes_received: bytes that came over the wire so far.
        total_bytes: bytes to be fetched, as far as the server says; without what is here already.
        file_path: where the last file went, below the output folder; "" before the first.
        message: a sentence for people, "" for nothing to say.
        success: nothing has failed so far.
        errors: the first reasons of failures.
    """

    phase: str
    current: int = 0
    total: int = 0
    bytes_received: int = 0
    total_bytes: int = 0
    file_path: str = ""
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
        done, total = (
            (self.bytes_received, self.total_bytes) if self.total_bytes else (self.current, self.total)
        )
        return min(100.0, 100.0 * done / total) if total else 0.0

    @property
    def is_complete(self) -> bool:
        """Whether the download is over, without gaps."""
        return self.phase == "complete"

    @property
    def has_errors(self) -> bool:
        """Whether something failed."""
        return bool(self.errors) or not self.success


@dataclass(frozen=True, slots=True)
class DownloadFailure:
    """A file that did not arrive.

    Attributes:
        path: where it would have gone, below the output folder.
        error: why.
    """

    path: str
    error: str


@dataclass(frozen=True, slots=True)
class DownloadSummary:
    """What became of a download.

    Attributes:
        output_path: the folder that was filled, or the ZIP that was kept.
        total_files: files wanted.
        succeeded: files that came now.
        skipped: files that were here already, complete.
        failures: files that are missing, and why.
        verified: files that have the digest that the server lists.
        unverified: files of the right length of which no digest was compared: none was wanted (`verify`), or
            the server has none.
        total_bytes: size of all files wanted, as far as the server says.
        bytes_received: bytes that came over the wire.
        duration_s: seconds from the first request to the last file.
        renamed: names on the server by those on the disk, where this system could not store them as they are.
        refused_entries: names in ZIPs that tried to lead out of the folder; nothing was written for them.
    """

    output_path: Path
    total_files: int = 0
    succeeded: int = 0
    skipped: int = 0
    failures: tuple[DownloadFailure, ...] = ()
    verified: int = 0
    unverified: int = 0
    total_bytes: int = 0
    bytes_received: int = 0
    duration_s: float = 0.0
    renamed: Mapping[str, str] = field(default_factory=dict)
    refused_entries: tuple[str, ...] = ()

    @property
    def success(self) -> bool:
        """Whether everything wanted is here."""
        return not self.failures

    @property
    def failed(self) -> int:
        """How many files are missing."""
        return len(self.failures)

    @property
    def errors(self) -> list[str]:
        """Why files are missing, a sentence for each."""
        return [f"{failure.path}: {failure.error}" for failure in self.failures]
