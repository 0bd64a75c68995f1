"""Reads a ZIP while it arrives, entry by entry, without its directory at the end and without a disk.

The format is that of PKWARE's APPNOTE: local headers, stored and deflated data, data descriptors in all the
forms in use, 64-bit sizes. What an entry is called is reported, never acted upon.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from isal import isal_zlib

from xnat_tui.core.exceptions import XnatTuiError

BUFFER_BYTES = 256 * 1024
_PIECE_BYTES = 1024 * 1024

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_LOCAL_MARK, _DESCRIPTOR_MARK = b"PK\x03\x04", b"PK\x07\x08"
_DIRECTORY_MARKS = (b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06")
_MARKS = (_LOCAL_MARK, *_DIRECTORY_MARKS)
_ENCRYPTED, _HAS_DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
_STORED, _DEFLATED = 0, 8
_LIMIT_32 = 0xFFFFFFFF
_ZIP64_EXTRA = 1
_DESCRIPTORS = tuple(struct.Struct(form) for form in ("<4sIII", "<4sIQQ", "<III", "<IQQ"))


class BrokenZipError(XnatTuiError):
    """The ZIP ends early, is damaged, or is made in a way that cannot be read while it arrives."""


class Source(Protocol):
    """Where bytes come from: an answer of the server, or a file."""

    def readinto(self, buffer: memoryview) -> int | None:
        """Fill a buffer and return how much came; 0 at the end."""


@dataclass(slots=True)
class _Header:
    """A local header; sizes are zero where a data descriptor follows."""

    name: str
    flags: int
    method: int
    crc: int
    packed_bytes: int
    size_bytes: int


class ZipStream:
    """The entries of a ZIP in the order in which they come."""

    def __init__(
        self, source: Source, *, next_buffer: Callable[[bytearray], bytearray] | None = None
    ) -> None:
        """Read from a source.

        Args:
            source: gives the bytes.
            next_buffer: takes a used buffer and gives one to fill next. Needed when pieces are still in use,
                by another thread, when the next is asked for; by default the same is filled again.
        """
        self._source = source
        self._next_buffer = next_buffer or (lambda used: used)
        self._buffer = self._next_buffer(bytearray(BUFFER_BYTES))
        self._view = memoryview(self._buffer)
        self._at = 0
        self._end = 0

    def entries(self) -> Iterator[Entry]:
        """Yield the entries; what is left of one is skipped when the next is asked for.

        Raises:
            BrokenZipError: the ZIP ends early or is damaged.
        """
        while True:
            mark = bytes(self.peek(4))
            if mark in _DIRECTORY_MARKS:
                self._skip_rest()
                return
            if mark != _LOCAL_MARK:
                raise BrokenZipError("The ZIP from the server is damaged: an entry begins wrongly.")
            entry = Entry(self, self._read_header())
            yield entry
            for _ in entry.pieces():
                pass

    def _read_header(self) -> _Header:
        fields = _LOCAL.unpack(self.peek(_LOCAL.size))
        _, _, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes = fields
        self.skip(_LOCAL.size)
        raw = bytes(self.peek(name_bytes + extra_bytes))
        self.skip(len(raw))
        if size == _LIMIT_32 or packed == _LIMIT_32:
            size, packed = _large_sizes(raw[name_bytes:], size, packed)
        return _Header(_decode(raw[:name_bytes], flags), flags, method, crc, packed, size)

    def peek(self, count: int) -> memoryview:
        """Return the next bytes without going past them."""
        while self._end - self._at < count:
            if not self._fill():
                raise BrokenZipError("The ZIP from the server ends too early.")
        return self._view[self._at : self._at + count]

    def _fill(self) -> bool:
        """Get more bytes behind what is still unread; tell whether there were any."""
        rest = bytes(self._view[self._at : self._end])
        self._buffer = self._next_buffer(self._buffer)
        self._view = memoryview(self._buffer)
        self._view[: len(rest)] = rest
        self._at, self._end = 0, len(rest)
        count = self._source.readinto(self._view[self._end :]) or 0
        self._end += count
        return count > 0

    def take(self, most: int | None = None) -> memoryview:
        """Return some of the next bytes, and go past them."""
        if self._at == self._end and not self._fill():
            raise BrokenZipError("The ZIP from the server ends too early.")
        end = self._end if most is None else min(self._end, self._at + most)
        piece = self._view[self._at : end]
        self._at = end
        return piece

    def give_back(self, count: int) -> None:
        """Go back by bytes that were taken last and not needed."""
        self._at -= count

    def skip(self, count: int) -> None:
        """Go past bytes that were peeked at."""
        self._at += count

    def _skip_rest(self) -> None:
        """Read to the end, so that the connection can be used again."""
        while self._fill():
            self._at = self._end


class Entry:
    """One file in a ZIP.

    Attributes:
        name: as the ZIP has it; not to be trusted.
    """

    def __init__(self, stream: ZipStream, header: _Header) -> None:
        self._stream = stream
        self._header = header
        self._is_started = False
        self.name = header.name

    def pieces(self) -> Iterator[memoryview]:
        """Yield the contents in pieces; nothing more when called again.

        A piece is valid until the next is asked for, or as `next_buffer` of the stream has it.

        Raises:
            BrokenZipError: length or check sum are wrong, or the entry is packed in an unknown way.
        """
        if self._is_started:
            return
        self._is_started = True
        header = self._header
        if header.flags & _ENCRYPTED or header.method not in (_STORED, _DEFLATED):
            raise BrokenZipError("The ZIP from the server is encrypted or packed in an unknown way.")
        yield from self._inflated() if header.method == _DEFLATED else self._stored()

    def _stored(self) -> Iterator[memoryview]:
        header = self._header
        if header.flags & _HAS_DESCRIPTOR:
            raise BrokenZipError("The ZIP from the server does not tell how long its entries are.")
        left, crc = header.packed_bytes, 0
        while left:
            piece = self._stream.take(left)
            left -= len(piece)
            crc = isal_zlib.crc32(piece, crc)
            yield piece
        self._check(crc == header.crc)

    def _inflated(self) -> Iterator[memoryview]:
        inflater = isal_zlib.decompressobj(-15)
        crc = size = packed = 0
        while not inflater.eof:
            packed_piece = self._stream.take()
            for piece in _inflate(inflater, packed_piece):
                size += len(piece)
                crc = isal_zlib.crc32(piece, crc)
                yield memoryview(piece)
            unused = len(inflater.unused_data)
            self._stream.give_back(unused)
            packed += len(packed_piece) - unused
        header = self._header
        if header.flags & _HAS_DESCRIPTOR:
            self._check(self._read_descriptor(crc, packed, size))
        else:
            self._check((crc, packed, size) == (header.crc, header.packed_bytes, header.size_bytes))

    def _read_descriptor(self, crc: int, packed: int, size: int) -> bool:
        """Go past the data descriptor, which comes with or without a mark and with long or short numbers."""
        for form in _DESCRIPTORS:
            found = bytes(self._stream.peek(form.size + 4))
            *mark, found_crc, found_packed, found_size = form.unpack_from(found)
            is_right = (found_crc, found_packed, found_size) == (crc, packed, size)
            # Of small numbers the long form begins as the short one does; only what follows tells them apart.
            if is_right and mark in ([], [_DESCRIPTOR_MARK]) and found[-4:] in _MARKS:
                self._stream.skip(form.size)
                return True
        return False

    def _check(self, is_right: bool) -> None:
        if not is_right:
            raise BrokenZipError("The ZIP from the server is damaged: a check sum or length is wrong.")


def _inflate(inflater: Any, packed: memoryview) -> Iterator[bytes]:
    """Yield what a packed piece holds, a few megabytes at a time whatever it was packed by."""
    rest: memoryview | bytes = packed
    while rest and not inflater.eof:
        try:
            piece = inflater.decompress(rest, _PIECE_BYTES)
        except isal_zlib.error as error:  # type: ignore[misc]  # declared as a value by its stubs
            raise BrokenZipError("The ZIP from the server is damaged.") from error
        if piece:
            yield piece
        rest = inflater.unconsumed_tail


def _large_sizes(extra: bytes, size: int, packed: int) -> tuple[int, int]:
    """Return size and packed size out of the 64-bit extra field, which holds those that did not fit."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == _ZIP64_EXTRA:
            values = list(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            size = values.pop(0) if size == _LIMIT_32 and values else size
            packed = values.pop(0) if packed == _LIMIT_32 and values else packed
            break
        at += 4 + length
    return size, packed


def _decode(name: bytes, flags: int) -> str:
    if flags & _UTF8:
        return name.decode("utf-8", "replace")
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("cp437")
