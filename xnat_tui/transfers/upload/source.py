"""Reads files while they are sent, and notices when they are not any more what was announced."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from xnat_tui.core.exceptions import OperationError

BLOCK_BYTES = 1024 * 1024
_WARMED_BYTES = 64 * 1024 * 1024


class SourceChangedError(OperationError):
    """A file vanished, or changed, after its length was announced; what was sent of it counts for nothing.

    Attributes:
        name: what the source calls the file.
    """

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name} {what}.")
        self.name = name


@dataclass(frozen=True, slots=True)
class Member:
    """A file that is to be sent, alone or in an archive.

    Attributes:
        name: what the source calls it.
        entry: what it is called in an archive, with slashes.
        size_bytes: what is announced to the server.
        open: opens it for reading, without a buffer; raises OSError.
    """

    name: str
    entry: str
    size_bytes: int
    open: Callable[[], BinaryIO]


class OpenMember:
    """A member that is being read."""

    def __init__(self, member: Member) -> None:
        """Open the file.

        Raises:
            SourceChangedError: it is gone, or may not be read.
        """
        self.member = member
        try:
            self._stream = member.open()
        except OSError as error:
            raise _unreadable(member, error) from error
        self._before = self._fingerprint()

    def read_ahead(self) -> None:
        """Have the system read the file while something else is being sent."""
        with suppress(OSError, AttributeError):
            os.posix_fadvise(self._stream.fileno(), 0, 0, os.POSIX_FADV_WILLNEED)

    def blocks(self, buffer: bytearray) -> Iterator[memoryview]:
        """Yield the contents piece by piece, each valid until the next; then close the file.

        Raises:
            SourceChangedError: it is not of the announced length, or changed while it was read.
        """
        view, left = memoryview(buffer), self.member.size_bytes
        try:
            while left:
                count = self._readinto(view[: min(left, len(view))])
                left -= count
                yield view[:count]
            self._check_end()
        finally:
            self.close()

    def whole(self, buffer: bytearray) -> memoryview:
        """Return the contents of a file that fits into the buffer; then close the file.

        Raises:
            SourceChangedError: see `blocks`.
        """
        view, size_bytes = memoryview(buffer), self.member.size_bytes
        at = 0
        try:
            while at < size_bytes:
                at += self._readinto(view[at:size_bytes])
            self._check_end()
        finally:
            self.close()
        return view[:size_bytes]

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _readinto(self, view: memoryview) -> int:
        try:
            count: int = self._stream.readinto(view)  # type: ignore[attr-defined]
        except OSError as error:
            raise _unreadable(self.member, error) from error
        if not count:
            raise SourceChangedError(self.member.name, "became shorter while it was sent")
        return count

    def _check_end(self) -> None:
        if self._before is None:
            return
        now = self._fingerprint()
        if now is not None and now[0] > self.member.size_bytes:
            raise SourceChangedError(self.member.name, "became longer while it was sent")
        if now != self._before:
            raise SourceChangedError(self.member.name, "changed while it was sent")

    def _fingerprint(self) -> tuple[int, int] | None:
        """Return size and time of change; None for members of archives, which have none of their own."""
        try:
            status = os.fstat(self._stream.fileno())
        except (OSError, AttributeError):
            return None
        return status.st_size, status.st_mtime_ns


def open_in_turn(members: Iterable[Member]) -> Iterator[OpenMember]:
    """Yield open members, while the system reads the one after already."""
    before: OpenMember | None = None
    try:
        for member in members:
            following = OpenMember(member)
            following.read_ahead()
            current, before = before, following
            if current is not None:
                yield current
        if before is not None:
            current, before = before, None
            yield current
    finally:
        if before is not None:
            before.close()


def md5_of(member: Member) -> str:
    """Return the MD5 of a file in hexadecimal digits, "" when it is not any more what was announced."""
    digest = hashlib.md5(usedforsecurity=False)
    try:
        for block in OpenMember(member).blocks(bytearray(max(1, min(BLOCK_BYTES, member.size_bytes)))):
            digest.update(block)
    except SourceChangedError:
        return ""
    return digest.hexdigest()


def warm(members: Sequence[Member]) -> None:
    """Have the system read the first of these files soon; what cannot be opened is left alone."""
    asked_bytes = 0
    for member in members:
        if asked_bytes >= _WARMED_BYTES:
            return
        with suppress(SourceChangedError):
            opened = OpenMember(member)
            opened.read_ahead()
            opened.close()
        asked_bytes += member.size_bytes


def _unreadable(member: Member, error: OSError) -> SourceChangedError:
    if isinstance(error, FileNotFoundError):
        return SourceChangedError(member.name, "is gone")
    return SourceChangedError(member.name, f"cannot be read: {error.strerror or error}")
