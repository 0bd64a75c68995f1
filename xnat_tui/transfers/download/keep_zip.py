"""Keeps the server's ZIP as it is: streamed to a temporary name, checked while it passes, then renamed.

XNAT makes such a ZIP while it sends it and cannot send a part of it, so a cut line costs all of it.
"""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from xnat_tui.core.access import Access
from xnat_tui.core.exceptions import ConnectionLostError, OperationError, ServerBusyError
from xnat_tui.models.summary import DownloadFailure, DownloadProgress, DownloadSummary
from xnat_tui.transfers.download.job import ProgressCallback
from xnat_tui.transfers.download.listing import ListedResource, size_of
from xnat_tui.transfers.download.zip_stream import BrokenZipError, ZipStream
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.line import Answer, Line

_MOST_TRIES = 5
_FIRST_WAIT_S = 0.25
_TICK_S = 0.2


class _Tee:
    """A source whose bytes are written to a file as they are read."""

    def __init__(self, answer: Answer, file: int) -> None:
        self._answer = answer
        self._file = file

    def readinto(self, buffer: memoryview) -> int:
        count = self._answer.readinto(buffer)
        rest = buffer[:count]
        while len(rest):
            rest = rest[os.write(self._file, rest) :]
        return count


class ZipDownload:
    """One job: a ZIP of listed resources, kept as a file. `run` does it, and may be called once."""

    def __init__(
        self, access: Access, *, flow: Flow | None = None, progress: ProgressCallback | None = None
    ) -> None:
        """Prepare a job.

        Args:
            access: the log-in to use.
            flow: the job's tap: cancel, pause, bandwidth.
            progress: told how far the job is, about five times a second.
        """
        self._access = access
        self._flow = flow or Flow()
        self._progress = progress or (lambda _: None)
        self._started_at = time.monotonic()
        self._next_tick_at = 0.0
        self._entries = 0
        self._total_files = 0
        self._total_bytes = 0

    def run(self, resources: Sequence[ListedResource], request_path: str, file: Path) -> DownloadSummary:
        """Fetch a ZIP into a file, replacing an older one.

        The check sums of all entries and the directory at the end are checked, because a failure half-way
        shows only by an early end; and that there are as many files as the server lists.

        Args:
            resources: what the ZIP is to hold.
            request_path: what to GET.
            file: the final name.

        Raises:
            ConnectionLostError: the line was cut again and again.
            BrokenZipError: the ZIP is damaged.
            OperationError: the disk takes no more.
            CancelledByUser: somebody stopped it.
        """
        self._total_files = sum(len(listed.files) for listed in resources)
        self._total_bytes = sum(size_of(row) or 0 for listed in resources for row in listed.files)
        part = file.with_name(f"{file.name}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._fetch_patiently(request_path, part)
            os.replace(part, file)
        except OSError as error:
            raise OperationError(f"The disk does not take {file}: {error.strerror or error}.") from error
        finally:
            with suppress(OSError):
                part.unlink()
        summary = self._summary(file)
        self._tick("complete" if summary.success else "error")
        return summary

    def _fetch_patiently(self, request_path: str, part: Path) -> None:
        line = Line(self._access, self._flow)
        try:
            for tries in range(_MOST_TRIES):
                try:
                    self._fetch(line, request_path, part)
                    return
                except (ConnectionLostError, ServerBusyError, BrokenZipError):
                    if tries + 1 == _MOST_TRIES:
                        raise
                    self._flow.cancel.wait(_FIRST_WAIT_S * 2.0**tries)
        finally:
            line.close()

    def _fetch(self, line: Line, request_path: str, part: Path) -> None:
        self._entries = 0
        with part.open("wb", buffering=0) as file:
            with line.get(request_path, media_types=("application/zip",)) as answer:
                for entry in ZipStream(_Tee(answer, file.fileno())).entries():
                    for _ in entry.pieces():
                        self._tick("downloading")
                    self._entries += 1
            os.fsync(file.fileno())
        _check_directory(part, self._entries)

    def _tick(self, phase: str) -> None:
        now = time.monotonic()
        if phase == "downloading" and now < self._next_tick_at:
            return
        self._next_tick_at = now + _TICK_S
        moved_bytes = self._flow.moved_bytes
        total_bytes = max(self._total_bytes, moved_bytes)
        state = DownloadProgress(phase, self._entries, self._total_files, moved_bytes, total_bytes)
        self._progress(state)

    def _summary(self, file: Path) -> DownloadSummary:
        missing = self._total_files - self._entries
        failures = (
            (DownloadFailure(file.name, f"The ZIP lacks {missing} of {self._total_files} files."),)
            if missing > 0
            else ()
        )
        return DownloadSummary(
            output_path=file,
            total_files=self._total_files,
            succeeded=self._entries,
            failures=failures,
            unverified=self._entries,
            total_bytes=self._total_bytes,
            bytes_received=self._flow.moved_bytes,
            duration_s=time.monotonic() - self._started_at,
        )


def _check_directory(part: Path, entries: int) -> None:
    try:
        with zipfile.ZipFile(part) as packed:
            listed = len(packed.infolist())
    except zipfile.BadZipFile as error:
        raise BrokenZipError("The ZIP from the server has no directory at its end.") from error
    if listed != entries:
        raise BrokenZipError(f"The ZIP from the server lists {listed} files and holds {entries}.")
