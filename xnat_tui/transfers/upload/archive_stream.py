"""Archives that are made while they are sent: of known length, from the files themselves, without a copy.

A tar is written as GNU tar does (long names and sizes beyond 8 GiB included), a ZIP stores its entries and
has their check sums before the data, because readers that stream cannot do with less. Both are read by every
common tool, and by Java's classes, which XNAT uses.
"""

from __future__ import annotations

import struct
import tarfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Literal

from isal import isal_zlib

from xnat_tui.transfers.upload.source import (
    BLOCK_BYTES,
    Member,
    OpenMember,
    SourceChangedError,
    open_in_turn,
)

ArchiveFormat = Literal["tar", "zip"]

_TAR_BLOCK = 512
_TAR_NAME = 100
_TAR_END = bytes(2 * _TAR_BLOCK)

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_END_64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR_64 = struct.Struct("<4sIQI")
_PLAIN, _ZIP64 = 20, 45
_UTF8 = 0x800
_FIRST_DAY = 0x21  # 1 January 1980; the times of the files say nothing about the images
_LIMIT_16, _LIMIT_32 = 0xFFFF, 0xFFFFFFFF


class ArchiveStream(ABC):
    """The bytes of an archive; may be asked for again and again, and are the same each time.

    Attributes:
        media_type: as XNAT knows the format by.
        suffix: of names of such files.
    """

    media_type: str
    suffix: str

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members

    @property
    @abstractmethod
    def length_bytes(self) -> int:
        """Exact length of the archive."""

    @abstractmethod
    def pieces(self) -> Iterator[bytes | memoryview]:
        """Yield the archive, each piece valid until the next.

        Raises:
            SourceChangedError: a file is not any more what was announced; the archive must not be finished.
        """


def make_archive(members: Sequence[Member], kind: ArchiveFormat) -> ArchiveStream:
    """Return the stream of an archive of this kind."""
    return TarStream(members) if kind == "tar" else ZipStream(members)


class TarStream(ArchiveStream):
    """A tar, not compressed."""

    media_type = "application/x-tar"
    suffix = ".tar"

    @property
    def length_bytes(self) -> int:
        """Exact length of the tar."""
        return len(_TAR_END) + sum(
            _tar_header_bytes(member.entry) + _padded(member.size_bytes) for member in self.members
        )

    def pieces(self) -> Iterator[bytes | memoryview]:
        """Yield the tar."""
        buffer = bytearray(BLOCK_BYTES)
        for opened in open_in_turn(self.members):
            size_bytes = opened.member.size_bytes
            header = tarfile.TarInfo(opened.member.entry)
            header.size = size_bytes
            yield header.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")
            yield from opened.blocks(buffer)
            if padding := _padded(size_bytes) - size_bytes:
                yield bytes(padding)
        yield _TAR_END


class ZipStream(ArchiveStream):
    """A ZIP whose entries are stored; of 64-bit form where it must be."""

    media_type = "application/zip"
    suffix = ".zip"

    def __init__(self, members: Sequence[Member]) -> None:
        super().__init__(members)
        self._names = [member.entry.encode("utf-8", "surrogateescape") for member in members]

    @property
    def length_bytes(self) -> int:
        """Exact length of the ZIP."""
        offset = directory = 0
        for name, member in zip(self._names, self.members, strict=True):
            directory += len(_central_header(name, 0, member.size_bytes, offset))
            offset += len(_local_header(name, 0, member.size_bytes)) + member.size_bytes
        return offset + directory + len(_end(len(self._names), directory, offset))

    def pieces(self) -> Iterator[bytes | memoryview]:
        """Yield the ZIP."""
        buffer = bytearray(BLOCK_BYTES)
        directory: list[bytes] = []
        offset = 0
        for name, opened in zip(self._names, open_in_turn(self.members), strict=True):
            size_bytes = opened.member.size_bytes
            small = opened.whole(buffer) if size_bytes <= len(buffer) else None
            crc = isal_zlib.crc32(small) if small is not None else _crc_of(opened, buffer)
            header = _local_header(name, crc, size_bytes)
            yield header
            if small is not None:
                yield small
            else:
                yield from _unchanged(opened.member, crc, buffer)
            directory.append(_central_header(name, crc, size_bytes, offset))
            offset += len(header) + size_bytes
        central = b"".join(directory)
        yield central + _end(len(directory), len(central), offset)


def _tar_header_bytes(entry: str) -> int:
    length = len(entry.encode("utf-8", "surrogateescape"))
    return _TAR_BLOCK if length <= _TAR_NAME else 2 * _TAR_BLOCK + _padded(length + 1)


def _padded(size_bytes: int) -> int:
    return -(-size_bytes // _TAR_BLOCK) * _TAR_BLOCK


def _crc_of(opened: OpenMember, buffer: bytearray) -> int:
    crc = 0
    for block in opened.blocks(buffer):
        crc = isal_zlib.crc32(block, crc)
    return crc


def _unchanged(member: Member, crc: int, buffer: bytearray) -> Iterator[memoryview]:
    """Yield a file that was read once already for its check sum."""
    again = 0
    for block in OpenMember(member).blocks(buffer):
        again = isal_zlib.crc32(block, again)
        yield block
    if again != crc:
        raise SourceChangedError(member.name, "changed while it was sent")


def _local_header(name: bytes, crc: int, size_bytes: int) -> bytes:
    extra = struct.pack("<HHQQ", 1, 16, size_bytes, size_bytes) if size_bytes >= _LIMIT_32 else b""
    shown = min(size_bytes, _LIMIT_32)
    version = _ZIP64 if extra else _PLAIN
    head = _LOCAL.pack(
        b"PK\3\4", version, _flags(name), 0, 0, _FIRST_DAY, crc, shown, shown, len(name), len(extra)
    )
    return head + name + extra


def _central_header(name: bytes, crc: int, size_bytes: int, offset: int) -> bytes:
    big = [size_bytes, size_bytes] if size_bytes >= _LIMIT_32 else []
    big += [offset] if offset >= _LIMIT_32 else []
    extra = struct.pack(f"<HH{len(big)}Q", 1, 8 * len(big), *big) if big else b""
    shown = min(size_bytes, _LIMIT_32)
    version = _ZIP64 if extra else _PLAIN
    fixed = (b"PK\1\2", version, version, _flags(name), 0, 0, _FIRST_DAY, crc, shown, shown, len(name))
    return _CENTRAL.pack(*fixed, len(extra), 0, 0, 0, 0, min(offset, _LIMIT_32)) + name + extra


def _end(entries: int, directory_bytes: int, offset: int) -> bytes:
    """Return what follows the directory that starts at `offset`."""
    end = _END.pack(
        *(b"PK\5\6", 0, 0, min(entries, _LIMIT_16), min(entries, _LIMIT_16)),
        *(min(directory_bytes, _LIMIT_32), min(offset, _LIMIT_32), 0),
    )
    if entries < _LIMIT_16 and directory_bytes < _LIMIT_32 and offset < _LIMIT_32:
        return end
    end_64 = _END_64.pack(
        *(b"PK\6\6", _END_64.size - 12, _ZIP64, _ZIP64, 0, 0, entries, entries, directory_bytes, offset)
    )
    return end_64 + _LOCATOR_64.pack(b"PK\6\7", 0, offset + directory_bytes, 1) + end


def _flags(name: bytes) -> int:
    return 0 if name.isascii() else _UTF8
