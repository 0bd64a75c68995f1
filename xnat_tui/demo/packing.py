"""Packs files into ZIP and TAR streams that begin before the last file is read and have no known length."""

from __future__ import annotations

import struct
import tarfile
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK_BYTES = 1 << 18
_STORED, _DEFLATED = 0, 8
_UTF8, _DESCRIPTOR = 0x800, 0x8
_LIMIT_32, _LIMIT_16 = 0xFFFFFFFF, 0xFFFF
_BLOCK_BYTES = 512


@dataclass(frozen=True)
class Member:
    """A file on the disk and the name it gets in an archive."""

    name: str
    path: Path


@dataclass(frozen=True)
class _Entry:
    """What the central directory of a ZIP says of a member."""

    name: bytes
    flags: int
    method: int
    moment: tuple[int, int]
    crc: int
    packed_bytes: int
    size_bytes: int
    offset: int


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK_BYTES):
            yield chunk


def _dos_moment(path: Path) -> tuple[int, int]:
    """Return a file's time of change as the DOS time and date of a ZIP."""
    moment = time.localtime(path.stat().st_mtime)
    date = (max(moment.tm_year, 1980) - 1980) << 9 | moment.tm_mon << 5 | moment.tm_mday
    return moment.tm_hour << 11 | moment.tm_min << 5 | moment.tm_sec // 2, date


def zip_stream(members: Iterable[Member], *, deflate: bool = False) -> Iterator[bytes]:
    """Yield a ZIP as XNAT streams it.

    Stored members (the default) have size and CRC in their local headers, for which each file is read
    twice; deflated ones have data descriptors.
    """
    entries: list[_Entry] = []
    offset = 0
    for member in members:
        pieces = _deflated(member, offset) if deflate else _stored(member, offset)
        for piece in pieces:
            if isinstance(piece, _Entry):
                entries.append(piece)
            else:
                offset += len(piece)
                yield piece
    directory = b"".join(_central_header(entry) for entry in entries)
    yield directory
    yield _end(len(entries), len(directory), offset)


def _stored(member: Member, offset: int) -> Iterator[bytes | _Entry]:
    crc, size = 0, 0
    for chunk in _chunks(member.path):
        crc, size = zlib.crc32(chunk, crc), size + len(chunk)
    entry = _Entry(member.name.encode(), _UTF8, _STORED, _dos_moment(member.path), crc, size, size, offset)
    yield _local_header(entry)
    yield from _chunks(member.path)
    yield entry


def _deflated(member: Member, offset: int) -> Iterator[bytes | _Entry]:
    name, moment = member.name.encode(), _dos_moment(member.path)
    flags = _UTF8 | _DESCRIPTOR
    yield _local_header(_Entry(name, flags, _DEFLATED, moment, 0, 0, 0, offset))
    packer = zlib.compressobj(wbits=-15)
    crc = size = packed = 0
    for chunk in _chunks(member.path):
        crc, size = zlib.crc32(chunk, crc), size + len(chunk)
        piece = packer.compress(chunk)
        packed += len(piece)
        yield piece
    tail = packer.flush()
    packed += len(tail)
    yield tail
    form = "<4sLQQ" if max(size, packed) > _LIMIT_32 else "<4sLLL"
    yield struct.pack(form, b"PK\x07\x08", crc, packed, size)
    yield _Entry(name, flags, _DEFLATED, moment, crc, packed, size, offset)


def _local_header(entry: _Entry) -> bytes:
    large = entry.size_bytes >= _LIMIT_32
    extra = struct.pack("<HHQQ", 1, 16, entry.size_bytes, entry.packed_bytes) if large else b""
    sizes = (_LIMIT_32, _LIMIT_32) if large else (entry.packed_bytes, entry.size_bytes)
    version = 45 if large else 20
    head = struct.pack(
        "<4sHHHHHLLLHH",
        *(b"PK\x03\x04", version, entry.flags, entry.method, *entry.moment),
        *(entry.crc, *sizes, len(entry.name), len(extra)),
    )
    return head + entry.name + extra


def _central_header(entry: _Entry) -> bytes:
    values = (entry.size_bytes, entry.packed_bytes, entry.offset)
    large = [value for value in values if value >= _LIMIT_32]
    extra = struct.pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large) if large else b""
    size, packed, offset = (min(value, _LIMIT_32) for value in values)
    version = 45 if large else 20
    head = struct.pack(
        "<4sHHHHHHLLLHHHHHLL",
        *(b"PK\x01\x02", version, version, entry.flags, entry.method, *entry.moment),
        *(entry.crc, packed, size, len(entry.name), len(extra), 0, 0, 0, 0, offset),
    )
    return head + entry.name + extra


def _end(count: int, directory_bytes: int, offset: int) -> bytes:
    """Return the end of the central directory, with its 64-bit form before it when numbers are large."""
    large = b""
    if count >= _LIMIT_16 or offset + directory_bytes >= _LIMIT_32:
        record = (44, 45, 45, 0, 0, count, count, directory_bytes, offset)
        large = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", *record)
        large += struct.pack("<4sLQL", b"PK\x06\x07", 0, offset + directory_bytes, 1)
    shown = (min(count, _LIMIT_16), min(directory_bytes, _LIMIT_32), min(offset, _LIMIT_32))
    return large + struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, shown[0], *shown, 0)


def tar_stream(members: Iterable[Member], *, gzip: bool = False) -> Iterator[bytes]:
    """Yield a TAR, gzipped if wanted."""
    pieces = _tar_pieces(members)
    if not gzip:
        yield from pieces
        return
    packer = zlib.compressobj(wbits=31)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


def _tar_pieces(members: Iterable[Member]) -> Iterator[bytes]:
    for member in members:
        facts = member.path.stat()
        info = tarfile.TarInfo(member.name)
        info.size, info.mtime = facts.st_size, int(facts.st_mtime)
        yield info.tobuf(tarfile.PAX_FORMAT)
        yield from _chunks(member.path)
        yield bytes(-info.size % _BLOCK_BYTES)
    yield bytes(2 * _BLOCK_BYTES)
